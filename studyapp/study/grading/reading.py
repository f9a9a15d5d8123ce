"""What a judge of free text made of an answer, as the learner is shown it: plain frozen data with a JSON form.

A reading proposes; the learner's ticks and their answer to its one doubt decide (result.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

Span = tuple[int, int]  # characters [start, end) of the text that was read
FOUND, UNSURE, MISSED = "found", "unsure", "missed"
OPPOSITE = "the opposite of: "  # so a judge names a key point that is turned round


@dataclass(frozen=True, slots=True)
class Mark:
    """One key point: its state (found, unsure, missed), and where in the text it is said. `before`: the learner's decision on the same
    wording, which goes before the judge's."""

    state: str
    probability: float
    span: Span | None = None
    before: bool | None = None

    @property
    def shown(self) -> str:
        """The state that is proposed."""
        return self.state if self.before is None else FOUND if self.before else MISSED


@dataclass(frozen=True, slots=True)
class Doubt:
    """A misconception that the answer may hold. `text`: the false statement, empty where there is only a suspicion.
    `said`: whether the learner says that they meant it, None until they do. `before`: they decided it on the same wording."""

    text: str
    span: Span | None = None
    said: bool | None = None
    before: bool = False

    @property
    def question(self) -> str:
        """As the learner is asked about it: "Did you mean that the encoder is trained too?"."""
        text = self.text.strip().rstrip(".")
        if not text:
            return "Is something in it wrong? Compare it with the answer."
        if text.startswith(OPPOSITE):
            return f"Did you mean the opposite of this: {text.removeprefix(OPPOSITE)}?"
        word, _, rest = text.partition(" ")
        name = any(c.isupper() or c.isdigit() for c in word[1:]) or rest[:1].isdigit()
        return f"Did you mean that {text if name else text[:1].lower() + text[1:]}?"


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is what was read; `marks` stand in the order of the points. `error`: the judge counted a material error.

    `rating`: what the learner decided before for the same wording, against what was proposed (1 to 4).
    """

    text: str
    judge: str
    verdict: str  # correct, partial, incorrect: the judge's own
    confidence: float
    marks: tuple[Mark, ...]
    doubt: Doubt | None = None
    error: bool = False
    misconceptions: tuple[str, ...] = ()
    notice: str = ""
    rating: int | None = None

    @property
    def material_error(self) -> bool:
        """Whether the answer holds an error that makes it partial at best: the learner's word, else the judge's."""
        said = self.doubt.said if self.doubt is not None else None
        return self.error if said is None else said

    def settled(self, said: bool) -> Reading:
        """The same after the learner's answer to the doubt."""
        return self if self.doubt is None else replace(self, doubt=replace(self.doubt, said=said))

    def row(self) -> dict[str, Any]:
        """JSON form; `from_row` reads it back."""
        doubt = self.doubt
        return {
            "text": self.text,
            "judge": self.judge,
            "verdict": self.verdict,
            "confidence": self.confidence,
            "marks": [[m.state, m.probability, list(m.span) if m.span else None, m.before] for m in self.marks],
            "doubt": [doubt.text, list(doubt.span) if doubt.span else None, doubt.said, doubt.before] if doubt else None,
            "error": self.error,
            "misconceptions": list(self.misconceptions),
            "notice": self.notice,
            "rating": self.rating,
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Reading:
        doubt = row["doubt"]
        return cls(
            text=row["text"],
            judge=row["judge"],
            verdict=row["verdict"],
            confidence=row["confidence"],
            marks=tuple(Mark(state, p, _span(span), before) for state, p, span, before in row["marks"]),
            doubt=Doubt(doubt[0], _span(doubt[1]), doubt[2], doubt[3]) if doubt else None,
            error=row["error"],
            misconceptions=tuple(row["misconceptions"]),
            notice=row["notice"],
            rating=row["rating"],
        )

    def for_log(self, ids: tuple[str, ...]) -> dict[str, Any]:
        """What was proposed, for the event of the answer; `ids` are those of the points. The text is the event's value."""
        found = {
            "judge": self.judge,
            "verdict": self.verdict,
            "confidence": self.confidence,
            "points": {id: [m.shown, m.probability, list(m.span) if m.span else None] for id, m in zip(ids, self.marks, strict=True)},
            "error": self.error,
        }
        if self.doubt is not None:
            found["doubt"] = {"text": self.doubt.text, "said": self.doubt.said}
        if self.notice:
            found["notice"] = self.notice
        return found


def _span(pair: Any) -> Span | None:
    return (int(pair[0]), int(pair[1])) if pair else None
