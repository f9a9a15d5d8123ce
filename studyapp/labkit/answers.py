"""Answers as people and files give them, read into the form of an answers file (DESIGN section 7), or refused with a clear line.

An answers file maps question ids to a value or to {"value":, "confidence":, "reason":, "seconds":, "hints":, "item_seconds":}.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from studyapp.course.quantity import parse_quantity
from studyapp.errors import BadInput
from studyapp.labkit.api import Answer, Json, Plan, Question

WRAPPED = {"value", "confidence", "reason", "seconds", "hints", "ticked", "item_seconds"}


def read_answers(plan: Plan, raw: Any, stage: int | None = None) -> dict[str, Answer]:
    """All answers of a file (of one stage, if given); raises BadInput that names the question. Missing ids are skipped questions."""
    if not isinstance(raw, Mapping):
        raise BadInput('answers: give one JSON object of question ids and answers, like {"q1": 196}')
    known = {question.id: question for question in plan.questions}
    found: dict[str, Answer] = {}
    for id, value in raw.items():
        if id not in known:
            raise BadInput(f"answers: there is no question {id!r} in {plan.lab} (it has {', '.join(known)})")
        if value is None or (stage is not None and known[id].stage != stage):
            continue
        found[id] = read_answer(known[id], value)
    return found


def read_answer(question: Question, raw: Json) -> Answer:
    """One answer, wrapped or plain."""
    fields: dict[str, Any] = {"value": raw}
    if isinstance(raw, Mapping) and "value" in raw and set(raw) <= WRAPPED:
        fields = dict(raw)
    value = read_value(question, fields.pop("value"))
    reason = fields.get("reason")
    if reason is not None:
        if question.reason is None:
            raise BadInput(f"{question.id}: this question asks for no reason")
        fields["reason"] = _id(question, "reason", reason, [option.id for option in question.reason.options])
    if fields.get("ticked") is not None:
        fields["ticked"] = tuple(fields["ticked"])
    if (times := fields.get("item_seconds")) is not None:
        parts = [part.id for part in getattr(question, "left", ()) or getattr(question, "options", ())]
        if not isinstance(times, Mapping) or not set(times) <= set(parts):
            known = f"its parts are {', '.join(parts)}" if parts else "this question has no parts"
            raise BadInput(f"{question.id}: item_seconds are given by part, like {{part id: 2.5}} ({known})")
    try:
        return Answer(value=value, **fields)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"{question.id}: {'.'.join(map(str, first['loc']))}: {first['msg'].lower()}") from None


def read_value(question: Question, raw: Json) -> Json:
    """A value in its answers-file form, from that form or from what a learner typed into the widget of its kind."""
    match question.kind:
        case "number":
            return _number(question, raw)
        case "interval":
            ends = [_number(question, end) for end in _list(question, raw, "two numbers, like [0.4, 0.6]")]
            if len(ends) != 2:
                raise BadInput(f"{question.id}: give two numbers, like [0.4, 0.6]")
            return sorted(ends)
        case "shape":
            return _shape(question, raw)
        case "choice" | "explain":
            return _id(question, "option", raw, [option.id for option in question.options])
        case "multi" | "pick":
            return sorted(set(_ids(question, raw)))
        case "order":
            ids = _ids(question, raw)
            if sorted(ids) != sorted(option.id for option in question.options):
                raise BadInput(f"{question.id}: put each of {', '.join(o.id for o in question.options)} into the order once")
            return ids
        case "match":
            return _match(question, raw)
        case "code":
            source = raw.get("source") if isinstance(raw, Mapping) else raw
            if not isinstance(source, str):
                raise BadInput(f'{question.id}: code is given as {{"source": "..."}}')
            return {"source": source}
        case "text":
            if not isinstance(raw, str):
                raise BadInput(f"{question.id}: a text is expected")
            return raw


def _number(question: Question, raw: Json) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise BadInput(f'{question.id}: a number is expected, like 196 or "14*14"')
    if isinstance(raw, int | float):
        if not math.isfinite(raw):
            raise BadInput(f"{question.id}: a finite number is expected")
        return raw
    unit = getattr(question, "unit", "")
    try:
        typed = parse_quantity(raw)
    except BadInput as error:
        raise BadInput(f"{question.id}: {error}") from None
    if typed.unit == "%":
        return typed.value / 100 if unit != "%" else typed.value
    return typed.value


def _shape(question: Question, raw: Json) -> list[int]:
    """`[2, 163, 192]`, "2,163,192", "2 163 192" or symbols of this plan, "B N+1 D"."""
    assert question.kind == "shape"
    if isinstance(raw, str):
        text = raw.strip().strip("()[]")
        separated = re.split(r"\s*[,;]\s*|\s+(?![+*\-/]|$)(?<![+*\-/]\s)", text)
        raw = [_axis(question, part) for part in separated if part]
    sizes = _list(question, raw, "a shape, like [2, 163, 192]")
    sizes = [_axis(question, size) if isinstance(size, str) else size for size in sizes]
    if not all(isinstance(size, int) and not isinstance(size, bool) for size in sizes):
        raise BadInput(f"{question.id}: a shape is whole numbers, like [2, 163, 192]")
    return sizes


def _axis(question: Question, text: str) -> int:
    from studyapp.course.expr import ExprError, compile_expr

    assert question.kind == "shape"
    try:
        value = compile_expr(text.replace("×", "*")).value(question.symbols)
    except (ExprError, BadInput):
        known = f" or the letters {', '.join(question.symbols)}" if question.symbols else ""
        raise BadInput(f"{question.id}: {text!r} is no size of an axis; use whole numbers{known}") from None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, int):
        raise BadInput(f"{question.id}: {text!r} is {value:g}, and a size is a whole number")
    return value


def _match(question: Question, raw: Json) -> dict[str, str]:
    assert question.kind == "match"
    if not isinstance(raw, Mapping):
        raise BadInput(f'{question.id}: pairs are given as {{"left id": "right id", ...}}')
    left, right = [option.id for option in question.left], [option.id for option in question.right]
    return {_id(question, "left id", key, left): _id(question, "right id", value, right) for key, value in raw.items()}


def _ids(question: Question, raw: Json) -> list[str]:
    """Option ids from a list, or from text: "a c", "a,c", "ac" (single letters)."""
    known = [option.id for option in getattr(question, "options", ())]
    if isinstance(raw, str):
        parts = [part for part in re.split(r"[\s,;>]+", raw.strip()) if part]
        raw = list(parts[0]) if len(parts) == 1 and parts[0] not in known else parts
    ids = [_id(question, "option", part, known) for part in _list(question, raw, 'option ids, like ["a", "c"]')]
    if len(set(ids)) != len(ids):
        raise BadInput(f"{question.id}: an option was named twice")
    return ids


def _id(question: Question, what: str, raw: Json, known: Sequence[str]) -> str:
    if not isinstance(raw, str) or raw.strip().lower() not in known:
        raise BadInput(f"{question.id}: {raw!r} is no {what} (there are {', '.join(known)})")
    return raw.strip().lower()


def _list(question: Question, raw: Json, form: str) -> list[Any]:
    if not isinstance(raw, list | tuple):
        raise BadInput(f"{question.id}: give {form}")
    return list(raw)
