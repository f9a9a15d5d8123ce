"""The ideas that must be automatic before one goes on: which are, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean
from studyapp.tui.text.words import meter, share


class ReadinessScreen(KeyScreen):
    """A lamp an idea."""

    def __init__(self) -> None:
        super().__init__("readiness")
        self._data: Mapping[str, Any] = {}

    async def opened(self) -> None:
        self._data = self.study.readiness()
        self.draw()

    def heading(self) -> tuple[Line, Line]:
        ideas = self._data.get("ideas", ())
        met = sum(bool(idea["met"]) for idea in ideas)
        return (Piece("Readiness", "strong"),), (
            Piece(f"{met} of {len(ideas)} automatic" if ideas else "", "good" if ideas and met == len(ideas) else "dim"),
        )

    def blocks(self, width: int) -> Sequence[Block]:
        ideas = self._data.get("ideas", ())
        if not ideas:
            return [BLANK, Block((Piece("This course names no ideas that must be automatic.", "dim"),))]
        rows: list[Block] = []
        for idea in ideas:
            sign = Piece("● ", "good") if idea["met"] else Piece("○ ", "dim")
            right = (*meter(idea["retrievability"], 10), Piece(f" {share(idea['retrievability']):>4}", "dim"))
            rows += [BLANK, Block((Piece(clean(idea["title"]), "strong"),), first=(sign,), right=right, wrap=False)]
            if idea["met"]:
                rows.append(Block((Piece("automatic", "good"),), first=(Piece("  "),)))
            rows += [Block((Piece(clean(missing)),), first=(Piece("  "),), rest=(Piece("  "),)) for missing in idea["missing"]]
        if self._data.get("reread"):
            rows += [BLANK, Block((Piece("To reread in the companion explainer  ", "dim"), Piece(clean(", ".join(self._data["reread"])))))]
        return rows
