"""Free text and misspelt answers, line by line."""

from __future__ import annotations

import json

import pytest

SAID = "Pixel values are intensities without meaning of their own."
ITEM = "week-13:sc-why-patches"


def quiz(cli, *lines: str) -> str:
    cli("config", "set", "confidence", "never")
    done = cli("quiz", "--plain", input="\n".join([*lines, ":q", ""]))
    assert done.code == 0
    return str(done.out)


def answers(cli, tmp_path) -> list[dict]:
    cli("export", "--to", "jsonl", str(tmp_path / "log.jsonl"))
    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()[1:]]
    return [event["payload"] for event in events if event["kind"] in ("answer", "practice")]


def test_what_was_found_is_told_and_enter_accepts(cli, tmp_path):
    out = quiz(cli, SAID, "", "")
    assert "1) found: pixel values are intensities" in out
    assert 'in yours: "Pixel values are intensities' in out
    assert "Enter for again" in out
    (kept,) = answers(cli, tmp_path)
    assert (kept["value"], kept["rating"]) == (SAID, 1)


def test_points_are_ticked_by_their_numbers_and_the_grade_follows(cli, tmp_path):
    out = quiz(cli, SAID, "9", "2, 4", "")
    assert "give numbers from 1 to 4" in out
    assert ": RIGHT\n" in out
    (kept,) = answers(cli, tmp_path)
    assert (kept["rating"], [row["decided"] for row in kept["disputes"]]) == (3, ["found", "found"])
    again = quiz(cli)
    assert "sc-vit-vs-cnn" in again


def test_what_was_decided_before_is_said(cli):
    cli("answer", ITEM, "--answer", SAID, "--rating", "good")
    assert "as you decided before" in cli("answer", ITEM, "--answer", SAID).out


@pytest.mark.parametrize(("line", "outcome"), [("y", "right"), ("n", "wrong")])
def test_a_misspelt_answer_is_asked_about(cli, sample_home, tmp_path, line, outcome):
    cli("config", "set", "confidence", "never", at=sample_home)
    for item in ("name-basic", "name-cloze", "name-choice", "bill", "patches", "burned", "order", "list", "any-list", "missing"):
        cli("suspend", item, at=sample_home)
    lines = ["patch embezzeng", "perhaps", line, "", ":q", ""]
    out = cli("study", "--plain", "--section", "1", input="\n".join(lines), at=sample_home).out
    assert "Did you mean patch embedding? y or n: give y or n" in out
    cli("export", "--to", "jsonl", str(tmp_path / "log.jsonl"), at=sample_home)
    events = [json.loads(text) for text in (tmp_path / "log.jsonl").read_text().splitlines()[1:]]
    (kept,) = [event["payload"] for event in events if event["kind"] == "answer"]
    assert (kept["outcome"], kept["value"]) == (outcome, "patch embezzeng")
