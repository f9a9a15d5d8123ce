"""Quizzes: answers feed the schedule once, and a quiz touches nothing that is not its own."""

from __future__ import annotations

import pytest

from studyapp.errors import BadInput
from studyapp.memory.state import Rating
from studyapp.store import replay

AGAIN, HARD, GOOD, EASY = Rating
FIVE = [f"i{n}" for n in range(5)]


def through(run, rating=GOOD, most=100) -> dict[str, str]:
    """Answers every question in the head; the turn of each."""
    turns = {}
    while run.card is not None and len(turns) < most:
        turns[run.card.id] = run.card.turn
        run.submit(None)
        run.grade(rating)
    return turns


def test_new_items_are_practice_and_stay_new(small):
    study = small(*FIVE)
    assert set(through(study.quiz("section", "1")).values()) == {"practice"}
    assert all(study.why(name)["phase"] == "new" for name in FIVE)
    assert study.stats()["answers"] == 0


def test_due_items_and_items_in_review_count_as_reviews_once_a_day(small, hands):
    study = small(*FIVE)
    for name in FIVE[:2]:
        study.answer(name, rating="easy")
    hands.forward(days=3)  # in review, not due
    turns = through(study.quiz("section", "1"))
    assert {name for name, turn in turns.items() if turn == "early"} == {"i0", "i1"}
    assert study.why("i0")["reps"] == 2
    hands.forward(hours=1)
    assert set(through(study.quiz("section", "1")).values()) == {"practice"}
    assert study.why("i0")["reps"] == 2
    hands.forward(days=400)
    turns = through(study.quiz("section", "1"))
    assert (turns["i0"], study.why("i0")["reps"]) == ("review", 3)


def test_a_suspended_item_is_practice(small, hands):
    study = small(*FIVE)
    study.answer("i0", rating="easy")
    study.suspend("i0")
    hands.forward(days=400)
    run = study.quiz("section", "1")
    assert through(run)["i0"] == "practice"
    assert study.why("i0")["reps"] == 1
    assert run.undo()


def test_a_step_that_is_due_counts_and_one_that_waits_does_not(small, hands):
    study = small("a", "b")
    study.answer("a", rating="good")
    hands.forward(minutes=11)
    study.answer("b", rating="good")
    assert through(study.quiz("section", "1")) == {"a": "learning", "b": "practice"} | {}


def test_undo_restores_the_schedule_and_asks_again(small, hands):
    study = small(*FIVE)
    for name in FIVE:
        study.answer(name, rating="easy")
    hands.forward(days=400)
    before = [study.why(name) for name in FIVE]
    run = study.quiz("section", "1")
    asked = list(through(run, AGAIN, most=3))
    for name in reversed(asked):
        assert run.undo()
        assert (run.card.id, run.card.turn) == (name, "review")
    assert [study.why(name) for name in FIVE] == before
    assert run.result().answered == 0
    assert not run.undo()
    assert study.stats()["answers"] == 5


def test_undo_does_not_take_back_what_was_answered_outside(small):
    study = small(*FIVE)
    study.answer("i0", rating="easy")
    assert not study.quiz("section", "1").undo()
    assert study.why("i0")["reps"] == 1


def test_it_goes_on_after_a_restart_and_asks_nothing_twice(small):
    run = small(*FIVE).quiz("section", "1")
    first = list(through(run, most=2))
    run.submit(None)
    key = run.card.id
    again = small().quiz("section", "1")
    assert (again.quiz, again.face, again.card.id, again.number) == (run.quiz, "reveal", key, 3)
    again.grade(GOOD)
    rest = list(through(again))
    assert sorted([*first, key, *rest]) == FIVE


def test_a_quiz_of_each_kind_may_be_open_at_once(open_at, sample_home):
    study = open_at(sample_home)
    one, two = study.quiz("section", "1"), study.quiz("section", "2")
    one.submit(None)
    one.grade(GOOD)
    assert study.quiz("section", "2").quiz == two.quiz
    assert study.quiz("section", "1").number == 2


