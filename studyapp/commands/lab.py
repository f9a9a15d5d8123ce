"""`studyapp lab ...`: list, plan, start, answer, run, replay, export, watch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studyapp.commands.common import Place, common_options, example, read_json
from studyapp.errors import BadInput, StudyError

if TYPE_CHECKING:
    from studyapp.api.labs import LabDesk
    from studyapp.api.views import LabRow
    from studyapp.labkit.api import Event

VERDICT_FIELDS = ("q", "outcome", "said", "truth", "trap", "say")
EXIT_CODES = {"pass": 0, "fail": 1, "error": 3, "void": 4, "cancelled": 130, "open": 0}

_backend = click.option("--backend", metavar="B", help="What the lab runs on: none, tiny, hf:<dir>, ... (studyapp help backends).")
_download = click.option("--download", is_flag=True, help="Allow a hub model to be fetched.")
_max_calls = click.option(
    "--max-calls", type=click.IntRange(1), metavar="N", help="Calls that a run may make to an endpoint (setting lab_max_calls)."
)


@click.group(epilog=example("studyapp lab plan patchify --seed 7 --json"))
def command() -> None:
    """Labs: predict, run a real model, compare, find out why."""


@command.command("list", epilog=example("studyapp lab list"))
@common_options
def list_(place: Place) -> None:
    """All labs, broken ones with their reason."""
    with place.study() as study:
        rows = study.labs()
    labs = [
        {
            "id": r.id,
            "title": r.title,
            "sections": list(r.sections),
            "minutes": r.minutes,
            "state": r.state,
            "reason": r.reason,
            "last": r.last,
            "run": r.run,
            "backends": list(r.backends),
        }
        for r in rows
    ]
    text = "\n".join(_lab_line(r) for r in rows)
    place.emit({"labs": labs}, text or "no labs are installed")


@command.command(epilog=example("studyapp lab plan patchify --seed 7 --json"))
@click.argument("lab")
@click.option("--seed", type=int, help="Decides the numbers; a recording brings its own.")
@_backend
@click.option("--level", type=click.IntRange(1), default=1, show_default=True)
@_download
@common_options
def plan(place: Place, lab: str, seed: int | None, backend: str | None, level: int, download: bool) -> None:
    """The questions of a seed; no key exists yet. On an endpoint also what a run would cost."""
    from studyapp.api.lab_plans import needs_study, plan_document

    with place.study() if needs_study(backend) else nullcontext() as study:
        document = plan_document(study, lab, seed, backend, level, download)
    if "cost" in document:
        click.echo(document["cost"]["says"], err=True)
    place.emit(document, lambda: _questions_text(document["questions"]))


@command.command(epilog=example("studyapp lab start patchify --seed 7 --json"))
@click.argument("lab")
@click.option("--seed", type=int, help="Decides the numbers; drawn when left out.")
@_backend
@_download
@_max_calls
@common_options
def start(place: Place, lab: str, seed: int | None, backend: str | None, download: bool, max_calls: int | None) -> None:
    """Open a run and show its first chapter; answer it with `lab answer RUN --answers FILE`."""
    with place.study() as study:
        desk = study.lab(lab, seed, backend, download=download, max_calls=max_calls)
        with _going_on(desk):
            document = _stage_document(desk)
    place.emit(document, lambda: f"run {document['run']}\n" + _questions_text(document["questions"]))


@command.command(epilog=example("studyapp lab answer patchify-19ca-7 --answers a.json --json"))
@click.argument("run")
@click.option("--answers", metavar="FILE|-", required=True, help='{"q1": 196, "q2": {"value": "b", "confidence": 80}, ...}')
@_max_calls
@common_options
def answer(place: Place, run: str, answers: str, max_calls: int | None) -> int:
    """Seal and judge the chapter in play, and show the next."""
    raw = _answers(answers)
    with place.study() as study:
        desk = study.lab("", run=run, max_calls=max_calls)
        if desk.run.stage is None:
            raise BadInput(f"run {run} is finished; start a new one with studyapp lab start {desk.plan.lab}")
        _tell_cost(desk)
        if desk.run.state.phase == "show":
            desk.view(_say)
        if desk.run.state.phase != "decide":
            stage = {question.id for question in desk.plan.of_stage(desk.run.stage)}
            known = {question.id for question in desk.plan.questions}
            if unknown := sorted(set(raw) - known):
                raise BadInput(f"{answers}: there is no question {unknown[0]!r} in {desk.plan.lab} (it has {', '.join(sorted(known))})")
            given = {q: value for q, value in raw.items() if q in stage}
            if raw and not given:  # sealing now would skip the whole chapter
                asked = ", ".join(question.id for question in desk.plan.of_stage(desk.run.stage))
                raise BadInput(f"{answers}: no answer is for the chapter in play, which asks {asked} (to skip it, give {{}})")
            desk.seal(given)
        verdicts = desk.decide(_say)
        desk.finish()
        document = desk.document() if desk.run.stage is None else _stage_document(desk)
        document["verdicts"] = [_verdict(v.model_dump(mode="json")) for v in verdicts]
        document["kept"] = desk.document()["kept"]
    place.emit(document, lambda: _verdicts_text(document))
    return _code(document["verdicts"])


@command.command("run", epilog=example("studyapp lab run patchify --seed 7 --answers a.json --json"))
@click.argument("lab")
@click.option("--seed", type=int, help="Decides the numbers; a recording brings its own.")
@_backend
@click.option("--answers", metavar="FILE|-", help="Without it the lab opens on the screen.")
@_download
@_max_calls
@common_options
def run_(place: Place, lab: str, seed: int | None, backend: str | None, answers: str | None, download: bool, max_calls: int | None) -> int:
    """All chapters in one go: seal, run, judge. Exit code 0 all right, 1 some wrong, 3 environment, 4 void, 130 cancelled."""
    if seed is None and not (backend or "").startswith("replay:"):
        raise BadInput("--seed is missing: it decides the numbers (only a recording brings its own)")
    if answers is None:
        from studyapp.commands.home import run_screen

        asked = {"seed": seed, "backend": backend, "download": download, "max_calls": max_calls}
        run_screen(place.home, place.now, "lab", instead="--answers FILE", lab=lab, **asked)
        return 0
    raw = _answers(answers)
    from studyapp.labkit.answers import read_answers

    with place.study() as study:
        desk = study.lab(lab, seed, backend, download=download, max_calls=max_calls)
        read_answers(desk.plan, raw)  # all of them, before anything runs
        with _going_on(desk):
            while desk.run.stage is not None:
                desk.view(_say)
                stage = {question.id for question in desk.plan.of_stage(desk.run.stage)}
                desk.seal({q: value for q, value in raw.items() if q in stage})
                desk.decide(_say)
        desk.finish()
        document = desk.document()
        document["verdicts"] = [_verdict(v) for v in document["verdicts"]]
    place.emit(document, lambda: _verdicts_text(document))
    return EXIT_CODES.get(document["status"], 0)


@command.command(epilog=example("studyapp lab replay patchify-19ca-7"))
@click.argument("run", metavar="RUN|FILE")
@common_options
def replay(place: Place, run: str) -> int:
    """Judge a past run, or an exported file, again from its stored facts; no model runs, nothing is recorded.

    To answer it anew, play it as a backend: lab run LAB --backend replay:RUN-or-FILE.
    """
    from studyapp.api.lab_exports import replay_run

    with place.study() as study:
        document = replay_run(study, run)
    document["verdicts"] = [_verdict(v) for v in document["verdicts"]]
    place.emit(document, lambda: _verdicts_text(document))
    return _code(document["verdicts"])


@command.command(epilog=example("studyapp lab export patchify-19ca-7 --json > run.json"))
@click.argument("run")
@common_options
def export(place: Place, run: str) -> None:
    """A run with its plan, answers, facts, pictures and verdicts as one document, which --backend replay:FILE plays anywhere."""
    from studyapp.api.lab_exports import export_run

    with place.study() as study:
        document = export_run(study, run)
    place.emit(document, lambda: json.dumps(document, indent=1, ensure_ascii=False))


@command.command(epilog=example("studyapp lab watch patchify q7"))
@click.argument("lab")
@click.argument("task")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--file", "path", type=click.Path(path_type=Path), help="The file to watch (default: TASK.py here).")
@click.option("--once", is_flag=True, help="Judge the file once and stop.")
@common_options
def watch(place: Place, lab: str, task: str, seed: int, path: Path | None, once: bool) -> int:
    """A code task, judged again each time you save it in your editor. Ctrl+C ends it."""
    from studyapp.api.watch import watch_task

    def say(verdict: Mapping[str, Any]) -> None:
        place.emit({"lab": lab, "verdicts": [_verdict(verdict)]}, lambda: _verdict_line(verdict))

    with place.study() as study:
        return watch_task(study, lab, task, seed, path, once=once, tell=lambda text: click.echo(text, err=True), say=say)


def _answers(path: str) -> dict[str, Any]:
    raw = read_json(path, "the answers file")
    if not isinstance(raw, dict):
        raise BadInput(f'{path}: give one JSON object of question ids and answers, like {{"q1": 196}}')
    return raw


def _tell_cost(desk: LabDesk) -> None:
    """What a run on an endpoint will cost is said before its first call."""
    if desk.must_agree and desk.cost is not None:
        click.echo(desk.cost.says(), err=True)
        desk.agree()


@contextmanager
def _going_on(desk: LabDesk) -> Iterator[None]:
    """The cost before it; where it fails, how the run can go on."""
    _tell_cost(desk)
    try:
        yield
    except StudyError:
        if desk.run.stage is not None:
            click.echo(f"run {desk.run_id} is kept; go on with: studyapp lab answer {desk.run_id} --answers FILE", err=True)
        raise


def _stage_document(desk: LabDesk) -> dict[str, Any]:
    """The chapter in play, as a front end needs it."""
    from studyapp.labkit.api import public

    view = desk.view(_say)
    cost = desk.cost
    return {
        "run": desk.run_id,
        "lab": desk.plan.lab,
        "seed": desk.plan.seed,
        "backend": desk.plan.backend.name,
        "stage": view.stage,
        "chapter": view.chapter.title,
        "number": view.number,
        "of": view.of,
        "questions": [public(question) for question in view.questions],
        "facts": dict(view.facts),
        "pictures": [p.model_dump(mode="json", exclude={"png", "pngs"}) for p in view.pictures.values()],
        **({"cost": cost.as_json()} if cost is not None else {}),
    }


def _say(event: Event) -> None:
    """Progress is narration."""
    say = getattr(event, "say", "")
    if say:
        click.echo(say, err=True)


def _verdict(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """Fields fixed by DESIGN first, the rest after."""
    return {name: verdict.get(name) for name in VERDICT_FIELDS} | {k: v for k, v in verdict.items() if k not in VERDICT_FIELDS}


def _code(verdicts: list[dict[str, Any]]) -> int:
    outcomes = {v["outcome"] for v in verdicts if not v.get("forecast")}
    return 1 if outcomes & {"wrong", "near", "lucky"} else 4 if "void" in outcomes else 0


def _lab_line(row: LabRow) -> str:
    state = f"{row.state}: {row.reason}" if row.reason else row.state
    on = f"; runs on {', '.join(row.backends)}" if row.backends else ""
    return f"{row.id:<16} {row.title} ({row.minutes} min) {state}{on}"


def _questions_text(questions: list[dict[str, Any]]) -> str:
    lines = []
    for question in questions:
        lines.append(f"{question['id']} ({question['kind']}) {question['ask']}")
        lines += [f"     {option['id']}) {option['text']}" for option in question.get("options", [])]
        for side in ("left", "right"):  # of a match
            lines += [f"     {side} {option['id']}) {option['text']}" for option in question.get(side, [])]
    return "\n".join(lines)


def _verdict_line(verdict: Mapping[str, Any]) -> str:
    said, truth = verdict.get("said"), verdict.get("truth")
    shown = ([f"said {_value_text(said)}"] if said is not None else []) + ([f"truth {_value_text(truth)}"] if truth is not None else [])
    return f"{verdict['q']:<4} {verdict['outcome']:<8} {', '.join(shown)}".rstrip() + (
        f"\n     {verdict['say']}" if verdict.get("say") else ""
    )


def _value_text(value: Any) -> str:
    """A value as people read it: in the form of an answers file, but code as code."""
    if isinstance(value, Mapping) and set(value) == {"source"}:
        return "".join("\n     | " + line for line in str(value["source"]).splitlines())
    return json.dumps(value, ensure_ascii=False)


def _verdicts_text(document: Mapping[str, Any]) -> str:
    lines = [_verdict_line(v) for v in document["verdicts"]]
    for card in document.get("kept") or ():
        lines.append(f"kept: {card['item']} {card['rating']}, back in {card['due']}")
    if document.get("questions"):
        lines.append(f"next: {document['chapter']}\n" + _questions_text(document["questions"]))
    return "\n".join(lines)
