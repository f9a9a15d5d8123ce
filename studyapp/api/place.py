"""Where the data folder is and what time it is: the two things that tests and demos set from outside."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from studyapp.errors import BadInput
from studyapp.memory.state import MINUTE_MS, Moment


def home_dir(given: str | os.PathLike[str] | None) -> Path:
    """The data folder: --home, else STUDYAPP_HOME, else the platform's place for user data."""
    named = given or os.environ.get("STUDYAPP_HOME")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("studyapp", appauthor=False)


def system_ms() -> int:
    """The machine's clock, in ms of UTC."""
    return time.time_ns() // 1_000_000


class Clock:
    """The wall clock with the learner's zone; with `--now ISO` it starts there and runs on at the usual speed.

    `source` gives ms of UTC; tests put their own in.
    """

    def __init__(self, now: str | None = None, zone: str | None = None, source: Callable[[], int] = system_ms) -> None:
        self._source = source
        self._shift_ms = 0
        self._fixed_offset: int | None = None
        self._zone = zone
        if now:
            start = _parse(now)
            self._fixed_offset = start.offset_min
            self._shift_ms = start.utc_ms - source()

    def use_zone(self, zone: str | None) -> None:
        """Count study days in an IANA zone (setting `zone`) instead of the machine's own."""
        self._zone = zone or None

    def now(self) -> Moment:
        """The instant in ms of UTC and the zone's offset at it."""
        utc_ms = self._source() + self._shift_ms
        return Moment(utc_ms, self._offset_min(utc_ms))

    def not_before(self, utc_ms: int) -> None:
        """Begin after this instant where it lies less than a minute ahead: scripts give one `--now` to several commands, which
        must still come in order."""
        if 0 <= utc_ms - (self._source() + self._shift_ms) < MINUTE_MS:
            self._shift_ms = utc_ms + 1 - self._source()

    def at(self, utc_ms: int) -> Moment:
        """Another instant as this clock's zone sees it."""
        return Moment(utc_ms, self._offset_min(utc_ms))

    def _offset_min(self, utc_ms: int) -> int:
        if self._fixed_offset is not None:
            return self._fixed_offset
        if self._zone:
            from zoneinfo import ZoneInfo

            from studyapp.memory.days import moment_at

            return moment_at(utc_ms, ZoneInfo(self._zone)).offset_min
        return (time.localtime(utc_ms / 1000).tm_gmtoff or 0) // 60


def _parse(text: str) -> Moment:
    from datetime import datetime

    try:
        stamp = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"--now {text!r} is not an ISO time; give one like 2026-03-01T09:00+01:00") from None
    stamp = stamp.astimezone() if stamp.tzinfo is None else stamp
    offset = stamp.utcoffset()
    return Moment(int(stamp.timestamp() * 1000), int(offset.total_seconds() // 60) if offset else 0)


def iso(utc_ms: int, offset_min: int) -> str:
    """An instant as ISO 8601 with the zone offset, to the second."""
    from datetime import datetime, timedelta, timezone

    zone = timezone(timedelta(minutes=offset_min))
    return datetime.fromtimestamp(utc_ms / 1000, zone).isoformat(timespec="seconds")


def in_words(seconds: float) -> str:
    """A span as a learner reads it on a button: 45 s, 10 m, 3 h, 12 d, 2.4 mo, 1.3 y."""
    seconds = round(seconds)
    for limit, unit, name in ((60, 1, "s"), (3600, 60, "m"), (86_400, 3600, "h"), (31 * 86_400, 86_400, "d")):
        if round(seconds / unit) * unit < limit:
            return f"{max(1, round(seconds / unit))} {name}"
    months = seconds / (30.44 * 86_400)
    return f"{months:.1f} mo" if months < 12 else f"{seconds / (365.25 * 86_400):.1f} y"
