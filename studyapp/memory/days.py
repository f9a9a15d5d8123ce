"""Study days: whole days counted from one roll-over hour to the next in the learner's zone, never 24 h periods.

Day number n begins at the roll-over hour (04:00 unless set otherwise) of the local date 1970-01-01 + n days.
An answer's day follows from its own instant and zone offset, so it never changes when the learner travels later.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

from studyapp.memory.state import DAY_MS, MINUTE_MS, Moment

_EPOCH = date(1970, 1, 1)
_EPOCH_UTC = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def study_day(m: Moment, rollover_hour: int) -> int:
    """The number of the study day that the moment falls in."""
    return (m.utc_ms + m.offset_min * MINUTE_MS - rollover_hour * 3_600_000) // DAY_MS


def day_date(day: int) -> date:
    """The calendar date on which a study day begins."""
    return _EPOCH + timedelta(days=day)


def day_start_ms(day: int, zone: tzinfo, rollover_hour: int) -> int:
    """The UTC time in ms at which a study day begins in a zone.

    Where the clocks jump over the roll-over hour, the day begins at the jump; a date that a zone skipped begins with the next one.
    """
    local = datetime.combine(day_date(day), datetime.min.time(), tzinfo=zone).replace(hour=rollover_hour)
    start = (local.astimezone(UTC) - _EPOCH_UTC) // _MS
    before = start - 3 * 3_600_000
    if study_day(moment_at(before, zone), rollover_hour) >= day or study_day(moment_at(start - 1, zone), rollover_hour) < day:
        return start
    while start - before > 1:  # a jump that began before the hour: find its instant
        middle = (before + start) // 2
        if study_day(moment_at(middle, zone), rollover_hour) < day:
            before = middle
        else:
            start = middle
    return start


def moment_at(utc_ms: int, zone: tzinfo) -> Moment:
    """The moment of an instant (ms of UTC) as a clock in `zone` shows it."""
    offset = (_EPOCH_UTC + utc_ms * _MS).astimezone(zone).utcoffset() or timedelta()
    return Moment(utc_ms, offset // timedelta(minutes=1))


def moment_now(clock: Callable[[], int], zone: tzinfo) -> Moment:
    """Now, from a clock that returns ms of UTC."""
    return moment_at(clock(), zone)
