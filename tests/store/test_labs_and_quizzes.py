"""Lab runs and quizzes as the log tells them, their files, and local state."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.store import apply, lab_runs, pending, quizzes, replay, stats
from studyapp.store.db import StudyDb, connect
from studyapp.store.lab_runs import file_path, get_file, mark_lost, put_file
from studyapp.store.log import Event
from studyapp.store.misconceptions import misconceptions

Answer = Callable[..., Event]
Record = Callable[..., Event]


@pytest.fixture
def record(conn: StudyDb, clock) -> Record:
    def do(kind: str, item: str | None = None, **payload: object) -> Event:
        return apply.record(conn, kind, item, payload, clock.now(minutes=1))

    return do


def test_a_run_shows_all_that_its_events_said(conn: StudyDb, record: Record) -> None:
    fact, picture = put_file(conn.home, "r1", b"[196]", ".json"), put_file(conn.home, "r1", b"png", ".png")
    start = record("lab_start", run="r1", lab="patchify", seed=7, backend="tiny", version=1)
    record("lab_facts", run="r1", stage=0, pictures=[{"key": "grid", "file": picture, "alt": "a grid"}])
    record("lab_seal", run="r1", stage=0, answers={"q1": {"value": 197, "confidence": 80}, "q2": {"value": "a"}})
    record("lab_verdict", run="r1", lab="patchify", q="q1", stage=0, outcome="wrong", trap={"concept": "cls-token"}, facts={"n": fact})
    record("lab_verdict", "c:item-1", run="r1", lab="patchify", q="q2", stage=0, outcome="right", rating=3)
    assert [(run.run, run.status, run.stage) for run in lab_runs.runs(conn)] == [("r1", "running", 0)]
    record("lab_seal", run="r1", stage=1, answers={"q3": {"value": 1}})
    record("lab_seal", run="r1", stage=0, answers={"q1": {"value": 196}}, practice=True)
    record("lab_verdict", run="r1", lab="patchify", q="q1", stage=0, outcome="right", practice=True)
    end = record("lab_end", run="r1", status="done", timings={"run": 1.5})
    run = lab_runs.run(conn, "r1")
    assert (run.lab, run.status, run.stage, run.started_ms, run.ended_ms) == ("patchify", "done", 1, start.utc_ms, end.utc_ms)
    assert (run.details["seed"], run.result["timings"]) == (7, {"run": 1.5})
    assert {q: answer["value"] for q, answer in run.answers.items()} == {"q1": 197, "q2": "a", "q3": 1}
    assert {q: verdict["outcome"] for q, verdict in run.verdicts.items()} == {"q1": "wrong", "q2": "right"}
    assert {q: verdict["outcome"] for q, verdict in run.practice.items()} == {"q1": "right"}
    assert [(file.role, file.name, file.file) for file in run.files] == [("fact", "n", fact), ("picture", "grid", picture)]
    assert run.files[1].details["alt"] == "a grid"
    assert replay.verify(conn) == []


def test_runs_are_listed_newest_first_and_by_lab(conn: StudyDb, record: Record) -> None:
    for run, lab in (("r1", "patchify"), ("r2", "noising"), ("r3", "patchify")):
        record("lab_start", run=run, lab=lab)
    assert [run.run for run in lab_runs.runs(conn)] == ["r3", "r2", "r1"]
    assert [run.run for run in lab_runs.runs(conn, "patchify", limit=1)] == ["r3"]
    with pytest.raises(BadInput, match="no lab run"):
        lab_runs.run(conn, "r9")


def test_a_killed_run_is_marked_lost_once_and_can_be_resumed(conn: StudyDb, record: Record, clock) -> None:
    for run in ("dead", "alive"):
        record("lab_start", run=run, lab="patchify")
    record("lab_start", run="over", lab="patchify")
    record("lab_end", run="over", status="cancelled")
    again = connect(conn.home)
    assert mark_lost(again, clock.now(), {"alive"}) == ["dead"]
    assert mark_lost(again, clock.now(), {"alive"}) == []
    assert {run.run: run.status for run in lab_runs.runs(again)} == {"dead": "lost", "alive": "running", "over": "cancelled"}
    started = lab_runs.run(again, "dead").started_ms
    apply.record(again, "lab_start", None, {"run": "dead", "lab": "patchify", "resumed": True}, clock.now())
    run = lab_runs.run(again, "dead")
    assert (run.status, run.ended_ms, run.started_ms, "resumed" in run.details) == ("running", None, started, False)
    again.close()


def test_misconceptions_of_lab_questions_without_a_card_are_remembered(conn: StudyDb, record: Record) -> None:
    for run, outcome in (("r1", "wrong"), ("r2", "right"), ("r3", "right")):
        trap = {"concept": "channels-in-count", "say": "no"} if outcome == "wrong" else None
        record("lab_verdict", run=run, lab="patchify", q="q1", outcome=outcome, trap=trap)
    (found,) = misconceptions(conn)
    assert (found.concept, found.seen, found.beaten) == ("channels-in-count", 1, 2)


def test_forecasts_feed_calibration_only(conn: StudyDb, record: Record) -> None:
    record("lab_verdict", run="r", lab="vlm-probes", q="q2", outcome="wrong", confidence=70)
    assert stats.calibration(conn).bins == (stats.Bin(60, 80, 1, 0.7, 0.0),)
    assert conn.execute("SELECT count(*) FROM days").fetchone()[0] == 0
    assert replay.verify(conn) == []


def test_files_are_named_by_their_hash_and_a_damaged_one_is_noticed(conn: StudyDb) -> None:
    name = put_file(conn.home, "r1", b"data", ".json")
    assert put_file(conn.home, "r1", b"data", ".json") == name
    assert get_file(conn.home, "r1", name) == b"data"
    path = file_path(conn.home, "r1", name)
    assert [found.name for found in path.parent.iterdir()] == [name]
    path.write_bytes(b"dat4")
    with pytest.raises(EnvironmentProblem, match="damaged since"):
        get_file(conn.home, "r1", name)
    path.unlink()
    with pytest.raises(EnvironmentProblem, match="run the lab again"):
        get_file(conn.home, "r1", name)


@pytest.mark.parametrize(("run", "name"), [("../up", "0" * 64), ("r1", "../../study.db"), ("r1", "x" * 64), ("", "0" * 64)])
def test_a_name_from_a_foreign_log_cannot_lead_out_of_the_folder(conn: StudyDb, run: str, name: str) -> None:
    with pytest.raises(BadInput):
        get_file(conn.home, run, name)


def test_a_quiz_shows_its_answers_in_order_and_its_end(conn: StudyDb, record: Record, answer: Answer) -> None:
    start = record("quiz_start", quiz="z", name="self-check", items=["c:item-2", "c:item-1"])
    answer(2, 3, quiz="z", outcome="right"), answer(1, 1, quiz="z", kind="practice"), answer(3, 3)
    (listed,) = quizzes.quizzes(conn)
    assert (listed.name, listed.ended_ms, listed.result) == ("self-check", None, {})
    end = record("quiz_end", quiz="z", score=1)
    found = quizzes.quiz(conn, "z")
    assert (found.started_ms, found.ended_ms, found.result["score"]) == (start.utc_ms, end.utc_ms, 1)
    assert [(given.item, given.kind) for given in found.answers] == [("c:item-2", "answer"), ("c:item-1", "practice")]
    assert found.details["items"] == ["c:item-2", "c:item-1"]
    with pytest.raises(BadInput, match="no quiz"):
        quizzes.quiz(conn, "y")
    assert replay.verify(conn) == []


def test_pending_draws_and_session_state_survive_a_restart_and_are_no_events(conn: StudyDb) -> None:
    row = {"token": "0011aabb", "params": {"h": 224}, "order": ["b", "a"]}
    pending.keep_draw(conn, "c:item-1", {"token": "old"})
    pending.keep_draw(conn, "c:item-1", row)
    pending.keep_state(conn, "session", {"left": [1, 2]})
    again = connect(conn.home)
    assert pending.draw(again, "c:item-1") == row
    assert pending.state(again, "session") == {"left": [1, 2]}
    pending.drop_draw(again, "c:item-1")
    pending.keep_state(again, "session", None)
    assert (pending.draw(again, "c:item-1"), pending.state(again, "session"), pending.draw(again, "c:item-2")) == (None, None, None)
    assert again.execute("SELECT count(*) FROM events").fetchone()[0] == 0
    again.close()


def test_forecasts_are_told_apart_from_all_answers_with_a_confidence(conn: StudyDb, record: Record) -> None:
    record("lab_verdict", run="r", lab="vlm-probes", q="q2", outcome="wrong", confidence=70, forecast=True)
    record("lab_verdict", run="r", lab="vlm-probes", q="q3", outcome="right", confidence=90, forecast=True)
    record("lab_verdict", run="r", lab="vlm-probes", q="q3", outcome="wrong", confidence=90, forecast=True, practice=True)
    record("lab_verdict", "c:item-1", run="r", lab="vlm-probes", q="q4", outcome="right", rating=3, confidence=90)
    found = stats.forecasts(conn)
    assert found.answers == 2
    assert found.brier == pytest.approx((0.7**2 + 0.1**2) / 2)
    assert found.bins == (stats.Bin(60, 80, 1, 0.7, 0.0), stats.Bin(80, 100, 1, 0.9, 1.0))
