"""`list`: several answers in any order, each belonging to at most one member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studyapp.errors import BadInput
from studyapp.study.grading.result import Judgement, Outcome
from studyapp.study.grading.text import SAY_NEAR, SAY_SPELLING, judge_text, texts


def judge_list(body: Mapping[str, Any], value: Any) -> Judgement:
    """`value`: a list of texts, at most one for each slot. Answers are paired with members so that the most are right."""
    slots, members = body["slots"], body["members"]
    typed = [text for text in texts(value) if text.strip()]
    if len(typed) > slots:
        raise BadInput(f"{slots} answers are asked for, {len(typed)} were given")
    judged = [[judge_text(text, member["accept"]) for member in members] for text in typed]
    right = pairs([[fit.outcome is Outcome.RIGHT for fit in row] for row in judged])
    score = len(right) / slots
    if len(right) == slots:
        return Judgement(Outcome.RIGHT, score)

    left_over = {i: judge_text(text, (), body.get("near", ()), body.get("traps", ())) for i, text in enumerate(typed) if i not in right}
    spelled = pairs([[fit.outcome in (Outcome.RIGHT, Outcome.NEAR) for fit in row] for row in judged])
    if len(spelled) == slots:
        meant = tuple(form for row, column in sorted(spelled.items()) for form in judged[row][column].meant)
        return Judgement(Outcome.NEAR, score, say=SAY_SPELLING, meant=meant)
    near = sum(judgement.outcome is Outcome.NEAR for i, judgement in left_over.items() if i not in spelled)
    if len(spelled) + near == slots:
        return Judgement(Outcome.NEAR, score, say=SAY_NEAR)

    trap = next((judgement.trap for judgement in left_over.values() if judgement.trap), None)
    say = trap.say if trap else ""
    if not say and slots == len(members):
        say = "Missing: " + ", ".join(member["accept"][0] for i, member in enumerate(members) if i not in right.values()) + "."
    return Judgement(Outcome.PARTIAL if right else Outcome.WRONG, score, trap, say)


def pairs(fits: Sequence[Sequence[bool]]) -> dict[int, int]:
    """A largest pairing of rows with columns where `fits[row][column]`, each used once (augmenting paths)."""
    row_of: dict[int, int] = {}

    def place(row: int, seen: set[int]) -> bool:
        for column, fit in enumerate(fits[row]):
            if fit and column not in seen:
                seen.add(column)
                if column not in row_of or place(row_of[column], seen):
                    row_of[column] = row
                    return True
        return False

    for row in range(len(fits)):
        place(row, set())
    return {row: column for column, row in row_of.items()}
