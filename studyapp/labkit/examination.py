"""What the conformance tests share: the lab's plan, workers of several kinds, and runs played once and looked at often."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from studyapp.errors import BadInput
from studyapp.labkit.api import Event, Json, Lab, Mutant, Plan, Review, Truth
from studyapp.labkit.backends import resolve
from studyapp.labkit.discover import load_ref
from studyapp.labkit.run_state import Memory
from studyapp.labkit.runner import LabRun, ignore, play
from studyapp.workers.pool import Workers
from studyapp.workers.worker import Limits, Setup

SEED = 7


class Examination:
    """One lab under examination, on its first backend that needs nothing from outside."""

    def __init__(self, ref: str, folder: Path, seeds: int = 200, backend: str | None = None) -> None:
        self.ref = ref
        self.folder = folder
        self.seeds = seeds
        self.lab: Lab = load_ref(ref)
        offline = [name for name in ("tiny", "none") if name in self.lab.backends]
        if backend is None and not offline:
            raise ValueError(f"{self.lab.id} has no offline backend (tiny or none) to be examined on")
        self.backend = resolve(backend or offline[0], self.lab.backends, self.lab.id)
        self.workers = Workers(Setup(threads=1))
        self._played = 0

    def plan(self, seed: int = SEED) -> Plan:
        return self.lab.plan(seed, self.backend)

    def new_run(self, plan: Plan | None = None, workers: Workers | None = None, sink: Memory | None = None) -> LabRun:
        """A run in a folder of its own."""
        self._played += 1
        return LabRun(self.ref, plan or self.plan(), self.folder / f"run{self._played}", sink or Memory(), workers or self.workers)

    def play(self, answers: Mapping[str, Any], workers: Workers | None = None) -> LabRun:
        run = self.new_run(workers=workers)
        play(run, answers, ignore)
        return run

    @cached_property
    def empty(self) -> LabRun:
        """A run in which every question was skipped."""
        return self.play({})

    @cached_property
    def truths(self) -> dict[str, Json]:
        """The right answers of the plan, as that run told them; of an interval, both its ends."""
        told = {id: verdict.truth for id, verdict in self.empty.state.verdicts.items() if verdict.truth is not None}
        return {id: [truth, truth] if self.plan().question(id).kind == "interval" else truth for id, truth in told.items()}

    @cached_property
    def oracle(self) -> LabRun:
        """A run answered with those."""
        return self.play(self.truths)

    def closed_form(self, plan: Plan) -> Mapping[str, Truth]:
        """The lab's formulas, where it has any."""
        found: Mapping[str, Truth] = getattr(self.lab, "closed_form", lambda plan: {})(plan)
        return found

    def review(self, id: str, seed: int, facts: Mapping[str, Json]) -> Review | None:
        """A card of a task: by formula, else over the facts of a run; None where the lab gives neither."""
        for name, more in (("review", ()), ("replay_review", (facts,))):
            make: Any = getattr(self.lab, name, None)
            if make is not None:
                with contextlib.suppress(BadInput):
                    found: Review = make(id[1:], seed, *more)
                    return found
        return None

    def solutions(self) -> Mapping[str, list[str]]:
        return getattr(self.lab, "solutions", dict)()

    def mutants(self) -> Mapping[str, list[Mutant]]:
        return getattr(self.lab, "mutants", dict)()

    def judge_sources(self, sources: Mapping[str, list[str]]) -> dict[str, list[Json]]:
        """The code reports of many trusted sources, checked in one worker without a sandbox each."""
        payload = {
            "lab": self.ref,
            "plan": self.plan().model_dump(mode="json"),
            "workdir": str(self.folder),
            "threads": 1,
            "sources": dict(sources),
        }
        job = self.workers.get("sources").submit("studyapp.labkit.serve:judge_sources", payload, Limits(time_s=600))
        result: dict[str, list[Json]] = job.wait()
        return result

    def __enter__(self) -> Examination:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.workers.close()


class Seen:
    """A listener that keeps what it was told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event: Event) -> None:
        self.events.append(event)


def without_seconds(facts: Mapping[str, Json]) -> dict[str, Json]:
    """Facts without the one field that may differ between equal runs."""
    stored = json.loads(json.dumps(facts))
    for value in stored.values():
        if isinstance(value, dict) and "first_failure" in value:
            value.pop("seconds", None)
    return dict(stored)


def differences(first: Json, second: Json, tolerance: float, at: str = "") -> list[str]:
    """Where two JSON values differ; floats may by a relative tolerance, everything else must be equal."""
    if isinstance(first, float) and isinstance(second, float):
        return [] if abs(first - second) <= tolerance * max(1.0, abs(first), abs(second)) else [f"{at}: {first} and {second}"]
    if type(first) is not type(second):
        return [f"{at}: {first!r} and {second!r}"]
    if isinstance(first, dict):
        if first.keys() != second.keys():
            return [f"{at}: keys {sorted(first.keys() ^ second.keys())}"]
        return [found for key in first for found in differences(first[key], second[key], tolerance, f"{at}.{key}")]
    if isinstance(first, list):
        if len(first) != len(second):
            return [f"{at}: lengths {len(first)} and {len(second)}"]
        return [
            found for index, pair in enumerate(zip(first, second, strict=True)) for found in differences(*pair, tolerance, f"{at}[{index}]")
        ]
    return [] if first == second else [f"{at}: {first!r} and {second!r}"]
