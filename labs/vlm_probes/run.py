"""The worker's side: runs the producers of what is asked for, checks the learner's code, and passes on no more than that."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from labs.vlm_probes import pictures, producers, producers_scores
from labs.vlm_probes.first_sheet import LETTERS
from labs.vlm_probes.stage import Stage
from labs.vlm_probes.tasks_break import EIGHT, FIVE
from studyapp.labkit.api import Event, Fact, Log, Plan, Progress, RunContext

CODE = "q11"
CHECKER = "labs.vlm_probes.checkers:check_dprime"
SHEET_KEYS = frozenset({"picture:sheet", *(f"ask-{letter}" for letter in LETTERS)})
PRODUCERS: tuple[tuple[frozenset[str], Callable[[Stage], Iterator[Event]]], ...] = (
    (SHEET_KEYS, producers.show_sheet),
    (frozenset({"sheet", "picture:you"}), producers.judge_sheet),
    (frozenset({"families", "kinds", "picture:bars", "picture:families", "picture:counts"}), producers.families),
    (frozenset({"eight", "picture:eight", "picture:eight-said", *(f"eight-{letter}" for letter in EIGHT)}), producers.eight),
    (frozenset({"curve", "curve-ask", "picture:curve"}), producers.curve),
    (frozenset({"switches", "picture:switches"}), producers.switches),
    (frozenset({"lines", "picture:five", *(f"line-{letter}" for letter in FIVE)}), producers.lines),
    (frozenset({"pairs", "pairs-say", "pair-share", "picture:pairs"}), producers_scores.pairs),
    (frozenset({"table", "table-say", "picture:table"}), producers_scores.table),
    (frozenset({"grey", "grey-say", "grey-seen", "grey-n", "grey-share", "grey-chance"}), producers_scores.grey),
    (frozenset({"signal", "picture:signal"}), producers_scores.signal),
    (frozenset({"absent", "picture:absent"}), producers_scores.absent),
)


def run(plan: Plan, ctx: RunContext) -> Iterator[Event]:
    """Report what was asked for."""
    keys, stage = ctx.keys(plan), Stage(plan, ctx)
    parts = [make for known, make in PRODUCERS if known & keys]
    code = CODE in ctx.want and CODE in ctx.answers
    yield Progress(done=0, say="starting")
    if ctx.want and not stage.offline:
        yield Log(say=stage.bench.speaker.say)
    done = 0.0
    for number, make in enumerate(parts):
        for event in make(stage):
            if isinstance(event, Progress):  # a part may ask in several rounds
                done = max(done, (number + event.done) / (len(parts) + 1))
                yield Progress(done=done, say=event.say)
            elif getattr(event, "key", None) in keys:
                yield event
        done = (number + 1) / (len(parts) + 1)
        yield Progress(done=done)
    if code:
        yield from _checked(plan, ctx)
    yield Progress(done=1, say="done")


def _checked(plan: Plan, ctx: RunContext) -> Iterator[Event]:
    """The learner's source against its checker: the report as a fact, yours beside target as a picture."""
    question = plan.question(CODE)
    assert question.kind == "code"
    assert ctx.check_code is not None
    report = ctx.check_code(question, ctx.answers[CODE]["source"], CHECKER, {"seed": plan.seed})
    yield Fact(key=f"code:{CODE}", value=report.model_dump(mode="json", exclude={"yours", "target"}))
    if report.target:
        yield pictures.yours_and_target(report.yours, report.target)
