"""The compiled course, cached: a start with unchanged content reads these rows and parses no course file.

An item that vanished from its course stays here, archived, so that its history keeps its text. Rows are JSON as `Item.row()` and
`CourseInfo.row()` of the course room give it; `Item.from_row` reads it back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from studyapp.errors import BadInput
from studyapp.memory.state import Moment
from studyapp.store import cards
from studyapp.store.apply import ADD_DUE, current_key, record
from studyapp.store.course_cache import Cached, cached_courses, course_infos, touch
from studyapp.store.db import StudyDb, write
from studyapp.store.log import canonical
from studyapp.store.schema import HELD_KIND
from studyapp.store.search import index_text

__all__ = [
    "Cached",
    "Synced",
    "cached_courses",
    "course_infos",
    "course_items",
    "find_key",
    "forget_course",
    "item",
    "items",
    "rename",
    "sync_content",
    "touch",
]

_NEW_ROW = "INSERT INTO schedule (item, section, position, grp, held, live, active) VALUES (?, ?, ?, ?, ?, 1, NOT ?) ON CONFLICT DO NOTHING"


class HasRow(Protocol):
    """A compiled course or item, which can give itself as JSON data."""

    def row(self) -> dict[str, Any]: ...


class Synced(NamedTuple):
    """What a sync changed, in items."""

    added: int
    changed: int
    archived: int
    renamed: int


def sync_content(conn: StudyDb, info: HasRow, items: Iterable[HasRow], signature: str, content_hash: str, now: Moment) -> Synced:
    """Make the cache hold this course.

    Items keep their history by key; renames (`aliases`) become events, once; what vanished is archived.
    """
    course = info.row()
    name = course["id"]
    with write(conn):
        known = {row[0]: (row[1], bool(row[2])) for row in conn.execute("SELECT key, digest, live FROM items WHERE course = ?", (name,))}
        rows = {row["key"]: row for row in (item.row() for item in items)}
        added = changed = 0
        for key, row in rows.items():
            text = canonical(row)
            digest = cards.digest(key, text)
            if known.get(key) != (digest, True):
                added, changed = added + (key not in known), changed + (key in known)
                _store(conn, name, key, row, text, digest)
        vanished = [key for key, (_, live) in known.items() if live and key not in rows]
        _archive(conn, vanished)
        renamed = rename(conn, course["aliases"], now)
        _store_siblings(conn, name, rows)
        conn.execute(
            "INSERT OR REPLACE INTO courses VALUES (?, ?, ?, ?, ?)", (name, course["directory"], canonical(course), signature, content_hash)
        )
    return Synced(added, changed, len(vanished), renamed)


def forget_course(conn: StudyDb, name: str) -> None:
    """A course whose folder is gone: its items are archived with their history, and a sync brings them back if it returns."""
    with write(conn):
        _archive(conn, [row[0] for row in conn.execute("SELECT key FROM items WHERE course = ? AND live", (name,))])
        conn.execute("DELETE FROM courses WHERE course = ?", (name,))


def item(conn: StudyDb, key: str) -> dict[str, Any] | None:
    """One item's row by key, archived ones too; None if the content never had it."""
    row = conn.execute("SELECT row FROM items WHERE key = ?", (current_key(conn, key),)).fetchone()
    return None if row is None else json.loads(row[0])


