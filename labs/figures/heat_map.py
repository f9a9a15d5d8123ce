"""A matrix of numbers as shaded cells with the numbers in them, some of them framed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from labs.figures import canvas as paper
from labs.figures.numbers import finite, picked, said, span
from labs.figures.words import COLUMNS, SHADES, cut, letter, listed, opened, plain, wrapped
from studyapp.labkit.api import Picture

LABELS = 22  # characters of a row's name
STOPS = ((28, 33, 48), (46, 84, 140), (38, 150, 156), (126, 201, 98), (253, 231, 76))  # low to high: rising lightness, so no hue is needed
READ_OUT = 64  # cells; of a larger matrix the extremes of each row are said
Matrix = Sequence[Sequence[float]]


def heat(
    key: str,
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Matrix,
    marked: Collection[tuple[int, int]] = (),
    png: bool = True,
) -> Picture:
    """`values` is one row of numbers for each name of `rows`, one number for each of `columns`; `marked` holds (row, column) of
    cells that are framed. Raises ValueError where sizes do not fit or a number is not finite."""
    matrix = [[float(value) for value in row] for row in values]
    if len(matrix) != len(rows) or any(len(row) != len(columns) for row in matrix):
        raise ValueError(f"{len(matrix)} rows of numbers do not fit {len(rows)} row and {len(columns)} column names")
    for name, row in zip(rows, matrix, strict=True):
        finite(f"a cell of {plain(name)}", *row)
    for place in marked:
        if not (0 <= place[0] < len(rows) and 0 <= place[1] < len(columns)):
            raise ValueError(f"there is no cell {place[0]}, {place[1]} to mark")
    if not rows or not columns:
        alt, drawn = f"{opened(title)} no cells.", paper.empty(title) if png else None
        return Picture(key=key, png=drawn, grid=paper.nothing(title), alt=alt)
    marks = {(int(row), int(column)) for row, column in marked}
    drawn = _drawn(title, rows, columns, matrix, marks) if png else None
    return Picture(key=key, png=drawn, grid=_text(title, rows, columns, matrix, marks), alt=_alt(title, rows, columns, matrix, marks))


def _alt(title: str, rows: Sequence[str], columns: Sequence[str], matrix: Matrix, marked: Collection[tuple[int, int]]) -> str:
    parts = []
    whole = len(rows) * len(columns) <= READ_OUT
    told = range(len(rows)) if whole else picked(len(rows))
    for n in told:
        row = matrix[n]
        if whole:
            words = ", ".join(f"{plain(name)} {said(value)}" for name, value in zip(columns, row, strict=True))
        else:
            low, high = row.index(min(row)), row.index(max(row))
            words = f"from {said(row[low])} ({plain(columns[low])}) to {said(row[high])} ({plain(columns[high])})"
        parts.append(f"{plain(rows[n])}: {words}")
    which = "each row" if len(told) == len(rows) else f"{len(told)} rows"
    size = "" if whole else f" ({len(rows)} x {len(columns)} cells, highest and lowest of {which})"
    frames = [f"{plain(rows[r])} / {plain(columns[c])} {said(matrix[r][c])}" for r, c in sorted(marked)]
    shown = frames if len(frames) <= 16 else [*frames[:15], f"{len(frames) - 15} more"]
    return f"{opened(plain(title) + size)} {'; '.join(parts)}.{f' Marked: {listed(shown)}.' if shown else ''}"


def short(value: float) -> str:
    """A number in at most five characters where that can be: 0.53 as .53."""
    if value == int(value) and abs(value) < 100_000:
        return str(int(value))
    text = f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}" if abs(value) < 100 else f"{value:.0f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def _headings(columns: Sequence[str], room: float, width: object = None) -> tuple[list[str], list[str]]:
    """Names of the columns, or letters and a key to them where one is too long."""
    names = [plain(name) for name in columns]
    fits = max(map(len, names)) <= room if width is None else max(paper.wide(name, paper.SMALL) for name in names) <= room
    if fits:
        return names, []
    letters = [letter(n) for n in range(len(names))]
    return letters, [f"{sign} = {name}" for sign, name in zip(letters, names, strict=True)]


def _text(title: str, rows: Sequence[str], columns: Sequence[str], matrix: Matrix, marked: Collection[tuple[int, int]]) -> tuple[str, ...]:
    low, high = span(value for row in matrix for value in row)
    label = min(LABELS, max(len(plain(name)) for name in rows))
    width = min(9, (COLUMNS - label - 1) // len(columns))
    numbers = [[short(value) for value in row] for row in matrix]
    with_numbers = width >= 3 + max(len(number) for row in numbers for number in row)
    width = width if with_numbers else min(3, width)
    step = 1 if width else -(-len(columns) // (COLUMNS - label - 1))
    heads, legend = _headings(columns, max(width, 1) - 1)
    lines = wrapped(title)
    if width > max(len(head) for head in heads):
        lines.append(" " * (label + 1) + "".join(f"{head:>{width}}" for head in heads))
    for n, (name, row) in enumerate(zip(rows, matrix, strict=True)):
        cells = []
        for m in range(0, len(row), step):
            part = row[m : m + step]
            shade = SHADES[min(4, int((sum(part) / len(part) - low) / (high - low) * 5))]
            if with_numbers:
                inside = f"[{numbers[n][m]}]" if (n, m) in marked else f"{numbers[n][m]} "
                cells.append(shade + f"{inside:>{width - 1}}")
            else:
                cells.append(
                    "◆".center(max(1, width), shade) if any((n, c) in marked for c in range(m, m + step)) else shade * max(1, width)
                )
        lines.append((f"{cut(name, label):<{label}} " + "".join(cells)).rstrip())
    signs = "[ ]" if with_numbers else "◆"
    notes = [f"shades from {said(low)} to {said(high)}"] + ([f"{signs} marked"] if marked else [])
    notes += [f"a character is {step} columns"] if step > 1 else []
    return (*lines, *wrapped(" · ".join(notes)), *(wrapped(", ".join(legend)) if legend and width > 1 else []))


def _colour(part: float) -> tuple[int, int, int]:
    place = min(0.999999, max(0.0, part)) * (len(STOPS) - 1)
    a, b, rest = STOPS[int(place)], STOPS[int(place) + 1], place % 1
    red, green, blue = (round(u + (v - u) * rest) for u, v in zip(a, b, strict=True))
    return red, green, blue


def _drawn(title: str, rows: Sequence[str], columns: Sequence[str], matrix: Matrix, marked: Collection[tuple[int, int]]) -> bytes:
    low, high = span(value for row in matrix for value in row)
    left = 28 + min(300.0, max(paper.wide(name, paper.SMALL) for name in rows))
    side = (paper.WIDTH - 16 - left) / len(columns)
    tall = max(6.0, min(side, 90.0, max(44.0, 900 / len(rows)), 900 / len(rows)))
    heads, legend = _headings(columns, side - 6, paper)
    named = side >= 26
    keys = _key_rows(legend) if named else []
    canvas, top = paper.headed(title, (40 if named else 6) + len(rows) * tall + len(keys) * 32 + 50)
    top += 40 if named else 6
    if named:
        for m, head in enumerate(heads):
            canvas.text(left + (m + 0.5) * side, top - 20, head, paper.SMALL, paper.DIM, "mm")
    figures = side >= 10 + max(paper.wide(short(value), paper.SMALL) for row in matrix for value in row) and tall >= 28
    for n, (name, row) in enumerate(zip(rows, matrix, strict=True)):
        y = top + n * tall
        if tall >= 20:
            canvas.text(left - 10, y + tall / 2, paper.fitted(name, left - 24, paper.SMALL), paper.SMALL, anchor="rm")
        for m, value in enumerate(row):
            x, colour = left + m * side, _colour((value - low) / (high - low))
            gap = 1 if side >= 8 else 0
            canvas.box(x, y, x + side - gap, y + tall - gap, "#{:02x}{:02x}{:02x}".format(*colour))
            if figures:
                bright = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] > 120
                canvas.text(x + side / 2, y + tall / 2, short(value), paper.SMALL, "#000000" if bright else paper.INK, "mm")
    for n, m in sorted(marked):
        x, y = left + m * side, top + n * tall
        out = 0 if side >= 20 else 4  # around a small cell, inside a large one
        canvas.box(x - out, y - out, x + side - 1 + out, y + tall - 1 + out, edge=paper.OWN, width=min(5.0, max(3.0, side / 6)))
    _scale(canvas, left, top + len(rows) * tall + 26, low, high, bool(marked))
    for n, line in enumerate(keys):
        canvas.text(16, top + len(rows) * tall + 62 + n * 32, line, paper.SMALL, paper.DIM)
    return canvas.png()


def _key_rows(legend: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for entry in legend:
        longer = f"{lines[-1]}, {entry}" if lines else entry
        lines = [*lines[:-1], longer] if lines and paper.wide(longer, paper.SMALL) <= paper.WIDTH - 32 else [*lines, entry]
    return lines


def _scale(canvas: paper.Canvas, x: float, y: float, low: float, high: float, marked: bool) -> None:
    """What the colours and the frames mean."""
    canvas.text(x, y, said(low), paper.SMALL, paper.DIM)
    x += paper.wide(said(low), paper.SMALL) + 10
    for n in range(40):
        canvas.box(x + n * 5, y - 11, x + n * 5 + 5, y + 11, "#{:02x}{:02x}{:02x}".format(*_colour(n / 39)))
    canvas.text(x + 210, y, said(high), paper.SMALL, paper.DIM)
    if marked:
        x += 250 + paper.wide(said(high), paper.SMALL)
        canvas.box(x, y - 12, x + 24, y + 12, edge=paper.OWN, width=4)
        canvas.text(x + 34, y, "marked", paper.SMALL)
