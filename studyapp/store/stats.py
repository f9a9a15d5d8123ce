"""Numbers about the learner's own work: days, streak, retention, sections, calibration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from studyapp.memory.fsrs import recall_chance
from studyapp.store import cards
from studyapp.store.apply import current_key
from studyapp.store.db import StudyDb
from studyapp.store.fold import DONE, Card, Tally
from studyapp.store.log import Event, events_at
from studyapp.store.timeline import timeline

FORGIVEN_EVERY = 7  # a streak forgives one missed day in seven


class Day(NamedTuple):
    """What was done on a study day; `young`, `mature` are reviews that tested a night or more, by interval below or from 21 days."""

    day: int
    answers: int = 0
    introduced: int = 0
    reviewed: int = 0
    again: int = 0
    hard: int = 0
    good: int = 0
    easy: int = 0
    young: int = 0
    young_recalled: int = 0
    mature: int = 0
    mature_recalled: int = 0
    drills: int = 0
    practice: int = 0
    ms: int = 0

    @property
    def studied(self) -> bool:
        return self.answers + self.drills + self.practice > 0


class Retention(NamedTuple):
    """True recall: the share of reviews, a night or more after the last answer, that were not Again. None where there were none."""

    reviews: int
    recalled: int
    young: float | None
    mature: float | None

    @property
    def share(self) -> float | None:
        return self.recalled / self.reviews if self.reviews else None


class SectionStrength(NamedTuple):
    """`strength` is the mean retrievability now over all of the section's items, new ones counting 0; `retention` over the started ones."""

    section: str  # course:section
    items: int
    started: int
    strength: float
    retention: float | None


class Bin(NamedTuple):
    """Answers given with a confidence of `low` to `high` percent: how sure on average, how often right (both 0 to 1)."""

    low: int
    high: int
    answers: int
    confidence: float
    right: float


class Calibration(NamedTuple):
    """Brier score = mean of (confidence - outcome)^2, 0 is perfect, saying 50% always gives 0.25. None without answers. (Brier 1950)"""

    answers: int
    brier: float | None
    bins: tuple[Bin, ...]


def days(conn: StudyDb, first: int, last: int) -> list[Day]:
    """The study days from first to last (both included) on which anything was done, oldest first."""
    rows = conn.execute(f"SELECT day, {', '.join(DONE)} FROM days WHERE day BETWEEN ? AND ? ORDER BY day", (first, last))
    return [day for day in (Day(*row) for row in rows) if day.studied]


def day(conn: StudyDb, number: int) -> Day:
    """One study day."""
    return next(iter(days(conn, number, number)), Day(number))


def streak(conn: StudyDb, today: int) -> int:
    """Days studied in a row up to today. A missed day is forgiven if none of the six days after it was missed; today may be to come."""
    rows = conn.execute("SELECT day FROM days WHERE day <= ? AND answers + drills + practice > 0 ORDER BY day DESC", (today,))
    count, expected, last_missed = 0, today, None
    for (number,) in rows:
        if expected == today and number < today:
            expected -= 1
        if expected - number > 1 or (expected > number and last_missed is not None and last_missed - expected < FORGIVEN_EVERY):
            break
        if expected > number:
            last_missed = expected
        count, expected = count + 1, number - 1
    return count


def retention(conn: StudyDb, first: int, last: int) -> Retention:
    """True recall over the study days from first to last (both included)."""
    young, young_recalled, mature, mature_recalled = conn.execute(
        "SELECT total(young), total(young_recalled), total(mature), total(mature_recalled) FROM days WHERE day BETWEEN ? AND ?",
        (first, last),
    ).fetchone()
    return Retention(
        int(young + mature),
        int(young_recalled + mature_recalled),
        young_recalled / young if young else None,
        mature_recalled / mature if mature else None,
    )


def sections(conn: StudyDb, today: int) -> list[SectionStrength]:
    """Every section of the courses as they are now, by name."""
    parameters = timeline(conn).last.parameters
    found = {
        row[0]: [row[1], 0, 0.0]
        for row in conn.execute("SELECT section, count(*) FROM schedule WHERE live GROUP BY section ORDER BY section")
    }
    for section, s, last_day in conn.execute("SELECT section, s, last_day FROM schedule WHERE live AND phase > 0"):
        entry = found[section]
        entry[1] += 1
        entry[2] += recall_chance(s, today - last_day, parameters)
    return [
        SectionStrength(section, items, started, total / items, total / started if started else None)
        for section, (items, started, total) in found.items()
    ]


def calibration(conn: StudyDb) -> Calibration:
    """How well stated confidence matched what came of it, in fifths; of all answers."""
    return _calibrated(list(conn.execute("SELECT confidence, answers, hits FROM calibration WHERE answers > 0 ORDER BY confidence")))


def forecasts(conn: StudyDb) -> Calibration:
    """The same of the forecasts in labs alone: what a model or a computation would do."""
    tally = Tally()
    for (text,) in conn.execute("SELECT verdict FROM lab_verdicts WHERE NOT practice"):
        payload = json.loads(text)
        if payload.get("forecast"):
            tally.guess(payload)
    return _calibrated([(confidence, n, hits) for confidence, (n, hits) in sorted(tally.calibration.items())])


def _calibrated(rows: list[tuple[int, int, int]]) -> Calibration:
    """`rows`: (confidence in percent, answers, of which right)."""
    total = sum(n for _, n, _ in rows)
    squares = sum(hits * (100 - c) ** 2 + (n - hits) * c**2 for c, n, hits in rows)
    bins = []
    for low in range(0, 100, 20):
        inside = [row for row in rows if low <= min(row[0], 99) < low + 20]
        n = sum(row[1] for row in inside)
        if n:
            bins.append(Bin(low, low + 20, n, sum(c * m for c, m, _ in inside) / n / 100, sum(row[2] for row in inside) / n))
    return Calibration(total, squares / total / 10_000 if total else None, tuple(bins))


def weakest(conn: StudyDb, today: int, limit: int = 10) -> list[Card]:
    """Started items that are least likely to be remembered now."""
    where = "active = 1 AND phase > 0 ORDER BY (? - last_day) / s DESC, lapses DESC, item LIMIT ?"
    return list(cards.select(conn, where, (today, limit)))


def flagged(conn: StudyDb) -> list[Card]:
    """Items with open flags."""
    return list(cards.select(conn, "flags IS NOT NULL ORDER BY item"))


def suspended(conn: StudyDb) -> list[Card]:
    return list(cards.select(conn, "suspended = 1 ORDER BY item"))


def archived(conn: StudyDb) -> list[Card]:
    """Items with a history or a text that are in no course any more."""
    return list(cards.select(conn, "live = 0 ORDER BY item"))


def history(conn: StudyDb, key: str) -> list[Event]:
    """An item's events that still count, in replay order."""
    card = cards.get(conn, current_key(conn, key))
    return [] if card is None else events_at(conn, cards.seqs(card.log))


def recent(conn: StudyDb, limit: int = 50) -> Iterator[Event]:
    """The last events of the log, newest first."""
    from studyapp.store.log import events

    yield from events(conn, "TRUE", order=f"seq DESC LIMIT {int(limit)}")
