"""vlm-probes: where vision-language models break (LABS 3.6). Six probes with a dial each, asked in pairs and once of a grey picture.

Chapter 1: the learner answers first, and forecasts. Chapter 2: where it breaks, and why. Chapter 3: reading the scores. Chapter 4 (never
needed for the hand-off): d' and bias, written. A failure is called one only where the model beats a grey picture at the easy end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from labs.vlm_probes import META, cards, code_task, tasks_break, tasks_first, tasks_scores, truths
from labs.vlm_probes.params import PAID, Params, draw
from labs.vlm_probes.probes import FAMILIES, VERSION, WIDE
from labs.vlm_probes.speakers import world_of
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

CHAPTERS = (
    Chapter(title="You first", minutes=5),
    Chapter(title="Where it breaks, and why", minutes=6),
    Chapter(title="Reading the scores", minutes=6),
    Chapter(title="Write it", minutes=8, needed=False),
)
BUDGETS = {"hf": Budget(seconds=3600, memory_mb=16000), "openai": Budget(seconds=3600)}
THRICE = 3
ABSENT = ("absent", "picture:absent")  # POPE's three kinds of absent things, asked about where asking costs nothing


class VlmProbes:
    """The lab object; see studyapp.labkit.api.Lab."""

    id = "vlm-probes"
    title = str(META["title"])
    sections: tuple[str, ...] = ("S7", "S12", "S13")
    backends: tuple[str, ...] = ("tiny", "hf", "openai", "human", "none", "replay")
    version = VERSION

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        """Draw the instance of a seed. On `none` only what arithmetic decides is asked, on `human` the learner's own pictures too; ids keep
        the numbers of the tasks. Level 2 asks six times as many questions."""
        params, sibling = draw(seed, backend, level), draw(seed + 1, backend, level)
        questions: list[Question] = []
        if backend.kind != "none":
            questions.append(tasks_first.you_first(params))
        if backend.kind not in cards.OFFLINE:
            questions += [tasks_first.how_often(params, sibling, world_of(backend)), tasks_first.hardest(seed)]
            questions += [tasks_break.three_of_eight(), tasks_break.half_way(), tasks_break.remove_the_cause(params, seed)]
        group, independent, table = cards.known_traps(seed, params) if backend.kind in cards.OFFLINE else ((), (), ())
        questions += [
            tasks_scores.group_accuracy(group, seed),
            tasks_scores.yes_score(params, table, seed, ABSENT if backend.kind in ("tiny", "hf") else ()),
            tasks_scores.what_grey_says(seed),
            tasks_break.name_the_failure(seed),
            code_task.dprime(),
            tasks_scores.independent(independent, seed),
        ]
        return Plan(
            lab=self.id,
            version=VERSION,
            seed=seed,
            backend=backend,
            level=level,
            params=params.row(),
            questions=tuple(sorted(questions, key=lambda question: int(question.id[1:]))),
            chapters=CHAPTERS,
            budget=BUDGETS.get(backend.kind, Budget()),
        )

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        """In a worker: what the model really says."""
        from labs.vlm_probes.run import run

        return run(plan, ctx)

    def warm(self, backend: BackendRef) -> None:
        """In a worker: load the model that the run will ask."""
        if backend.kind in ("tiny", "hf"):
            from labs.vlm_probes.speakers import speaker

            speaker(backend, None)

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        """From the facts of the run alone."""
        found: dict[str, Truth] = {}
        if "sheet" in facts:
            found["q1"] = truths.you(facts["sheet"])
        if "families" in facts:
            found["q2"] = truths.often(plan, facts["families"])
            found["q3"] = truths.hardest(plan, facts["families"], facts.get("kinds"))
        if "eight" in facts:
            found["q4"] = truths.eight(facts["eight"])
        if "curve" in facts:
            found["q5"] = truths.curve(plan, facts["curve"])
        if "pairs" in facts:
            found["q6"], found["q12"] = truths.group(facts["pairs"]), truths.independent(facts["pairs"])
        if "table" in facts:
            found["q7"] = truths.yes_score(Params.of(plan.params).metric, facts["table"])
        if "grey" in facts:
            found["q8"] = truths.grey(plan, facts["grey"])
        if "switches" in facts:
            found["q9"] = truths.switched(plan, facts["switches"])
        if "lines" in facts:
            found["q10"] = truths.classes(plan, facts["lines"])
        found["q11"] = Truth.of_code(self.solutions()["q11"][0], facts.get("code:q11"), "picture:code:q11")
        return found

    def closed_form(self, plan: Plan) -> Mapping[str, Truth]:
        """By formula, where no model answers: from the tables that the seed made up."""
        return cards.closed_form(plan) if plan.backend.kind in cards.OFFLINE else {}

    def review(self, what: str, seed: int) -> Review:
        """A torch-free instance of a task ("q6" or "6"), of a concept, or of what shows a misconception."""
        return cards.review(self, what, seed)

    def replay_review(self, what: str, seed: int, facts: Facts) -> Review:
        """A fresh question over the facts of an earlier run: another probe, another pair of probes, another cause."""
        return cards.replay_review(self, what, seed, facts)

    def solutions(self) -> Mapping[str, Sequence[str]]:
        """Right sources of the code task, the reference first."""
        from labs.vlm_probes import solutions

        return solutions.ALL

    def mutants(self) -> Mapping[str, Sequence[Mutant]]:
        """Wrong sources of the code task with the trap each expects."""
        from labs.vlm_probes import mutants

        return mutants.ALL

    def calls(self, plan: Plan, stage: int) -> int:
        """Calls that a chapter makes at most, the three askings of an item counted each."""
        if plan.backend.kind not in PAID:
            return 0
        two = 2 * Params.of(plan.params).pairs
        if stage == 0:  # the sheet; three settings of each probe, and their questions with a grey picture (a pair shares one)
            pictures = 3 * two * len(FAMILIES)
            return THRICE * (12 + pictures + pictures // 2)
        return THRICE * two * (len(FAMILIES) + 1) if stage == 1 else 0

    def picture_size(self, plan: Plan) -> tuple[int, int]:
        """Pixels of what is sent; a close view has as many, a picture at twice the resolution four times as many."""
        return WIDE.size, WIDE.size


LAB = VlmProbes()
