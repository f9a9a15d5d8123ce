"""Open the database safely, write in one transaction at a time, and turn SQLite's errors into one clear line.

WAL with synchronous=FULL: a committed answer survives `kill -9` and a power cut. Every write begins with BEGIN IMMEDIATE, because
a deferred transaction that turns into a writer fails "database is locked" instead of waiting for its turn.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Any

from studyapp.errors import EnvironmentProblem

DB_NAME = "study.db"
APPLICATION_ID = 0x5374_4170  # marks the file as ours, so that another program's database is never touched
SCHEMA_VERSION = 4  # the number of steps in schema.STEPS
BUSY_MS = 5000
_CHECKPOINT_PAGES = 1000  # the write-ahead log begins anew after so many; SQLite's default
_FRAME_BYTES = 4096 + 24
_CHUNK_BYTES = 1 << 18

_OTHER_HOME = "or name another folder with --home or STUDYAPP_HOME"
_READ_ONLY = f"cannot be written: make the folder and its files writable {_OTHER_HOME}"
# By SQLite's primary result code, https://www.sqlite.org/rescode.html
_REASONS = {
    sqlite3.SQLITE_BUSY: "is in use by another program, which kept it locked: close that one, then try again",
    sqlite3.SQLITE_LOCKED: "is in use by another program, which kept it locked: close that one, then try again",
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: f"cannot be opened or written: check the permissions of its folder {_OTHER_HOME}",
    sqlite3.SQLITE_FULL: "cannot grow, the disk is full: free some space and try again (everything saved before is safe)",
    sqlite3.SQLITE_IOERR: f"cannot be read or written, the disk reports an error: check the disk {_OTHER_HOME}",
    sqlite3.SQLITE_CORRUPT: "is damaged: bring back a backup with `studyapp restore FILE` (they are in the folder backups beside it)",
    sqlite3.SQLITE_NOTADB: f"is not a studyapp database: move that file away {_OTHER_HOME}",
}


class StudyDb(sqlite3.Connection):
    """A connection that knows its data folder, and remembers what would otherwise be read again for every answer."""

    home: Path
    _memo: dict[str, Any]
    _memo_version: int = -1

    @property
    def memo(self) -> dict[str, Any]:
        """Facts read from the database (chain head, settings, ...), forgotten as soon as another connection has written."""
        if not self.in_transaction:
            self.check_memo()
        return self._memo

    def check_memo(self) -> None:
        version = self.execute("PRAGMA data_version").fetchone()[0]
        if version != self._memo_version:
            self._memo = {}
            self._memo_version = version

    def forget(self) -> None:
        """Drop what is remembered, after a rollback or a rebuild."""
        self._memo = {}


def connect(home: Path, *, create: bool = True, busy_ms: int = BUSY_MS) -> StudyDb:
    """Open `home`/study.db, making or migrating it where that is due.

    Raises EnvironmentProblem (one line): no database and `create` is off, a newer version's, not a database, not writable, damaged.
    """
    path = home / DB_NAME
    try:
        if not path.exists():
            if not create:
                raise EnvironmentProblem(f"{home}: no study database here yet: start `studyapp` once, {_OTHER_HOME}")
            home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblem(
            f"{home}: {error.strerror or error}: choose a folder you may write to with --home or STUDYAPP_HOME"
        ) from error
    try:
        conn = sqlite3.connect(path, timeout=busy_ms / 1000, isolation_level=None, factory=StudyDb, cached_statements=256)
    except sqlite3.Error as error:
        raise (environment_problem(error, path) or error) from error
    conn.home = home
    conn.forget()
    try:
        _prepare(conn, path)
    except BaseException as error:
        conn.close()
        problem = environment_problem(error, path) if isinstance(error, sqlite3.Error) else None
        if problem is None:
            raise
        raise problem from error
    return conn


def environment_problem(error: sqlite3.Error, path: Path) -> EnvironmentProblem | None:
    """The line to show for an error that the machine caused; None for one that is a defect of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    reason = None if code is None else _REASONS.get(code & 0xFF)
    return None if reason is None else EnvironmentProblem(f"{path}: {reason}")


