"""The glossary: all terms by section, a line each; / looks a term up, Enter opens the page of its section."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.api.glossary import TermRow
from studyapp.tui.screens.rows import RowsScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean
from studyapp.tui.text.md import inline


class GlossaryScreen(RowsScreen):
    """`words` narrow it to the terms that have them."""

    def __init__(self, words: str = "") -> None:
        super().__init__("glossary")
        self._rows: list[TermRow] = []
        self.words = words

    async def opened(self) -> None:
        self._look_up(self.words)

    def contexts(self) -> list[str]:
        return ["browse", "list", "scroll", "app", "read"]

    def heading(self) -> tuple[Line, Line]:
        if self.words:
            return (Piece("Terms with ", "dim"), Piece(clean(self.words), "strong")), (Piece(f"{len(self._rows)} found", "dim"),)
        return (Piece("Glossary", "strong"),), (Piece("/ looks a term up", "dim"),)

    def blocks(self, width: int) -> Sequence[Block]:
        rows: list[Block] = []
        if not self._rows:
            rows += [BLANK, Block((Piece("No such term. / looks up another; nothing typed shows all.", "dim"),))]
        courses = {row.course for row in self._rows}
        section = ""
        for n, row in enumerate(self._rows):
            if row.section != section:
                section = row.section
                number = f"{row.number}  " if row.number.isdigit() else ""
                of = f"   {row.course}" if len(courses) > 1 else ""
                rows += [BLANK, Block((Piece(number, "accent"), Piece(clean(row.title), "head"), Piece(clean(of), "dim")), wrap=False)]
            here = n == self.at
            body = (Piece(clean(row.term), "strong"), Piece("  "), *inline(row.say))
            rows.append(Block(body, first=(Piece("▸ " if here else "  ", "key"),), rest=(Piece("    "),), click=f"glossary.row:{n}"))
        return rows

    def draw_paper(self, top: int | None = 0) -> None:
        super().draw_paper(top)
        lines = [n for n, line in enumerate(self.paper.lines) if any(piece.click == f"glossary.row:{self.at}" for piece in line)]
        if lines and self.at:
            self.paper.reveal_row(lines[0], len(lines))

    async def click(self, target: str) -> None:
        kind, _, row = target.partition(":")
        if kind != "glossary.row":
            await super().click(target)
        elif self.at == int(row):
            await self.act("list.open")
        else:
            self._go(int(row) - self.at)

    def do_list_open(self, _: int) -> None:
        if self._rows:
            self.study_app.open("page", section=self._rows[self.at].section)

    def do_browse_search(self, _: int) -> None:
        self.study_app.ask_line("Look up a term", self._look_up, self.words)

    def _look_up(self, words: str) -> None:
        self.words, self.at = words.strip(), 0
        self._rows = self.study.glossary(self.words)
        self.draw()
