"""A course of three items that somebody made with `course new`, studied beside the shipped one as its author would."""

from __future__ import annotations

from pathlib import Path

import pytest

MINE = {"mine:first-fact", "mine:area-of-a-rectangle", "mine:first-choice"}
DAY_2 = "2026-03-04T09:00+01:00"


@pytest.fixture
def folder(cli, home: Path) -> Path:
    made = home / "courses" / "mine"
    assert cli("course", "new", str(made)).code == 0
    return made


def test_it_is_checked_listed_and_covered_beside_the_other(run, folder):
    assert run("course", "check", "--strict", str(folder)).code == 0
    listed = run("course", "list", "--json").json()
    assert {course["id"]: course["items"] for course in listed["courses"]}["mine"] == 3
    assert {item["item"] for item in listed["items"]} > MINE
    covered = run("course", "coverage", str(folder), "--json").json()
    assert (covered["items"], covered["missing"], covered["unknown"]) == (3, [], [])
    assert run("due", "--json").json()["new"] == 20


def test_a_session_serves_both_and_each_alone(cli, folder):
    answered = [cli("next", "--json").json()["item"]]
    for name in sorted(MINE):
        assert cli("answer", name, "--rating", "easy").code == 0
    answered.append(cli("next", "--json").json()["item"])
    assert (answered[0] in MINE, answered[1] in MINE) == (True, False)
    assert "Nothing is due in this section." in cli("study", "--plain", "--section", "mine:s01").out
    only = cli("study", "--plain", "--section", "mine:s01", "--ahead", "--limit", "1", input="\n3\n", now=DAY_2)
    assert only.code == 0
    assert "A first section" in only.out


def test_its_cards_are_judged_shown_and_found(cli, folder):
    shown = cli("show", "mine:area-of-a-rectangle", "--json").json()
    height, width = (int(word) for word in shown["ask"].replace(".", " ").split() if word.isdigit())
    judged = cli("answer", "mine:area-of-a-rectangle", "--draw", shown["draw"], "--answer", f"{height} * {width}", "--json").json()
    assert judged["rating"] == "good"
    assert cli("answer", "mine:first-choice", "--answer", "b", "--json").json()["rating"] == "again"
    found = cli("search", "rectangle", "--json").json()["found"]
    assert found[0]["item"] == "mine:area-of-a-rectangle"
    assert "four times as large" in cli("show", "mine:first-choice", "--reveal").out


def test_a_quiz_of_its_section_and_a_plain_word_where_a_number_is_in_both(cli, folder):
    quiz = cli("quiz", "section", "mine:1", "--plain", input="\n3\n12\n\na\n\n")
    assert quiz.code in (0, 1)
    assert "question 1 of 3" in quiz.out
    both = cli("study", "--section", "1", "--plain")
    assert (both.code, both.err.count("\n")) == (2, 1)
    assert "mine:s01" in both.err
    assert "week-13:s01" in both.err


def test_statistics_name_the_course_of_each_section_where_there_are_two(cli, folder):
    cli("answer", "mine:first-fact", "--rating", "good")
    cli("answer", "week-13:one-pixel-value", "--rating", "good")
    stats = cli("stats", "--json").json()
    assert {row["id"]: row["started"] for row in stats["sections"] if row["started"]} == {"mine:s01": 1, "week-13:s01": 1}
    assert {row["course"] for row in stats["sections"]} == {"Mine", "Week 13 - Image & Video Models"}
    text = cli("stats").out.splitlines()
    assert text.index("Mine") + 1 == next(n for n, line in enumerate(text) if line.endswith("A first section"))


def test_readiness_is_of_the_course_that_has_ideas(cli, folder):
    cli("answer", "mine:first-fact", "--rating", "good")
    assert len(cli("readiness", "--json").json()["ideas"]) == 4


def test_with_one_course_nothing_names_it(cli):
    stats = cli("stats", "--json").json()
    assert {row["course"] for row in stats["sections"]} == {""}
    assert "Week 13 -" not in cli("stats").out


def test_both_are_due_again_and_a_removed_course_leaves_the_other_alone(cli, folder):
    for name in ("mine:first-fact", "week-13:one-pixel-value"):
        cli("answer", name, "--rating", "easy")
    later = "2026-03-30T09:00+01:00"
    assert cli("due", "--json", now=later).json()["review"] == 2
    for file in sorted(folder.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    folder.rmdir()
    gone = cli("due", "--json", now=later)
    assert (gone.json()["review"], "its folder" in gone.err) == (1, True)
    assert {item["item"] for item in cli("course", "list", "--json", now=later).json()["items"]}.isdisjoint(MINE)
    assert cli("course", "new", str(folder)).code == 0
    assert cli("due", "--json", now=later).json()["review"] == 2
    assert cli("log", "verify", now=later).code == 0
