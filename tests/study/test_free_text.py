"""A typed text as tokens: where they stand, what is negated, what is repaired."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.study.grading.free.contract import KeyPoint, Question
from studyapp.study.grading.free.lexicon import lexicon, stem
from studyapp.study.grading.free.prepare import prepared
from studyapp.study.grading.free.tokens import read

QUESTION = Question(
    "Why is attention over pixels expensive?",
    "Attention compares every pair of tokens, so its cost grows with the square of their number.",
    (KeyPoint("attention compares every pair of tokens", ("all against all",), True), KeyPoint("the cost is quadratic")),
)


def stems(text: str) -> list[str]:
    return [t.stem for t in read(text).tokens]


@given(st.text(max_size=300))
def test_every_token_stands_where_it_says(text: str) -> None:
    for token in read(text).tokens:
        assert 0 <= token.start < token.end <= len(text)


@given(st.text(max_size=200))
def test_clauses_cover_the_tokens_in_order(text: str) -> None:
    found = read(text)
    assert [at for first, last in found.clauses for at in range(first, last)] == list(range(len(found.tokens)))


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("imgs bc", "images because"),
        ("dont", "do not"),
        ("it dosnt matter", "it does not matter"),
        ("teh foto", "the photo"),
        ("it can't", "it can not"),
        ("w/o labels", "without labels"),
        ("N² pairs", "N squared pairs"),
        ("fünf", "funf"),
        ("50,176 pixels", "50176 pixels"),
        ("three steps", "3 steps"),
    ],
)
def test_a_short_way_to_write_reads_as_the_full_one(short: str, full: str) -> None:
    assert stems(short) == stems(full)


@pytest.mark.parametrize(
    ("text", "word", "negated"),
    [
        ("the encoder is not trained", "train", True),
        ("the encoder is trained", "train", False),
        ("not the encoder but the connector is trained", "train", False),
        ("not the encoder but the connector is trained", "encod", True),
        ("without labels it is trained", "label", True),
        ("it doesn't need labels, it learns from pairs", "learn", False),
        ("it is a myth that patches are looked up", "look", True),
        ("not only fast but exact", "fast", False),
        ("weights stay untrained", "train", True),
        ("it uses vectors instead of words", "word", True),
        ("it uses vectors rather than words", "vector", False),
    ],
)
def test_a_negation_reaches_to_the_turn_of_its_clause(text: str, word: str, negated: bool) -> None:
    assert [t.negated for t in read(text).tokens if t.stem == word] == [negated]


@pytest.mark.parametrize(
    ("typed", "meant"), [("attension", "attention"), ("tokns", "tokens"), ("quadratc", "quadratic"), ("becuase", "because")]
)
def test_a_misspelt_word_is_read_as_the_one_that_is_meant(typed: str, meant: str) -> None:
    assert prepared(QUESTION).repairer(typed) == meant


@pytest.mark.parametrize("word", ["retention", "taken", "pair", "pains", "cast", "coat", "spare"])
def test_a_common_word_is_never_repaired(word: str) -> None:
    assert prepared(QUESTION).repairer(word) == word


@pytest.mark.parametrize(
    ("a", "b", "sense"),
    [("expensive", "cost", 1), ("picture", "image", 1), ("frozen", "fixed", 1), ("frozen", "trained", -1), ("increase", "shrink", -1)],
)
def test_words_are_alike_or_opposite(a: str, b: str, sense: int) -> None:
    near, found = lexicon().related(stem(a), stem(b))
    assert near > 0.5
    assert found == sense


def test_nearness_is_the_same_both_ways() -> None:
    words = [stem(w) for w in ("cost", "image", "patch", "train", "frozen", "noise", "quick", "slow", "picture", "vector", "loss")]
    table = lexicon()
    assert all(table.related(a, b) == table.related(b, a) for a in words for b in words)
