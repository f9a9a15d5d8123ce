"""One answer's effect on a schedule: against fsrs-rs and py-fsrs, the steps, fuzz, and the laws."""

from datetime import UTC, datetime, timedelta

import fsrs
import fsrs_rs_python
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyapp.errors import BadInput
from studyapp.memory.intervals import fuzz_delta, fuzz_uniform, intervals, round_half_up
from studyapp.memory.policy import answer, previews, retrievability
from studyapp.memory.state import DAY_MS, NEW, Moment, Phase, Rating, Schedule, Settings

PLAIN = Settings(fuzz=False)
NOON = Moment(1_780_000_000_000 // DAY_MS * DAY_MS + DAY_MS // 2)
AGAIN, HARD, GOOD, EASY = Rating
RS = fsrs_rs_python.FSRS(list(fsrs_rs_python.DEFAULT_PARAMETERS))


def later(moment: Moment, days: int = 0, minutes: int = 0) -> Moment:
    return moment._replace(utc_ms=moment.utc_ms + days * DAY_MS + minutes * 60_000)


def run(*answers: tuple[int, Rating], settings: Settings = PLAIN, key: str = "c:x") -> tuple[Schedule, Moment]:
    """The schedule after answers given as (days after the one before, rating), and the moment of the last."""
    sched, now = NEW, NOON
    for days, rating in answers:
        now = later(now, days)
        sched = answer(sched, rating, now, settings, key)
    return sched, now


reviewed = st.builds(
    lambda s, d, interval, lapses: Schedule(
        Phase.REVIEW,
        0,
        round(s, 4),
        round(d, 3),
        NOON.utc_ms,
        NOON.utc_ms // DAY_MS,
        None,
        NOON.utc_ms // DAY_MS + interval,
        interval,
        7,
        lapses,
    ),
    st.floats(0.01, 3000),
    st.floats(1, 10),
    st.integers(1, 2000),
    st.integers(0, 9),
)


@given(reviewed, st.integers(0, 4000), st.sampled_from(Rating))
def test_early_and_late_reviews_get_the_state_that_fsrs_rs_computes_for_the_days_that_passed(sched, elapsed, rating):
    after = answer(sched, rating, later(NOON, elapsed), PLAIN, "c:x")
    expected = getattr(RS.next_states(fsrs_rs_python.MemoryState(sched.s, sched.d), 0.9, elapsed), rating.word)
    assert after.s == round(expected.memory.stability, 4)
    assert after.d == round(expected.memory.difficulty, 3)


@given(reviewed, st.integers(0, 4000))
def test_early_and_late_intervals_follow_the_interval_rule(sched, elapsed):
    states = RS.next_states(fsrs_rs_python.MemoryState(sched.s, sched.d), 0.9, elapsed)
    before = 0
    for rating in (HARD, GOOD, EASY):
        x = getattr(states, rating.word).interval
        least = 0
        if int(x + 0.5) > sched.interval:
            least = sched.interval + 1
        elif int(x + fuzz_delta(x) + 0.5) >= sched.interval:
            least = sched.interval
        before = min(max(int(x + 0.5), least, before + 1), 36_500)
        after = answer(sched, rating, later(NOON, elapsed), PLAIN, "c:x")
        assert (after.interval, after.due_day - after.last_day) == (before, before)


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(Rating)), min_size=1, max_size=12))
@settings(deadline=None)
def test_a_history_of_early_and_late_answers_agrees_with_py_fsrs(history):
    """py-fsrs counts whole 24 h; with every answer at the same time of day that is the same as roll-over days.

    It keeps its states unrounded; at a stability of minutes the fourth decimal is 1%, so it gets each state rounded as ours is.
    """
    oracle = fsrs.Scheduler(enable_fuzzing=False)
    card, now = fsrs.Card(), NOON
    sched = NEW
    for days, rating in history:
        now = later(now, days)
        sched = answer(sched, rating, now, PLAIN, "c:x")
        card, _ = oracle.review_card(card, fsrs.Rating(int(rating)), datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=now.utc_ms))
        assert sched.s == pytest.approx(card.stability, rel=1e-3, abs=1e-4)
        assert sched.d == pytest.approx(card.difficulty, rel=1e-3, abs=1e-3)
        card.stability, card.difficulty = sched.s, sched.d


