"""What judging an answer gives: plain frozen data with a JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from studyapp.study.grading.reading import FOUND, Reading


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
    """`score` is the share that was right, 0 to 1; `expected` the right answer in the JSON form of an answers file (DESIGN 7).

    `meant`: of a near answer that is only misspelt, the accepted forms that it is near to, which the learner is asked about.
    `reading`: what a judge made of free text; the outcome then follows from the points and from the learner's word on its doubt.
    """

    outcome: Outcome
    score: float = 0.0
    trap: Trap | None = None
    say: str = ""
    points: tuple[PointState, ...] = ()
    expected: Any = None
    meant: tuple[str, ...] = ()
    reading: Reading | None = None

    @property
    def material_error(self) -> bool:
        """A named misconception, or one that the reading found and the learner does not deny."""
        return self.trap is not None or (self.reading is not None and self.reading.material_error)

    def ticked(self, point_id: str, found: bool) -> Judgement:
        """The same with one point ticked or unticked; raises KeyError for an unknown id."""
        if all(point.id != point_id for point in self.points):
            raise KeyError(point_id)
        points = tuple(replace(p, found=found) if p.id == point_id else p for p in self.points)
        return replace(self, points=points)._followed()

    def with_reading(self, reading: Reading) -> Judgement:
        """The same as a judge proposes it: points that were found come ticked."""
        points = tuple(replace(p, found=mark.shown == FOUND) for p, mark in zip(self.points, reading.marks, strict=True))
        return replace(self, points=points, reading=reading)._followed()

    def settled(self, said: bool) -> Judgement:
        """The same after the learner's answer to the reading's doubt."""
        return self if self.reading is None else replace(self, reading=self.reading.settled(said))._followed()

    def _followed(self) -> Judgement:
        """The outcome that follows from the points, where a judge has read the answer."""
        if self.reading is None:
            return self
        found = sum(point.found for point in self.points)
        return replace(self, outcome=verdict(self.points, self.material_error), score=found / (len(self.points) or 1))

    def row(self) -> dict[str, Any]:
        """JSON form; `Judgement.from_row` reads it back."""
        return {
            "outcome": self.outcome.value,
            "score": self.score,
            "trap": [self.trap.concept, self.trap.say] if self.trap else None,
            "say": self.say,
            "points": [[p.id, p.text, p.found, p.indispensable] for p in self.points],
            "expected": self.expected,
            "meant": list(self.meant),
            "reading": self.reading.row() if self.reading else None,
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
            meant=tuple(row.get("meant", ())),
            reading=Reading.from_row(row["reading"]) if row.get("reading") else None,
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
