"""A section on one page: its idea, its diagram, the explainer's places; opens by itself before the section's first new card."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean
from studyapp.tui.text.md import markdown


class PageScreen(KeyScreen):
    """`section` is its id; `intro` when it stands before the first new card."""

    def __init__(self, section: str, intro: bool = False) -> None:
        super().__init__("page")
        self._section, self._intro = section, intro

    async def opened(self) -> None:
        self._load(self._section)

    def _load(self, section: str) -> None:
        self._section = section
        self.section = self.study.page(section)
        self.draw()

    def contexts(self) -> list[str]:
        return ["page-intro", "read", "scroll", "app"] if self._intro else ["page", "read", "scroll", "app"]

    def heading(self) -> tuple[Line, Line]:
        number = f"{self.section.number}  " if self.section.number.isdigit() else ""
        left = (Piece(number, "accent"), Piece(clean(self.section.title), "strong"))
        return left, (Piece("before its first cards" if self._intro else "one page", "dim"),)

    def blocks(self, width: int) -> Sequence[Block]:
        text = self.section.page or "This section has no page of its own."
        lines = text.lstrip().split("\n")
        if lines[0].startswith("# "):  # the heading line says it already
            text = "\n".join(lines[1:])
        rows = [BLANK, *markdown(text, width)]
        if self.section.explainer and not self._intro:
            rows += [BLANK, Block((Piece("Explainer  ", "dim"), Piece(clean(", ".join(self.section.explainer)))))]
        return rows

    def do_page_on(self, _: int) -> None:
        self.app.pop_screen()

    def do_page_next(self, _: int) -> None:
        self._turn(1)

    def do_page_previous(self, _: int) -> None:
        self._turn(-1)

    def _turn(self, step: int) -> None:
        ids = [f"{course.id}:{section.id}" for course in self.study.courses() for section in course.sections]
        here = next((n for n, id in enumerate(ids) if self._section in (id, id.partition(":")[2])), 0)
        self._load(ids[(here + step) % len(ids)])

    def do_page_study(self, _: int) -> None:
        self.study_app.open("study", section=self._section)

    def do_page_quiz(self, _: int) -> None:
        self.study_app.open("quiz", kind="section", section=self._section)

    def do_page_explainer(self, _: int) -> None:
        places = self.study.explainer(self._section)
        if not places:
            self.say("the course text names no place of the companion explainer for this section")
            return
        parts = [place.markdown or f"**{place.name}**\n\n{place.reason}" for place in places]
        self.study_app.open("text", heading="Companion explainer", text="\n\n".join(parts))
