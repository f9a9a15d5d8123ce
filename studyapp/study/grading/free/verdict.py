"""The verdict of a free-text answer from its points: the one rule, for the grader, the judges and the learner's own ticks."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.study.grading.free.contract import KeyPoint, Verdict


def verdict(found: Sequence[bool], points: Sequence[KeyPoint], material_error: bool) -> Verdict:
    """Correct: every indispensable point, at least max(1, n-1) in all, no material error. Partial: at least one point.

    Where no point is indispensable all count alike. Raises ValueError where the lengths differ.
    """
    count = sum(map(bool, found))
    needed = all(has for has, point in zip(found, points, strict=True) if point.indispensable)
    if needed and count >= max(1, len(points) - 1) and not material_error:
        return "correct"
    return "partial" if count else "incorrect"
