"""What can go wrong around the app: one clear line, the documented exit code, nothing lost, never a traceback."""

from __future__ import annotations

import ctypes
import os
import pty
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

PR_CAPBSET_DROP = 24  # prctl(2)
OVERRIDES = (1, 2, 3)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER: what lets root write where no one may


def _no_more_than_others() -> None:
    """In the child, before it starts: root gives up its right to pass over permissions, which an ordinary user never had."""
    if os.getuid() == 0:
        prctl = ctypes.CDLL(None).prctl
        assert all(prctl(PR_CAPBSET_DROP, right, 0, 0, 0) == 0 for right in OVERRIDES)


def one_line(done, code: int) -> str:
    assert done.code == code, (done.code, done.out, done.err)
    assert "Traceback" not in done.err
    assert done.err.startswith("studyapp: ")
    assert done.err.count("\n") == 1
    assert done.out == ""
    return done.err


def test_a_database_of_a_newer_version_is_left_alone(run, home: Path):
    conn = sqlite3.connect(home / "study.db")
    conn.execute("PRAGMA user_version = 99")
    conn.close()
    before = (home / "study.db").read_bytes()
    for command in (["due", "--json"], ["study", "--plain"], ["answer", "one-pixel-value", "--rating", "good"]):
        assert "newer studyapp" in one_line(run(*command), 3)
    assert (home / "study.db").read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(run, home: Path):
    (home / "study.db").write_text("my diary " * 1000)
    assert "not a studyapp database" in one_line(run("due"), 3)
    assert (home / "study.db").read_text().startswith("my diary")


def test_another_program_s_database_is_left_alone(run, home: Path):
    (home / "study.db").unlink()
    conn = sqlite3.connect(home / "study.db")
    conn.execute("CREATE TABLE precious (x)")
    conn.close()
    one_line(run("due"), 3)


def test_a_home_that_cannot_be_made_is_told(run, tmp_path: Path):
    (tmp_path / "file").write_text("")
    assert "--home" in one_line(run("due", at=tmp_path / "file" / "home"), 3)


@pytest.fixture
def read_only(home: Path):
    """Runs a command as someone who may read the home and write nothing in it (root may write anywhere)."""

    def go(*args: str) -> SimpleNamespace:
        home.chmod(0o555)
        for path in home.rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run(
            [sys.executable, "-m", "studyapp", "--home", str(home), *args],
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=_no_more_than_others,
        )
        return SimpleNamespace(code=done.returncode, out=done.stdout, err=done.stderr)

    yield go
    home.chmod(0o755)
    for path in home.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_read_only_home_is_told_and_unchanged(read_only, home: Path):
    before = (home / "study.db").read_bytes()
    for command in (
        ["answer", "one-pixel-value", "--rating", "good"],
        ["config", "set", "minutes", "20"],
        ["study", "--plain"],
        ["backup"],
    ):
        assert "writ" in one_line(read_only(*command), 3)
    assert (home / "study.db").read_bytes() == before


@pytest.mark.parametrize("command", [[], ["study"], ["quiz"], ["lab", "run", "patchify", "--seed", "1"]])
def test_no_terminal_is_one_line_that_says_what_to_use(run, command):
    assert "not a terminal; use " in one_line(run(*command), 2)


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_draw_is_one_line(home: Path, term: str):
    master, slave = pty.openpty()
    try:
        command = [sys.executable, "-m", "studyapp", "--home", str(home)]
        done = subprocess.run(
            command, stdin=slave, stdout=slave, stderr=subprocess.PIPE, text=True, env={**os.environ, "TERM": term}, timeout=60, check=False
        )
    finally:
        os.close(master)
        os.close(slave)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "TERM=" in done.stderr


@pytest.fixture
def without(tmp_path: Path):
    """An environment in which these modules are not installed."""

    def go(*modules: str) -> dict[str, str]:
        folder = tmp_path / "blocked"
        folder.mkdir(exist_ok=True)
        (folder / "sitecustomize.py").write_text(
            f"""
from importlib.machinery import PathFinder
find = PathFinder.find_spec
def find_spec(cls, name, path=None, target=None):
    return None if name.partition(".")[0] in {modules!r} else find(name, path, target)
PathFinder.find_spec = classmethod(find_spec)
"""
        )
        return {"PYTHONPATH": str(folder)}

    return go


def test_without_torch_a_lab_that_needs_it_is_one_line_and_the_rest_works(run, without):
    env = without("torch")
    done = run("lab", "start", "patchify", "--seed", "7", "--backend", "tiny", "--json", env=env)
    assert done.code == 3
    assert "Traceback" not in done.err
    assert "install" in done.err.splitlines()[-1]
    assert run("lab", "list", "--json", env=env).json()["labs"][0]["state"] == "needs-runtime"
    assert run("due", "--json", env=env).code == 0
    assert run("lab", "plan", "patchify", "--seed", "7", env=env).code == 0


