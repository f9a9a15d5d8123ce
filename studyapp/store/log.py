"""The append-only event log: the truth about what the learner did.

Each event carries a UUIDv7 (RFC 9562), its device, the exact UTC time with the zone offset, and a hash chained to the previous event
of the same device. Replay order is (utc_ms, uuid). Nothing here ever changes or deletes an event; triggers forbid it too.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring_ascii as _quote
from typing import Any, NamedTuple

from studyapp.memory.state import Moment
from studyapp.store.db import StudyDb

MODEL_VERSION = "fsrs-6/1"  # the memory model and our policy around it, as of which an event was written

# Kinds that belong to one item; `fold` gives them their meaning, `views` gives it to the others.
ITEM_KINDS = frozenset({"answer", "drill", "practice", "suspend", "unsuspend", "flag", "unflag", "lab_verdict"})
KINDS = ITEM_KINDS | {"undo", "setting", "alias", "not_same", "quiz_start", "quiz_end", "lab_start", "lab_seal", "lab_facts", "lab_end"}

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode


class Event(NamedTuple):
    """One line of the log. `seq` is the local row number and `before` the item's schedule just before: neither is hashed."""

    uuid: str
    device: str
    utc_ms: int
    offset_min: int
    kind: str
    item: str | None
    payload: Mapping[str, Any]
    model_version: str
    prev: str
    hash: str
    seq: int = 0
    before: str | None = None

    @property
    def now(self) -> Moment:
        return Moment(self.utc_ms, self.offset_min)

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands in the replay order."""
        return self.utc_ms, self.uuid


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, ASCII only, no NaN. Raises ValueError or TypeError for what is not JSON."""
    return _encode(value)


def append(conn: StudyDb, kind: str, item: str | None, payload: Mapping[str, Any], now: Moment, before: str | None = None) -> Event:
    """Write one event at the end of this device's chain; call it inside `with write(conn)` and pass the event to `apply`.

    `payload` must be JSON; its true clock time is stored even when the clock was set back.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of event: {kind}")
    memo = conn.memo
    if "head" not in memo:
        _load_head(conn, memo)
    device: str = memo["device"]
    last_uuid, prev = memo["head"]
    utc_ms, offset_min = now.utc_ms, now.offset_min
    uuid = _next_uuid(utc_ms, last_uuid)
    text = canonical(payload)
    digest = event_hash(uuid, device, utc_ms, offset_min, kind, item, text, MODEL_VERSION, prev)
    crc = None if before is None else zlib.crc32(before.encode())
    row = (uuid, device, utc_ms, offset_min, kind, item, text, MODEL_VERSION, prev, digest, before, crc)
    seq = conn.execute(_INSERT, row).lastrowid or 0
    memo["head"] = (uuid, digest)
    # Every uuid begins with a time at or after its event's, so the greatest one whose time is its event's own comes last in replay.
    memo["latest"] = uuid > memo["newest"] and uuid.startswith(_time_digits(utc_ms))
    memo["newest"] = max(memo["newest"], uuid)
    return Event(uuid, device, utc_ms, offset_min, kind, item, payload, MODEL_VERSION, prev, digest, seq, before)


def came_last(conn: StudyDb) -> bool:
    """Whether the event just appended also comes last in the replay order (not so after a clock was set back)."""
    return bool(conn.memo["latest"])


def device_id(conn: StudyDb) -> str:
    memo = conn.memo
    if "device" not in memo:
        memo["device"] = conn.execute("SELECT value FROM meta WHERE name = 'device'").fetchone()[0]
    device: str = memo["device"]
    return device


def event_hash(
    uuid: str, device: str, utc_ms: int, offset_min: int, kind: str, item: str | None, payload: str, model_version: str, prev: str
) -> str:
    """sha256 (hex) of the canonical JSON of the event's fields; `payload` is canonical JSON already."""
    from hashlib import sha256  # here, because commands that only read need not load OpenSSL

    # Canonical JSON put together by hand: the keys are in order, and the payload is not encoded twice.
    text = (
        f'{{"device":{_quote(device)},"item":{"null" if item is None else _quote(item)},"kind":{_quote(kind)},'
        f'"model_version":{_quote(model_version)},"offset_min":{offset_min},"payload":{payload},"prev":{_quote(prev)},'
        f'"utc_ms":{utc_ms},"uuid":{_quote(uuid)}}}'
    )
    return sha256(text.encode()).hexdigest()


