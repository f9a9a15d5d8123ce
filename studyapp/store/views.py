"""The reducer of everything that does not belong to one item: settings, aliases, quizzes, lab runs.

Each handler gives the same rows in whatever order events arrive: where two of them speak of the same thing, the later in the
replay order wins. So a merged log needs no special case.

Payloads: `setting` {name, value (null = back to the default), device? (only for that device)} · `alias` {old, new} ·
`not_same` {old, new} (two cards, not one renamed) · `undo` {target} · `quiz_start` {quiz, name, ...} · `quiz_end` {quiz, ...} ·
`lab_start` {run, lab, ...} (again with the same run: resumed) ·
`lab_seal` {run, stage, answers: {q: {value, confidence, seconds, hints}}, practice?} · `lab_facts` {run, stage?, facts, pictures} ·
`lab_verdict` {run, q, lab, stage?, outcome, practice?, trap, ...} · `lab_end` {run, status, stage?, ...}.
Any lab event may hold `facts`: {key: file} and `pictures`: [{key, file, alt}]; `file` is the name that lab_runs.put_file gave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from studyapp.store.db import StudyDb
from studyapp.store.fold import Tally
from studyapp.store.log import Event, canonical

DISPUTE = ("about", "text", "wording", "answer", "proposed", "decided")
_LATER = "WHERE (excluded.utc_ms, excluded.uuid) >= (utc_ms, uuid)"


def show(conn: StudyDb, event: Event) -> None:
    """Update the views for one event; kinds of a later version are left alone."""
    handler = _HANDLERS.get(event.kind)
    if handler is not None:
        handler(conn, event, event.payload)


def show_quiz_answer(conn: StudyDb, event: Event, item: str) -> None:
    """An answer given in a quiz, for the quiz's result page."""
    conn.execute(
        "INSERT OR REPLACE INTO quiz_answers VALUES (?, ?, ?, ?, ?, ?)",
        (event.payload["quiz"], event.uuid, item, event.kind, event.utc_ms, canonical(event.payload)),
    )


def hide_quiz_answer(conn: StudyDb, event: Event) -> None:
    conn.execute("DELETE FROM quiz_answers WHERE quiz = ? AND uuid = ?", (event.payload["quiz"], event.uuid))


def show_answer(conn: StudyDb, event: Event, item: str) -> None:
    """What an answer tells beside its item's schedule: its place in a quiz, and decisions against a judge."""
    if event.payload.get("quiz") is not None:
        show_quiz_answer(conn, event, item)
    if event.payload.get("disputes"):
        show_disputes(conn, event, item)


def hide_answer(conn: StudyDb, event: Event, item: str) -> None:
    """The answer was undone."""
    if event.payload.get("quiz") is not None:
        hide_quiz_answer(conn, event)
    if event.payload.get("disputes"):
        conn.execute("DELETE FROM disputes WHERE item = ? AND uuid = ?", (item, event.uuid))


def show_disputes(conn: StudyDb, event: Event, item: str) -> None:
    """Each decision against a judge as a row."""
    conn.executemany(
        "INSERT OR REPLACE INTO disputes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (item, event.uuid, place, event.utc_ms, *(str(row.get(name) or "") for name in DISPUTE))
            for place, row in enumerate(event.payload["disputes"])
        ],
    )


def add_calibration(conn: StudyDb, tally: Tally, sign: int = 1) -> None:
    if tally.calibration:
        conn.executemany(
            "INSERT INTO calibration VALUES (?, ?, ?) ON CONFLICT (confidence)"
            " DO UPDATE SET answers = answers + excluded.answers, hits = hits + excluded.hits",
            [(confidence, sign * n, sign * hits) for confidence, (n, hits) in tally.calibration.items()],
        )


def _setting(conn: StudyDb, event: Event, payload: Mapping[str, Any]) -> None:
    conn.execute(
        "INSERT INTO settings VALUES (?, ?, ?, ?, ?) ON CONFLICT (name, device)"
        f" DO UPDATE SET value = excluded.value, utc_ms = excluded.utc_ms, uuid = excluded.uuid {_LATER}",
        (payload["name"], payload.get("device") or "", canonical(payload["value"]), event.utc_ms, event.uuid),
    )


def _alias(conn: StudyDb, event: Event, payload: Mapping[str, Any]) -> None:
    conn.execute("INSERT INTO aliases VALUES (?, ?) ON CONFLICT (old) DO UPDATE SET new = excluded.new", (payload["old"], payload["new"]))


def _not_same(conn: StudyDb, event: Event, payload: Mapping[str, Any]) -> None:
    conn.execute("INSERT OR IGNORE INTO not_same VALUES (?, ?)", (payload["old"], payload["new"]))


def _undo(conn: StudyDb, event: Event, payload: Mapping[str, Any]) -> None:
    conn.execute("INSERT OR IGNORE INTO undone VALUES (?)", (payload["target"],))


def _quiz_start(conn: StudyDb, event: Event, payload: Mapping[str, Any]) -> None:
    conn.execute(
        "INSERT INTO quizzes (quiz, name, started_ms, details) VALUES (?, ?, ?, ?) ON CONFLICT (quiz)"
        " DO UPDATE SET name = excluded.name, started_ms = excluded.started_ms, details = excluded.details",
        (payload["quiz"], payload.get("name"), event.utc_ms, canonical(payload)),
    )


