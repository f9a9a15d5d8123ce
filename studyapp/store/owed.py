"""Items that a miss with confidence left owed: they come before all others in the next session, and a week later as a contrast card.

What is owed follows from the events alone (`fold`): a miss says `sure_miss`, and what was asked because of it says what it `pays`.
A contrast waits for a day on which neither the item nor a sibling of it was answered.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from studyapp.memory.state import Moment
from studyapp.store.db import StudyDb

if TYPE_CHECKING:  # counting needs none of the memory model: `due` is asked often
    from studyapp.store.fold import Card, Owed

OPEN = "active = 1 AND owed > 0"
_FREE = (
    "(owed = 1 OR (last_day IS NOT :today AND NOT EXISTS (SELECT 1 FROM siblings JOIN schedule AS other"
    " ON other.item = siblings.sibling WHERE siblings.item = schedule.item AND other.last_day = :today)))"
)
_NEXT = f"{OPEN} AND owed_day <= :today AND (:section IS NULL OR section = :section) AND {_FREE} ORDER BY owed_day, owed, item"
# Those that nothing else calls for today.
_EXTRA = (
    f"SELECT count(*) FROM schedule WHERE {OPEN} AND owed_day <= :today AND {_FREE}"
    " AND NOT (phase IN (1, 3) AND due_ms <= :now) AND NOT (phase = 2 AND due_day <= :today)"
)


def next_owed(conn: StudyDb, today: int, exclude: Collection[str] = (), section: str | None = None) -> Card | None:
    """The item that has been owed longest, or None."""
    from studyapp.store import cards

    for row in conn.execute(f"SELECT {cards.COLUMNS} FROM schedule WHERE {_NEXT}", {"today": today, "section": section}):
        if row[0] not in exclude:
            return cards.from_row(row)
    return None


def owed_now(conn: StudyDb, key: str, today: int) -> Owed:
    """What an item is owed as today."""
    from studyapp.store.fold import Owed

    row = conn.execute("SELECT owed FROM schedule WHERE item = ? AND owed > 0 AND owed_day <= ?", (key, today)).fetchone()
    return Owed.NOTHING if row is None else Owed(row[0])


def extra(conn: StudyDb, now: Moment, today: int) -> int:
    """How many are owed today and not due by their schedule."""
    return int(conn.execute(_EXTRA, {"today": today, "now": now.utc_ms}).fetchone()[0])


def next_day(conn: StudyDb, today: int) -> int | None:
    """The next study day after today on which something is owed."""
    found = conn.execute(f"SELECT min(owed_day) FROM schedule WHERE {OPEN} AND owed_day > ?", (today,)).fetchone()[0]
    return None if found is None else int(found)
