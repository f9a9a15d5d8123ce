"""From the model's raw intervals to whole days: rounding, floors, fuzz, the order of the buttons, the maximum.

The rule (DESIGN 5) gives Anki's intervals exactly when fuzz is off. Fuzz spreads cards that were learned together over
neighbouring days; its random number is a hash of the item and its review count, so a replay gives the same day again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from hashlib import blake2b

_FUZZ_LEAST = 2  # days; fuzz never makes a card come back tomorrow


def fuzz_delta(x: float) -> float:
    """How many days an interval of x days may be moved either way: more for a longer one, by a falling share."""
    if x < 2.5:
        return 0.0
    if x <= 7:
        return 1.0 + 0.15 * (x - 2.5)
    if x <= 20:
        return 1.675 + 0.10 * (x - 7)
    return 2.975 + 0.05 * (x - 20)


def fuzz_uniform(key: str, reps: int) -> float:
    """A number in [0, 1) that is fixed by the item and how often it was answered before."""
    return int.from_bytes(blake2b(f"{key}/{reps}".encode(), digest_size=6).digest()) / 2**48


def intervals(raw: Sequence[float], last_ivl: int, maximum: int, uniform: float | None = None) -> list[int]:
    """Whole days for the passing buttons, in rising order of the buttons.

    `raw`: the model's intervals in days (hard, good, easy; or those that leave the learning steps). `last_ivl`: the last interval,
    0 if there was none. `uniform`: in [0, 1) for fuzz, None for none. Each button gets at least a day more than the one
    before it, up to `maximum`.
    """
    days: list[int] = []
    for x in raw:
        least = max(_floor(x, last_ivl), days[-1] + 1 if days else 1)
        days.append(min(_fuzzed(x, least, uniform), maximum))
    return days


def round_half_up(x: float) -> int:
    """Nearest whole number, halves upwards (Python's own `round` takes halves to the even neighbour)."""
    return math.floor(x + 0.5)


def _floor(x: float, last_ivl: int) -> int:
    """A pass that the model wants to lengthen is lengthened, and fuzz alone never shortens an interval."""
    if round_half_up(x) > last_ivl:
        return last_ivl + 1
    return last_ivl if round_half_up(x + fuzz_delta(x)) >= last_ivl else 0


def _fuzzed(x: float, least: int, uniform: float | None) -> int:
    centre = max(x, float(least))
    delta = fuzz_delta(centre)
    if uniform is None or delta == 0:
        return round_half_up(centre)
    low = max(round_half_up(centre - delta), least, _FUZZ_LEAST)
    high = max(round_half_up(centre + delta), low)
    return low + int(uniform * (high - low + 1))
