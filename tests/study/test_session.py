"""The study session: one card from its question to its record."""

import json

import pytest

from studyapp.errors import BadInput
from studyapp.study.grading import Judgement, Outcome
from studyapp.study.pace import time_box_s
from studyapp.study.session import State
from studyapp.study.turns import Turn
from tests.study.sitting import AGAIN, EASY, GOOD, HARD


def test_a_card_goes_from_question_to_reveal_to_the_next(sit):
    s = sit()
    assert s.session.state is State.NEXT
    s.show()
    assert (s.session.state, s.session.proposal) == (State.ASK, None)
    s.session.submit(None, None, s.now)
    assert s.session.state is State.REVEAL
    s.session.grade(GOOD, s.now)
    assert (s.session.state, s.session.cards) == (State.NEXT, 1)


def test_a_graded_card_is_a_full_record_for_the_log(sit):
    s = sit()
    s.show("number", turn=Turn.EARLY)
    s.session.hint(s.now)
    s.wait(7.25)
    s.session.submit("900", 60, s.now)
    graded = s.session.grade(None, s.now)
    assert (graded.kind, graded.key, graded.rating, graded.turn) == ("answer", "c:number", AGAIN, Turn.EARLY)
    assert graded.payload == {
        "draw": s.items.draw(s.items("number")).row(),
        "value": "900",
        "outcome": "wrong",
        "seconds": 7.2,
        "confidence": 60,
        "hints": 1,
        "trap": None,
        "points": {},
        "overruled": False,
        "early": True,
    }
    assert json.dumps(graded.payload)


def test_a_basic_card_waits_for_the_learners_rating(sit):
    s = sit()
    s.answer("a square", "basic")
    assert s.session.proposal is None
    with pytest.raises(BadInput, match="rate it yourself"):
        s.session.grade(None, s.now)
    assert s.session.grade(EASY, s.now).rating is EASY


def test_a_right_answer_is_good_and_enter_accepts_it(sit):
    s = sit()
    s.answer("a", "choice")
    assert s.session.proposal is GOOD
    graded = s.session.grade(None, s.now)
    assert (graded.rating, graded.payload["outcome"], graded.payload["overruled"]) == (GOOD, "right", False)


def test_a_wrong_answer_names_its_trap_in_the_record(sit):
    s = sit()
    s.answer("b", "choice")
    assert s.session.grade(None, s.now).payload["trap"] == "clip-writes"


def test_the_learner_has_the_last_word(sit):
    s = sit()
    s.answer("b", "choice")
    s.session.overrule(GOOD)
    assert s.session.proposal is GOOD
    graded = s.session.grade(None, s.now)
    assert (graded.rating, graded.payload["overruled"], graded.payload["trap"]) == (GOOD, True, None)
    s.answer("a", "choice")
    assert s.session.grade(EASY, s.now).payload["overruled"] is False  # easy for good contradicts nothing
    s.answer("a", "choice")
    assert s.session.grade(AGAIN, s.now).payload["overruled"] is True


def test_a_near_answer_gets_one_free_retry(sit):
    s = sit()
    assert s.answer("token", "short").outcome is Outcome.NEAR
    assert (s.session.state, s.session.proposal) == (State.RETRY, None)
    s.session.submit("patch token", None, s.now)
    assert (s.session.state, s.session.proposal) == (State.REVEAL, GOOD)
    assert s.session.grade(None, s.now).payload["value"] == "patch token"


@pytest.mark.parametrize(("second", "rating"), [("token", HARD), ("pixels", AGAIN)])
def test_after_the_retry_its_result_counts(sit, second, rating):
    s = sit()
    s.answer("token", "short")
    s.session.submit(second, None, s.now)
    assert (s.session.state, s.session.proposal) == (State.REVEAL, rating)


def test_a_retry_keeps_the_confidence_of_the_first_answer(sit):
    s = sit()
    s.show("short")
    s.session.submit("token", 95, s.now)
    s.session.submit("patch token", None, s.now)
    assert s.session.grade(None, s.now).payload["confidence"] == 95


@pytest.mark.parametrize(("hints", "rating"), [(2, GOOD), (3, HARD), (4, AGAIN)])
def test_hints_lower_the_grade(sit, hints, rating):
    s = sit()
    s.show("choice")
    assert [s.session.hint(s.now) for _ in range(hints)] == list(range(1, hints + 1))
    s.session.submit("a", None, s.now)
    assert s.session.proposal is rating


