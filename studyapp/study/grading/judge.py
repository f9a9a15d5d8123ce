"""One answer to one item, judged; and the answer's JSON value from a text on the command line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from studyapp.course.cloze import blanks
from studyapp.course.draws import Draw, answer_part
from studyapp.course.items import Item
from studyapp.course.view import reveal
from studyapp.errors import BadInput
from studyapp.study.grading.choice import chosen_ids, judge_choice
from studyapp.study.grading.lists import judge_list
from studyapp.study.grading.number import judge_number, quantity
from studyapp.study.grading.order import judge_order, ordered_ids
from studyapp.study.grading.points import Points, judge_free, judge_repair, truth_said
from studyapp.study.grading.result import Judgement, Outcome, PointState
from studyapp.study.grading.text import judge_cloze, judge_text, texts

FREE_TEXT = frozenset({"explain", "contrast"})


def is_free_text(item: Item) -> bool:
    """Whether it asks for sentences; a session holds few of these."""
    return item.kind != "lab" and answer_part(item)[0] in FREE_TEXT


def judge(item: Item, draw: Draw, value: Any) -> Judgement:
    """Judge an answer given in the JSON form of DESIGN 7; None means answered in the head, which the learner rates.

    Raises BadInput when the value is not of the form that the kind asks for, and for lab items, which their lab judges.
    """
    if item.kind == "lab":
        raise BadInput(f"{item.key} is answered in its lab: studyapp lab start {item.body.get('lab', '')}")
    kind, body = answer_part(item)
    other_side = reveal(item, draw)
    points = tuple(PointState(name, text, False, indispensable) for name, text, indispensable in other_side.points)
    if value is None:  # in the head there is no repair to compare, only a truth value
        judged = Judgement(Outcome.SELF, points=() if kind == "true-false-repair" else points)
    else:
        try:
            judged = _judged(kind, body, draw, value, points)
        except BadInput as error:
            raise BadInput(f"{item.key}: {error}") from None
    return replace(judged, expected=other_side.value)


def parse_value(item: Item, text: str) -> Any:
    """The JSON value of an answer as it is typed, in a session or as `--answer VALUE` (forms of DESIGN 7); raises BadInput."""
    if item.kind == "lab":
        raise BadInput(f"{item.key} is answered in its lab: studyapp lab start {item.body.get('lab', '')}")
    kind, body = answer_part(item)
    return _PARSERS.get(kind, _parse_text)(body, text)


def _judged(kind: str, body: Mapping[str, Any], draw: Draw, value: Any, points: Points) -> Judgement:
    if kind == "choice":
        return judge_choice(body, value)
    if kind == "number":
        return judge_number(body, draw.params, value)
    if kind == "order":
        return judge_order(body, value)
    if kind == "list":
        return judge_list(body, value)
    if kind == "cloze":
        return judge_cloze(body["ask"], value, body.get("near", ()), body.get("traps", ()))
    if kind == "true-false-repair":
        return judge_repair(body, value, points)
    if kind in ("short", "missing"):
        typed = texts(value)
        if len(typed) != 1:
            raise BadInput("the answer must be one text")
        return judge_text(typed[0], body["accept"], body.get("near", ()), body.get("traps", ()))
    return judge_free(value, points)


def _json(text: str) -> Any:
    """The JSON in a text, or the text itself where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _parse_text(body: Mapping[str, Any], text: str) -> Any:
    value = _json(text)
    return value if isinstance(value, str) else text


def _parse_number(body: Mapping[str, Any], text: str) -> Any:
    value = _json(text)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        value = text
    quantity(value, body.get("unit"))
    return value


def _parse_choice(body: Mapping[str, Any], text: str) -> Any:
    value = _json(text)
    chosen = chosen_ids(body, value if isinstance(value, str | list) else text)
    if not chosen:
        raise BadInput("choose at least one: give the id of an option")
    return chosen[0] if len(chosen) == 1 else chosen


def _parse_order(body: Mapping[str, Any], text: str) -> Any:
    value = _json(text)
    return ordered_ids(body, text.replace(",", " ").split() if isinstance(value, str) else value)


def _parse_list(body: Mapping[str, Any], text: str) -> Any:
    value = _json(text)
    if isinstance(value, list):
        return texts(value)
    separator = ";" if ";" in text else "\n" if "\n" in text else ","
    return [part.strip() for part in text.split(separator) if part.strip()]


def _parse_cloze(body: Mapping[str, Any], text: str) -> Any:
    count = len(blanks(body["ask"]))
    value = _json(text)
    if not isinstance(value, list):
        value = [_parse_text(body, text)] if count == 1 else [part.strip() for part in text.split(";" if ";" in text else ",")]
    typed = texts(value)
    if len(typed) != count:
        raise BadInput(f"{count} blanks are to be filled: give a text for each and separate them by ;")
    return typed[0] if count == 1 else typed


def _parse_truth(body: Mapping[str, Any], text: str) -> Any:
    value = _json(text)
    head, colon, rest = text.partition(":")
    if value == text and colon:  # as it is typed: "false: the corrected statement"
        value = {"value": head, "repair": rest.strip()}
    said, repair = truth_said(text if isinstance(value, int) and not isinstance(value, bool) else value)
    return {"value": said, "repair": repair} if repair else said


_PARSERS = {
    "number": _parse_number,
    "choice": _parse_choice,
    "order": _parse_order,
    "list": _parse_list,
    "cloze": _parse_cloze,
    "true-false-repair": _parse_truth,
}
