"""The worker's side of the kit: the jobs that a lab's worker process is asked to do. Imported in worker processes only."""

from __future__ import annotations

import hashlib
import importlib
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from studyapp.labkit.api import CodeQuestion, CodeReport, Fact, Json, Log, Picture, Plan, Progress, RunContext
from studyapp.labkit.codeguard import BUILTINS, allowed
from studyapp.labkit.discover import load_ref
from studyapp.workers.sandbox import CodeLimits, Shelf

Emit = Callable[[dict[str, Any]], None]
_shelves: dict[tuple[str, ...], Shelf] = {}


def warm(payload: dict[str, Any], emit: Emit) -> None:
    """Import and load ahead, while the learner thinks: `{"lab", "plan", "code"}`."""
    plan = Plan.model_validate(payload["plan"])
    if payload.get("code"):
        _stock(plan)
    hook = getattr(load_ref(payload["lab"]), "warm", None)
    if hook is not None:
        hook(plan.backend)


def run(payload: dict[str, Any], emit: Emit) -> dict[str, Any]:
    """Do one call of `Lab.run` and emit its events as JSON; the versions of what it ran on."""
    if payload["want"]:  # showing pictures needs no model
        warm(payload, emit)
    emit({"clock": "start"})
    plan = Plan.model_validate(payload["plan"])
    lab = load_ref(payload["lab"])
    folder = Path(payload["workdir"])
    context = RunContext(
        backend=plan.backend,
        workdir=folder,
        deadline=time.monotonic() + plan.budget.seconds,
        threads=payload["threads"],
        want=frozenset(payload["want"]),
        show=frozenset(payload["show"]),
        answers=payload["answers"],
        check_code=check_code,
    )
    for event in lab.run(plan, context):
        emit(told(event, folder))
    return {"versions": versions()}


def judge_sources(payload: dict[str, Any], emit: Emit) -> dict[str, list[Json]]:
    """Check many sources of each code question here, without a sandbox: for a lab's own solutions and mutants, never for a learner's."""
    warm(payload, emit)
    emit({"clock": "start"})
    plan, lab = Plan.model_validate(payload["plan"]), load_ref(payload["lab"])
    found: dict[str, list[Json]] = {}
    for id, sources in payload["sources"].items():
        for source in sources:
            context = RunContext(
                backend=plan.backend,
                workdir=Path(payload["workdir"]),
                deadline=time.monotonic() + plan.budget.seconds,
                want=frozenset({id}),
                answers={id: {"source": source}},
                check_code=check_trusted,
            )
            facts = {event.key: event.value for event in lab.run(plan, context) if isinstance(event, Fact)}
            found.setdefault(id, []).append(facts[f"code:{id}"])
    return found


def check_trusted(question: CodeQuestion, source: str, checker: str, args: Mapping[str, Json]) -> CodeReport:
    """As `check_code`, but in this very process."""
    from studyapp.workers.sandbox_child import Output, namespace, told

    if problem := allowed(source, question.imports, question.forbid):
        return CodeReport(ok=False, first_failure="allowed-names", say=f"Line {problem[0]}: {problem[1]}.")
    printed = Output()
    space = namespace({"imports": question.imports, "builtins": BUILTINS}, printed)
    try:
        exec(compile(source, f"<{question.id}>", "exec"), space)
    except Exception as error:
        return _unfinished(question, {"stage": "load", **told(error, f"<{question.id}>")})
    found = load_function(checker)(space, {**args, "entry": question.entry})
    return CodeReport.model_validate({**found, "output": printed.getvalue()})


def load_function(name: str) -> Callable[..., Any]:
    """The function behind "module:function"."""
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)  # type: ignore[no-any-return]


def sandbox_ready(payload: dict[str, Any], emit: Emit) -> bool:
    """Wait until the next interpreter for learner code has its libraries."""
    plan = Plan.model_validate(payload["plan"])
    _stock(plan)
    for question in plan.questions:
        if question.kind == "code":
            _shelf(question.imports).ready()
    return True


def told(event: object, folder: Path) -> dict[str, Any]:
    """An event as JSON; a picture's bytes go into the run's folder, named by their hash."""
    match event:
        case Picture():
            pngs = ([event.png] if event.png is not None else []) + list(event.pngs)
            files = tuple(_kept(png, folder) for png in pngs) + event.files
            return {"picture": {"key": event.key, "alt": event.alt, "files": list(files), "grid": list(event.grid)}}
        case Fact() | Progress() | Log():
            return {type(event).__name__.lower(): event.model_dump(mode="json")}
    raise TypeError(f"run() yielded a {type(event).__name__}; it may yield Progress, Fact, Picture, Log")


def check_code(question: CodeQuestion, source: str, checker: str, args: Mapping[str, Json]) -> CodeReport:
    """Run a learner's source against a lab's checker in a fresh sandbox; what went wrong is reported as the first failure."""
    if problem := allowed(source, question.imports, question.forbid):
        line, say = problem
        return CodeReport(ok=False, first_failure="allowed-names", line=line, say=f"Line {line}: {say}.")
    job = {
        "source": source,
        "filename": f"<{question.id}>",
        "builtins": list(BUILTINS),
        "imports": list(question.imports),
        "checker": checker,
        "args": {**args, "entry": question.entry},
    }
    done = _shelf(question.imports).run(job, CodeLimits(time_s=question.time_s))
    if done["ok"]:
        return CodeReport.model_validate({**done["result"], "output": done["output"], "seconds": done["seconds"]})
    return _unfinished(question, done)


def versions() -> dict[str, str]:
    """Versions of the libraries that decide a run's numbers, as far as they are loaded."""
    import platform
    import sys

    found = {"python": platform.python_version()}
    for name in ("torch", "transformers", "numpy", "PIL"):
        if name in sys.modules:
            found[name] = str(getattr(sys.modules[name], "__version__", "?"))
    return found


def _unfinished(question: CodeQuestion, done: Mapping[str, Any]) -> CodeReport:
    """The report for a source that could not be checked to the end."""
    where = f"Line {done['line']}: " if done.get("line") else ""
    kind = done.get("kind", "")
    words = {"MemoryError": "it needs more memory than is allowed", "time": done.get("say", ""), "crash": done.get("say", "")}
    say = f"{where}{words.get(kind, f'{kind}: ' + done.get('say', ''))}."
    failure = {"load": "runs", "limit": kind}.get(done["stage"], "checker")
    return CodeReport(
        ok=False, first_failure=failure, say=say, line=done.get("line"), output=done.get("output", ""), seconds=done.get("seconds", 0.0)
    )


def _shelf(preload: tuple[str, ...]) -> Shelf:
    return _shelves.setdefault(preload, Shelf(preload))


def _stock(plan: Plan) -> None:
    for question in plan.questions:
        if question.kind == "code":
            _shelf(question.imports).stock()


def _kept(png: bytes, folder: Path) -> str:
    """Write once under the hash, atomically; the file's name."""
    name = hashlib.sha256(png).hexdigest()[:32] + ".png"
    if not (folder / name).exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{name}.{os.getpid()}"
        part.write_bytes(png)
        part.replace(folder / name)
    return name
