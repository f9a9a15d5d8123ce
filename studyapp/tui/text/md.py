"""Course Markdown as pieces and blocks: the course's own light renderer, its style words turned into roles."""

from __future__ import annotations

from studyapp.course.text import Line as Spans
from studyapp.course.text import inline_spans
from studyapp.tui.text.ink import BLANK, Block, Piece

ROLES = {
    "bold": "strong",
    "italic": "emph",
    "code": "code",
    "heading": "head",
    "quote": "dim",
    "rule": "rule",
    "link": "under",
}


def inline(text: str, role: str = "") -> list[Piece]:
    """One paragraph."""
    return _pieces(inline_spans(text), role)


def markdown(text: str, width: int, role: str = "", indent: str = "") -> list[Block]:
    """Any course text, broken to `width` cells; each line is a block of its own."""
    if _one_paragraph(text):
        return [Block(tuple(inline(text, role)), first=(Piece(indent),), rest=(Piece(indent),))]
    from studyapp.course.blocks import markdown_lines

    lines = markdown_lines(text, width - len(indent))
    return [Block(tuple(_pieces(line, role)), first=(Piece(indent),), wrap=False) if line else BLANK for line in lines]


def _one_paragraph(text: str) -> bool:
    """Most asks and answers: nothing that could start a block, so the block renderer need not be imported."""
    return "\n" not in text and text.lstrip()[:1] not in "#>-*+|`~0123456789_"


def _pieces(spans: Spans, role: str) -> list[Piece]:
    return [Piece(text, _role(style, role)) for text, style in spans]


def _role(style: str, role: str) -> str:
    if not style:
        return role
    if "block" in style:  # fenced: most are diagrams, which need no paint
        return role
    words = " ".join(ROLES[word] for word in style.split())
    if "strong" in words and role in ("strong", "good"):  # bold in what is bold already
        words += " under"
    return f"{role} {words}".strip()
