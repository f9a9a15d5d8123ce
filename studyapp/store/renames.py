"""Items that vanished with a history, and the new ones that could be the same: what a rename without an alias looks like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from studyapp.memory.state import Moment
from studyapp.store.content import rename
from studyapp.store.db import StudyDb, write


class Gone(NamedTuple):
    """An archived item that was answered: its row as the content had it, and how many reviews it has."""

    row: dict[str, Any]
    reviews: int


def gone(conn: StudyDb, course: str | None = None) -> Iterator[Gone]:
    """Items that vanished from a course (None: from any), were answered, and have no new name yet."""
    found = conn.execute(
        "SELECT items.row, reps FROM items JOIN schedule ON schedule.item = items.key"
        " WHERE NOT items.live AND log != x'' AND (? IS NULL OR course = ?) AND items.key NOT IN (SELECT old FROM aliases)"
        " ORDER BY items.key",
        (course, course),
    )
    return (Gone(json.loads(row), reviews) for row, reviews in found)


def unanswered(conn: StudyDb, course: str, section: str) -> Iterator[dict[str, Any]]:
    """The rows of a section's items that have no history at all."""
    found = conn.execute(
        "SELECT items.row FROM items JOIN schedule ON schedule.item = items.key"
        " WHERE items.live AND log = x'' AND items.course = ? AND items.section = ? ORDER BY items.position",
        (course, section),
    )
    return (json.loads(row[0]) for row in found)


def give_history(conn: StudyDb, old: str, new: str, now: Moment) -> None:
    """The alias event by which the history of one key goes to another, for ever."""
    with write(conn):
        rename(conn, {old: new}, now)
