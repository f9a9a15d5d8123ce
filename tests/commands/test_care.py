"""The log, export and import, backups, settings: care for what was learned."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

LATER = "2026-03-02T10:00:00+01:00"
TOMORROW = "2026-03-03T10:00:00+01:00"


@pytest.fixture
def learned(cli):
    cli("answer", "one-pixel-value", "--rating", "easy", "--confidence", "80", "--seconds", "4")
    cli("answer", "patch-token-name", "--answer", "patch token")
    cli("answer", "vit-order", "--rating", "again")
    cli("undo")
    cli("config", "set", "retention", "0.92")
    return cli


def derived(cli, **where) -> dict:
    shown = [cli("show", name, "--json", now=LATER, **where).json() for name in ("one-pixel-value", "patch-token-name", "vit-order")]
    stats = cli("stats", "--json", now=LATER, **where).json()
    return {
        "shown": [{k: d[k] for k in ("phase", "due", "intervals")} for d in shown],
        "stats": {k: stats[k] for k in ("answers", "reviews", "streak", "calibration", "misconceptions")},
        "retention": cli("config", "get", "retention", **where).out,
    }


def test_verify_finds_a_sound_log_and_rebuild_changes_nothing(learned):
    before = derived(learned)
    report = learned("log", "verify", "--rebuild", "--json").json()
    assert (report["ok"], report["rebuilt"], report["changed"], report["devices"]) == (True, True, False, 1)
    assert derived(learned) == before


def test_verify_finds_what_someone_changed(learned, home):
    conn = sqlite3.connect(home / "study.db")
    conn.execute("UPDATE schedule SET interval = interval + 3 WHERE reps > 0")
    conn.commit()
    conn.close()
    done = learned("log", "verify")
    assert done.code == 1
    assert "problem" in done.out
    assert learned("log", "verify", "--rebuild", "--json").json()["changed"]
    assert learned("log", "verify").code == 0


def test_an_export_rebuilds_the_same_learner_elsewhere(learned, tmp_path: Path, template_home: Path):
    file, other = tmp_path / "history.jsonl", tmp_path / "other"
    learned("export", "--to", "jsonl", str(file))
    shutil.copytree(template_home, other)
    first = learned("import", str(file), "--json", at=other).json()
    assert first["added"] == 5
    assert derived(learned, at=other) == derived(learned)
    assert learned("import", str(file), "--json", at=other).json() == {"schema": 1, "file": str(file), "added": 0, "known": 5}


def test_two_homes_merge_to_the_union_on_either_side(cli, home: Path, tmp_path: Path):
    other = tmp_path / "other"  # a home of its own, so that it is another device
    cli("due", at=other)
    cli("answer", "one-pixel-value", "--rating", "good", at=home)
    cli("answer", "one-pixel-value", "--rating", "easy", at=other, now=LATER)
    cli("answer", "vit-order", "--rating", "good", at=other, now=LATER)
    cli("export", "--to", "jsonl", str(tmp_path / "a.jsonl"), at=home)
    cli("export", "--to", "jsonl", str(tmp_path / "b.jsonl"), at=other)
    assert cli("log", "merge", str(tmp_path / "b.jsonl"), at=home, now=LATER).code == 0
    assert cli("log", "merge", str(tmp_path / "a.jsonl"), at=other, now=LATER).code == 0
    assert derived(cli, at=home) == derived(cli, at=other)
    assert cli("log", "verify", "--json", at=home).json()["devices"] == 2
    assert cli("undo", "--json", at=home, now=LATER).json()["undone"][0]["rating"] == "good"  # its own last, not the other machine's


def test_a_damaged_file_is_named_by_line_and_nothing_is_imported(learned, tmp_path: Path, home: Path):
    file = tmp_path / "history.jsonl"
    learned("export", "--to", "jsonl", str(file))
    lines = file.read_text().splitlines()
    for number, bad in ((3, "{"), (3, lines[2].replace('"rating":3', '"rating":4'))):
        file.write_text("\n".join([*lines[: number - 1], bad, *lines[number:]]))
        done = learned("import", str(file), at=tmp_path / f"fresh{len(bad)}")
        assert done.code == 2, bad
        assert f"history.jsonl:{number}" in done.err
        assert learned("log", "verify", "--json", at=tmp_path / f"fresh{len(bad)}").json()["events"] == 0
    assert learned("import", str(tmp_path / "nothing.jsonl")).code == 2


def test_csv_has_a_line_a_review(learned, tmp_path: Path):
    learned("export", "--to", "csv", str(tmp_path / "reviews.csv"))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "reviews.csv").read_text())))
    found = {row["item"]: (row["rating"], row["confidence"]) for row in rows}
    assert found == {"week-13:one-pixel-value": ("easy", "80"), "week-13:patch-token-name": ("good", "")}
    assert len(rows) == 2


def test_export_to_standard_output_is_the_data_alone(learned):
    lines = learned("export", "--to", "jsonl", "-").out.splitlines()
    assert json.loads(lines[0])["format"] == "studyapp-log"
    assert len(lines) == 6


def test_a_backup_is_restored(learned, home: Path):
    saved = derived(learned)
    path = Path(learned("backup", "--json", now=LATER).json()["path"])
    assert path.parent == home / "backups"
    learned("answer", "vit-order", "--rating", "good", now=LATER)
    assert derived(learned) != saved
    done = learned("restore", path.name, "--json", now=LATER).json()
    assert Path(done["kept"]).exists()
    assert derived(learned) == saved
    assert learned("restore", "nothing.db").code == 2


def test_what_is_no_backup_is_refused_and_nothing_changes(learned, tmp_path: Path):
    before = derived(learned)
    (tmp_path / "bad.db").write_bytes(b"not a database" * 100)
    done = learned("restore", str(tmp_path / "bad.db"))
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert derived(learned) == before


def test_a_backup_is_made_before_an_import(learned, home: Path, tmp_path: Path):
    learned("export", "--to", "jsonl", str(tmp_path / "h.jsonl"))
    learned("import", str(tmp_path / "h.jsonl"))
    assert [path for path in (home / "backups").iterdir() if "before-import" in path.name]


def test_a_session_makes_the_day_s_backup(cli, home: Path):
    cli("study", "--plain", "--limit", "1", input="1\n\n3\n1\n\n3\n")
    assert [path for path in (home / "backups").iterdir() if "daily" in path.name]


def test_settings_are_listed_read_and_changed(cli):
    rows = {row["name"]: row for row in cli("config", "list", "--json").json()["settings"]}
    assert (rows["retention"]["value"], rows["minutes"]["value"]) == ("0.9", "15")
    assert all(row["help"] for row in rows.values())
    assert cli("config", "set", "minutes", "20").out == "minutes = 20\n"
    assert cli("config", "get", "minutes").out == "20\n"
    assert cli("config", "set", "learning_steps", "1m 10m 1h", "--json").json()["value"] == "1m 10m 1h"


@pytest.mark.parametrize(
    "args", [("get", "retentoin"), ("set", "retention", "2"), ("set", "nosuch", "1"), ("set", "new_per_day", "-3"), ("set", "zone", "Mars")]
)
def test_a_bad_setting_is_one_line_that_says_what_would_do(cli, args):
    done = cli("config", *args)
    assert (done.code, done.err.count("\n")) == (2, 1)


def editor(folder: Path, script: str) -> str:
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_edit_stores_what_was_changed(run, tmp_path: Path):
    env = {"EDITOR": editor(tmp_path, "sed -i 's/^minutes = .*/minutes = 25/' \"$1\""), "VISUAL": ""}
    assert run("config", "edit", "--json", env=env).json()["changed"] == ["minutes"]
    assert run("config", "get", "minutes").out == "25\n"


def test_edit_with_a_mistake_names_the_line_and_changes_nothing(run, tmp_path: Path):
    env = {"EDITOR": editor(tmp_path, "sed -i 's/^minutes = .*/minutes = soon/; s/^new_per_day = .*/new_per_day = 7/' \"$1\"")}
    done = run("config", "edit", env={**env, "VISUAL": ""})
    assert done.code == 2
    assert "line " in done.err
    assert run("config", "get", "new_per_day").out == "20\n"


def test_an_editor_that_is_missing_is_one_line(run):
    done = run("config", "edit", env={"EDITOR": "/nonexistent/editor", "VISUAL": ""})
    assert (done.code, done.err.count("\n")) in ((2, 1), (3, 1))


def test_the_memory_model_agrees_with_anki_through_the_process(run):
    golden = json.loads((Path(__file__).parent.parent / "memory" / "golden_anki_fsrs6.json").read_text())
    cases = golden["cases"] if isinstance(golden, dict) else golden
    lines = "".join(json.dumps({k: case[k] for k in ("history", "elapsed", "last_ivl")}) + "\n" for case in cases)
    done = run("memory", "--batch", "-", input=lines, now=None)
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 0
    assert len(answers) == len(cases) == 300
    for case, answer in zip(cases, answers, strict=True):
        assert answer["hard_good_easy"] == case["hard_good_easy"]
        assert answer["s"] == pytest.approx(case["s"], rel=1e-3)
        assert answer["d"] == pytest.approx(case["d"], rel=1e-3)


def test_a_line_that_cannot_be_read_is_answered_in_its_place(run, tmp_path: Path):
    good = '{"history": [[0, 3]], "elapsed": 1, "last_ivl": 1}'
    (tmp_path / "batch.jsonl").write_text(f"{good}\nnonsense\n{good}\n")
    done = run("memory", "--batch", str(tmp_path / "batch.jsonl"), now=None)
    first, second, third = (json.loads(line) for line in done.out.splitlines())
    assert first == third
    assert set(second) == {"error"}
    assert done.code == 2
    assert run("memory", "--batch", os.devnull, now=None).out == ""
    assert run("memory", "--batch", str(tmp_path / "nothing"), now=None).code == 2
