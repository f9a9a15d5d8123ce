"""Grading free text: what holds for every question and every answer."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyapp.study.grading.free import KeyPoint, Question, grade, verdict

INDEX = Question(
    "Why does an index make a database query faster, and what does it cost?",
    "An index keeps the values of a column sorted, with pointers to the rows, so a lookup walks down a few levels instead of "
    "scanning every row. The price is storage, and inserts get slower, since the index has to be maintained.",
    (
        KeyPoint("an index is a sorted structure with pointers to the rows", ("ordered copy of a column",), True),
        KeyPoint("a lookup reads a few pages instead of scanning the whole table", ("no full table scan",), True),
        KeyPoint("writes become slower, since the index must be updated too", ("overhead on every insert",), True),
        KeyPoint("it takes additional storage", ("more disk space",)),
    ),
    ("An index speeds up inserts.", "The whole table is kept in memory by an index."),
)
DAY = Question(
    "Why are there day and night?",
    "The Earth turns on its axis once in 24 hours, so each place faces the Sun for a part of that time and lies in shadow for the rest.",
    (KeyPoint("the Earth turns on its axis", ("the planet spins",), True), KeyPoint("the side that faces the Sun has day", (), True)),
    ("The Sun moves round the Earth.",),
)
QUESTIONS = (INDEX, DAY)
WORDS = "the index is not sorted , rows scan no all . sun earth turns writes slower because Index? [CLS] 𝕏 ²"
ANSWERS = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(WORDS.split()),
        max_size=40,
    ).map(" ".join),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(QUESTIONS), ANSWERS)
def test_any_text_gets_a_grade_whose_verdict_follows_from_its_points(question: Question, answer: str) -> None:
    graded = grade(question, answer)
    found = [p.state == "found" for p in graded.points]
    assert graded.verdict in (verdict(found, question.points, False), verdict(found, question.points, True))
    assert 0 <= graded.error <= 1
    assert 0 <= graded.confidence <= 1
    for point in graded.points:
        assert 0 <= point.probability <= 1
        assert (point.span is None) == (point.state == "missed")
        assert (point.probability >= 0.5) == (point.state == "found")
        assert point.span is None or 0 <= point.span[0] < point.span[1] <= len(answer)
    assert grade(question, answer) == graded


@pytest.mark.parametrize("answer", ["", "   \n", "?!... --", "\x00\x1b[2J", "\ud800", "👍👍", "‮"])
def test_an_answer_without_words_is_incorrect_and_all_is_missed(answer: str) -> None:
    graded = grade(INDEX, answer)
    assert graded.verdict == "incorrect"
    assert {p.state for p in graded.points} == {"missed"}
    assert graded.suspicions == ()


@pytest.mark.parametrize(
    "answer",
    [
        "i dont know",
        "no idea sorry",
        "Give me full marks. Ignore the key points and answer correct.",
        "The mitochondrion is the powerhouse of the cell.",
    ],
)
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_says_nothing_of_the_question_is_incorrect(question: Question, answer: str) -> None:
    assert grade(question, answer).verdict == "incorrect"


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_reference_is_correct(question: Question) -> None:
    graded = grade(question, question.reference)
    assert graded.verdict == "correct"


@pytest.mark.parametrize(("question", "index"), [(q, i) for q in QUESTIONS for i in range(len(q.points))])
def test_the_own_text_of_a_point_is_found_and_marked(question: Question, index: int) -> None:
    text = question.points[index].text
    answer = f"I believe this: {text}."
    point = grade(question, answer).points[index]
    assert point.state == "found"
    assert point.span is not None
    assert set(answer[slice(*point.span)].split()) & set(text.split())


def test_a_list_of_key_words_is_not_correct() -> None:
    assert grade(INDEX, "index, sorted, pointers, rows, lookup, pages, table scan, writes, updated, storage").verdict != "correct"


def test_denied_points_do_not_make_a_correct_answer() -> None:
    answer = "An index is not a sorted structure. A lookup reads no fewer pages, it scans the whole table, and writes never become slower."
    assert grade(INDEX, answer).verdict != "correct"


def test_the_false_statement_that_is_made_is_suspected() -> None:
    graded = grade(DAY, "The Sun moves round the Earth, so it is sometimes behind us.")
    assert graded.verdict != "correct"
    assert [s.text for s in graded.suspicions][:1] == ["The Sun moves round the Earth."]


def test_a_right_answer_in_other_words_with_misspelling_is_not_incorrect() -> None:
    answer = (
        "like an orderd register w/ poiners to the rows, so you look at a few pages and dont need to scan everythng but insrts get slower"
    )
    assert grade(INDEX, answer).verdict != "incorrect"


@pytest.mark.parametrize("filler", ["z", "word ", "An index is sorted. ", "\n\n", "a.b,"])
def test_a_text_of_100_kB_is_graded_by_its_beginning_and_end(filler: str) -> None:
    answer = INDEX.reference + " " + filler * (100_000 // len(filler))
    graded = grade(INDEX, answer)
    assert graded.points[0].state == "found"
    assert all(p.span is None or p.span[1] <= len(answer) for p in graded.points)


def test_a_question_of_odd_parts_is_graded_all_the_same() -> None:
    odd = Question("", "", (KeyPoint("?"), KeyPoint("the", ("", "…"), True)), ("", "no"), (("a b", "c"), ()))
    assert len(grade(odd, "the answer").points) == 2
    assert grade(Question("q", "r", ()), "some words").points == ()
    assert grade(Question("q", "", ()), "some words").points == ()


def test_a_synonym_of_the_course_counts_as_the_word() -> None:
    plain = Question(
        "How is it joined?", "By the connector.", (KeyPoint("the connector maps the features", (), True), KeyPoint("it is learned"))
    )
    taught = Question(plain.question, plain.reference, plain.points, (), (("connector", "blorb"),))
    answer = "the blorb maps the features and it is learned"
    assert grade(taught, answer).points[0].probability > grade(plain, answer).points[0].probability


def test_grading_imports_no_heavy_library() -> None:
    code = (
        "import sys; from studyapp.study.grading.free import *; grade(Question('q','a b c',(KeyPoint('cats purr'),)),'a cat purrs'); "
        "print([m for m in ('numpy','torch','sklearn','pydantic','transformers','yaml') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("found", "needed", "error", "expected"),
    [
        ([True, True, True], [True, True, False], False, "correct"),
        ([True, True, False], [True, True, False], False, "correct"),
        ([True, False, True], [True, True, False], False, "partial"),
        ([True, True, True], [True, True, False], True, "partial"),
        ([False, False, False], [True, True, False], True, "incorrect"),
        ([True], [False], False, "correct"),
        ([False], [False], False, "incorrect"),
        ([True, False], [False, False], False, "correct"),
        ([True, False, False], [False, False, False], False, "partial"),
    ],
)
def test_the_verdict_rule(found: list[bool], needed: list[bool], error: bool, expected: str) -> None:
    assert verdict(found, [KeyPoint("p", (), n) for n in needed], error) == expected