def _quiz_end(conn: StudyDb, event: Event, payload: Mapping[str, Any]) -> None:
    conn.execute(
        "INSERT INTO quizzes (quiz, ended_ms, result) VALUES (?, ?, ?) ON CONFLICT (quiz)"
        " DO UPDATE SET ended_ms = excluded.ended_ms, result = excluded.result",
        (payload["quiz"], event.utc_ms, canonical(payload)),
    )


def _lab_start(conn: StudyDb, event: Event, payload: Mapping[str, Any]) -> None:
    conn.execute(
        "INSERT INTO lab_runs (run, lab, device, started_ms, details) VALUES (?, ?, ?, ?, ?) ON CONFLICT (run) DO UPDATE SET"
        " lab = excluded.lab, device = excluded.device, started_ms = min(coalesce(started_ms, excluded.started_ms), excluded.started_ms),"
        " details = iif(started_ms <= excluded.started_ms, details, excluded.details)",
        (payload["run"], payload.get("lab"), event.device, event.utc_ms, canonical(payload)),
    )
    _status(conn, event, "running")


def _lab_seal(conn: StudyDb, event: Event, payload: Mapping[str, Any]) -> None:
    conn.executemany(
        "INSERT INTO lab_answers VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, q, practice)"
        f" DO UPDATE SET stage = excluded.stage, answer = excluded.answer, utc_ms = excluded.utc_ms, uuid = excluded.uuid {_LATER}",
        [
            (payload["run"], q, bool(payload.get("practice")), payload.get("stage"), canonical(answer), event.utc_ms, event.uuid)
            for q, answer in payload["answers"].items()
        ],
    )
    _stage(conn, event)


def _lab_facts(conn: StudyDb, event: Event, payload: Mapping[str, Any]) -> None:
    files: list[tuple[str, str, str, str | None]] = [("fact", key, file, None) for key, file in (payload.get("facts") or {}).items()]
    files += [("picture", p["key"], p["file"], canonical(p)) for p in payload.get("pictures") or ()]
    conn.executemany(
        "INSERT INTO lab_files VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, role, name)"
        f" DO UPDATE SET file = excluded.file, details = excluded.details, utc_ms = excluded.utc_ms, uuid = excluded.uuid {_LATER}",
        [(payload["run"], *file, event.utc_ms, event.uuid) for file in files],
    )
    _stage(conn, event)


def _lab_verdict(conn: StudyDb, event: Event, payload: Mapping[str, Any]) -> None:
    conn.execute(
        "INSERT INTO lab_verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, q, practice)"
        " DO UPDATE SET lab = excluded.lab, item = excluded.item, outcome = excluded.outcome, trap = excluded.trap,"
        f" verdict = excluded.verdict, utc_ms = excluded.utc_ms, uuid = excluded.uuid {_LATER}",
        (
            payload["run"],
            payload["q"],
            bool(payload.get("practice")),
            payload.get("lab"),
            event.item,
            payload.get("outcome"),
            None if payload.get("trap") is None else canonical(payload["trap"]),
            canonical(payload),
            event.utc_ms,
            event.uuid,
        ),
    )
    _lab_facts(conn, event, payload)
    if event.item is None and payload.get("confidence") is not None:  # with an item, `fold` counts it
        tally = Tally()
        tally.guess(payload)
        add_calibration(conn, tally)


def _lab_end(conn: StudyDb, event: Event, payload: Mapping[str, Any]) -> None:
    _lab_facts(conn, event, payload)
    _status(conn, event, payload.get("status") or "done")


def _status(conn: StudyDb, event: Event, status: str) -> None:
    """The run's state is what the last start or end of it says."""
    ended = None if event.kind == "lab_start" else event.utc_ms
    result = None if event.kind == "lab_start" else canonical(event.payload)
    conn.execute("INSERT OR IGNORE INTO lab_runs (run) VALUES (?)", (event.payload["run"],))
    conn.execute(
        "UPDATE lab_runs SET status = ?, status_ms = ?, status_uuid = ?, ended_ms = ?, result = ?"
        " WHERE run = ? AND (?, ?) >= (status_ms, status_uuid)",
        (status, event.utc_ms, event.uuid, ended, result, event.payload["run"], *event.place),
    )
    _stage(conn, event)


def _stage(conn: StudyDb, event: Event) -> None:
    """How far the run has come."""
    stage = event.payload.get("stage")
    if stage is not None:
        conn.execute("INSERT OR IGNORE INTO lab_runs (run) VALUES (?)", (event.payload["run"],))
        conn.execute("UPDATE lab_runs SET stage = max(coalesce(stage, ?), ?) WHERE run = ?", (stage, stage, event.payload["run"]))


_HANDLERS: dict[str, Callable[[StudyDb, Event, Mapping[str, Any]], None]] = {
    "setting": _setting,
    "alias": _alias,
    "not_same": _not_same,
    "undo": _undo,
    "quiz_start": _quiz_start,
    "quiz_end": _quiz_end,
    "lab_start": _lab_start,
    "lab_seal": _lab_seal,
    "lab_facts": _lab_facts,
    "lab_verdict": _lab_verdict,
    "lab_end": _lab_end,
}
