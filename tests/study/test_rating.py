"""The one grade table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.memory.state import Rating
from studyapp.study.grading import Outcome
from studyapp.study.rating import TABLE, GradeInput, is_sure_miss, propose


@pytest.mark.parametrize(
    ("given", "rating"),
    [
        (GradeInput(Outcome.RIGHT), Rating.GOOD),
        (GradeInput(Outcome.RIGHT, hints=2), Rating.GOOD),
        (GradeInput(Outcome.RIGHT, hints=3), Rating.HARD),
        (GradeInput(Outcome.RIGHT, slow=True), Rating.HARD),
        (GradeInput(Outcome.RIGHT, hints=4), Rating.AGAIN),
        (GradeInput(Outcome.RIGHT, lucky=True), Rating.AGAIN),
        (GradeInput(Outcome.RIGHT, retried=True), Rating.GOOD),
        (GradeInput(Outcome.NEAR), None),
        (GradeInput(Outcome.NEAR, retried=True), Rating.HARD),
        (GradeInput(Outcome.WRONG), Rating.AGAIN),
        (GradeInput(Outcome.WRONG, retried=True), Rating.AGAIN),
        (GradeInput(Outcome.LUCKY), Rating.AGAIN),
        (GradeInput(Outcome.PARTIAL), Rating.HARD),
        (GradeInput(Outcome.PARTIAL, indispensable_missing=True), Rating.AGAIN),
        (GradeInput(Outcome.PARTIAL, points_share=0.0), Rating.AGAIN),
        (GradeInput(Outcome.SELF), None),
        (GradeInput(Outcome.SELF, hints=4), None),
    ],
)
def test_the_grade_table(given, rating):
    assert propose(given) is rating


inputs = st.builds(
    GradeInput,
    st.sampled_from(Outcome),
    hints=st.integers(0, 6),
    slow=st.booleans(),
    lucky=st.booleans(),
    retried=st.booleans(),
    indispensable_missing=st.booleans(),
    points_share=st.floats(0, 1),
)


@given(inputs)
def test_easy_is_never_proposed(given):
    assert propose(given) is not Rating.EASY


@given(inputs)
def test_help_never_raises_a_grade(given):
    more = GradeInput(given.outcome, given.hints + 1, True, True, given.retried, True, given.points_share)
    first, then = propose(given), propose(more)
    assert (first is None) == (then is None)
    assert then is None or then <= first


def test_the_table_that_is_printed_names_every_grade():
    ratings = {rating for _, rating in TABLE}
    assert {"again", "hard", "good"} <= ratings
    assert all(case and rating for case, rating in TABLE)


@pytest.mark.parametrize(
    ("outcome", "rating", "confidence", "owed"),
    [
        ("wrong", Rating.AGAIN, 80, True),
        ("wrong", Rating.AGAIN, 95.0, True),
        ("wrong", Rating.AGAIN, 79, False),
        ("wrong", Rating.AGAIN, None, False),
        ("wrong", Rating.GOOD, 95, False),  # overruled by the learner
        ("wrong", None, 95, False),  # a forecast, or practice
        ("lucky", Rating.AGAIN, 95, False),
        ("right", Rating.AGAIN, 95, False),  # only after the worked example
        (Outcome.WRONG, Rating.AGAIN, 100, True),
    ],
)
def test_a_sure_miss_is_wrong_graded_so_and_said_with_confidence(outcome, rating, confidence, owed):
    assert is_sure_miss(outcome, rating, confidence) is owed
