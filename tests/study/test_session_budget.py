"""How long a session is: minutes, cards, free texts, the summary; what confidence and pace ask of it."""

import pytest

from studyapp.study.pace import asks_confidence, time_box_s
from studyapp.study.session import State
from studyapp.study.turns import Look, Reason, Turn
from tests.study.sitting import AGAIN, EASY, GOOD, looks


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
