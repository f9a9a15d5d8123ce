"""Answers that the learner checks point by point: `explain`, `contrast`, the repair of a false statement; and `basic`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyapp.errors import BadInput
from studyapp.study.grading.result import Judgement, Outcome, PointState
from studyapp.study.grading.text import judge_text

Points = tuple[PointState, ...]

_TRUE = frozenset({"true", "t", "yes", "y", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "0"})


def judge_free(value: Any, points: Points) -> Judgement:
    """`explain`, `contrast`, `basic`: the learner ticks or rates; what was said is only kept."""
    if not isinstance(value, str):
        raise BadInput("the answer must be a text")
    return Judgement(Outcome.SELF, points=points)


def judge_repair(body: Mapping[str, Any], value: Any, points: Points) -> Judgement:
    """`value`: true or false, or {"value": true or false, "repair": the corrected statement}.

    The truth value is judged here; a false statement that was recognised still needs its repair, which the learner compares and ticks.
    """
    said, repair = truth_said(value)
    truth: bool = body["truth"]
    trap = judge_text(repair, (), traps=body.get("traps", ())).trap if repair else None
    if said is not truth:
        say = trap.say if trap else "The statement is true." if truth else "The statement is false."
        return Judgement(Outcome.WRONG, trap=trap, say=say)
    if truth:
        return Judgement(Outcome.RIGHT, 1.0)
    return Judgement(Outcome.SELF, 0.5, trap, trap.say if trap else "", points)


def truth_said(value: Any) -> tuple[bool, str]:
    """(the truth value, the repair or an empty text); raises BadInput."""
    repair: Any = ""
    if isinstance(value, Mapping):
        value, repair = value.get("value"), value.get("repair") or ""
    if isinstance(value, str) and value.strip().casefold() in _TRUE | _FALSE:
        value = value.strip().casefold() in _TRUE
    if not isinstance(value, bool) or not isinstance(repair, str):
        raise BadInput('the answer must be true or false, or {"value": false, "repair": "the corrected statement"}')
    return value, repair
