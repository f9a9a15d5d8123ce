"""How much is due now. Prompts and scripts ask this often, so this module and what it imports are few and light."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from studyapp.api.place import Clock, iso
from studyapp.store import schedule
from studyapp.store import settings_store as settings

if TYPE_CHECKING:
    from studyapp.store.db import StudyDb

FIRST_PACE_S, FIRST_CARDS = 30, 20  # until the learner's own pace is known: half a minute a card, worth twenty cards
PACE_DAYS = 28


class DueView(NamedTuple):
    """How much waits. `due_now` is what a session started now would serve under the daily limits; `minutes` an estimate for it."""

    new: int
    learning: int
    review: int
    due_now: int
    next_due: str | None  # ISO time, None when nothing is scheduled
    minutes: int


def due_view(conn: StudyDb, clock: Clock) -> DueView:
    """How much is due now, and when the next card is."""
    now = clock.now()
    counts = schedule.counts(conn, now, limits(conn))
    return DueView(
        new=counts.new,
        learning=counts.learning,
        review=counts.review,
        due_now=counts.due_now,
        next_due=None if counts.next_due_ms is None else iso(counts.next_due_ms, now.offset_min),
        minutes=minutes_for(conn, schedule.today(conn, now), counts.due_now),
    )


def limits(conn: StudyDb) -> schedule.Limits:
    """The daily limits in force."""
    return schedule.Limits(settings.get(conn, "new_per_day"), settings.get(conn, "reviews_per_day"))


def minutes_for(conn: StudyDb, today: int, n: int) -> int:
    """An estimate for n cards, from the learner's own pace over the last weeks."""
    if not n:
        return 0
    answers, ms = schedule.pace(conn, today - PACE_DAYS, today)
    per_card_ms = (ms + FIRST_CARDS * FIRST_PACE_S * 1000) / (answers + FIRST_CARDS)
    return round(n * per_card_ms / 60_000 + 0.49)
