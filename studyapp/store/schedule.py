"""What comes next, and how much is due: index seeks, never a queue.

Order: learning and relearning items whose minute has come; then reviews and new items, evenly mixed. Reviews come by lowest
retrievability; new items by position, except siblings of what was answered today and groups that met a member today. What a miss
with confidence left owed comes before all of these: see owed.py.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, NamedTuple

from studyapp.memory.days import study_day
from studyapp.memory.state import DAY_MS, MINUTE_MS, Moment
from studyapp.store import owed
from studyapp.store.db import StudyDb
from studyapp.store.timeline import timeline

if TYPE_CHECKING:  # the cards, and with them the memory model, are imported where one is served: counting needs none of it
    from studyapp.store.fold import Card

_LEARNING = "active = 1 AND phase IN (1, 3)"
_REVIEW = "active = 1 AND phase = 2"
_NEW = "active = 1 AND phase = 0"

_NEXT_LEARNING = f"{_LEARNING} AND due_ms <= ? AND (? IS NULL OR section = ?) ORDER BY due_ms"
# A sibling answered today blocks an item; so does, while it is new, a member of its group that was introduced today.
_SIBLING_TODAY = (
    "EXISTS (SELECT 1 FROM siblings JOIN schedule AS other ON other.item = siblings.sibling"
    " WHERE siblings.item = schedule.item AND other.last_day = :today)"
)
_GROUP_TODAY = "grp IS NOT NULL AND EXISTS (SELECT 1 FROM schedule AS other WHERE other.grp = schedule.grp AND other.intro_day = :today)"
_FREE_NEW = f"NOT {_SIBLING_TODAY} AND NOT ({_GROUP_TODAY})"
_NEXT_NEW = f"{_NEW} AND {_FREE_NEW} ORDER BY position"
_NEXT_NEW_IN_SECTION = f"section = :section AND {_NEW} AND {_FREE_NEW} ORDER BY position"
_NEXT_REVIEW_IN_SECTION = (
    f"section = :section AND {_REVIEW} AND due_day <= :today AND NOT {_SIBLING_TODAY} ORDER BY (:today - last_day) / s DESC, item"
)
_EACH_BAND = f"""
    WITH RECURSIVE bands (band) AS (
        SELECT min(band) FROM schedule WHERE {_REVIEW}
        UNION ALL
        SELECT (SELECT min(band) FROM schedule WHERE {_REVIEW} AND band > bands.band) FROM bands WHERE band IS NOT NULL
    )"""
_NEXT_EARLY = (
    f"{_REVIEW} AND due_day > :today AND last_day < :today AND (:section IS NULL OR section = :section) AND NOT {_SIBLING_TODAY}"
    " ORDER BY due_day, item"
)
# Each band of stability that has reviews, with the day of its longest-waiting due one: a few seeks, however many items there are.
_BANDS = f"""{_EACH_BAND}
    SELECT band, (SELECT last_day FROM schedule WHERE {_REVIEW} AND band = bands.band AND due_day <= ? ORDER BY last_day LIMIT 1)
    FROM bands WHERE band IS NOT NULL"""
_IN_BAND = f"SELECT item, last_day, s FROM schedule WHERE {_REVIEW} AND band = ? AND last_day >= ? AND due_day <= ? ORDER BY last_day, s"
_IS_BLOCKED = f"SELECT {_SIBLING_TODAY} FROM schedule WHERE item = :item"
_BLOCKED = f"""{_EACH_BAND},
    answered (item) AS (
        SELECT item FROM bands CROSS JOIN schedule WHERE {_REVIEW} AND schedule.band = bands.band AND last_day = :today
        UNION ALL
        SELECT item FROM schedule WHERE {_LEARNING} AND last_day = :today
    ),
    blocked (item) AS MATERIALIZED (SELECT DISTINCT sibling FROM answered JOIN siblings USING (item)),
    grouped (item) AS (
        SELECT item FROM schedule WHERE grp IN (SELECT grp FROM schedule WHERE grp IS NOT NULL AND intro_day = :today)
    )
    SELECT
        (SELECT count(*) FROM blocked CROSS JOIN schedule USING (item) WHERE {_REVIEW} AND due_day <= :today),
        (SELECT count(*) FROM (SELECT item FROM blocked UNION SELECT item FROM grouped) CROSS JOIN schedule USING (item) WHERE {_NEW})"""


class Limits(NamedTuple):
    """How many items a study day may bring."""

    new_per_day: int = 20
    reviews_per_day: int = 200


class Counts(NamedTuple):
    """What waits today, under the daily limits; what is owed (owed.py) counts as a review, over their limit too.

    `learning` counts all of today's steps, `due_now` only those whose minute has come; `next_due_ms` is now if something is due, else
    when something will be, else None. The totals know no limits.
    """

    new: int
    learning: int
    review: int
    due_now: int
    next_due_ms: int | None
    new_total: int
    review_total: int


class DoneToday(NamedTuple):
    introduced: int
    reviewed: int


def today(conn: StudyDb, now: Moment) -> int:
    """The study day, by the roll-over hour in force."""
    return study_day(now, timeline(conn).last.rollover_hour)


def done_today(conn: StudyDb, day: int) -> DoneToday:
    """What counts against the daily limits."""
    row = conn.execute("SELECT introduced, reviewed FROM days WHERE day = ?", (day,)).fetchone()
    return DoneToday(*row) if row else DoneToday(0, 0)


def pace(conn: StudyDb, first: int, last: int) -> tuple[int, int]:
    """(answers, milliseconds spent on them and their drills) over these study days."""
    row = conn.execute("SELECT total(answers), total(ms) FROM days WHERE day BETWEEN ? AND ?", (first, last)).fetchone()
    return int(row[0]), int(row[1])


def next_due(
    conn: StudyDb,
    now: Moment,
    limits: Limits,
    *,
    exclude: Collection[str] = (),
    section: str | None = None,
    ahead_ms: int = 0,
) -> Card | None:
    """The item to study now, or None. `section` is `course:section`; `ahead_ms` lets learning steps come that much too early."""
    from studyapp.store import cards

    for card in cards.select(conn, _NEXT_LEARNING, (now.utc_ms, section, section)):
        if card.item not in exclude:
            return card
    day = today(conn, now)
    done = done_today(conn, day)
    reviews = min(max(0, limits.reviews_per_day - done.reviewed), _due_reviews(conn, day))
    new = _at_most(conn, _NEW, max(0, limits.new_per_day - done.introduced))
    # Evenly mixed, as two combs laid over each other: each kind's next one stands at (done + 1/2) / (done + left) of the day.
    review_first = (2 * done.reviewed + 1) * (done.introduced + new) <= (2 * done.introduced + 1) * (done.reviewed + reviews)
    find: list[Callable[[StudyDb, int, Collection[str], str | None], Card | None]] = []
    if reviews:
        find.append(_next_review)
    if new:
        find.insert(0 if not review_first else len(find), _next_new)
    for kind in find:
        found = kind(conn, day, exclude, section)
        if found is not None:
            return found
    if ahead_ms:
        for card in cards.select(conn, _NEXT_LEARNING, (now.utc_ms + ahead_ms, section, section)):
            if card.item not in exclude:
                return card
    return None


def next_early(conn: StudyDb, now: Moment, *, exclude: Collection[str] = (), section: str | None = None) -> Card | None:
    """The review that is due soonest after today, for a learner who goes on when nothing is due; siblings wait as ever."""
    return _first(conn, _NEXT_EARLY, {"today": today(conn, now), "section": section}, exclude)


def counts(conn: StudyDb, now: Moment, limits: Limits) -> Counts:
    """How much waits today; siblings of what was answered today wait until tomorrow."""
    day = today(conn, now)
    done = done_today(conn, day)
    tomorrow_ms = _day_start_ms(day + 1, now, timeline(conn).last.rollover_hour)
    learning, learning_now, step_ms = conn.execute(
        f"SELECT count(*), sum(due_ms <= ?), min(due_ms) FROM schedule WHERE {_LEARNING} AND due_ms < ?", (now.utc_ms, tomorrow_ms)
    ).fetchone()
    review_total = _due_reviews(conn, day)
    new_total = conn.execute(f"SELECT count(*) FROM schedule WHERE {_NEW}").fetchone()[0]
    blocked_reviews, blocked_new = _blocked_today(conn, day)
    review = min(max(0, limits.reviews_per_day - done.reviewed), review_total - blocked_reviews)
    new = min(max(0, limits.new_per_day - done.introduced), new_total - blocked_new)
    extra = owed.extra(conn, now, day)
    due_now = (learning_now or 0) + review + new + extra
    times = [step_ms] if step_ms is not None else []
    if review_total > review or new_total > new:
        times.append(tomorrow_ms)
    else:
        later = conn.execute("SELECT min(day) FROM days WHERE day > ? AND due > 0", (day,)).fetchone()[0]
        days = [found for found in (later, owed.next_day(conn, day)) if found is not None]
        times += [_day_start_ms(found, now, timeline(conn).last.rollover_hour) for found in days]
        if learning == 0:
            later_step = conn.execute(f"SELECT min(due_ms) FROM schedule WHERE {_LEARNING}").fetchone()[0]
            times += [] if later_step is None else [later_step]
    next_due_ms = now.utc_ms if due_now else min(times, default=None)
    return Counts(new, learning, review + extra, due_now, next_due_ms, new_total, review_total + extra)


def due_by_section(conn: StudyDb, now: Moment) -> dict[str, int]:
    """Reviews and steps that are due now, and what is owed, by `course:section`."""
    rows = conn.execute(
        f"SELECT section, count(*) FROM schedule WHERE ({_REVIEW} AND due_day <= :today) OR ({_LEARNING} AND due_ms <= :now)"
        f" OR ({owed.OPEN} AND owed_day <= :today) GROUP BY section",
        {"today": today(conn, now), "now": now.utc_ms},
    )
    return dict(rows)


def left_in_section(conn: StudyDb, now: Moment, section: str) -> int:
    """What a section still has for today, new items counted without the daily limit."""
    new = conn.execute(f"SELECT count(*) FROM schedule WHERE section = ? AND {_NEW}", (section,)).fetchone()[0]
    return int(due_by_section(conn, now).get(section, 0) + new)


def forecast(conn: StudyDb, day: int, days: int) -> list[int]:
    """Reviews due on each of the next `days` study days; the first holds all that are overdue too."""
    due = [0] * days
    for at, n in conn.execute("SELECT day, due FROM days WHERE day < ? AND due > 0", (day + days,)):
        due[max(0, at - day)] += n
    return due


def _next_new(conn: StudyDb, day: int, exclude: Collection[str], section: str | None) -> Card | None:
    where = _NEXT_NEW if section is None else _NEXT_NEW_IN_SECTION
    return _first(conn, where, {"today": day, "section": section}, exclude)


def _next_review(conn: StudyDb, day: int, exclude: Collection[str], section: str | None) -> Card | None:
    if section is not None:
        return _first(conn, _NEXT_REVIEW_IN_SECTION, {"today": day, "section": section}, exclude)
    from studyapp.store import cards

    key = _least_remembered(conn, day, exclude)
    return None if key is None else cards.get(conn, key)


def _first(conn: StudyDb, where: str, args: dict[str, object], exclude: Collection[str]) -> Card | None:
    from studyapp.store import cards

    for row in conn.execute(f"SELECT {cards.COLUMNS} FROM schedule WHERE {where}", args):
        if row[0] not in exclude:
            return cards.from_row(row)
    return None


def _least_remembered(conn: StudyDb, day: int, exclude: Collection[str]) -> str | None:
    """The due review with the lowest retrievability: FSRS-6 makes that the greatest time / stability, whatever its parameters.

    Exact, by branch and bound: in a band no stability is below `low`, so what waits since `last` is at most (day - last) / low urgent;
    bands and days that cannot beat the best found are never looked at.
    """
    bands = [((day - last) / _low(band), band, last) for band, last in conn.execute(_BANDS, (day,)) if last is not None]
    best, urgency = None, float("-inf")
    for bound, band, last in sorted(bands, reverse=True):
        if bound <= urgency:
            break
        since: int | None = last
        while since is not None and (day - since) / _low(band) > urgency:
            waiting, since = conn.execute(_IN_BAND, (band, since, day)), None
            for item, last_day, s in waiting:
                since = last_day + 1  # the others of that day are less urgent
                if (day - last_day) / s <= urgency:
                    break
                if item not in exclude and not conn.execute(_IS_BLOCKED, {"item": item, "today": day}).fetchone()[0]:
                    best, urgency = item, (day - last_day) / s
                    break
            else:
                since = None
    return best


def _low(band: int) -> float:
    return float(2 ** (band / 2)) * (1 - 1e-9)  # cards.band takes a logarithm, which may err in its last digit


def _blocked_today(conn: StudyDb, day: int) -> tuple[int, int]:
    """How many due reviews and new items wait for tomorrow, because a sibling (or of new ones: a group member) came today."""
    reviews, new = conn.execute(_BLOCKED, {"today": day}).fetchone()
    return reviews or 0, new or 0


def _due_reviews(conn: StudyDb, day: int) -> int:
    return int(conn.execute("SELECT total(due) FROM days WHERE day <= ?", (day,)).fetchone()[0])


def _at_most(conn: StudyDb, where: str, limit: int) -> int:
    """How many rows there are, counting no further than the limit."""
    return int(conn.execute(f"SELECT count(*) FROM (SELECT 1 FROM schedule WHERE {where} LIMIT ?)", (limit,)).fetchone()[0])


def _day_start_ms(day: int, now: Moment, rollover_hour: int) -> int:
    """When a study day begins, by the zone offset of now (an hour out where the clocks change in between)."""
    return day * DAY_MS + rollover_hour * 3_600_000 - now.offset_min * MINUTE_MS
