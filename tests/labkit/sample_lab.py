"""A lab without a model: doubling a number. Three stages, the second of which shows what the first found; the third is code."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from studyapp.errors import BadInput
from studyapp.labkit.api import (
    BackendRef,
    ChoiceQuestion,
    CodeQuestion,
    CodeReport,
    Event,
    Fact,
    Facts,
    Hint,
    Mutant,
    NumberQuestion,
    Option,
    Picture,
    Plan,
    Progress,
    Reason,
    Review,
    RunContext,
    Trap,
    Truth,
)

HINTS = tuple(Hint(step=step, text=f"step {step}") for step in range(1, 5))
PNG = bytes.fromhex(  # one black pixel
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
STUB = "def double(x):\n    raise NotImplementedError\n"


class Doubling:
    id = "doubling"
    title = "Doubling"
    sections: tuple[str, ...] = ("S1",)
    backends: tuple[str, ...] = ("none",)
    version = 1

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        n = Random(f"doubling/1/{seed}").randrange(3, 100_000)
        number = NumberQuestion(
            id="q1",
            title="Twice",
            ask=f"What is twice {n}?",
            concept="doubling",
            stage=0,
            decided_by=("double",),
            traps=(Trap(value=n * n, concept="squared", say="That is the square; twice it is {truth}, not {said}."),),
            hints=HINTS,
        )
        choice = ChoiceQuestion(
            id="q2",
            title="Even?",
            ask="The double was {fact:double}. Is it even?",
            concept="parity",
            stage=1,
            needs=("double", "picture"),
            decided_by=("even",),
            options=(
                Option(id="a", text="yes", say="Two halves."),
                Option(id="b", text="no", concept="odd", say="It has two equal halves."),
            ),
            reason=Reason(
                ask="Why?",
                options=(Option(id="a", text="a half of it is whole"), Option(id="b", text="it is large", say="7 is large too.")),
            ),
            hints=HINTS,
        )
        code = CodeQuestion(
            id="q3",
            title="Write it",
            ask="Write double(x).",
            concept="doubling",
            stage=2,
            decided_by=("code:q3",),
            entry="double",
            stub=STUB,
            imports=("math",),
            traps=(Trap(code="squared", concept="squared", say="It squares."),),
            hints=HINTS,
            time_s=5,
        )
        return Plan(lab=self.id, version=1, seed=seed, backend=backend, params={"n": n, "_secret": 2 * n}, questions=(number, choice, code))

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        n = plan.params["n"]
        yield Progress(done=0.0)
        for key in sorted(ctx.keys(plan)):
            if key == "double":
                yield Fact(key=key, value=n + n)
            elif key == "even":
                yield Fact(key=key, value=(n + n) % 2 == 0)
            elif key == "picture":
                yield Picture(key=key, png=b"not really a png", grid=("##",), alt="two squares")
        if "q3" in ctx.want and "q3" in ctx.answers:
            assert ctx.check_code is not None
            question = plan.question("q3")
            report = ctx.check_code(question, ctx.answers["q3"]["source"], f"{__name__}:check_double", {})
            yield Fact(key="code:q3", value=report.model_dump(mode="json"))
            yield Picture(key="mosaic:q3", grid=(f"yours {report.got or '?'} | target 14",), alt="yours beside the target", png=PNG)
        yield Progress(done=1.0)

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        found = {}
        if "double" in facts:
            found["q1"] = Truth(value=facts["double"], why="n + n", evidence=("double",))
        if "even" in facts:
            found["q2"] = Truth(value="a" if facts["even"] else "b", reason="a")
        report = facts.get("code:q3")
        found["q3"] = Truth(value={"source": self.solutions()["q3"][0]}, report=CodeReport.model_validate(report) if report else None)
        return found

    def closed_form(self, plan: Plan) -> Mapping[str, Truth]:
        return {"q1": Truth(value=2 * plan.params["n"])}

    def review(self, what: str, seed: int) -> Review:
        """The first question by formula."""
        plan = self.plan(seed, BackendRef(kind="none", name="none"))
        if what not in ("1", "q1", "doubling"):
            raise BadInput(f"no review of {what} without a run")
        return Review(plan=plan, questions=(plan.question("q1"),), truth={"q1": self.closed_form(plan)["q1"]})

    def replay_review(self, what: str, seed: int, facts: Facts) -> Review:
        """The second question over the double that a run found: another number is added to it."""
        if what not in ("2", "q2", "parity") or "double" not in facts:
            raise BadInput(f"no review of {what} from this run")
        plan = self.plan(seed, BackendRef(kind="none", name="none"))
        k = Random(seed).randrange(1, 1000)
        asked = {"ask": f"The double was {facts['double']}. Is the double and {k} even?", "needs": (), "reason": None}
        question = plan.question("q2").model_copy(update=asked)
        return Review(plan=plan, questions=(question,), truth={"q2": Truth(value="a" if (facts["double"] + k) % 2 == 0 else "b")})

    def solutions(self) -> Mapping[str, list[str]]:
        return {"q3": ["def double(x):\n    return 2 * x\n", "def double(x):\n    return x + x\n"]}

    def mutants(self) -> Mapping[str, list[Mutant]]:
        return {"q3": [Mutant(name="squares", source="def double(x):\n    return x * x\n", expects="squared")]}


class Slow(Doubling):
    """Takes its time, in small steps."""

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        for step in range(200):
            yield Progress(done=step / 200)
            time.sleep(0.05)
        yield from super().run(plan, ctx)


class Silent(Doubling):
    """Says nothing while it decides."""

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        yield Progress(done=0.0, say="counting")
        if ctx.want:
            time.sleep(2.5)
        yield from super().run(plan, ctx)


class Blabber(Doubling):
    """Tells everything at once, whatever it was asked for."""

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        yield Fact(key="double", value=2 * plan.params["n"])
        yield Fact(key="even", value=True)
        yield Fact(key="undeclared", value="q1 is easy")
        yield Progress(done=0.7)
        yield Progress(done=0.2)
        yield from super().run(plan, ctx)


class Miscounts(Doubling):
    """Its run and its formula disagree."""

    def closed_form(self, plan: Plan) -> Mapping[str, Truth]:
        return {"q1": Truth(value=2 * plan.params["n"] + 1)}


class Crashes(Doubling):
    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        yield Progress(done=0.0)
        if ctx.want:
            raise RuntimeError("the model fell over")


class Restless(Doubling):
    """Draws from the clock."""

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        return super().plan(time.monotonic_ns(), backend).model_copy(update={"seed": seed})


class Lucky(Doubling):
    """A misconception gives the right answer."""

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        plan = super().plan(seed, backend)
        question = plan.question("q1")
        trap = Trap(value=2 * plan.params["n"], concept="lucky", say="That happens to be right.")
        changed = question.model_copy(update={"traps": (*question.traps, trap)})
        return plan.model_copy(update={"questions": (changed, *plan.questions[1:])})


class Heavy(Doubling):
    """Needs a large library to draw a number."""

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        import numpy  # noqa: F401

        return super().plan(seed, backend)


class Forgetful(Doubling):
    """Its truth is not in its facts."""

    calls = 0

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        Forgetful.calls += 1
        return {**super().truth(plan, facts), "q1": Truth(value=Forgetful.calls)}

    def closed_form(self, plan: Plan) -> Mapping[str, Truth]:
        return {}


class Mute(Doubling):
    """Its traps have no name of their own."""

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        plan = super().plan(seed, backend)
        options = (*plan.question("q2").options[:1], Option(id="b", text="no", concept="odd"))
        question = plan.question("q2").model_copy(update={"options": options, "hints": HINTS[:2]})
        return plan.model_copy(update={"questions": (plan.questions[0], question, plan.questions[2])})


class Random2(Doubling):
    """Its facts differ from process to process."""

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        import os

        for event in super().run(plan, ctx):
            yield (
                event
                if not isinstance(event, Fact)
                else Fact(key=event.key, value=os.getpid() * 2 if event.key == "double" else event.value)
            )

    def closed_form(self, plan: Plan) -> Mapping[str, Truth]:
        return {}


class Backwards(Doubling):
    """Its progress falls and stops short."""

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        for event in super().run(plan, ctx):
            yield event if not isinstance(event, Progress) else Progress(done=0.5 - event.done / 2)


class Stale(Doubling):
    """Its cards are the same for every seed."""

    def replay_review(self, what: str, seed: int, facts: Facts) -> Review:
        return super().replay_review(what, 1, facts)


class Lenient(Doubling):
    """Its checker accepts everything that can be called."""

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        for event in super().run(plan, ctx):
            if isinstance(event, Fact) and event.key == "code:q3":
                event = Fact(key=event.key, value={**event.value, "ok": True, "permutation": None})
            yield event


def check_double(space: Mapping[str, Any], args: Mapping[str, Any]) -> dict[str, Any]:
    try:
        given = space[args["entry"]](7)
    except NotImplementedError:
        return {"ok": False, "first_failure": "written", "say": "It is not written yet."}
    if given == 14:
        return {"ok": True, "say": "It doubles.", "got": "14"}
    named = "squared" if given == 49 else None
    return {"ok": False, "first_failure": "value", "say": f"7 gives {given}.", "got": str(given), "permutation": named}


LAB = Doubling()
SLOW, BLABBER, MISCOUNTS, CRASHES = Slow(), Blabber(), Miscounts(), Crashes()
RESTLESS, LUCKY, RANDOM, BACKWARDS, LENIENT = Restless(), Lucky(), Random2(), Backwards(), Lenient()
HEAVY, FORGETFUL, MUTE, SILENT, STALE = Heavy(), Forgetful(), Mute(), Silent(), Stale()
