"""The worker's side of noising: finds every fact step by step or with real noise, never by the closed formulas."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from labs.noising import arithmetic, pictures
from labs.noising.params import Params, pixels_of
from studyapp.labkit.api import Event, Fact, Json, Log, Plan, Progress, RunContext

CHECKERS = {"q3": "check_add_noise", "q10": "check_predict_x0"}
READ = ("readers", "half-clip", "half-judge", "half-twin", "gap")  # found together
# What a picture tells.
NEEDS = {
    "picture:terminal": "terminal",
    "picture:schedules": "schedules",
    "picture:variances": "variances",
    "picture:bands": "bands",
    "picture:accuracy": "readers",
}
# What is said while a fact is looked for.
DOING = {
    "noise-shares": "measuring the noise of six pictures",
    "factors": "going through the schedule step by step",
    "crossing": "looking for the step of SNR 1",
    "terminal": "looking at the last step",
    "schedules": "going through four schedules",
    "variances": "measuring variances",
    "bands": "measuring strokes and layout",
    "copies": "averaging noisy copies",
    "growth": "going back with an estimate that is off",
    "zero-end": "starting where nothing is left",
    "reading": "three networks read the noised pictures",
}


def run(plan: Plan, ctx: RunContext) -> Iterator[Event]:
    """Report what was asked for, cheapest first."""
    params = Params.of(plan.params)
    keys = sorted(ctx.keys(plan))
    code = [id for id in sorted(CHECKERS) if id in ctx.want and id in ctx.answers]
    facts = [key for key in keys if not key.startswith(("picture:", "code:", "mosaic:"))]
    wanted = [*facts, *(NEEDS[key] for key in keys if key in NEEDS)]
    measures = found_by(plan, params)
    steps = list(dict.fromkeys("reading" if key in READ else key for key in sorted(wanted, key=lambda key: key in READ)))
    drawn = [key for key in keys if key.startswith("picture:")]
    total, done = len(steps) + len(drawn) + len(code) + 1, 0
    yield Progress(done=0, say="starting")
    if ctx.want:
        yield Log(say="no model: worked out step by step" if plan.backend.kind == "none" else "arrays and the zoo's readers")
    known: dict[str, Json] = {}
    for step in steps:
        if step == "reading":
            for share, found in reading(plan, params):
                yield Progress(done=(done + share) / total, say=DOING[step])
                known |= found or {}
        else:
            known[step] = measures[step]()
        done += 1
        yield from (
            Fact(key=key, value=known[key]) for key in facts if key in known and (key == step or (step == "reading" and key in READ))
        )
        yield Progress(done=done / total, say=DOING[step])
    for key in drawn:
        if key in pictures.BEFORE:
            yield pictures.shown(key, params, plan.seed, plan.level)
        else:
            yield pictures.told(key, params, plan.seed, plan.level, known, ctx.answers)
        done += 1
        yield Progress(done=done / total, say="drawing")
    for id in code:
        yield from checked(plan, params, id, ctx)
        done += 1
        yield Progress(done=done / total, say="running your code")
    yield Progress(done=1, say="done")


def found_by(plan: Plan, params: Params) -> dict[str, Callable[[], Json]]:
    """Fact key -> how this backend finds it."""
    found = arithmetic.measures(params, plan.seed, plan.level)
    if plan.backend.kind != "none":
        from labs.noising import measures

        found |= measures.measures(params, plan.seed, plan.level)
    return found


def reading(plan: Plan, params: Params) -> Iterator[tuple[float, dict[str, Json] | None]]:
    """Task 7's facts, read once a plan and kept for the chapters that ask for them again."""
    from labs.noising import reading as module

    key = plan.model_dump_json(include={"seed", "level", "params", "backend"})
    if key not in _read:
        last: dict[str, Json] | None = None
        for share, found in module.read(params, plan.seed, readers(plan.backend.model_dump_json())):
            last = found or last
            yield min(share, 0.99), None
        assert last is not None
        _read.clear()
        _read[key] = last
    yield 1.0, _read[key]


_read: dict[str, dict[str, Json]] = {}


@lru_cache(maxsize=1)
def readers(backend: str) -> Any:
    """The three models, loaded once a process."""
    from labs.noising.reading import Readers
    from studyapp.labkit.api import BackendRef

    return Readers(BackendRef.model_validate_json(backend))


def checked(plan: Plan, params: Params, id: str, ctx: RunContext) -> Iterator[Event]:
    """A learner's source against its checker; the report as a fact, yours beside target as a picture."""
    question = plan.question(id)
    assert question.kind == "code"
    assert ctx.check_code is not None
    args = {
        "seed": plan.seed,
        "picture": base64.b64encode(pixels_of(plan.seed, plan.level)).decode("ascii"),
        "bars": list(params.schedule.bars),
    }
    report = ctx.check_code(question, ctx.answers[id]["source"], f"labs.noising.checkers:{CHECKERS[id]}", args)
    yield Fact(key=f"code:{id}", value=report.model_dump(mode="json", exclude={"yours", "target"}))
    if report.target:
        yield pictures.code(id, question.title, report.yours, report.target)
