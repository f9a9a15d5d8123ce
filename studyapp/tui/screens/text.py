"""A text to read: why a card comes when it does, a search result, a lab's log."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean
from studyapp.tui.text.md import markdown


class TextScreen(KeyScreen):
    """A heading and a Markdown text."""

    def __init__(self, heading: str, text: str) -> None:
        super().__init__("text")
        self._heading, self._text = heading, text

    def heading(self) -> tuple[Line, Line]:
        return (Piece(clean(self._heading), "strong"),), ()

    def blocks(self, width: int) -> Sequence[Block]:
        return [BLANK, *markdown(self._text, width)]
