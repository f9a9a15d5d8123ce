"""What was missed comes again in the same session: drills, learning steps, practice."""

from studyapp.study.turns import Look, Turn
from tests.study.sitting import AGAIN, GOOD, HARD, looks


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
