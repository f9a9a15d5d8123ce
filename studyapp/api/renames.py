"""When an id disappears from a course and a similar item appears: is it the same card? The learner says so, and the history goes along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from studyapp.errors import BadInput
from studyapp.store import cards, renames

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.store.db import StudyDb

SIMILAR, WHOLE = 0.8, 0.6
_NOT_THE_CARD = {"why", "hint", "links", "traps", "id", "kind", "concept", "say"}


class Pair(NamedTuple):
    """A key that is gone and a new one like it; `similarity` from 0 to 1."""

    old: str
    new: str
    similarity: float
    reviews: int
    old_ask: str
    new_ask: str


def pairs(conn: StudyDb, course: str | None = None) -> list[Pair]:
    """The likely renames, most alike first; each item stands in one at most.

    Alike: the same section, and a token-set similarity of what is asked and answered of at least 0.8.
    """
    found: list[Pair] = []
    for row, reviews in renames.gone(conn, course):
        others = list(renames.unanswered(conn, row["key"].partition(":")[0], row["section"]))
        if others:
            from rapidfuzz import fuzz, utils

            text = _text(row)
            for other in others:
                texts = (text, _text(other))
                ratio = fuzz.token_set_ratio(*texts, processor=utils.default_process) / 100
                # a few words that all stand in a long text make the set ratio 1, so the whole must be alike too
                if ratio >= SIMILAR and fuzz.token_sort_ratio(*texts, processor=utils.default_process) / 100 >= WHOLE:
                    asks = (str(one["body"].get("ask", "")) for one in (row, other))
                    found.append(Pair(row["key"], other["key"], round(ratio, 3), reviews, *asks))
    chosen: list[Pair] = []
    for pair in sorted(found, key=lambda pair: -pair.similarity):
        if not any(pair.old == one.old or pair.new == one.new for one in chosen):
            chosen.append(pair)
    return chosen


def notes(conn: StudyDb, course: str) -> list[str]:
    """A line for each likely rename in a course that has just changed."""
    return [
        f"{pair.old} is gone and {pair.new} is like it: if it is the same card, "
        f"`studyapp course renamed --accept {pair.old} {pair.new}` gives it the history"
        for pair in pairs(conn, course)
    ]


def accept(study: Study, old: str, new: str) -> dict[str, Any]:
    """Give the history of an item that is gone to one that is there. BadInput where they are not such items."""
    new_key = study.resolve(new)
    lost = {one.row["key"]: one.reviews for one in renames.gone(study.conn)}
    keys = [key for key in lost if old.strip() in (key, key.partition(":")[2])]
    if len(keys) != 1:
        raise BadInput(f"{old!r} is no item that is gone and has a history; see `studyapp course renamed`")
    (old_key,) = keys
    there = cards.get(study.conn, new_key)
    if old_key.partition(":")[0] != new_key.partition(":")[0] or there is None or not there.live:
        raise BadInput(f"{new_key} is no item of the course that {old_key} was in")
    renames.give_history(study.conn, old_key, new_key, study.clock.now())
    study._desk = None
    return {"old": old_key, "new": new_key, "reviews": lost[old_key]}


def _text(row: dict[str, Any]) -> str:
    return " ".join(_strings(row["body"]))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in _NOT_THE_CARD:
                yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
