"""The end of a session: what was done, what was missed, what waits tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece
from studyapp.tui.text.md import inline
from studyapp.tui.text.words import count, when

if TYPE_CHECKING:
    from studyapp.api.views import SummaryView

ENDED = {
    "minutes": "The time is up.",
    "cards": "That was the number of cards you asked for.",
    "nothing-left": "Nothing more is due.",
    "left": "To be continued.",
}


class SummaryScreen(KeyScreen):
    """ "14 cards, 9 minutes"."""

    def __init__(self, summary: SummaryView) -> None:
        super().__init__("summary")
        self.summary = summary

    def contexts(self) -> list[str]:
        return ["summary", "read", "scroll", "app"]

    def heading(self) -> tuple[Line, Line]:
        return (Piece("Session", "strong"),), (Piece(ENDED.get(self.summary.why, ""), "dim"),)

    def progress(self) -> float | None:
        return 1.0 if self.summary.cards else None

    def blocks(self, width: int) -> Sequence[Block]:
        view = self.summary
        if not view.cards:
            rows = [BLANK, Block((Piece(ENDED.get(view.why, "Nothing was due."), "head"),))]
        else:
            minutes = max(1, round(view.minutes))
            rows = [BLANK, Block((Piece(f"{count(view.cards, 'card')}, {count(minutes, 'minute')}", "head"),)), BLANK]
            rows += [
                _fact("known", view.right, "good" if view.right else "dim"),
                _fact("missed", view.again, "bad" if view.again else "dim"),
            ]
            rows.append(_fact("met for the first time", view.new, "accent" if view.new else "dim"))
        if view.missed:
            rows += [BLANK, Block((Piece("Come back soon", "dim"),))]
            for row in view.missed:
                rows.append(Block(tuple(inline(str(row["ask"]).replace("\n", " "))), first=(Piece("  ✗ ", "bad"),), wrap=False))
        rows += [BLANK, Block((Piece("Tomorrow  ", "dim"), *_tomorrow(view)))]
        if view.next_due:
            rows.append(Block((Piece("Next card ", "dim"), Piece(when(view.next_due)))))
        return rows

    def do_summary_home(self, _: int) -> None:
        self.study_app.turn_to("home")

    def do_summary_more(self, _: int) -> None:
        self.study_app.turn_to("study", ahead=True)

    def do_app_back(self, _: int) -> None:
        self.study_app.back()


def _fact(label: str, number: int, role: str) -> Block:
    return Block((Piece(f"{number:>4}  ", role), Piece(label)))


def _tomorrow(view: SummaryView) -> Line:
    if not view.tomorrow:
        return (Piece("nothing waits"),)
    return (Piece(f"{count(view.tomorrow, 'card')}, about {count(max(1, view.tomorrow_minutes), 'minute')}"),)
