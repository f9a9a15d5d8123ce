"""A session in which a judge has read the answer: what it proposes, and that the learner has the last word."""

from __future__ import annotations

from typing import Any

import pytest

from studyapp.errors import BadInput
from studyapp.memory.state import Rating
from studyapp.study.grading import Doubt, Mark, Outcome, Reading, judge
from studyapp.study.session import Session, State
from studyapp.study.turns import Presented, Turn

FOUND, UNSURE, MISSED = Mark("found", 0.9, (0, 3)), Mark("unsure", 0.5, (0, 3)), Mark("missed", 0.1)
DOUBT = Doubt("Pixels are impossible.", (0, 3))


@pytest.fixture
def read(items: Any) -> Any:
    """`read(FOUND, MISSED, MISSED, doubt=...)`: a session that shows this reading of a text (point 1 of 3 is indispensable)."""

    def make(*marks: Mark, doubt: Doubt | None = None, error: bool = False, hints: int = 0, spent_ms: int = 5_000) -> Session:
        item = items("explain")
        session = Session()
        session.present(Presented(item, items.draw(item), Turn.REVIEW), 0)
        for _ in range(hints):
            session.hint(0)
        judged = judge(item, items.draw(item), "abc def")
        reading = Reading("abc def", "default", "partial", 0.8, marks, doubt, error)
        session.submit("abc def", None, spent_ms, judged.with_reading(reading))
        return session

    return make


@pytest.mark.parametrize(
    ("marks", "outcome", "rating"),
    [
        ((FOUND, FOUND, FOUND), "right", Rating.GOOD),
        ((FOUND, FOUND, MISSED), "right", Rating.GOOD),
        ((FOUND, MISSED, MISSED), "partial", Rating.HARD),
        ((FOUND, UNSURE, UNSURE), "partial", Rating.HARD),
        ((MISSED, FOUND, FOUND), "partial", Rating.AGAIN),
        ((MISSED, MISSED, MISSED), "wrong", Rating.AGAIN),
    ],
)
def test_the_rating_that_is_proposed(read: Any, marks: tuple[Mark, ...], outcome: str, rating: Rating) -> None:
    session = read(*marks)
    assert session.card.judgement.outcome.value == outcome
    assert session.proposal is rating
    assert [point.found for point in session.card.judgement.points] == [mark is FOUND for mark in marks]


def test_slow_or_after_the_third_hint_it_is_hard(read: Any) -> None:
    assert read(FOUND, FOUND, FOUND, hints=3).proposal is Rating.HARD
    assert read(FOUND, FOUND, FOUND, spent_ms=179_000).proposal is Rating.HARD


def test_ticks_change_the_proposal_at_once(read: Any) -> None:
    session = read(MISSED, FOUND, FOUND)
    assert session.tick("p1", True).outcome is Outcome.RIGHT
    assert session.proposal is Rating.GOOD
    session.tick("p1", False)
    assert session.proposal is Rating.AGAIN


def test_yes_to_the_doubt_makes_it_partial_at_best_and_no_dismisses_it(read: Any) -> None:
    session = read(FOUND, FOUND, FOUND, doubt=DOUBT)
    assert session.proposal is Rating.GOOD
    session.settle(True)
    assert (session.card.outcome(), session.proposal) == (Outcome.PARTIAL, Rating.HARD)
    session.settle(False)
    assert session.proposal is Rating.GOOD


def test_an_error_that_the_judge_counts_is_taken_back_by_a_no(read: Any) -> None:
    session = read(FOUND, FOUND, FOUND, doubt=DOUBT, error=True)
    assert session.proposal is Rating.HARD
    session.settle(False)
    assert session.proposal is Rating.GOOD


def test_without_a_doubt_there_is_nothing_to_answer(read: Any) -> None:
    with pytest.raises(BadInput, match="no misconception"):
        read(FOUND, FOUND, FOUND).settle(True)


def test_the_accepting_key_writes_what_is_shown_again_too_and_another_key_overrules(read: Any) -> None:
    session = read(MISSED, MISSED, MISSED)
    assert not session.needs_key
    graded = session.grade(None, 6_000)
    assert (graded.rating, graded.payload["overruled"]) == (Rating.AGAIN, False)
    graded = read(MISSED, MISSED, MISSED).grade(Rating.GOOD, 6_000)
    assert (graded.rating, graded.payload["overruled"]) == (Rating.GOOD, True)
    assert [row["about"] for row in graded.payload["disputes"]] == ["rating"]


def test_the_record_keeps_what_was_proposed_and_what_was_decided(read: Any) -> None:
    session = read(FOUND, UNSURE, MISSED, doubt=DOUBT)
    session.tick("p2", True)
    session.settle(False)
    payload = session.grade(None, 6_000).payload
    assert payload["value"] == "abc def"
    assert payload["points"] == {"p1": True, "p2": True, "p3": False}
    proposed = payload["reading"]
    assert {id: row[0] for id, row in proposed["points"].items()} == {"p1": "found", "p2": "unsure", "p3": "missed"}
    assert (proposed["judge"], proposed["verdict"], proposed["doubt"]["said"]) == ("default", "partial", False)
    assert [(row["about"], row["proposed"], row["decided"]) for row in payload["disputes"]] == [
        ("point", "unsure", "found"),
        ("misconception", "meant", "not meant"),
    ]


def test_a_session_goes_on_from_the_sheet_as_it_was(read: Any, items: Any) -> None:
    session = read(FOUND, MISSED, MISSED, doubt=DOUBT)
    session.tick("p3", True)
    session.settle(True)
    again = Session.from_row(session.to_row(), lambda key: (items("explain"), {}))
    assert again.card.judgement == session.card.judgement
    assert again.proposal is session.proposal


@pytest.mark.parametrize(("yes", "outcome", "rating"), [(True, "right", Rating.GOOD), (False, "wrong", Rating.AGAIN)])
def test_a_misspelt_answer_is_asked_about(items: Any, yes: bool, outcome: str, rating: Rating) -> None:
    item = items("short")
    session = Session()
    session.present(Presented(item, items.draw(item), Turn.REVIEW), 0)
    assert session.submit("patch embezzeng", None, 1_000).meant == ("patch embedding",)
    assert session.state is State.RETRY
    session.meant(yes, 2_000)
    assert (session.state, session.card.judgement.outcome.value, session.proposal) == (State.REVEAL, outcome, rating)
    assert session.grade(None, 3_000).payload["value"] == "patch embezzeng"


def test_a_near_answer_by_meaning_is_not_asked_about(items: Any) -> None:
    item = items("short")
    session = Session()
    session.present(Presented(item, items.draw(item), Turn.REVIEW), 0)
    session.submit("token", None, 1_000)
    with pytest.raises(BadInput, match="try once more"):
        session.meant(True, 2_000)
