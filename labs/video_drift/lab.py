"""video-drift: identity drift and the metrics that miss it (LABS 3.13).

Chapter 1 is for the eye, chapter 2 asks what each score sees, chapter 3 reads curves and totals, chapter 4 (never needed for the
hand-off) is for three functions. `none` serves what is arithmetic or true by how a clip was made; `human` marks four clips beside
the metrics; a clip of the learner's own (STUDYAPP_CLIP) is scored beside the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from labs.video_drift import META, code_tasks, eye, numbers, owned, replays, scores, truths
from labs.video_drift.params import VERSION, Params, draw
from studyapp.labkit.api import BackendRef, Budget, Chapter, Event, Facts, Mutant, Plan, Question, Review, RunContext, Truth

CHAPTERS = (
    Chapter(title="Look first", minutes=4),
    Chapter(title="What the scores see", minutes=6),
    Chapter(title="Curves and totals", minutes=5),
    Chapter(title="Write it", minutes=22, needed=False),
)
BY_EYE = (Chapter(title="Mark the break", minutes=4), Chapter(title="Name what broke", minutes=2))


class VideoDrift:
    """The lab object; see studyapp.labkit.api.Lab."""

    id = "video-drift"
    title = str(META["title"])
    sections: tuple[str, ...] = ("S11", "S12", "S13")
    backends: tuple[str, ...] = ("none", "tiny", "hf", "human")
    version = VERSION

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        """Draw the instance of a seed; BadInput where the learner's own clip cannot be used."""
        own = owned.chosen() if backend.kind in ("tiny", "hf") else None
        params, sibling = draw(seed, level, backend.kind, own), draw(seed + 1, level, backend.kind)
        return Plan(
            lab=self.id,
            version=VERSION,
            seed=seed,
            backend=backend,
            level=level,
            params=params.row(),
            questions=tuple(sorted(asked(params, sibling, backend), key=lambda question: int(question.id[1:]))),
            chapters=BY_EYE if backend.kind == "human" else CHAPTERS,
            budget=Budget(seconds=600, memory_mb=8000) if backend.kind == "hf" else Budget(),
        )

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        """In a worker: draw the clips, read them, score them."""
        from labs.video_drift.run import run

        return run(plan, ctx)

    def warm(self, backend: BackendRef) -> None:
        """In a worker: import what the backend needs."""
        from labs.video_drift.run import warm

        warm(backend)

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        """From the facts of the run alone."""
        return truths.measured(plan, facts)

    def closed_form(self, plan: Plan) -> Mapping[str, Truth]:
        """By how the clips were made, and by arithmetic: tasks 1, 7, 9, 11."""
        return truths.closed(plan)

    def review(self, what: str, seed: int) -> Review:
        """A torch-free instance of a task that has a closed form ("q1" or "1"), of a concept, or of a misconception."""
        return replays.fresh(self.plan(seed, BackendRef(kind="none", name="none")), what)

    def replay_review(self, what: str, seed: int, facts: Facts) -> Review:
        """A new question over the scores and curves that an earlier run stored: another metric, another clip, another bound."""
        return replays.over(what, seed, facts)

    def solutions(self) -> Mapping[str, Sequence[str]]:
        """Right sources of each code task, the reference first."""
        from labs.video_drift import solutions

        return solutions.ALL

    def mutants(self) -> Mapping[str, Sequence[Mutant]]:
        """Wrong sources of each code task with the trap each expects."""
        from labs.video_drift import mutants

        return mutants.ALL


def asked(params: Params, sibling: Params, backend: BackendRef) -> list[Question]:
    """The questions of a backend; ids keep the numbers of the tasks."""
    seed, level = params.seed, params.level
    if backend.kind == "human":
        return [*(eye.mark(id, seed, level) for id in eye.CLIPS), eye.label(seed, level, stage=1)]
    found: list[Question] = [
        eye.mark("q1", seed, level),
        eye.label(seed, level),
        numbers.flicker(params, sibling),
        numbers.share(params, sibling),
    ]
    if backend.kind != "none":
        found += [scores.order(params, backend), scores.ties(params, backend), scores.match(params, backend)]
        found += [numbers.half_life(params, backend), numbers.forecast(params)]
        found += [code_tasks.consistency(), code_tasks.gap_curve(), code_tasks.motion()]
    if params.own:
        found.append(owned.question(params, backend))
    return found


LAB = VideoDrift()
