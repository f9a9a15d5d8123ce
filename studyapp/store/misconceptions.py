"""The misconceptions that the learner fell for, from the answers and verdicts of the log that still count: how often, when, where,
and how often such a question was answered right since the last time.

Which items may have something to tell is known from their derived rows; the story itself is read from their events, in replay order.
An answer given after the truth was shown (practice in a lab) tells nothing, and a forecast beats nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from studyapp.store import cards
from studyapp.store.db import StudyDb
from studyapp.store.fold import hit, trap_concept
from studyapp.store.log import events_at

Place = str | tuple[str, str]
_SEEN_IN = ("answer", "practice", "lab_verdict")


class Misconception(NamedTuple):
    """`seen` times, the last at `last_ms`; `beaten` times since then, the last at `beaten_ms`. `places`: where it was seen, the latest
    first: keys of items, or ("lab", "q3") of a lab's question that has no card."""

    concept: str
    seen: int
    last_ms: int
    beaten: int
    beaten_ms: int | None
    places: tuple[Place, ...]


@dataclass(slots=True)
class _Story:
    seen: int = 0
    last_ms: int = 0
    beaten: int = 0
    beaten_ms: int | None = None
    places: dict[Place, None] = field(default_factory=dict)


def misconceptions(conn: StudyDb) -> list[Misconception]:
    """All that were ever seen, the latest first."""
    stories: dict[str, _Story] = {}
    for place, utc_ms, payload in _told(conn):
        concept = trap_concept(payload)
        if concept is not None:
            story = stories.setdefault(concept, _Story())
            story.seen, story.last_ms = story.seen + 1, utc_ms
            story.beaten, story.beaten_ms = 0, None
            story.places.pop(place, None)
            story.places[place] = None
        elif hit(payload) and not payload.get("forecast"):
            for story in stories.values():
                if place in story.places:
                    story.beaten, story.beaten_ms = story.beaten + 1, utc_ms
    found = [
        Misconception(concept, story.seen, story.last_ms, story.beaten, story.beaten_ms, tuple(reversed(story.places)))
        for concept, story in stories.items()
    ]
    return sorted(found, key=lambda row: (-row.last_ms, row.concept))


def _told(conn: StudyDb) -> Iterable[tuple[Place, int, Mapping[str, Any]]]:
    """(place, time, payload) of all that can show or beat a misconception, in replay order."""
    owners = {seq: card.item for card in cards.select(conn, "traps IS NOT NULL") for seq in cards.seqs(card.log)}
    told: list[tuple[tuple[int, str], Place, Mapping[str, Any]]] = [
        (event.place, owners[event.seq], event.payload)
        for event in events_at(conn, owners)
        if event.kind in _SEEN_IN or event.payload.get("pays")
    ]
    rows = conn.execute("SELECT utc_ms, uuid, lab, q, verdict FROM lab_verdicts WHERE item IS NULL AND lab IS NOT NULL AND NOT practice")
    told += [((utc_ms, uuid), (lab, q), json.loads(verdict)) for utc_ms, uuid, lab, q, verdict in rows]
    return [(place, at[0], payload) for at, place, payload in sorted(told, key=lambda row: row[0]) if not _after_reveal(payload)]


def _after_reveal(payload: Mapping[str, Any]) -> bool:
    return bool("run" in payload and payload.get("practice"))
