"""What the learner decided against a judge: kept with the answer, taken back with it, rebuilt from the log."""

from __future__ import annotations

import pytest

from studyapp.errors import BadInput
from studyapp.store import disputes, replay, transfer, undo
from studyapp.store.apply import record
from studyapp.store.db import connect, write
from studyapp.store.log import append

ROW = {"about": "point", "text": "a point", "wording": "some words", "answer": "some words more", "proposed": "missed", "decided": "found"}


def test_the_decisions_of_an_item_come_newest_first(conn, answer):
    answer(1, disputes=[ROW, {**ROW, "text": "another"}])
    answer(1, disputes=[{**ROW, "decided": "missed"}])
    answer(2, disputes=[ROW])
    assert [(d.text, d.decided) for d in disputes.of_item(conn, "c:item-1")] == [
        ("a point", "missed"),
        ("a point", "found"),
        ("another", "found"),
    ]
    assert [d.item for d in disputes.of_course(conn, "c")] == ["c:item-1"] * 3 + ["c:item-2"]
    assert disputes.of_course(conn, "d") == []
    assert len(disputes.of_course(conn)) == 4


@pytest.mark.parametrize("kind", ["answer", "practice", "drill"])
def test_undo_takes_them_back_with_their_answer(conn, answer, clock, kind):
    answer(1, disputes=[ROW], kind=kind)
    before = replay.dump(conn)
    answer(1, disputes=[{**ROW, "text": "another"}], kind=kind)
    undo.undo(conn, None, clock.now(minutes=1))
    assert replay.dump(conn) == before
    assert [d.text for d in disputes.of_item(conn, "c:item-1")] == ["a point"]


def test_a_rebuild_gives_the_same_rows(conn, answer):
    answer(1, disputes=[ROW], quiz="q1", kind="practice")
    before = disputes.of_course(conn)
    replay.rebuild(conn)
    assert disputes.of_course(conn) == before
    assert replay.verify(conn) == []


def test_they_go_along_when_an_item_is_renamed(conn, answer, clock):
    answer(1, disputes=[ROW])
    record(conn, "alias", None, {"old": "c:item-1", "new": "c:item-2"}, clock.now(minutes=1))
    assert [d.item for d in disputes.of_course(conn)] == ["c:item-2"]
    undo.undo(conn, None, clock.now(minutes=1))
    assert disputes.of_course(conn) == []
    assert replay.verify(conn) == []


def test_they_come_along_in_a_merge(conn, answer, tmp_path, clock):
    answer(1, disputes=[ROW])
    other = connect(tmp_path / "other")
    transfer.merge(other, transfer.export_lines(conn), "there")
    assert [(d.item, d.text, d.wording, d.decided) for d in disputes.of_course(other)] == [("c:item-1", "a point", "some words", "found")]
    other.close()


def test_a_log_with_nonsense_for_them_is_refused(conn, clock, tmp_path):
    with write(conn):
        append(conn, "answer", "c:item-1", {"rating": 3, "disputes": ["no row"]}, clock.now(minutes=1))
    other = connect(tmp_path / "other")
    with pytest.raises(BadInput):
        transfer.merge(other, transfer.export_lines(conn), "there")
    other.close()
