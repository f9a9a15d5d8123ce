"""`studyapp memory --batch`: the model and the interval rule for a history given as data, with the default settings and fuzz off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from studyapp.errors import BadInput
from studyapp.memory.fsrs import D_DECIMALS, S_DECIMALS, next_states, state_after
from studyapp.memory.intervals import intervals
from studyapp.memory.state import Rating, Settings

MOST_DAYS = 1_000_000
_DEFAULTS = Settings(fuzz=False)
_PASSES = (Rating.HARD, Rating.GOOD, Rating.EASY)


def memory_line(obj: object) -> dict[str, Any]:
    """`{"history": [[days since previous, rating 1-4], ...], "elapsed": days, "last_ivl": days}` to `{"s", "d", "hard_good_easy"}`.

    s and d are the state after the history; `hard_good_easy` are the next intervals in days if it is answered `elapsed`
    days later, the last interval having been `last_ivl`. Raises BadInput that says what is wrong.
    """
    if not isinstance(obj, dict):
        raise BadInput('expected an object {"history": [[days, rating], ...], "elapsed": days, "last_ivl": days}')
    history = _history(obj.get("history"))
    elapsed = _days(obj.get("elapsed"), "elapsed")
    last_ivl = _days(obj.get("last_ivl"), "last_ivl")
    s, d = state_after(history)
    states = next_states(round(s, S_DECIMALS), round(d, D_DECIMALS), elapsed, _DEFAULTS.retention, None)
    raw = [states[rating].interval for rating in _PASSES]
    return {"s": s, "d": d, "hard_good_easy": intervals(raw, last_ivl, _DEFAULTS.maximum_interval)}


def memory_batch(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One result a line of JSON; a bad line gives `{"error": "line N: reason"}` and the rest go on. Empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield memory_line(json.loads(line))
        except (ValueError, RecursionError) as error:
            yield {"error": f"line {number}: not JSON: {error}"}
        except BadInput as error:
            yield {"error": f"line {number}: {error}"}


def _history(value: object) -> list[tuple[int, int]]:
    if not isinstance(value, list) or not value:
        raise BadInput("history: expected a list of [days since previous, rating 1-4] with at least one answer")
    return [_answer(entry, index) for index, entry in enumerate(value)]


def _answer(entry: object, index: int) -> tuple[int, int]:
    where = f"history[{index}]"
    if not isinstance(entry, list) or len(entry) != 2:
        raise BadInput(f"{where}: expected [days since previous, rating 1-4], got {_shown(entry)}")
    days, rating = entry
    if not _whole(rating) or not 1 <= rating <= 4:
        raise BadInput(f"{where}: the rating must be 1, 2, 3 or 4, got {_shown(rating)}")
    return _days(days, where), rating


def _days(value: Any, where: str) -> int:
    if not _whole(value) or not 0 <= value <= MOST_DAYS:
        raise BadInput(f"{where}: the days must be a whole number from 0 to {MOST_DAYS}, got {_shown(value)}")
    return int(value)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: object) -> str:
    text = json.dumps(value)
    return "nothing" if value is None else text if len(text) <= 40 else text[:37] + "..."