def test_without_torch_the_way_out_is_named_only_where_a_lab_has_it(run, without):
    backends = {lab["id"]: lab["backends"] for lab in run("lab", "list", "--json").json()["labs"]}
    assert "none" in backends["patchify"]
    assert "none" not in backends["clip-zero-shot"]
    for lab in ("patchify", "clip-zero-shot"):
        done = run("lab", "start", lab, "--seed", "7", "--backend", "tiny", env=without("torch"))
        assert done.code == 3
        assert ("--backend none" in done.err) == ("none" in backends[lab])


def test_without_torch_arithmetic_is_still_played(run, without, tmp_path: Path):
    (tmp_path / "a.json").write_text('{"q1": 1}')
    env = without("torch", "transformers", "numpy")
    done = run("lab", "run", "patchify", "--seed", "7", "--backend", "none", "--answers", str(tmp_path / "a.json"), "--json", env=env)
    assert (done.code, done.json()["verdicts"][0]["outcome"]) == (1, "wrong"), done.err


def test_a_full_disk_is_one_line_and_nothing_is_lost(run, home: Path, tmp_path: Path):
    """A database that may not grow is what a full disk is to SQLite."""
    run("answer", "one-pixel-value", "--rating", "good")
    code = f"""
import sys, sqlite3
import studyapp.store.db as db
real = db.connect
def full(*args, **options):
    conn = real(*args, **options)
    conn.execute("PRAGMA max_page_count = 1")
    conn.execute("CREATE TEMP TABLE x (y)")
    return conn
db.connect = full
import studyapp.api.study
studyapp.api.study.connect = full
sys.argv = ["studyapp", "--home", {str(home)!r}, "flag", "patch-token-name", "--note", "x" * 4000000]
from studyapp.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
    assert "disk is full" in done.stderr
    assert run("stats", "--json").json()["answers"] == 1
    assert run("log", "verify").code == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only where the system has /dev/full")
def test_output_that_cannot_be_written_is_one_line(home: Path):
    for command in ("due", "stats", "export --to jsonl -"):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "studyapp", "--home", str(home), *command.split()],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert (done.returncode, done.stderr) == (3, "studyapp: output: No space left on device\n"), command


def test_a_course_of_the_learner_s_that_is_broken_is_a_note_and_the_app_goes_on(run, home: Path):
    folder = home / "courses" / "mine"
    assert run("course", "new", str(folder)).code == 0
    section = folder / "s01.yaml"
    text = section.read_text()
    section.write_text(text.replace("kind: basic", "kind: basik", 1))
    for command in (["due", "--json"], ["next", "--json"]):
        done = run(*command)
        assert done.code == 0
        assert f"{section}:" in done.err
        assert done.err.count("\n") == 1
        assert done.json()
    check = run("course", "check", str(folder))
    assert check.code == 1
    assert f"{section}:" in check.out
    section.write_text("items: [\n")
    assert run("course", "check", str(folder), "--json").code == 1
    assert run("due").code == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text + "\n  - broken: [", ".yaml:"),
        (lambda text: text.replace("id: first-choice", "id: first-fact"), "first-fact"),
        (lambda text: text.replace("facts: [", "facts: [nosuch-fact, ", 1), "nosuch-fact"),
    ],
    ids=["malformed", "duplicate-id", "unknown-fact"],
)
def test_course_check_names_file_and_line_of_a_mistake(run, tmp_path: Path, change, said):
    folder = tmp_path / "mine"
    run("course", "new", str(folder))
    assert run("course", "check", str(folder)).code == 0
    section = folder / "s01.yaml"
    assert change(section.read_text()) != section.read_text()
    section.write_text(change(section.read_text()))
    done = run("course", "check", str(folder))
    assert done.code == 1
    assert said in done.out
    assert f"{section}:" in done.out


def test_a_folder_that_is_no_course_is_bad_input(run, tmp_path: Path):
    one_line(run("course", "check", str(tmp_path / "nothing")), 2)
    one_line(run("course", "list", str(tmp_path)), 2)


def test_an_error_that_nobody_foresaw_is_one_line_and_kept_in_a_file(home: Path):
    code = f"""
import sys, studyapp.api.study
studyapp.api.study.Study.due = lambda self: 1 / 0
sys.argv = ["studyapp", "--home", {str(home)!r}, "due"]
from studyapp.cli import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**os.environ, "STUDYAPP_HOME": str(home)}
    )
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "our mistake" in done.stderr
    assert "ZeroDivisionError" in (home / "logs" / "errors.log").read_text()


def test_a_locked_database_is_waited_for_and_then_told(run, home: Path):
    conn = sqlite3.connect(home / "study.db", isolation_level=None)
    conn.execute("BEGIN IMMEDIATE")
    try:
        assert "locked" in one_line(run("answer", "one-pixel-value", "--rating", "good"), 3)
    finally:
        conn.execute("ROLLBACK")
        conn.close()
    assert run("answer", "one-pixel-value", "--rating", "good").code == 0


def test_a_home_without_its_courses_folder_or_backups_still_works(run, home: Path):
    shutil.rmtree(home / "backups", ignore_errors=True)
    assert run("due").code == 0
