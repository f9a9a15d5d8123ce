"""A list with a cursor: what the labs, the pages and the settings have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studyapp.tui.screens.base import KeyScreen


class RowsScreen(KeyScreen):
    """`_rows` are shown one under the other; `at` is the row under the cursor."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._rows: Sequence[Any] = []
        self.at = 0

    def _go(self, step: int) -> None:
        self.at = max(0, min(len(self._rows) - 1, self.at + step))
        self.draw(top=None)

    def do_list_down(self, _: int) -> None:
        self._go(1)

    def do_list_up(self, _: int) -> None:
        self._go(-1)

    def do_list_top(self, _: int) -> None:
        self._go(-len(self._rows))

    def do_list_end(self, _: int) -> None:
        self._go(len(self._rows))
