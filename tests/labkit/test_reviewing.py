"""Which tasks a card asks for: by number, by concept, by misconception."""

from __future__ import annotations

import pytest

from studyapp.errors import BadInput
from studyapp.labkit.api import ChoiceQuestion, NumberQuestion, Option, Trap, Truth, asked_for, concepts_of

COUNT = NumberQuestion(
    id="q1",
    title="Count",
    ask="How many?",
    concept="patch-count",
    hints=(),
    traps=(Trap(value=7, concept="off-by-one", say="One too many."),),
)
PICK = ChoiceQuestion(
    id="q2",
    title="Pick",
    ask="Which?",
    concept="patch-order",
    hints=(),
    options=(Option(id="a", text="this"), Option(id="b", text="that", concept="patch-transposed")),
)
BOTH = (COUNT, PICK)


@pytest.mark.parametrize(
    ("what", "id"), [("q1", "q1"), ("2", "q2"), ("patch-count", "q1"), ("off-by-one", "q1"), ("patch-transposed", "q2")]
)
def test_a_task_is_meant_by_its_number_its_concept_or_its_misconception(what: str, id: str) -> None:
    assert [question.id for question in asked_for("some-lab", BOTH, what)] == [id]


def test_a_concept_goes_before_a_misconception_of_the_same_name() -> None:
    other = COUNT.model_copy(update={"id": "q3", "concept": "off-by-one", "traps": ()})
    assert [question.id for question in asked_for("some-lab", (COUNT, other), "off-by-one")] == ["q3"]


def test_misconceptions_that_only_a_run_names_can_be_added() -> None:
    assert [question.id for question in asked_for("some-lab", BOTH, "seen-in-runs", {"q1": ("seen-in-runs",)})] == ["q1"]


def test_what_no_task_serves_is_refused_with_the_lab_s_name() -> None:
    with pytest.raises(BadInput, match="some-lab has no task for 'other'"):
        asked_for("some-lab", BOTH, "other")


def test_the_traps_of_a_truth_count_as_the_question_s_own() -> None:
    truth = Truth(value=6, traps=(Trap(value=3, concept="halved", say="Half of it."),))
    assert concepts_of(COUNT, truth) == {"off-by-one", "halved"}


def test_a_truth_of_code_shows_its_picture_only_once_something_was_checked() -> None:
    bare, checked = Truth.of_code("x = 1", None, "beside:q1"), Truth.of_code("x = 1", {"ok": True}, "beside:q1")
    assert (bare.report, bare.evidence) == (None, ())
    assert checked.report is not None
    assert checked.evidence == ("beside:q1",)
