"""Read and write rows of the schedule table, one `fold.Card` each."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from studyapp.memory.state import Phase, Schedule
from studyapp.store.db import StudyDb
from studyapp.store.fold import Card, Owed
from studyapp.store.log import canonical

_SCHEDULE = "phase, step, s, d, last_ms, last_day, due_ms, due_day, interval, reps, lapses"
COLUMNS = f"item, section, position, grp, live, suspended, intro_day, traps, flags, log, owed, owed_day, {_SCHEDULE}"
_BY_KEY = f"SELECT {COLUMNS} FROM schedule WHERE item = ?"
_WRITTEN = ("suspended", "intro_day", "traps", "flags", "log", "owed", "owed_day", *_SCHEDULE.split(", "), "band")
# A row that the content does not know is archived until it does: live stays 0, and so does active.
PUT = (
    f"INSERT INTO schedule (item, {', '.join(_WRITTEN)}) VALUES (?{', ?' * len(_WRITTEN)}) ON CONFLICT (item) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _WRITTEN)
    + ", active = live AND NOT excluded.suspended AND NOT (held AND excluded.phase = 0)"
)
_PHASES, _OWED = tuple(Phase), tuple(Owed)


def get(conn: StudyDb, key: str) -> Card | None:
    """The row of one item; None if neither the content nor the log knows it."""
    row = conn.execute(_BY_KEY, (key,)).fetchone()
    return None if row is None else from_row(row)


def get_many(conn: StudyDb, keys: Iterable[str]) -> dict[str, Card]:
    """The rows of several items by key; unknown ones are left out."""
    return {card.item: card for card in select(conn, "item IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),))}


def select(conn: StudyDb, where: str, args: Iterable[Any] = ()) -> Iterator[Card]:
    """Rows by a SQL condition on the schedule table; it may go on with ORDER BY and LIMIT."""
    for row in conn.execute(f"SELECT {COLUMNS} FROM schedule WHERE {where}", tuple(args)):
        yield from_row(row)


def from_row(row: tuple[Any, ...]) -> Card:
    item, section, position, group, live, suspended, intro_day, traps, flags, log, owed, owed_day, phase, *rest = row
    return Card(
        item,
        section,
        position,
        group,
        bool(live),
        Schedule(_PHASES[phase], *rest),
        bool(suspended),
        intro_day,
        json.loads(traps) if traps else {},
        json.loads(flags) if flags else [],
        log,
        _OWED[owed],
        owed_day,
    )


def values(card: Card) -> tuple[Any, ...]:
    """The arguments of PUT for a card."""
    at = card.schedule
    return (
        card.item,
        card.suspended,
        card.intro_day,
        canonical(card.traps) if card.traps else None,
        canonical(card.flags) if card.flags else None,
        card.log,
        card.owed,
        card.owed_day,
        at.phase,
        at.step,
        at.s,
        at.d,
        at.last_ms,
        at.last_day,
        at.due_ms,
        at.due_day,
        at.interval,
        at.reps,
        at.lapses,
        band(at.s),
    )


def put(conn: StudyDb, card: Card) -> None:
    conn.execute(PUT, values(card))


def band(s: float | None) -> int | None:
    """The half octave of a stability in days: within a band stabilities differ by less than a factor of sqrt 2 (see schedule.py)."""
    return None if s is None else math.floor(2 * math.log2(max(s, 1e-6)))


def seqs(log: bytes) -> list[int]:
    """The row numbers of events in a card's `log`."""
    return [int.from_bytes(log[at : at + 8], "big") for at in range(0, len(log), 8)]


def before_text(card: Card) -> str:
    """The schedule as stored with the event that is about to change it, for information: a JSON list of Schedule's fields in order."""
    at = card.schedule
    due = f"{at.last_ms},{at.last_day},{at.due_ms},{at.due_day}"
    return f"[{at.phase:d},{at.step},{at.s},{at.d},{due},{at.interval},{at.reps},{at.lapses}]".replace("None", "null")


def digest(key: str, row: str) -> str:
    """What tells whether the cached content of an item is still what was stored: sha256 (hex) of its key and JSON row."""
    from hashlib import sha256

    return sha256(f"{key}\n{row}".encode()).hexdigest()