def last_ms(conn: StudyDb) -> int | None:
    """The time of the event that was written last, in ms of UTC."""
    row = conn.execute("SELECT utc_ms FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    return None if row is None else row[0]


def size(conn: StudyDb) -> tuple[int, int]:
    """How many events there are, and from how many devices."""
    events, devices = conn.execute("SELECT count(*), count(DISTINCT device) FROM events").fetchone()
    return events, devices


def uuid_ms(uuid: str) -> int:
    """The time in ms of UTC that a UUIDv7 begins with."""
    return int(uuid[:8] + uuid[9:13], 16)


def events(conn: StudyDb, where: str = "", args: Iterable[Any] = (), order: str = "seq") -> Iterator[Event]:
    """Events by a SQL condition on the log's columns, in chain order unless told otherwise."""
    for row in conn.execute(f"SELECT {_COLUMNS} FROM events {'WHERE ' + where if where else ''} ORDER BY {order}", tuple(args)):
        yield from_row(row)


def events_at(conn: StudyDb, seqs: Iterable[int]) -> list[Event]:
    """The events of these rows, in replay order."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM events WHERE seq IN (SELECT value FROM json_each(?))", (json.dumps(list(seqs)),))
    return sorted((from_row(row) for row in rows), key=lambda event: event.place)


def find_event(conn: StudyDb, uuid: str) -> Event | None:
    """One event by its uuid, looked for from the newest back (the log has no index by uuid)."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM events WHERE uuid = ? ORDER BY seq DESC LIMIT 1", (uuid,)).fetchone()
    return None if row is None else from_row(row)


_COLUMNS = "uuid, device, utc_ms, offset_min, kind, item, payload, model_version, prev, hash, seq, before"
_INSERT = (
    "INSERT INTO events (uuid, device, utc_ms, offset_min, kind, item, payload, model_version, prev, hash, before, before_crc)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def from_row(row: tuple[Any, ...]) -> Event:
    return Event._make((*row[:6], json.loads(row[6]), *row[7:]))


def insert_foreign(conn: StudyDb, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write checked events of another log (the columns of `append`'s row); see transfer.py, which rebuilds afterwards."""
    conn.executemany(_INSERT, rows)
    own = device_id(conn)
    newest = conn.execute("SELECT max(uuid) FROM events").fetchone()[0] or ""
    head = conn.execute("SELECT max(uuid), hash FROM events WHERE device = ?", (own,)).fetchone()
    # Afterwards the last row is no longer this device's own, so what `_load_head` needs is kept aside.
    value = canonical([newest, head[0] or "", head[1] or ""])
    conn.execute("INSERT INTO meta VALUES ('merged', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (value,))
    conn.forget()


def _load_head(conn: StudyDb, memo: dict[str, Any]) -> None:
    own = device_id(conn)
    merged = conn.execute("SELECT value FROM meta WHERE name = 'merged'").fetchone()
    newest, head_uuid, head_hash = json.loads(merged[0]) if merged else ("", "", "")
    last = conn.execute("SELECT device, uuid, hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    if last and last[0] == own:
        head_uuid, head_hash = last[1], last[2]
    memo["head"] = (head_uuid, head_hash)
    memo["newest"] = max(newest, head_uuid)


def _next_uuid(utc_ms: int, last: str) -> str:
    """A UUIDv7 greater than `last`: within a millisecond, or after the clock was set back, it counts on by a random step.

    That is method 2 of RFC 9562, section 6.2.
    """
    time, random = _time_digits(utc_ms), os.urandom(10).hex()
    if time > last[:13]:
        return f"{time}-7{random[:3]}-{'89ab'[int(random[3], 16) % 4]}{random[4:7]}-{random[7:19]}"
    digits = int(last.replace("-", ""), 16)
    number = (digits >> 80 << 74) | ((digits >> 64 & 0xFFF) << 62) | (digits & ((1 << 62) - 1))
    number += 1 + int(random[:8], 16)
    low = f"{0x8000_0000_0000_0000 | number & ((1 << 62) - 1):016x}"
    return f"{_time_digits(number >> 74)}-7{number >> 62 & 0xFFF:03x}-{low[:4]}-{low[4:]}"


def _time_digits(utc_ms: int) -> str:
    """The first 13 characters of a UUIDv7 of that time."""
    digits = f"{max(utc_ms, 0):012x}"
    return f"{digits[:8]}-{digits[8:]}"
