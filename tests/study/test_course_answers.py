"""The shipped course and the judge agree: every accepted form is right, every trap and near form is recognised."""

from pathlib import Path

import pytest

from studyapp.course.cloze import blanks
from studyapp.course.draws import answer_part, draw_for, value_of
from studyapp.course.view import answer_text, reveal
from studyapp.study.grading import Outcome, judge
from studyapp.study.grading.text import judge_text


@pytest.fixture(scope="module")
def course():
    from studyapp.course.compile import compile_course
    from studyapp.course.load import load_course

    _, items = compile_course(load_course(Path(__file__).parents[2] / "content" / "week-13"))
    return [(item, *answer_part(item)) for item in items if item.kind != "lab"]


def test_the_answer_that_is_revealed_is_right(course):
    for item, kind, body in course:
        draw = draw_for(item, "deadbeef")
        value = reveal(item, draw).value
        value = value[: body["slots"]] if kind == "list" else value
        assert judge(item, draw, value).outcome in (Outcome.RIGHT, Outcome.SELF), item.key


def test_every_accepted_form_is_right_and_every_named_wrong_one_recognised(course):
    for item, kind, body in course:
        if kind not in ("short", "missing"):
            continue
        draw = draw_for(item, "deadbeef")
        assert {form: judge(item, draw, form).outcome for form in body["accept"]} == dict.fromkeys(body["accept"], Outcome.RIGHT), item.key
        assert all(judge(item, draw, form).outcome is Outcome.NEAR for form in body.get("near", ())), item.key
        for trap in body.get("traps", ()):
            judged = judge(item, draw, trap["when"])
            assert judged.trap is not None, (item.key, trap["when"])
            assert judged.trap.concept == trap["concept"], (item.key, trap["when"])


def test_every_form_of_every_blank_is_right(course):
    for item, kind, body in course:
        if kind == "cloze":
            for forms in blanks(body["ask"]):
                judged = [judge_text(form, forms, body.get("near", ()), body.get("traps", ())).outcome for form in forms]
                assert set(judged) == {Outcome.RIGHT}, item.key


def test_a_number_may_be_typed_as_it_is_shown_and_its_traps_are_recognised(course):
    for item, kind, body in course:
        if kind != "number":
            continue
        for token in ("00000000", "deadbeef", "12345678"):
            draw = draw_for(item, token)
            assert judge(item, draw, answer_text(body, draw.params)).outcome is Outcome.RIGHT, item.key
            for trap in body.get("traps", ()):
                judged = judge(item, draw, value_of(trap["value"], draw.params))
                assert judged.trap is not None, (item.key, draw.params)
                assert judged.trap.concept == trap["concept"], (item.key, draw.params)
