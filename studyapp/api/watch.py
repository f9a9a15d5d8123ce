"""Watch mode: a code task's file is judged again on each save."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.api.lab_plans import make_plan
from studyapp.errors import BadInput

if TYPE_CHECKING:
    from studyapp.api.study import Study

POLL_S = 0.2


def watch_task(
    study: Study,
    lab: str,
    task: str,
    seed: int,
    path: Path | None,
    *,
    once: bool,
    tell: Callable[[str], None],
    say: Callable[[Mapping[str, Any]], None],
) -> int:
    """Write the stub where there is no file yet, then judge on every change until interrupted; 0 when the last verdict was right."""
    from studyapp.labkit.runner import LabRun

    planned = make_plan(lab, seed, None)
    ref, plan = planned.ref, planned.plan
    name = task if task.startswith("q") else f"q{task}"
    question = next((q for q in plan.questions if q.id == name), None)
    if question is None or question.kind != "code":
        codes = ", ".join(q.id for q in plan.questions if q.kind == "code") or "none"
        raise BadInput(f"{task!r} is no code task of {lab}; its code tasks are {codes}")
    file = path or Path(f"{lab}-{name}.py")
    if not file.exists():
        file.write_text(f'"""{question.ask}"""\n\n{question.stub}', encoding="utf-8")
        tell(f"wrote {file}: edit it and save")
    run = LabRun(ref, plan, study.home / "runs" / f"watch-{lab}", workers=study.workers())
    seen = -1
    right = False
    while True:
        stamp = file.stat().st_mtime_ns if file.exists() else seen
        if stamp != seen:
            seen = stamp
            verdict = run.try_code(name, file.read_text(encoding="utf-8"))
            right = verdict.outcome == "right"
            say(verdict.model_dump(mode="json"))
            if once:
                return 0 if right else 1
        time.sleep(POLL_S)
