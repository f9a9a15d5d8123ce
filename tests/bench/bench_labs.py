"""Two labs for measuring the screen beside them: BUSY computes with torch on one thread for a minute, CODE has a task that needs torch."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from studyapp.labkit.api import (
    BackendRef,
    CodeQuestion,
    CodeReport,
    Event,
    Fact,
    Facts,
    Hint,
    NumberQuestion,
    Plan,
    Progress,
    RunContext,
    Truth,
)

SECONDS = 60.0
HINTS = tuple(Hint(step=step, text=f"step {step}") for step in range(1, 5))


class Busy:
    """A minute of matrix products, with a line every tenth of a second."""

    id, title, sections, backends, version = "busy", "Busy", ("S1",), ("tiny",), 1

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        question = NumberQuestion(id="q1", title="How many?", ask="How many?", concept="count", hints=HINTS, decided_by=("count",))
        return Plan(lab=self.id, version=1, seed=seed, backend=backend, questions=(question,), budget={"seconds": 300})  # type: ignore[arg-type]

    def warm(self, backend: BackendRef) -> None:
        import torch  # noqa: F401

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        import torch

        torch.set_num_threads(ctx.threads)
        matrix, began = torch.rand(256, 256), time.monotonic()
        while (spent := time.monotonic() - began) < SECONDS:
            yield Progress(done=spent / SECONDS, say=f"{spent:.1f} s")
            until = time.monotonic() + 0.1
            while time.monotonic() < until:
                matrix = torch.tanh(matrix @ matrix)
        yield Fact(key="count", value=1)
        yield Progress(done=1)

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        return {"q1": Truth(value=facts["count"])} if "count" in facts else {}


class Code:
    """One function to write, checked in an interpreter that has torch."""

    id, title, sections, backends, version = "code", "Code", ("S1",), ("tiny",), 1

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        question = CodeQuestion(
            id="q1",
            title="Write it",
            ask="Write f(x).",
            concept="code",
            hints=HINTS,
            decided_by=("code:q1",),
            entry="f",
            stub="def f(x):\n    return 0\n",
        )
        return Plan(lab=self.id, version=1, seed=seed, backend=backend, questions=(question,))

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        yield Progress(done=0)
        if "q1" in ctx.answers and ctx.check_code is not None:
            report = ctx.check_code(plan.question("q1"), ctx.answers["q1"]["source"], f"{__name__}:check", {})  # type: ignore[arg-type]
            yield Fact(key="code:q1", value=report.model_dump(mode="json"))
        yield Progress(done=1)

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        report = facts.get("code:q1")
        return {"q1": Truth(value={"source": "..."}, report=CodeReport.model_validate(report) if report else None)}


def check(space: Mapping[str, Any], args: Mapping[str, Any]) -> dict[str, Any]:
    """Called in the sandbox: what f gives is told, so that each check has a text of its own."""
    import torch

    return {"ok": False, "first_failure": "value", "say": f"f gives {float(torch.tensor(space['f'](1))):g}"}


BUSY, CODE = Busy(), Code()
