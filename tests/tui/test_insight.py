"""What the learner believes, on the screen: misconceptions with their places, confidence against what came of it, concepts of labs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from studyapp.api import Study
from studyapp.tui.app import StudyApp

Text = Callable[[StudyApp], str]


@pytest.fixture
def missed(study: Study) -> Study:
    """One sure miss that has a name, and one right answer."""
    study.answer("pick-one", value="b", confidence=95)
    study.answer("how-many", value=196, confidence=90)
    return study


async def press(pilot: Pilot[Any], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause(0.2)


async def test_a_misconception_stands_with_its_count_and_opens_with_its_places(missed: Study, text_of: Text) -> None:
    app = StudyApp(missed)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "m")
        shown = text_of(app)
        assert "0 of 1 beaten since" in shown
        assert "counting [CLS] as a patch 1x, last today, not beaten since" in shown
        await press(pilot, "enter")
        assert "Counting [CLS] as a patch 1x, last today, not beaten since." in text_of(app)
        assert "224" in text_of(app)  # the question that showed it


async def test_how_sure_and_how_often_right(missed: Study, text_of: Text) -> None:
    app = StudyApp(missed)
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "v", "c")
        assert "Brier score 0.46 over 2 answers" in text_of(app)
        assert "right  50%" in text_of(app)
        await press(pilot, "escape", "o")
        assert "each lab that you play brings its concepts" in text_of(app)
