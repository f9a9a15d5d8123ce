"""Backups: verified, thinned, and the way back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.memory.state import DAY_MS
from studyapp.store import apply, replay
from studyapp.store.backup import Backup, backup, backups, check, daily, restore, thinned
from studyapp.store.db import DB_NAME, StudyDb, connect, write
from studyapp.store.log import Event

Answer = Callable[..., Event]


def test_a_backup_is_one_sound_file_with_everything_in_it(conn: StudyDb, answer: Answer, clock, tmp_path: Path) -> None:
    answer(1)
    path = backup(conn, clock.now())
    assert path.name == "study-20251009T085420Z-manual.db"
    assert [found.name for found in path.parent.iterdir()] == [path.name]
    check(path)
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / DB_NAME).write_bytes(path.read_bytes())
    copy = connect(tmp_path / "copy")
    assert replay.dump(copy) == replay.dump(conn)
    assert copy.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    copy.close()


def test_two_backups_in_one_second_do_not_overwrite_each_other(conn: StudyDb, clock) -> None:
    now = clock.now()
    assert len({backup(conn, now), backup(conn, now)}) == 2
    assert len(backups(conn.home)) == 2


def test_the_daily_backup_is_made_once_a_day_and_only_if_there_is_something_to_lose(conn: StudyDb, answer: Answer, clock) -> None:
    assert daily(conn, clock.now()) is None
    answer(1)
    assert daily(conn, clock.now()) is not None
    assert daily(conn, clock.now(days=0.9)) is None
    assert daily(conn, clock.now(days=0.2)) is not None
    assert [found.reason for found in backups(conn.home)] == ["daily", "daily"]


def test_old_backups_are_thinned_by_age() -> None:
    now = datetime(2026, 6, 30, 12, tzinfo=UTC)
    found = []
    for hours in range(0, 24 * 400, 6):
        made = now - timedelta(hours=hours)
        found.append(Backup(Path(f"{made:%Y%m%dT%H%M%S}"), int(made.timestamp() * 1000), "daily"))
    dropped = {one.utc_ms for one in thinned(found, int(now.timestamp() * 1000))}
    kept = [(now - datetime.fromtimestamp(one.utc_ms / 1000, UTC)) / timedelta(days=1) for one in found if one.utc_ms not in dropped]
    assert len([age for age in kept if age <= 2]) == 9  # every six hours
    assert len([age for age in kept if 2 < age <= 14]) == 13  # the days touched by twelve times 24 hours
    assert len([age for age in kept if 14 < age <= 92]) in (12, 13)  # weeks
    assert len([age for age in kept if age > 92]) in (11, 12)  # months
    # Thinning what is left drops nothing: it does not eat into itself.
    left = [one for one in found if one.utc_ms not in dropped]
    assert thinned(left, int(now.timestamp() * 1000)) == []


def test_making_a_backup_thins_the_old_ones(conn: StudyDb, clock) -> None:
    for _ in range(4):
        backup(conn, clock.now(minutes=60))
    backup(conn, clock.now(days=20))
    assert len(backups(conn.home)) == 2


def test_a_damaged_database_makes_no_backup(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1)
    conn.execute("DROP TRIGGER events_no_update")
    conn.execute("UPDATE events SET payload = '{}'")
    with pytest.raises(EnvironmentProblem, match="no backup made"):
        backup(conn, clock.now())
    assert list((conn.home / "backups").iterdir()) == []


def test_a_full_disk_makes_no_half_backup(conn: StudyDb, clock, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sqlite3.connect

    def small(path: object, **more: object) -> sqlite3.Connection:
        opened: sqlite3.Connection = real(path, **more)  # type: ignore[call-overload]
        opened.execute("PRAGMA max_page_count = 3")
        return opened

    monkeypatch.setattr("studyapp.store.backup.sqlite3.connect", small)
    with pytest.raises(EnvironmentProblem, match="disk is full"):
        backup(conn, clock.now())
    assert list((conn.home / "backups").iterdir()) == []


def test_restore_brings_the_state_back_and_keeps_the_replaced_database(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1)
    then = replay.dump(conn)
    saved = backup(conn, clock.now())
    answer(2, 1), answer(3)
    later = replay.dump(conn)
    kept = restore(conn.home, saved, clock.now(minutes=5))
    # Also a process that has the database open goes on with what was restored.
    assert replay.dump(conn) == then
    assert kept is not None
    assert kept.parent == conn.home
    replaced = sqlite3.connect(kept, factory=StudyDb)
    assert replay.dump(replaced) == later
    replaced.close()
    apply.record(conn, "answer", "c:item-4", {"rating": 3}, clock.now())
    assert replay.verify(conn) == []


def test_restore_into_an_empty_home(conn: StudyDb, answer: Answer, clock, tmp_path: Path) -> None:
    answer(1)
    saved = backup(conn, clock.now())
    assert restore(tmp_path / "new", saved, clock.now()) is None
    found = connect(tmp_path / "new")
    assert replay.dump(found) == replay.dump(conn)
    found.close()


def test_restore_over_a_file_that_is_no_database_keeps_that_file(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1)
    saved = backup(conn, clock.now())
    state = replay.dump(conn)
    conn.close()
    for end in ("-wal", "-shm"):
        (conn.home / f"{DB_NAME}{end}").unlink(missing_ok=True)
    (conn.home / DB_NAME).write_bytes(b"garbage" * 1000)
    kept = restore(conn.home, saved, clock.now())
    assert kept is not None
    assert kept.read_bytes() == b"garbage" * 1000
    found = connect(conn.home)
    assert replay.dump(found) == state
    found.close()


def test_only_a_sound_study_database_of_this_version_is_restored(conn: StudyDb, answer: Answer, clock, tmp_path: Path) -> None:
    answer(1)
    state = replay.dump(conn)
    saved = backup(conn, clock.now())

    def variant(name: str, *statements: str) -> Path:
        path = tmp_path / name
        path.write_bytes(saved.read_bytes())
        changed = sqlite3.connect(path, isolation_level=None)
        for statement in statements:
            changed.execute(statement)
        changed.close()
        return path

    (tmp_path / "text").write_text("hello " * 1000)
    bad = {
        "no such file": tmp_path / "missing",
        "not a studyapp database": tmp_path / "text",
        "newer studyapp": variant("newer", "PRAGMA user_version = 9"),
        "damaged": variant("changed", "DROP TRIGGER events_no_update", "UPDATE events SET item = 'c:item-2'"),
    }
    for words, path in bad.items():
        with pytest.raises(BadInput, match=words) as problem:
            restore(conn.home, path, clock.now())
        assert str(path) in str(problem.value)
    assert replay.dump(conn) == state
    assert not list(conn.home.glob("*.replaced-*"))


def test_other_files_in_the_folder_are_no_backups(conn: StudyDb, clock) -> None:
    backup(conn, clock.now())
    for name in ("notes.txt", "study-format-1.db", "study-20250101T000000Z-daily.db.part"):
        (conn.home / "backups" / name).write_text("")
    assert len(backups(conn.home)) == 1
    clock.now(days=500)
    backup(conn, clock.now())
    assert (conn.home / "backups" / "study-format-1.db").exists()


def test_a_backup_can_be_made_while_another_process_writes(conn: StudyDb, answer: Answer, clock) -> None:
    answer(1)
    other = connect(conn.home)
    with write(other):
        other.execute("INSERT INTO local VALUES ('a', '1')")
        path = backup(conn, clock.now())
    other.close()
    check(path)
    assert clock.ms < 2**43
    assert DAY_MS > 0
