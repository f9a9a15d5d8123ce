"""Sheets that are typed: one line, several blanks, a list, a longer text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from studyapp.course.view import Shown
from studyapp.tui.sheets.base import Sheet, Step, hint_line
from studyapp.tui.text.ink import BLANK, Block, Piece, clean

GAP = "____"


class LineSheet(Sheet):
    """short, number, missing and a cloze with one blank: one line, Enter checks it."""

    typing = "line"
    prompt = ""

    def __init__(self, shown: Shown, ask_confidence: bool = False) -> None:
        super().__init__(shown, ask_confidence)
        self.text = ""
        unit = shown.unit
        self.placeholder = f"a number ({clean(unit)}); 14*14 and 2.4k are fine" if unit else "14*14, 2.4k, 1e-3 and 50% are fine"
        if shown.form != "number":
            self.placeholder = "type the answer"

    def contexts(self) -> list[str]:
        return [*(["typing-confidence"] if self.ask_confidence else []), "typing"]

    def typed(self, text: str) -> None:
        self.text = text

    def enter(self, text: str) -> Step:
        self.text = text
        return Step.REVEAL

    def act(self, action: str, position: int) -> Step:
        return self.enter(self.text) if action == "type.enter" else super().act(action, position)

    def field_text(self) -> str:
        return self.text

    def value(self) -> Any:
        return self.text.strip() or None

    def draft(self) -> str:
        return self.text

    def restore(self, draft: str) -> None:
        self.text = draft.split("\n")[0]


class RowsSheet(LineSheet):
    """Several texts one after the other in one field: the base of blanks and lists."""

    def __init__(self, shown: Shown, ask_confidence: bool, slots: int) -> None:
        super().__init__(shown, ask_confidence)
        self.slots = slots
        self.rows: list[str] = [""] * slots
        self.at = 0

    def typed(self, text: str) -> None:
        self.rows[self.at] = text

    def field_text(self) -> str:
        return self.rows[self.at]

    def enter(self, text: str) -> Step:
        self.rows[self.at] = text
        if self.at < self.slots - 1 and text.strip():
            self.at += 1
            return Step.CHANGED
        return Step.REVEAL

    def act(self, action: str, position: int) -> Step:
        if action == "type.previous":
            if self.at == 0:
                return Step.SAME
            self.at -= 1
            return Step.CHANGED
        if action == "type.enter":
            return self.enter(self.rows[self.at])
        return super().act(action, position)

    def draft(self) -> str:
        return "\n".join(self.rows) if any(self.rows) else ""

    def restore(self, draft: str) -> None:
        rows = draft.split("\n")[: self.slots]
        self.rows = [*rows, *[""] * (self.slots - len(rows))]
        self.at = max((n for n, row in enumerate(self.rows) if row), default=0)  # its word may be half typed


class BlanksSheet(RowsSheet):
    """A cloze with several blanks: Enter goes from one to the next, the last one checks."""

    def __init__(self, shown: Shown, ask_confidence: bool = False) -> None:
        super().__init__(shown, ask_confidence, shown.blanks)

    @property
    def placeholder(self) -> str:
        return f"blank {self.at + 1} of {self.slots}"

    @placeholder.setter
    def placeholder(self, _: str) -> None:
        pass

    def ask(self) -> str:
        """The text with what was typed in its blanks; the one at hand is marked by its number."""
        parts = self.shown.ask.split(GAP)
        text = parts[0]
        for n, part in enumerate(parts[1:]):
            filled = f"**{_plain(self.rows[n])}**" if self.rows[n].strip() and n != self.at else GAP
            text += (f"**▸**{GAP}" if n == self.at else filled) + part
        return text

    def value(self) -> Any:
        return [row.strip() for row in self.rows] if any(row.strip() for row in self.rows) else None


class ListSheet(RowsSheet):
    """A list of known length: Enter takes one answer at a time (or several, with commas between); an empty line checks what is there."""

    def __init__(self, shown: Shown, ask_confidence: bool = False) -> None:
        super().__init__(shown, ask_confidence, shown.slots)

    @property
    def placeholder(self) -> str:
        return f"answer {self.at + 1} of {self.slots}; Enter on an empty line checks"

    @placeholder.setter
    def placeholder(self, _: str) -> None:
        pass

    def enter(self, text: str) -> Step:
        parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
        if len(parts) < 2:
            return super().enter(text)
        for part in parts[: self.slots - self.at]:
            self.rows[self.at] = part
            self.at = min(self.at + 1, self.slots - 1)
        return Step.REVEAL if all(row.strip() for row in self.rows) else Step.CHANGED

    def blocks(self, width: int) -> Sequence[Block]:
        rows = [BLANK]
        for n, row in enumerate(self.rows):
            here = n == self.at
            number = Piece(f" {'▸' if here else ' '} {n + 1}  ", "key" if here else "dim")
            rows.append(Block((Piece(clean(row) if row and not here else ("…" if here else "·"), "" if row else "dim"),), first=(number,)))
        return rows

    def value(self) -> Any:
        return [row.strip() for row in self.rows if row.strip()] or None


class AloudSheet(Sheet):
    """contrast: answered aloud, or written down in a text area; key points are ticked afterwards."""

    prompt = "Answer aloud in your own words, then look."

    def __init__(self, shown: Shown, ask_confidence: bool = False) -> None:
        super().__init__(shown, ask_confidence)
        self.text = ""

    @property
    def typing(self) -> str:  # type: ignore[override]
        return "area" if self._writing else ""

    _writing = False
    placeholder = "two or three sentences"
    invitation = "Write it down; Enter shows the answer beside yours."

    def contexts(self) -> list[str]:
        if self._writing:
            return ["words", *(["typing-confidence"] if self.ask_confidence else [])]
        return ["aloud", *super().contexts()]

    def blocks(self, width: int) -> Sequence[Block]:
        names = self.shown.sides
        rows: list[Block] = []
        if names:
            rows += [BLANK, Block(tuple(_joined([Piece(clean(str(name)), "strong") for name in names], "   against   ")))]
        if self._writing:
            rows += [BLANK, hint_line(self.invitation)]
        return rows

    def act(self, action: str, position: int) -> Step:
        if action == "type.start":
            self._writing = True
            return Step.CHANGED
        if action == "type.submit":
            return Step.REVEAL
        return super().act(action, position)

    def typed(self, text: str) -> None:
        self.text = text

    def field_text(self) -> str:
        return self.text

    def value(self) -> Any:
        return self.text.strip() or None

    def draft(self) -> str:
        return self.text

    def restore(self, draft: str) -> None:
        self.text = draft
        self._writing = bool(draft)


class WordsSheet(AloudSheet):
    """explain: written in the learner's own words, which the app reads; an empty text was answered in the head."""

    _writing = True
    invitation = "In your own words; the app reads them. Answered in your head? Just Enter."

    def restore(self, draft: str) -> None:
        self.text = draft


def _plain(text: str) -> str:
    """Typed text inside Markdown: its own marks must not format."""
    return re.sub(r"[*`_\[\]]", " ", text).strip()


def _joined(pieces: Sequence[Piece], between: str) -> list[Piece]:
    out: list[Piece] = []
    for n, piece in enumerate(pieces):
        out += [Piece(between, "dim"), piece] if n else [piece]
    return out
