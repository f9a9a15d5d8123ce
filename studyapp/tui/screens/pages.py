"""The browser: all section pages, the glossary, and a search over terms and the words of all cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studyapp.api.glossary import has_glossary
from studyapp.tui.screens.rows import RowsScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean
from studyapp.tui.text.md import inline

MOST_TERMS = 5  # above the cards that were found


class PagesScreen(RowsScreen):
    """A list of pages; after a search the terms and cards found instead. Enter opens the row."""

    def __init__(self, search: bool = False) -> None:
        super().__init__("pages")
        self._search_first = search
        self.words = ""
        self._rows: list[tuple[str, str, str]] = []  # kind, id, text
        self._heads: dict[int, str] = {}  # row -> the course that begins with it, where there are several

    async def opened(self) -> None:
        courses = self.study.courses()
        for course in courses:
            if len(courses) > 1:
                self._heads[len(self._rows)] = course.title
            self._rows += [("page", f"{course.id}:{section.id}", f"{section.number:>2}  {section.title}") for section in course.sections]
        if has_glossary(self.study):
            if len(courses) > 1:
                self._heads[len(self._rows)] = "All courses"
            self._rows.append(("glossary", "", "    Glossary: the terms by section"))
        self.draw()
        if self._search_first:
            self.do_browse_search(0)

    def contexts(self) -> list[str]:
        return ["browse", "list", "scroll", "app", "read"]

    def heading(self) -> tuple[Line, Line]:
        if self.words:
            return (Piece("Found for ", "dim"), Piece(clean(self.words), "strong")), (Piece(f"{len(self._rows)} found", "dim"),)
        return (Piece("Pages", "strong"),), (Piece("/ searches all cards and terms", "dim"),)

    def blocks(self, width: int) -> Sequence[Block]:
        rows = [BLANK]
        if not self._rows:
            rows.append(Block((Piece("Nothing found. / searches again.", "dim"),)))
        for n, (_, _, text) in enumerate(self._rows):
            here = n == self.at
            if n in self._heads:
                rows.append(Block((Piece(clean(self._heads[n]), "dim"),), first=(Piece("  "),), wrap=False))
            body = tuple(inline(text.replace("\n", " "), "strong" if here else ""))
            rows.append(Block(body, first=(Piece("▸ " if here else "  ", "key"),), wrap=False, click=f"browse.row:{n}"))
        return rows

    def draw_paper(self, top: int | None = 0) -> None:
        super().draw_paper(top)
        self.paper.reveal_row(self.at + 1 + sum(row <= self.at for row in self._heads))

    async def click(self, target: str) -> None:
        kind, _, row = target.partition(":")
        if kind == "browse.row":
            self.at = int(row)
            await self.act("list.open")
        else:
            await super().click(target)

    def do_list_open(self, _: int) -> None:
        if not self._rows:
            return
        kind, id, _text = self._rows[self.at]
        if kind == "page":
            self.study_app.open("page", section=id)
        elif kind == "glossary":
            self.study_app.open("glossary", words=id)
        else:
            self.study_app.open("text", heading=id, text=card_text(self.study.show(id, reveal=True), self.study.why(id)["why"]))

    def do_browse_search(self, _: int) -> None:
        self.study_app.ask_line("Search the cards for", self._search, self.words)

    def _search(self, query: str) -> None:
        if not query.strip():
            return
        self.words, self.at, self._heads = query.strip(), 0, {}
        self._rows = [("glossary", row.term, f"**{row.term}**  {row.say}") for row in self.study.glossary(self.words)[:MOST_TERMS]]
        self._rows += [("card", str(row["item"]), str(row["ask"])) for row in self.study.search(self.words, 50)]
        self.draw()


def card_text(document: dict[str, Any], why_then: str) -> str:
    """A card with its answer, its reason and its date, as Markdown."""
    parts = [f"**{document['ask']}**", str(document.get("answer", "")), str(document.get("why", "")), f"*{why_then}*"]
    return "\n\n".join(part for part in parts if part.strip("* "))
