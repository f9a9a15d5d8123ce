"""One line asked of the learner: a note, a search, a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.edit import Edit
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean


class LineDialog(KeyScreen):
    """`then` gets the text on Enter; Esc goes back without it."""

    def __init__(self, question: str, then: Callable[[str], None], text: str = "") -> None:
        super().__init__("dialog")
        self._question, self._then = question, then
        self.edit: Edit = Edit(text)

    def heading(self) -> tuple[Line, Line]:
        return (Piece("studyapp", "strong"),), ()

    def blocks(self, width: int) -> Sequence[Block]:
        return [BLANK, Block((Piece(clean(self._question), "strong"),))]

    def contexts(self) -> list[str]:
        return ["dialog", "app"]

    def do_dialog_enter(self, _: int) -> None:
        text = self.edit.text
        self.app.pop_screen()
        self._then(text)
