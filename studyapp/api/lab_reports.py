"""Labs as lists and documents: what there is, what a past run was, and its judgement done again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from studyapp.api.place import in_words
from studyapp.api.views import LabRow
from studyapp.errors import BadInput
from studyapp.store import lab_runs

if TYPE_CHECKING:
    from studyapp.api.study import Study

RUNTIME_COMMAND = "make labs (or: pip install 'studyapp[labs]')"
OVER = ("pass", "fail", "void")  # of a run's status: nothing is left to answer


def lab_rows(study: Study) -> list[LabRow]:
    """All labs as the home screen and `lab list` show them."""
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
        rows.append(
            LabRow(
                id=entry.id,
                title=entry.title or entry.id,
                sections=entry.sections,
                minutes=entry.minutes,
                state=state,
                reason=reason or "",
                last="" if last is None else f"{last.result.get('message') or last.status}, {ago}",
                run=last.run if last is not None and last.status not in OVER else None,
            )
        )
    return rows


def export_run(study: Study, run_id: str) -> dict[str, Any]:
    """A run with its plan, answers, facts and verdicts as one document, from what is stored (no model runs)."""
    run = lab_runs.run(study.conn, run_id)
    facts = {file.name: json.loads(lab_runs.get_file(study.home, run_id, file.file)) for file in run.files if file.role == "fact"}
    plan_file = run.details.get("plan")
    plan = json.loads(lab_runs.get_file(study.home, run_id, plan_file)) if plan_file else None
    return {
        "run": run.run,
        "lab": run.lab,
        "status": run.status,
        "seed": run.details.get("seed"),
        "backend": run.details.get("backend"),
        "version": run.details.get("version"),
        "plan": plan,
        "answers": dict(run.answers),
        "verdicts": dict(run.verdicts),
        "facts": facts,
        "pictures": [file.details for file in run.files if file.role == "picture"],
    }


def replay_run(study: Study, run_id: str) -> dict[str, Any]:
    """Judge a past run again from its stored facts: no model runs, nothing is recorded."""
    from studyapp.labkit.api import Answer, Plan
    from studyapp.labkit.discover import load
    from studyapp.labkit.judge import check

    stored = export_run(study, run_id)
    if stored["plan"] is None:
        raise BadInput(f"lab run {run_id} has no stored plan")
    lab = load(str(stored["lab"]))
    plan = Plan.model_validate(stored["plan"])
    if plan.version != lab.version:
        raise BadInput(
            f"lab run {run_id} is of version {plan.version} of {plan.lab}; this is {lab.version}: it can be read, not judged again"
        )
    answers = {q: None if a is None else Answer.model_validate(a) for q, a in stored["answers"].items()}
    truth = lab.truth(plan, stored["facts"])
    verdicts = check(plan, truth, {q: answers.get(q) for q in truth if q in answers})
    return {"run": run_id, "lab": plan.lab, "verdicts": [verdict.model_dump(mode="json") for verdict in verdicts]}
