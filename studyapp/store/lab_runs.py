"""Lab runs as the log tells them: runs, sealed answers, verdicts, and the files of facts and pictures that events refer to.

A file lies at <home>/runs/<run>/<sha256><suffix>; its name is its hash, so a damaged or exchanged file is noticed.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.memory.state import Moment
from studyapp.store.apply import record
from studyapp.store.db import StudyDb, write
from studyapp.store.log import device_id

_NAME = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,8})?")
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


class LabFile(NamedTuple):
    """A fact (JSON) or picture of a run: `name` is its key, `file` the name under the run's folder, `details` a picture's event entry."""

    role: str
    name: str
    file: str
    details: dict[str, Any]


_NONE: Mapping[str, Any] = MappingProxyType({})


class LabRun(NamedTuple):
    """One run. `details` is the payload of its start, `result` of its end; `stage` the furthest stage sealed or judged.

    Answers and verdicts are payloads by question id; those given after the reveal are practice and kept apart.
    """

    run: str
    lab: str | None
    device: str | None
    status: str
    stage: int | None
    started_ms: int | None
    ended_ms: int | None
    details: dict[str, Any]
    result: dict[str, Any]
    answers: Mapping[str, Any] = _NONE
    verdicts: Mapping[str, dict[str, Any]] = _NONE
    practice: Mapping[str, dict[str, Any]] = _NONE
    files: tuple[LabFile, ...] = ()


_COLUMNS = "run, lab, device, status, stage, started_ms, ended_ms, details, result"


def runs(conn: StudyDb, lab: str | None = None, limit: int = 1000) -> list[LabRun]:
    """Runs of a lab or of all, newest first, without their answers and files."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM lab_runs WHERE ? IS NULL OR lab = ? ORDER BY started_ms DESC, run DESC LIMIT ?", (lab, lab, limit)
    )
    return [_from_row(row) for row in rows]


def run(conn: StudyDb, run_id: str) -> LabRun:
    """One run with all that belongs to it. Raises BadInput for an unknown one."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM lab_runs WHERE run = ?", (run_id,)).fetchone()
    if row is None:
        raise BadInput(f"no lab run {run_id!r}: start one with `studyapp lab start`")
    answers = conn.execute("SELECT q, answer FROM lab_answers WHERE run = ? AND NOT practice ORDER BY q", (run_id,))
    verdicts = conn.execute("SELECT q, verdict, practice FROM lab_verdicts WHERE run = ? ORDER BY q", (run_id,)).fetchall()
    files = conn.execute("SELECT role, name, file, details FROM lab_files WHERE run = ? ORDER BY role, utc_ms, name", (run_id,))
    return _from_row(row)._replace(
        answers={q: json.loads(answer) for q, answer in answers},
        verdicts={q: json.loads(verdict) for q, verdict, practice in verdicts if not practice},
        practice={q: json.loads(verdict) for q, verdict, practice in verdicts if practice},
        files=tuple(LabFile(role, name, file, _loads(details)) for role, name, file, details in files),
    )


class StoredRun(NamedTuple):
    """What a run left behind that questions can be asked about: its lab's version, its backend, when it began, its facts."""

    version: int
    backend: str
    started_ms: int
    facts: dict[str, Any]


Stored = Callable[[str], StoredRun | None]  # finds a run by its id


def newest_judged(conn: StudyDb, lab: str, q: str) -> str | None:
    """The newest run in which a question of a lab was judged, or None."""
    row = conn.execute(
        "SELECT run FROM lab_verdicts WHERE lab = ? AND q = ? AND outcome IS NOT 'void' ORDER BY utc_ms DESC, uuid DESC LIMIT 1", (lab, q)
    ).fetchone()
    return None if row is None else str(row[0])


def concepts_met(conn: StudyDb) -> list[tuple[str, str, str]]:
    """(lab, question, concept) of every question that was ever judged, in the order of labs and questions."""
    rows = conn.execute(
        "SELECT DISTINCT lab, q, json_extract(verdict, '$.concept') FROM lab_verdicts WHERE lab IS NOT NULL ORDER BY lab, length(q), q"
    )
    return [(lab, q, concept) for lab, q, concept in rows if concept]


def stored(conn: StudyDb, run_id: str) -> StoredRun | None:
    """The facts of a run from their files; None where a file is gone or damaged, or the run is not known here."""
    try:
        found = run(conn, run_id)
        facts = {file.name: json.loads(get_file(conn.home, run_id, file.file)) for file in found.files if file.role == "fact"}
    except (BadInput, EnvironmentProblem):
        return None
    return StoredRun(int(found.details.get("version", 0)), str(found.details.get("backend", "")), found.started_ms or 0, facts)


def mark_lost(conn: StudyDb, now: Moment, alive: Collection[str] = ()) -> list[str]:
    """End, as `lost`, this device's runs that still say running and are not `alive`: their process was killed. They can be resumed."""
    with write(conn):
        found = conn.execute("SELECT run FROM lab_runs WHERE status = 'running' AND device = ? ORDER BY run", (device_id(conn),)).fetchall()
        lost = [row[0] for row in found if row[0] not in alive]
        for run_id in lost:
            record(conn, "lab_end", None, {"run": run_id, "status": "lost"}, now)
    return lost


def put_file(home: Path, run_id: str, data: bytes, suffix: str = "") -> str:
    """Store a fact or picture durably and return its name, for the event that refers to it. Raises EnvironmentProblem."""
    from hashlib import sha256

    name = sha256(data).hexdigest() + suffix
    target = file_path(home, run_id, name)
    part = target.with_name(f"{name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise EnvironmentProblem(f"{target.parent}: {error.strerror or error}: free some space or make the folder writable") from error
    return name


def get_file(home: Path, run_id: str, name: str) -> bytes:
    """A file's bytes. Raises EnvironmentProblem if it is missing or no longer what was stored."""
    from hashlib import sha256

    path = file_path(home, run_id, name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EnvironmentProblem(f"{path}: {error.strerror or error}: run the lab again to make it anew") from error
    if sha256(data).hexdigest() != name[:64]:
        raise EnvironmentProblem(f"{path}: damaged since it was stored: run the lab again to make it anew")
    return data


def file_path(home: Path, run_id: str, name: str) -> Path:
    """Where a run's file lies. Raises BadInput for a name that `put_file` cannot have given (a merged log is other people's data)."""
    if not _RUN_ID.fullmatch(run_id) or not _NAME.fullmatch(name):
        raise BadInput(f"lab run {run_id!r}: {name!r} is not the name of a stored file")
    return home / "runs" / run_id / name


def _from_row(row: tuple[Any, ...]) -> LabRun:
    run_id, lab, device, status, stage, started_ms, ended_ms, details, result = row
    return LabRun(run_id, lab, device, status, stage, started_ms, ended_ms, _loads(details), _loads(result))


def _loads(text: str | None) -> dict[str, Any]:
    return json.loads(text) if text else {}
