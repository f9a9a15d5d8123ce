"""Two axes with round numbers: the drawn frame of a plot, and the same in characters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from labs.figures import canvas as paper
from labs.figures.canvas import Canvas
from labs.figures.numbers import round_ticks, said
from labs.figures.words import COLUMNS, cut, plain

SIGNS = "●■▲◆×○"  # of the drawn markers, in their order
CLASH, BETWEEN, MARK = "&", "·", "┊"
HIGH = 14  # lines of a plot in text
PLOT = 400  # pixels high


@dataclass(frozen=True)
class Scale:
    """From numbers to 0..1, straight or by the logarithm."""

    low: float
    high: float
    log: bool = False

    def __call__(self, value: float) -> float:
        low, high = self.low, self.high
        if self.log:
            low, high, value = math.log10(low), math.log10(high), math.log10(value)
        return (value - low) / (high - low)

    def ticks(self, about: int) -> list[float]:
        """Round numbers; powers of ten, where the scale is logarithmic and holds two of them."""
        if not self.log:
            return round_ticks(self.low, self.high, about)
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        if last - first < 1:
            return [tick for tick in round_ticks(self.low, self.high, about) if tick > 0]
        return [10.0**n for n in range(first, last + 1, max(1, math.ceil((last - first + 1) / (about + 1))))]


def widened(low: float, high: float, log: bool, part: float = 0.04) -> Scale:
    """A scale with a little room at both ends."""
    if log:
        factor = (high / low) ** part
        return Scale(low / factor, high * factor, True)
    room = (high - low) * part
    return Scale(low - room, high + room)


@dataclass(frozen=True)
class Axes:
    """The drawn frame of a plot: pixels of its inside, and its two scales."""

    canvas: Canvas
    left: float
    right: float
    top: float
    bottom: float
    across: Scale
    up: Scale

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of a point; what lies outside is put on the rim."""
        part, height = (min(1.0, max(0.0, place)) for place in (self.across(x), self.up(y)))
        return self.left + part * (self.right - self.left), self.bottom - height * (self.bottom - self.top)


def drawn_axes(title: str, across: Scale, up: Scale, x: str, y: str, legend: Sequence[tuple[str, str, str]], side: float = PLOT) -> Axes:
    """A sheet with title, legend (words, marker, colour), frame, rules and numbers. The marker "own" is an upright line."""
    rows = _legend_rows(legend)
    head = len(rows) * 36 + (34 if y else 8)
    canvas, top = paper.headed(title, head + side + (78 if x else 46))
    for n, row in enumerate(rows):
        _legend_row(canvas, row, top + n * 36 + 18)
    ticks = up.ticks(5)
    left = 28 + max((paper.wide(said(tick), paper.SMALL) for tick in ticks), default=0)
    made = Axes(canvas, left, paper.WIDTH - 28, top + head, top + head + side, across, up)
    if y:
        canvas.text(16, made.top - 20, y, paper.SMALL, paper.DIM)
    for tick in ticks:
        _, level = made.at(across.low, tick)
        canvas.line([(left, level), (made.right, level)], paper.RULE, 2)
        canvas.text(left - 10, level, said(tick), paper.SMALL, paper.DIM, "rm")
    for tick in across.ticks(7):
        place, _ = made.at(tick, up.low)
        canvas.line([(place, made.bottom), (place, made.bottom + 8)], paper.DIM, 3)
        canvas.text(place, made.bottom + 24, said(tick), paper.SMALL, paper.DIM, "mm")
    if x:
        canvas.text((left + made.right) / 2, made.bottom + 58, x, paper.SMALL, paper.DIM, "mm")
    canvas.line([(left, made.top), (left, made.bottom), (made.right, made.bottom)], paper.DIM, 3)
    return made


def _legend_rows(legend: Sequence[tuple[str, str, str]]) -> list[list[tuple[str, str, str]]]:
    rows: list[list[tuple[str, str, str]]] = []
    room = 0.0
    for entry in legend:
        width = 62 + paper.wide(entry[0], paper.SMALL)
        if not rows or width > room:
            rows, room = [*rows, []], paper.WIDTH - 32.0
        rows[-1].append(entry)
        room -= width
    return rows


def _legend_row(canvas: Canvas, row: Sequence[tuple[str, str, str]], y: float) -> None:
    x = 16.0
    for words, marker, colour in row:
        if marker == "own":
            canvas.line([(x + 12, y - 15), (x + 12, y + 15)], colour, 5, dashed=6)
        else:
            canvas.line([(x - 2, y), (x + 28, y)], colour, 4)
            canvas.marker(marker, x + 13, y, 9, colour)
        canvas.text(x + 38, y, words, paper.SMALL)
        x += 62 + paper.wide(words, paper.SMALL)


class TextPlot:
    """A plot in characters, at most COLUMNS wide."""

    def __init__(self, across: Scale, up: Scale, lines: int = HIGH) -> None:
        self.across, self.up, self.lines = across, up, lines
        self.labels = {self._row(tick): said(tick) for tick in up.ticks(5)}
        self.margin = min(12, max((len(label) for label in self.labels.values()), default=0))
        self.columns = COLUMNS - self.margin - 1
        self.cells = [[" "] * self.columns for _ in range(lines)]

    def _row(self, y: float) -> int:
        return self.lines - 1 - min(self.lines - 1, max(0, int(self.up(y) * self.lines)))

    def _column(self, x: float) -> int:
        return min(self.columns - 1, max(0, int(self.across(x) * self.columns)))

    def point(self, x: float, y: float, sign: str) -> None:
        row, column = self._row(y), self._column(x)
        there = self.cells[row][column]
        self.cells[row][column] = sign if there in (" ", BETWEEN, MARK, sign) else CLASH

    def mark(self, x: float) -> None:
        for row in self.cells:
            row[self._column(x)] = MARK

    def join(self, a: tuple[float, float], b: tuple[float, float]) -> None:
        """Dots from a to b, where nothing else stands."""
        (x0, y0), (x1, y1) = ((self.across(x) * self.columns, self.up(y) * self.lines) for x, y in (a, b))
        steps = max(1, int(max(abs(x1 - x0) / 2, abs(y1 - y0))))
        for n in range(1, steps):
            column, row = int(x0 + (x1 - x0) * n / steps), self.lines - 1 - int(y0 + (y1 - y0) * n / steps)
            if 0 <= row < self.lines and 0 <= column < self.columns and self.cells[row][column] == " ":
                self.cells[row][column] = BETWEEN

    @property
    def clashes(self) -> bool:
        return any(CLASH in row for row in self.cells)

    def rows(self, x: str = "", y: str = "") -> list[str]:
        made = [cut(y, COLUMNS)] if y else []
        for n, row in enumerate(self.cells):
            tick = "┤" if n in self.labels else "│"
            made.append(f"{cut(self.labels.get(n, ''), self.margin):>{self.margin}}{tick}{''.join(row)}".rstrip())
        made.append(f"{'':{self.margin}}└{'─' * self.columns}")
        numbers = [" "] * (self.columns + 1)
        free = 0
        for tick_at in self.across.ticks(7):
            words = said(tick_at)
            start = min(len(numbers) - len(words), max(0, self._column(tick_at) + 1 - len(words) // 2))
            if start >= free:
                numbers[start : start + len(words)] = words
                free = start + len(words) + 1
        made.append(" " * self.margin + "".join(numbers).rstrip())
        return [*made, f"{plain(x):^{COLUMNS}}".rstrip()[:COLUMNS]] if x else made
