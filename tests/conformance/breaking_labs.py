"""Labs that break a property of the contract which the sample lab's own family does not."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from studyapp.labkit.api import BackendRef, Budget, Event, Fact, Facts, Plan, Progress, RunContext, Truth
from tests.labkit.sample_lab import Doubling, check_double


class Littering(Doubling):
    """Locks its folder while it decides, so that a cancelled run cannot go on."""

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        lock = ctx.workdir / "lock"
        if ctx.want:
            if lock.exists():
                raise RuntimeError("another run is in this folder")
            ctx.workdir.mkdir(parents=True, exist_ok=True)
            lock.touch()
            for step in range(40):
                yield Progress(done=step / 100)
                time.sleep(0.1)
        yield from super().run(plan, ctx)
        lock.unlink(missing_ok=True)


class Greedy(Doubling):
    """Judging keeps 30 MB a time in the front end's process."""

    kept: ClassVar[list[bytes]] = []

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        self.kept.append(b"x" * 30_000_000)
        return super().truth(plan, facts)


class Blocking(Doubling):
    """Judging holds the interpreter, and with it the screen."""

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        usual, until = sys.getswitchinterval(), time.monotonic() + 0.8
        sys.setswitchinterval(10)  # as one long call in C would: no other thread runs meanwhile
        while time.monotonic() < until:
            pass
        sys.setswitchinterval(usual)
        return super().truth(plan, facts)


class Open(Doubling):
    """Its second question is to be shown with the very fact that decides it."""

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        plan = super().plan(seed, backend)
        question = plan.question("q2").model_copy(update={"needs": ("double", "picture", "even")})
        return plan.model_copy(update={"questions": (plan.questions[0], question, plan.questions[2])})


class Worn(Doubling):
    """What a later chapter needs is only in the memory of the worker that did an earlier one."""

    found: ClassVar[set[int]] = set()

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        if "q1" in ctx.want:
            self.found.add(plan.seed)
        elif ctx.want and plan.seed not in self.found:
            raise RuntimeError("the chapter before was not played here")
        yield from super().run(plan, ctx)


class Reckless(Doubling):
    """Runs the learner's code in its own worker."""

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        return super().plan(seed, backend).model_copy(update={"budget": Budget(seconds=3)})

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        if "q3" not in ctx.want or "q3" not in ctx.answers:
            yield from super().run(plan, ctx)
            return
        yield Progress(done=0.0)
        space: dict[str, Any] = {}
        exec(ctx.answers["q3"]["source"], space)
        yield Fact(key="code:q3", value=check_double(space, {"entry": "double"}))
        yield Progress(done=1.0)


LITTERING, GREEDY, BLOCKING, OPEN, WORN, RECKLESS = Littering(), Greedy(), Blocking(), Open(), Worn(), Reckless()
