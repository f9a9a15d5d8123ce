"""What the worker works with during a run: the plan, the context, and the bench that keeps the answers from chapter to chapter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from labs.vlm_probes import pictures, summary
from labs.vlm_probes.bench import Bench
from labs.vlm_probes.params import PAID, Params
from labs.vlm_probes.probes import FAMILIES, MAIN, VERSION, Cell
from labs.vlm_probes.reading import Reading
from labs.vlm_probes.speakers import speaker
from labs.vlm_probes.told import Couple
from studyapp.labkit.api import Event, Fact, Plan, RunContext

OFFLINE = ("none", "human")  # backends on which no model answers
_benches: dict[str, Bench] = {}  # of the run in play: later chapters go on with its answers


@dataclass
class Stage:
    """What a producer works with; the model is loaded when it is first asked for."""

    plan: Plan
    ctx: RunContext

    @property
    def params(self) -> Params:
        return Params.of(self.plan.params)

    @property
    def offline(self) -> bool:
        return self.plan.backend.kind in OFFLINE

    @property
    def bench(self) -> Bench:
        kind, params = self.plan.backend.kind, self.params
        key = f"{self.plan.backend.model_dump_json()} {params.first} {params.pairs}"
        model = speaker(self.plan.backend, self.ctx.ask)
        if key not in _benches:
            _benches.clear()
            _benches[key] = Bench(model, params.first, params.pairs, sparse=kind in PAID)
        _benches[key].speaker = model
        return _benches[key]

    def random(self, task: str) -> Random:
        return Random(f"vlm-probes/{VERSION}/{self.plan.seed}/{task}")


def main_cells(bench: Bench) -> list[Cell]:
    """All settings of the main dials."""
    return [cell for dial in MAIN.values() for cell in summary.levels(dial, bench)]


def by_probe(bench: Bench) -> dict[str, list[Couple]]:
    """All answers to the main dials, probe by probe."""
    return {family: [couple for cell in summary.levels(dial, bench) for couple in bench.couples(cell)] for family, dial in MAIN.items()}


def skilled_probes(bench: Bench) -> list[str]:
    """Probes on which the model beats a grey picture at the easy end: only there is a wrong answer called a failure."""
    return [family for family in FAMILIES if summary.probe(MAIN[family], bench)["status"] == "skill"]


def shown(said: Reading) -> str:
    """A reply in a table or a line: its value, or what came instead of one."""
    if said.outcome == "value":
        return said.value
    short = " ".join(said.raw.split())[:40]
    return f"({said.outcome}{f': {short}' if short else ''})"


def nothing(name: str, letters: tuple[str, ...] | str, say: str, fact: str | None = None, line: str | None = None) -> Iterator[Event]:
    """Where a run has nothing to show for a task: a picture that says so, and a fact that makes the task void."""
    yield Fact(key=fact or name, value={"void": say})
    yield pictures.answers_table(f"picture:{name}", say, [])
    for letter in letters:
        yield Fact(key=f"{line or name}-{letter}", value="(nothing)")
    if name == "eight":
        yield pictures.answers_table("picture:eight-said", say, [])
