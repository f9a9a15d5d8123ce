"""The misconceptions of a learner: seen how often, when last, where, and beaten how often since."""

from __future__ import annotations

from studyapp.store import apply, replay, undo
from studyapp.store.misconceptions import Misconception, misconceptions

LAB = {"run": "r", "lab": "patchify", "q": "q1"}


def test_they_are_seen_and_beaten_on_the_items_that_showed_them(conn, answer):
    answer(1, 1, outcome="wrong", trap={"concept": "cls-token", "say": "196, not 197"})
    answer(2, 3, outcome="right")
    last_seen = answer(3, 1, outcome="wrong", trap="cls-token")
    beaten = [answer(1, 3, outcome="right"), answer(1, 2, outcome="near"), answer(3, 3, outcome="self")]
    answer(4, 1, outcome="wrong", trap="non-square")
    found = {row.concept: row for row in misconceptions(conn)}
    assert list(found) == ["non-square", "cls-token"]
    assert found["cls-token"] == Misconception("cls-token", 2, last_seen.utc_ms, 2, beaten[-1].utc_ms, ("c:item-3", "c:item-1"))
    assert (found["non-square"].beaten, found["non-square"].beaten_ms) == (0, None)


def test_beaten_counts_from_the_last_time_it_was_seen_anywhere(conn, answer):
    answer(1, 1, outcome="wrong", trap="cls-token")
    answer(1, 3, outcome="right")
    answer(3, 1, outcome="wrong", trap="cls-token")
    assert misconceptions(conn)[0].beaten == 0
    answer(1, 3, outcome="right")
    answer(1, 3, outcome="right", kind="drill", pays="contrast")
    answer(1, 3, outcome="right", kind="drill")  # asked again in the same session: no proof
    assert (misconceptions(conn)[0].seen, misconceptions(conn)[0].beaten) == (2, 2)


def test_a_lab_s_question_without_a_card_is_a_place_too(conn, clock):
    def verdict(**more):
        apply.record(conn, "lab_verdict", None, {**LAB, "outcome": "right", **more}, clock.now(minutes=1))

    verdict(outcome="wrong", trap="channels-in-count")
    verdict(run="s", practice=True)
    verdict(run="t", forecast=True)
    assert misconceptions(conn)[0].beaten == 0
    verdict(run="u")
    (found,) = misconceptions(conn)
    assert (found.seen, found.beaten, found.places) == (1, 1, (("patchify", "q1"),))


def test_an_answer_that_was_undone_was_never_given_and_a_rebuild_changes_nothing(conn, answer, clock):
    answer(1, 1, outcome="wrong", trap="cls-token")
    before = misconceptions(conn)
    answer(2, 1, outcome="wrong", trap="cls-token")
    undo.undo(conn, None, clock.now(minutes=1))
    assert misconceptions(conn) == before
    replay.rebuild(conn)
    assert misconceptions(conn) == before
