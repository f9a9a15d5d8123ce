"""What is shown while the terminal is too small."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen

from studyapp.tui.text.ink import Block, Piece, lay
from studyapp.tui.widgets.paper import Bar


class SmallScreen(Screen[None]):
    """One line over everything; the screens beneath keep their state."""

    def __init__(self, line: str) -> None:
        super().__init__(name="too-small")
        self._line = line
        self._bar = Bar(id="small")

    def compose(self) -> ComposeResult:
        self._bar.styles.height = "100%"
        yield self._bar

    def on_mount(self) -> None:
        self.say(self._line)

    def on_resize(self) -> None:
        self.say(self._line)

    def say(self, line: str) -> None:
        """Another size, another line."""
        self._line = line
        self._bar.show(lay([Block((Piece(line, "warn"),))], max(8, self.app.size.width)))
        self._bar.refresh()
