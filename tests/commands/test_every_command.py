"""What holds for every command: --help with an example, --json with one object, --home and --now on either side."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from studyapp.commands.group import COMMANDS, cli

JSON = [
    "due",
    "due --short",
    "next",
    "next --section 2",
    "show one-pixel-value",
    "show one-pixel-value --reveal",
    "answer one-pixel-value --rating good",
    "answer tokens-into-encoder --answer 12",
    "suspend one-pixel-value",
    "unsuspend one-pixel-value",
    "flag one-pixel-value --note doubtful",
    "stats",
    "readiness",
    "forecast --days 3",
    "misconceptions",
    "calibration",
    "mastery",
    "why one-pixel-value",
    "search patch",
    "add --ask one? --answer two",
    "lab list",
    "lab plan patchify --seed 7",
    "course list",
    "course check",
    "course coverage",
    "course disputes",
    "course renamed",
    "config list",
    "config get retention",
    "config set minutes 20",
    "config path",
    "log verify",
    "log verify --rebuild",
    "backup",
    "help",
    "help grades",
    "help answers",
    "help codes",
    "grade --item sc-why-patches pixels",
    "study --plain",
    "study",
    "quiz --plain",
    "quiz section 2",
    "quiz exam",
]


def every_command(group: click.Group = cli, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    with click.Context(group) as ctx:
        for name in group.list_commands(ctx):
            command = group.get_command(ctx, name)
            found.append((*path, name))
            if isinstance(command, click.Group):
                found += every_command(command, (*path, name))
    return found


@pytest.mark.parametrize("command", JSON)
def test_json_prints_one_object_with_schema_first(cli, command):
    done = cli(*command.split(), "--json")
    assert done.code in (0, 1), done.err
    document = json.loads(done.out)
    assert next(iter(document)) == "schema"
    assert document["schema"] == 1


@pytest.mark.parametrize("command", every_command(), ids=" ".join)
def test_help_has_an_example_and_names_every_option(cli, command):
    done = cli(*command, "--help")
    assert done.code == 0
    assert f"Example: studyapp {' '.join(command)}" in done.out or "Example: " in done.out
    assert "--help" in done.out


def test_help_lists_every_command_of_the_documented_ones(cli):
    listed = cli("--help").out
    assert all(f"  {name} " in listed for name in COMMANDS)
    wanted = (
        "study quiz due next stats readiness why show answer undo suspend unsuspend flag search add memory lab course import export log"
    )
    wanted += " misconceptions calibration mastery"
    assert set((wanted + " backup restore config forecast help grade zoo").split()) == set(COMMANDS)


def test_home_and_now_may_stand_before_or_after_the_command(run, home: Path, tmp_path: Path):
    other = tmp_path / "other"
    run("answer", "one-pixel-value", "--rating", "easy")
    before = run("show", "one-pixel-value", "--json")
    after = run("show", "one-pixel-value", "--json", "--home", str(home), "--now", "2026-03-05T09:00+01:00", at=other, now=None)
    assert after.json()["due"] == before.json()["due"] is not None
    assert not (other / "study.db").exists()


def test_studyapp_home_names_the_folder_where_no_option_does(run, home: Path, tmp_path: Path):
    assert run("config", "path", at=home).out.strip() == str(home)
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "studyapp", "config", "path"],
        capture_output=True,
        text=True,
        env={"STUDYAPP_HOME": str(tmp_path / "elsewhere"), "PATH": ""},
        check=True,
    )
    assert done.stdout.strip() == str(tmp_path / "elsewhere")


def test_narration_goes_to_stderr_and_data_to_stdout(run):
    done = run("study", "--plain", "--json", input=":q\n")
    assert json.loads(done.out)["ended"] == "left"
    assert "one-pixel-value" in done.err


def test_a_reader_who_leaves_early_causes_no_complaint(home: Path):
    import subprocess
    import sys

    pipe = f"{sys.executable} -m studyapp --home {home} course list --json | head -c 5; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", pipe], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_version_is_told(cli):
    from studyapp import __version__

    assert __version__ in cli("--version").out
