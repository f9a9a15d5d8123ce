"""The rules of a session, through the one door, with a clock that is turned by hand."""

from __future__ import annotations

import pytest

from studyapp.errors import BadInput
from studyapp.memory.state import Rating

AGAIN, HARD, GOOD, EASY = Rating
TEN = [f"i{n}" for n in range(10)]


def test_a_session_ends_when_its_minutes_are_spent(small, served, hands):
    run = small(*TEN).run(minutes=2)
    found = []
    while run.card is not None:
        found.append(run.card.id)
        hands.forward(seconds=30)
        run.submit(None)
        run.grade(EASY)
    assert found == TEN[:4]
    assert run.summary().why == "minutes"
    assert run.summary().minutes == pytest.approx(2)


def test_time_away_from_the_screen_is_not_counted_in_full(small, hands):
    run = small(*TEN).run(minutes=10)
    hands.forward(hours=2)
    run.submit(None)
    run.grade(EASY)
    assert run.summary().minutes <= 3


def test_a_limit_counts_cards_and_takes_the_place_of_the_minutes(small, served, hands):
    run = small(*TEN).run(limit=3)
    assert run.card.minutes_left is None
    assert served(run) == TEN[:3]
    assert run.summary().why == "cards"


def test_a_miss_is_drilled_until_right_and_the_drill_moves_no_date(small, served, hands):
    study = small(*TEN)
    study.set_setting("learning_steps", "30m")  # so that no step falls due in this session
    run = study.run()
    run.submit(None)
    run.grade(AGAIN)
    before = study.why("i0")
    assert served(run, EASY, 3) == ["i1", "i2", "i3"]
    assert (run.card.id, run.card.turn) == ("i0", "drill")
    run.submit(None)
    assert run.revealed.previews == {}
    saved = run.grade(AGAIN)
    assert saved.rating is None
    assert served(run, EASY, 3) == ["i4", "i5", "i6"]
    assert (run.card.id, run.card.turn) == ("i0", "drill")
    run.submit(None)
    run.grade(GOOD)
    assert served(run) == ["i7", "i8", "i9"]
    after = study.why("i0")
    assert {k: after[k] for k in ("due", "s", "d", "reps")} == {k: before[k] for k in ("due", "s", "d", "reps")}


def test_a_learning_step_comes_first_when_its_minute_has_come(small, served, hands):
    run = small(*TEN).run()
    run.submit(None)
    run.grade(GOOD)  # comes back in 10 minutes
    assert served(run, EASY, 2) == ["i1", "i2"]
    hands.forward(minutes=11)
    assert served(run, EASY, 1) == ["i3"]  # it was on the screen already
    assert (run.card.id, run.card.turn) == ("i0", "learning")


def test_when_nothing_else_is_left_steps_come_a_little_early(small, served):
    run = small("one", "two").run()
    run.submit(None)
    run.grade(GOOD)
    assert served(run, EASY, 1) == ["two"]
    assert (run.card.id, run.card.turn) == ("one", "learning")


def test_steps_beyond_the_learn_ahead_limit_are_waited_for(small, served):
    study = small("one", "two")
    study.set_setting("learning_steps", "25m")
    run = study.run()
    run.submit(None)
    run.grade(GOOD)
    assert served(run, EASY) == ["two"]
    assert run.summary().why == "nothing-left"


def test_new_cards_stop_at_the_day_s_limit_and_go_on_the_next(small, served, hands):
    study = small(*TEN)
    study.set_setting("new_per_day", "3")
    assert served(study.run()) == TEN[:3]
    assert study.due().due_now == 0
    hands.forward(hours=18)  # 03:00, still the same study day
    assert served(study.run()) == []
    hands.forward(hours=1)
    assert served(study.run()) == TEN[3:6]


def learned_long_ago(study, served, hands, names=TEN):
    """Every item answered once, the first easy ones strongest, and then half a year of absence."""
    for n, _ in enumerate(names):
        run = study.run(limit=1)
        run.submit(None)
        run.grade(EASY)
        hands.forward(days=1 if n % 2 else 0)
    hands.forward(days=200)


