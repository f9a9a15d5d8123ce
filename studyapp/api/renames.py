"""When an id disappears from a course and a similar item appears: is it the same card? The learner says so, and the history goes along.

They may also say that it is not: that is an event too, and nobody asks about these two again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from studyapp.errors import BadInput
from studyapp.store import cards, content, pending, renames

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.store.db import StudyDb

SIMILAR, WHOLE = 0.8, 0.6
_OPEN = "renames-open"  # name of local state: the pairs that were noticed, which the learner may put off while they answer the new one
_NOT_THE_CARD = {"why", "hint", "links", "traps", "id", "kind", "concept", "say"}


class Pair(NamedTuple):
    """A key that is gone and a new one like it; `similarity` from 0 to 1. The asks and answers are as the learner sees them."""

    old: str
    new: str
    similarity: float
    reviews: int
    old_ask: str
    new_ask: str
    old_answer: str
    new_answer: str


def pairs(conn: StudyDb, course: str | None = None) -> list[Pair]:
    """The likely renames, most alike first; each item stands in one at most, and those that are two cards are left out.

    Alike: the same section, and a token-set similarity of what is asked and answered of at least 0.8.
    """
    found: list[tuple[float, float, Pair]] = []
    for row, reviews in renames.gone(conn, course):
        for other in _candidates(conn, row):
            if "lab" in (row["kind"], other["kind"]) and row["body"] != other["body"]:
                continue  # what a lab card asks is in its lab: two tasks of one lab look alike here
            alike = similarity(row["body"], other["body"])
            if alike is not None and (row["key"], other["key"]) not in renames.apart(conn):
                (old_ask, old_answer), (new_ask, new_answer) = _sides(row), _sides(other)
                pair = Pair(row["key"], other["key"], round(alike, 3), reviews, old_ask, new_ask, old_answer, new_answer)
                found.append((alike, _closeness(old_answer, new_answer), pair))
    chosen: list[Pair] = []
    for _, _, pair in sorted(found, key=lambda one: (-one[0], -one[1])):  # the cards of one cloze text differ in their answers only
        if not any(pair.old == one.old or pair.new == one.new for one in chosen):
            chosen.append(pair)
    return chosen


def similarity(one: Mapping[str, Any], other: Mapping[str, Any]) -> float | None:
    """How alike two items are by what they ask and answer, 0 to 1; None where they are not alike enough to be one card."""
    from rapidfuzz import fuzz, utils

    texts = (" ".join(_strings(one)), " ".join(_strings(other)))
    ratio = fuzz.token_set_ratio(*texts, processor=utils.default_process) / 100
    # a few words that all stand in a long text make the set ratio 1, so the whole must be alike too
    whole = fuzz.token_sort_ratio(*texts, processor=utils.default_process) / 100
    return ratio if ratio >= SIMILAR and whole >= WHOLE else None


def notes(conn: StudyDb, course: str) -> list[str]:
    """A line for each likely rename in a course that has just changed; these stay open until the learner has decided."""
    found = pairs(conn, course)
    if found:
        opened: list[list[str]] = pending.state(conn, _OPEN) or []
        pending.keep_state(conn, _OPEN, opened + [[one.old, one.new] for one in found if [one.old, one.new] not in opened])
    return [_note(pair.old, pair.new) for pair in found]


def accept(study: Study, old: str, new: str) -> dict[str, Any]:
    """Give the history of an item that is gone to one that is there. BadInput where they are not such items."""
    old_key, new_key, reviews = _named(study, old, new)
    renames.give_history(study.conn, old_key, new_key, study.clock.now())
    study._desk = None
    forget_note(study, old_key, new_key)
    return {"old": old_key, "new": new_key, "reviews": reviews}


def reject(study: Study, old: str, new: str) -> dict[str, Any]:
    """They are two cards, for good: nobody asks again. BadInput as for `accept`, which still can be called afterwards."""
    old_key, new_key, _ = _named(study, old, new)
    renames.keep_apart(study.conn, old_key, new_key, study.clock.now())
    forget_note(study, old_key, new_key)
    return {"old": old_key, "new": new_key, "same": False}


def forget_note(study: Study, old: str, new: str) -> None:
    """The learner has seen the question: it need not stand among the notes any more."""
    study.notes = [note for note in study.notes if note != _note(old, new)]


def _note(old: str, new: str) -> str:
    return (
        f"{old} is gone and {new} is like it: if it is the same card, `studyapp course renamed --accept {old} {new}` "
        "gives it the history; if not, --reject in place of --accept"
    )


def _named(study: Study, old: str, new: str) -> tuple[str, str, int]:
    """The keys of an item that is gone and of one of its course that is there, and the reviews of the first."""
    new_key = study.resolve(new)
    lost = {one.row["key"]: one.reviews for one in renames.gone(study.conn)}
    keys = [key for key in lost if old.strip() in (key, key.partition(":")[2])]
    if len(keys) != 1:
        raise BadInput(f"{old!r} is no item that is gone and has a history; see `studyapp course renamed`")
    (old_key,) = keys
    there = cards.get(study.conn, new_key)
    if old_key.partition(":")[0] != new_key.partition(":")[0] or there is None or not there.live:
        raise BadInput(f"{new_key} is no item of the course that {old_key} was in")
    return old_key, new_key, lost[old_key]


def _candidates(conn: StudyDb, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What an item that is gone could be now: an unanswered item of its section, or one that was that when it was noticed."""
    fresh = list(renames.unanswered(conn, row["key"].partition(":")[0], row["section"]))
    yield from fresh
    noticed = {new for old, new in pending.state(conn, _OPEN) or () if old == row["key"]} - {one["key"] for one in fresh}
    for key, other in content.items(conn, noticed).items():
        card = cards.get(conn, key)
        if card is not None and card.live:
            yield other


def _sides(row: dict[str, Any]) -> tuple[str, str]:
    """What a learner sees of an item: question and answer, with the numbers of some draw."""
    from studyapp.api.desk import SOME_DRAW
    from studyapp.course import view
    from studyapp.course.draws import draw_for
    from studyapp.course.items import Item

    try:
        item = Item.from_row(row)
        drawn = draw_for(item, SOME_DRAW)
        return view.show(item, drawn).ask, "" if item.kind == "lab" else view.reveal(item, drawn).answer
    except (BadInput, KeyError, TypeError):  # archived by an older version, whose rows may have looked otherwise
        return str(row["body"].get("ask", "")), str(row["body"].get("answer", ""))


def _closeness(one: str, other: str) -> float:
    from rapidfuzz import fuzz, utils

    return fuzz.ratio(one, other, processor=utils.default_process)


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
