"""Full-text search over what items ask, answer and explain (SQLite FTS5)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from studyapp.errors import BadInput
from studyapp.store.db import StudyDb

# Fields of an item's body that are names, not text to find.
_NAMES = frozenset({"id", "kind", "concept", "links", "lab", "params", "where", "ask", "why"})


class Hit(NamedTuple):
    """A found item: its row and the passage that matched, the words found between [ and ]."""

    key: str
    row: dict[str, Any]
    passage: str


def search(conn: StudyDb, query: str, limit: int = 20) -> list[Hit]:
    """The best-matching items of the courses as they are now; every word must occur, the last one may be unfinished.

    Raises BadInput for a query without a word.
    """
    words = re.findall(r"\w+", query)
    if not words:
        raise BadInput("search: give at least one word")
    # Quoted, so that no word is taken for an operator of the query language.
    match = " ".join(f'"{word}"' for word in words) + "*"
    found = conn.execute(
        "SELECT key, row, snippet(item_text, -1, '[', ']', ' ... ', 16) FROM item_text JOIN items ON items.id = item_text.rowid"
        " WHERE item_text MATCH ? AND live ORDER BY rank LIMIT ?",
        (match, limit),
    )
    return [Hit(key, json.loads(row), " ".join(passage.split())) for key, row, passage in found]


def index_text(conn: StudyDb, number: int, body: Mapping[str, Any]) -> None:
    """Make item row `number` findable by the text in its body."""
    conn.execute("DELETE FROM item_text WHERE rowid = ?", (number,))
    answer = "\n".join(text for field, value in body.items() if field not in _NAMES for text in _texts(value))
    conn.execute(
        "INSERT INTO item_text (rowid, ask, answer, why) VALUES (?, ?, ?, ?)",
        (number, str(body.get("ask") or ""), answer, str(body.get("why") or "")),
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for field, inner in value.items():
            if field not in _NAMES or field == "ask":
                yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
