"""How a quiz went: each question with its outcome and what was missed, and what to revisit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean
from studyapp.tui.text.md import inline
from studyapp.tui.text.words import count, meter

if TYPE_CHECKING:
    from studyapp.api.quiz import QuizResult, QuizRow

SIGNS = {"right": ("✓", "good"), "partial": ("◐", "warn"), "wrong": ("✗", "bad"), "self": ("·", "dim"), "open": ("○", "dim")}


class ResultScreen(KeyScreen):
    """Right, partly right, missed, open; then pages, explainer places and labs to go back to."""

    def __init__(self, result: QuizResult) -> None:
        super().__init__("result")
        self.result = result

    def contexts(self) -> list[str]:
        return ["summary", "read", "scroll", "app"]

    def heading(self) -> tuple[Line, Line]:
        return (Piece("Result", "strong"),), (Piece(count(max(1, round(self.result.minutes)), "minute"), "dim"),)

    def blocks(self, width: int) -> Sequence[Block]:
        result = self.result
        total = len(result.rows)
        score = (Piece(f"{result.right} of {total} right   ", "head"), *meter(result.right / max(1, total), 20))
        rows = [BLANK, Block(score, wrap=False), BLANK]
        for row in result.rows:
            rows += _question(row)
        revisit = self._revisit()
        if revisit:
            rows += [BLANK, Block((Piece("To revisit", "head"),)), *revisit]
        return rows

    def _revisit(self) -> list[Block]:
        rows: list[Block] = []
        for id, title in self.result.sections:
            rows.append(Block((Piece("  page       ", "dim"), Piece(clean(title), "under")), click=f"result.page:{id}"))
        if self.result.explainer:
            rows.append(_labelled("explainer", ", ".join(self.result.explainer)))
        for lab in self.result.labs:
            rows.append(Block((Piece("  lab        ", "dim"), Piece(clean(lab), "under")), click=f"result.lab:{lab}"))
        missed = [row.id for row in self.result.rows if row.outcome in ("wrong", "partial")]
        if missed:
            rows.append(_labelled("cards", ", ".join(missed)))
        return rows

    async def click(self, target: str) -> None:
        kind, _, id = target.partition(":")
        if kind == "result.page":
            self.study_app.open("page", section=id)
        elif kind == "result.lab":
            self.study_app.open("lab", lab=id)
        else:
            await super().click(target)

    def do_summary_home(self, _: int) -> None:
        self.study_app.turn_to("home")

    def do_summary_more(self, _: int) -> None:
        self.study_app.turn_to("study")


def _question(row: QuizRow) -> list[Block]:
    sign, role = SIGNS.get(row.outcome, ("·", "dim"))
    rows = [Block(tuple(inline(row.ask.replace("\n", " "))), first=(Piece(f"  {sign} ", role),), rest=(Piece("    "),), wrap=False)]
    for point in row.missed:
        rows.append(Block(tuple(inline(point, "dim")), first=(Piece("      missed: ", "dim"),), rest=(Piece(" " * 14),)))
    return rows


def _labelled(label: str, text: str) -> Block:
    return Block((Piece(clean(text)),), first=(Piece(f"  {label:<11}", "dim"),), rest=(Piece(" " * 13),))
