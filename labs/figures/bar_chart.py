"""Lying bars, one a row, with their standard errors and the learner's own guesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labs.figures import canvas as sheet
from labs.figures.canvas import Canvas
from labs.figures.numbers import checked_error, finite, round_ticks, said, span, with_error
from labs.figures.words import COLUMNS, cut, ended, opened, plain, wrapped
from studyapp.labkit.api import Picture

ROW, THICK, GAP = 48, 34, 8  # pixels: a row, its bar, the room between rows of different groups
EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True)
class Bar:
    """One bar: its value with one standard error (0 = none), a mark at another value (a guess), and the group it stands in."""

    label: str
    value: float
    error: float = 0.0
    mark: float | None = None
    group: str = ""


def bars(
    key: str, title: str, rows: Sequence[Bar], unit: str = "", top: float | None = None, png: bool = True, mark: str = "your guess"
) -> Picture:
    """A bar a row from 0 to its value; `top` is the end of the scale (the largest number where None), `mark` says what the marks
    are. Raises ValueError where a number is not finite, or an error below 0."""
    for row in rows:
        finite(plain(row.label), row.value)
        checked_error(plain(row.label), row.error)
        finite(f"the mark of {plain(row.label)}", row.mark or 0.0)
    if top is not None:
        finite("the top of the scale", top)
    ends = [row.value + way * row.error for row in rows for way in (1, -1)] + [row.mark for row in rows if row.mark is not None]
    low, high = span([*ends, *([top] if top is not None else [])], with_zero=True)
    if top is not None and all(end >= 0 for end in ends):
        high = max(top, *(row.value for row in rows), *(row.mark for row in rows if row.mark is not None), 0.0) if rows else top
        low = 0.0
    scale = (low, high if high > low else low + 1)
    unit, mark = plain(unit), plain(mark)
    text = _text(title, rows, unit, scale, mark)
    drawn = (_drawn(title, rows, unit, scale, mark) if rows else sheet.empty(title)) if png else None
    return Picture(key=key, png=drawn, grid=text, alt=_alt(title, rows, unit, mark))


def _alt(title: str, rows: Sequence[Bar], unit: str, mark: str) -> str:
    if not rows:
        return f"{opened(title)} no bars."
    parts, group = [], ""
    for row in rows:
        head = f"{plain(row.group)}: " if row.group and row.group != group else ""
        guess = f" ({mark} {with_error(row.mark, 0, unit)})" if row.mark is not None else ""
        parts.append(f"{head}{plain(row.label)} {with_error(row.value, row.error, unit)}{guess}")
        group = row.group
    errors = " ± is one standard error." if any(row.error for row in rows) else ""
    return ended(f"{opened(title)} {'; '.join(parts)}") + errors


def _legend(rows: Sequence[Bar], mark: str, sign: str, whisker: str) -> str:
    parts = [f"{sign} {mark}"] if any(row.mark is not None for row in rows) else []
    return " · ".join([*parts, *([f"{whisker} one standard error"] if any(row.error for row in rows) else [])])


def _text(title: str, rows: Sequence[Bar], unit: str, scale: tuple[float, float], mark: str) -> tuple[str, ...]:
    if not rows:
        return sheet.nothing(title)
    label = min(24, max(len(plain(row.label)) for row in rows))
    tails = [with_error(row.value, row.error, unit) for row in rows]
    room = max(12, COLUMNS - label - 2 - min(24, max(map(len, tails))))
    lines, group = wrapped(title), ""
    for row, tail in zip(rows, tails, strict=True):
        if row.group != group:
            lines.append(cut(row.group, COLUMNS))
            group = row.group
        lines.append(f"{cut(row.label, label):<{label}} {_bar(row, scale, room)} {cut(tail, COLUMNS - label - room - 2)}".rstrip())
    legend = _legend(rows, mark, "┃", "±")
    ends = f"{said(scale[0])}{said(scale[1]):>{max(1, room - len(said(scale[0])))}}"
    return (*lines, f"{'':{label}} {ends}", *([cut(legend, COLUMNS)] if legend else []))


def _bar(row: Bar, scale: tuple[float, float], room: int) -> str:
    """The bar as block characters, to an eighth of one."""

    def place(value: float) -> float:
        return min(float(room), max(0.0, (value - scale[0]) / (scale[1] - scale[0]) * room))

    begin, end = sorted((round(place(0) * 8), round(place(row.value) * 8)))
    cells = []
    for cell in range(room):
        full = min(end, cell * 8 + 8) - max(begin, cell * 8)
        cells.append(EIGHTHS[max(0, full)] if begin <= cell * 8 else ("█" if full >= 4 else " "))
    if row.mark is not None:
        cells[min(room - 1, int(place(row.mark)))] = "┃"
    return "".join(cells)


def _drawn(title: str, rows: Sequence[Bar], unit: str, scale: tuple[float, float], mark: str) -> bytes:
    tails = [with_error(row.value, row.error, unit) for row in rows]
    left = 30 + min(330.0, max(sheet.wide(row.label) for row in rows))
    right = sheet.WIDTH - 24 - max(sheet.wide(tail) for tail in tails)
    groups = sum(row.group != before for row, before in zip(rows, ["", *(row.group for row in rows)], strict=False))
    legend = _legend(rows, mark, "|", "|-|")
    height = len(rows) * ROW + groups * (ROW - 6) + 44 + (40 if legend else 0)
    canvas, y = sheet.headed(title, height)

    def x(value: float) -> float:
        return left + (min(max(value, scale[0]), scale[1]) - scale[0]) / (scale[1] - scale[0]) * (right - left - 16)

    bottom = y + height - 44 - (40 if legend else 0)
    for tick in round_ticks(*scale):
        canvas.line([(x(tick), y), (x(tick), bottom)], sheet.RULE, 2)
        canvas.text(x(tick), bottom + 20, said(tick), sheet.SMALL, sheet.DIM, "mm")
    group, colour = "", -1
    for row, tail in zip(rows, tails, strict=True):
        if row.group != group or colour < 0:
            colour += 1
        if row.group != group:
            canvas.box(0, y + 1, left - 4, y + ROW - 8, sheet.PAPER)
            canvas.text(16, y + (ROW - 6) / 2, row.group, sheet.LABEL, sheet.COLOURS[colour % len(sheet.COLOURS)])
            y, group = y + ROW - 6, row.group
        middle = y + ROW / 2
        canvas.text(left - 12, middle, sheet.fitted(row.label, left - 28), anchor="rm")
        canvas.text(right, middle, tail)
        begin, end = sorted((x(0), x(row.value)))
        canvas.box(begin, middle - THICK / 2, end, middle + THICK / 2, sheet.COLOURS[colour % len(sheet.COLOURS)])
        if row.error:
            _whisker(canvas, x(row.value - row.error), x(row.value + row.error), middle)
        if row.mark is not None:
            _own(canvas, x(row.mark), middle)
        y += ROW
    canvas.line([(x(0), bottom - (len(rows) * ROW + groups * (ROW - 6))), (x(0), bottom)], sheet.INK, 3)
    if legend:
        _key(canvas, left, bottom + 60, mark, any(row.mark is not None for row in rows), any(row.error for row in rows))
    return canvas.png()


def _whisker(canvas: Canvas, low: float, high: float, y: float) -> None:
    """A standard error: a line with ends, rimmed so that it is seen on its bar and on paper."""
    for colour, width in ((sheet.PAPER, 8), (sheet.INK, 4)):
        canvas.line([(low, y), (high, y)], colour, width)
        for end in (low, high):
            canvas.line([(end, y - 9), (end, y + 9)], colour, width)


def _own(canvas: Canvas, x: float, y: float) -> None:
    for colour, width in ((sheet.PAPER, 11), (sheet.OWN, 6)):
        canvas.line([(x, y - ROW / 2 + 1), (x, y + ROW / 2 - 1)], colour, width)
    canvas.marker("diamond", x, y - ROW / 2 + 5, 7, sheet.OWN)


def _key(canvas: Canvas, x: float, y: float, mark: str, marks: bool, errors: bool) -> None:
    if marks:
        canvas.line([(x + 6, y - 14), (x + 6, y + 14)], sheet.OWN, 6)
        canvas.marker("diamond", x + 6, y - 12, 7, sheet.OWN)
        canvas.text(x + 22, y, mark, sheet.SMALL)
        x += 50 + sheet.wide(mark, sheet.SMALL)
    if errors:
        _whisker(canvas, x + 4, x + 40, y)
        canvas.text(x + 52, y, "one standard error", sheet.SMALL)
