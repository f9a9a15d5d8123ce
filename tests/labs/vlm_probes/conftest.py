"""Stand-ins for a model: what they say follows from a rule of the test, so every figure can be worked out beside the lab."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from labs.vlm_probes import stage as stages
from labs.vlm_probes.lab import LAB
from labs.vlm_probes.probes import SMALL, Shot
from labs.vlm_probes.run import run
from labs.vlm_probes.speakers import Speaker
from studyapp.labkit.api import BackendRef, Event, Fact, Picture, Plan, RunContext

Rule = Callable[[Shot], str | None]


Played = tuple[dict[str, Any], dict[str, Picture]]


@pytest.fixture(scope="module")
def in_process(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Played]:
    """Play a plan in this very process, chapter by chapter, shown and decided: its facts and pictures."""
    folder = tmp_path_factory.mktemp("run")

    def play(plan: Plan, chapters: tuple[int, ...] = (0, 1, 2, 3)) -> Played:
        stages._benches.clear()
        facts: dict[str, Any] = {}
        pictures: dict[str, Picture] = {}
        for number in chapters:
            questions = plan.of_stage(number)
            show = frozenset(key for question in questions for key in question.needs)
            for want in (frozenset[str](), frozenset(question.id for question in questions)):
                context = RunContext(plan.backend, folder, 1e12, want=want, show=show if not want else frozenset())
                for event in told(run(plan, context)):
                    if isinstance(event, Fact):
                        facts[event.key] = event.value
                    elif isinstance(event, Picture):
                        pictures[event.key] = event
        stages._benches.clear()
        return facts, pictures

    return play


@pytest.fixture(scope="module")
def facts_of(in_process: Callable[..., Played]) -> Callable[..., tuple[Plan, dict[str, Any], dict[str, Picture]]]:
    """Play a plan on a speaker that answers by a rule: its plan, facts and pictures."""

    def play(rule: Rule, seed: int = 7, pairs: int = 3, chapters: tuple[int, ...] = (0, 1, 2, 3)) -> Any:
        def ask(shots: Sequence[Shot], prompts: Sequence[str], listing: bool, say: str) -> list[str | None]:
            return [rule(shot) for shot in shots]

        plan = LAB.plan(seed, BackendRef(kind="tiny", name="tiny"))
        plan = plan.model_copy(update={"params": {**plan.params, "pairs": pairs}})
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stages, "speaker", lambda backend, asker: Speaker(ask, "word", SMALL, "a stand-in", ("crop",), 24))
            return plan, *in_process(plan, chapters)

    return play


def told(events: Iterator[Event]) -> Iterator[Event]:
    """The events of a run, with the demand that progress never falls and ends at 1."""
    done = [0.0]
    for event in events:
        if hasattr(event, "done"):
            assert event.done >= done[-1]
            done.append(event.done)
        yield event
    assert done[-1] == 1
