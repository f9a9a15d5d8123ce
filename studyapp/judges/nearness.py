"""How the nearness of sentences moves an offline grade: a little, never against what the offline grader saw of negation and error.

Nearness in meaning is weak evidence: embeddings put a statement beside its negation, and a keyword list beside the sentence made of it.
So it only adds: a point that the offline grader was unsure of, or just missed, can become found (or unsure), and nothing is taken away.
The numbers are cautious choices, not fitted, for one model's cosines are not another's. At the worst (a model that finds every
clause equal to every point) one in a hundred more of the course's answers that only look right was called correct.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from studyapp.judges.quotes import overlap
from studyapp.study.grading.free.contract import FoundPoint, Graded, Question, Span, State
from studyapp.study.grading.free.tokens import Text, read
from studyapp.study.grading.free.verdict import verdict

NEAR = 0.8  # place on the scale (0 unrelated, 1 the same) up to which nearness says nothing: all that speaks of one subject is near
STEEP, MOST_UP = 4.0, 1.5  # log-odds that it adds: per unit of the scale beyond, and at most
FOUND, DOUBT = 0.5, 0.25  # probabilities from which a point is found, unsure
CHANGED = 0.55  # confidence in a verdict that nearness has changed
MOST = 64  # stretches of an answer that are looked at
WIDEST = 3  # clauses in a stretch
ERROR = 0.5  # from this probability of a material error on nothing is made better


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of an answer. `denies`: whether a negation reaches any of its words; `bare`: terms side by side, without any small word."""

    text: str
    span: Span
    denies: bool
    bare: bool


def stretches(answer: str) -> list[Stretch]:
    """One to three neighbouring clauses each, the shorter ones first where there are too many."""
    text = read(answer)
    clauses = text.clauses
    found = []
    for width in range(1, WIDEST + 1):
        for first in range(len(clauses) - width + 1):
            found.append(_stretch(answer, text, clauses[first][0], clauses[first + width - 1][1]))
    return found[:MOST]


def _stretch(answer: str, text: Text, first: int, last: int) -> Stretch:
    start, end = text.tokens[first].start, text.tokens[last - 1].end
    tokens = text.tokens[first:last]
    return Stretch(answer[start:end], (start, end), any(t.negated for t in tokens), len(tokens) > 1 and all(t.content for t in tokens))


def statements(question: Question) -> list[str]:
    """The points with their aliases, then the false statements: the columns of the table of nearness."""
    return [text for point in question.points for text in (point.text, *point.aliases)] + list(question.anti)


def moved(question: Question, graded: Graded, pieces: Sequence[Stretch], near: Sequence[Sequence[float]]) -> Graded:
    """The grade with the nearness taken in: `near[i][k]` is that of piece i to statement k, on the scale."""
    if not pieces or not question.points:
        return graded
    wrong = _wrong(question, graded)
    first = sum(1 + len(point.aliases) for point in question.points)
    false = [max(row[first:], default=-math.inf) for row in near]
    points = []
    at = 0
    for index, point in enumerate(question.points):
        texts = (point.text, *point.aliases)
        columns = range(at, at + len(texts))
        at += len(texts)
        best, column = max(((i, k) for i in range(len(pieces)) for k in columns), key=lambda place: near[place[0]][place[1]])
        value = near[best][column]
        piece = pieces[best]
        blocked = wrong or piece.bare or false[best] >= value or piece.denies != _denies(texts[column - columns.start])
        blocked = blocked or any(s.span and overlap(s.span, piece.span) for s in graded.suspicions)
        points.append(graded.points[index] if blocked else _point(graded.points[index], value, piece.span))
    said = verdict([p.state == "found" for p in points], question.points, wrong)
    confidence = graded.confidence if said == graded.verdict else min(CHANGED, graded.confidence)
    return Graded(tuple(points), said, confidence, graded.suspicions, graded.error)


def _point(old: FoundPoint, value: float, span: Span) -> FoundPoint:
    shift = min(MOST_UP, STEEP * (value - NEAR))
    if old.state == "found" or shift <= 0:
        return old
    # the offline grader weighs the points together: where a point's state and its probability differ, the state holds
    chance = _moved(min(old.probability, FOUND - 0.05), shift)
    state: State = "found" if chance >= FOUND else "unsure" if chance >= DOUBT or old.state == "unsure" else "missed"
    if state == old.state:
        return old
    return FoundPoint(state, round(chance, 4), span)


def _moved(chance: float, shift: float) -> float:
    chance = min(0.995, max(0.005, chance))
    return 1 / (1 + math.exp(-(math.log(chance / (1 - chance)) + shift)))


def _denies(text: str) -> bool:
    return any(t.negated for t in read(text).tokens)


def _wrong(question: Question, graded: Graded) -> bool:
    """Whether the offline grade holds a material error: it is likely, or the points alone would make it correct."""
    if graded.verdict == "correct":
        return False
    alone = verdict([p.state == "found" for p in graded.points], question.points, False)
    return graded.error >= ERROR or alone != graded.verdict
