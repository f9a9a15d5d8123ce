"""A lab's questions on the answer sheets that cards use."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from studyapp.course.view import Shown
from studyapp.tui.sheets.base import Sheet, Step, hint_line
from studyapp.tui.sheets.chosen import ChoiceSheet, MultiSheet, OrderSheet
from studyapp.tui.sheets.typed import LineSheet, RowsSheet
from studyapp.tui.text.ink import BLANK, Block, Piece
from studyapp.tui.text.md import inline

if TYPE_CHECKING:
    from studyapp.labkit.api import Question


def sheet_of(question: Question) -> Sheet:
    """A fresh sheet for a question."""
    shown = shown_of(question)
    match question.kind:
        case "choice" | "explain":
            return ChoiceSheet(shown, question.confidence)
        case "multi":
            return MultiSheet(shown, question.confidence)
        case "pick":
            return (
                ChoiceSheet(shown, question.confidence) if question.count == 1 else MultiSheet(shown, question.confidence, question.count)
            )
        case "order":
            return OrderSheet(shown, question.confidence, (question.first, question.last))
        case "match":
            return MatchSheet(question)
        case "code":
            return CodeSheet(shown, question.stub)
        case "text":
            return TextSheet(shown, question.confidence)
        case "interval":
            return IntervalSheet(shown, question.confidence)
        case "shape":
            return ShapeSheet(shown, question.confidence, question.axes)
        case "number":
            return LineSheet(shown, question.confidence)


def reason_sheet(question: Question) -> ChoiceSheet:
    """The second tier: why is it so?"""
    assert question.reason is not None
    options = tuple((option.id, option.text) for option in question.reason.options)
    return ChoiceSheet(_shown(question, "choice", options, question.reason.ask))


def shown_of(question: Question) -> Shown:
    """The question as the sheets know it."""
    options = tuple((option.id, option.text) for option in getattr(question, "options", ()))
    return _shown(question, "number" if question.kind in ("number", "interval") else question.kind, options, question.ask)


def _shown(question: Question, form: str, options: tuple[tuple[str, str], ...], ask: str) -> Shown:
    unit = getattr(question, "unit", "") or None
    return Shown(key=question.id, kind="lab", form=form, section="", ask=ask, draw="", options=options, unit=unit)


class ShapeSheet(LineSheet):
    """A tensor shape, its axes named."""

    def __init__(self, shown: Shown, ask_confidence: bool, axes: Sequence[str]) -> None:
        super().__init__(shown, ask_confidence)
        self.placeholder = ", ".join(axes)


class IntervalSheet(RowsSheet):
    """The two ends, one after the other."""

    def __init__(self, shown: Shown, ask_confidence: bool) -> None:
        super().__init__(shown, ask_confidence, 2)
        self.placeholder = "the lower end, then the upper end"

    def blocks(self, width: int) -> Sequence[Block]:
        low, high = (row.strip() or "…" for row in self.rows)
        return [BLANK, hint_line(f"from {low} to {high}")]

    def value(self) -> Any:
        return [row.strip() for row in self.rows] if all(row.strip() for row in self.rows) else None


class TextSheet(LineSheet):
    """A few sentences."""

    typing = "area"

    def contexts(self) -> list[str]:
        return ["essay", *(["typing-confidence"] if self.ask_confidence else [])]

    def act(self, action: str, position: int) -> Step:
        return Step.REVEAL if action == "type.done" else super().act(action, position)

    def restore(self, draft: str) -> None:
        self.text = draft


class MatchSheet(Sheet):
    """Digits give the marked left entry its right one; arrows move the mark. Each entry's time is counted from the one before."""

    prompt = ""

    def __init__(self, question: Any) -> None:
        super().__init__(shown_of(question), question.confidence)
        self.left = [(option.id, option.text) for option in question.left]
        self.right = [(option.id, option.text) for option in question.right]
        self.pairs: dict[str, str] = {}
        self.at = 0
        self._seconds: dict[str, float] = {}
        self._since: float | None = None

    def started(self, now_s: float) -> None:
        self._since = now_s

    def item_seconds(self) -> dict[str, float]:
        return {left: round(self._seconds[left], 1) for left in self.pairs if left in self._seconds}

    @property
    def ready(self) -> bool:
        return len(self.pairs) == len(self.left)

    def contexts(self) -> list[str]:
        return ["match", *(["confidence"] if self.ask_confidence and self.ready else []), *(["reveal"] if self.ready else [])]

    def act(self, action: str, position: int) -> Step:
        if action == "ask.pair" and position < len(self.right):
            self._count(self.left[self.at][0])
            self.pairs[self.left[self.at][0]] = self.right[position][0]
            open_rows = [n for n, (id, _) in enumerate(self.left) if id not in self.pairs]
            self.at = open_rows[0] if open_rows else min(self.at + 1, len(self.left) - 1)
            return Step.CHANGED
        if action in ("ask.pair_down", "ask.pair_up"):
            self.at = (self.at + (1 if action == "ask.pair_down" else -1)) % len(self.left)
            return Step.CHANGED
        return super().act(action, position)

    def blocks(self, width: int) -> Sequence[Block]:
        texts = dict(self.right)
        rows = [BLANK]
        for n, (id, text) in enumerate(self.left):
            here = n == self.at
            given = texts.get(self.pairs.get(id, ""), "…")
            body = (*inline(text, "strong" if here else ""), Piece("  →  ", "dim"), *inline(given, "" if id in self.pairs else "dim"))
            rows.append(Block(body, first=(Piece(" ▸ " if here else "   ", "key"),), rest=(Piece("     "),)))
        rows.append(BLANK)
        for n, (_, text) in enumerate(self.right):
            rows.append(Block(tuple(inline(text)), first=(Piece(f"   {n + 1}  ", "key"),), rest=(Piece("      "),), click=f"ask.pair:{n}"))
        return rows

    def value(self) -> Any:
        return dict(self.pairs) or None

    def draft(self) -> str:
        return "\n".join(f"{left}\t{right}\t{self._seconds.get(left, 0.0):.1f}" for left, right in self.pairs.items())

    def restore(self, draft: str) -> None:
        rows = [line.split("\t") for line in draft.split("\n") if line.count("\t") == 2]
        known = {id for id, _ in self.left}, {id for id, _ in self.right}
        rows = [row for row in rows if row[0] in known[0] and row[1] in known[1]]
        self.pairs = {left: right for left, right, _ in rows}
        self._seconds = {left: float(seconds) for left, _, seconds in rows if seconds.replace(".", "", 1).isdecimal()}

    def _count(self, left: str) -> None:
        now = time.monotonic()
        if self._since is not None:
            self._seconds[left] = self._seconds.get(left, 0.0) + now - self._since
        self._since = now


class CodeSheet(Sheet):
    """A code task: its source is written in the editor screen or in $EDITOR."""

    prompt = ""

    def __init__(self, shown: Shown, stub: str) -> None:
        super().__init__(shown)
        self.stub = stub
        self.source = stub

    def contexts(self) -> list[str]:
        return ["lab-code"]

    def blocks(self, width: int) -> Sequence[Block]:
        state = "as given: nothing is written yet" if self.source.strip() == self.stub.strip() else "yours"
        rows = [BLANK, hint_line(f"the code, {state}")]
        rows += [
            Block((Piece(line.replace("\t", "    "), "code"),), first=(Piece("  ┃ ", "rule"),), wrap=False)
            for line in self.source.split("\n")
        ]
        return rows

    def value(self) -> Any:
        return None if self.source.strip() == self.stub.strip() else {"source": self.source}

    def draft(self) -> str:
        return "" if self.source == self.stub else self.source

    def restore(self, draft: str) -> None:
        self.source = draft or self.stub
