"""Pictures and long pages of a lab: a picture keeps its shape, the key opens at the page's own, a page opens at its beginning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from textual.pilot import Pilot
from textual.widgets import Static

from studyapp.api import Study
from studyapp.tui.app import StudyApp
from studyapp.tui.screens.pictures import PicturesScreen

CELL = 10 / 20  # width against height, where the terminal does not say


async def settled(pilot: Pilot[Any]) -> None:
    """Until no background call of the lab is on its way."""
    await pilot.pause()
    while pilot.app.workers:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


@pytest.mark.parametrize("size", [(1150, 248), (1150, 560), (300, 300), (200, 800)])
@pytest.mark.parametrize("terminal", [(80, 24), (50, 20)])
async def test_a_picture_keeps_its_shape(study: Study, tmp_path: Path, size: tuple[int, int], terminal: tuple[int, int]) -> None:
    path = tmp_path / "picture.png"
    Image.new("RGB", size, "red").save(path)
    app = StudyApp(study)
    async with app.run_test(size=terminal) as pilot:
        app.push_screen(PicturesScreen([(path, "words of some length, as labs write them")]))
        await pilot.pause()
        await pilot.pause()
        drawn = app.screen.query("#picture > *").first().region
        room = app.screen.query_one("#picture").region
        assert drawn.width in (room.width, room.width - 1) or drawn.height in (room.height, room.height - 1), "it takes the room there is"
        as_wide = drawn.height / CELL * size[0] / size[1]  # cells that a picture of this height is wide
        assert abs(drawn.width - as_wide) <= size[0] / size[1] / CELL, f"{size} on {drawn.width} x {drawn.height} cells"


async def test_the_picture_key_opens_at_a_picture_of_the_page(study: Study) -> None:
    app = StudyApp(study, "lab", {"lab": "patchify", "seed": 7, "backend": "none"})
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("f5", "enter")  # nothing is predicted: the evidence comes all the same
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        lab: Any = app.screen
        keys = [picture.key for picture in lab.drawn_pictures()]
        assert keys[0] not in lab.chapter.view.pictures, "those of the first chapter are still to be seen"
        while not set(lab.chapter.question.needs) & set(keys):
            await pilot.press("tab")
        await pilot.press("v")
        await settled(pilot)
        shown: Any = app.screen
        assert keys[shown.at] in lab.chapter.question.needs


async def test_a_question_that_is_typed_opens_at_its_beginning(study: Study) -> None:
    app = StudyApp(study, "lab", {"lab": "patchify", "seed": 7, "backend": "none"})
    async with app.run_test(size=(60, 14)) as pilot:
        await settled(pilot)
        paper: Any = app.screen.paper  # type: ignore[attr-defined]
        assert paper.overflows
        assert paper.top == 0, "it is read before it is answered"
        await pilot.press("4")
        await pilot.pause()
        assert paper.top + paper.size.height == len(paper.lines), "what is typed is seen"


async def test_words_that_do_not_fit_below_a_picture_say_that_there_are_more(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    Image.new("RGB", (300, 200), "red").save(path)
    app = StudyApp(study)
    async with app.run_test(size=(80, 24)) as pilot:
        for words, whole in (("word " * 60, True), ("number " * 200, False)):
            app.push_screen(PicturesScreen([(path, words.strip())]))
            await pilot.pause()
            alt = app.screen.query_one("#alt", Static)
            lines = [alt.render_line(y).text.rstrip() for y in range(alt.size.height)]
            assert len(lines) <= 5
            assert " ".join(line.strip() for line in lines).endswith("word" if whole else "number … (all of it on the page)")
