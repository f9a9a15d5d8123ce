"""Export, and the merge of two devices' logs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studyapp.errors import BadInput
from studyapp.store import apply, cards, content, log, replay, settings_store, stats
from studyapp.store.db import StudyDb, connect
from studyapp.store.log import Event
from studyapp.store.transfer import Merged, export_lines, merge, reviews_csv
from studyapp.store.undo import undo

Answer = Callable[..., Event]


@pytest.fixture
def other(tmp_path: Path, conn: StudyDb, clock) -> Iterator[StudyDb]:
    """A second device with the same course."""
    found = connect(tmp_path / "other")
    items = list(content.course_items(conn))
    rows = [type("Row", (), {"row": lambda self, row=row: row})() for row in items]
    info = type("Info", (), {"row": lambda self: content.course_infos(conn)[0]})()
    content.sync_content(found, info, rows, "signature", "hash", clock.now())
    yield found
    found.close()


def test_a_merge_is_the_union_whichever_side_it_is_done_on(conn: StudyDb, other: StudyDb, answer: Answer, clock) -> None:
    answer(1, 3)
    apply.record(other, "answer", "c:item-1", {"rating": 1}, clock.now(minutes=5))
    answer(1, 3, days=2), answer(2, 4)
    settings_store.set_value(other, "retention", "0.85", clock.now())
    undo(conn, None, clock.now())
    apply.record(other, "suspend", "c:item-3", {}, clock.now())
    here, there = list(export_lines(conn)), list(export_lines(other))
    assert merge(conn, there, "there") == Merged(3, 0, (log.device_id(other),))
    assert merge(other, here, "here") == Merged(4, 0, (log.device_id(conn),))
    assert replay.dump(conn) == replay.dump(other)
    assert replay.verify(conn) == replay.verify(other) == []
    assert [event.payload.get("rating") for event in stats.history(conn, "c:item-1")] == [3, 1, 3]
    assert merge(conn, there, "there") == Merged(0, 3, ())


def test_after_a_merge_both_chains_go_on(conn: StudyDb, other: StudyDb, answer: Answer, clock) -> None:
    mine = answer(1)
    apply.record(other, "answer", "c:item-2", {"rating": 3}, clock.now(days=3))
    clock.now(days=-3)
    merge(conn, export_lines(other), "there")
    following = answer(3)  # earlier than what came from the other device, whose clock is ahead
    assert following.prev == mine.hash
    assert following.uuid > mine.uuid
    again = connect(conn.home)
    last = apply.record(again, "answer", "c:item-4", {"rating": 3}, clock.now())
    assert last.prev == following.hash
    again.close()
    assert replay.verify(conn) == []
    merge(other, export_lines(conn), "here")
    assert replay.dump(conn) == replay.dump(other)


def test_a_fresh_home_can_take_over_a_whole_log(conn: StudyDb, answer: Answer, clock, tmp_path: Path) -> None:
    for n in range(5):
        answer(n, 1 + n % 4, days=0.5, confidence=80, outcome="right")
    lines = list(export_lines(conn))
    fresh = connect(tmp_path / "fresh")
    assert merge(fresh, lines, "log").added == 5
    card = cards.get(fresh, "c:item-3")
    known = cards.get(conn, "c:item-3")
    assert card is not None
    assert known is not None
    assert (card.schedule, card.archived) == (known.schedule, True)  # until its course is there too
    assert list(export_lines(fresh))[1:] == lines[1:]
    first = apply.record(fresh, "answer", "c:item-1", {"rating": 3}, clock.now())
    assert first.prev == ""
    assert replay.verify(fresh) == []
    fresh.close()


def test_the_same_home_copied_to_two_machines_can_be_merged_again(conn: StudyDb, answer: Answer, clock, tmp_path: Path) -> None:
    """Both go on with the same device id, so their chain forks."""
    answer(1)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (tmp_path / "laptop").mkdir()
    (tmp_path / "laptop" / "study.db").write_bytes((conn.home / "study.db").read_bytes())
    laptop = connect(tmp_path / "laptop")
    apply.record(laptop, "answer", "c:item-2", {"rating": 3}, clock.now())
    answer(3)
    merge(conn, list(export_lines(laptop)), "laptop")
    answer(4)
    merge(laptop, list(export_lines(conn)), "here")
    assert replay.verify(conn) == replay.verify(laptop) == []
    assert replay.dump(conn) == replay.dump(laptop)
    laptop.close()


def _changed(lines: list[str], at: int, **fields: object) -> list[str]:
    return [*lines[:at], json.dumps(json.loads(lines[at]) | fields), *lines[at + 1 :]]


def test_a_line_that_is_no_sound_event_is_named_and_nothing_is_merged(conn: StudyDb, other: StudyDb, answer: Answer, clock) -> None:
    answer(1)
    for n in range(4):
        apply.record(other, "answer", f"c:item-{n}", {"rating": 3}, clock.now())
    lines = list(export_lines(other))
    before = replay.dump(conn)
    bad = {
        "f:3: event .* was changed": _changed(lines, 2, payload={"rating": 4}),
        "f:4: not an event: utc_ms": _changed(lines, 3, utc_ms="soon"),
        "f:4: not an event: kind": _changed(lines, 3, kind=None),
        "f:2: not an event: its uuid": _changed(lines, 1, uuid="0-0-0-0-0"),
        "f:2: not a line": ["", "{not json", *lines],
        "f:1: not a line": ["[]"],
        "f:1: not a log that this version can read": _changed(lines, 0, schema=2),
        "f:3: the event before .* is missing": [lines[0], lines[1], lines[3]],
    }
    for words, changed in bad.items():
        with pytest.raises(BadInput, match=words):
            merge(conn, changed, "f")
    assert replay.dump(conn) == before
    assert conn.execute("SELECT count(*) FROM events").fetchone()[0] == 1
    assert merge(conn, lines, "f").added == 4


def test_a_changed_copy_of_a_known_event_is_refused(conn: StudyDb, other: StudyDb, answer: Answer) -> None:
    answer(1)
    lines = list(export_lines(conn))
    fields = json.loads(lines[1]) | {"payload": {"rating": 4}}
    fields["hash"] = log.event_hash(
        fields["uuid"], fields["device"], fields["utc_ms"], fields["offset_min"], fields["kind"], fields["item"],
        log.canonical(fields["payload"]), fields["model_version"], fields["prev"],
    )  # fmt: skip
    with pytest.raises(BadInput, match="one of the two was changed"):
        merge(conn, [lines[0], json.dumps(fields)], "f")


def test_an_event_that_this_version_cannot_read_is_refused_whole(conn: StudyDb, other: StudyDb, clock) -> None:
    apply.record(other, "lab_end", None, {"run": "r"}, clock.now())
    lines = list(export_lines(other))
    fields = json.loads(lines[1]) | {"payload": {"no": "run"}}
    fields["hash"] = log.event_hash(
        fields["uuid"], fields["device"], fields["utc_ms"], fields["offset_min"], fields["kind"], None,
        log.canonical(fields["payload"]), fields["model_version"], fields["prev"],
    )  # fmt: skip
    with pytest.raises(BadInput, match="cannot read"):
        merge(conn, [json.dumps(fields)], "f")
    assert replay.verify(conn) == []


def test_events_of_a_kind_that_is_not_known_yet_are_kept(conn: StudyDb, other: StudyDb, clock) -> None:
    event = apply.record(other, "flag", "c:item-1", {"note": "x"}, clock.now())
    fields = {name: value for name, value in event._asdict().items() if name != "seq"} | {"kind": "telepathy"}
    fields["hash"] = log.event_hash(
        fields["uuid"], fields["device"], fields["utc_ms"], fields["offset_min"], fields["kind"], fields["item"],
        log.canonical(fields["payload"]), fields["model_version"], fields["prev"],
    )  # fmt: skip
    assert merge(conn, [json.dumps(fields)], "f").added == 1
    assert json.loads(list(export_lines(conn))[1])["kind"] == "telepathy"
    assert replay.verify(conn) == []


def test_reviews_as_a_table(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1, 3, value="=1+1", confidence=80, outcome="right", source="study")
    answer(2, 1, kind="drill")
    answer(2, 1, value=["a", "b"])
    answer(3, 4)
    undo(conn, None, clock.now())
    out = io.StringIO()
    assert reviews_csv(conn, out) == 2
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [(row["item"], row["rating"], row["value"]) for row in rows] == [
        ("c:item-1", "good", "'=1+1"),
        ("c:item-2", "again", '["a", "b"]'),
    ]
    assert rows[0]["time"] == "2025-10-09T10:54:20.000+02:00"
