"""Styled text without Textual: pieces with a role, blocks that wrap, lines that are painted as they are.

Screens compose blocks, `lay` breaks them to a width, the Paper widget paints the lines. Nothing here is markup, so a course
text like `[CLS] token` is shown as it stands; `clean` takes out what could drive the terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from studyapp.course.text import cell_width, wrap
from studyapp.course.text import safe_text as clean

__all__ = ["BLANK", "Block", "Line", "Piece", "beside", "cell_width", "clean", "heading", "lay", "line_text", "rule", "width_of"]


class Piece(NamedTuple):
    """A run of text. `role` names how it is painted (themes.py); `click` is the action that a mouse click on it does, `id` or `id:3`."""

    text: str
    role: str = ""
    click: str = ""


Line = tuple[Piece, ...]


class Block(NamedTuple):
    """One paragraph. `first` and `rest` stand before its first and further lines; `right` ends its first line; `wrap` False crops."""

    pieces: Line = ()
    first: Line = ()
    rest: Line = ()
    right: Line = ()
    wrap: bool = True
    click: str = ""  # for the whole line


BLANK = Block()


def width_of(pieces: Iterable[Piece]) -> int:
    """Cells that the pieces take."""
    return sum(cell_width(piece.text) for piece in pieces)


def line_text(line: Line) -> str:
    """The bare text of a line."""
    return "".join(piece.text for piece in line)


def rule(width: int, share: float | None = None) -> Line:
    """A horizontal rule; with `share` its left part is drawn strong, as a progress bar."""
    filled = 0 if share is None else round(width * min(1.0, max(0.0, share)))
    return (Piece("━" * filled, "bar"), Piece("─" * (width - filled), "rule"))


def lay(blocks: Sequence[Block], width: int, margin: int = 0) -> list[Line]:
    """Break blocks into lines of at most `width` cells, each after `margin` spaces."""
    pad = (Piece(" " * margin),) if margin else ()
    lines: list[Line] = []
    for block in blocks:
        for line in _break(block, max(8, width)):
            shown = tuple(Piece(p.text, p.role, p.click or block.click) for p in line) if block.click else line
            lines.append(pad + shown)
    return lines


def heading(left: Line, right: Line, room: int) -> Block:
    """A title line of `room` cells: what follows the first piece on the left is cropped before the right gives way."""
    return Block(left, right=right if width_of((*left[:1], *right)) < room else (), wrap=False)


def beside(left: Sequence[Line], right: Sequence[Line], width: int, gap: int = 3) -> list[Line]:
    """Two columns: `left` padded to `width` cells, a gap, `right`."""
    rows: list[Line] = []
    for index in range(max(len(left), len(right))):
        a = left[index] if index < len(left) else ()
        b = right[index] if index < len(right) else ()
        rows.append((*a, Piece(" " * (width - width_of(a) + gap)), *b) if b else a)
    return rows


def _break(block: Block, width: int) -> list[Line]:
    before = max(width_of(block.first), width_of(block.rest))
    after = width_of(block.right)
    room = max(4, width - before - (after + 1 if after else 0))
    body = _wrapped(block.pieces, room) if block.wrap else [_crop(block.pieces, room)]
    lines = [(block.rest if number else block.first) + pieces for number, pieces in enumerate(body)]
    if after:
        lines[0] = (*lines[0], Piece(" " * max(1, width - width_of(lines[0]) - after)), *block.right)
    return lines


def _crop(pieces: Line, width: int) -> Line:
    if width_of(pieces) <= width:
        return pieces
    out: list[Piece] = []
    left = max(1, width - 1)
    for piece in pieces:
        kept = _head(piece.text, left)
        out.append(piece._replace(text=kept))
        left -= cell_width(kept)
        if kept != piece.text:
            break
    return (*out, Piece("…", "dim"))


def _head(text: str, width: int) -> str:
    """As much of the text as fits in `width` cells."""
    while cell_width(text) > width:
        text = text[:-1]
    return text


def _wrapped(pieces: Line, width: int) -> list[Line]:
    """Broken by the course's own rule; a span's style carries the number of its piece."""
    spans = [(piece.text, str(number)) for number, piece in enumerate(pieces)]
    return [tuple(pieces[int(style)]._replace(text=text) if style else Piece(text) for text, style in line) for line in wrap(spans, width)]
