"""Free text on the other side of its card: the learner's words with what a judge found in them, and the key points to tick."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from studyapp.tui.text.ink import BLANK, Block, Line, Piece, beside, clean, lay, width_of
from studyapp.tui.text.md import inline

if TYPE_CHECKING:
    from studyapp.api.views import CardView, RevealView
    from studyapp.study.grading import Reading

TICK_KEYS = "abcdefghi"
BESIDE = 84  # columns that the learner's text and the reference need to stand beside each other
NOT_SURE = 0.6  # a confidence below this is told

VERDICTS = {
    "right": ("✓ Right", "good"),
    "partial": ("◐ Partly right", "warn"),
    "wrong": ("✗ Not found in it", "bad"),
}
STATES = {"found": ("✓ found   ", "good"), "unsure": ("? unsure  ", "warn"), "missed": ("· missed  ", "dim")}


class Marked(NamedTuple):
    """A passage of the text: `tag` stands after it, `role` paints it."""

    start: int
    end: int
    tag: str
    role: str


def verdict_rows(view: RevealView, reading: Reading) -> list[Block]:
    """What is proposed, and by whom where it is not the default."""
    word, role = VERDICTS.get(str(view.judgement.outcome), ("", ""))
    pieces = [Piece(word, role)]
    if view.proposal is not None:
        before = ", as you decided before" if reading.rating is not None else ""
        missing = view.proposal.word == "again" and any(p.indispensable and not p.found for p in view.judgement.points)
        because = ", for want of a point with *" if missing and str(view.judgement.outcome) == "partial" and not before else ""
        unsure = " (not sure)" if reading.confidence < NOT_SURE and not before else ""
        pieces.append(Piece(f"   proposed: {view.proposal.word}{because}{before}{unsure}", "dim"))
    rows = [Block(tuple(pieces))]
    if reading.judge != "default":
        rows.append(Block((Piece(f"read by {clean(reading.judge)}", "dim"),)))
    if reading.notice:
        rows.append(Block((Piece(clean(reading.notice), "note"),), first=(Piece("! ", "warn"),), rest=(Piece("  "),)))
    return rows


def text_rows(view: RevealView, reading: Reading, width: int) -> list[Block]:
    """The learner's text with the passages marked; the reference stands beside it where there is room."""
    reference = clean(view.reveal.reference)
    if not reference or width < BESIDE:
        return marked_text("yours", reading, view)
    half = (width - 3) // 2
    left = lay([Block((Piece("yours", "dim"),)), *marked_text("", reading, view)], half)
    right = lay([Block((Piece("the answer", "dim"),)), Block(tuple(inline(reference)))], half)
    return [Block(line, wrap=False) for line in beside(left, right, half)]


def reference_rows(view: RevealView, reading: Reading | None, width: int) -> list[Block]:
    """The reference under the points, where it does not stand beside the learner's text."""
    if not view.reveal.reference or (reading is not None and width >= BESIDE):
        return []
    label = f"{'answer':<8}"
    return [BLANK, Block(tuple(inline(clean(view.reveal.reference).strip())), first=(Piece(label, "dim"),), rest=(Piece(" " * 8),))]


def doubt_rows(reading: Reading, width: int) -> list[Block]:
    """The one misconception that is suspected, as a question, or what the learner said to it."""
    doubt = reading.doubt
    if doubt is None:
        return []
    told: Line = (Piece(clean(doubt.question), "strong"),)
    keys: Line = ()
    if doubt.said is None:
        yes, no = "doubt.yes", "doubt.no"
        keys = (Piece("y", "key", yes), Piece(" yes   ", "", yes), Piece("n", "key", no), Piece(" no", "", no))
        if width_of((*told, *keys)) + 5 <= width:
            told, keys = (*told, Piece("   "), *keys), ()
    elif doubt.said:
        told = (*told, Piece("   Yes: partly right at best.", "warn"))
    else:
        told = (*told, Piece("   No" + (", as you decided before." if doubt.before else "."), "dim"))
    rows = [BLANK, Block(told, first=(Piece("! ", "warn"),), rest=(Piece("  "),))]
    return [*rows, Block(keys, first=(Piece("  "),))] if keys else rows


