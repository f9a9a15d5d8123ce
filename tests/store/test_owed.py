"""What a miss with confidence leaves owed: first in the next session, a contrast after a week; all of it told by the events."""

from __future__ import annotations

import pytest

from studyapp.memory.state import Moment
from studyapp.store import apply, cards, owed, replay, schedule, undo
from studyapp.store.db import connect
from studyapp.store.fold import CONTRAST_DAYS, Owed

WIDE = schedule.Limits(0, 0)


@pytest.fixture
def today(conn, clock):
    def day(days: float = 0) -> int:
        return schedule.today(conn, Moment(clock.ms + round(days * 86_400_000), 120))

    return day


def first(conn, day: int, **how: object) -> str | None:
    found = owed.next_owed(conn, day, **how)
    return None if found is None else found.item


def test_a_sure_miss_is_owed_at_once_and_stays_owed_until_it_is_paid(conn, answer, today):
    answer(1, 1, sure_miss=True)
    answer(2, 1)
    assert first(conn, today()) == "c:item-1"
    answer(1, 3)  # the learning step of the same session pays nothing
    answer(1, 3, kind="drill")
    assert first(conn, today()) == "c:item-1"
    assert owed.owed_now(conn, "c:item-1", today()) is Owed.FIRST
    assert owed.owed_now(conn, "c:item-2", today()) is Owed.NOTHING


def test_once_paid_it_comes_again_after_a_week_and_then_no_more(conn, answer, today):
    answer(1, 1, sure_miss=True)
    day = today()
    answer(1, 3, days=1, pays="first")
    assert first(conn, day + CONTRAST_DAYS - 1) is None
    assert first(conn, day + CONTRAST_DAYS) == "c:item-1"
    answer(1, 3, days=6, kind="drill", pays="contrast")
    assert cards.get(conn, "c:item-1").owed is Owed.NOTHING
    assert first(conn, day + 400) is None


def test_another_sure_miss_begins_anew(conn, answer, today):
    answer(1, 1, sure_miss=True)
    answer(1, 3, days=1, pays="first")
    answer(1, 1, days=6, pays="contrast", sure_miss=True)
    assert owed.owed_now(conn, "c:item-1", today()) is Owed.FIRST


def test_the_longest_owed_comes_first_others_can_be_put_off_and_a_section_asks_for_its_own(conn, answer, today):
    answer(1, 1, sure_miss=True)
    answer(2, 1, days=1, sure_miss=True)
    assert first(conn, today()) == "c:item-1"
    assert first(conn, today(), exclude={"c:item-1"}) == "c:item-2"
    assert first(conn, today(), section="c:s02") == "c:item-2"
    assert first(conn, today(), section="c:s00") is None


def test_a_contrast_waits_while_the_item_or_a_sibling_was_answered_today(conn, answer, today):
    conn.execute("INSERT INTO siblings VALUES ('c:item-1', 'c:item-4')")
    answer(1, 1, sure_miss=True)
    answer(1, 3, days=1, pays="first")
    answer(4, 4, days=6)
    assert first(conn, today()) is None
    assert first(conn, today() + 1) == "c:item-1"


def test_a_suspended_item_is_not_served(conn, answer, clock, today):
    answer(1, 1, sure_miss=True)
    apply.record(conn, "suspend", "c:item-1", {}, clock.now(minutes=1))
    assert first(conn, today()) is None


def test_what_is_owed_counts_as_due_once(conn, answer, clock, today):
    answer(1, 4)
    answer(1, 1, days=20, sure_miss=True)  # its step falls due in ten minutes
    counts = schedule.counts(conn, clock.now(), WIDE)
    assert (counts.due_now, counts.review) == (1, 1)
    counts = schedule.counts(conn, clock.now(minutes=11), WIDE)
    assert (counts.due_now, counts.review, counts.learning) == (1, 0, 1)
    assert schedule.due_by_section(conn, clock.now()) == {"c:s01": 1}


def test_the_day_of_a_contrast_is_known_when_nothing_else_waits(conn, answer, clock, today):
    for n in range(10):
        answer(n, 4, sure_miss=n == 1)
        if n != 1:
            apply.record(conn, "suspend", f"c:item-{n}", {}, clock.now(minutes=1))
    day = today()
    answer(1, 4, days=1, pays="first")
    waiting = schedule.counts(conn, clock.now(), schedule.Limits())
    assert waiting.due_now == 0
    assert schedule.today(conn, Moment(waiting.next_due_ms, 120)) == day + CONTRAST_DAYS


def test_undo_gives_back_what_was_owed_before(conn, answer, clock, today):
    answer(1, 1, sure_miss=True)
    before = replay.dump(conn)
    answer(1, 3, days=1, pays="first")
    undo.undo(conn, None, clock.now(minutes=1))
    assert replay.dump(conn) == before
    undo.undo(conn, None, clock.now(minutes=1))
    assert first(conn, today()) is None


def test_a_lab_verdict_owes_its_card_until_it_is_undone(conn, clock, today):
    verdict = {"run": "r", "q": "q1", "lab": "patchify", "outcome": "wrong", "rating": 1, "confidence": 95, "sure_miss": True}
    apply.record(conn, "lab_verdict", "c:item-1", verdict, clock.now())
    assert first(conn, today()) == "c:item-1"
    undo.undo(conn, None, clock.now(minutes=1))
    assert first(conn, today()) is None
    assert replay.verify(conn) == []


def test_a_rebuild_and_a_restart_give_the_same(conn, answer, today):
    answer(1, 1, sure_miss=True)
    answer(1, 3, days=1, pays="first")
    answer(3, 1, sure_miss=True)
    before = replay.dump(conn)
    replay.rebuild(conn)
    assert replay.dump(conn) == before
    assert replay.verify(conn) == []
    again = connect(conn.home)
    assert first(again, today()) == "c:item-3"
    again.close()
