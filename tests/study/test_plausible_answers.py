"""Typed answers are taken as a fair examiner would take them: right in other words, near, and wrong ones that many people give."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from studyapp.course.compile import compile_course
from studyapp.course.draws import answer_part, draw_for
from studyapp.course.load import load_course
from studyapp.study.grading import judge

HERE = Path(__file__).parent
ANSWERS: dict[str, dict[str, list[Any]]] = yaml.safe_load((HERE / "plausible_answers.yaml").read_text("utf-8"))
ITEMS = {item.id: item for item in compile_course(load_course(HERE.parents[1] / "content" / "week-13"))[1]}


def test_every_item_that_is_typed_has_plausible_answers():
    typed = {id for id, item in ITEMS.items() if item.kind != "lab" and answer_part(item)[0] in ("short", "missing", "cloze", "list")}
    assert set(ANSWERS) == typed


@pytest.mark.parametrize("id", ANSWERS)
def test_a_plausible_answer_is_judged_fairly(id):
    item = ITEMS[id]
    draw = draw_for(item, "deadbeef")
    judged = {(str(value), outcome): judge(item, draw, value).outcome.value for outcome, values in ANSWERS[id].items() for value in values}
    assert judged == {(value, outcome): outcome for value, outcome in judged}
