"""Backups: verified copies of the whole database in <home>/backups, thinned by age; and the way back."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.memory.state import DAY_MS, Moment
from studyapp.store.db import APPLICATION_ID, DB_NAME, SCHEMA_VERSION, StudyDb, connect, environment_problem
from studyapp.store.replay import check_log

_FORM = re.compile(r"study-(\d{8}T\d{6}Z)(?:-\d+)?-([a-z0-9-]+)\.db")
_STAMP = "%Y%m%dT%H%M%SZ"


class Backup(NamedTuple):
    """A backup file: when it was made, and why (`manual`, `daily`, `before-import`, ...)."""

    path: Path
    utc_ms: int
    reason: str


def backup(conn: StudyDb, now: Moment, reason: str = "manual") -> Path:
    """Make, verify and file a copy, thin out the old ones, and return its path.

    Raises EnvironmentProblem: it cannot be written, or this database is damaged (then nothing is filed).
    """
    target = _free_name(conn.home / "backups", f"study-{_stamp(now.utc_ms)}", f"-{reason}.db")
    _copy_to(conn, target)
    for old in thinned(backups(conn.home), now.utc_ms):
        old.path.unlink(missing_ok=True)
    return target


def daily(conn: StudyDb, now: Moment) -> Path | None:
    """A backup if the last one is a day old and there is anything to lose; None if none was due."""
    last = max((found.utc_ms for found in backups(conn.home)), default=None)
    if last is not None and 0 <= now.utc_ms - last < DAY_MS:
        return None
    if conn.execute("SELECT 1 FROM events LIMIT 1").fetchone() is None:
        return None
    return backup(conn, now, "daily")


def before_migration(conn: StudyDb, version: int) -> Path:
    """A copy of the database as the older version left it. It bears the version instead of a time, and is never thinned."""
    target = conn.home / "backups" / f"study-format-{version}.db"
    _copy_to(conn, target)
    return target


def backups(home: Path) -> list[Backup]:
    """The backups in a home, newest first."""
    found = []
    for path in (home / "backups").glob("study-*.db"):
        match = _FORM.fullmatch(path.name)
        if match:
            made = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, int(made.timestamp() * 1000), match[2]))
    return sorted(found, key=lambda one: (one.utc_ms, one.path.name), reverse=True)


def thinned(found: Iterable[Backup], now_ms: int) -> list[Backup]:
    """The ones to delete: kept are all of two days, then the newest of each day for two weeks, week for three months, month after that."""
    kept: set[tuple[str, object]] = set()
    dropped = []
    for one in sorted(found, key=lambda one: (one.utc_ms, one.path.name), reverse=True):
        made, age = datetime.fromtimestamp(one.utc_ms / 1000, UTC), (now_ms - one.utc_ms) / DAY_MS
        slot: tuple[str, object]
        if age <= 2:
            continue
        if age <= 14:
            slot = ("day", made.date())
        elif age <= 92:
            slot = ("week", made.isocalendar()[:2])
        else:
            slot = ("month", (made.year, made.month))
        if slot in kept:
            dropped.append(one)
        kept.add(slot)
    return dropped


def restore(home: Path, source: Path, now: Moment) -> Path | None:
    """Make a backup the database of `home`. The one it replaces is kept beside it, and its path returned (None if there was none).

    Raises BadInput if the file is no sound backup; then nothing changes.
    """
    check(source)
    path = home / DB_NAME
    kept = _free_name(home, f"{DB_NAME}.replaced-{_stamp(now.utc_ms)}", "") if path.exists() else None
    try:
        home.mkdir(parents=True, exist_ok=True)
        if kept is not None:
            _set_aside(home, kept)
        target = sqlite3.connect(path, isolation_level=None)
        original = sqlite3.connect(source)
        try:
            # Written through SQLite, in one transaction: a studyapp that has the database open sees the change.
            original.backup(target)
        finally:
            original.close()
            target.close()
        connect(home).close()  # an old backup is migrated, and WAL mode set
    except sqlite3.Error as error:
        raise (environment_problem(error, path) or error) from error
    except OSError as error:
        raise EnvironmentProblem(f"{home}: {error.strerror or error}: make the folder writable") from error
    return kept


def check(source: Path) -> None:
    """Raise BadInput unless the file is a sound study database of a version that this one can read: pages and event chain."""
    if not source.is_file():
        raise BadInput(f"{source}: no such file (backups are in the folder backups of the data folder)")
    conn = sqlite3.connect(f"file:{_quoted(source)}?mode=ro", uri=True)
    try:
        if conn.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise BadInput(f"{source}: not a studyapp database")
        if conn.execute("PRAGMA user_version").fetchone()[0] > SCHEMA_VERSION:
            raise BadInput(f"{source}: written by a newer studyapp: upgrade studyapp to restore it")
        problems = [row[0] for row in conn.execute("PRAGMA integrity_check(1)") if row[0] != "ok"] or check_log(conn)
        if problems:
            raise BadInput(f"{source}: damaged ({problems[0]}): choose another backup")
    except sqlite3.DatabaseError as error:
        raise BadInput(f"{source}: not a studyapp database, or damaged ({error}): choose another backup") from error
    finally:
        conn.close()


def _copy_to(conn: StudyDb, target: Path) -> None:
    """Copy, verify, and only then give the copy its name."""
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        copy = sqlite3.connect(part, isolation_level=None)
        try:
            conn.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        finally:
            copy.close()
        check(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except BadInput as error:
        raise EnvironmentProblem(f"{conn.home / DB_NAME}: no backup made, this database is damaged; see `studyapp log verify`") from error
    except sqlite3.Error as error:
        raise (environment_problem(error, target) or error) from error
    except OSError as error:
        raise EnvironmentProblem(f"{target.parent}: {error.strerror or error}: no backup made") from error
    finally:
        if part.exists():
            part.unlink()


def _set_aside(home: Path, kept: Path) -> None:
    """Keep the present database as `kept`: copied while it is sound, else moved away with what belongs to it."""
    try:
        conn = connect(home, create=False)
    except EnvironmentProblem:
        for suffix in ("", "-wal", "-shm"):
            part = home / f"{DB_NAME}{suffix}"
            if part.exists():
                part.rename(kept.with_name(kept.name + suffix))
        return
    copy = sqlite3.connect(kept)
    try:
        conn.backup(copy)
    finally:
        copy.close()
        conn.close()


def _free_name(folder: Path, stem: str, end: str) -> Path:
    names = (folder / f"{stem}{'' if n == 1 else f'-{n}'}{end}" for n in range(1, 1000))
    return next(path for path in names if not path.exists())


def _stamp(utc_ms: int) -> str:
    return datetime.fromtimestamp(utc_ms / 1000, UTC).strftime(_STAMP)


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(str(path.resolve()))
