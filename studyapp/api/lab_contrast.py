"""The pair of a lab task's contrast card: its right answer for a fresh seed, and what the misconception would answer there; for a code
task two programs, of which one makes that mistake."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from studyapp.api.contrast import Pair
from studyapp.api.lab_cards import in_words, review_of
from studyapp.course.draws import Draw
from studyapp.course.items import Item
from studyapp.errors import StudyError
from studyapp.store.lab_runs import Stored

if TYPE_CHECKING:
    from studyapp.labkit.api import Json, Mutant, Question, Truth


def lab_pair(item: Item, draw: Draw, concept: str | None, said: Any, stored: Stored) -> Pair | None:
    """None where the lab is gone, or says nothing of this mistake for the numbers of this draw."""
    if concept is None:
        return None
    review = review_of(item, draw, stored)
    if review is None:
        return _of_code(item, draw, concept)
    question = review.questions[0]
    truth = review.truth[question.id]
    found = _trap(question, truth, concept)
    if found is None:
        return None
    value, say = found
    right, wrong = in_words(question, truth.value), in_words(question, value)
    filled = say.replace("{truth}", right).replace("{said}", wrong)
    pictures = "".join(f"\n\n```\n{chr(10).join(picture.grid)}\n```" for picture in review.pictures if picture.grid)
    unit = getattr(question, "unit", "")
    named = (f"{right} {unit}", f"{wrong} {unit}") if unit and question.kind == "number" else (right, wrong)
    return None if right == wrong else Pair(question.ask + pictures, *named, concept, filled, truth.why)


def _trap(question: Question, truth: Truth, concept: str) -> tuple[Json, str] | None:
    """The answer that this misconception gives here, and its sentence."""
    for trap in (*question.traps, *truth.traps):
        if trap.concept == concept and trap.value is not None:
            return trap.value, trap.say
    for option in getattr(question, "options", ()):
        if option.concept == concept and option.id != truth.value:
            return ([option.id] if isinstance(truth.value, list) else option.id), option.say
    return None


def _of_code(item: Item, draw: Draw, concept: str) -> Pair | None:
    """The reference beside a mutant that makes the mistake; which one of several is drawn."""
    from studyapp.labkit.backends import parse_backend
    from studyapp.labkit.discover import load

    try:
        lab = load(item.body["lab"])
        q = f"q{item.body['task']}"
        backend = next(kind for kind in ("tiny", "none", *lab.backends) if kind in lab.backends)
        question = lab.plan(int(draw.token, 16), parse_backend(backend)).question(q)
        solutions: dict[str, list[str]] = getattr(lab, "solutions", dict)()
        known: dict[str, list[Mutant]] = getattr(lab, "mutants", dict)()
        right, mutants = solutions[q][0], [mutant for mutant in known[q] if mutant.expects == concept]
    except (StudyError, KeyError, StopIteration, IndexError):
        return None
    say = next((trap.say for trap in question.traps if trap.concept == concept), "")
    if not mutants or question.kind != "code":
        return None
    wrong = Random(draw.token).choice(mutants).source
    return Pair(question.ask, f"```\n{right.strip()}\n```", f"```\n{wrong.strip()}\n```", concept, say, "")
