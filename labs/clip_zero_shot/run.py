"""The worker's side of clip-zero-shot: finds every fact by asking the model, step by step. Torch and numpy are imported when needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from labs.clip_zero_shot import measure_labels, measure_loss, measure_places, measure_space
from labs.clip_zero_shot.asked import Asked, Step, session
from studyapp.labkit.api import Event, Fact, Log, Picture, Plan, Progress, RunContext

CHECKERS = {"q3": "check_zero_shot", "q5": "check_ensemble", "q7": "check_info_nce"}
# what it costs in seconds, about; the function; the keys that it finds
STEPS: tuple[tuple[float, Callable[[Asked], Step], tuple[str, ...]], ...] = (
    (0.2, measure_labels.drawn, ("picture:four", "picture:outside")),
    (0.3, measure_labels.cosines, ("cosines", "picture:similarity")),
    (0.2, measure_labels.outside, ("outside", "picture:outside-shares")),
    (1.5, measure_labels.templates, ("templates", "picture:templates")),
    (0.2, measure_labels.winning, ("winner-picture", "winner-label", "winner-cosine", "winning")),
    (0.5, measure_labels.row, ("row", "row-shown", "scale", "picture:temperature")),
    (0.8, measure_space.gallery, ("gallery", "picture:gallery", "picture:gallery-matrix")),
    (0.5, measure_space.space, ("space", "picture:space")),
    (1.0, measure_loss.numbers, ("batch", "equal-loss", "random-loss")),
    (4.0, measure_places.two_way, ("left-right", "binding", "left-right-twin", "picture:two-way")),
    (9.0, measure_places.readouts, ("readouts", "picture:readouts", "where")),
    (0.3, measure_loss.goal, ("goal", "picture:batch")),
)


def run(plan: Plan, ctx: RunContext) -> Iterator[Event]:
    """Report what was asked for, in the order of the chapters, and what the next chapter shows: then it opens at once."""
    keys = ctx.keys(plan) | ahead(plan, ctx.want)
    asked = session(plan, {id: answer for id, answer in ctx.answers.items() if id not in CHECKERS})
    steps = [(cost, measure, found) for cost, measure, found in STEPS if keys.intersection(found)]
    code = [id for id in CHECKERS if id in ctx.want and id in ctx.answers]
    total, done = sum(cost for cost, _, _ in steps) + len(code) + 0.1, 0.05
    yield Progress(done=0, say="starting")
    if ctx.want - CHECKERS.keys():
        yield Log(say=asked.clip.say)
    for cost, measure, found in steps:
        measuring = measure(asked)
        while True:
            try:
                share = next(measuring)
            except StopIteration as stop:
                values: Mapping[str, object] = stop.value
                break
            yield Progress(done=min(0.999, (done + cost * share) / total), say=found[0].removeprefix("picture:"))
        for key in found:
            if key in keys and key in values:
                value = values[key]
                yield value if isinstance(value, Picture) else Fact(key=key, value=value)
        done += cost
        yield Progress(done=min(0.999, done / total), say=found[0].removeprefix("picture:"))
    for id in code:
        yield from checked(plan, id, ctx)
        done += 1
        yield Progress(done=min(0.999, done / total), say=id)
    yield Progress(done=1, say="done")


def ahead(plan: Plan, want: frozenset[str]) -> frozenset[str]:
    """What the chapter after the wanted questions shows before its answers are sealed."""
    if not want:
        return frozenset()
    following = max(plan.question(id).stage for id in want) + 1
    return frozenset(key for question in plan.of_stage(following) for key in question.needs)


def checked(plan: Plan, id: str, ctx: RunContext) -> Iterator[Event]:
    """A learner's source against its checker; the report as a fact, yours beside target as a picture."""
    from labs.figures import beside

    question = plan.question(id)
    assert question.kind == "code"
    assert ctx.check_code is not None
    report = ctx.check_code(question, ctx.answers[id]["source"], f"labs.clip_zero_shot.checkers:{CHECKERS[id]}", {"seed": plan.seed})
    yield Fact(key=f"code:{id}", value=report.model_dump(mode="json", exclude={"yours", "target"}))
    if report.target:
        yield beside(f"mosaic:{id}", question.title, report.yours, report.target)
