"""The other side of a card, as blocks: yours beside the answer, what was wrong and why, the reason with its source, the points to tick."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from studyapp.tui.cards import points
from studyapp.tui.cards.ask import hint_blocks, question
from studyapp.tui.cards.said import said
from studyapp.tui.text.ink import BLANK, Block, Piece, beside, clean, lay
from studyapp.tui.text.md import inline, markdown

if TYPE_CHECKING:
    from studyapp.api.views import CardView, RevealView
    from studyapp.study.grading import Judgement

SOURCE = re.compile(r"arXiv|\b(19|20)\d\d\)$")
SIDE_BY_SIDE = 60  # columns that two answers need to stand beside each other

VERDICTS = {
    "right": ("✓ Right", "good"),
    "near": ("≈ Close", "warn"),
    "partial": ("◐ Partly right", "warn"),
    "wrong": ("✗ Not right", "bad"),
    "lucky": ("✗ Right, but for a wrong reason", "bad"),
}


def reveal_blocks(card: CardView, given: Any, view: RevealView, width: int) -> list[Block]:
    """The whole reveal face; `given` is the answer in its JSON form, None when it stayed in the head."""
    kind = card.shown.form
    rows = [BLANK, *question(card, card.shown.ask, width), BLANK]
    if kind == "choice":
        rows += _options(card, view, given)
    elif view.judgement.points:
        rows += _points(card, view, given, width)
    else:
        rows += _answers(card, view, given, kind, width)
    rows += _trap(view.judgement, said_already=kind == "choice")
    if view.reveal.worked:
        rows += [BLANK, *_labelled("worked", view.reveal.worked, width)]
    if view.reveal.why:
        rows += [BLANK, *why_blocks(view.reveal.why, width)]
    return rows + hint_blocks(card.hints)


def why_blocks(why: str, width: int) -> list[Block]:
    """The reason; its source, a last bracket that names a paper, stays quiet."""
    text, bracket, source = why.strip().rpartition("(")
    if "\n" in why.strip() or not bracket or not SOURCE.search(source):
        return _labelled("why", why, width)
    block = _labelled("why", text.strip(), width)[0]
    return [Block((*block.pieces, Piece(" (" + source, "dim")), block.first, block.rest)]


def verdict(judgement: Judgement) -> Piece | None:
    """The outcome in words and sign; None where the learner judges."""
    found = VERDICTS.get(str(judgement.outcome))
    return Piece(*found) if found else None


def _answers(card: CardView, view: RevealView, given: Any, kind: str, width: int) -> list[Block]:
    """One answer, or yours beside it."""
    answer = clean(view.reveal.answer)
    mine = said(given, card.shown)
    if kind == "true-false-repair":
        return _truth(view, given)
    if not mine:
        return [_line_of("answer", answer, width)] if "\n" not in answer else [_head("the answer"), *markdown(answer, width, indent="  ")]
    word = verdict(view.judgement)
    head: list[Block] = [Block((word,)), BLANK] if word else []
    if str(view.judgement.outcome) == "right" and kind in ("short", "number", "missing", "cloze") and len(mine) == 1:
        return [*head, *_labelled("yours", mine[0], width), *_labelled("answer", answer, width, "good")]
    right_rows = (
        said(view.judgement.expected, card.shown)
        if kind == "order"
        else [row.removeprefix("- ") for row in answer.split("\n") if row.strip()]
    )
    if width < SIDE_BY_SIDE:
        marks = [_mark(mine[n] == row) for n, row in enumerate(right_rows)] if kind == "order" else []
        return [*head, *_column("yours", mine, marks), BLANK, *_column("the answer", right_rows, [], "good")]
    return [*head, *(_pairs(mine, right_rows, width) if kind == "order" else _two(mine, right_rows, width))]


def _two(mine: list[str], right: list[str], width: int) -> list[Block]:
    """Yours and the answer, each as a column."""
    half = (width - 3) // 2
    rows = beside(lay(_column("yours", mine, []), half), lay(_column("the answer", right, [], "good"), half), half)
    return [Block(line, wrap=False) for line in rows]


def _pairs(mine: list[str], right: list[str], width: int) -> list[Block]:
    """An order, place by place, so that each row can be compared."""
    half = (width - 3) // 2
    rows = beside(lay([_head("yours")], half), lay([_head("the answer")], half), half)
    for n, text in enumerate(right):
        own = mine[n] if n < len(mine) else ""
        left = Block(tuple(inline(own)), first=(_mark(own == text), Piece(f"{n + 1} ", "dim")), rest=(Piece("    "),))
        rows += beside(
            lay([left], half),
            lay([Block(tuple(inline(text, "good")), first=(Piece(f"{n + 1} ", "dim"),), rest=(Piece("  "),))], half),
            half,
        )
    return [Block(line, wrap=False) for line in rows]


def _mark(same: bool) -> Piece:
    return Piece("✓ ", "good") if same else Piece("✗ ", "bad")


def _column(title: str, rows: list[str], marks: list[Piece], role: str = "") -> list[Block]:
    blocks = [_head(title)]
    for n, row in enumerate(rows):
        sign = (marks[n],) if n < len(marks) else ()
        blocks.append(Block(tuple(inline(row, role)), first=sign, rest=(Piece("  "),) if sign else ()))
    return blocks


def _options(card: CardView, view: RevealView, given: Any) -> list[Block]:
    """All options: yours and the right one marked, each with its sentence; the others quiet."""
    expected = view.judgement.expected
    right = set(expected) if isinstance(expected, list) else {expected}
    chosen = set(given) if isinstance(given, list) else {given}
    word = verdict(view.judgement)
    rows: list[Block] = [Block((word,)), BLANK] if word else []
    for number, (id, text) in enumerate(card.shown.options, 1):
        sign, role = _sign(id in right, id in chosen)
        tail = {"✗": "  ← yours", "✓": "  ← yours" if id in chosen else ""}.get(sign, "")
        body = [*inline(text, role), *([Piece(tail, "dim")] if tail else [])]
        first = (Piece(" "), Piece(sign, "good" if sign == "✓" else "bad" if sign == "✗" else ""), Piece(f" {number}  ", "dim"))
        rows.append(Block(tuple(body), first=first, rest=(Piece("      "),)))
        sentence = view.reveal.says.get(id, "")
        if sign.strip() and sentence:
            rows.append(Block(tuple(inline(sentence, "note" if sign == "✗" else "")), first=(Piece("      "),), rest=(Piece("      "),)))
    return rows


def _sign(right: bool, chosen: bool) -> tuple[str, str]:
    if right:
        return "✓", "good"
    return ("✗", "bad") if chosen else (" ", "dim")


def _points(card: CardView, view: RevealView, given: Any, width: int) -> list[Block]:
    """The key points with their tick boxes; what a judge found in the learner's words; the model answer beside or under yours."""
    reading = view.judgement.reading
    rows: list[Block] = []
    mine = said(given, card.shown)
    if card.shown.form == "true-false-repair":
        rows += [*_truth(view, given), BLANK]
        mine = mine[1:]
    if reading is not None:
        rows += [*points.verdict_rows(view, reading), BLANK, *points.text_rows(view, reading, width)]
        rows += [*points.doubt_rows(reading, width), BLANK]
    elif mine:
        rows += [*_labelled("yours", "\n".join(mine), width), BLANK]
    return [*rows, *points.tick_rows(card, view), *points.reference_rows(view, reading, width)]


