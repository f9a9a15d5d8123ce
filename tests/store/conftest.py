"""A small course, a clock of our own, and open databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studyapp.course.items import CourseInfo, Item, Section
from studyapp.memory.state import DAY_MS, Moment
from studyapp.store import apply, content
from studyapp.store.db import StudyDb, connect
from studyapp.store.log import Event

START_MS = 1_760_000_000_000  # 2025-10-09 08:53:20 UTC
ZONE_MIN = 120


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.ms = START_MS

    def now(self, days: float = 0, minutes: float = 0) -> Moment:
        """The moment after that much more time."""
        self.ms += int(days * DAY_MS + minutes * 60_000)
        return Moment(self.ms, ZONE_MIN)


def make_item(n: int, **changes: object) -> Item:
    body = {"ask": f"What is thing {n}?", "answer": f"answer {n}", "why": "because of its reason"}
    fields: dict[str, object] = {"key": f"c:item-{n}", "kind": "basic", "section": f"s{n % 3:02d}", "position": n, "body": body}
    return Item(**(fields | changes))  # type: ignore[arg-type]


def make_course(**changes: object) -> CourseInfo:
    sections = tuple(Section(f"s{n:02d}", str(n), f"Section {n}") for n in range(3))
    fields: dict[str, object] = {"id": "c", "title": "A course", "directory": "/courses/c", "sections": sections}
    return CourseInfo(**(fields | changes))  # type: ignore[arg-type]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def item_of() -> Callable[..., Item]:
    return make_item


@pytest.fixture
def course_of() -> Callable[..., CourseInfo]:
    return make_course


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def empty(home: Path) -> Iterator[StudyDb]:
    """An open database without a course."""
    conn = connect(home)
    yield conn
    conn.close()


@pytest.fixture
def conn(empty: StudyDb, clock: Clock) -> StudyDb:
    """An open database with a course of ten items."""
    content.sync_content(empty, make_course(), [make_item(n) for n in range(10)], "signature", "hash", clock.now())
    return empty


@pytest.fixture
def answer(conn: StudyDb, clock: Clock) -> Callable[..., Event]:
    """`answer(3, rating=1, minutes=5, trap="x")`: item 3 answered five minutes later."""

    def give(n: int, rating: int = 3, *, days: float = 0, minutes: float = 1, kind: str = "answer", **payload: object) -> Event:
        return apply.record(conn, kind, f"c:item-{n}", {"rating": rating, "seconds": 4.5, **payload}, clock.now(days, minutes))

    return give
