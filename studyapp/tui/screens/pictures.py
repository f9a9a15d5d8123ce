"""Pictures drawn as well as the terminal can (kitty, sixel, or half cells), each with its words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from studyapp.tui.lab.images import image
from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import Line, Piece, clean

WORDS = 5  # rows below the picture
REST = " … (all of it on the page)"


def fitted(text: str, width: int) -> str:
    """As much of the words as there is room for; what is left out is said to be."""
    if len(textwrap.wrap(text, width)) <= WORDS:
        return text
    lines = textwrap.wrap(text, width)[:WORDS]
    return " ".join([*lines[:-1], lines[-1][: width - len(REST)].rpartition(" ")[0] + REST])


class PicturesScreen(KeyScreen):
    """One picture at a time, that at place `at` first; the arrows turn."""

    CSS = """
    PicturesScreen #picture { height: 1fr; align: center middle; }
    PicturesScreen #picture > * { width: auto; height: auto; }  /* as large as fits; a height of its own would stretch wide ones */
    PicturesScreen #alt { height: auto; max-height: 5; padding: 0 2; }
    PicturesScreen #paper { display: none; }
    """

    def __init__(self, pictures: Sequence[tuple[Path, str]], at: int = 0) -> None:
        super().__init__("pictures")
        self._pictures = list(pictures)
        self.at = at
        self._frame = VerticalScroll(id="picture", can_focus=False)
        self._alt = Static("", id="alt", markup=False)

    def body(self) -> Iterable[Widget]:
        yield self._frame
        yield self._alt
        yield self.paper

    async def opened(self) -> None:
        await self._turn(0)

    def contexts(self) -> list[str]:
        return ["pictures", "app", "read"]

    def heading(self) -> tuple[Line, Line]:
        return (Piece("Pictures", "strong"),), (Piece(f"{self.at + 1} of {len(self._pictures)}", "dim"),)

    async def _turn(self, step: int) -> None:
        self.at = (self.at + step) % len(self._pictures)
        path, alt = self._pictures[self.at]
        self._alt.update(fitted(clean(alt), self.app.size.width - 4))
        await self._frame.remove_children()
        try:
            await self._frame.mount(image(path, colour=not self.app.no_color))
        except Exception as error:  # a broken file, or no library to read it: the words remain
            await self._frame.mount(Static(f"{path.name} cannot be drawn ({type(error).__name__})", markup=False))
        self.draw()

    async def do_pictures_next(self, _: int) -> None:
        await self._turn(1)

    async def do_pictures_previous(self, _: int) -> None:
        await self._turn(-1)
