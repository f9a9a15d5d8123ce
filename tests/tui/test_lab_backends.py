"""On the screen: what an endpoint will cost is asked before the first call, recordings are played, and each part of an answer is timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from studyapp.api import Study
from studyapp.labkit.api import MatchQuestion, Option
from studyapp.tui.app import StudyApp
from studyapp.tui.lab import questions
from studyapp.tui.lab.questions import MatchSheet
from tests.chat_server import Server, chat_server, says
from tests.labkit.plugin import installed_squares

Text = Callable[[StudyApp], str]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with installed_squares(tmp_path / "plugins", monkeypatch), chat_server() as running:
        running.replies = [says("{red}")]
        yield running


async def settled(pilot: Pilot[Any]) -> None:
    await pilot.pause()
    while pilot.app.workers:
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_cost_is_asked_before_the_first_call(study: Study, text_of: Text, server: Server, size: tuple[int, int]) -> None:
    app = StudyApp(study, "lab", {"lab": "squares", "seed": 3, "backend": server.spec, "max_calls": 15})
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        shown = " ".join(text_of(app).split())
        assert "at most 16" in shown
        assert "8 × 8 pixels" in shown
        assert "it stops after 15 calls" in shown
        assert "it will stop in the middle" in shown
        assert "ask the model" in shown
        assert server.requests == []
        await press(pilot, "enter")
        assert "How many of the 4 squares" in text_of(app)
        assert server.requests == []
        await press(pilot, "1", "enter", "f5", "enter")
        assert server.requests
        assert f"Run on {server.spec}" in " ".join(text_of(app).split())  # the heading has no room for a long name


async def test_leaving_at_the_cost_calls_nobody_and_it_is_asked_again(study: Study, text_of: Text, server: Server) -> None:
    app = StudyApp(study, "lab", {"lab": "squares", "seed": 3, "backend": server.spec})
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, "escape")
    assert server.requests == []
    again = StudyApp(study, "lab", {"lab": "squares"})
    async with again.run_test() as pilot:
        await settled(pilot)
        assert "This run asks a model behind an endpoint" in text_of(again)
        await press(pilot, "enter")
        assert "How many of the 4 squares" in text_of(again)


async def test_a_limit_that_was_raised_in_the_settings_lets_the_run_go_on(study: Study, text_of: Text, server: Server) -> None:
    study.set_setting("lab_max_calls", "1")
    app = StudyApp(study, "lab", {"lab": "squares", "seed": 3, "backend": server.spec})
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        await press(pilot, "1", "enter", "f5", "enter")
        assert "stopped at the limit of calls" in " ".join(text_of(app).split())
        study.set_setting("lab_max_calls", "100")
        await press(pilot, "f5")
        assert "of 1 right" in text_of(app)


async def test_a_recording_is_played_without_a_question_about_cost(study: Study, text_of: Text, server: Server) -> None:
    desk = study.lab("squares", 3, server.spec)
    desk.view()
    desk.seal({"q1": 1})
    desk.decide()
    asked = len(server.requests)
    app = StudyApp(study, "lab", {"lab": "squares", "backend": f"replay:{desk.run_id}"})
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "How many of the 4 squares" in text_of(app)
        assert "replay:" in text_of(app)
        await press(pilot, "1", "enter", "f5", "enter")
        assert "of 1 right" in text_of(app)
    assert len(server.requests) == asked


# The time of each part


def match() -> MatchSheet:
    left = tuple(Option(id=f"p{n}", text=f"picture {n}") for n in range(3))
    right = (Option(id="red", text="red"), Option(id="blue", text="blue"))
    return MatchSheet(MatchQuestion(id="q1", title="You", ask="Which?", concept="you", left=left, right=right))


def test_each_entry_is_timed_from_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(questions.time, "monotonic", lambda: now)
    sheet = match()
    sheet.started(now)
    for seconds, choice in ((2.0, 0), (0.5, 1), (4.0, 0)):
        now += seconds
        sheet.act("ask.pair", choice)
    assert sheet.item_seconds() == {"p0": 2.0, "p1": 0.5, "p2": 4.0}
    assert sheet.value() == {"p0": "red", "p1": "blue", "p2": "red"}


def test_time_away_is_not_counted_and_a_second_look_adds_to_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(questions.time, "monotonic", lambda: now)
    sheet = match()
    sheet.started(now)
    now = 3.0
    sheet.act("ask.pair", 0)
    now = 500.0
    sheet.started(now)  # back from elsewhere
    sheet.act("ask.pair_up", 0)
    now = 501.5
    sheet.act("ask.pair", 1)
    assert sheet.item_seconds() == {"p0": 4.5}
    assert sheet.value() == {"p0": "blue"}


def test_times_survive_a_restart() -> None:
    sheet, again = match(), match()
    sheet.restore("p0\tred\t2.5\np2\tblue\t1.0\nold\tred\t1.0\np1\tred\nnonsense")
    again.restore(sheet.draft())
    assert again.value() == {"p0": "red", "p2": "blue"}
    assert again.item_seconds() == {"p0": 2.5, "p2": 1.0}


async def test_what_is_sealed_tells_the_time_of_each_part(study: Study, server: Server) -> None:
    app = StudyApp(study, "lab", {"lab": "squares", "seed": 3, "backend": "human"})
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, "1", "2", "3", "1", "enter", "f5", "enter")
    run = study.conn.execute("SELECT run FROM lab_runs").fetchone()[0]
    stored = study.lab("", run=run).run.state
    answer = stored.answers["q3"]
    assert answer is not None
    assert answer.item_seconds is not None
    assert answer.item_seconds.keys() == {"s0", "s1", "s2", "s3"}
    assert stored.facts["human"]["seconds"] == answer.item_seconds
