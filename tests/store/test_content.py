"""The course cache, names of items, and search."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studyapp.course.items import CourseInfo, Item
from studyapp.errors import BadInput
from studyapp.store import apply, cards, content, replay, schedule, stats
from studyapp.store.content import Cached, Synced, find_key, sync_content
from studyapp.store.db import StudyDb
from studyapp.store.log import Event
from studyapp.store.search import search

Answer = Callable[..., Event]


@pytest.fixture
def sync(conn: StudyDb, clock, course_of) -> Callable[..., Synced]:
    def do(items: list[Item], **course: object) -> Synced:
        return sync_content(conn, course_of(**course), items, "new", "new", clock.now())

    return do


def test_course_and_items_come_back_as_they_were(conn: StudyDb, course_of, item_of) -> None:
    assert CourseInfo.from_row(content.course_infos(conn)[0]) == course_of()
    assert content.cached_courses(conn) == {"c": Cached("/courses/c", "signature", "hash")}
    row = content.item(conn, "c:item-3")
    assert row is not None
    assert Item.from_row(row) == item_of(3)
    assert set(content.items(conn, ["c:item-1", "c:item-2", "c:nothing"])) == {"c:item-1", "c:item-2"}
    assert [row["key"] for row in content.course_items(conn, "c", "s01")] == ["c:item-1", "c:item-4", "c:item-7"]
    assert len(list(content.course_items(conn))) == 10
    assert content.item(conn, "c:nothing") is None


def test_a_new_file_signature_alone_changes_no_item(conn: StudyDb) -> None:
    content.touch(conn, "c", "later")
    assert content.cached_courses(conn)["c"] == Cached("/courses/c", "later", "hash")


def test_an_edited_item_keeps_its_history(conn: StudyDb, answer: Answer, sync, item_of) -> None:
    answer(1, 4)
    before = cards.get(conn, "c:item-1")
    assert before is not None
    edited = item_of(1, body={"ask": "Said better?"}, section="s02", position=99, group="g")
    assert sync([item_of(n) if n != 1 else edited for n in range(10)]) == Synced(0, 1, 0, 0)
    after = cards.get(conn, "c:item-1")
    assert after is not None
    assert (after.section, after.position, after.group) == ("c:s02", 99, "g")
    assert (after.schedule, after.log) == (before.schedule, before.log)
    assert sync([item_of(n) if n != 1 else edited for n in range(10)]) == Synced(0, 0, 0, 0)
    assert replay.verify(conn) == []


def test_a_vanished_item_is_archived_with_its_text_and_can_come_back(conn: StudyDb, answer: Answer, sync, item_of) -> None:
    answer(1, 4)
    assert sync([item_of(n) for n in range(10) if n != 1]) == Synced(0, 0, 1, 0)
    assert [card.item for card in stats.archived(conn)] == ["c:item-1"]
    assert [row["key"] for row in content.course_items(conn, archived=True)] == ["c:item-1"]
    assert content.item(conn, "c:item-1") is not None
    assert sum(schedule.forecast(conn, 0, 99_999)) == 0
    assert replay.verify(conn) == []
    sync([item_of(n) for n in range(10)])
    card = cards.get(conn, "c:item-1")
    assert card is not None
    assert (card.live, card.schedule.reps) == (True, 1)
    assert sum(schedule.forecast(conn, 0, 99_999)) == 1
    assert replay.verify(conn) == []


def test_a_renamed_item_takes_its_history_along_once(conn: StudyDb, answer: Answer, sync, item_of) -> None:
    answer(1, 4)
    renamed = [item_of(n) if n != 1 else item_of(1, key="c:better-name") for n in range(10)]
    assert sync(renamed, aliases={"c:item-1": "c:better-name"}) == Synced(1, 0, 1, 1)
    assert sync(renamed, aliases={"c:item-1": "c:better-name"}).renamed == 0
    card = cards.get(conn, "c:better-name")
    assert card is not None
    assert (card.live, card.schedule.reps) == (True, 1)
    assert stats.archived(conn) == []
    assert cards.get(conn, "c:item-1") is None
    assert find_key(conn, "item-1") == find_key(conn, "c:item-1") == "c:better-name"
    assert conn.execute("SELECT count(*) FROM events WHERE kind = 'alias'").fetchone()[0] == 1
    assert replay.verify(conn) == []


def test_history_that_was_there_before_the_course_is_taken_up(conn: StudyDb, clock, sync, item_of) -> None:
    apply.record(conn, "answer", "c:item-77", {"rating": 4}, clock.now())
    sync([item_of(n) for n in (*range(10), 77)])
    card = cards.get(conn, "c:item-77")
    assert card is not None
    assert (card.live, card.active, card.section, card.schedule.reps) == (True, True, "c:s02", 1)
    assert sum(schedule.forecast(conn, 0, 99_999)) == 1
    assert replay.verify(conn) == []


def test_two_courses_live_side_by_side(conn: StudyDb, clock, sync, item_of) -> None:
    other = CourseInfo("d", "Another", "/d")
    items = [Item(key=key, kind="basic", section="s00", position=0, body={"ask": "?"}) for key in ("d:item-1", "d:only-here")]
    sync_content(conn, other, items, "s", "h", clock.now())
    sync([item_of(n) for n in range(10)])
    assert {row["id"] for row in content.course_infos(conn)} == {"c", "d"}
    assert find_key(conn, "only-here") == "d:only-here"
    with pytest.raises(BadInput, match="several courses: give one of c:item-1, d:item-1"):
        find_key(conn, "item-1")
    assert find_key(conn, "d:item-1") == "d:item-1"


def test_an_unknown_name_is_answered_with_the_nearest(conn: StudyDb) -> None:
    with pytest.raises(BadInput) as problem:
        find_key(conn, "itm-3")
    assert "did you mean item-3" in str(problem.value)
    assert str(problem.value).count("item-") == 3
    with pytest.raises(BadInput, match="did you mean c:item-3"):
        find_key(conn, "c:itm-3")
    with pytest.raises(BadInput, match="studyapp course list"):
        find_key(conn, "zzzzzzzzzzzzzzz")


def test_search_finds_what_items_ask_answer_and_explain(conn: StudyDb, sync, item_of) -> None:
    body = {
        "ask": "Which module joins vision and language?",
        "options": [{"id": "a", "text": "The bridge", "right": True, "say": "It maps features."}, {"id": "hidden-id", "text": "The head"}],
        "why": "Because a projector (LLaVA) aligns Zürich widths.",
    }
    sync([item_of(n) for n in range(9)] + [item_of(9, body=body)])
    for query in ("bridge", "joins LANGUAGE", "zurich", "maps feat", 'projector" (llava', "llava projector"):
        assert [hit.key for hit in search(conn, query)] == ["c:item-9"], query
    assert "[bridge]" in search(conn, "bridge")[0].passage
    assert search(conn, "hidden") == []
    assert [hit.key for hit in search(conn, "answer 3")] == ["c:item-3"]
    assert len(search(conn, "thing", limit=4)) == 4
    assert search(conn, "NEAR AND NOT") == []
    with pytest.raises(BadInput, match="search:"):
        search(conn, " ?! ")


def test_search_forgets_old_text_and_vanished_items(conn: StudyDb, sync, item_of) -> None:
    sync([item_of(n) for n in range(9) if n != 3] + [item_of(9, body={"ask": "Anew"})])
    assert search(conn, "answer 9") == []
    assert search(conn, "answer 3") == []
    assert [hit.key for hit in search(conn, "anew")] == ["c:item-9"]
