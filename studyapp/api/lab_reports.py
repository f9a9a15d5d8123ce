"""Labs as a list: what there is, what it needs, and how it was played last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studyapp.api.place import in_words
from studyapp.api.views import LabRow
from studyapp.store import lab_runs

if TYPE_CHECKING:
    from studyapp.api.study import Study

RUNTIME_COMMAND = "make labs (or: pip install 'studyapp[labs]')"
OVER = ("pass", "fail", "void")  # of a run's status: nothing is left to answer


def lab_rows(study: Study) -> list[LabRow]:
    """All labs as the home screen and `lab list` show them, in the order in which the course comes to their sections."""
    from studyapp.labkit.discover import listing, missing_runtime

    missing = missing_runtime()
    newest: dict[str, lab_runs.LabRun] = {}
    for run in lab_runs.runs(study.conn, limit=200):
        newest.setdefault(run.lab or "", run)
    rows = []
    for entry in listing():
        last = newest.get(entry.id)
        state, reason = (
            ("broken", entry.broken) if entry.broken else ("needs-runtime", f"add it with {RUNTIME_COMMAND}") if missing else ("ready", "")
        )
        ago = "" if last is None else in_words(max(1, (study.clock.now().utc_ms - (last.started_ms or 0)) / 1000)) + " ago"
        backend = "" if last is None else str(last.details.get("backend") or "")
        on = f" on {backend}" if ":" in backend else ""  # a model or a recording of the learner's choice
        rows.append(
            LabRow(
                id=entry.id,
                title=entry.title or entry.id,
                sections=entry.sections,
                minutes=entry.minutes,
                state=state,
                reason=reason or "",
                last="" if last is None else f"{last.result.get('message') or last.status}{on}, {ago}",
                run=last.run if last is not None and last.status not in OVER else None,
                backends=entry.backends,
            )
        )
    return sorted(rows, key=_place)


def _place(row: LabRow) -> tuple[int, str]:
    """By the number of its first section ("S10" after "S8"); a lab without one comes last."""
    return min((int("".join(filter(str.isdigit, name)) or 999) for name in row.sections), default=999), row.id
