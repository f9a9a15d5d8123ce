"""What an answer brings together, and how it stands to what is true."""

from __future__ import annotations

import pytest

from studyapp.study.grading.free.align import Alignment
from studyapp.study.grading.free.claims import Claims
from studyapp.study.grading.free.contract import KeyPoint, Question
from studyapp.study.grading.free.names import CLAIM_ANSWER, CLAIM_POINT
from studyapp.study.grading.free.pairs import pair_values
from studyapp.study.grading.free.prepare import prepared

TWO = Question(
    "How do a stack and a queue differ?",
    "A stack returns the newest element first. A queue returns the oldest element first.",
    (KeyPoint("a stack returns the newest element", (), True), KeyPoint("a queue returns the oldest element", (), True)),
    ("A queue sorts its elements by priority.",),
)


def claims(answer: str, question: Question = TWO) -> Claims:
    known = prepared(question)
    return Claims(Alignment(known, known.read(answer)))


def pairs(answer: str) -> dict[str, float]:
    known = prepared(TWO)
    return pair_values(Alignment(known, known.read(answer)))


def test_right_words_bound_to_the_wrong_thing_are_pairs_that_never_stand_together_in_the_truth() -> None:
    right, swapped = pairs("the stack returns the newest"), pairs("the stack returns the oldest")
    assert right["r_alien"] + right["r_turned"] < swapped["r_alien"] + swapped["r_turned"]
    assert right["r_known"] > swapped["r_known"]


def test_a_denied_pair_is_turned_not_known() -> None:
    assert pairs("a stack never returns newest elements")["r_known"] < pairs("a stack returns newest elements")["r_known"]


def test_a_sentence_with_what_nobody_spoke_of_is_new() -> None:
    plain = claims("A stack returns the newest element first.")
    more = claims("A stack returns the newest element first. Volcanoes erupt in winter because bananas ripen.")
    assert plain.values["k_new_last"] == 0
    assert more.values["k_new_last"] > 0.5
    assert more.values["k_explained_least"] < plain.values["k_explained_least"]


def test_a_false_statement_leads_where_it_is_made() -> None:
    assert claims("A queue sorts its elements by priority.").values["k_lead"] > 0
    assert claims("A queue returns the oldest element.").values["k_lead"] < 0


def test_the_words_that_tell_a_point_from_the_others_count_for_it() -> None:
    first, second = claims("the newest one first").points
    assert first["c_own"] > second["c_own"]


@pytest.mark.parametrize("answer", ["", "?", "stack", "stack queue", "A stack. A queue, and the newest."])
@pytest.mark.parametrize("question", [TWO, Question("", "", (KeyPoint("?"),)), Question("q", "", ())])
def test_every_feature_is_there_and_small_for_any_answer(answer: str, question: Question) -> None:
    found = claims(answer, question)
    assert set(found.values) == set(CLAIM_ANSWER)
    for row in found.points:
        assert set(row) == set(CLAIM_POINT)
    assert all(-2 <= value <= 2 for row in (found.values, *found.points) for value in row.values())
