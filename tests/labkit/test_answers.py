"""Answers are read from files and from what people type, or refused with a line that says what to write."""

from __future__ import annotations

from typing import Any

import pytest

from studyapp.errors import BadInput
from studyapp.labkit.answers import read_answer, read_value
from studyapp.labkit.api import (
    ChoiceQuestion,
    CodeQuestion,
    IntervalQuestion,
    MatchQuestion,
    MultiQuestion,
    NumberQuestion,
    Option,
    OrderQuestion,
    PickQuestion,
    Question,
    Reason,
    ShapeQuestion,
    TextQuestion,
)

BASE: dict[str, Any] = {"id": "q1", "title": "t", "ask": "a", "concept": "c"}
ABC = tuple(Option(id=id, text=id) for id in "abc")
NUMBER = NumberQuestion(**BASE)
SHARE = NumberQuestion(**BASE, integer=False)
SHAPE = ShapeQuestion(**BASE, axes=("1", "2", "3"), symbols={"B": 2, "N": 162, "D": 192})
CHOICE = ChoiceQuestion(**BASE, options=ABC)
MULTI = MultiQuestion(**BASE, options=ABC)
PICK = PickQuestion(**BASE, options=ABC)
ORDER = OrderQuestion(**BASE, options=ABC, first="least", last="most")
MATCH = MatchQuestion(**BASE, left=(Option(id="mlp", text=""), Option(id="value", text="")), right=ABC)
CODE = CodeQuestion(**BASE, entry="f", stub="")
TEXT = TextQuestion(**BASE)
INTERVAL = IntervalQuestion(**BASE)


@pytest.mark.parametrize(
    ("question", "given", "read"),
    [
        (NUMBER, 196, 196),
        (NUMBER, "14*14", 196),
        (NUMBER, "2.4k", 2400),
        (NUMBER, "196 tokens", 196),
        (SHARE, "1e-3", 0.001),
        (SHARE, "50%", 0.5),
        (SHAPE, [2, 163, 192], [2, 163, 192]),
        (SHAPE, "2,163,192", [2, 163, 192]),
        (SHAPE, "(2, 163, 192)", [2, 163, 192]),
        (SHAPE, "2 163 192", [2, 163, 192]),
        (SHAPE, "B N+1 D", [2, 163, 192]),
        (SHAPE, "B, N + 1, D", [2, 163, 192]),
        (SHAPE, ["B", "N+1", 192], [2, 163, 192]),
        (CHOICE, "b", "b"),
        (CHOICE, " B ", "b"),
        (MULTI, ["c", "a"], ["a", "c"]),
        (MULTI, "ca", ["a", "c"]),
        (PICK, "b", ["b"]),
        (ORDER, ["c", "a", "b"], ["c", "a", "b"]),
        (ORDER, "c a b", ["c", "a", "b"]),
        (ORDER, "cab", ["c", "a", "b"]),
        (MATCH, {"mlp": "a", "value": "b"}, {"mlp": "a", "value": "b"}),
        (CODE, {"source": "x = 1"}, {"source": "x = 1"}),
        (CODE, "x = 1", {"source": "x = 1"}),
        (TEXT, "words", "words"),
        (INTERVAL, ["60%", 0.4], [0.4, 0.6]),
    ],
)
def test_each_form_is_read(question: Question, given: Any, read: Any) -> None:
    assert read_value(question, given) == read


@pytest.mark.parametrize(
    ("question", "given", "says"),
    [
        (NUMBER, "lots", "cannot be read as a number"),
        (NUMBER, True, "a number is expected"),
        (NUMBER, float("nan"), "finite"),
        (NUMBER, None, "a number is expected"),
        (SHAPE, [2, 1.5, 3], "whole numbers"),
        (SHAPE, "B Q D", "'Q' is no size of an axis"),
        (SHAPE, 7, "give a shape"),
        (CHOICE, "d", r"'d' is no option \(there are a, b, c\)"),
        (MULTI, ["a", "a"], "named twice"),
        (ORDER, ["a", "b"], "put each of a, b, c"),
        (MATCH, {"mlp": "z"}, "no right id"),
        (CODE, 3, "code is given as"),
        (INTERVAL, [1], "two numbers"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_question_named(question: Question, given: Any, says: str) -> None:
    with pytest.raises(BadInput, match=f"^q1: .*{says}"):
        read_value(question, given)


def test_a_wrapped_answer_carries_confidence_reason_seconds_and_hints() -> None:
    question = CHOICE.model_copy(update={"reason": Reason(ask="why", options=ABC)})
    answer = read_answer(question, {"value": "a", "reason": "b", "confidence": 80, "seconds": 3, "hints": 2})
    assert (answer.value, answer.reason, answer.confidence, answer.seconds, answer.hints) == ("a", "b", 80, 3, 2)


def test_a_match_whose_left_side_is_called_value_is_not_taken_for_a_wrapped_answer() -> None:
    assert read_answer(MATCH, {"mlp": "a", "value": "b"}).value == {"mlp": "a", "value": "b"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"value": 3, "confidence": 180}, "confidence"),
        ({"value": 3, "hints": 9}, "hints"),
        ({"value": 3, "reason": "a"}, "asks for no reason"),
    ],
)
def test_wrong_extras_are_refused(given: Any, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_answer(NUMBER, given)


def test_the_parts_of_an_answer_may_be_timed() -> None:
    given = read_answer(MATCH, {"value": {"mlp": "a", "value": "b"}, "item_seconds": {"mlp": 2.5, "value": 0}})
    assert given.item_seconds == {"mlp": 2.5, "value": 0.0}
    assert read_answer(ORDER, {"value": ["b", "a", "c"], "item_seconds": {"a": 1}}).item_seconds == {"a": 1.0}


@pytest.mark.parametrize(
    ("question", "times", "says"),
    [
        (MATCH, {"nobody": 1}, "its parts are mlp, value"),
        (MATCH, [1, 2], "given by part"),
        (NUMBER, {"a": 1}, "this question has no parts"),
        (MATCH, {"mlp": -1}, "item_seconds.mlp"),
        (MATCH, {"mlp": float("inf")}, "item_seconds.mlp"),
        (MATCH, {"mlp": "soon"}, "item_seconds.mlp"),
    ],
)
def test_times_that_fit_no_part_or_are_none_are_refused(question: Question, times: Any, says: str) -> None:
    value = 3 if question is NUMBER else {"mlp": "a"}
    with pytest.raises(BadInput, match=says) as refused:
        read_answer(question, {"value": value, "item_seconds": times})
    assert str(refused.value).startswith("q1: ")
