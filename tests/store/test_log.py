"""The event log: append-only, chained per device, verifiable."""

from __future__ import annotations

import json
import math
import sqlite3
import uuid
from collections.abc import Callable
from hashlib import sha256

import pytest

from studyapp.memory.state import Moment
from studyapp.store import apply, log, replay
from studyapp.store.db import StudyDb, connect, write
from studyapp.store.log import Event


def test_an_event_holds_what_happened_and_the_state_before(conn: StudyDb, answer: Callable[..., Event]) -> None:
    answer(1, value="196", confidence=80, draw="abcdef01")
    event = answer(1, rating=4)
    stored = log.find_event(conn, event.uuid)
    assert stored == event
    assert stored is not None
    assert (stored.kind, stored.item, stored.payload["rating"], stored.offset_min) == ("answer", "c:item-1", 4, 120)
    assert json.loads(stored.before or "")[:3] == [1, 1, 2.3065]  # learning, second step, FSRS-6's first stability of Good
    first = next(log.events(conn, "kind = 'answer'"))
    assert first.payload == {"rating": 3, "seconds": 4.5, "value": "196", "confidence": 80, "draw": "abcdef01"}


def test_uuids_are_version_7_of_their_time_and_rise(empty: StudyDb) -> None:
    with write(empty):
        events = [log.append(empty, "setting", None, {"name": "theme", "value": n}, Moment(1_000_000 + n // 3, 0)) for n in range(200)]
    parsed = [uuid.UUID(event.uuid) for event in events]
    assert {one.version for one in parsed} == {7}
    assert {one.variant for one in parsed} == {uuid.RFC_4122}
    assert [event.uuid for event in events] == sorted({event.uuid for event in events})
    assert all(one.int >> 80 == log.uuid_ms(event.uuid) == event.utc_ms for one, event in zip(parsed, events, strict=True))


def test_after_the_clock_was_set_back_the_true_time_is_stored_and_uuids_still_rise(empty: StudyDb) -> None:
    with write(empty):
        times = [5_000_000, 1_000_000, 1_000_000, 4_999_999, 6_000_000]
        events = [log.append(empty, "setting", None, {"name": "theme", "value": ms}, Moment(ms, 0)) for ms in times]
    assert [event.utc_ms for event in events] == times
    assert [event.uuid for event in events] == sorted(event.uuid for event in events)
    assert all(log.uuid_ms(event.uuid) >= event.utc_ms for event in events)


def test_the_hash_is_that_of_the_fields_as_canonical_json(conn: StudyDb, answer: Callable[..., Event]) -> None:
    event = answer(1, value='quotes " and ünïcode', points=[{"id": "a", "found": True}])
    fields = {name: value for name, value in event._asdict().items() if name not in ("seq", "before", "hash")}
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    assert event.hash == sha256(text.encode()).hexdigest()
    earlier = next(log.events(conn, "seq = ?", [event.seq - 1]), None)
    assert event.prev == (earlier.hash if earlier else "")


def test_each_event_is_chained_to_the_one_before_it_also_after_reopening(
    conn: StudyDb, answer: Callable[..., Event], clock: Callable[..., object]
) -> None:
    events = [answer(n) for n in range(3)]
    again = connect(conn.home)
    events.append(apply.record(again, "suspend", "c:item-1", {}, Moment(events[-1].utc_ms + 1, 0)))
    again.close()
    events.append(answer(4))  # the first connection notices that another one wrote
    assert [event.prev for event in events[1:]] == [event.hash for event in events[:-1]]
    assert events[0].prev == ""
    assert len({event.device for event in events}) == 1


@pytest.mark.parametrize("statement", ["UPDATE events SET payload = '{}'", "DELETE FROM events"])
def test_nobody_can_change_or_delete_an_event_by_mistake(conn: StudyDb, answer: Callable[..., Event], statement: str) -> None:
    answer(1)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        conn.execute(statement)


def test_an_unknown_kind_or_a_payload_that_is_no_json_is_refused(conn: StudyDb) -> None:
    for kind, payload in (("anwser", {}), ("answer", {"rating": 3, "seconds": math.nan}), ("answer", {"rating": 3, "x": object()})):
        with pytest.raises((ValueError, TypeError)):
            apply.record(conn, kind, "c:item-1", payload, Moment(1, 0))
    assert conn.execute("SELECT count(*) FROM events").fetchone()[0] == 0


def test_text_that_no_encoding_can_hold_is_still_stored(conn: StudyDb, answer: Callable[..., Event]) -> None:
    event = answer(1, value="broken \udc80 byte")
    stored = log.find_event(conn, event.uuid)
    assert stored is not None
    assert stored.payload["value"] == "broken \udc80 byte"
    assert replay.verify(conn) == []


_COLUMNS = ["uuid", "device", "utc_ms", "offset_min", "kind", "item", "payload", "model_version", "prev", "hash", "before", "before_crc"]


@pytest.mark.parametrize("column", _COLUMNS)
def test_verify_finds_any_change_to_an_event_row(conn: StudyDb, answer: Callable[..., Event], column: str) -> None:
    events = [answer(n % 3) for n in range(6)]
    assert replay.verify(conn) == []
    conn.execute("DROP TRIGGER events_no_update")
    change = f"{column} + 1" if column in ("utc_ms", "offset_min", "before_crc") else f"replace({column}, substr({column}, -1), 'x')"
    if column == "payload":
        change = "replace(payload, '4.5', '4.6')"
    conn.execute(f"UPDATE events SET {column} = {change} WHERE seq = ?", (events[4].seq,))
    conn.forget()
    problems = replay.verify(conn)
    assert any(f"event {events[4].seq}" in line for line in problems), problems


@pytest.mark.parametrize("which", [0, 2, 5])
def test_verify_finds_a_deleted_event(conn: StudyDb, answer: Callable[..., Event], which: int) -> None:
    events = [answer(n % 3) for n in range(6)]
    conn.execute("DROP TRIGGER events_no_delete")
    conn.execute("DELETE FROM events WHERE seq = ?", (events[which].seq,))
    conn.forget()
    assert replay.verify(conn)


def test_verify_finds_events_that_changed_places(conn: StudyDb, answer: Callable[..., Event]) -> None:
    one, two = answer(1), answer(2)
    conn.execute("DROP TRIGGER events_no_update")
    for seq, new in ((one.seq, -1), (two.seq, one.seq), (-1, two.seq)):
        conn.execute("UPDATE events SET seq = ? WHERE seq = ?", (new, seq))
    conn.forget()
    assert any("the event before it" in line for line in replay.verify(conn))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE schedule SET s = s + 0.0001 WHERE item = 'c:item-1'",
        "UPDATE schedule SET due_day = due_day + 1 WHERE item = 'c:item-2'",
        "UPDATE schedule SET suspended = 1 WHERE item = 'c:item-3'",
        "UPDATE schedule SET active = 0 WHERE item = 'c:item-3'",
        "UPDATE schedule SET log = x'' WHERE item = 'c:item-1'",
        "DELETE FROM schedule WHERE item = 'c:item-1'",
        "UPDATE days SET good = good + 1",
        "UPDATE days SET due = due + 1",
        "INSERT INTO calibration VALUES (50, 1, 1)",
        "INSERT INTO aliases VALUES ('c:item-1', 'c:item-9')",
        "UPDATE settings SET value = '0.8'",
        "UPDATE items SET row = replace(row, 'What', 'Who') WHERE key = 'c:item-1'",
    ],
)
def test_verify_finds_derived_rows_that_differ_from_the_log_and_rebuild_mends_them(
    conn: StudyDb, answer: Callable[..., Event], change: str
) -> None:
    apply.record(conn, "setting", None, {"name": "retention", "value": 0.85}, Moment(1_760_000_000_001, 0))
    answer(1), answer(2, rating=4)
    sound = replay.dump(conn)
    conn.execute(change)
    conn.forget()
    assert replay.verify(conn)
    replay.rebuild(conn)
    assert replay.dump(conn) == sound


def test_verify_changes_nothing(conn: StudyDb, answer: Callable[..., Event]) -> None:
    answer(1)
    before = list(conn.iterdump())
    assert replay.verify(conn) == []
    assert list(conn.iterdump()) == before
