"""One answer: what it changes, all of it at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studyapp.errors import EnvironmentProblem
from studyapp.memory import policy
from studyapp.memory.state import DAY_MS, NEW, Moment, Phase, Rating, Settings
from studyapp.store import apply, cards, log, replay, schedule, settings_store, stats
from studyapp.store.db import StudyDb, connect, write
from studyapp.store.fold import Card
from studyapp.store.log import Event

Answer = Callable[..., Event]


def _card(conn: StudyDb, n: int) -> Card:
    card = cards.get(conn, f"c:item-{n}")
    assert card is not None
    return card


def test_an_answer_moves_the_schedule_by_the_memory_policy(conn: StudyDb, answer: Answer) -> None:
    state = NEW
    for rating, days in ((3, 0), (3, 0.01), (3, 3), (1, 12), (3, 0.01), (4, 9)):
        event = answer(1, rating, days=days)
        state = policy.answer(state, Rating(rating), event.now, Settings(), "c:item-1")
        assert _card(conn, 1).schedule == state
    assert state.lapses == 1


def test_append_and_apply_do_what_record_does(conn: StudyDb, clock) -> None:
    now = clock.now()
    with write(conn):
        event = log.append(conn, "answer", "c:item-1", {"rating": 3}, now)
        apply.apply(conn, event)
    apply.record(conn, "answer", "c:item-2", {"rating": 3}, now)
    assert _card(conn, 1).schedule == _card(conn, 2).schedule
    assert replay.verify(conn) == []


def test_a_day_adds_up_what_was_done(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1, 4, seconds=2.5)
    answer(1, 4, days=40, seconds=10)
    day = schedule.today(conn, clock.now())
    answer(1, 1, days=250), answer(2, 3), answer(3, 2), answer(1, 3, kind="drill", seconds=1), answer(4, 3, kind="practice", seconds=0.25)
    assert stats.day(conn, day) == stats.Day(day, 1, 0, 1, easy=1, young=1, young_recalled=1, ms=10_000)
    last = schedule.today(conn, clock.now())
    expected = stats.Day(last, 3, 2, 1, again=1, hard=1, good=1, mature=1, mature_recalled=0, drills=1, practice=1, ms=14_750)
    assert stats.day(conn, last) == expected
    assert [found.day for found in stats.days(conn, 0, last)] == [day - 40, day, last]


def test_drills_and_practice_leave_the_schedule_alone(conn: StudyDb, answer: Answer) -> None:
    answer(1, 3)
    before = _card(conn, 1).schedule
    answer(1, 1, kind="drill"), answer(1, 1, kind="practice"), answer(2, 1, kind="practice")
    assert _card(conn, 1).schedule == before
    assert _card(conn, 2).schedule == NEW


def test_a_suspended_item_counts_as_due_no_more_until_it_is_back(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1, 4)
    for kind, due in (("suspend", 0), ("suspend", 0), ("unsuspend", 1)):
        apply.record(conn, kind, "c:item-1", {}, clock.now())
        assert sum(schedule.forecast(conn, 0, 99_999)) == due
    apply.record(conn, "suspend", "c:item-1", {}, clock.now())
    answer(1, 1, days=100)
    assert _card(conn, 1).suspended
    assert _card(conn, 1).schedule.phase is Phase.RELEARNING
    assert [card.item for card in stats.suspended(conn)] == ["c:item-1"]


def test_flags_are_kept_with_their_notes_until_taken_off(conn: StudyDb, clock) -> None:
    for note in ("typo", None):
        apply.record(conn, "flag", "c:item-1", {"note": note}, clock.now())
    assert [[note for _, note in card.flags] for card in stats.flagged(conn)] == [["typo", None]]
    apply.record(conn, "unflag", "c:item-1", {}, clock.now())
    assert stats.flagged(conn) == []


def test_a_changed_setting_counts_from_then_on_and_not_before(conn: StudyDb, answer: Answer, clock) -> None:
    first = answer(1, 4)
    settings_store.set_value(conn, "retention", "0.8", clock.now())
    second = answer(2, 4)
    after = Settings(retention=0.8)
    assert _card(conn, 1).schedule == policy.answer(NEW, Rating.EASY, first.now, Settings(), "c:item-1")
    assert _card(conn, 2).schedule == policy.answer(NEW, Rating.EASY, second.now, after, "c:item-2")
    replay.rebuild(conn)
    assert _card(conn, 1).schedule == policy.answer(NEW, Rating.EASY, first.now, Settings(), "c:item-1")


def test_a_setting_of_another_process_is_seen_at_once(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1, 4)
    other = connect(conn.home)
    settings_store.set_value(other, "fuzz", "off", clock.now())
    settings_store.set_value(other, "maximum_interval", "2", clock.now())
    other.close()
    answer(2, 4)
    assert _card(conn, 2).schedule.interval == 2
    assert replay.verify(conn) == []


def test_answers_after_the_clock_was_set_back_count_in_the_order_of_their_times(conn: StudyDb, clock) -> None:
    late, early = Moment(clock.ms + 40 * DAY_MS, 120), Moment(clock.ms + 2 * DAY_MS, 120)
    apply.record(conn, "answer", "c:item-1", {"rating": 1}, late)
    apply.record(conn, "answer", "c:item-1", {"rating": 4}, early)
    expected = policy.answer(NEW, Rating.EASY, early, Settings(), "c:item-1")
    assert _card(conn, 1).schedule == policy.answer(expected, Rating.AGAIN, late, Settings(), "c:item-1")
    assert [event.payload["rating"] for event in stats.history(conn, "c:item-1")] == [4, 1]
    # So does a setting that was changed at a time before answers that are there already.
    apply.record(conn, "setting", None, {"name": "maximum_interval", "value": 3}, Moment(clock.ms + DAY_MS, 120))
    assert _card(conn, 1).schedule.lapses == 1
    apply.record(conn, "answer", "c:item-2", {"rating": 4}, early)
    assert _card(conn, 2).schedule.interval == 3
    assert replay.verify(conn) == []


def test_an_alias_carries_the_whole_history_and_moves_no_date(conn: StudyDb, answer: Answer, clock) -> None:
    for days in (0, 3, 12):
        answer(1, 3, days=days)
    answer(1, 3, minutes=15), answer(1, 1, days=30, trap="cls-token")
    before = _card(conn, 1)
    apply.record(conn, "alias", None, {"old": "c:item-1", "new": "c:item-2"}, clock.now())
    after = _card(conn, 2)
    assert (after.schedule, after.traps, after.log, after.intro_day) == (before.schedule, before.traps, before.log, before.intro_day)
    assert _card(conn, 1).schedule == NEW
    assert [event.item for event in stats.history(conn, "c:item-1")] == ["c:item-1"] * 5
    # The old name goes on to work.
    answer(1, 3)
    assert _card(conn, 2).schedule.reps == 6
    assert replay.verify(conn) == []


def test_chains_and_circles_of_aliases_end(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1, 4)
    for old, new in ((1, 2), (2, 3), (3, 1)):
        apply.record(conn, "alias", None, {"old": f"c:item-{old}", "new": f"c:item-{new}"}, clock.now())
        assert replay.verify(conn) == []
    assert sum(card.schedule.reps for card in cards.select(conn, "reps > 0")) == 1


def test_an_item_that_no_course_has_still_keeps_its_history(conn: StudyDb, clock) -> None:
    apply.record(conn, "answer", "old:thing", {"rating": 4}, clock.now())
    card = cards.get(conn, "old:thing")
    assert card is not None
    assert (card.archived, card.active, card.schedule.reps) == (True, False, 1)
    assert [found.item for found in stats.archived(conn)] == ["old:thing"]
    assert schedule.forecast(conn, 0, 99_999)[-1] == 0


def test_events_of_one_transaction_are_stored_together_or_not_at_all(conn: StudyDb, clock) -> None:
    def fail_half_way() -> None:
        with write(conn):
            apply.record(conn, "answer", "c:item-1", {"rating": 1}, clock.now())
            apply.record(conn, "answer", "c:item-2", {"rating": 1}, clock.now())
            raise EnvironmentProblem("the lab failed")

    before = replay.dump(conn)
    with pytest.raises(EnvironmentProblem):
        fail_half_way()
    assert replay.dump(conn) == before
    answer = apply.record(conn, "answer", "c:item-1", {"rating": 1}, clock.now())
    assert answer.prev == ""
