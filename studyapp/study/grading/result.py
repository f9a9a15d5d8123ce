"""What judging an answer gives: plain frozen data with a JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """`near` earns one free retry; `self` means that the learner rates (or ticks points), the app does not judge; `lucky` is
    a right answer with a wrong reason (from a lab, or said by the learner)."""

    RIGHT = "right"
    NEAR = "near"
    PARTIAL = "partial"
    WRONG = "wrong"
    LUCKY = "lucky"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class Trap:
    """A wrong answer that has a name: the id of the misconception behind it (None: just a slip), and what to say about it."""

    concept: str | None
    say: str


@dataclass(frozen=True, slots=True)
class PointState:
    """One key point of a free answer, and whether the learner's answer has it (ticked)."""

    id: str
    text: str
    found: bool = False
    indispensable: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """`score` is the share that was right, 0 to 1; `expected` the right answer in the JSON form of an answers file (DESIGN 7)."""

    outcome: Outcome
    score: float = 0.0
    trap: Trap | None = None
    say: str = ""
    points: tuple[PointState, ...] = ()
    expected: Any = None

    def ticked(self, point_id: str, found: bool) -> Judgement:
        """The same with one point ticked or unticked; raises KeyError for an unknown id."""
        if all(point.id != point_id for point in self.points):
            raise KeyError(point_id)
        return replace(self, points=tuple(replace(p, found=found) if p.id == point_id else p for p in self.points))

    def row(self) -> dict[str, Any]:
        """JSON form; `Judgement.from_row` reads it back."""
        return {
            "outcome": self.outcome.value,
            "score": self.score,
            "trap": [self.trap.concept, self.trap.say] if self.trap else None,
            "say": self.say,
            "points": [[p.id, p.text, p.found, p.indispensable] for p in self.points],
            "expected": self.expected,
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Judgement:
        return cls(
            outcome=Outcome(row["outcome"]),
            score=row["score"],
            trap=Trap(*row["trap"]) if row["trap"] else None,
            say=row["say"],
            points=tuple(PointState(*point) for point in row["points"]),
            expected=row["expected"],
        )


def verdict(points: tuple[PointState, ...], material_error: bool = False) -> Outcome:
    """The rule of DESIGN 7. Right: every indispensable point and at least max(1, n-1) in all; partial: at least one point.

    A material error makes it partial at best.
    """
    found = sum(point.found for point in points)
    complete = all(point.found for point in points if point.indispensable) and found >= max(1, len(points) - 1)
    if complete and not material_error:
        return Outcome.RIGHT
    return Outcome.PARTIAL if found else Outcome.WRONG
