"""How every screen looks at 80x24 and at 120x40. After a wanted change: pytest tests/tui --snapshot-update, and look at the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from studyapp.api import Study
from studyapp.memory.state import Rating
from studyapp.tui.app import StudyApp

SIZES = [(80, 24), (120, 40)]
ANSWER = {
    "pick-one": "2",
    "pick-both": "1,enter",
    "true-or-not": "2,enter",
    "put-in-order": "1,2,3,space",
    "a-case": "1",
    "lab-card": "1,9,6,enter",
    "say-short": "p,i,x,e,l,enter",
    "fill-blanks": "l,i,s,t,enter,w,o,r,d,s,enter",
    "how-many": "1,4,enter",
    "name-three": "e,n,c,o,d,e,r,enter,enter",
    "fill-gap": "p,r,o,j,e,c,t,o,r,enter",
    "plain-basic": "space",
    "tell-apart": "space,a",
    "why-patches": "enter,a,c",
}
Compare = Callable[..., bool]


def at(size: tuple[int, int]) -> dict[str, Any]:
    return {"terminal_size": size}


@pytest.mark.parametrize("item", ANSWER)
def test_question_of_every_kind(item: str, card: Callable[..., StudyApp], snap_compare: Compare) -> None:
    assert snap_compare(card(item))


@pytest.mark.parametrize("item", ANSWER)
def test_reveal_of_every_kind(item: str, card: Callable[..., StudyApp], snap_compare: Compare) -> None:
    assert snap_compare(card(item), press=ANSWER[item].split(","))


@pytest.mark.parametrize("size", SIZES)
def test_choice_with_confidence(size: tuple[int, int], card: Callable[..., StudyApp], snap_compare: Compare) -> None:
    assert snap_compare(card("pick-one", confidence=True), **at(size))


@pytest.mark.parametrize("size", SIZES)
def test_points_to_tick(size: tuple[int, int], card: Callable[..., StudyApp], snap_compare: Compare) -> None:
    assert snap_compare(card("why-patches"), press=["enter", "b"], **at(size))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("screen", ["home", "pages", "stats", "readiness", "settings", "labs"])
def test_screens_of_someone_who_has_studied(screen: str, size: tuple[int, int], studied: Study, snap_compare: Compare) -> None:
    assert snap_compare(StudyApp(studied, screen), **at(size))


@pytest.mark.parametrize("screen", ["home", "stats", "readiness"])
def test_screens_of_a_first_day(screen: str, study: Study, snap_compare: Compare) -> None:
    assert snap_compare(StudyApp(study, screen))


@pytest.mark.parametrize("size", SIZES)
def test_section_page(size: tuple[int, int], study: Study, snap_compare: Compare) -> None:
    assert snap_compare(StudyApp(study, "page", {"section": "kinds:s01"}), **at(size))


@pytest.mark.parametrize("size", SIZES)
def test_summary(size: tuple[int, int], study: Study, snap_compare: Compare) -> None:
    app = StudyApp(study, "study", {"limit": 2, "section": "kinds:s03"})
    assert snap_compare(app, press=["space", "3", "space", "a", "3"], **at(size))


@pytest.mark.parametrize("size", SIZES)
def test_quiz_question_and_result(size: tuple[int, int], study: Study, snap_compare: Compare) -> None:
    app = StudyApp(study, "quiz", {"kind": "self-check"})
    assert snap_compare(app, press=["enter", "a", "b", "enter"], **at(size))


@pytest.mark.parametrize("size", SIZES)
def test_help_of_the_study_screen(size: tuple[int, int], card: Callable[..., StudyApp], snap_compare: Compare) -> None:
    assert snap_compare(card("pick-one"), press=["question_mark"], **at(size))


@pytest.mark.parametrize("theme", ["light", "high-contrast"])
def test_themes(theme: str, study: Study, snap_compare: Compare) -> None:
    study.set_setting("theme", theme)
    assert snap_compare(StudyApp(study, "study"), press=["space"])


def test_without_colour(study: Study, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(StudyApp(study, "study"), press=["2"])


@pytest.mark.parametrize("size", SIZES)
def test_lab_prediction(size: tuple[int, int], study: Study, snap_compare: Compare) -> None:
    async def predict(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*"196", "f6")

    app = StudyApp(study, "lab", {"lab": "patchify", "seed": 7, "backend": "none"})
    assert snap_compare(app, run_before=predict, **at(size))


@pytest.mark.parametrize("size", SIZES)
def test_lab_comparison(size: tuple[int, int], study: Study, snap_compare: Compare) -> None:
    async def compare(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*"419", "enter", *"64", "enter", "f5", "f5")
        await settled(pilot)

    app = StudyApp(study, "lab", {"lab": "patchify", "seed": 7, "backend": "none"})
    assert snap_compare(app, run_before=compare, **at(size))


@pytest.mark.parametrize("size", SIZES)
def test_own_card_with_advice(size: tuple[int, int], study: Study, snap_compare: Compare) -> None:
    async def write(pilot: Pilot[Any]) -> None:
        await pilot.press("f2", *"Which", "space", *"unit?", "tab", *"patch", "tab", *"tile;", "space", *"one", "space", *"of")
        await pilot.press("space", *"many", "space", *"little", "space", *"square", "space", *"image", "space", *"tiles")
        await pilot.pause(0.4)
        await settled(pilot)

    assert snap_compare(StudyApp(study, "add", {"done": str}), run_before=write, **at(size))


@pytest.mark.parametrize("size", SIZES)
def test_own_card_left_half_written(size: tuple[int, int], study: Study, snap_compare: Compare) -> None:
    async def leave(pilot: Pilot[Any]) -> None:
        await pilot.press(*"Half")
        await pilot.pause(0.4)
        await settled(pilot)
        await pilot.press("escape")

    assert snap_compare(StudyApp(study, "add", {"done": str}), run_before=leave, **at(size))


PAIR = {
    "old": "own:vit-unit",
    "new": "own:unit-of-a-vit",
    "similarity": 0.9,
    "reviews": 4,
    "old_ask": "A ____ is the unit that a ViT attends over, not a pixel [CLS]",
    "new_ask": "A ____ is the unit that a vision transformer attends over, not a pixel [CLS]",
    "old_answer": "A **patch** is the unit that a ViT attends over, not a pixel [CLS]",
    "new_answer": "A **patch token** is the unit that a vision transformer attends over, not a pixel [CLS]",
}


@pytest.mark.parametrize("size", [*SIZES, (50, 24)])
def test_the_same_card(size: tuple[int, int], study: Study, snap_compare: Compare) -> None:
    assert snap_compare(StudyApp(study, "same", {"pairs": [PAIR, PAIR], "done": str}), **at(size))


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until the lab's background call is over."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


@pytest.fixture
def studied(study: Study, clock: Any) -> Study:
    """Three days of answers, right and wrong."""
    for day in range(3):
        run = study.run()
        for turn in range(8):
            if run.card is None:
                break
            run.submit(None)
            run.grade(Rating.AGAIN if (turn + day) % 4 == 3 else Rating.GOOD)
            clock.forward(minutes=1)
        run.leave()
        clock.forward(days=1, minutes=-10)
    return study
