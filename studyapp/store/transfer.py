"""The log as text: exported a JSON line an event, merged as the union of two logs; and reviews as a table."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TextIO

from studyapp.errors import BadInput
from studyapp.memory.state import Rating
from studyapp.store.db import StudyDb, write
from studyapp.store.log import ITEM_KINDS, canonical, device_id, event_hash, events, insert_foreign, uuid_ms
from studyapp.store.replay import rebuild

FORMAT = "studyapp-log"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_FIELDS = {
    "uuid": str,
    "device": str,
    "utc_ms": int,
    "offset_min": int,
    "kind": str,
    "payload": dict,
    "model_version": str,
    "prev": str,
    "hash": str,
}


class Merged(NamedTuple):
    """What a merge did, in events; `devices` are those that the added ones came from."""

    added: int
    known: int
    devices: tuple[str, ...]


def export_lines(conn: StudyDb) -> Iterator[str]:
    """The whole log as JSON lines, the first of which names the format."""
    yield canonical({"format": FORMAT, "schema": 1, "device": device_id(conn)})
    for event in events(conn):
        fields = event._asdict()
        del fields["seq"]
        yield canonical(fields)


def merge(conn: StudyDb, lines: Iterable[str], source: str) -> Merged:
    """Add the events of an exported log that this one lacks, then rebuild: the union of both, whichever side it is done on.

    `source` names the input in messages. Raises BadInput, naming the line, for a line that is no sound event; then nothing is added.
    """
    with write(conn):
        known = dict(conn.execute("SELECT uuid, hash FROM events"))
        chains = {(device, digest) for device, digest in conn.execute("SELECT device, hash FROM events")}
        rows: dict[str, tuple[Any, ...]] = {}
        places: dict[str, int] = {}
        seen = 0
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            fields = _parse(line, f"{source}:{number}")
            if fields is None:
                continue
            uuid, digest = fields["uuid"], fields["hash"]
            if known.setdefault(uuid, digest) != digest:
                raise BadInput(f"{source}:{number}: event {uuid} is not the one of that name in this log: one of the two was changed")
            chains.add((fields["device"], digest))
            seen += 1
            places[uuid] = number
            rows[uuid] = _row(fields)
        for present in conn.execute("SELECT uuid FROM events"):
            rows.pop(present[0], None)
        for uuid, row in rows.items():
            if row[8] and (row[1], row[8]) not in chains:
                raise BadInput(f"{source}:{places[uuid]}: the event before {uuid} is missing: export that log again, whole")
        if rows:
            insert_foreign(conn, [rows[uuid] for uuid in sorted(rows)])
            try:
                rebuild(conn)
            except (KeyError, TypeError, ValueError, AttributeError, sqlite3.IntegrityError) as error:
                raise BadInput(f"{source}: holds an event that this version cannot read ({error!r}): upgrade studyapp") from error
    return Merged(len(rows), seen - len(rows), tuple(sorted({row[1] for row in rows.values()})))


def reviews_csv(conn: StudyDb, out: TextIO) -> int:
    """Write every answer that counts as a row of a table with a header; returns how many."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["time", "item", "rating", "seconds", "confidence", "outcome", "source", "value", "device", "event"])
    undone = {row[0] for row in conn.execute("SELECT target FROM undone")}
    count = 0
    for event in events(conn, "kind IN ('answer', 'lab_verdict')", order="utc_ms, uuid"):
        payload = event.payload
        if event.uuid in undone or event.item is None or payload.get("rating") is None:
            continue
        count += 1
        writer.writerow(
            [
                _iso(event.utc_ms, event.offset_min),
                event.item,
                Rating(payload["rating"]).word,
                payload.get("seconds"),
                payload.get("confidence"),
                payload.get("outcome"),
                payload.get("source") or ("lab" if event.kind == "lab_verdict" else None),
                _cell(payload.get("value")),
                event.device,
                event.uuid,
            ]
        )
    return count


def _parse(line: str, place: str) -> dict[str, Any] | None:
    """The checked fields of an event's line; None for the line that names the format."""
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise BadInput(f"{place}: not a line of an exported log: {error}") from error
    if not isinstance(fields, dict):
        raise BadInput(f"{place}: not a line of an exported log")
    if "format" in fields:
        if fields["format"] != FORMAT or fields.get("schema") != 1:
            raise BadInput(f"{place}: not a log that this version can read (format {fields['format']!r}, schema {fields.get('schema')!r})")
        return None
    for name, kind in _FIELDS.items():
        if not isinstance(fields.get(name), kind) or isinstance(fields[name], bool):
            raise BadInput(f"{place}: not an event: {name} is missing or not {kind.__name__}")
    if not isinstance(fields.get("item"), str | None) or not isinstance(fields.get("before"), str | None):
        raise BadInput(f"{place}: not an event: item and before are text or null")
    if not _UUID.fullmatch(fields["uuid"]) or uuid_ms(fields["uuid"]) < fields["utc_ms"]:
        raise BadInput(f"{place}: not an event: its uuid does not fit its time")
    if _hash(fields) != fields["hash"]:
        raise BadInput(f"{place}: event {fields['uuid']} was changed since it was written: nothing was merged")
    rating = fields["payload"].get("rating")
    if fields["kind"] in ITEM_KINDS and rating is not None and rating not in (1, 2, 3, 4):
        raise BadInput(f"{place}: not an event: the rating must be 1 to 4")
    return fields


def _hash(event: dict[str, Any]) -> str:
    return event_hash(
        event["uuid"],
        event["device"],
        event["utc_ms"],
        event["offset_min"],
        event["kind"],
        event.get("item"),
        canonical(event["payload"]),
        event["model_version"],
        event["prev"],
    )


def _row(fields: dict[str, Any]) -> tuple[Any, ...]:
    before = fields.get("before")
    names = ("uuid", "device", "utc_ms", "offset_min", "kind", "item")
    crc = None if before is None else zlib.crc32(before.encode())
    payload = canonical(fields["payload"])
    return (*(fields.get(name) for name in names), payload, fields["model_version"], fields["prev"], fields["hash"], before, crc)


def _iso(utc_ms: int, offset_min: int) -> str:
    local = datetime.fromtimestamp(utc_ms / 1000, UTC).replace(tzinfo=None) + timedelta(minutes=offset_min)
    sign, minutes = "-" if offset_min < 0 else "+", abs(offset_min)
    return f"{local.isoformat(timespec='milliseconds')}{sign}{minutes // 60:02d}:{minutes % 60:02d}"


def _cell(value: Any) -> Any:
    """Typed text as it is, but never as a formula of a spreadsheet; other values as JSON."""
    if isinstance(value, str):
        return "'" + value if value[:1] in "=+-@\t\r" and value else value
    return None if value is None else json.dumps(value)
