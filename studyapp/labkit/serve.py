"""The worker's side of the kit: the jobs that a lab's worker process is asked to do. Imported in worker processes only."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from studyapp.labkit.api import Answer, Asker, CodeQuestion, CodeReport, Fact, Json, Log, Picture, Plan, Progress, RunContext
from studyapp.labkit.codeguard import BUILTINS, allowed
from studyapp.labkit.discover import load_ref
from studyapp.labkit.picture_files import keep_png
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
    """Do one call of `Lab.run` and emit its events as JSON; the versions of what it ran on.

    `payload`: lab, plan, workdir, threads, want, show, answers, and where they are needed sealed (all answers so far), seconds (time
    limit), asking (see `_asker`).
    """
    if payload["want"]:  # what is shown seldom needs a model: then its page need not wait for one
        warm(payload, emit)
        emit({"clock": "start"})
    plan = Plan.model_validate(payload["plan"])
    lab = load_ref(payload["lab"])
    folder = Path(payload["workdir"])
    asking = payload.get("asking") or {}
    teller = Teller(emit, folder, asking.get("expected"))
    ask = _asker(plan, asking, folder, teller)
    context = RunContext(
        backend=plan.backend,
        workdir=folder,
        deadline=time.monotonic() + payload.get("seconds", plan.budget.seconds),
        threads=payload["threads"],
        want=frozenset(payload["want"]),
        show=frozenset(payload["show"]),
        answers=payload["answers"],
        check_code=check_code,
        sealed={id: Answer.model_validate(answer) for id, answer in payload.get("sealed", {}).items()},
        ask=ask,
    )
    loading = not payload["want"]
    try:
        for event in lab.run(plan, context):
            if loading and isinstance(event, Fact | Picture):  # where it does need one, that was loaded until now
                emit({"clock": "start"})
                loading = False
            teller.tell(event)
    finally:
        getattr(ask, "close", lambda: None)()
    return {"versions": versions()}


class Teller:
    """Passes on what a run tells. While the lab waits for replies, lines of progress come from here: the bar moves by the calls that
    were `expected`, and does not fall behind that when the lab speaks again."""

    def __init__(self, emit: Emit, folder: Path, expected: int | None = None) -> None:
        self._emit, self._folder, self._expected = emit, folder, expected
        self._done, self._floor = 0.0, 0.0

    def tell(self, event: object) -> None:
        if isinstance(event, Progress):
            self._done = max(event.done, self._floor)
            event = event.model_copy(update={"done": self._done})
        self._emit(told(event, self._folder))

    def say(self, text: str) -> None:
        """A line of progress beside the lab's own."""
        self.tell(Progress(done=self._done, say=text))

    def count(self, calls: int, cached: int, tokens: int) -> None:
        """What asking has cost in this job."""
        self._emit({"asked": {"calls": calls, "cached": cached, "tokens": tokens}})
        if self._expected:
            self._floor = max(self._floor, min(0.95, (calls + cached) / self._expected))
            self._done = max(self._done, self._floor)


def _asker(plan: Plan, asking: Mapping[str, Any], folder: Path, teller: Teller) -> Asker | None:
    """Who answers about pictures: the endpoint of the plan (`asking`: cache = a folder, left = calls that may be made, expected = calls
    of this stage; each may be missing), or a recording's transcript (`asking`: recording = its file)."""
    if plan.backend.kind == "openai":
        from studyapp.labkit.ask_live import LiveAsker
        from studyapp.labkit.asking import TRANSCRIPT_FILE
        from studyapp.labkit.reply_cache import ReplyCache

        cache = ReplyCache(Path(asking["cache"]) if asking.get("cache") else None)
        return LiveAsker(
            plan.backend.target,
            plan.backend.model,
            cache,
            folder / TRANSCRIPT_FILE,
            asking.get("left"),
            teller.say,
            lambda spent: teller.count(*spent),
        )
    if asking.get("recording"):
        from studyapp.labkit.ask_recorded import RecordedAsker
        from studyapp.labkit.recordings import Recording

        recording = Recording.model_validate_json(Path(asking["recording"]).read_text(encoding="utf-8"))
        return RecordedAsker(plan.backend.name, recording.exchanges())
    return None


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
        return _refused(*problem)
    printed = Output()
    space = namespace({"imports": question.imports, "builtins": BUILTINS}, printed)
    try:
        exec(compile(source, f"<{question.id}>", "exec"), space)
    except Exception as error:
        return _unfinished(question, {"stage": "load", **told(error, f"<{question.id}>")})
    try:
        found = load_function(checker)(space, {**args, "entry": question.entry})
    except Exception as error:
        return _unfinished(question, {"stage": "check", **told(error, f"<{question.id}>")})
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
            files = tuple(keep_png(png, folder) for png in pngs) + event.files
            return {"picture": {"key": event.key, "alt": event.alt, "files": list(files), "grid": list(event.grid)}}
        case Fact() | Progress() | Log():
            return {type(event).__name__.lower(): event.model_dump(mode="json")}
    raise TypeError(f"run() yielded a {type(event).__name__}; it may yield Progress, Fact, Picture, Log")


def check_code(question: CodeQuestion, source: str, checker: str, args: Mapping[str, Json]) -> CodeReport:
    """Run a learner's source against a lab's checker in a fresh sandbox; what went wrong is reported as the first failure."""
    if problem := allowed(source, question.imports, question.forbid):
        return _refused(*problem)
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


def _refused(line: int, say: str) -> CodeReport:
    """The report for a source that is no Python, or that uses what is not allowed here: it was not run."""
    failure = "syntax" if say.startswith("syntax error") else "allowed-names"
    return CodeReport(ok=False, first_failure=failure, line=line, say=f"Line {line}: {say}.")


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
