"""A lab run as one document: exported, judged again, and played again as the backend `replay`. No model runs for any of it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.store import lab_runs

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.labkit.recordings import Recording

MAX_DOCUMENT = 200_000_000  # bytes


def export_run(study: Study, run_id: str) -> dict[str, Any]:
    """A run with its plan, answers, facts, transcript, pictures and verdicts, from what is stored. Facts of questions that are not sealed
    are not stored, so not here either. It needs nothing else: `--backend replay:FILE` plays it anywhere."""
    from studyapp.labkit.asking import TRANSCRIPT

    run = lab_runs.run(study.conn, run_id)
    facts = {file.name: json.loads(lab_runs.get_file(study.home, run_id, file.file)) for file in run.files if file.role == "fact"}
    plan_file = run.details.get("plan")
    plan = json.loads(lab_runs.get_file(study.home, run_id, plan_file)) if plan_file else None
    transcript = facts.pop(TRANSCRIPT, [])
    return {
        "run": run.run,
        "lab": run.lab,
        "status": run.status,
        **{name: run.details.get(name) for name in ("seed", "level", "backend", "version")},
        **{name: run.details[name] for name in ("recorded", "origin") if name in run.details},
        "plan": plan,
        "answers": dict(run.answers),
        "verdicts": dict(run.verdicts),
        "facts": facts,
        "transcript": transcript,
        "pictures": [_picture(study, run_id, file.details) for file in run.files if file.role == "picture"],
    }


def document_of(study: Study, target: str) -> tuple[dict[str, Any], str]:
    """An exported run by the run's id or from its file, and how to call it in a message. BadInput where there is neither."""
    path = Path(target).expanduser()
    if not path.is_file():
        if "/" in target or target.endswith(".json"):
            raise BadInput(f"{target}: there is no such file")
        return export_run(study, target), f"lab run {target}"
    try:
        if path.stat().st_size > MAX_DOCUMENT:
            raise BadInput(f"{target}: too large for an exported lab run")
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{target}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from None
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{target}: not JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadInput(f"{target}: not an exported lab run")
    return found, target


def recording_of(study: Study, target: str) -> Recording:
    """What `replay:<target>` goes by; BadInput where it cannot be used."""
    from studyapp.labkit.recordings import read_recording

    return read_recording(*document_of(study, target))


def replay_run(study: Study, target: str) -> dict[str, Any]:
    """Judge a past run (its id, or an exported file) again from its stored facts; nothing is recorded."""
    from pydantic import ValidationError

    from studyapp.labkit.api import Answer
    from studyapp.labkit.discover import load
    from studyapp.labkit.judge import check, settled
    from studyapp.labkit.recordings import read_recording

    document, where = document_of(study, target)
    recording = read_recording(document, where)
    lab, plan = load(recording.lab), recording.plan
    if plan.version != lab.version:
        raise BadInput(f"{where} is of version {plan.version} of {plan.lab}; this is {lab.version}: it can be read, not judged again")
    try:
        given = document.get("answers") or {}
        answers = {q: None if answer is None else Answer.model_validate(answer) for q, answer in given.items()}
    except (ValidationError, AttributeError):
        raise BadInput(f"{where}: its answers cannot be read") from None
    truth = settled(lab, plan, recording.facts)
    verdicts = check(plan, truth, {q: answers.get(q) for q in truth if q in answers})
    return {
        "run": str(document["run"]),
        "lab": plan.lab,
        "seed": plan.seed,
        "backend": str(document["backend"]),
        "verdicts": [verdict.model_dump(mode="json") for verdict in verdicts],
    }


def _picture(study: Study, run_id: str, details: dict[str, Any]) -> dict[str, Any]:
    """A picture with the bytes of its files; what is no longer there is left out, its words remain."""
    grid: list[str] = []
    data = []
    try:
        if name := details.get("text"):
            grid = json.loads(lab_runs.get_file(study.home, run_id, name))["grid"]
        for name in details.get("files", ()):
            data.append(base64.b64encode(lab_runs.get_file(study.home, run_id, name)).decode("ascii"))
    except (EnvironmentProblem, BadInput):
        data = []
    return {"key": details["key"], "alt": details.get("alt", ""), "grid": grid, "files": details.get("files", []), "png": data}
