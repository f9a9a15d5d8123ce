"""The templates of the shipped course: whatever is drawn, no misconception gives the right number."""

from __future__ import annotations

from pathlib import Path

import pytest

from studyapp.course.compile import compile_course
from studyapp.course.draws import answer_part, draw_for, fresh_token, value_of
from studyapp.course.items import Item
from studyapp.course.load import load_course
from studyapp.course.quantity import agrees, tolerance_of
from studyapp.course.view import reveal, show

COURSE = Path(__file__).resolve().parents[2] / "content" / "week-13"
TEMPLATES = [item for item in compile_course(load_course(COURSE))[1] if answer_part(item)[0] == "number"]


def check(item: Item, seeds: int) -> None:
    _, body = answer_part(item)
    for seed in range(seeds):
        draw = draw_for(item, fresh_token(item.key, seed, "test"))
        answer = value_of(body["answer"], draw.params)
        tolerance = tolerance_of(body.get("tolerance"), answer)
        for trap in body["traps"]:
            if "value" in trap:
                wrong = value_of(trap["value"], draw.params)
                assert not agrees(wrong, answer, tolerance), f"{item.id} {dict(draw.params)}: {trap['concept']} gives {wrong}"
        assert "{" not in show(item, draw).ask
        assert "{" not in reveal(item, draw).why


def test_the_course_has_many_templates() -> None:
    assert len(TEMPLATES) >= 15


@pytest.mark.parametrize("item", TEMPLATES, ids=lambda item: item.id)
def test_a_template_is_diagnostic(item: Item) -> None:
    check(item, 100)


@pytest.mark.slow
@pytest.mark.parametrize("item", TEMPLATES, ids=lambda item: item.id)
def test_a_template_is_diagnostic_over_ten_thousand_draws(item: Item) -> None:
    check(item, 10_000)