def _truth(view: RevealView, given: Any) -> list[Block]:
    """Whether the statement is true, and whether that was seen."""
    truth = view.reveal.value is True
    seen = (given.get("value") if isinstance(given, dict) else given) is truth
    sign = Piece("✓ ", "good") if seen else Piece("✗ ", "bad")
    tail = " You saw that; now the correction." if seen and not truth else "" if seen else f" You said {str(not truth).lower()}."
    return [Block((sign, Piece(f"The statement is {str(truth).lower()}.", "good" if seen else "bad"), Piece(tail, "dim")))]


def _trap(judgement: Judgement, said_already: bool) -> list[Block]:
    """What was wrong and why, in the sentence of the misconception."""
    sentence = (judgement.trap.say if judgement.trap else "") or judgement.say
    if not sentence or said_already or str(judgement.outcome) == "right":
        return []
    return [BLANK, Block(tuple(inline(sentence, "note")), first=(Piece("▌ ", "warn"),), rest=(Piece("▌ ", "warn"),))]


def _labelled(label: str, text: str, width: int, role: str = "") -> list[Block]:
    """A quiet word at the left, the text hanging beside it."""
    head = f"{label:<8}"
    if "\n" in text.strip():
        return [_head(label), *markdown(text.strip(), width, role, indent="  ")]
    return [Block(tuple(inline(text.strip(), role)), first=(Piece(head, "dim"),), rest=(Piece(" " * len(head)),))]


def _line_of(label: str, text: str, width: int) -> Block:
    return _labelled(label, text, width, "good")[0]


def _head(text: str) -> Block:
    return Block((Piece(text, "dim"),))
