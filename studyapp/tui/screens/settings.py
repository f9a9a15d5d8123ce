"""The settings: each with its value, its meaning and its default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studyapp.errors import StudyError
from studyapp.tui import themes
from studyapp.tui.screens.rows import RowsScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean


class SettingsScreen(RowsScreen):
    """A list with a cursor; Enter asks for the new value."""

    def __init__(self) -> None:
        super().__init__("settings")
        self._rows: list[dict[str, Any]] = []

    async def opened(self) -> None:
        self._load()

    def _load(self) -> None:
        self._rows = self.study.settings()
        self.draw(top=None)

    def contexts(self) -> list[str]:
        return ["settings", "list", "scroll", "app", "read"]

    def heading(self) -> tuple[Line, Line]:
        return (Piece("Settings", "strong"),), (Piece("keys: `studyapp config set keys.<action> KEY`", "dim"),)

    def blocks(self, width: int) -> Sequence[Block]:
        rows: list[Block] = [BLANK]
        for n, row in enumerate(self._rows):
            here = n == self.at
            changed = row["value"] != row["default"]
            value = clean(str(row["value"])) or "not set"
            if len(value) > 24:
                value = value[:23] + "…"
            name = Piece(f"{row['name']:<18}", "strong" if here else "")
            right = (Piece(value, "accent" if changed else "dim"), Piece(" ●" if changed else "  ", "accent"))
            rows.append(Block((name,), first=(Piece("▸ " if here else "  ", "key"),), right=right, wrap=False, click=f"settings.row:{n}"))
            if here:
                text = f"{row['help']} (default {row['default'] or 'none'})"
                rows.append(Block((Piece(clean(text), "dim"),), first=(Piece("    "),), rest=(Piece("    "),), click=f"settings.row:{n}"))
        return rows

    def draw_paper(self, top: int | None = 0) -> None:
        super().draw_paper(top)
        lines = [n for n, line in enumerate(self.paper.lines) if any(piece.click == f"settings.row:{self.at}" for piece in line)]
        if lines:
            self.paper.reveal_row(lines[0], len(lines))

    async def click(self, target: str) -> None:
        kind, _, row = target.partition(":")
        if kind != "settings.row":
            await super().click(target)
        elif self.at == int(row):
            await self.act("settings.edit")
        else:
            self._go(int(row) - self.at)

    def do_settings_edit(self, _: int) -> None:
        row = self._rows[self.at]
        self.study_app.ask_line(f"{row['name']}: {row['help']}", self._set, str(row["value"] if row["value"] is not None else ""))

    def do_settings_reset(self, _: int) -> None:
        self._set(str(self._rows[self.at]["default"] or ""))

    def _set(self, text: str) -> None:
        name = self._rows[self.at]["name"]
        try:
            row = self.study.set_setting(name, text)
        except StudyError as error:
            self.say(str(error), "bad")
            return
        if name == "theme" and row["value"] in themes.PALETTES:
            self.study_app.use_theme(row["value"])
        self._load()
        self.say(f"{name} = {row['value']}")
