"""Which tasks of a plan a card asks for: by number, by concept, or by the misconception that shows in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studyapp.errors import BadInput
from studyapp.labkit.data import Truth
from studyapp.labkit.questions import Question


def asked_for(lab: str, questions: Iterable[Question], what: str, also: Mapping[str, Iterable[str]] | None = None) -> list[Question]:
    """Those of `questions` that `what` means: a task ("q2" or "2"), all tasks of a concept, else those in which a misconception shows.
    `also` names further misconceptions by question id. BadInput where there is none."""
    questions, further = list(questions), also or {}
    wanted = f"q{what}" if what.isdigit() else what
    found = [question for question in questions if wanted in (question.id, question.concept)]
    found = found or [question for question in questions if wanted in concepts_of(question) | set(further.get(question.id, ()))]
    if not found:
        raise BadInput(f"{lab} has no task for {what!r} that can be reviewed without a model; play it in the lab")
    return found


def concepts_of(question: Question, truth: Truth | None = None) -> set[str]:
    """Misconceptions that a wrong answer to this question can be named by."""
    options = getattr(question, "options", ())
    traps = (*question.traps, *(truth.traps if truth else ()))
    return {trap.concept for trap in traps} | {option.concept for option in options if option.concept}
