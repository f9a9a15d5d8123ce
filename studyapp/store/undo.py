"""Undo: an event that takes back another one. Nothing is deleted; the target stays in the log, and no longer counts."""

from __future__ import annotations

from typing import NamedTuple

from studyapp.errors import BadInput
from studyapp.memory.state import Moment
from studyapp.store.apply import apply
from studyapp.store.db import StudyDb, write
from studyapp.store.log import ITEM_KINDS, Event, append, device_id, find_event, from_row

_CANDIDATES = (
    "SELECT uuid, device, utc_ms, offset_min, kind, item, payload, model_version, prev, hash, seq, before FROM events"
    f" WHERE item IS NOT NULL AND kind IN ({', '.join(repr(kind) for kind in sorted(ITEM_KINDS))}) AND device = ?"
    " AND uuid NOT IN (SELECT target FROM undone) ORDER BY seq DESC"
)


class Undone(NamedTuple):
    """`target` is what was taken back (its item is worth showing again); `event` is the undo itself."""

    target: Event
    event: Event


def undo(conn: StudyDb, target_uuid: str | None, now: Moment) -> Undone:
    """Take back an answer, drill, practice, suspension, flag or a lab verdict's review: the given one, or this device's last.

    Again goes one further back. Raises BadInput where there is nothing to take back, or the event cannot be.
    """
    with write(conn):
        target = last_undoable(conn) if target_uuid is None else _given(conn, target_uuid)
        if target is None:
            raise BadInput("nothing to undo: no answer of this device is left to take back")
        event = append(conn, "undo", target.item, {"target": target.uuid}, now)
        apply(conn, event)
    return Undone(target, event)


def last_undoable(conn: StudyDb) -> Event | None:
    """What `undo` would take back next: the last event in this device's chain that changed an item and still counts."""
    for row in conn.execute(_CANDIDATES, (device_id(conn),)):
        found = from_row(row)
        if _changes_item(found):
            return found
    return None


def _given(conn: StudyDb, uuid: str) -> Event:
    target = find_event(conn, uuid)
    if target is None:
        raise BadInput(f"undo: no event {uuid} in the log")
    if not _changes_item(target):
        raise BadInput(f"undo: a {target.kind} event cannot be taken back")
    if conn.execute("SELECT 1 FROM undone WHERE target = ?", (uuid,)).fetchone():
        raise BadInput(f"undo: {uuid} has been taken back already")
    return target


def _changes_item(event: Event) -> bool:
    if event.kind == "lab_verdict":  # a verdict without a grade, as of a forecast, has no card to take back
        return event.item is not None and event.payload.get("rating") is not None
    return event.kind in ITEM_KINDS
