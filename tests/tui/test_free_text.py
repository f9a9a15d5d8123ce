"""Free text on the screen: written, read, ticked, doubted, decided; and a misspelt short answer that is asked about."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from studyapp.api import Study
from studyapp.api.reading import Task
from studyapp.judges import Judged
from studyapp.study.grading.free.contract import FoundPoint, Graded, Suspicion
from studyapp.tui.app import StudyApp

Card = Callable[..., StudyApp]
Text = Callable[[StudyApp], str]
Compare = Callable[..., bool]
SIZES = [(80, 24), (120, 40)]

SAID = "a transformer reads vectors in a row, and pixel tokens would be dear; patches are easier to see"
ANTI = "patches are easier to see"
FIRST, SECOND, THIRD = (0, 36), (42, 68), (70, 95)
FOUND = (FoundPoint("found", 0.93, FIRST), FoundPoint("unsure", 0.5, SECOND), FoundPoint("missed", 0.1, None))
DOUBTED = (Suspicion(ANTI, 0.8, THIRD),)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the judge find this, whatever was written: screens are tested here, not the grader."""

    def says(points: tuple[FoundPoint, ...] = FOUND, doubted: tuple[Suspicion, ...] = (), name: str = "default", notice: str = "") -> None:
        graded = Graded(points, "partial", 0.8, doubted, 0.3)
        monkeypatch.setattr(Task, "__call__", lambda task: Judged(graded, name, notice))

    return says


def last(study: Study) -> dict[str, Any]:
    return dict(json.loads(study.conn.execute("SELECT payload FROM events WHERE kind = 'answer' ORDER BY seq DESC LIMIT 1").fetchone()[0]))


def count(study: Study) -> int:
    return int(study.conn.execute("SELECT count(*) FROM events WHERE kind = 'answer'").fetchone()[0])


async def write(pilot: Pilot[Any], text: str, then: str = "enter") -> None:
    """The first letter by its key, the rest pasted: each key of a test waits for the screen, and a hundred of them take six seconds."""
    await pilot.press(text[0])
    pilot.app.screen.post_message(events.Paste(text[1:]))
    await pilot.pause()
    await pilot.press(then)
    await pilot.pause()


async def test_found_points_come_ticked_with_their_words_marked(card: Card, study: Study, text_of: Text, judge: Any) -> None:
    judge()
    app = card("why-patches")
    async with app.run_test() as pilot:
        await write(pilot, SAID)
        shown = text_of(app)
        assert "a transformer reads vectors in a row[a]" in shown
        assert "[b?]" in shown
        assert "a [x] ✓ found   * a transformer needs a sequence" in shown
        assert "b [ ] ? unsure  * a token per pixel" in shown
        assert "c [ ] · missed" in shown
        assert "proposed: again" in shown
        assert count(study) == 0
        await pilot.press("b")
        assert "✓ Right   proposed: good" in text_of(app)
        await pilot.press("enter")
        assert (last(study)["rating"], last(study)["value"]) == (3, SAID)
        assert last(study)["disputes"][0]["decided"] == "found"


@pytest.mark.parametrize(("key", "rating", "overruled"), [("enter", 1, False), ("1", 1, False), ("3", 3, True)])
async def test_enter_accepts_what_is_proposed_and_a_rating_key_overrules(
    key: str, rating: int, overruled: bool, card: Card, study: Study, judge: Any
) -> None:
    judge()
    async with card("why-patches").run_test() as pilot:
        await write(pilot, SAID)
        await pilot.press(key)
        assert (last(study)["rating"], last(study)["overruled"]) == (rating, overruled)


async def test_a_misconception_is_asked_about_once_and_the_learner_answers(card: Card, study: Study, text_of: Text, judge: Any) -> None:
    judge((FOUND[0], FoundPoint("found", 0.9, SECOND), FOUND[2]), DOUBTED)
    app = card("why-patches")
    async with app.run_test() as pilot:
        await write(pilot, SAID)
        assert "Did you mean that patches are easier to see?" in text_of(app)
        await pilot.press("y")
        assert "Partly right   proposed: hard" in text_of(app)
        await pilot.press("n")
        assert "proposed: good" in text_of(app)
        await pilot.press("enter")
        assert [row["about"] for row in last(study)["disputes"]] == ["misconception"]


async def test_nothing_written_is_answered_in_the_head(card: Card, study: Study, text_of: Text) -> None:
    app = card("why-patches")
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert "Which of these did you say?" in text_of(app)
        await pilot.press("a", "b", "enter")
        assert (last(study)["value"], last(study)["rating"]) == (None, 3)


async def test_a_new_line_and_what_was_typed_come_back_after_undo(card: Card, study: Study, judge: Any) -> None:
    judge()
    app = card("why-patches")
    async with app.run_test() as pilot:
        await write(pilot, "one", "ctrl+j")
        await write(pilot, "two")
        await pilot.press("u")
        await pilot.pause()
        assert app.screen.edit.text == "one\ntwo"  # type: ignore[attr-defined]


