"""Number items over all their draws: every one must have an answer, traps that differ from it, and texts that can be filled."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from studyapp.course.answers import NumberAnswer
from studyapp.course.draws import Dice, Numbers, combination_count, combinations, value_of
from studyapp.course.expr import compile_expr
from studyapp.course.quantity import agrees, tolerance_of
from studyapp.course.template import fill, formatted
from studyapp.errors import BadInput

ALL_UP_TO = 2000  # combinations before `where`; of more, as many are sampled
TEXTS_UP_TO = 200

Complaint = tuple[tuple[str | int, ...], str]  # path into the item, message


def check_draws(answer: NumberAnswer, texts: dict[tuple[str | int, ...], str | None]) -> list[Complaint]:
    """What is wrong with the draws of one number item; `texts` are those that carry its numbers, by path. One complaint a field."""
    try:
        draws = list(draws_of(answer))
    except BadInput as error:
        return [(("where",), str(error))]
    if not draws:
        return [(("where",), f"no combination of the params satisfies {answer.where!r}")]
    found: dict[tuple[str | int, ...], str] = {}
    for draw in draws:
        for path, message in _answers(answer, draw):
            found.setdefault(path, message)
    for path, text in texts.items():
        for draw in draws[:TEXTS_UP_TO] if text else ():
            try:
                fill(text or "", draw)
            except BadInput as error:
                found.setdefault(path, str(error))
                break
    return list(found.items())


def draws_of(answer: NumberAnswer) -> Iterator[Numbers]:
    """All combinations, or an even sample where there are too many to go through."""
    if combination_count(answer.params) <= ALL_UP_TO:
        yield from combinations(answer.params, answer.where)
        return
    condition = compile_expr(answer.where) if answer.where else None
    dice = Dice("drawcheck")
    for _ in itertools.repeat(None, ALL_UP_TO):
        draw = {name: values[dice.below(len(values))] for name, values in answer.params.items()}
        if condition is None or condition.value(draw):
            yield draw


def _answers(answer: NumberAnswer, draw: Numbers) -> Iterator[Complaint]:
    try:
        right = value_of(answer.answer, draw)
    except BadInput as error:
        yield ("answer",), f"{error}, for {_shown(draw)}"
        return
    tolerance = tolerance_of(answer.tolerance, right)
    if answer.round is not None and not agrees(round(right, answer.round), right, tolerance):
        shown = round(right, answer.round)
        yield ("round",), f"the shown answer {shown} is outside the tolerance of {formatted(right)}, for {_shown(draw)}"
    for index, trap in enumerate(answer.traps):
        path: tuple[Any, ...] = ("traps", index, "value")
        try:
            value = value_of(trap.value, draw)
        except BadInput as error:
            yield path, f"{error}, for {_shown(draw)}"
            continue
        if agrees(value, right, tolerance):
            yield path, f"the trap equals the answer ({formatted(right)}) for {_shown(draw)}"


def _shown(draw: Numbers) -> str:
    return ", ".join(f"{name} = {value}" for name, value in draw.items())
