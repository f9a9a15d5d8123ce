"""What goes wrong on a learner's machine: one clear line, exit code 3, nothing lost."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.errors import EnvironmentProblem
from studyapp.memory.state import Moment
from studyapp.store import apply, replay
from studyapp.store.db import DB_NAME, StudyDb, connect, environment_problem, write


def _one_line(problem: pytest.ExceptionInfo[EnvironmentProblem], *words: str) -> None:
    text = str(problem.value)
    assert problem.value.exit_code == 3
    assert "\n" not in text
    assert all(word in text for word in words)


def test_a_database_of_a_newer_version(home: Path, empty: StudyDb) -> None:
    empty.execute("PRAGMA user_version = 99")
    with pytest.raises(EnvironmentProblem) as problem:
        connect(home)
    _one_line(problem, "newer studyapp", "format 99", DB_NAME)


@pytest.mark.parametrize("content", [b"this is not a database, " * 200, b"SQLite format 3\x00" + b"\xff" * 5000], ids=["text", "garbage"])
def test_a_file_that_is_no_database(home: Path, content: bytes) -> None:
    home.mkdir()
    (home / DB_NAME).write_bytes(content)
    with pytest.raises(EnvironmentProblem) as problem:
        connect(home)
    _one_line(problem, DB_NAME)
    assert (home / DB_NAME).read_bytes() == content


def test_another_program_s_database_is_not_touched(home: Path) -> None:
    home.mkdir()
    other = sqlite3.connect(home / DB_NAME)
    other.execute("CREATE TABLE notes (text)")
    other.close()
    content = (home / DB_NAME).read_bytes()
    with pytest.raises(EnvironmentProblem) as problem:
        connect(home)
    _one_line(problem, "not a studyapp database")
    assert (home / DB_NAME).read_bytes() == content


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(EnvironmentProblem) as problem:
        connect(tmp_path / "home")
    _one_line(problem, "--home")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs another user or file modes of POSIX")
@pytest.mark.parametrize("state", ["missing", "empty", "used"])
def test_a_read_only_home(state: str) -> None:
    """Run as an unprivileged user, since root may write anywhere."""
    code = """
import os, sys
from pathlib import Path
from studyapp.errors import EnvironmentProblem
from studyapp.memory.state import Moment
from studyapp.store import apply, db, schedule, undo, replay, content, settings_store  # while the modules can be read
home = Path(sys.argv[1])
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    conn = db.connect(home)
    apply.record(conn, "suspend", "c:item-1", {}, Moment(1, 0))
except EnvironmentProblem as problem:
    print(problem)
    sys.exit(problem.exit_code)
"""
    # Not under pytest's own folder, which no other user may enter.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        home = folder / "home"
        if state != "missing":
            home.mkdir()
        if state == "used":
            connect(home).close()
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run([sys.executable, "-c", code, str(home)], capture_output=True, text=True, check=False)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(stat.S_IRWXU)
    assert (done.returncode, done.stderr) == (3, "")
    assert str(home) in done.stdout
    assert "--home" in done.stdout
    assert done.stdout.count("\n") == 1


def test_a_full_disk_loses_only_the_answer_that_did_not_fit(conn: StudyDb, answer: Callable[..., object]) -> None:
    conn.execute(f"PRAGMA max_page_count = {conn.execute('PRAGMA page_count').fetchone()[0]}")
    stored = 0

    def answer_on() -> None:
        nonlocal stored
        while True:
            answer(2, value="x" * 3000)
            stored += 1

    with pytest.raises(EnvironmentProblem) as problem:
        answer_on()
    _one_line(problem, "disk is full", "everything saved before is safe")
    assert not conn.in_transaction
    assert conn.execute("SELECT count(*) FROM events").fetchone()[0] == stored
    assert replay.verify(conn) == []
    conn.execute("PRAGMA max_page_count = 1000000")
    answer(3)
    assert replay.verify(conn) == []


def test_a_database_that_another_process_keeps_locked(home: Path, conn: StudyDb) -> None:
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE'); "
        "print('locked', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(home / DB_NAME)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "locked\n"
    waiting = connect(home, busy_ms=100)
    with pytest.raises(EnvironmentProblem) as problem:
        apply.record(waiting, "suspend", "c:item-1", {}, Moment(1, 0))
    _one_line(problem, "another program")
    child.communicate("")
    apply.record(waiting, "suspend", "c:item-1", {}, Moment(1, 0))
    waiting.close()


def test_the_wait_for_a_lock_is_five_seconds(empty: StudyDb) -> None:
    assert empty.execute("PRAGMA busy_timeout").fetchone()[0] == 5000


def test_a_damaged_page_is_one_clear_line(home: Path, conn: StudyDb, answer: Callable[..., object]) -> None:
    answer(1)
    root = conn.execute("SELECT rootpage FROM sqlite_master WHERE name = 'schedule'").fetchone()[0]
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()
    with (home / DB_NAME).open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    damaged = connect(home)
    with pytest.raises(EnvironmentProblem) as problem:
        apply.record(damaged, "suspend", "c:item-1", {}, Moment(1, 0))
    _one_line(problem, "damaged", "studyapp restore")
    assert any(line.startswith("database:") for line in replay.verify(damaged))
    damaged.close()


def test_a_defect_of_ours_is_not_blamed_on_the_machine(empty: StudyDb) -> None:
    with pytest.raises(sqlite3.OperationalError) as error, write(empty):
        empty.execute("SELECT * FROM no_such_table")
    assert environment_problem(error.value, Path("x")) is None
    assert not empty.in_transaction


_LEARNER = """
import sys
from pathlib import Path
from studyapp.memory.state import Moment
from studyapp.store import apply
from studyapp.store.db import connect, reserve
conn = connect(Path(sys.argv[1]))
reserve(conn)
n = 0
while True:
    n += 1
    apply.record(conn, "answer", f"c:item-{n % 10}", {"rating": 3, "seconds": 1}, Moment(1_760_100_000_000 + n * 60_000, 120))
    print(n, flush=True)
"""


def test_kill_9_loses_no_acknowledged_answer(home: Path, conn: StudyDb) -> None:
    conn.close()
    child = subprocess.Popen([sys.executable, "-c", _LEARNER, str(home)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) == 60:
            break
    child.kill()
    acknowledged = 60 + len(child.stdout.read().split("\n")) - 1
    child.wait()
    found = connect(home)
    answers = found.execute("SELECT count(*) FROM events WHERE kind = 'answer'").fetchone()[0]
    assert acknowledged <= answers <= acknowledged + 1
    assert found.execute("SELECT sum(answers) FROM days").fetchone()[0] == answers
    assert replay.verify(found) == []
    found.close()
