"""Short typed answers: `short`, `missing`, and the blanks of a `cloze`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from studyapp.course.cloze import blanks
from studyapp.errors import BadInput
from studyapp.study.grading.result import Judgement, Outcome, Trap
from studyapp.study.grading.words import Match, Phrase, match, phrase

SAY_NEAR = "Close, but not yet what is asked for."
SAY_SPELLING = "Close: check the spelling."


def judge_text(typed: str, accept: Sequence[str], near: Sequence[str] = (), traps: Sequence[Mapping[str, Any]] = ()) -> Judgement:
    """A typed text against its accepted forms, near ones, and named wrong answers.

    The best fit decides; where two fit equally well an accepted form goes before a trap, a trap before a near form.
    """
    fits = [(fit, judgement) for fit, judgement in _fits(phrase(typed), accept, near, traps) if fit[0] is not Match.NONE]
    return min(fits, key=lambda pair: pair[0], default=(None, Judgement(Outcome.WRONG)))[1]


def judge_cloze(ask: str, value: Any, near: Sequence[str] = (), traps: Sequence[Mapping[str, Any]] = ()) -> Judgement:
    """Every blank on its own; `value` is a text, or a list with one for each blank."""
    forms = blanks(ask)
    typed = texts(value)
    if len(typed) != len(forms):
        raise BadInput(f"{len(forms)} blanks are to be filled, {len(typed)} answers were given")
    judged = [judge_text(text, accept, near, traps) for text, accept in zip(typed, forms, strict=True)]
    if len(judged) == 1:
        return judged[0]
    outcomes = [judgement.outcome for judgement in judged]
    told = next((judgement for judgement in judged if judgement.trap), None) or next((j for j in judged if j.say), None)
    together = _together(outcomes)
    misspelt = together is Outcome.NEAR and all(j.meant for j in judged if j.outcome is Outcome.NEAR)
    return Judgement(
        meant=tuple(form for j in judged for form in j.meant) if misspelt else (),
        outcome=together,
        score=outcomes.count(Outcome.RIGHT) / len(outcomes),
        trap=told.trap if told else None,
        say=told.say if told else "",
    )


def texts(value: Any) -> list[str]:
    """A text or a list of texts, as a list; raises BadInput for anything else."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple) and all(isinstance(entry, str) for entry in value):
        return list(value)
    raise BadInput("the answer must be a text, or a list of texts")


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    if all(outcome is Outcome.RIGHT for outcome in outcomes):
        return Outcome.RIGHT
    if Outcome.WRONG not in outcomes:
        return Outcome.NEAR
    return Outcome.PARTIAL if Outcome.RIGHT in outcomes else Outcome.WRONG


def _fits(
    said: Phrase, accept: Sequence[str], near: Sequence[str], traps: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[tuple[Match, int, int], Judgement]]:
    """Each form with how well it fits: (kind of match, edits, rank of its group)."""
    for form in accept:
        level, edits = match(said, phrase(form))
        close = Judgement(Outcome.NEAR, 0.5, say=SAY_SPELLING, meant=(form,))
        yield (level, edits, 0), close if level is Match.CLOSE else Judgement(Outcome.RIGHT, 1.0)
    for trap in traps:
        level, edits = match(said, phrase(trap["when"]))
        if level is Match.CLOSE:  # as near to a wrong answer: to ask "did you mean" would give the right one away
            yield (level, edits, -1), Judgement(Outcome.WRONG)
        else:
            say = trap.get("say") or ""
            yield (level, edits, 1), Judgement(Outcome.WRONG, trap=Trap(trap["concept"], say), say=say)
    for form in near:
        level, edits = match(said, phrase(form))
        if level is not Match.CLOSE:
            yield (level, edits, 2), Judgement(Outcome.NEAR, 0.5, say=SAY_NEAR)
