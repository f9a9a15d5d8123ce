"""Laws, on random histories: a rebuild equals what was there, an undo is an exact inverse, a merge of two devices commutes."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from studyapp.course.items import CourseInfo, Item
from studyapp.errors import BadInput
from studyapp.memory.state import DAY_MS, Moment
from studyapp.store import apply, content, replay, transfer, undo
from studyapp.store.db import StudyDb, connect

KEYS = [f"c:item-{n}" for n in range(5)]
STRANGE = "c:not-in-the-course"
START_MS = 1_760_000_000_000

keys = st.sampled_from([*KEYS, STRANGE])
payloads = st.fixed_dictionaries(
    {"rating": st.integers(1, 4)},
    optional={
        "seconds": st.floats(0, 300).map(lambda s: round(s, 2)),
        "confidence": st.sampled_from([33, 66, 95]),
        "outcome": st.sampled_from(["right", "near", "wrong", "self", "skipped"]),
        "trap": st.sampled_from(["cls-token", "non-square"]).map(lambda concept: {"concept": concept, "say": "no"}),
        "quiz": st.sampled_from(["q1", "q2"]),
        "sure_miss": st.just(True),
        "pays": st.sampled_from(["first", "contrast"]),
        "value": st.text(max_size=5),
        "disputes": st.lists(
            st.fixed_dictionaries(
                {"about": st.sampled_from(["point", "rating"]), "text": st.text(max_size=3), "wording": st.text(max_size=5)},
                optional={"decided": st.sampled_from(["found", "missed"])},
            ),
            max_size=2,
        ),
    },
)
changes = st.one_of(
    st.tuples(st.just("retention"), st.sampled_from([0.8, 0.9, 0.95, None])),
    st.tuples(st.just("rollover"), st.integers(0, 23)),
    st.tuples(st.just("learning_steps"), st.sampled_from([[60, 600], [], [30, 90_000], None])),
    st.tuples(st.just("relearning_steps"), st.sampled_from([[600], []])),
    st.tuples(st.just("fuzz"), st.booleans()),
    st.tuples(st.just("theme"), st.sampled_from(["dark", "light"])),
)
kinds = st.sampled_from(["answer"] * 6 + ["drill", "practice"])
switches = st.sampled_from(["suspend", "unsuspend", "flag", "unflag"])
# Minutes, weeks, and now and then a clock that is set back.
steps = st.sampled_from([0, 1, 5_000, 60_000, 700_000, 3_600_000, DAY_MS, 9 * DAY_MS, 70 * DAY_MS, -1, -3 * DAY_MS])


def course(live: int) -> tuple[CourseInfo, list[Item]]:
    items = [
        Item(key=key, kind="basic", section=f"s{n % 2}", position=n, group="g" if n < 2 else None, body={"ask": key})
        for n, key in enumerate(KEYS[:live])
    ]
    return CourseInfo("c", "A course", "/c"), items


class Learner(RuleBasedStateMachine):
    """One device's life. `other` is a second device, for merges."""

    template: Path | None = None

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.ms = START_MS
        self.conn = self.open("one")
        self.other = self.open("two")

    def open(self, name: str) -> StudyDb:
        conn = connect(self.folder / name)
        conn.execute("PRAGMA synchronous = OFF")  # laws of logic, not of disks
        return conn

    def now(self, step: int, offset: int = 120) -> Moment:
        self.ms += step
        return Moment(self.ms, offset)

    def record(self, conn: StudyDb, kind: str, key: str | None, payload: dict[str, Any], now: Moment) -> str:
        return apply.record(conn, kind, key, payload, now).uuid

    @initialize()
    def begin(self) -> None:
        for conn in (self.conn, self.other):
            content.sync_content(conn, *course(5), "s", "h", self.now(1))

    @rule(kind=kinds, key=keys, payload=payloads, step=steps, offset=st.sampled_from([120, -300]))
    def answers(self, kind: str, key: str, payload: dict[str, Any], step: int, offset: int) -> None:
        self.record(self.conn, kind, key, payload, self.now(step, offset))

    @rule(kind=kinds, key=keys, payload=payloads, step=steps)
    def answers_elsewhere(self, kind: str, key: str, payload: dict[str, Any], step: int) -> None:
        self.record(self.other, kind, key, payload, self.now(step))

    @rule(kind=switches, key=keys, step=steps)
    def switches(self, kind: str, key: str, step: int) -> None:
        self.record(self.conn, kind, key, {"note": "typo"} if kind == "flag" else {}, self.now(step))

    @rule(change=changes, step=steps)
    def sets(self, change: tuple[str, Any], step: int) -> None:
        self.record(self.conn, "setting", None, {"name": change[0], "value": change[1]}, self.now(step))

    @rule(key=keys, payload=payloads, step=steps, q=st.sampled_from(["q1", "q2"]))
    def is_judged(self, key: str, payload: dict[str, Any], step: int, q: str) -> None:
        self.record(
            self.conn, "lab_verdict", key, {"run": "r", "lab": "patchify", "q": q, **payload, "quiz": None, "disputes": []}, self.now(step)
        )

    @rule(old=keys, new=st.sampled_from(KEYS), step=steps)
    def is_renamed(self, old: str, new: str, step: int) -> None:
        if old != new:
            self.record(self.conn, "alias", None, {"old": old, "new": new}, self.now(step))

    @rule(old=keys, new=st.sampled_from(KEYS), step=steps)
    def is_another_card(self, old: str, new: str, step: int) -> None:
        self.record(self.conn, "not_same", None, {"old": old, "new": new}, self.now(step))

    @rule(live=st.integers(3, 5))
    def course_changes(self, live: int) -> None:
        content.sync_content(self.conn, *course(live), "s", "h", self.now(1))

    @rule(step=steps)
    def undoes(self, step: int) -> None:
        try:
            undo.undo(self.conn, None, self.now(step))
        except BadInput:
            assert undo.last_undoable(self.conn) is None

    @rule(kind=kinds, key=keys, payload=payloads, step=steps, later=steps)
    def undo_is_an_exact_inverse(self, kind: str, key: str, payload: dict[str, Any], step: int, later: int) -> None:
        before = replay.dump(self.conn)
        target = self.record(self.conn, kind, key, payload, self.now(step))
        undone = undo.undo(self.conn, None, self.now(later))
        assert undone.target.uuid == target
        assert replay.dump(self.conn) == before

    @rule()
    def reopens(self) -> None:
        self.conn.close()
        self.conn = self.open("one")

    @rule()
    def merges(self) -> None:
        here, there = list(transfer.export_lines(self.conn)), list(transfer.export_lines(self.other))
        content.sync_content(self.conn, *course(5), "s", "h", Moment(self.ms, 0))
        content.sync_content(self.other, *course(5), "s", "h", Moment(self.ms, 0))
        transfer.merge(self.conn, there, "there")
        transfer.merge(self.other, here, "here")
        assert replay.dump(self.conn) == replay.dump(self.other)
        assert transfer.merge(self.conn, there, "there").added == 0

    @invariant()
    def a_replay_equals_what_is_there(self) -> None:
        assert replay.verify(self.conn) == []

    @rule()
    def rebuilds(self) -> None:
        before = replay.dump(self.conn)
        replay.rebuild(self.conn)
        assert replay.dump(self.conn) == before

    def teardown(self) -> None:
        assert replay.verify(self.other) == []
        self.conn.close()
        self.other.close()
        shutil.rmtree(self.folder)


class TestLearner(Learner.TestCase):  # type: ignore[misc,name-defined]
    settings = settings(max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
class TestLongLives(Learner.TestCase):  # type: ignore[misc,name-defined]
    """The same laws for longer."""

    settings = settings(max_examples=150, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck))
