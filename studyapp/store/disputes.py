"""Where the learner decided otherwise than a judge of free text, by item: derived from the `disputes` of answers (views.py)."""

from __future__ import annotations

from typing import NamedTuple

from studyapp.store.db import StudyDb


class DisputeRow(NamedTuple):
    """One decision. `event` is the answer it was made with; the other fields as in study/decided.py."""

    event: str
    item: str
    utc_ms: int
    about: str
    text: str
    wording: str
    answer: str
    proposed: str
    decided: str


_COLUMNS = "uuid, item, utc_ms, about, text, wording, answer, proposed, decided"


def of_item(conn: StudyDb, item: str) -> list[DisputeRow]:
    """The decisions on one item, newest first."""
    rows = conn.execute(f"SELECT {_COLUMNS} FROM disputes WHERE item = ? ORDER BY utc_ms DESC, uuid DESC, place", (item,))
    return [DisputeRow._make(row) for row in rows]


def of_course(conn: StudyDb, course: str | None = None) -> list[DisputeRow]:
    """The decisions on the items of one course, or of all, by item and newest first."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM disputes WHERE ? IS NULL OR substr(item, 1, ?) = ? ORDER BY item, utc_ms DESC, uuid DESC, place",
        (course, len(course or "") + 1, f"{course}:"),
    )
    return [DisputeRow._make(row) for row in rows]
