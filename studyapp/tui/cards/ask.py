"""The question side of a card, as blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from studyapp.tui.cards.said import said
from studyapp.tui.sheets.base import Sheet
from studyapp.tui.text.ink import BLANK, Block, Piece, clean
from studyapp.tui.text.md import inline, markdown

if TYPE_CHECKING:
    from studyapp.api.views import CardView


def ask_blocks(card: CardView, sheet: Sheet, width: int, note: str = "") -> list[Block]:
    """Question, what the kind needs under it, hints taken, and a note (a near miss, a refused answer)."""
    rows = [BLANK, *question(card, sheet.ask(), width), *sheet.blocks(width)]
    if sheet.prompt and not sheet.typing:
        rows += [BLANK, BLANK, Block((Piece(sheet.prompt, "dim"),))]
    rows += hint_blocks(card.hints)
    if note:
        rows += [BLANK, Block((Piece(note, "warn"),), first=(Piece("! ", "warn"),), rest=(Piece("  "),))]
    return rows


def meant_blocks(card: CardView, given: Any, forms: Sequence[str], width: int) -> list[Block]:
    """A misspelt answer, and the question whether it was meant as what it is near to."""
    told: list[Piece] = [Piece("Close. Did you mean ")]
    for n, form in enumerate(forms):
        told += [*([Piece(" and " if n == len(forms) - 1 else ", ")] if n else []), Piece(clean(form), "strong")]
    return [
        *_given(card, given, width),
        BLANK,
        Block((*told, Piece("?   "), Piece("y", "key", "meant.yes"), Piece(" yes   "), Piece("n", "key", "meant.no"), Piece(" no"))),
    ]


def waiting_blocks(card: CardView, given: Any, judge: str, width: int) -> list[Block]:
    """Free text that is being read."""
    return [*_given(card, given, width), BLANK, Block((Piece("reading ...", "strong"), Piece(f"   {clean(judge)}", "dim")))]


def _given(card: CardView, given: Any, width: int) -> list[Block]:
    rows = [BLANK, *question(card, card.shown.ask, width), BLANK]
    for n, row in enumerate(part for text in said(given, card.shown) for part in text.split("\n")):
        rows.append(Block((Piece(clean(row)),), first=(Piece(f"{'' if n else 'yours':<8}", "dim"),), rest=(Piece(" " * 8),)))
    return rows


def question(card: CardView, ask: str, width: int, role: str = "strong") -> list[Block]:
    """The question; of a case the situation stays plain and its last paragraph, the question itself, is strong."""
    rows: list[Block] = []
    paragraphs = [part for part in ask.split("\n\n") if part.strip()] or [ask]
    for number, part in enumerate(paragraphs):
        last = number == len(paragraphs) - 1
        rows += [*([BLANK] if number else []), *markdown(part, width, role if last and _is_text(part) else "")]
    if card.shown.shown:
        rows += [BLANK, chain(card.shown.shown)]
    return rows


def chain(shown: Sequence[str]) -> Block:
    """The stages of a `missing` item, the gap marked."""
    pieces: list[Piece] = []
    for number, text in enumerate(shown):
        if number:
            pieces.append(Piece(" → ", "dim"))
        pieces += [Piece("▁▁▁?▁▁▁", "key")] if "___" in text and not text.strip("_ ") else inline(text)
    return Block(tuple(pieces), first=(Piece("   "),), rest=(Piece("   "),))


def hint_blocks(hints: Sequence[str]) -> list[Block]:
    """The hints taken so far."""
    rows: list[Block] = []
    for number, hint in enumerate(hints, 1):
        label = f"hint {number}  " if len(hints) > 1 else "hint  "
        rows += [BLANK, Block(tuple(inline(hint)), first=(Piece(label, "accent"),), rest=(Piece(" " * len(label)),))]
    return rows


def _is_text(part: str) -> bool:
    """Not code, a table or a list: those keep their own look."""
    return not part.lstrip().startswith(("```", "|", "- ", "* "))