def test_a_backlog_is_served_by_lowest_retrievability_under_the_cap(small, served, hands):
    study = small(*TEN)
    study.set_setting("fuzz", "off")
    learned_long_ago(study, served, hands)
    study.set_setting("reviews_per_day", "4")
    now = {name: study.why(name)["retrievability"] for name in TEN}
    found = served(study.run(), GOOD)
    assert len(found) == 4
    assert [now[name] for name in found] == sorted(now.values())[:4]
    assert study.due().due_now == 0


def test_siblings_never_come_on_one_day(small, served, hands):
    study = small("a", "b", "c", a="siblings: [b]")
    assert served(study.run()) == ["a", "c"]
    hands.forward(days=1)
    assert served(study.run()) == ["b"]
    hands.forward(days=400)  # all three are due now
    both = served(study.run(), GOOD)
    assert len({"a", "b"} & set(both)) == 1
    hands.forward(days=1)
    assert len({"a", "b"} & set(served(study.run(), GOOD))) == 1


def test_confusable_items_are_kept_apart_when_new_and_mixed_in_review(small, served, hands):
    study = small("a", "b", "c", course={"confusables": "[{id: ab, items: [a, b]}]"})
    assert served(study.run()) == ["a", "c"]
    hands.forward(days=1)
    assert served(study.run()) == ["b"]
    hands.forward(days=400)
    assert {"a", "b"} <= set(served(study.run(), GOOD))


def test_a_section_can_be_studied_alone(open_at, sample_home, served):
    study = open_at(sample_home)
    assert set(served(study.run(section="2"))) <= {"patches", "bill", "burned"}
    with pytest.raises(BadInput, match="sections are"):
        study.run(section="9")


def test_a_session_holds_few_free_text_items(small, served, hands):
    explain = "".join(
        f'  - {{id: e{n}, kind: explain, facts: [], ask: "e{n}?", reference: "r", points: ["p"], why: "w"}}\n' for n in range(4)
    )
    study = small(*TEN[:2], items=explain)
    found = []
    run = study.run(minutes=60)
    while run.card is not None:
        found.append(run.card.id)
        run.submit(None)
        run.grade(EASY)
    assert found == ["i0", "i1", "e0", "e1"]
    hands.forward(minutes=16)
    assert served(study.run(minutes=60)) == ["e2", "e3"]


def test_reviews_ahead_of_time_are_marked_early(small, served, hands):
    study = small("a", "b")
    served(study.run())
    hands.forward(days=1)
    assert study.run().card is None
    run = study.run(ahead=True)
    assert run.card.turn == "early"
    run.submit(None)
    run.grade(GOOD)
    assert study.why("a")["reps"] + study.why("b")["reps"] == 3


def test_the_page_of_a_section_opens_before_its_first_new_card_once(open_at, sample_home, served):
    study = open_at(sample_home)
    run = study.run(section="1")
    assert run.card.page is not None
    run.page_seen()
    assert run.card.page is None
    served(run, EASY, 1)
    assert run.card.page is None
    assert open_at(sample_home).run().card.page is None


def test_suspended_cards_and_skipped_cards_are_not_served(small, served):
    study = small("a", "b", "c")
    run = study.run()
    run.skip()
    assert run.card.id == "b"
    run.suspend()
    assert served(run) == ["c"]
    assert study.stats()["suspended"] == ["small:b"]


def test_confidence_never_changes_a_grade(open_at, sample_home):
    study = open_at(sample_home)
    run = study.run(section="2")
    assert run.card.ask_confidence
    right = study.show(run.card.id, reveal=True)["value"]
    assert run.submit(right, 0).proposal is GOOD
    run.undo()
    assert run.submit(right, 100).proposal is GOOD


def test_the_summary_says_what_was_learned_and_what_waits_tomorrow(small, served, hands):
    study = small(*TEN)
    study.set_setting("new_per_day", "4")
    run = study.run()
    run.submit(None)
    run.grade(AGAIN)
    served(run)
    done = run.summary()
    assert (done.new, done.again, done.cards) == (4, 1, done.right + done.again)
    assert [row["ask"] for row in done.missed] == ["i0?"]
    assert done.tomorrow >= 4
    assert done.tomorrow_minutes >= 1


def test_a_missed_day_is_forgiven_by_the_streak(small, served, hands):
    study = small(*TEN)
    for days in (1, 2, 1, 1):
        served(study.run(limit=1))
        hands.forward(days=days)
    assert study.home_view().streak == 4
    assert study.home_view().streak_note == "one missed day forgiven"
