"""A table: text only."""

from __future__ import annotations

from collections.abc import Sequence

from labs.figures.numbers import finite, said
from labs.figures.words import COLUMNS, cut, ended, opened, plain, wrapped
from studyapp.labkit.api import Picture

Cell = str | float | int | bool | None


def table(key: str, title: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Picture:
    """Cells are text or numbers (numbers to the right; None is left empty). Too wide a table has its widest columns cut in the lines;
    the words hold all of it. Raises ValueError where a row has another length than the header."""
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"a row of {len(row)} cells does not fit a header of {len(header)}")
    written = [[_written(cell) for cell in row] for row in rows]
    right = [bool(rows) and all(_number(row[n]) or row[n] is None for row in rows) for n in range(len(header))]
    widths = [max(len(plain(head)), *(len(row[n]) for row in written), 1) for n, head in enumerate(header)]
    while widths and sum(widths) + 2 * (len(widths) - 1) > COLUMNS and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1

    def line(cells: Sequence[str]) -> str:
        fitted = [cut(cell, width) for cell, width in zip(cells, widths, strict=True)]
        sides = zip(fitted, widths, right, strict=True)
        return "  ".join(f"{cell:>{width}}" if to_right else f"{cell:<{width}}" for cell, width, to_right in sides).rstrip()[:COLUMNS]

    rule = "  ".join("─" * width for width in widths)[:COLUMNS]
    lines = (*wrapped(title), line([plain(head) for head in header]), rule, *(line(row) for row in written))
    told = "; ".join(", ".join(f"{plain(head)} {cell}".strip() for head, cell in zip(header, row, strict=True) if cell) for row in written)
    return Picture(key=key, grid=lines, alt=ended(f"{opened(title)} {told or 'no rows'}"))


def _number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        finite("a cell of the table", cell)
        return said(cell)
    return plain(cell)