def items(conn: StudyDb, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The rows of several items by key; unknown ones are left out."""
    found = conn.execute("SELECT key, row FROM items WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),))
    return {key: json.loads(row) for key, row in found}


def course_items(
    conn: StudyDb, course: str | None = None, section: str | None = None, *, archived: bool = False
) -> Iterator[dict[str, Any]]:
    """Rows of a course or of one of its sections (None: all), in order of introduction; the archived ones instead if asked."""
    found = conn.execute(
        "SELECT row FROM items WHERE live = ? AND (? IS NULL OR course = ?) AND (? IS NULL OR section = ?) ORDER BY course, position",
        (not archived, course, course, section, section),
    )
    for row in found:
        yield json.loads(row[0])


def keys_of_kinds(conn: StudyDb, kinds: Iterable[str]) -> frozenset[str]:
    """Keys of the items whose answer is of one of these kinds (a case's by what it asks for)."""
    rows = conn.execute(
        "SELECT key FROM items WHERE coalesce(json_extract(row, '$.body.then.kind'), json_extract(row, '$.kind'))"
        " IN (SELECT value FROM json_each(?))",
        (json.dumps(list(kinds)),),
    )
    return frozenset(row[0] for row in rows)


def find_key(conn: StudyDb, name: str) -> str:
    """The key that a learner's name for an item stands for: `course:id`, or `id` where only one course has it; old names work too.

    Raises BadInput: several courses have it, or nobody knows it (with the nearest names).
    """
    name = name.strip()
    exact = current_key(conn, name)
    if conn.execute("SELECT 1 FROM items WHERE key = ? UNION ALL SELECT 1 FROM schedule WHERE item = ?", (exact, exact)).fetchone():
        return exact
    found = [row[0] for row in conn.execute("SELECT key FROM items WHERE short = ? ORDER BY live DESC, key", (name,))]
    live = [row[0] for row in conn.execute("SELECT key FROM items WHERE short = ? AND live ORDER BY key", (name,))]
    if ":" not in name and not found:
        renamed = conn.execute("SELECT DISTINCT new FROM aliases WHERE substr(old, instr(old, ':') + 1) = ?", (name,))
        found = sorted({current_key(conn, row[0]) for row in renamed})
    choices: list[str] = live or found
    if len(choices) > 1:
        raise BadInput(f"item {name!r} is in several courses: give one of {', '.join(choices)}")
    if not choices:
        raise BadInput(f"no item {name!r}: {_nearest(conn, name)}")
    return choices[0]


def _nearest(conn: StudyDb, name: str) -> str:
    from difflib import get_close_matches

    column = "key" if ":" in name else "short"
    likely = conn.execute(f"SELECT DISTINCT {column} FROM items WHERE live AND abs(length({column}) - ?) <= 6", (len(name),))
    near = get_close_matches(name, [row[0] for row in likely], n=3, cutoff=0.5)
    return f"did you mean {', '.join(near)}?" if near else "see them all with `studyapp course list`, or try `studyapp search`"


def _store(conn: StudyDb, course: str, key: str, row: Mapping[str, Any], text: str, digest: str) -> None:
    short, section, position = key.partition(":")[2], row["section"], row["position"]
    (number,) = conn.execute(
        "INSERT INTO items (key, course, short, section, position, live, digest, row) VALUES (?, ?, ?, ?, ?, 1, ?, ?) ON CONFLICT (key)"
        " DO UPDATE SET section = excluded.section, position = excluded.position, live = 1, digest = excluded.digest, row = excluded.row"
        " RETURNING id",
        (key, course, short, section, position, digest, text),
    ).fetchone()
    index_text(conn, number, row["body"])
    held = row["kind"] == HELD_KIND
    place = (f"{course}:{section}", position, row["group"], held)
    if not conn.execute(_NEW_ROW, (key, *place, held)).rowcount:
        _place(conn, key, "section = ?, position = ?, grp = ?, held = ?, live = 1", *place)


def _archive(conn: StudyDb, keys: Iterable[str]) -> None:
    for key in keys:
        conn.execute("UPDATE items SET live = 0 WHERE key = ?", (key,))
        _place(conn, key, "live = 0")


def _place(conn: StudyDb, key: str, assignments: str, *values: Any) -> None:
    """Change what the content says of a schedule row, and with it what counts as due."""
    before = cards.get(conn, key)
    conn.execute(f"UPDATE schedule SET {assignments} WHERE item = ?", (*values, key))
    conn.execute("UPDATE schedule SET active = live AND NOT suspended AND NOT (held AND phase = 0) WHERE item = ?", (key,))
    after = cards.get(conn, key)
    for card, n in ((before, -1), (after, 1)):
        if card is not None and card.review_day is not None:
            conn.execute(ADD_DUE, (card.review_day, n))


def rename(conn: StudyDb, aliases: Mapping[str, str], now: Moment) -> int:
    """Write an alias event for every rename that the log does not know, and forget the old names' own rows."""
    known = dict(conn.execute("SELECT old, new FROM aliases"))
    new_ones = {old: new for old, new in aliases.items() if known.get(old) != new}
    for old, new in new_ones.items():
        record(conn, "alias", None, {"old": old, "new": new}, now)
    for old in aliases:
        gone = conn.execute("DELETE FROM items WHERE key = ? AND NOT live RETURNING id", (old,)).fetchone()
        if gone:
            conn.execute("DELETE FROM item_text WHERE rowid = ?", gone)
            conn.execute("DELETE FROM schedule WHERE item = ? AND NOT live AND log = x''", (old,))
    return len(new_ones)


def _store_siblings(conn: StudyDb, course: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
    wanted = {(key, sibling) for key, row in rows.items() for sibling in row["siblings"]}
    known = set(conn.execute("SELECT item, sibling FROM siblings WHERE substr(item, 1, ?) = ?", (len(course) + 1, f"{course}:")))
    conn.executemany("DELETE FROM siblings WHERE item = ? AND sibling = ?", known - wanted)
    conn.executemany("INSERT INTO siblings VALUES (?, ?)", wanted - known)