def test_a_new_item_goes_through_the_learning_steps_to_review():
    first, now = run((0, GOOD))
    assert (first.phase, first.step, first.due_ms) == (Phase.LEARNING, 1, now.utc_ms + 600_000)
    second = answer(first, GOOD, later(now, minutes=10), PLAIN, "c:x")
    assert (second.phase, second.due_ms, second.interval, second.reps) == (Phase.REVIEW, None, 2, 2)
    assert second.due_day == second.last_day + 2


def test_again_in_learning_starts_over_and_hard_stays_between():
    first, now = run((0, GOOD))
    again = answer(first, AGAIN, now, PLAIN, "c:x")
    assert (again.phase, again.step, again.due_ms - now.utc_ms) == (Phase.LEARNING, 0, 60_000)
    assert answer(again, HARD, now, PLAIN, "c:x").due_ms - now.utc_ms == 330_000  # mean of 1 and 10 minutes
    assert answer(first, HARD, now, PLAIN, "c:x").due_ms - now.utc_ms == 600_000  # a later step is repeated
    assert again.lapses == 0


def test_hard_on_a_single_step_waits_half_as_long_again_but_no_more_than_a_day_longer():
    def waits(step_s: int) -> int:
        return run((0, HARD), settings=PLAIN._replace(learning_steps_s=(step_s,)))[0].due_ms - NOON.utc_ms

    assert waits(600) == 900_000
    assert waits(4 * 86_400) == 5 * DAY_MS


def test_easy_graduates_a_day_beyond_good():
    states = previews(run((0, GOOD))[0], later(NOON, minutes=10), PLAIN, "c:x")
    assert states[EASY].phase is Phase.REVIEW
    assert states[EASY].interval > states[GOOD].interval


def test_a_lapse_counts_and_goes_through_relearning():
    sched, _ = run((0, EASY), (9, GOOD))
    lapsed, now = run((0, EASY), (9, GOOD), (30, AGAIN))
    assert (lapsed.phase, lapsed.lapses, lapsed.step) == (Phase.RELEARNING, 1, 0)
    assert lapsed.due_ms == now.utc_ms + 600_000
    assert lapsed.s < sched.s
    back = answer(lapsed, GOOD, later(now, minutes=10), PLAIN, "c:x")
    assert (back.phase, back.lapses) == (Phase.REVIEW, 1)
    assert back.interval < sched.interval
    missed_again = answer(lapsed, AGAIN, later(now, minutes=10), PLAIN, "c:x")
    assert (missed_again.phase, missed_again.lapses) == (Phase.RELEARNING, 1)


def test_without_steps_every_answer_leads_to_a_day():
    bare = PLAIN._replace(learning_steps_s=(), relearning_steps_s=())
    assert [run((0, rating), settings=bare)[0].interval for rating in Rating] == [1, 1, 2, 8]
    lapsed, _ = run((0, EASY), (9, AGAIN), settings=bare)
    assert (lapsed.phase, lapsed.lapses) == (Phase.REVIEW, 1)


def test_steps_that_were_shortened_meanwhile_end_the_learning():
    first, now = run((0, GOOD))
    one_step = PLAIN._replace(learning_steps_s=(60,))
    assert answer(first, GOOD, now, one_step, "c:x").phase is Phase.REVIEW
    assert answer(first, AGAIN, now, one_step, "c:x").due_ms == now.utc_ms + 60_000


def test_a_clock_that_was_set_back_counts_as_the_same_day():
    sched, now = run((0, EASY))
    assert answer(sched, GOOD, later(now, -3), PLAIN, "c:x").s == answer(sched, GOOD, now, PLAIN, "c:x").s


def test_the_day_can_be_given():
    sched, now = run((0, EASY))
    assert answer(sched, GOOD, now, PLAIN, "c:x", day=sched.last_day + 9) == answer(sched, GOOD, later(now, 9), PLAIN, "c:x")._replace(
        last_ms=now.utc_ms
    )


@given(reviewed, st.integers(0, 4000), st.booleans())
def test_the_previews_are_what_an_answer_then_gives(sched, elapsed, fuzz):
    now = later(NOON, elapsed)
    chosen = Settings(fuzz=fuzz)
    for rating, preview in previews(sched, now, chosen, "c:x").items():
        assert preview == answer(sched, rating, now, chosen, "c:x")