def test_a_slow_answer_is_hard_and_reading_the_reveal_takes_no_time(sit):
    s = sit()
    s.answer("a", "choice", seconds=time_box_s(s.items("choice")) + 1)
    assert s.session.proposal is HARD
    s.session.grade(None, s.now)
    s.answer("a", "choice", seconds=time_box_s(s.items("choice")) - 1)
    s.wait(100)
    assert s.session.proposal is GOOD


def test_lucky_is_again(sit):
    s = sit()
    s.answer("a", "choice")
    s.session.lucky()
    assert s.session.proposal is AGAIN
    s.session.lucky(False)
    assert s.session.proposal is GOOD


@pytest.mark.parametrize("confidence", [0, 25, 60, 95, 100, None])
@pytest.mark.parametrize("value", ["a", "b"])
def test_confidence_never_changes_a_grade(sit, confidence, value):
    s = sit()
    s.show("choice")
    s.session.submit(value, confidence, s.now)
    assert s.session.proposal is (GOOD if value == "a" else AGAIN)


def test_a_value_that_cannot_be_read_leaves_the_question_open(sit):
    s = sit()
    s.show("number")
    for value, confidence in (("lots", None), ("256", 101)):
        with pytest.raises(BadInput):
            s.session.submit(value, confidence, s.now)
    assert (s.session.state, s.session.card.value) == (State.ASK, None)


def test_ticks_make_the_proposal(sit):
    s = sit()
    s.answer("because", "explain")
    assert s.session.proposal is None  # not ticked yet
    s.session.tick("p2", True)
    assert s.session.proposal is AGAIN  # the indispensable one is missing
    s.session.tick("p1", True)
    assert s.session.proposal is GOOD
    s.session.tick("p2", False)
    assert s.session.proposal is HARD
    with pytest.raises(BadInput, match="no point 'p9'"):
        s.session.tick("p9", True)
    graded = s.session.grade(None, s.now)
    assert (graded.rating, graded.payload["outcome"]) == (HARD, "partial")
    assert graded.payload["points"] == {"p1": True, "p2": False, "p3": False}


def test_again_for_own_words_takes_the_learners_key(sit):
    s = sit()
    s.answer("because", "explain")
    s.session.tick("p2", True)
    assert (s.session.proposal, s.session.needs_key) == (AGAIN, True)
    with pytest.raises(BadInput, match="takes your key"):
        s.session.grade(None, s.now)
    assert s.session.state is State.REVEAL
    assert s.session.grade(AGAIN, s.now).rating is AGAIN


def test_a_recognised_false_statement_needs_its_repair(sit):
    s = sit()
    s.answer(False, "true-false-repair")
    assert s.session.proposal is None
    s.session.tick("p1", True)
    assert (s.session.proposal, s.session.needs_key) == (GOOD, False)
    s.session.tick("p1", False)
    assert (s.session.proposal, s.session.needs_key) == (AGAIN, True)


def test_a_lab_item_brings_its_own_judgement(sit):
    s = sit()
    s.show("lab")
    s.session.submit({"q1": 196}, None, s.now, Judgement(Outcome.LUCKY, say="Right, for another reason."))
    assert s.session.proposal is AGAIN
    assert s.session.grade(None, s.now).payload["outcome"] == "lucky"


def test_an_answer_can_be_taken_back_before_it_is_graded(sit):
    s = sit()
    s.answer("b", "choice")
    s.session.overrule(GOOD)
    assert s.session.take_back(s.now)
    assert (s.session.state, s.session.card.judgement, s.session.card.overrule) == (State.ASK, None, None)
    assert not s.session.take_back(s.now)
    s.session.submit("a", None, s.now)
    assert s.session.proposal is GOOD


def test_a_discarded_card_leaves_no_record_and_does_not_come_again(sit):
    s = sit()
    s.show()
    s.session.discard(s.now)
    assert (s.session.state, s.session.cards) == (State.NEXT, 0)
    assert "c:basic" in s.session.wants(s.now).exclude


def test_calls_out_of_turn_are_refused(sit):
    s = sit()
    for call in (lambda: s.session.submit("a", None, s.now), lambda: s.session.grade(GOOD, s.now), lambda: s.session.hint(s.now)):
        with pytest.raises(RuntimeError, match="not possible now"):
            call()
    s.show()
    with pytest.raises(RuntimeError, match="not possible now"):
        s.session.wants(s.now)
