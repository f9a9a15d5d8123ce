"""`studyapp import FILE` with a plain-text deck."""

from __future__ import annotations

from pathlib import Path

import pytest

DECK = '---\nname = "Capitals: Europe"\n---\nQ: Capital of France?\nA: Paris\n\nC: [Rome] is in [Italy].\n'


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    file = tmp_path / "geo.md"
    file.write_text(DECK)
    return file


def test_a_deck_becomes_a_course_that_checks_and_can_be_studied(cli, home: Path, deck: Path) -> None:
    folder = home / "courses" / "capitals-europe"
    report = cli("import", str(deck), "--json").json()
    assert report == {
        "schema": 1,
        "file": str(deck),
        "course": "capitals-europe",
        "directory": str(folder),
        "added": 3,
        "known": 0,
        "replaced": 0,
    }
    assert cli("course", "check", str(folder)).code == 0
    assert "Capitals: Europe" in cli("course", "list").out
    found = cli("search", "Rome", "--json").json()
    assert cli("next", "--section", "capitals-europe:cards", "--json").json()["course"] == "capitals-europe"
    assert "Italy" in str(found)


def test_imported_again_it_adds_what_is_new_and_the_history_stays(cli, home: Path, deck: Path) -> None:
    cli("import", str(deck))
    item = cli("next", "--section", "capitals-europe:cards", "--json").json()["item"]
    cli("answer", item, "--rating", "easy")
    cards = home / "courses" / "capitals-europe" / "cards.yaml"
    cards.write_text(cards.read_text() + "  # by hand\n")
    before = cards.read_text()
    assert cli("import", str(deck), "--json").json()["added"] == 0
    assert cards.read_text() == before
    deck.write_text(DECK.replace("Q: Capital of France?", "Q: New?\nA: yes\n\nQ: Capital of France?"))
    done = cli("import", str(deck))
    assert done.out.startswith("1 cards added to ")
    assert cards.read_text().startswith(before)
    assert cli("why", item, "--json").json()["reps"] == 1


def test_without_a_name_the_file_names_the_course(cli, home: Path, tmp_path: Path) -> None:
    (tmp_path / "My Notes.txt").write_text("Q: a?\nA: b\n")
    assert cli("import", str(tmp_path / "My Notes.txt"), "--json").json()["course"] == "my-notes"
    assert "My Notes" in (home / "courses" / "my-notes" / "course.yaml").read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"Q: a\n\nQ: b\nA: c\n", "x.md:1: "),
        (b"just some prose\n", "Q:"),
        (b"", "jsonl"),
        (b"\xff\xfe", "not UTF-8"),
        (b'---\nname = "Week 13"\n---\nQ: a\nA: b\n', "another name"),
    ],
)
def test_what_cannot_be_imported_is_one_line_and_writes_nothing(cli, home: Path, tmp_path: Path, text: bytes, said: str) -> None:
    (tmp_path / "x.md").write_bytes(text)
    done = cli("import", str(tmp_path / "x.md"))
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err
    assert not (home / "courses").exists()


def test_the_form_is_found_by_content(cli, tmp_path: Path) -> None:
    cli("answer", "one-pixel-value", "--rating", "good")
    cli("export", "--to", "jsonl", str(tmp_path / "log.md"))
    assert cli("import", str(tmp_path / "log.md"), "--json").json()["known"] >= 1
    (tmp_path / "prose").write_text("words")
    said = cli("import", str(tmp_path / "prose")).err
    assert "jsonl" in said
    assert "Q:" in said


def key_of(cli, words: str) -> str:
    """The one card of the deck's course that is found by these words."""
    (found,) = {hit["item"] for hit in cli("search", words, "--json").json()["found"] if hit["item"].startswith("capitals")}
    return str(found)


def test_a_card_edited_in_the_deck_takes_the_place_of_its_old_text_and_the_history_may_go_along(cli, home: Path, deck: Path) -> None:
    cli("import", str(deck))
    old = key_of(cli, "Paris")
    cli("answer", old, "--rating", "easy")
    deck.write_text(DECK.replace("Capital of France?", "What is the capital of France?"))
    done = cli("import", str(deck))
    assert "1 cards added" in done.out
    assert "1 took the place of their old text" in done.out
    assert f"{old} is gone" in done.err
    new = key_of(cli, "Paris")
    assert new != old
    (pair,) = cli("course", "renamed", "--json").json()["pairs"]
    assert (pair["old"], pair["new"], pair["old_answer"]) == (old, new, "Paris")
    cli("course", "renamed", "--accept", old, new)
    assert cli("why", new, "--json").json()["reps"] == 1
    assert cli("import", str(deck), "--json").json()["known"] == 3
    assert cli("course", "check", str(home / "courses" / "capitals-europe")).code == 0


def test_the_cards_of_one_cloze_text_are_replaced_together(cli, home: Path, deck: Path) -> None:
    cli("import", str(deck))
    deck.write_text(DECK.replace("is in", "lies in"))
    assert cli("import", str(deck), "--json").json() | {"file": "", "directory": ""} == {
        "schema": 1,
        "file": "",
        "course": "capitals-europe",
        "directory": "",
        "added": 2,
        "known": 1,
        "replaced": 2,
    }
    text = (home / "courses" / "capitals-europe" / "cards.yaml").read_text()
    assert "is in" not in text
    assert cli("course", "check", str(home / "courses" / "capitals-europe")).code == 0


def test_what_was_written_by_hand_or_came_from_another_deck_is_not_replaced(cli, home: Path, deck: Path, tmp_path: Path) -> None:
    cli("import", str(deck))
    cards = home / "courses" / "capitals-europe" / "cards.yaml"
    cards.write_text(cards.read_text().replace("answer: Paris\n", 'answer: Paris\n    why: "by hand"\n'))
    deck.write_text(DECK.replace("Capital of France?", "What is the capital of France?"))
    assert cli("import", str(deck), "--json").json()["replaced"] == 0
    assert "by hand" in cards.read_text()
    other = tmp_path / "other.md"
    other.write_text(DECK.replace("is in", "lies in"))
    assert cli("import", str(other), "--json").json()["replaced"] == 0


def test_a_card_that_the_course_names_elsewhere_stays_beside_the_new_text(cli, home: Path, deck: Path) -> None:
    cli("import", str(deck))
    course = home / "courses" / "capitals-europe" / "course.yaml"
    course.write_text(course.read_text() + f"spine: [{key_of(cli, 'Paris').partition(':')[2]}]\n")
    deck.write_text(DECK.replace("Capital of France?", "What is the capital of France?"))
    report = cli("import", str(deck), "--json").json()
    assert (report["added"], report["replaced"]) == (1, 0)
    assert cli("course", "check", str(home / "courses" / "capitals-europe")).code == 0
