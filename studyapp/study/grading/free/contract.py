"""What the grader of free text takes and gives: plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["found", "unsure", "missed"]
Verdict = Literal["correct", "partial", "incorrect"]
Span = tuple[int, int]  # characters [start, end) of the answer as it was typed


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One idea that a full answer has; `aliases` are other ways to say it."""

    text: str
    aliases: tuple[str, ...] = ()
    indispensable: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """`anti`: typical false statements; `synonyms`: groups of words that mean the same in this course."""

    question: str
    reference: str
    points: tuple[KeyPoint, ...]
    anti: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class FoundPoint:
    """`probability` that the answer says the point; `span` is where, None where it is missed."""

    state: State
    probability: float
    span: Span | None


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A false statement that the answer may make: the text of an anti-point, or of a key point that seems turned round."""

    text: str
    probability: float
    span: Span | None


@dataclass(frozen=True, slots=True)
class Graded:
    """One answer graded. `error` is the probability of a material error, `confidence` that of the verdict being right."""

    points: tuple[FoundPoint, ...]
    verdict: Verdict
    confidence: float
    suspicions: tuple[Suspicion, ...]
    error: float
