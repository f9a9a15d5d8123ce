"""Replay: rebuild every derived table from the log, and verify that log and tables are what they should be."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from typing import Any

from studyapp.store import cards, views
from studyapp.store.apply import ADD_DONE, follow
from studyapp.store.db import StudyDb, write
from studyapp.store.fold import Card, Tally, step
from studyapp.store.log import ITEM_KINDS, event_hash, events
from studyapp.store.schema import DERIVED_TABLES, HELD_KIND
from studyapp.store.timeline import timeline

_REPLAY_ORDER = "utc_ms, uuid"
# What concerns all items comes first, so that an undo or an alias also reaches events that a clock put before it.
_FIRST = ("setting", "alias", "undo")


def rebuild(conn: StudyDb) -> None:
    """Wipe the derived tables and replay the whole log in (utc_ms, uuid) order, without the events that were undone."""
    with write(conn):
        for table in DERIVED_TABLES:
            conn.execute(f"DELETE FROM {table}")
        conn.forget()
        for event in events(conn, f"kind IN {_FIRST}", order=_REPLAY_ORDER):
            views.show(conn, event)
        known, tally = _replay(conn)
        conn.execute(
            "INSERT INTO schedule (item, section, position, grp, live, held, active)"
            " SELECT key, course || ':' || section, position, json_extract(row, '$.group'), live, held, live AND NOT held"
            " FROM (SELECT *, json_extract(row, '$.kind') = ? AS held FROM items)",
            (HELD_KIND,),
        )
        conn.executemany(cards.PUT, (cards.values(card) for card in known.values()))
        conn.executemany(ADD_DONE, ((day, 0, *done) for day, done in tally.days.items()))
        views.add_calibration(conn, tally)
        conn.execute(
            "INSERT INTO days (day, due) SELECT due_day, count(*) FROM schedule WHERE active = 1 AND phase = 2 GROUP BY due_day"
            " ON CONFLICT (day) DO UPDATE SET due = excluded.due"
        )
        conn.forget()


def verify(conn: StudyDb, limit: int = 20) -> list[str]:
    """All that is wrong, a line each (about `limit`): damaged pages, changed or missing events, rows that differ from a replay."""
    try:
        problems = [f"database: {row[0]}" for row in conn.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
        problems += check_log(conn)
        problems += _check_derived(conn)
    except sqlite3.DatabaseError as error:
        problems = [f"database: {error}"]
    if len(problems) > limit:
        problems = [*problems[:limit], f"... and {len(problems) - limit} more"]
    return problems


def check_log(conn: sqlite3.Connection) -> list[str]:
    """Every row of the log against its hash, its place in its device's chain, and the note of the state before it."""
    problems: list[str] = []
    hashes: dict[str, set[str]] = {}
    uuids: set[str] = set()
    columns = "seq, uuid, device, utc_ms, offset_min, kind, item, payload, model_version, prev, hash, before, before_crc"
    for seq, uuid, device, utc_ms, offset, kind, item, payload, model, prev, digest, before, crc in conn.execute(
        f"SELECT {columns} FROM events ORDER BY seq"
    ):
        chain = hashes.setdefault(device, {""})
        if uuid in uuids:
            problems.append(f"event {seq}: stored twice ({uuid})")
        if event_hash(uuid, device, utc_ms, offset, kind, item, payload, model, prev) != digest:
            problems.append(f"event {seq} ({uuid}): changed since it was written")
        if prev not in chain:
            problems.append(f"event {seq} ({uuid}): the event before it is missing or was changed")
        if crc != (None if before is None else zlib.crc32(before.encode())):
            problems.append(f"event {seq} ({uuid}): its note of the state before was changed")
        chain.add(digest)
        uuids.add(uuid)
    return problems


def dump(conn: StudyDb) -> dict[str, list[tuple[Any, ...]]]:
    """The derived tables as comparable rows: events by uuid instead of row number, no sums that are all zero."""
    uuids = dict(conn.execute("SELECT seq, uuid FROM events"))
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in DERIVED_TABLES:
        if table == "undone":  # a fact about the log, and no state of its own
            continue
        cursor = conn.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        rows = [tuple(row) for row in cursor]
        if table in ("days", "calibration"):
            rows = [row for row in rows if any(row[1:])]
        if table == "schedule":
            at = names.index("log")
            rows = [(*row[:at], tuple(uuids.get(seq) for seq in cards.seqs(row[at])), *row[at + 1 :]) for row in rows]
        found[table] = sorted(rows, key=repr)
    return found


def _replay(conn: StudyDb) -> tuple[dict[str, Card], Tally]:
    settings = timeline(conn)
    aliases = dict(conn.execute("SELECT old, new FROM aliases"))
    undone = {row[0] for row in conn.execute("SELECT target FROM undone")}
    live = {row[0]: bool(row[1]) for row in conn.execute("SELECT key, live FROM items")}
    known: dict[str, Card] = {}
    tally = Tally()
    for event in events(conn, f"kind NOT IN {_FIRST}", order=_REPLAY_ORDER):
        taken_back = event.uuid in undone
        if event.item is None or event.kind not in ITEM_KINDS:
            views.show(conn, event)
            continue
        if event.kind == "lab_verdict":
            views.show(conn, event)
        elif taken_back:
            continue
        key = follow(aliases, event.item)
        card = known.get(key)
        if card is None:
            card = known[key] = Card(key, live=live.get(key, False))
        step(card, event, settings.at(*event.place), tally, undone=taken_back)
        views.show_answer(conn, event, key)
    return known, tally


def _check_derived(conn: StudyDb) -> Iterator[str]:
    """Compare with a replay in memory, so that the learner's own database is only read."""
    copy = sqlite3.connect(":memory:", isolation_level=None, factory=StudyDb)
    copy.home = conn.home
    try:
        conn.backup(copy)
        copy.forget()
        for key, row, digest in copy.execute("SELECT key, row, digest FROM items"):
            if cards.digest(key, row) != digest:
                yield f"items: {key}: the stored copy of the course was changed (opening the course again repairs it)"
        stored = dump(copy)
        try:
            rebuild(copy)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            yield f"the log cannot be replayed: {error}"
            return
        for table, rows in dump(copy).items():
            differing = set(rows) ^ set(stored[table])
            yield from sorted({f"{table}: {row[0]}: differs from a replay of the log" for row in differing})
    finally:
        copy.close()
