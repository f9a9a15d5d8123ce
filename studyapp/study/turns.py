"""The plain data that goes in and out of a study session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from studyapp.course.draws import Draw
from studyapp.course.items import Item
from studyapp.memory.state import Rating, Schedule


class Turn(StrEnum):
    """Why a card is shown. A drill changes no memory state; a practice answer (a quiz on something new) does not either, nor does
    a contrast (two answers to be told apart, a week after a miss with confidence) unless it is missed."""

    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    EARLY = "early"
    DRILL = "drill"
    CONTRAST = "contrast"
    PRACTICE = "practice"


class Look(StrEnum):
    """Where the next card is to be looked for."""

    ITEM = "item"  # this very item
    NEXT = "next"  # what the store serves next
    AHEAD = "ahead"  # learning steps that fall due before `until_ms`
    EARLY = "early"  # reviews ahead of their day
    STOP = "stop"


class Reason(StrEnum):
    """Why a session ended."""

    MINUTES = "minutes"
    CARDS = "cards"
    NOTHING_LEFT = "nothing-left"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Config:
    """`minutes` and `cards` bound the session (None: no bound); `early`: when nothing is due, go on with reviews ahead of time."""

    minutes: float | None = 15.0
    cards: int | None = None
    early: bool = False
    free_text: int = 2  # explain and contrast items in any 15 minutes
    learn_ahead_ms: int = 20 * 60_000


@dataclass(frozen=True, slots=True)
class Want:
    """What the session wants next. `key` and `turn` belong to ITEM, `until_ms` to AHEAD, `reason` to STOP.

    `own_misses` belong to NEXT: a miss with confidence comes first in the *next* session, and these were missed in this one.
    """

    look: Look
    key: str | None = None
    turn: Turn | None = None
    exclude: frozenset[str] = frozenset()
    free_text: bool = True  # whether an explain or contrast item may be served
    until_ms: int | None = None
    reason: Reason | None = None
    own_misses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Presented:
    """A card to show. `section_intro`: the section whose page opens before it, if any. `pays`: "first" or "contrast" where it is
    asked because the learner missed it and was sure."""

    item: Item
    draw: Draw
    turn: Turn
    previews: Mapping[Rating, Schedule] = field(default_factory=dict)
    ask_confidence: bool = False
    section_intro: str | None = None
    pays: str | None = None


@dataclass(slots=True)
class Miss:
    """A missed item that is asked again until one right recall. `due_ms`: when its learning step falls due, if it has one."""

    key: str
    due_ms: int | None
    free_text: bool
    since: int = 0  # other cards since


@dataclass(frozen=True, slots=True)
class Graded:
    """One graded card, for the log. `kind`: answer, drill or practice; `payload` is all of the event's but rating and source."""

    kind: str
    key: str
    rating: Rating
    turn: Turn
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a session. `cards` were graded beside `drills`; `new`, `missed`, `open` are keys (`open`: not yet recalled)."""

    cards: int
    drills: int
    minutes: float
    new: tuple[str, ...]
    right: int
    again: int
    missed: tuple[str, ...]
    open: tuple[str, ...]
    reason: Reason | None