def _prepare(conn: StudyDb, path: Path) -> None:
    version = conn.execute("PRAGMA user_version").fetchone()[0]
    application = conn.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID and (version or conn.execute("SELECT 1 FROM sqlite_master").fetchone()):
        raise EnvironmentProblem(f"{path}: {_REASONS[sqlite3.SQLITE_NOTADB]}")
    if version > SCHEMA_VERSION:
        raise EnvironmentProblem(
            f"{path}: written by a newer studyapp (format {version}, this one knows {SCHEMA_VERSION}): upgrade studyapp, {_OTHER_HOME}"
        )
    if conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA cache_size = -8000")  # KiB; the default holds too little of a large collection's indexes
    conn.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    if version < SCHEMA_VERSION:
        _migrate(conn, version)


def _migrate(conn: StudyDb, version: int) -> None:
    # Imported only when a migration is due: sqlite-utils is slow to import, and so is a backup to make.
    from studyapp.store import schema

    if version:
        from studyapp.store.backup import before_migration

        before_migration(conn, version)
    with write(conn):
        if conn.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:  # another process may have been faster
            schema.migrate(conn)
            conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def reserve(conn: StudyDb) -> None:
    """Before a session: give the write-ahead log its full size, so that no answer has to wait for the file to grow.

    Growing a file costs the disk a second write, of its size, for every answer: about a quarter of the time of a save.
    Best effort; a full disk or an odd file system is no reason not to study.
    """
    wal = conn.home / f"{DB_NAME}-wal"
    with write(conn):  # with the lock no other process adds to the file; and SQLite ignores what lies behind its last frame
        try:
            with wal.open("r+b", buffering=0) as file:
                for _ in range(file.seek(0, os.SEEK_END), _CHECKPOINT_PAGES * _FRAME_BYTES, _CHUNK_BYTES):
                    file.write(bytes(_CHUNK_BYTES))
                os.fsync(file.fileno())
        except OSError:
            return


class write:
    """`with write(conn):` one durable transaction; inside another it joins that one.

    Raises EnvironmentProblem where the machine refuses (locked for 5 s, disk full, read-only); then nothing of it is stored.
    """

    __slots__ = ("conn", "joined")

    def __init__(self, conn: StudyDb) -> None:
        self.conn = conn
        self.joined = False

    def __enter__(self) -> StudyDb:
        conn = self.conn
        if conn.in_transaction:
            self.joined = True
            return conn
        try:
            conn.execute("BEGIN IMMEDIATE")
            conn.check_memo()
        except sqlite3.Error as error:
            self._roll_back(error)
            raise
        return conn

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.joined:
            return
        if error is not None:
            self._roll_back(error)
            return
        try:
            self.conn.execute("COMMIT")
        except sqlite3.Error as failure:
            self._roll_back(failure)
            raise

    def _roll_back(self, error: BaseException) -> None:
        """Undo the transaction; raises the error as one clear line where the machine caused it."""
        self.conn.forget()
        if self.conn.in_transaction:  # SQLite itself rolls back after some errors
            self.conn.execute("ROLLBACK")
        if isinstance(error, sqlite3.Error):
            problem = environment_problem(error, self.conn.home / DB_NAME)
            if problem is not None:
                raise problem from error


class write_lightly(write):
    """Like `write` without waiting for the disk: for local state that may be a moment old after a power cut."""

    __slots__ = ()

    def __enter__(self) -> StudyDb:
        if self.conn.in_transaction:
            return super().__enter__()
        self.conn.execute("PRAGMA synchronous = NORMAL")
        try:
            return super().__enter__()
        except BaseException:
            self.conn.execute("PRAGMA synchronous = FULL")
            raise

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            super().__exit__(kind, error, trace)
        finally:
            if not self.joined:
                self.conn.execute("PRAGMA synchronous = FULL")
