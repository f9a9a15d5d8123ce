"""Courses on disk and in the database: nothing is parsed while files are unchanged, and a broken course stops nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def parsed(monkeypatch) -> list[Path]:
    """Every course folder that is parsed from now on."""
    import studyapp.course.load as load

    found: list[Path] = []
    real = load.load_course
    monkeypatch.setattr(load, "load_course", lambda path: found.append(path) or real(path))
    return found


def test_an_unchanged_course_is_parsed_once(small, parsed):
    small("a", "b")
    small()
    small()
    assert len(parsed) == 1


def test_a_touched_file_is_not_parsed_again(small, parsed, tmp_path):
    small("a", "b")
    (tmp_path / "small" / "courses" / "small" / "s01.yaml").touch()
    small()
    assert len(parsed) == 1


def test_an_edit_shows_and_keeps_the_history(small):
    study = small("a", "b")
    study.answer("a", rating="easy")
    due = study.why("a")["due"]
    study = small("a", "b", "c", a='hint: "new"')
    assert study.show("a")["hints"][0]["text"] == "new"
    assert study.why("a")["due"] == due
    assert study.due().new == 2


def test_a_removed_item_is_no_longer_asked_and_comes_back_with_its_history(small):
    study = small("a", "b")
    study.answer("a", rating="easy")
    study = small("b")
    assert study.due().new == 1
    assert study.why("a")["reps"] == 1
    assert small("a", "b").why("a")["reps"] == 1


def test_a_renamed_item_keeps_its_history(small):
    study = small("a", "b")
    study.answer("a", rating="easy")
    study = small("z", "b", z="aliases: [a]")
    assert study.why("z")["reps"] == 1
    assert study.why("a")["item"] == "small:z"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("  - {id: a, kind: basic", "s01.yaml:"),
        ('  - {id: a, kind: basic, ask: "x?", answer: y, why: w}\n' * 2, "a.id: the id"),
        ('  - {id: a, kind: basic, facts: [nosuch], ask: "x?", answer: y, why: w}\n', "nosuch"),
        ("  - {id: a, kind: basik}\n", "basik"),
    ],
    ids=["malformed", "duplicate", "unknown-fact", "unknown-kind"],
)
def test_a_broken_course_is_a_note_and_stays_as_it_was(small, only_course, tmp_path, bad, said, parsed):
    small("a", "b")
    only_course(bad, tmp_path / "small")
    if said == "nosuch":
        (tmp_path / "small" / "courses" / "small" / "facts.yaml").write_text(
            (Path(__file__).parent.parent / "course" / "sample" / "facts.yaml").read_text()
        )
    study = small()
    (note,) = study.notes
    assert said in note
    assert "\n" not in note
    assert study.due().new == 2
    before = len(parsed)
    assert small().notes == [note]
    assert len(parsed) == before  # it is not parsed at each start
    assert small("a", "b", "c").notes == []
    assert small().due().new == 3


def test_two_courses_of_one_id_are_told_and_the_first_is_used(small, tmp_path, parsed):
    small("a", "b")
    courses = tmp_path / "small" / "courses"
    shutil.copytree(courses / "small", courses / "twin")
    assert "the id 'small'" in small().notes[0]
    count = len(parsed)
    assert small().notes
    assert len(parsed) == count


def test_a_folder_without_a_course_is_a_note(small, tmp_path):
    small("a")
    (tmp_path / "small" / "courses" / "empty").mkdir()
    assert "course.yaml" in small().notes[0]


def test_a_new_course_can_be_studied(open_at, tmp_path, monkeypatch, served):
    from studyapp.api.authoring import new_course

    monkeypatch.setattr("studyapp.course.resources.shipped_content", lambda package=None: None)
    home = tmp_path / "fresh"
    new_course(home / "courses" / "mine")
    study = open_at(home)
    assert study.notes == []
    assert study.due().new >= 1
    run = study.run()
    assert run.card is not None
