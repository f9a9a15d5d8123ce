"""noising: signal, noise and schedules (LABS 3.9). What x_t is made of, where the noise overtakes a picture, what is left at the end,
when networks stop reading it, and how to go back.

Tasks have the numbers of LABS; further parts of a task follow from q12 on: q12, q13 of task 7, q14, q15 of task 8, q16, q17 of task 10.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from labs.noising import META, code_tasks, meaning, mixing, readers, replay, scales, timing, verdicts
from labs.noising.params import VERSION, Params, draw
from studyapp.labkit.api import (
    BackendRef,
    Chapter,
    Event,
    Facts,
    Mutant,
    Picture,
    Plan,
    Question,
    Review,
    RunContext,
    Truth,
    asked_for,
)

CHAPTERS = (
    Chapter(title="Picture and noise", minutes=3),
    Chapter(title="Variances", minutes=4),
    Chapter(title="Schedules", minutes=6),
    Chapter(title="What is lost first", minutes=5),
    Chapter(title="What it means", minutes=6),
    Chapter(title="Write it", minutes=10, needed=False),
)
REVIEW_BACKEND = BackendRef(kind="tiny", name="tiny")


class Noising:
    """The lab object; see studyapp.labkit.api.Lab."""

    id = "noising"
    title = str(META["title"])
    sections: tuple[str, ...] = ("S8", "S10")
    backends: tuple[str, ...] = ("none", "tiny")
    version = VERSION

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        """Draw the instance of a seed. On `none` only what arithmetic decides is asked; ids keep the numbers of the tasks."""
        params, sibling = draw(seed, level), draw(seed + 1, level)
        questions: list[Question] = [
            mixing.order(params, sibling),
            mixing.factor(params, sibling, seed),
            mixing.kept_variance(params, sibling),
            mixing.summed(params, sibling),
            mixing.unscaled(params, sibling),
            timing.crossing(params, sibling),
            timing.last_step(params, sibling, seed),
            timing.schedules(params, sibling),
            scales.pick(params, sibling),
            meaning.growth(params, sibling),
            meaning.sampler(params, sibling, seed),
            meaning.sentence(params, sibling, seed),
        ]
        if backend.kind != "none":
            questions += [readers.forecast(params, sibling, "q7"), readers.forecast(params, sibling, "q12")]
            questions += [readers.explain(params, sibling, seed), code_tasks.add_noise(), code_tasks.predict_x0()]
        return Plan(
            lab=self.id,
            version=VERSION,
            seed=seed,
            backend=backend,
            level=level,
            params=params.row(),
            questions=tuple(sorted(questions, key=lambda question: (question.stage, PLACES.index(question.id)))),
            chapters=CHAPTERS,
        )

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        """In a worker: noise, schedules step by step, and the networks that read."""
        from labs.noising.run import run

        return run(plan, ctx)

    def warm(self, backend: BackendRef) -> None:
        """In a worker: import and load what the backend needs."""
        if backend.kind == "none":
            return
        from labs.noising.run import readers as loaded
        from labs.zoo.load import warm

        warm(backend)
        loaded(backend.model_dump_json())

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        """From the facts of the run alone; the sentences of `why` give the calculation."""
        found = verdicts.measured(plan, facts)
        for id, sources in self.solutions().items():
            if id in {question.id for question in plan.questions}:
                found[id] = Truth.of_code(sources[0], facts.get(f"code:{id}"), f"mosaic:{id}")
        return found

    def closed_form(self, plan: Plan) -> Mapping[str, Truth]:
        """The same by formula, for tasks that have one."""
        return verdicts.formulas(plan)

    def review(self, what: str, seed: int) -> Review:
        """A torch-free instance of a task ("q1" or "1"), of all tasks of a concept, or of those that a misconception shows up in."""
        plan = self.plan(seed, REVIEW_BACKEND)
        closed = self.closed_form(plan)
        chosen = asked_for(self.id, [question for question in plan.questions if question.id in closed], what)
        return Review(
            plan=plan,
            questions=tuple(chosen),
            truth={question.id: closed[question.id] for question in chosen},
            pictures=_text_pictures(plan, chosen),
        )

    def replay_review(self, what: str, seed: int, facts: Facts) -> Review:
        """A fresh question about what the networks of an earlier run read (task 7), from its stored facts."""
        return replay.review(what, seed, facts)

    def solutions(self) -> Mapping[str, Sequence[str]]:
        """Right sources of each code task, the reference first."""
        from labs.noising import solutions

        return solutions.ALL

    def mutants(self) -> Mapping[str, Sequence[Mutant]]:
        """Wrong sources of each code task with the trap each expects."""
        from labs.noising import mutants

        return mutants.ALL


PLACES = ("q1", "q2", "q8", "q14", "q15", "q4", "q5", "q6", "q9", "q7", "q12", "q13", "q16", "q17", "q11", "q3", "q10")


def _text_pictures(plan: Plan, chosen: Sequence[Question]) -> tuple[Picture, ...]:
    """What the chosen questions show, as lines of text and in words."""
    from labs.noising import pictures

    keys = dict.fromkeys(key for question in chosen for key in question.needs)
    params = Params.of(plan.params)
    return tuple(pictures.shown(key, params, plan.seed, plan.level, png=False) for key in keys if key in pictures.BEFORE)


LAB = Noising()
