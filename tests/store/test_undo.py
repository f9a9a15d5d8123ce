"""Undo: exact, of any depth, across restarts; and what it does not reach."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studyapp.errors import BadInput
from studyapp.memory.state import Phase, Schedule
from studyapp.store import apply, cards, lab_runs, quizzes, replay, stats
from studyapp.store.db import StudyDb, connect
from studyapp.store.log import Event
from studyapp.store.misconceptions import misconceptions
from studyapp.store.undo import last_undoable, undo

Answer = Callable[..., Event]


def _schedule(conn: StudyDb, n: int) -> Schedule:
    card = cards.get(conn, f"c:item-{n}")
    assert card is not None
    return card.schedule


def test_undo_goes_back_one_by_one_to_the_beginning_across_restarts(conn: StudyDb, answer: Answer, clock) -> None:
    states = [replay.dump(conn)]
    kinds = [("answer", 1, {}), ("answer", 2, {"rating": 1}), ("answer", 1, {"days": 3}), ("drill", 2, {}), ("answer", 1, {"rating": 4})]
    for kind, n, how in kinds:
        answer(n, kind=kind, **how)
        states.append(replay.dump(conn))
    for suspended in ("suspend", "flag"):
        apply.record(conn, suspended, "c:item-5", {}, clock.now())
        states.append(replay.dump(conn))
    states.pop()
    while states:
        conn = connect(conn.home)
        undo(conn, None, clock.now())
        assert replay.dump(conn) == states.pop()
        conn.close()


def test_with_nothing_left_undo_says_so_and_writes_nothing(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1)
    undo(conn, None, clock.now())
    before = conn.execute("SELECT count(*) FROM events").fetchone()
    with pytest.raises(BadInput, match="nothing to undo"):
        undo(conn, None, clock.now())
    assert conn.execute("SELECT count(*) FROM events").fetchone() == before


def test_undo_tells_which_item_to_show_again(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1), answer(2)
    undone = undo(conn, None, clock.now())
    assert undone.target.item == "c:item-2"
    assert undone.event.payload == {"target": undone.target.uuid}


def test_an_earlier_answer_can_be_undone_and_the_later_ones_are_reckoned_anew(conn: StudyDb, answer: Answer, clock) -> None:
    first = answer(1, rating=1, days=1)
    answer(2)
    answer(1, rating=4, minutes=30)
    undo(conn, first.uuid, clock.now())
    now = _schedule(conn, 1)
    answer(3, rating=4, minutes=0)
    expected = _schedule(conn, 3)
    assert (now.phase, now.s, now.d, now.reps, now.lapses) == (expected.phase, expected.s, expected.d, 1, 0)


def test_settings_and_undos_cannot_be_undone_nor_an_answer_twice(conn: StudyDb, answer: Answer, clock) -> None:
    setting = apply.record(conn, "setting", None, {"name": "minutes", "value": 20}, clock.now())
    event = answer(1)
    undone = undo(conn, event.uuid, clock.now())
    for uuid in (setting.uuid, undone.event.uuid, event.uuid, "01890000-0000-7000-8000-000000000000"):
        with pytest.raises(BadInput, match="undo:"):
            undo(conn, uuid, clock.now())


def test_settings_stay_what_they_are_when_answers_before_them_are_undone(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1)
    apply.record(conn, "setting", None, {"name": "retention", "value": 0.8}, clock.now())
    undo(conn, None, clock.now())
    assert conn.execute("SELECT value FROM settings WHERE name = 'retention'").fetchone()[0] == "0.8"


def test_undoing_a_lab_verdict_takes_back_its_card_only(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1, rating=4, days=1)
    before = _schedule(conn, 1)
    apply.record(conn, "lab_start", None, {"run": "r1", "lab": "patchify"}, clock.now())
    verdict = {
        "run": "r1",
        "lab": "patchify",
        "q": "q1",
        "outcome": "wrong",
        "rating": 1,
        "confidence": 90,
        "trap": {"concept": "cls-token"},
    }
    apply.record(conn, "lab_verdict", "c:item-1", verdict, clock.now(days=5))
    assert _schedule(conn, 1).phase is Phase.RELEARNING
    undo(conn, None, clock.now())
    assert _schedule(conn, 1) == before
    assert lab_runs.run(conn, "r1").verdicts["q1"]["outcome"] == "wrong"
    assert [(concept.concept, concept.seen) for concept in misconceptions(conn)] == [("cls-token", 1)]
    assert stats.calibration(conn).answers == 1
    assert replay.verify(conn) == []


def test_a_verdict_without_a_grade_is_nothing_to_undo(conn: StudyDb, clock) -> None:
    apply.record(conn, "lab_verdict", "c:item-1", {"run": "r", "q": "q1", "outcome": "void"}, clock.now())
    apply.record(conn, "lab_verdict", None, {"run": "r", "q": "q2", "outcome": "wrong", "confidence": 50}, clock.now())
    assert last_undoable(conn) is None


def test_an_undone_quiz_answer_leaves_the_result_page(conn: StudyDb, answer: Answer, clock) -> None:
    apply.record(conn, "quiz_start", None, {"quiz": "z", "name": "self-check"}, clock.now())
    answer(1, quiz="z"), answer(2, quiz="z", kind="practice")
    undo(conn, None, clock.now())
    assert [found.item for found in quizzes.quiz(conn, "z").answers] == ["c:item-1"]


def test_only_this_device_s_last_answer_is_undone_by_default(conn: StudyDb, answer: Answer, clock) -> None:
    mine = answer(1)
    conn.execute("UPDATE meta SET value = 'another' WHERE name = 'device'")
    conn.forget()
    theirs = answer(2)
    conn.execute("UPDATE meta SET value = ? WHERE name = 'device'", (mine.device,))
    conn.forget()
    assert undo(conn, None, clock.now()).target.uuid == mine.uuid
    assert undo(conn, theirs.uuid, clock.now()).target.uuid == theirs.uuid
