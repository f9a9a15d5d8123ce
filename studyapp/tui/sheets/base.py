"""An answer sheet: the learner's answer while it is being made. No Textual here: keys come in as actions, text goes out as blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from studyapp.course.view import Shown
from studyapp.tui.text.ink import Block, Piece, clean

# What the three confidence keys mean in per cent, for calibration.
CONFIDENCE: Mapping[str, int] = {"guess": 35, "likely": 70, "sure": 95}


class Step(Enum):
    """What an action did to the sheet."""

    SAME = "nothing"
    CHANGED = "draw the sheet again"
    REVEAL = "the answer is given: turn the card"


class Sheet:
    """Answered in the head: the base of all sheets, and the sheet of basic and contrast cards.

    `typing` is the field that the sheet needs now: "" none, "line", "area". `confidence` holds what the confidence key said.
    """

    typing = ""
    placeholder = ""
    prompt = "Say the answer to yourself, then look."

    def __init__(self, shown: Shown, ask_confidence: bool = False) -> None:
        self.shown = shown
        self.ask_confidence = ask_confidence
        self.confidence: int | None = None

    def contexts(self) -> list[str]:
        """Contexts of the registry while this sheet is open, the most particular first."""
        return [*(["confidence"] if self.ask_confidence and self.ready else []), "reveal"]

    @property
    def ready(self) -> bool:
        """The answer is complete: the card may be turned."""
        return True

    def ask(self) -> str:
        """The question, Markdown."""
        return self.shown.ask

    def blocks(self, width: int) -> Sequence[Block]:
        """What stands under the question, for lines of `width` cells."""
        return ()

    def act(self, action: str, position: int) -> Step:
        """One action of the registry."""
        word = action.partition(".")[2]
        if action in ("ask.guess", "ask.likely", "ask.sure", "type.guess", "type.likely", "type.sure"):
            self.confidence = CONFIDENCE[word]
            return Step.REVEAL
        if action == "ask.reveal":
            return Step.REVEAL
        return Step.SAME

    def enter(self, text: str) -> Step:
        """Enter in the field."""
        return Step.REVEAL

    def typed(self, text: str) -> None:
        """The field's text changed."""

    def field_text(self) -> str:
        """What the field holds when it opens."""
        return ""

    def value(self) -> Any:
        """The answer in its JSON form (DESIGN 7), None when it stayed in the head."""
        return None

    def started(self, now_s: float) -> None:
        """The learner turns to this question now, by time.monotonic()."""

    def item_seconds(self) -> Mapping[str, float]:
        """Seconds that each part took, by its id, where the answer has parts that are timed."""
        return {}

    def draft(self) -> str:
        """The state as text, kept for a resume; `restore` reads it back."""
        return ""

    def restore(self, draft: str) -> None:
        """Take up a draft; one that does not fit is dropped."""


def hint_line(text: str) -> Block:
    """A quiet line that says what to do."""
    return Block((Piece(clean(text), "dim"),))
