from __future__ import annotations

import json

from studyapp.course.items import CourseInfo, Item

Compiled = tuple[CourseInfo, dict[str, Item]]


def test_the_spine_comes_first_then_course_order(compiled: Compiled) -> None:
    _, items = compiled
    order = sorted(items.values(), key=lambda item: item.position)
    assert [item.id for item in order[:4]] == ["bill", "name-choice", "name-basic", "name-cloze"]
    assert [item.position for item in order] == list(range(len(items)))
    assert [item.id for item in order if item.spine] == ["bill", "name-choice"]


def test_siblings_are_declared_or_share_the_main_fact_and_go_both_ways(compiled: Compiled) -> None:
    _, items = compiled
    assert items["name-cloze"].siblings == {"sample:name-basic", "sample:list"}
    assert items["list"].siblings == {"sample:name-cloze"}
    assert items["patches"].siblings == {"sample:bill"}
    for item in items.values():
        assert all(item.key in items[other.partition(":")[2]].siblings for other in item.siblings)


def test_groups_aliases_readiness_and_concepts_use_keys(compiled: Compiled) -> None:
    info, items = compiled
    assert items["name-short"].group == "names"
    assert items["patches"].group is None
    assert info.confusables == {"names": ("sample:name-basic", "sample:name-short")}
    assert info.aliases == {"sample:older-name": "sample:name-basic", "sample:oldest-name": "sample:name-basic"}
    assert info.readiness["ideas"][0]["items"] == ["sample:name-basic", "sample:name-cloze"]
    assert info.readiness["rule"] == {"last_right": 2, "days": 2}
    assert info.concepts["swap"] == "swapping the two"


def test_sections_carry_their_page_and_explainer_places(compiled: Compiled) -> None:
    info, _ = compiled
    first, second, page_only = info.sections
    assert (first.number, first.explainer, first.page[:5]) == ("1", ("2.1",), "# One")
    assert (second.page, second.explainer) == ("", ("2.2", "2.3"))
    assert page_only.page


def test_bodies_hold_the_authors_fields_with_defaults(compiled: Compiled) -> None:
    _, items = compiled
    assert items["name-choice"].body["options"][1] == {"id": "b", "text": "That", "right": False, "concept": "swap", "say": "No."}
    assert items["explain"].body["points"][0] == {"text": "one", "aliases": [], "indispensable": False}
    assert "why" not in items["name-short"].body
    assert not {"id", "kind", "facts", "siblings", "aliases", "difficulty"} & set(items["burned"].body)
    assert items["burned"].difficulty == 5


def test_rows_survive_json(compiled: Compiled) -> None:
    info, items = compiled
    assert CourseInfo.from_row(json.loads(json.dumps(info.row()))) == info
    for item in items.values():
        assert Item.from_row(json.loads(json.dumps(item.row()))) == item


def test_synonyms_reach_the_row_and_come_back(compiled: Compiled) -> None:
    info, _ = compiled
    assert info.synonyms == (("patch", "tile"), ("encoder", "vision tower"))
    assert CourseInfo.from_row(json.loads(json.dumps(info.row()))) == info
    old = {name: value for name, value in info.row().items() if name != "synonyms"}  # compiled by an older version
    assert CourseInfo.from_row(old).synonyms == ()