def tick_rows(card: CardView, view: RevealView) -> list[Block]:
    """The key points with their boxes, and with their states where a judge has read the answer."""
    reading = view.judgement.reading
    must = "   * must not be missing" if any(point.indispensable for point in view.judgement.points) else ""
    head = "What was found in it; a letter ticks or unticks." if reading else "Which of these did you say?"
    rows = [Block((Piece(head + must, "dim"),))]
    side = ""
    for n, point in enumerate(view.judgement.points):
        name, text = sided(clean(point.text), card.shown.sides)
        if name and name != side:
            rows.append(Block((Piece(name, "strong"),), first=(Piece("  "),)))
            side = name
        click = f"rate.tick:{n}"
        ticked = view.ticks.get(point.id, point.found)
        box = Piece("[x] " if ticked else "[ ] ", "good" if ticked else "dim", click)
        star = Piece("* ", "warn", click) if point.indispensable else Piece("  ", "", click)
        first: Line = (Piece(f"  {TICK_KEYS[n] if n < len(TICK_KEYS) else ' '} ", "key", click), box)
        body = tuple(piece._replace(click=click) for piece in inline(text))
        if reading is not None:
            mark = reading.marks[n]
            first = (*first, Piece(*STATES[mark.shown], click))
            if mark.before is not None:
                body = (*body, Piece("  as you decided before", "dim", click))
        first = (*first, star)
        rows.append(Block(body, first=first, rest=(Piece(" " * sum(len(piece.text) for piece in first)),)))
    return rows


def marked_text(label: str, reading: Reading, view: RevealView) -> list[Block]:
    """The text with its passages underlined, each followed by the letters of its points; [?] stands for unsure, [!] for the doubt."""
    passages = _passages(reading, view)
    rows: list[Block] = []
    start = 0
    for line in reading.text.split("\n"):
        pieces = _pieces(line, start, passages)
        first = f"{label if not rows else '':<8}" if label else ""
        rows.append(Block(tuple(pieces), first=(Piece(first, "dim"),), rest=(Piece(" " * len(first)),)) if pieces else BLANK)
        start += len(line) + 1
    return rows


def sided(text: str, sides: Sequence[str]) -> tuple[str, str]:
    """A contrast's point names its side before a colon: the side, the rest."""
    side, colon, rest = text.partition(": ")
    return (side, rest) if colon and side in sides else ("", text)


def _passages(reading: Reading, view: RevealView) -> list[Marked]:
    found = []
    for n, (point, mark) in enumerate(zip(view.judgement.points, reading.marks, strict=True)):
        letter = TICK_KEYS[n] if n < len(TICK_KEYS) else "+"
        if mark.span and view.ticks.get(point.id, point.found):
            found.append(Marked(*mark.span, letter, "good under"))
        elif mark.span and mark.shown == "unsure":
            found.append(Marked(*mark.span, letter + "?", "warn under"))
    doubt = reading.doubt
    if doubt is not None and doubt.span and doubt.said is not False:
        found.append(Marked(*doubt.span, "!", "warn under"))
    return found


def _pieces(line: str, start: int, passages: Sequence[Marked]) -> list[Piece]:
    """One line of the text that begins at `start`, cut where a passage begins or ends."""
    end = start + len(line)
    cuts = sorted({start, end, *(at for passage in passages for at in (passage.start, passage.end) if start < at < end)})
    pieces = []
    for here, there in pairwise(cuts):
        over = [passage for passage in passages if passage.start <= here and there <= passage.end]
        role = next((role for role in ("good under", "warn under") if any(p.role == role for p in over)), "")
        pieces.append(Piece(clean(line[here - start : there - start]), role))
        tags = [passage.tag for passage in passages if passage.end == there]
        if tags:
            pieces.append(Piece(f"[{' '.join(tags)}]", "key"))
    return pieces
