"""clip-zero-shot: one space for pictures and texts (LABS 3.3). Which label wins, what a score says, what the loss asks for, and what the
pooled vector has lost.

Tasks 1 to 11 keep their numbers; 12 to 19 are their second halves: the reason after task 1 (12), the shared space (13), what task 7 asks
first (14, 15), the rest of task 9 (16 to 19).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from labs.clip_zero_shot import META, code_tasks, places, reviews, seeing, training, verdicts
from labs.clip_zero_shot.params import VERSION, Params, draw
from studyapp.labkit.api import (
    BackendRef,
    Budget,
    Chapter,
    Event,
    Facts,
    Mutant,
    Plan,
    Question,
    Review,
    RunContext,
    Truth,
)

Task = Callable[[Params, Params, int], Question]
CHAPTERS = (
    Chapter(title="Which label wins?", minutes=4),
    Chapter(title="What a score says", minutes=5),
    Chapter(title="The loss by hand", minutes=4),
    Chapter(title="Left or right?", minutes=4),
    Chapter(title="So where was it?", minutes=3),
    Chapter(title="Write it", minutes=20, needed=False),
)


class ClipZeroShot:
    """The lab object; see studyapp.labkit.api.Lab."""

    id = "clip-zero-shot"
    title = str(META["title"])
    sections: tuple[str, ...] = ("S3",)
    backends: tuple[str, ...] = ("tiny", "hf")
    version = VERSION

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        """Draw the instance of a seed. A model directory has no fine-tuned twin, so task 17 is left out there; ids keep their numbers."""
        params, sibling = draw(seed, backend, level), draw(seed + 1, backend, level)
        tasks: list[Task] = [
            seeing.winners, seeing.outside, seeing.templates,
            seeing.winning, seeing.share, seeing.blind, seeing.space,
            training.negatives, training.equal_logits, training.random_features,
            places.left_right, places.binding, *([places.cured] if params.twin else []), places.read_out,
            places.where, training.goal,
        ]  # fmt: skip
        questions: list[Question] = [task(params, sibling, seed) for task in tasks]
        return Plan(
            lab=self.id,
            version=VERSION,
            seed=seed,
            backend=backend,
            level=level,
            params=params.row(),
            questions=(*questions, code_tasks.zero_shot(), code_tasks.ensemble(), code_tasks.info_nce()),
            chapters=CHAPTERS,
            budget=Budget(seconds=900, memory_mb=12000) if backend.kind == "hf" else Budget(),
        )

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        """In a worker: what the model really does."""
        from labs.clip_zero_shot.run import run

        return run(plan, ctx)

    def warm(self, backend: BackendRef) -> None:
        """In a worker: import and load the model."""
        from labs.zoo import load

        load.warm(backend)
        for name in ("shapeclip", "shapeclip-swapped") if backend.kind == "tiny" else ("",):
            load.clip(backend, name)

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        """From the facts of the run alone."""
        found = verdicts.measured(plan, Params.of(plan.params), facts)
        for id, sources in self.solutions().items():
            found[id] = Truth.of_code(sources[0], facts.get(f"code:{id}"), f"mosaic:{id}")
        return found

    def closed_form(self, plan: Plan) -> Mapping[str, Truth]:
        """The tasks of chapter 3, by formula."""
        return verdicts.by_formula(plan.seed, Params.of(plan.params))

    def review(self, what: str, seed: int) -> Review:
        """A torch-free instance of a task ("q2" or "2"), or of a concept or misconception; BadInput for what only a run decides."""
        return reviews.fresh(self, what, seed)

    def replay_review(self, what: str, seed: int, facts: Facts) -> Review:
        """Another question over stored facts of an earlier run: another picture, other labels, the same bars."""
        return reviews.replayed(self, what, seed, facts)

    def solutions(self) -> Mapping[str, Sequence[str]]:
        """Right sources of each code task, the reference first."""
        from labs.clip_zero_shot import solutions

        return solutions.ALL

    def mutants(self) -> Mapping[str, Sequence[Mutant]]:
        """Wrong sources of each code task with the trap each expects."""
        from labs.clip_zero_shot import mutants

        return mutants.ALL


LAB = ClipZeroShot()
