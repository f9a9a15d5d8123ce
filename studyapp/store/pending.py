"""Local state that is no part of the log: the draw that each shown item is waiting with, and where a session was left."""

from __future__ import annotations

import json
from typing import Any

from studyapp.store.db import StudyDb, write_lightly


def draw(conn: StudyDb, key: str) -> dict[str, Any] | None:
    """The draw that the item was last shown with and not yet answered, as stored."""
    row = conn.execute("SELECT draw FROM pending WHERE item = ?", (key,)).fetchone()
    return None if row is None else json.loads(row[0])


def keep_draw(conn: StudyDb, key: str, row: dict[str, Any]) -> None:
    """Remember what an item is shown with, so that `show` and then `answer` speak of the same numbers."""
    with write_lightly(conn):
        conn.execute("INSERT OR REPLACE INTO pending VALUES (?, ?)", (key, json.dumps(row)))


def drop_draw(conn: StudyDb, key: str) -> None:
    """The item was answered: next time it is drawn afresh."""
    with write_lightly(conn):
        conn.execute("DELETE FROM pending WHERE item = ?", (key,))


def state(conn: StudyDb, name: str) -> Any:
    """A kept piece of JSON such as the session to resume, or None."""
    row = conn.execute("SELECT value FROM local WHERE name = ?", (name,)).fetchone()
    return None if row is None else json.loads(row[0])


def keep_state(conn: StudyDb, name: str, value: Any) -> None:
    """Keep a piece of JSON under a name; None forgets it."""
    with write_lightly(conn):
        if value is None:
            conn.execute("DELETE FROM local WHERE name = ?", (name,))
        else:
            conn.execute("INSERT OR REPLACE INTO local VALUES (?, ?)", (name, json.dumps(value)))


def drop_states(conn: StudyDb, prefix: str) -> None:
    """Forget every piece whose name begins like this."""
    with write_lightly(conn):
        conn.execute("DELETE FROM local WHERE substr(name, 1, ?) = ?", (len(prefix), prefix))
