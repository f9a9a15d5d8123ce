"""Small wordings: counts, dates, shares, bars."""

from __future__ import annotations

from studyapp.tui.text.ink import Line, Piece

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def count(number: int, thing: str) -> str:
    """ "1 card", "14 cards"."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def when(iso: str) -> str:
    """An ISO time as a learner reads it: "Monday 2 March, 16:20"."""
    from datetime import datetime

    stamp = datetime.fromisoformat(iso)
    return f"{DAYS[stamp.weekday()]} {stamp.day} {MONTHS[stamp.month - 1]}, {stamp:%H:%M}"


def share(value: float | None) -> str:
    """ "82%", and a dash where there is nothing to say yet."""
    return "–" if value is None else f"{value:.0%}"


def meter(value: float | None, cells: int) -> Line:
    """A bar of so many cells; empty where there is nothing yet."""
    filled = 0 if value is None else round(cells * min(1.0, max(0.0, value)))
    return (Piece("━" * filled, "bar"), Piece("─" * (cells - filled), "rule"))
