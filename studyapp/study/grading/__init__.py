"""Judging answers: one file a family of kinds; `judge` is the way in."""

from __future__ import annotations

from studyapp.study.grading.judge import FREE_TEXT, is_free_text, judge, parse_value
from studyapp.study.grading.reading import Doubt, Mark, Reading
from studyapp.study.grading.result import Judgement, Outcome, PointState, Trap, verdict

__all__ = [
    "FREE_TEXT",
    "Doubt",
    "Judgement",
    "Mark",
    "Outcome",
    "PointState",
    "Reading",
    "Trap",
    "is_free_text",
    "judge",
    "parse_value",
    "verdict",
]
