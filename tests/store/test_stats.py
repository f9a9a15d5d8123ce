"""Streak, retention, strength, calibration."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studyapp.memory.state import DAY_MS
from studyapp.store import cards, schedule, stats
from studyapp.store.db import StudyDb
from studyapp.store.log import Event

Answer = Callable[..., Event]


@pytest.mark.parametrize(
    ("studied", "streak"),
    [
        ([], 0),
        ([0], 1),
        ([1], 1),  # today may still come
        ([0, 1, 2, 3], 4),
        ([1, 2, 3], 3),
        ([0, 2, 3], 3),  # one missed day is forgiven
        ([2, 3], 2),
        ([3, 4], 0),  # two in a row are not
        ([0, 3, 4], 1),
        ([0, 2, 4, 5], 2),  # nor two within a week
        ([0, 2, 3, 4, 5, 6, 8, 9], 6),  # six days lie between the two missed ones ...
        ([0, 2, 3, 4, 5, 6, 7, 9, 10], 9),  # ... and here seven
    ],
)
def test_a_streak_forgives_one_missed_day_in_seven(conn: StudyDb, clock, studied: list[int], streak: int) -> None:
    today = schedule.today(conn, clock.now())
    conn.executemany("INSERT INTO days (day, drills) VALUES (?, 1)", [(today - ago,) for ago in studied])
    conn.execute("INSERT INTO days (day, due) VALUES (?, 5)", (today - 1,) if 1 not in studied else (today + 50,))
    assert stats.streak(conn, today) == streak


def test_retention_is_the_share_recalled_of_reviews_a_night_or_more_later(conn: StudyDb, answer: Answer, clock) -> None:
    assert stats.retention(conn, 0, 99_999) == stats.Retention(0, 0, None, None)
    assert stats.retention(conn, 0, 99_999).share is None
    for n in range(4):
        answer(n, 4)
    clock.now(days=20)
    answer(0, 1), answer(1, 3), answer(2, 3), answer(2, 3)  # the second answer to item 2 tests no night
    found = stats.retention(conn, 0, 99_999)
    assert (found.reviews, found.recalled, found.young, found.mature) == (3, 2, 2 / 3, None)
    today = schedule.today(conn, clock.now())
    assert stats.retention(conn, today + 1, today + 9).reviews == 0
    clock.now(days=100)
    answer(1, 1), answer(2, 3)
    found = stats.retention(conn, 0, 99_999)
    assert (found.reviews, found.mature, found.share) == (5, 0.5, 3 / 5)


def test_a_section_is_as_strong_as_its_items_are_remembered(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1, 4), answer(4, 3)
    today = schedule.today(conn, clock.now())
    weak, strong, other = stats.sections(conn, today)
    assert (weak.section, weak.items, weak.started, weak.strength, weak.retention) == ("c:s00", 4, 0, 0.0, None)
    assert (strong.section, strong.started, strong.strength, strong.retention) == ("c:s01", 2, 2 / 3, 1.0)
    assert other.items == 3
    later = stats.sections(conn, today + 30)[1]
    assert later.retention is not None
    assert 0.3 < later.retention < 0.95
    assert later.strength == pytest.approx(later.retention * 2 / 3)


def test_the_weakest_items_are_those_least_remembered(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1, 4), answer(2, 1), answer(3, 3)
    today = schedule.today(conn, clock.now(days=5))
    assert [card.item for card in stats.weakest(conn, today, 2)] == ["c:item-2", "c:item-3"]


def test_calibration_sets_confidence_against_outcome(conn: StudyDb, answer: Answer) -> None:
    assert stats.calibration(conn) == stats.Calibration(0, None, ())
    for confidence, outcome, rating in ((90, "right", 3), (90, "wrong", 1), (30, "wrong", 1), (100, "self", 3), (100, None, 1)):
        answer(1, rating, confidence=confidence, outcome=outcome)
    answer(2, 3, confidence=80, outcome="skipped")  # was not judged
    answer(2, 3, kind="drill", confidence=80, outcome="right")  # was just shown
    answer(2, 3)
    found = stats.calibration(conn)
    assert found.answers == 5
    assert found.brier == pytest.approx((0.01 + 0.81 + 0.09 + 0 + 1) / 5)
    assert found.bins == (stats.Bin(20, 40, 1, 0.3, 0.0), stats.Bin(80, 100, 4, 0.95, 0.5))


def test_history_and_recent_events(conn: StudyDb, answer: Answer) -> None:
    given = [answer(1), answer(2), answer(1, kind="drill")]
    assert stats.history(conn, "c:item-1") == [given[0], given[2]]
    assert stats.history(conn, "c:nothing") == []
    assert list(stats.recent(conn, 2)) == [given[2], given[1]]


def test_rows_of_many_items_at_once(conn: StudyDb, answer: Answer) -> None:
    answer(1)
    found = cards.get_many(conn, ["c:item-1", "c:item-2", "c:nothing"])
    assert {key: card.schedule.reps for key, card in found.items()} == {"c:item-1": 1, "c:item-2": 0}
    last_ms = found["c:item-1"].schedule.last_ms
    assert last_ms is not None
    assert last_ms % DAY_MS > 0
