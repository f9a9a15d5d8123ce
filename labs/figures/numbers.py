"""Numbers of a chart: how they are written, and where the round ones of an axis lie."""

from __future__ import annotations

import math
from collections.abc import Iterable

COUNT = 8  # numbers of a series that are read out in full; of a longer one some are


def said(value: float, digits: int = 4) -> str:
    """A number in at most `digits` significant digits; whole numbers and thousands in full."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{digits}g}" if abs(value) >= 0.001 else f"{value:.2g}"


def with_error(value: float, error: float = 0.0, unit: str = "") -> str:
    """A number with its standard error and unit: "0.63 ± 0.05 %"."""
    return said(value) + (f" ± {said(error, 2)}" if error else "") + (f" {unit}" if unit else "")


def finite(what: str, *values: float) -> None:
    """Raise ValueError in one line where a number is missing or endless."""
    for value in values:
        if not math.isfinite(value):
            raise ValueError(f"{what} is {value}, which cannot be drawn")


def checked_error(what: str, error: float) -> None:
    """Raise ValueError where a standard error is no number of 0 or more."""
    finite(f"the error of {what}", error)
    if error < 0:
        raise ValueError(f"the error of {what} is {said(error)}, less than 0")


def span(values: Iterable[float], with_zero: bool = False) -> tuple[float, float]:
    """Lowest and highest, apart from each other even for a single value; 0..1 for none."""
    found = [*values, *([0.0] if with_zero else [])]
    if not found:
        return 0.0, 1.0
    low, high = min(found), max(found)
    if low < high:
        return low, high
    if with_zero:
        return low, low + 1
    half = abs(low) / 2 or 0.5
    return low - half, high + half


def round_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers (1, 2 or 5 times a power of ten apart) from low to high, about so many."""
    step = 10.0 ** math.floor(math.log10((high - low) / max(1, about)))
    step *= next(factor for factor in (1, 2, 5, 10) if (high - low) / (step * factor) <= about + 0.5)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{n * step:.12g}") for n in range(first, last + 1)]


def picked(count: int, telling: Iterable[int] = ()) -> list[int]:
    """Which of `count` places are read out: all of a short series, else some at equal distances, both ends, and the telling ones."""
    if count <= COUNT:
        return list(range(count))
    return sorted({*(round(n * (count - 1) / (COUNT - 1)) for n in range(COUNT)), *telling})