class Slow:
    """A judge that takes its time until it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go = threading.Event()
        monkeypatch.setattr(Task, "__call__", lambda task: self.read(task))

    def read(self, task: Task) -> Judged:
        if task.judge != "default":
            self.go.wait(20)
        return Judged(Graded(FOUND, "partial", 0.8, (), 0.3), task.judge, "")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch, study: Study) -> Slow:
    study.set_setting("judge", "openai:http://127.0.0.1:9#slow")
    return Slow(monkeypatch)


async def test_a_slow_judge_is_waited_for_without_blocking_and_named(card: Card, study: Study, text_of: Text, slow: Slow) -> None:
    app = card("why-patches")
    async with app.run_test() as pilot:
        await write(pilot, SAID)
        assert "reading ..." in text_of(app)
        await pilot.press("question_mark")  # the screen still answers
        assert app.screen.name == "help"
        await pilot.press("escape")
        slow.go.set()
        for _ in range(100):
            if "✓ found" in text_of(app):
                break
            await asyncio.sleep(0.05)
        assert "read by openai:http://127.0.0.1:9#slow" in text_of(app)
        await pilot.press("enter")
        assert last(study)["reading"]["judge"] == "openai:http://127.0.0.1:9#slow"


async def test_nobody_must_wait_for_a_slow_judge(card: Card, study: Study, text_of: Text, slow: Slow) -> None:
    app = card("why-patches")
    async with app.run_test() as pilot:
        await write(pilot, SAID)
        await pilot.press("enter")
        assert "✓ found" in text_of(app)
        assert "read by" not in text_of(app)
        slow.go.set()
        await pilot.press("3")
        assert last(study)["reading"]["judge"] == "default"


async def test_leaving_while_it_is_read_keeps_what_was_written(card: Card, study: Study, slow: Slow) -> None:
    async with card("why-patches").run_test() as pilot:
        await write(pilot, "some words")
        await pilot.press("escape")
        slow.go.set()
    again = StudyApp(study, "study")
    async with again.run_test():
        assert again.screen.edit.text == "some words"  # type: ignore[attr-defined]
    assert count(study) == 0


async def test_a_fallback_is_told(card: Card, text_of: Text, judge: Any) -> None:
    judge(notice="openai:x#y: no answer; graded by the default")
    app = card("why-patches")
    async with app.run_test() as pilot:
        await write(pilot, SAID)
        assert "! openai:x#y: no answer; graded by the default" in text_of(app)


async def test_sides_are_read_too(card: Card, study: Study, text_of: Text, judge: Any) -> None:
    judge((FOUND[0], FOUND[2]))
    app = card("tell-apart")
    async with app.run_test() as pilot:
        await pilot.press("e")
        await write(pilot, "a cnn sees a small neighbourhood")
        assert "a [x] ✓ found     a small neighbourhood" in text_of(app)
        await pilot.press("enter")
        assert last(study)["points"] == {"p1": True, "p2": False}


@pytest.mark.parametrize(("key", "outcome"), [("y", "right"), ("n", "wrong")])
async def test_a_misspelt_answer_is_asked_about(key: str, outcome: str, card: Card, study: Study, text_of: Text) -> None:
    app = card("say-short")
    async with app.run_test() as pilot:
        await write(pilot, "patch embezzeng")
        assert "Did you mean patch embedding?" in text_of(app)
        assert count(study) == 0
        await pilot.press(key, "enter")
        assert (last(study)["outcome"], last(study)["value"]) == (outcome, "patch embezzeng")


async def test_the_question_stands_again_after_leaving(card: Card, study: Study, text_of: Text) -> None:
    async with card("say-short").run_test() as pilot:
        await write(pilot, "patch embezzeng")
        await pilot.press("escape")
    again = StudyApp(study, "study")
    async with again.run_test():
        assert "Did you mean patch embedding?" in text_of(again)


@pytest.mark.parametrize("size", SIZES)
def test_the_sheet(size: tuple[int, int], card: Card, snap_compare: Compare, judge: Any) -> None:
    judge(doubted=DOUBTED)
    keys = ["space" if c == " " else c for c in SAID]
    assert snap_compare(card("why-patches"), press=[*keys, "enter"], terminal_size=size)


def test_the_sheet_without_colour(card: Card, snap_compare: Compare, judge: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    judge(doubted=DOUBTED, name="embed:models/small")
    keys = ["space" if c == " " else c for c in SAID]
    assert snap_compare(card("why-patches"), press=[*keys, "enter", "b"])


def test_the_question_did_you_mean(card: Card, snap_compare: Compare) -> None:
    assert snap_compare(card("say-short"), press=[*"patch", "space", *"embezzeng", "enter"])
