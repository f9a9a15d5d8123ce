"""THE grade table (DESIGN 6): from how an answer went to the rating that is proposed. The same for cards, quizzes and labs.

Confidence is no input: it never changes a grade. Easy is never proposed: it is only ever the learner's own key.
"""

from __future__ import annotations

from dataclasses import dataclass

from studyapp.memory.state import Rating
from studyapp.study.grading.result import Outcome

SURE = 80  # percent: a miss with this confidence comes back first, and as a contrast a week later
HARD_FROM_HINT = 3  # from this hint on a right answer is hard
WORKED_EXAMPLE = 4  # this hint shows the worked example

TABLE: tuple[tuple[str, str], ...] = (
    ("right, unaided, in time", "good"),
    ("right, but slow or after hint 3", "hard"),
    ("near", "one free retry, then by its result"),
    ("near again after the retry", "hard"),
    ("misspelt: the app asks whether you meant the answer", "as right, or as wrong"),
    ("wrong", "again"),
    ("lucky: right answer, wrong reason", "again"),
    ("right only after the worked example", "again"),
    ("an indispensable point missing", "again"),
    ("other partial answers", "hard"),
    ("in the head, or a basic item", "what the learner says"),
    ("overruled by the learner", "what the learner says"),
    ("easy", "only ever the learner's own key"),
)


@dataclass(frozen=True, slots=True)
class GradeInput:
    """How an answer went. `retried`: it is the result after a free retry. `points_share`: share of its points or parts found."""

    outcome: Outcome
    hints: int = 0
    slow: bool = False
    lucky: bool = False
    retried: bool = False
    indispensable_missing: bool = False
    points_share: float = 1.0


def is_sure_miss(outcome: str, rating: Rating | None, confidence: float | None) -> bool:
    """Whether the learner was wrong and sure of it. What was overruled, or never graded (a forecast), is no such miss."""
    return outcome == Outcome.WRONG and rating is Rating.AGAIN and confidence is not None and confidence >= SURE


def propose(given: GradeInput) -> Rating | None:
    """The proposed rating; None where the learner rates alone, or where a near answer still has its free retry."""
    if given.outcome is Outcome.SELF or (given.outcome is Outcome.NEAR and not given.retried):
        return None
    missed = given.outcome in (Outcome.WRONG, Outcome.LUCKY) or given.lucky or given.indispensable_missing
    if missed or given.hints >= WORKED_EXAMPLE or given.points_share <= 0:
        return Rating.AGAIN
    if given.outcome in (Outcome.PARTIAL, Outcome.NEAR) or given.slow or given.hints >= HARD_FROM_HINT:
        return Rating.HARD
    return Rating.GOOD
