"""What comes next, and how much is due."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from studyapp.course.items import CourseInfo, Item
from studyapp.memory.policy import retrievability
from studyapp.memory.state import DAY_MS, Moment, Phase
from studyapp.store import apply, cards, content, replay, schedule
from studyapp.store.db import StudyDb, write
from studyapp.store.log import Event
from studyapp.store.schedule import Counts, Limits, counts, next_due
from studyapp.store.undo import undo

Answer = Callable[..., Event]
MANY = Limits(9999, 9999)


def _next(conn: StudyDb, now: Moment, limits: Limits = MANY, **more: object) -> str | None:
    card = next_due(conn, now, limits, **more)  # type: ignore[arg-type]
    return None if card is None else card.item.removeprefix("c:")


def _sync(conn: StudyDb, clock, course_of, items: list[Item]) -> None:
    content.sync_content(conn, course_of(), items, "s2", "h2", clock.now())


def test_new_items_come_by_position(conn: StudyDb, answer: Answer, clock) -> None:
    assert _next(conn, clock.now()) == "item-0"
    answer(0, rating=4)
    assert _next(conn, clock.now()) == "item-1"
    assert _next(conn, clock.now(), exclude={"c:item-1", "c:item-2"}) == "item-3"


def test_a_learning_step_comes_when_its_minute_has_come_and_before_all_else(conn: StudyDb, answer: Answer, clock) -> None:
    answer(5, rating=1)
    assert _next(conn, clock.now()) == "item-0"
    assert _next(conn, clock.now(minutes=1)) == "item-5"
    assert _next(conn, clock.now(), exclude={"c:item-5"}) == "item-0"


def test_a_learning_step_can_be_taken_a_little_ahead_when_nothing_else_is_left(conn: StudyDb, answer: Answer, clock) -> None:
    answer(5, rating=3)
    nothing = Limits(0, 0)
    assert _next(conn, clock.now(), nothing) is None
    assert _next(conn, clock.now(), nothing, ahead_ms=20 * 60_000) == "item-5"
    assert _next(conn, clock.now(), nothing, ahead_ms=60_000) is None


def test_a_section_brings_only_its_own(conn: StudyDb, answer: Answer, clock) -> None:
    assert _next(conn, clock.now(), section="c:s01") == "item-1"
    answer(1, rating=4)
    answer(3, rating=1)
    assert _next(conn, clock.now(minutes=5), section="c:s01") == "item-4"
    answer(4, rating=4)
    assert _next(conn, clock.now(days=60), Limits(0, 9), section="c:s01") in ("item-1", "item-4")
    assert _next(conn, clock.now(), section="c:s07") is None


def test_suspended_and_archived_items_do_not_come(conn: StudyDb, clock, course_of, item_of) -> None:
    apply.record(conn, "suspend", "c:item-0", {}, clock.now())
    assert _next(conn, clock.now()) == "item-1"
    _sync(conn, clock, course_of, [item_of(n) for n in range(10) if n != 1])
    assert _next(conn, clock.now()) == "item-2"
    apply.record(conn, "unsuspend", "c:item-0", {}, clock.now())
    assert _next(conn, clock.now()) == "item-0"


def test_a_sibling_never_comes_on_the_same_day(conn: StudyDb, answer: Answer, clock, course_of, item_of) -> None:
    pair = {0: frozenset({"c:item-1"}), 1: frozenset({"c:item-0"})}
    _sync(conn, clock, course_of, [item_of(n, siblings=pair.get(n, frozenset())) for n in range(3)])
    answer(0, rating=4)
    assert _next(conn, clock.now()) == "item-2"
    answer(2, rating=4)
    assert _next(conn, clock.now()) is None
    assert counts(conn, clock.now(), MANY)[:4] == (0, 0, 0, 0)
    assert _next(conn, clock.now(days=1)) == "item-1"
    answer(1, rating=4)
    # In review, too: both are due long ago.
    clock.now(days=300)
    assert counts(conn, clock.now(), MANY).review == 3
    answer(1)
    assert counts(conn, clock.now(), MANY).review == 1
    answer(2)
    assert _next(conn, clock.now()) is None
    assert _next(conn, clock.now(days=1)) == "item-0"


def test_confusable_items_are_kept_apart_when_new_and_mixed_in_review(conn: StudyDb, answer: Answer, clock, course_of, item_of) -> None:
    _sync(conn, clock, course_of, [item_of(n, group="heads" if n < 2 else None) for n in range(3)])
    answer(0, rating=4)
    assert _next(conn, clock.now()) == "item-2"
    answer(2, rating=4)
    assert _next(conn, clock.now()) is None
    assert counts(conn, clock.now(), MANY).new == 0
    assert _next(conn, clock.now(days=1)) == "item-1"
    answer(1, rating=4)
    clock.now(days=300)
    due = set()
    while (key := _next(conn, clock.now())) is not None:
        due.add(key)
        answer(int(key[-1]), rating=4)
    assert due == {"item-0", "item-1", "item-2"}


def test_the_daily_limits_hold_until_the_next_study_day(conn: StudyDb, answer: Answer, clock) -> None:
    limits = Limits(new_per_day=2, reviews_per_day=1)
    answer(0, rating=4), answer(1, rating=4)
    assert _next(conn, clock.now(), limits) is None
    assert _next(conn, clock.now(days=1), limits) == "item-2"
    answer(2, rating=4), answer(3, rating=4)
    clock.now(days=300)
    day = schedule.today(conn, clock.now())
    seen = []
    while (key := _next(conn, clock.now(), limits)) is not None:
        seen.append(key)
        answer(int(key[-1]), rating=4)
    assert len(set(seen)) == 3
    assert schedule.done_today(conn, day) == (2, 1)
    undone = counts(conn, clock.now(), limits)
    assert (undone.new, undone.review, undone.new_total, undone.review_total) == (0, 0, 4, 3)


def test_reviews_and_new_items_are_evenly_mixed(conn: StudyDb, clock, course_of, item_of) -> None:
    _sync(conn, clock, course_of, [item_of(n) for n in range(40)])
    for n in range(12):
        apply.record(conn, "answer", f"c:item-{n}", {"rating": 4}, clock.now())
    clock.now(days=300)
    order = ""
    while (card := next_due(conn, clock.now(), Limits(4, 200))) is not None:
        order += "n" if card.schedule.phase is Phase.NEW else "r"
        apply.record(conn, "answer", card.item, {"rating": 4}, clock.now())
    assert order == "rrnrrrnrrrnrrrnr"


def test_a_backlog_is_served_by_lowest_retrievability_exactly(empty: StudyDb, clock) -> None:
    chance = random.Random(7)
    items = [Item(key=f"c:i{n}", kind="basic", section="s", position=n, body={}) for n in range(300)]
    content.sync_content(empty, CourseInfo("c", "C", "/c"), items, "s", "h", clock.now())
    with write(empty):
        for item in items:
            for rating in chance.choices((1, 2, 3, 3, 4), k=chance.randint(1, 5)):
                apply.record(empty, "answer", item.key, {"rating": rating}, clock.now(days=chance.random() * 0.3))
            apply.record(empty, "answer", item.key, {"rating": 4}, clock.now())
    now = clock.now(days=20)
    day = schedule.today(empty, now)
    due = [card for card in cards.select(empty, "phase = 2 AND due_day <= ?", (day,))]
    assert len(due) > 100
    expected = sorted(retrievability(card.schedule, day) for card in due)
    served: list[str] = []
    while (card := next_due(empty, now, Limits(0, 9999), exclude=served)) is not None:
        served.append(card.item)
    found = [retrievability(card.schedule, day) for card in cards.get_many(empty, served).values()]
    assert sorted(found) == expected
    by_key = cards.get_many(empty, served)
    assert [retrievability(by_key[key].schedule, day) for key in served] == pytest.approx(expected, abs=1e-12)


def test_counts_of_an_empty_database(empty: StudyDb, clock) -> None:
    assert counts(empty, clock.now(), MANY) == Counts(0, 0, 0, 0, None, 0, 0)
    assert next_due(empty, clock.now(), MANY) is None


def test_counts_tell_when_the_next_thing_is_due(conn: StudyDb, answer: Answer, clock) -> None:
    now = clock.now()
    assert counts(conn, now, Limits(3, 200)) == Counts(3, 0, 0, 3, now.utc_ms, 10, 0)
    event = answer(0, rating=3)
    for n in (1, 2):
        answer(n, rating=4)
    now = clock.now()
    # All new ones of today are done; the step of item 0 comes in some minutes, the other new ones tomorrow.
    assert counts(conn, now, Limits(3, 200)) == Counts(0, 1, 0, 0, event.utc_ms + 600_000, 7, 0)
    now = clock.now(minutes=30)
    assert counts(conn, now, Limits(3, 200)).due_now == 1
    answer(0, rating=4)
    now = clock.now()
    tomorrow = counts(conn, now, Limits(3, 200)).next_due_ms
    assert tomorrow is not None
    assert schedule.today(conn, Moment(tomorrow, 120)) == schedule.today(conn, Moment(tomorrow - 1, 120)) + 1
    assert 0 < tomorrow - now.utc_ms <= DAY_MS


def test_with_everything_learnt_the_next_review_day_is_told_and_forecast(conn: StudyDb, answer: Answer, clock) -> None:
    for n in range(10):
        answer(n, rating=4)
    now = clock.now()
    day = schedule.today(conn, now)
    days = sorted(card.schedule.due_day or 0 for card in cards.select(conn, "phase = 2"))
    found = counts(conn, now, MANY)
    assert found[:4] == (0, 0, 0, 0)
    assert found.next_due_ms is not None
    assert schedule.today(conn, Moment(found.next_due_ms, 120)) == days[0]
    forecast = schedule.forecast(conn, day, 60)
    assert sum(forecast) == 10
    assert [n for n, due in enumerate(forecast) if due] == sorted({d - day for d in days})
    assert schedule.forecast(conn, days[-1] + 5, 3) == [10, 0, 0]


def test_the_hot_queries_only_seek_in_indexes(conn: StudyDb) -> None:
    """What keeps a hundred thousand items as quick as a thousand: no scan of the items, no sorting."""
    queries = {
        f"SELECT 1 FROM schedule WHERE {schedule._NEXT_LEARNING}": (1, None, None),
        f"SELECT 1 FROM schedule WHERE {schedule._NEXT_NEW}": {"today": 1},
        f"SELECT 1 FROM schedule WHERE {schedule._NEXT_NEW_IN_SECTION}": {"today": 1, "section": "c:s01"},
        schedule._BANDS: (1,),
        schedule._IN_BAND: (1, 1, 1),
        schedule._IS_BLOCKED: {"item": "c:item-1", "today": 1},
        cards._BY_KEY: ("c:item-1",),
    }
    for query, args in queries.items():
        plan = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {query}", args)]
        assert not [line for line in plan if "TEMP B-TREE" in line], (query, plan)
        scans = [line for line in plan if line.startswith("SCAN") and "bands" not in line and "CONSTANT" not in line]
        # A scan along an index that is already in the wanted order, and stops at the first row.
        assert all("USING" in line and "INDEX schedule_" in line for line in scans), (query, plan)
    for query in (schedule._BANDS, schedule._IN_BAND):  # ... and these never look at the items themselves
        plan = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {query}", queries[query])]
        assert all("COVERING INDEX" in line for line in plan if "schedule" in line), plan


def test_a_lab_card_joins_the_schedule_only_when_its_lab_was_played(conn: StudyDb, clock, course_of, item_of) -> None:
    _sync(conn, clock, course_of, [item_of(0, kind="lab"), item_of(1)])
    assert _next(conn, clock.now()) == "item-1"
    assert counts(conn, clock.now(), MANY).new == 1
    verdict = {"run": "r", "lab": "patchify", "q": "q1", "outcome": "wrong", "rating": 1}
    apply.record(conn, "lab_verdict", "c:item-0", verdict, clock.now())
    assert _next(conn, clock.now(minutes=2)) == "item-0"
    assert replay.verify(conn) == []
    undo(conn, None, clock.now())
    assert _next(conn, clock.now()) == "item-1"
    assert replay.verify(conn) == []