def test_a_kill_between_an_answer_and_the_quiz_s_own_state_asks_nothing_twice(small, monkeypatch):
    run = small(*FIVE).quiz("section", "1")
    first = run.card.id
    run.submit(None)
    with monkeypatch.context() as patch:
        patch.setattr("studyapp.api.run.write_lightly", lambda conn: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run.grade(GOOD)
    again = small().quiz("section", "1")
    assert again.card.id != first
    assert sorted([first, *through(again)]) == FIVE


def test_an_exam_ends_when_its_time_is_over(open_at, sample_home, hands):
    study = open_at(sample_home)
    run = study.quiz("exam", minutes=5)
    assert run.seconds_left == 300
    run.submit(None)
    run.grade(GOOD)
    assert run.card is not None
    hands.forward(minutes=6)
    assert run.seconds_left == 0
    run.submit(None)
    run.grade(GOOD)
    assert (run.face, run.result().answered) == ("done", 2)
    assert run.result().minutes == 6


def test_time_away_from_an_exam_is_not_counted(open_at, sample_home, hands):
    run = open_at(sample_home).quiz("exam", minutes=5)
    hands.forward(minutes=2)
    run.leave()
    hands.forward(hours=5)
    again = open_at(sample_home).quiz("exam")
    assert again.quiz == run.quiz
    assert again.seconds_left == 180


def test_an_exam_draws_from_every_section_and_asks_no_essays(study):
    run = study.quiz("exam")
    assert run.total == 40
    assert run.seconds_left == 45 * 60
    items = [study.desk.item(key) for key in run.keys]
    assert len({item.section for item in items}) >= 14
    assert not {"explain", "lab"} & {item.kind for item in items}


def test_the_result_says_what_to_revisit(study):
    run = study.quiz("self-check")
    assert run.total == 8
    while run.card is not None:
        run.submit("something")
        run.grade(AGAIN)
    result = run.result()
    assert (result.right, result.answered, len(result.rows)) == (0, 8, 8)
    assert all(row.missed for row in result.rows)
    assert result.explainer
    assert result.sections
    assert result.as_json()["revisit"]["cards"] == [row.id for row in result.rows]


def test_the_result_shows_the_numbers_that_were_asked(open_at, sample_home):
    study = open_at(sample_home)
    run = study.quiz("section", "2")
    asked = {}
    while run.card is not None:
        asked[run.card.id] = run.card.shown.ask
        run.submit(study.show(run.card.id, reveal=True)["value"])
        run.grade()
    assert {row.id: row.ask for row in run.result().rows} == asked


def test_a_near_answer_has_no_second_try(open_at, sample_home):
    study = open_at(sample_home)
    run = study.quiz("section", "1")
    while run.card.id != "name-short":
        run.submit(None)
        run.grade(GOOD)
    assert run.submit_text("token") is not None
    assert run.face == "reveal"


def test_ending_early_leaves_the_rest_open(small):
    run = small(*FIVE).quiz("section", "1")
    through(run, most=2)
    run.finish()
    outcomes = [row.outcome for row in run.result().rows]
    assert sorted(outcomes) == ["open"] * 3 + ["right"] * 2
    assert run.card is None


@pytest.mark.parametrize("args", [("bogus",), ("section",), ("section", "77"), ("exam", "1")])
def test_an_unknown_quiz_is_bad_use(small, args):
    study = small(*FIVE)
    with pytest.raises(BadInput):
        study.quiz(*args)


def test_the_log_rebuilds_to_the_same(small, hands):
    study = small(*FIVE)
    study.answer("i0", rating="easy")
    hands.forward(days=400)
    through(study.quiz("section", "1"))
    assert replay.verify(study.conn) == []
    assert not study.verify_log(rebuild=True)["changed"]
