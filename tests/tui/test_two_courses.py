"""Two courses side by side, one with a glossary: what home, pages, statistics, search and glossary show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from studyapp.api import Study
from studyapp.course.new import new_course
from studyapp.course.resources import CourseDir
from studyapp.tui.app import StudyApp

Text = Callable[[StudyApp], str]
KINDS = Path(__file__).with_name("course")
GLOSSARY = """\
terms:
  - {term: "bight", section: s01, say: "a slack part of a rope, bent back on itself"}
  - {term: "[end]", section: s01, also: [tail], say: "the part of a rope that is `free` to work with"}
"""


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    mine = tmp_path / "mine"
    new_course(mine)
    (mine / "glossary.yaml").write_text(GLOSSARY)
    monkeypatch.setattr("studyapp.api.courses.course_dirs", lambda home: [CourseDir("test", KINDS), CourseDir("home", mine)])
    with Study.open(tmp_path / "home", now="2026-03-02T09:00+01:00") as opened:
        yield opened


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


@pytest.mark.parametrize("key", ["escape", "v", "p"])
async def test_sections_stand_under_the_title_of_their_course(both: Study, text_of: Text, key: str) -> None:
    both.answer("mine:first-fact", rating="good")
    app = StudyApp(both)
    async with app.run_test(size=(80, 40)) as pilot:
        if key != "escape":
            await press(pilot, key)
        lines = [line.split("┃")[0].strip() for line in text_of(app).splitlines()]
        mine = next(n for n, line in enumerate(lines) if line.startswith("Mine"))
        assert "A first section" in lines[mine + 1]
        assert any(line.startswith(both.courses()[0].title) for line in lines)


async def test_the_cursor_of_the_pages_skips_the_titles(both: Study, text_of: Text) -> None:
    app = StudyApp(both, "pages")
    async with app.run_test(size=(80, 24)) as pilot:
        sections = sum(len(course.sections) for course in both.courses())
        for _ in range(sections - 1):
            await press(pilot, "j")
        await press(pilot, "enter")
        assert "A first section" in text_of(app)


async def test_the_glossary_is_the_last_row_and_is_searched(both: Study, text_of: Text) -> None:
    app = StudyApp(both, "pages")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "G", "enter")
        assert app.screen.name == "glossary"
        assert "[end]  the part of a rope that is free" in text_of(app)
        await press(pilot, "/", *"tail", "enter")
        assert "bight" not in text_of(app)
        assert "1 found" in text_of(app)
        await press(pilot, "/", *["backspace"] * 4, *"zebra", "enter")
        assert "No such term" in text_of(app)
        await press(pilot, "enter", "/", *["backspace"] * 5, "enter", "j", "enter")
        assert app.screen.name == "page"


async def test_a_search_finds_terms_before_cards(both: Study, text_of: Text) -> None:
    app = StudyApp(both, "pages")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "/", *"bight", "enter")
        assert "▸ bight  a slack part" in text_of(app)
        await press(pilot, "enter")
        assert app.screen.name == "glossary"


async def test_without_a_glossary_no_row_offers_one(study: Study, text_of: Text) -> None:
    app = StudyApp(study, "pages")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Glossary" not in text_of(app)
