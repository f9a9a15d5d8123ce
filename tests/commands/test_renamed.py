"""`studyapp course renamed`."""

from __future__ import annotations

from pathlib import Path


def test_a_renamed_own_card_keeps_its_history_on_request(cli, home: Path) -> None:
    cli("add", "--ask", "What unit does a ViT attend over?", "--answer", "patch tokens", "--id", "old-name")
    cli("answer", "own:old-name", "--rating", "easy")
    file = home / "courses" / "own" / "cards.yaml"
    file.write_text(file.read_text().replace("old-name", "new-name"))
    assert "course renamed --accept own:old-name own:new-name" in cli("due", "--json").err
    listed = cli("course", "renamed")
    assert "own:old-name -> own:new-name" in listed.out
    assert listed.err == ""
    (pair,) = cli("course", "renamed", "--json").json()["pairs"]
    assert cli("course", "renamed", "--accept", pair["old"], pair["new"], "--json").json() == {
        "schema": 1,
        "old": "own:old-name",
        "new": "own:new-name",
        "reviews": 1,
    }
    assert cli("why", "new-name", "--json").json()["reps"] == 1
    assert cli("course", "renamed").out == "no card looks renamed\n"
    done = cli("course", "renamed", "--accept", "x", "y")
    assert (done.code, done.err.count("\n")) == (2, 1)


def test_a_no_is_remembered(cli, home: Path) -> None:
    cli("add", "--ask", "What unit does a ViT attend over?", "--answer", "patch tokens", "--id", "old-name")
    cli("answer", "own:old-name", "--rating", "easy")
    file = home / "courses" / "own" / "cards.yaml"
    file.write_text(file.read_text().replace("old-name", "new-name"))
    assert "--reject" in cli("due").err
    assert cli("course", "renamed", "--reject", "old-name", "own:new-name", "--json").json() == {
        "schema": 1,
        "old": "own:old-name",
        "new": "own:new-name",
        "same": False,
    }
    assert cli("course", "renamed", "--json").json() == {"schema": 1, "pairs": []}
    assert cli("log", "verify").code == 0
    assert "two cards" in cli("course", "renamed", "--reject", "old-name", "new-name").out
    both = cli("course", "renamed", "--reject", "a", "b", "--accept", "a", "b")
    assert (both.code, both.err.count("\n")) == (2, 1)
    unknown = cli("course", "renamed", "--reject", "x", "new-name")
    assert (unknown.code, unknown.err.count("\n")) == (2, 1)