@given(reviewed, st.integers(0, 4000), st.text(max_size=12), st.integers(1, 36_500))
def test_fuzz_keeps_the_order_of_the_buttons_the_floors_and_the_maximum(sched, elapsed, key, maximum):
    states = previews(sched, later(NOON, elapsed), Settings(maximum_interval=maximum), key)
    hard, good, easy = (states[rating].interval for rating in (HARD, GOOD, EASY))
    assert 1 <= hard <= good <= easy <= maximum
    assert good < easy or easy == maximum
    plain = previews(sched, later(NOON, elapsed), PLAIN._replace(maximum_interval=maximum), key)
    for rating in (HARD, GOOD, EASY):
        if plain[rating].interval > sched.interval:  # lengthened without fuzz: fuzz must not undo it
            assert states[rating].interval > min(sched.interval, maximum - 1)


@given(st.floats(0.1, 30_000), st.floats(0, 1, exclude_max=True))
def test_fuzz_stays_within_its_range(x, uniform):
    (days,) = intervals([x], 0, 36_500, uniform)
    assert round_half_up(x - fuzz_delta(x)) <= days <= max(1, round_half_up(x + fuzz_delta(x)))
    if x >= 2.5:
        assert days >= 2


def test_fuzz_reaches_both_ends_of_its_range_and_is_the_same_on_replay():
    sched = Schedule(Phase.REVIEW, 0, 50.0, 5.0, NOON.utc_ms, NOON.utc_ms // DAY_MS, None, NOON.utc_ms // DAY_MS + 40, 40, 3, 0)
    keys = [f"c:i{n}" for n in range(400)]
    now = later(NOON, 40)
    first = [answer(sched, GOOD, now, Settings(), key).interval for key in keys]
    x = RS.next_states(fsrs_rs_python.MemoryState(50.0, 5.0), 0.9, 40).good.interval
    assert (min(first), max(first)) == (round_half_up(x - fuzz_delta(x)), round_half_up(x + fuzz_delta(x)))
    assert first == [answer(sched, GOOD, now, Settings(), key).interval for key in keys]
    assert {answer(sched, GOOD, now, PLAIN, key).interval for key in keys} == {round_half_up(x)}


@given(st.text(max_size=20), st.integers(0, 10_000))
def test_the_random_number_of_fuzz_is_below_one(key, reps):
    assert 0 <= fuzz_uniform(key, reps) < 1


@pytest.mark.parametrize(("x", "delta"), [(2.49, 0), (2.5, 1), (7, 1.675), (20, 2.975), (120, 7.975)])
def test_fuzz_grows_with_the_interval(x, delta):
    assert fuzz_delta(x) == pytest.approx(delta)


def test_recall_falls_from_one_through_ninety_percent_at_stability():
    sched, _ = run((0, EASY))
    assert retrievability(NEW, 5) == 0
    assert retrievability(sched, sched.last_day) == 1
    assert retrievability(sched._replace(s=8.0), sched.last_day + 8) == pytest.approx(0.9)


@pytest.mark.parametrize("parameters", [None, tuple(p * 1.01 for p in fsrs_rs_python.DEFAULT_PARAMETERS)])
@pytest.mark.parametrize("retention", [0.75, 0.9, 0.97])
def test_the_forgetting_curve_is_the_one_that_gives_fsrs_rs_its_intervals(parameters, retention):
    engine = fsrs_rs_python.FSRS(list(parameters or fsrs_rs_python.DEFAULT_PARAMETERS))
    days = engine.next_interval(10_000.0, retention, 3)
    sched = Schedule(Phase.REVIEW, 0, 10_000.0, 5.0, 0, 0, None, 1, 1, 1, 0)
    assert retrievability(sched, round(days), Settings(parameters=parameters)) == pytest.approx(retention, abs=1e-4)


@pytest.mark.parametrize("parameters", [(1.0,), (float("nan"),) * 21])
def test_unusable_parameters_are_refused_with_the_settings_name(parameters):
    with pytest.raises(BadInput, match="setting parameters"):
        run((0, GOOD), settings=Settings(parameters=parameters))
