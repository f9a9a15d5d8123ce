"""The study session: its turns, its budget, and what it writes."""

import json

import pytest

from studyapp.errors import BadInput
from studyapp.memory.policy import previews
from studyapp.memory.state import NEW, Moment, Phase, Rating, Schedule, Settings
from studyapp.study.grading import Judgement, Outcome
from studyapp.study.pace import asks_confidence, time_box_s
from studyapp.study.session import Session, State
from studyapp.study.turns import Config, Look, Presented, Reason, Turn

AGAIN, HARD, GOOD, EASY = Rating
T0 = 1_780_000_000_000
REVIEWED = Schedule(Phase.REVIEW, 0, 8.0, 5.0, T0 - 8 * 86_400_000, T0 // 86_400_000 - 8, None, T0 // 86_400_000, 8, 3, 0)


class Sitting:
    """A learner at a session: a clock, and one call for a whole card."""

    def __init__(self, items, **config):
        self.items, self.now, self.session = items, T0, Session(Config(**config))

    def show(self, name="basic", turn=Turn.REVIEW, key=None):
        item = self.items(name, key)
        foreseen = previews(NEW if turn is Turn.NEW else REVIEWED, Moment(self.now), Settings(fuzz=False), item.key)
        self.session.present(Presented(item, self.items.draw(item), turn, foreseen), self.now)
        return self.session

    def wait(self, seconds):
        self.now += int(seconds * 1000)

    def card(self, rating=GOOD, name="basic", turn=Turn.REVIEW, key=None, seconds=5.0):
        self.show(name, turn, key)
        self.wait(seconds)
        self.session.submit(None, None, self.now)
        return self.session.grade(rating, self.now)

    def answer(self, value, name, seconds=5.0, **kwargs):
        self.show(name, **kwargs)
        self.wait(seconds)
        return self.session.submit(value, None, self.now)

    def wants(self):
        """Everything it would want, in order, if each one led to nothing."""
        found = []
        while not found or found[-1].look is not Look.STOP:
            found.append(self.session.wants(self.now, len(found)))
        return found

    def reopened(self):
        """The same session from its JSON."""
        row = json.loads(json.dumps(self.session.to_row()))
        return Session.from_row(row, lambda key: (self.items(key[2:]), previews(REVIEWED, Moment(self.now), Settings(fuzz=False), key)))


@pytest.fixture
def sit(items):
    return lambda **config: Sitting(items, **config)


# One card


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


# Misses


def looks(wants):
    return [(want.look, want.key) if want.key else want.look for want in wants]


def test_a_miss_is_drilled_after_three_other_cards(sit):
    s = sit()
    s.card(AGAIN, key="c:missed")
    for n in range(3):
        assert s.session.wants(s.now).look is Look.NEXT
        s.card(key=f"c:{n}")
    want = s.session.wants(s.now)
    assert (want.look, want.key, want.turn) == (Look.ITEM, "c:missed", Turn.DRILL)
    drilled = s.card(GOOD, turn=Turn.DRILL, key="c:missed")
    assert drilled.kind == "drill"
    assert s.session.wants(s.now).look is Look.NEXT
    assert (s.session.summary().cards, s.session.summary().drills, s.session.summary().open) == (4, 1, ())


def test_a_miss_is_drilled_until_one_right_recall(sit):
    s = sit()
    s.card(AGAIN, key="c:missed")
    for _ in range(3):
        assert looks(s.wants())[1] == (Look.ITEM, "c:missed")  # when nothing else is left
        s.card(AGAIN, turn=Turn.DRILL, key="c:missed")
    s.card(HARD, turn=Turn.DRILL, key="c:missed")
    assert looks(s.wants()) == [Look.NEXT, Look.AHEAD, Look.STOP]


def test_a_missed_drill_waits_for_three_other_cards_again(sit):
    s = sit()
    s.card(AGAIN, key="c:missed")
    for n in range(3):
        s.card(key=f"c:{n}")
    s.card(AGAIN, turn=Turn.DRILL, key="c:missed")
    assert s.session.wants(s.now).look is Look.NEXT


def test_when_nothing_else_is_left_the_card_just_seen_comes_last(sit):
    s = sit()
    s.card(AGAIN, key="c:one")
    s.card(AGAIN, key="c:two")
    assert looks(s.wants()) == [Look.NEXT, (Look.ITEM, "c:one"), (Look.ITEM, "c:two"), Look.AHEAD, Look.STOP]


def test_a_miss_whose_learning_step_is_due_comes_as_that_step(sit):
    s = sit()
    s.card(AGAIN, key="c:missed")  # relearning in ten minutes
    for n in range(3):
        s.card(key=f"c:{n}", seconds=1)
    s.wait(600)
    want = s.session.wants(s.now)
    assert (want.key, want.turn) == ("c:missed", Turn.LEARNING)
    graded = s.card(GOOD, turn=Turn.LEARNING, key="c:missed")
    assert (graded.kind, s.session.summary().open) == ("answer", ())


def test_drills_that_are_missed_do_not_keep_other_cards_out(sit):
    """Four hard cards, always wrong: after each round of drills three other cards come before the next."""
    s = sit()
    for key in "abcd":
        s.card(AGAIN, key=f"c:{key}")
    for n in range(3):
        s.card(key=f"c:other-{n}")
    drilled = 0
    while (want := s.wants()[0]).look is Look.ITEM:
        s.card(AGAIN, turn=Turn.DRILL, key=want.key)
        drilled += 1
        assert drilled <= 4, "drills go round in a circle"
    assert drilled == 4
    assert want.look is Look.NEXT


def test_a_learning_step_served_by_the_store_clears_the_drill(sit):
    s = sit()
    s.card(AGAIN, key="c:missed")
    s.card(GOOD, turn=Turn.LEARNING, key="c:missed")
    assert s.session.misses == []


def test_learning_steps_come_early_when_nothing_else_is_left_but_not_the_card_just_seen(sit):
    s = sit()
    s.card(GOOD, turn=Turn.NEW, key="c:one")
    ahead = s.wants()[1]
    assert (ahead.look, ahead.until_ms, ahead.exclude) == (Look.AHEAD, s.now + 20 * 60_000, {"c:one"})


def test_practice_on_something_new_is_no_review_and_owes_no_drill(sit):
    s = sit()
    graded = s.card(AGAIN, turn=Turn.PRACTICE, key="c:one")
    assert (graded.kind, s.session.misses) == ("practice", [])


def test_a_suspended_miss_is_forgotten(sit):
    s = sit()
    s.card(AGAIN, key="c:missed")
    s.session.forget("c:missed")
    assert looks(s.wants()) == [Look.NEXT, Look.AHEAD, Look.STOP]


def test_reviews_ahead_of_time_come_only_when_asked_for(sit):
    assert looks(sit(early=True).wants()) == [Look.NEXT, Look.AHEAD, Look.EARLY, Look.STOP]


# Budget


def test_the_minutes_end_the_session_after_the_current_card(sit):
    s = sit(minutes=1)
    s.card(seconds=59)
    assert s.session.minutes_left() == pytest.approx(1 / 60)
    s.card(AGAIN, seconds=30)
    want = s.session.wants(s.now)
    assert (want.look, want.reason) == (Look.STOP, Reason.MINUTES)


def test_no_more_than_three_minutes_are_counted_for_one_card(sit):
    s = sit()
    graded = s.card(seconds=3600)
    assert graded.payload["seconds"] == 180
    assert s.session.summary().minutes == 3


def test_time_between_cards_and_time_away_is_not_counted(sit):
    s = sit()
    s.card(seconds=10)
    s.wait(300)
    s.show()
    s.wait(5)
    s.session.hint(s.now)
    s.wait(3600)
    s.session.resume(s.now)
    s.wait(5)
    s.session.submit(None, None, s.now)
    assert s.session.grade(GOOD, s.now).payload["seconds"] == 10


def test_the_limit_counts_cards_and_drills_come_on_top(sit):
    s = sit(cards=2)
    s.card(AGAIN, key="c:missed")
    s.card(key="c:one")
    assert looks(s.wants()) == [(Look.ITEM, "c:missed"), Look.STOP]
    s.card(GOOD, turn=Turn.DRILL, key="c:missed")
    (stop,) = s.wants()
    assert stop.reason is Reason.CARDS


def test_two_free_texts_in_fifteen_minutes(sit):
    s = sit(minutes=60)
    for name in ("explain", "case-explain"):
        assert s.session.wants(s.now).free_text
        s.card(GOOD, name=name)
    assert not s.session.wants(s.now).free_text
    s.wait(15 * 60)
    assert s.session.wants(s.now).free_text


def test_a_missed_free_text_waits_its_turn_but_not_for_ever(sit):
    s = sit()
    s.card(AGAIN, name="explain")
    s.card(GOOD, name="contrast")
    s.card(key="c:one")
    s.card(key="c:two")
    assert looks(s.wants())[:2] == [Look.NEXT, (Look.ITEM, "c:explain")]


def test_nothing_left_ends_it(sit):
    s = sit()
    stop = s.wants()[-1]
    assert stop.reason is Reason.NOTHING_LEFT
    s.session.end(stop.reason)
    assert s.session.state is State.DONE
    assert s.session.wants(s.now).reason is Reason.NOTHING_LEFT


def test_the_summary_says_what_was_done(sit):
    s = sit()
    s.card(GOOD, turn=Turn.NEW, key="c:new", seconds=60)
    s.card(AGAIN, key="c:missed", seconds=60)
    s.card(AGAIN, turn=Turn.LEARNING, key="c:missed", seconds=60)
    s.card(EASY, key="c:easy", seconds=60)
    s.session.end(Reason.LEFT)
    summary = s.session.summary()
    assert (summary.cards, summary.minutes, summary.new, summary.right, summary.again) == (4, 4, ("c:new",), 2, 2)
    assert (summary.missed, summary.open, summary.reason) == (("c:missed",), ("c:missed",), Reason.LEFT)


# Resume


@pytest.mark.parametrize("name", ["basic", "short", "number", "explain", "choice", "order", "lab"])
def test_it_goes_on_where_it_was_at_any_moment(sit, name):
    s = sit(cards=9)
    s.card(AGAIN, name="short")
    s.show(name)
    assert s.reopened() == s.session
    s.session.hint(s.now)
    assert s.reopened() == s.session
    s.session.submit(None, 60, s.now, Judgement(Outcome.RIGHT) if name == "lab" else None)
    if name == "explain":
        s.session.tick("p1", True)
    s.session.overrule(HARD)
    assert s.reopened() == s.session
    s.session.grade(None, s.now)
    assert s.reopened() == s.session
    s.session.end(Reason.LEFT)
    assert s.reopened() == s.session


def test_a_card_whose_item_is_gone_or_was_edited_is_asked_afresh(sit):
    s = sit()
    s.show("order")
    row = s.session.to_row()
    assert Session.from_row(row, lambda key: None).state is State.NEXT
    edited = s.items("order", steps=[{"id": "x", "text": "X"}, {"id": "y", "text": "Y"}])
    session = Session.from_row(row, lambda key: (edited, {}))
    assert (session.state, session.card) == (State.NEXT, None)


@pytest.mark.parametrize("row", [{}, {"shape": 99}, {"shape": 1, "config": {"hours": 3}}])
def test_a_row_that_cannot_be_read_says_so(row):
    with pytest.raises(BadInput, match="start a new one"):
        Session.from_row(row, lambda key: None)


# Confidence and pace


def test_confidence_is_asked_on_choice_and_number_and_one_in_five_others(items):
    assert all(asks_confidence(items(name), reps) for name in ("choice", "number", "case") for reps in range(20))
    asked = [asks_confidence(items("short", f"c:{n}"), reps) for n in range(100) for reps in range(20)]
    assert 0.15 < sum(asked) / len(asked) < 0.25
    assert asked == [asks_confidence(items("short", f"c:{n}"), reps) for n in range(100) for reps in range(20)]
    assert not asks_confidence(items("lab"), 0)


def test_longer_texts_and_harder_items_get_more_time(items):
    assert all(time_box_s(items(name)) > 0 for name in items.names)
    assert time_box_s(items("basic", ask="word " * 60)) == pytest.approx(time_box_s(items("basic", ask="word")) + 59 / 3)
    assert time_box_s(items("explain")) > time_box_s(items("choice"))


def test_a_session_that_ended_can_go_on_after_an_undo(sit):
    s = sit()
    s.card()
    s.session.end(Reason.NOTHING_LEFT)
    s.session.reopen()
    assert (s.session.state, s.session.summary().reason) == (State.NEXT, None)
    s.show()
    s.session.reopen()
    assert (s.session.state, s.session.card) == (State.NEXT, None)
