from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studyapp.api import Clock, Study
from studyapp.course.resources import CourseDir
from studyapp.tui.app import StudyApp

COURSE = Path(__file__).with_name("course")
START = "2026-03-02T09:00+01:00"


class StoppedClock(Clock):
    """A clock that stands at START until it is told to go on."""

    def __init__(self) -> None:
        self._ms = 0
        super().__init__(START, source=lambda: self._ms)

    def forward(self, minutes: float = 0, days: float = 0) -> None:
        self._ms += round((minutes + 1440 * days) * 60_000)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the test course in it, made once and copied."""
    home = tmp_path_factory.mktemp("made") / "home"
    with pytest.MonkeyPatch.context() as patch:
        only_test_course(patch)
        Study.open(home, clock=StoppedClock()).close()
    return home


def only_test_course(patch: pytest.MonkeyPatch) -> None:
    """The course of these tests in place of the shipped ones, and always the same draw."""
    patch.setattr("studyapp.api.courses.course_dirs", lambda home: [CourseDir("test", COURSE)])
    patch.setattr("studyapp.api.desk.fresh_token", lambda *parts: "00000007")


@pytest.fixture
def study(made_home: Path, tmp_path: Path, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    """A study of the test course: no pages in the way, no limits, confidence never asked."""
    only_test_course(monkeypatch)
    monkeypatch.delenv("NO_COLOR", raising=False)
    home = shutil.copytree(made_home, tmp_path / "home")
    with Study.open(home, clock=clock) as opened:
        opened.set_setting("confidence", "never")
        for section in opened.courses()[0].sections:
            opened.desk.page_seen("kinds", section.id)
        yield opened


@pytest.fixture
def card(study: Study, clock: StoppedClock) -> Callable[..., StudyApp]:
    """Makes an app on the study screen with this card as the only one."""

    def show(id: str, confidence: bool = False) -> StudyApp:
        if confidence:
            study.set_setting("confidence", "always")
        for other in ALL:
            if other != id:
                study.suspend(other)
        if id == "lab-card":  # such a card is met in its lab first
            study.answer(id, rating="again")
            clock.forward(minutes=2)
        return StudyApp(study, "study")

    return show


ALL = ["pick-one", "pick-both", "true-or-not", "put-in-order", "a-case", "lab-card", "say-short", "fill-blanks", "how-many", "name-three"]
ALL += ["fill-gap", "plain-basic", "tell-apart", "why-patches"]


@pytest.fixture
def text_of() -> Callable[[StudyApp], str]:
    """What the screen shows, as plain text."""

    def read(app: StudyApp) -> str:
        screen: Any = app.screen
        bars = [screen.top_bar, screen.paper, screen.dock_bar]
        return "\n".join("".join(piece.text for piece in line).rstrip() for bar in bars for line in bar.lines)

    return read
