"""Opening, creating, sharing and migrating the database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from studyapp.errors import EnvironmentProblem
from studyapp.memory.state import Moment
from studyapp.store import apply, db, replay, schema
from studyapp.store.db import DB_NAME, StudyDb, connect, reserve, write, write_lightly


def test_a_new_database_is_wal_full_strict_and_knows_its_device(empty: StudyDb) -> None:
    assert empty.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert empty.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert empty.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    tables = empty.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").fetchall()
    ours = {name: strict for name, strict in tables if not name.startswith(("sqlite_", "_sqlite", "item_text"))}
    assert set(schema.DERIVED_TABLES) < set(ours)
    assert all(ours.values())
    assert len(empty.execute("SELECT value FROM meta WHERE name = 'device'").fetchone()[0]) == 12


def test_migrations_are_recorded_by_sqlite_utils(empty: StudyDb) -> None:
    recorded = [row[0] for row in empty.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
    assert recorded == [name for name, _ in schema.STEPS]
    assert len(schema.STEPS) == db.SCHEMA_VERSION


def test_a_failing_migration_leaves_the_old_database_as_it_was(home: Path, empty: StudyDb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, ("9999_bad", ("CREATE TABLE extra (n INTEGER) STRICT", "no such statement"))))
    before = db.SCHEMA_VERSION
    monkeypatch.setattr(db, "SCHEMA_VERSION", before + 1)
    with pytest.raises(sqlite3.OperationalError):
        connect(home)
    assert empty.execute("PRAGMA user_version").fetchone()[0] == before
    assert empty.execute("SELECT 1 FROM sqlite_master WHERE name = 'extra'").fetchone() is None


def test_a_migration_runs_once_and_after_a_backup(home: Path, empty: StudyDb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, ("9999_good", ("CREATE TABLE extra (n INTEGER) STRICT",))))
    before = db.SCHEMA_VERSION
    monkeypatch.setattr(db, "SCHEMA_VERSION", before + 1)
    monkeypatch.setattr("studyapp.store.backup.SCHEMA_VERSION", before + 1)
    for _ in range(2):
        again = connect(home)
        assert again.execute("SELECT count(*) FROM extra").fetchone()[0] == 0
        again.close()
    kept = home / "backups" / f"study-format-{before}.db"
    copy = sqlite3.connect(kept)
    assert copy.execute("PRAGMA user_version").fetchone()[0] == before
    copy.close()


@pytest.mark.parametrize("version", range(1, db.SCHEMA_VERSION))
def test_a_database_of_every_older_version_opens_with_its_history(version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as then:
        then.setattr(schema, "STEPS", schema.STEPS[:version])
        then.setattr(db, "SCHEMA_VERSION", version)
        old = connect(tmp_path)
        apply.record(old, "setting", None, {"name": "theme", "value": "light"}, Moment(1_760_000_000_000, 0))
        old.close()
    conn = connect(tmp_path)
    assert conn.execute("SELECT name, value FROM settings").fetchall() == [("theme", '"light"')]
    assert replay.verify(conn) == []
    assert conn.execute("PRAGMA user_version").fetchone()[0] == db.SCHEMA_VERSION
    conn.close()


def test_opening_an_existing_database_does_not_import_sqlite_utils(home: Path, empty: StudyDb) -> None:
    code = (
        "import sys; from pathlib import Path; from studyapp.store import db, schedule, settings_store; "
        "conn = db.connect(Path(sys.argv[1])); settings_store.memory_settings(conn); "
        "print([m for m in ('sqlite_utils', 'fsrs_rs_python', 'uuid', 'difflib', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(home)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_two_processes_may_create_the_database_at_once(home: Path) -> None:
    code = "import sys; from pathlib import Path; from studyapp.store.db import connect; connect(Path(sys.argv[1])).close()"
    children = [subprocess.Popen([sys.executable, "-c", code, str(home)], stderr=subprocess.PIPE, text=True) for _ in range(4)]
    outcomes = [(child.communicate()[1], child.returncode) for child in children]
    assert outcomes == [("", 0)] * 4
    conn = connect(home)
    assert conn.execute("SELECT count(*) FROM meta").fetchone()[0] == 1
    conn.close()


def test_without_create_a_missing_database_is_one_clear_line(home: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="no study database here yet"):
        connect(home, create=False)
    assert not home.exists()


def _fail_after_writing(conn: StudyDb) -> None:
    with write(conn):
        with write(conn):
            conn.execute("INSERT INTO local VALUES ('a', '1')")
        assert conn.in_transaction
        raise ZeroDivisionError


def test_an_error_inside_a_write_undoes_all_of_it_and_of_those_that_joined(empty: StudyDb) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail_after_writing(empty)
    assert not empty.in_transaction
    assert empty.execute("SELECT count(*) FROM local").fetchone()[0] == 0


def test_a_light_write_is_stored_and_leaves_full_safety_on(empty: StudyDb) -> None:
    with write_lightly(empty):
        empty.execute("INSERT INTO local VALUES ('a', '1')")
    with write(empty), write_lightly(empty):
        empty.execute("INSERT INTO local VALUES ('b', '1')")
    with pytest.raises(ZeroDivisionError), write_lightly(empty):
        raise ZeroDivisionError
    assert empty.execute("SELECT count(*) FROM local").fetchone()[0] == 2
    assert empty.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_three_writers_lose_nothing(home: Path, empty: StudyDb) -> None:
    def write_some(name: str) -> None:
        conn = connect(home)
        for n in range(20):
            with write(conn):
                conn.execute("INSERT INTO local VALUES (?, '1')", (f"{name}{n}",))
        conn.close()

    threads = [threading.Thread(target=write_some, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert empty.execute("SELECT count(*) FROM local").fetchone()[0] == 60


def test_what_is_remembered_is_forgotten_when_another_connection_writes(home: Path, empty: StudyDb) -> None:
    empty.memo["x"] = 1
    assert "x" in empty.memo
    other = connect(home)
    with write(other):
        other.execute("INSERT INTO local VALUES ('a', '1')")
    other.close()
    assert "x" not in empty.memo


def test_reserving_the_log_keeps_every_row_and_the_file_size(home: Path, empty: StudyDb) -> None:
    wal = home / f"{DB_NAME}-wal"
    with write(empty):
        empty.execute("INSERT INTO local VALUES ('before', '1')")
    reserve(empty)
    size = wal.stat().st_size
    assert size >= 4_000_000
    for n in range(50):
        with write(empty):
            empty.execute("INSERT INTO local VALUES (?, '1')", (f"n{n}",))
    reserve(empty)
    assert wal.stat().st_size == size
    # What a process that finds the files after a crash would see.
    (home.parent / "crashed").mkdir()
    for name in (DB_NAME, f"{DB_NAME}-wal"):
        (home.parent / "crashed" / name).write_bytes((home / name).read_bytes())
    found = connect(home.parent / "crashed")
    assert found.execute("SELECT count(*) FROM local").fetchone()[0] == 51
    assert found.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    found.close()
