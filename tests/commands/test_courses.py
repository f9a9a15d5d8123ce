"""`studyapp course`, `next`, `readiness`, `stats`: what authors and learners ask about a course."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SAMPLE = str(Path(__file__).parent.parent / "course" / "sample")
COVERAGE = ["items", "facts_total", "core_total", "core_two_forms", "useful_total", "useful_covered", "missing", "unknown"]


def test_list_names_every_item_with_its_facts(cli):
    document = cli("course", "list", "--json").json()
    assert len(document["items"]) >= 110
    assert all({"id", "kind", "section", "facts"} <= set(item) for item in document["items"])
    assert [course["id"] for course in document["courses"]] == ["week-13"]
    assert document["broken"] == []


def test_list_of_a_folder(cli):
    assert {item["kind"] for item in cli("course", "list", SAMPLE, "--json").json()["items"]} >= {"basic", "cloze", "case", "lab"}


def test_coverage_has_the_documented_keys(cli):
    document = cli("course", "coverage", SAMPLE, "--json").json()
    assert set(COVERAGE) <= set(document)
    assert isinstance(document["missing"], list)
    assert cli("course", "coverage", SAMPLE).code == (1 if document["missing"] or document["unknown"] else 0)


def test_the_schema_is_one_json_schema(cli):
    schema = json.loads(cli("course", "schema").out)
    assert "$defs" in schema or "properties" in schema
    assert json.loads(cli("course", "schema", "--json").out) == schema


def test_a_new_course_checks_clean_and_is_studied_from_the_home(run, home: Path):
    folder = home / "courses" / "mine"
    files = run("course", "new", str(folder), "--json").json()["files"]
    assert all(Path(file).is_file() for file in files)
    assert run("course", "check", str(folder), "--strict").code == 0
    assert run("course", "new", str(folder)).code == 2
    assert {course["id"] for course in run("course", "list", "--json").json()["courses"]} == {"week-13", "mine"}
    assert run("answer", "mine:first-fact", "--rating", "good").code == 0
    assert "mine:first-fact" in run("search", "first", "--json").out or run("show", "first-fact", "--json").json()["course"] == "mine"


def test_the_shipped_course_has_no_errors(cli):
    report = cli("course", "check", "--json").json()
    assert report["ok"], report["errors"]


def test_strict_makes_a_warning_an_error(cli, tmp_path: Path):
    warned = cli("course", "check", SAMPLE, "--json").json()["warnings"]
    assert cli("course", "check", SAMPLE, "--strict").code == (1 if warned else cli("course", "check", SAMPLE).code)


@pytest.mark.parametrize("section", ["2", "s02", "week-13:s02"])
def test_a_section_is_named_by_number_or_id(cli, section):
    assert cli("next", "--section", section, "--json").json()["section"] == "s02"


def test_readiness_tells_what_is_missing(cli):
    document = cli("readiness", "--json").json()
    assert document["met"] is False
    assert len(document["ideas"]) == 4
    assert all(idea["missing"] and idea["title"] for idea in document["ideas"])
    assert document["reread"]
    assert "[ ]" in cli("readiness").out


def test_readiness_follows_right_answers_on_two_days(cli, only_course, tmp_path: Path):
    rule = "{rule: {last_right: 2, days: 2}, ideas: [{id: one, title: One, items: [a], labs: []}]}"
    at = tmp_path / "small"
    only_course('  - {id: a, kind: basic, facts: [], ask: "a?", answer: "a", why: "w"}\n', at, readiness=rule)
    cli("answer", "a", "--rating", "easy", at=at)
    assert not cli("readiness", "--json", at=at).json()["met"]
    cli("answer", "a", "--rating", "good", at=at, now="2026-03-09T09:00+01:00")
    assert cli("readiness", "--json", at=at, now="2026-03-09T10:00+01:00").json()["met"]


def test_stats_add_up(cli):
    cli("answer", "one-pixel-value", "--answer", "a", "--confidence", "100", "--seconds", "30")
    cli("answer", "patch-token-name", "--rating", "again", "--seconds", "30")
    stats = cli("stats", "--json").json()
    assert (stats["answers"], stats["today"]["new"], stats["streak"], stats["minutes"]) == (2, 2, 1, 1)
    assert stats["brier"] == 0
    assert sum(row["started"] for row in stats["sections"]) == 2
    assert "2 answers" in cli("stats").out


def test_forecast_counts_what_waits(cli):
    cli("answer", "one-pixel-value", "--rating", "easy")
    days = cli("forecast", "--days", "30", "--json").json()["days"]
    assert (len(days), sum(day["reviews"] for day in days)) == (30, 1)
    assert days[0]["date"] == "2026-03-02"


def test_help_topics_print_the_one_grade_table(cli):
    from studyapp.study.rating import TABLE

    text = cli("help", "grades").out
    assert all(case in text for case, _ in TABLE)
    assert "14*14" in cli("help", "answers").out
    assert "130" in cli("help", "codes").out
    assert cli("help", "bogus").code == 2
