"""The tables, as recorded migration steps (applied by sqlite-utils, each in the opening transaction).

What is written where: `events` only by `log`; the derived tables only by `apply`, `views` and `replay`;
the content cache by `content`; `meta`, `pending`, `local` are this machine's own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from studyapp.store.db import StudyDb

_LOG = (
    # Rows are appended in chain order. There is deliberately no index by item or uuid: `schedule.log` lists an item's rows,
    # and each index would cost every answer another page to write.
    """CREATE TABLE events (
        seq INTEGER PRIMARY KEY,
        uuid TEXT NOT NULL,
        device TEXT NOT NULL,
        utc_ms INTEGER NOT NULL,
        offset_min INTEGER NOT NULL,
        kind TEXT NOT NULL,
        item TEXT,
        payload TEXT NOT NULL,
        model_version TEXT NOT NULL,
        prev TEXT NOT NULL,
        hash TEXT NOT NULL,
        before TEXT,
        before_crc INTEGER
    ) STRICT""",
    "CREATE INDEX events_setting ON events (utc_ms, uuid) WHERE kind = 'setting'",
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END",
)

_DERIVED = (
    # One row an item: where it stands, and everything else the log says about it. The first columns come from the content.
    """CREATE TABLE schedule (
        item TEXT NOT NULL PRIMARY KEY,
        section TEXT NOT NULL DEFAULT '',
        position INTEGER NOT NULL DEFAULT 0,
        grp TEXT,
        live INTEGER NOT NULL DEFAULT 0,
        held INTEGER NOT NULL DEFAULT 0,
        phase INTEGER NOT NULL DEFAULT 0,
        step INTEGER NOT NULL DEFAULT 0,
        s REAL,
        d REAL,
        last_ms INTEGER,
        last_day INTEGER,
        due_ms INTEGER,
        due_day INTEGER,
        interval INTEGER NOT NULL DEFAULT 0,
        reps INTEGER NOT NULL DEFAULT 0,
        lapses INTEGER NOT NULL DEFAULT 0,
        suspended INTEGER NOT NULL DEFAULT 0,
        intro_day INTEGER,
        traps TEXT,
        flags TEXT,
        log BLOB NOT NULL DEFAULT x'',
        active INTEGER NOT NULL DEFAULT 0,
        band INTEGER
    ) STRICT, WITHOUT ROWID""",
    # What the condition of an index names is in its columns too: only then does SQLite answer from the index alone.
    "CREATE INDEX schedule_learning ON schedule (due_ms, last_day, phase, active) WHERE active = 1 AND phase IN (1, 3)",
    "CREATE INDEX schedule_review ON schedule (band, last_day, s, due_day, phase, active) WHERE active = 1 AND phase = 2",
    "CREATE INDEX schedule_new ON schedule (position, phase, active) WHERE active = 1 AND phase = 0",
    "CREATE INDEX schedule_section ON schedule (section, position)",
    "CREATE INDEX schedule_group ON schedule (grp, intro_day) WHERE grp IS NOT NULL",
    # `due` counts the active items in review whose day it is; the other columns add up what was done on that study day.
    """CREATE TABLE days (
        day INTEGER PRIMARY KEY,
        due INTEGER NOT NULL DEFAULT 0,
        answers INTEGER NOT NULL DEFAULT 0,
        introduced INTEGER NOT NULL DEFAULT 0,
        reviewed INTEGER NOT NULL DEFAULT 0,
        again INTEGER NOT NULL DEFAULT 0,
        hard INTEGER NOT NULL DEFAULT 0,
        good INTEGER NOT NULL DEFAULT 0,
        easy INTEGER NOT NULL DEFAULT 0,
        young INTEGER NOT NULL DEFAULT 0,
        young_recalled INTEGER NOT NULL DEFAULT 0,
        mature INTEGER NOT NULL DEFAULT 0,
        mature_recalled INTEGER NOT NULL DEFAULT 0,
        drills INTEGER NOT NULL DEFAULT 0,
        practice INTEGER NOT NULL DEFAULT 0,
        ms INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    """CREATE TABLE calibration (
        confidence INTEGER PRIMARY KEY,
        answers INTEGER NOT NULL DEFAULT 0,
        hits INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    """CREATE TABLE settings (
        name TEXT NOT NULL,
        device TEXT NOT NULL,
        value TEXT NOT NULL,
        utc_ms INTEGER NOT NULL,
        uuid TEXT NOT NULL,
        PRIMARY KEY (name, device)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE aliases (old TEXT NOT NULL PRIMARY KEY, new TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE undone (target TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID",
    """CREATE TABLE quizzes (
        quiz TEXT NOT NULL PRIMARY KEY,
        name TEXT,
        started_ms INTEGER,
        ended_ms INTEGER,
        details TEXT,
        result TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE quiz_answers (
        quiz TEXT NOT NULL,
        uuid TEXT NOT NULL,
        item TEXT NOT NULL,
        kind TEXT NOT NULL,
        utc_ms INTEGER NOT NULL,
        payload TEXT NOT NULL,
        PRIMARY KEY (quiz, uuid)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE lab_runs (
        run TEXT NOT NULL PRIMARY KEY,
        lab TEXT,
        device TEXT,
        status TEXT NOT NULL DEFAULT 'running',
        status_ms INTEGER NOT NULL DEFAULT 0,
        status_uuid TEXT NOT NULL DEFAULT '',
        stage INTEGER,
        started_ms INTEGER,
        ended_ms INTEGER,
        details TEXT,
        result TEXT
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE lab_answers (
        run TEXT NOT NULL,
        q TEXT NOT NULL,
        practice INTEGER NOT NULL,
        stage INTEGER,
        answer TEXT NOT NULL,
        utc_ms INTEGER NOT NULL,
        uuid TEXT NOT NULL,
        PRIMARY KEY (run, q, practice)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE lab_verdicts (
        run TEXT NOT NULL,
        q TEXT NOT NULL,
        practice INTEGER NOT NULL,
        lab TEXT,
        item TEXT,
        outcome TEXT,
        trap TEXT,
        verdict TEXT NOT NULL,
        utc_ms INTEGER NOT NULL,
        uuid TEXT NOT NULL,
        PRIMARY KEY (run, q, practice)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE lab_files (
        run TEXT NOT NULL,
        role TEXT NOT NULL,
        name TEXT NOT NULL,
        file TEXT NOT NULL,
        details TEXT,
        utc_ms INTEGER NOT NULL,
        uuid TEXT NOT NULL,
        PRIMARY KEY (run, role, name)
    ) STRICT, WITHOUT ROWID""",
)

_CONTENT = (
    """CREATE TABLE courses (
        course TEXT NOT NULL PRIMARY KEY,
        directory TEXT NOT NULL,
        info TEXT NOT NULL,
        signature TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE items (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        course TEXT NOT NULL,
        short TEXT NOT NULL,
        section TEXT NOT NULL,
        position INTEGER NOT NULL,
        live INTEGER NOT NULL,
        digest TEXT NOT NULL,
        row TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX items_short ON items (short)",
    "CREATE INDEX items_section ON items (course, section, position)",
    "CREATE TABLE siblings (item TEXT NOT NULL, sibling TEXT NOT NULL, PRIMARY KEY (item, sibling)) STRICT, WITHOUT ROWID",
    "CREATE VIRTUAL TABLE item_text USING fts5 (ask, answer, why, tokenize = 'unicode61 remove_diacritics 2')",
)

_LOCAL = (
    "CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE pending (item TEXT NOT NULL PRIMARY KEY, draw TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE local (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
)

# Pairs of items that the learner said are two different cards, so that nobody asks again whether one is the other renamed.
_NOT_SAME = ("CREATE TABLE not_same (old TEXT NOT NULL, new TEXT NOT NULL, PRIMARY KEY (old, new)) STRICT, WITHOUT ROWID",)

# What the learner decided against a judge of free text, as told by the answers' `disputes`.
_DISPUTES = (
    """CREATE TABLE disputes (
        item TEXT NOT NULL,
        uuid TEXT NOT NULL,
        place INTEGER NOT NULL,
        utc_ms INTEGER NOT NULL,
        about TEXT NOT NULL,
        text TEXT NOT NULL,
        wording TEXT NOT NULL,
        answer TEXT NOT NULL,
        proposed TEXT NOT NULL,
        decided TEXT NOT NULL,
        PRIMARY KEY (item, uuid, place)
    ) STRICT, WITHOUT ROWID""",
)

# Items that were missed by a learner who was sure: served before all others from study day `owed_day` on (see store/owed.py).
_OWED = (
    "ALTER TABLE schedule ADD COLUMN owed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE schedule ADD COLUMN owed_day INTEGER",
    "CREATE INDEX schedule_owed ON schedule (owed_day, owed, active) WHERE active = 1 AND owed > 0",
)

# Appended to, never edited: what users have on disk was made by these.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("0001_first_tables", _LOG + _DERIVED + _CONTENT + _LOCAL),
    ("0002_not_same", _NOT_SAME),
    ("0003_disputes", _DISPUTES),
    ("0004_owed", _OWED),
)

HELD_KIND = "lab"  # of items that are not served as new: they join the schedule when their lab is played

DERIVED_TABLES = (
    "schedule",
    "days",
    "calibration",
    "settings",
    "aliases",
    "not_same",
    "undone",
    "quizzes",
    "quiz_answers",
    "disputes",
    "lab_runs",
    "lab_answers",
    "lab_verdicts",
    "lab_files",
)


def migrate(conn: StudyDb) -> None:
    """Apply and record the steps that this database lacks, inside the caller's transaction."""
    with _unseen("numpy", "pandas"):
        from sqlite_utils import Database, Migrations

    migrations = Migrations("studyapp.store")
    for name, statements in STEPS:

        def step(database: Database, statements: tuple[str, ...] = statements) -> None:
            for statement in statements:
                conn.execute(statement)

        migrations(name=name)(step)
    migrations.apply(Database(conn, recursive_triggers=False, execute_plugins=False))
    # 48 random bits tell a learner's few devices apart.
    conn.execute("INSERT OR IGNORE INTO meta VALUES ('device', ?)", (os.urandom(6).hex(),))


@contextmanager
def _unseen(*modules: str) -> Iterator[None]:
    """Importing sqlite-utils imports these where they are installed, to know their number types: half a second, and nothing we use."""
    hidden = [name for name in modules if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None makes an import fail, as Python's reference says
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
