"""The plain data of the memory model: a moment, a rating, one item's schedule, the settings that shape it.

Named tuples, because these are on the way of every command, and dataclasses take longer to import than all the rest of it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

MINUTE_MS = 60_000
DAY_MS = 86_400_000


class Rating(IntEnum):
    """The four grades of a review, numbered as in FSRS and Anki."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Rating:
        """`Rating.of("good")`; raises KeyError for any other word."""
        return cls[word.upper()]


class Phase(IntEnum):
    """Where an item stands."""

    NEW = 0
    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


class Moment(NamedTuple):
    """An instant with the learner's zone offset at that instant; study days are counted from both (see days.py)."""

    utc_ms: int
    offset_min: int = 0


class Settings(NamedTuple):
    """What the schedule depends on; each change of one of them is an event, so replay sees the same values."""

    retention: float = 0.90
    learning_steps_s: tuple[int, ...] = (60, 600)
    relearning_steps_s: tuple[int, ...] = (600,)
    maximum_interval: int = 36_500
    rollover_hour: int = 4
    fuzz: bool = True
    parameters: tuple[float, ...] | None = None  # FSRS-6's 21; None = the defaults of fsrs-rs


class Schedule(NamedTuple):
    """The memory state of one item. Times in ms of UTC, days as study-day numbers (days.py), intervals in days.

    In LEARNING and RELEARNING the item is due at `due_ms`; in REVIEW on study day `due_day`.
    s = stability in days, d = difficulty 1..10 (FSRS-6), both None before the first answer; stored rounded (4 and 3 decimals).
    """

    phase: Phase = Phase.NEW
    step: int = 0
    s: float | None = None
    d: float | None = None
    last_ms: int | None = None
    last_day: int | None = None
    due_ms: int | None = None
    due_day: int | None = None
    interval: int = 0
    reps: int = 0
    lapses: int = 0


NEW = Schedule()
