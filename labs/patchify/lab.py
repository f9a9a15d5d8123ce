"""patchify: pixels to patch tokens (LABS 3.1). From (H, W, C, p, D) to count, vector, shapes, parameters; and what the order of axes means.

Chapter 1 asks for the sizes, chapter 2 for the consequences, chapter 3 (never needed for the hand-off) for three functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from labs.patchify import META, choices, code_tasks, shapes, traps
from labs.patchify.params import VERSION, Params, arch_of, cost, draw
from studyapp.labkit.api import (
    BackendRef,
    Budget,
    Chapter,
    Event,
    Facts,
    Json,
    Mutant,
    Picture,
    Plan,
    Question,
    Review,
    RunContext,
    Trap,
    Truth,
    asked_for,
    filled,
)

TIE = 0.02  # attention costs that differ by less are accepted in either order
CHAPTERS = (
    Chapter(title="Counting", minutes=5),
    Chapter(title="What follows from it", minutes=6),
    Chapter(title="Write it", minutes=18, needed=False),
)
REVIEW_BACKEND = BackendRef(kind="tiny", name="tiny")


class Patchify:
    """The lab object; see studyapp.labkit.api.Lab."""

    id = "patchify"
    title = str(META["title"])
    sections: tuple[str, ...] = ("S1", "S2", "S4")
    backends: tuple[str, ...] = ("none", "tiny", "hf")
    version = VERSION

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        """Draw the instance of a seed. On `none` only what arithmetic decides is asked; ids keep the numbers of the tasks."""
        arch = arch_of(backend)
        params, sibling = draw(seed, arch, level), draw(seed + 1, arch, level)
        questions: list[Question] = [
            task(params, sibling) for task in (shapes.tokens, shapes.length, shapes.block_input, shapes.parameters, shapes.costs)
        ]
        if backend.kind != "none":
            questions.append(choices.remainder(params, sibling, seed, backend))
            questions += [code_tasks.patchify(), code_tasks.unpatchify(), code_tasks.conv_to_linear()]
        questions += [choices.reconstruction(params, sibling, seed), choices.why_patches(params, sibling, seed)]
        return Plan(
            lab=self.id,
            version=VERSION,
            seed=seed,
            backend=backend,
            level=level,
            params=params.row(),
            questions=tuple(sorted(questions, key=lambda question: int(question.id[1:]))),
            chapters=CHAPTERS,
            budget=Budget(seconds=300, memory_mb=8000) if backend.kind == "hf" else Budget(),
        )

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        """In a worker: what the model really does."""
        from labs.patchify.run import run

        return run(plan, ctx)

    def warm(self, backend: BackendRef) -> None:
        """In a worker: import what the backend needs."""
        from labs.zoo.load import warm

        warm(backend)

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        """From the facts of the run alone; the sentences of `why` give the calculation."""
        params = Params.of(plan.params)
        found: dict[str, Truth] = {}
        for id, key in (("q1", "tokens"), ("q2", "patch-length"), ("q3", "block-input"), ("q4", "projection-params")):
            if key in facts:
                found[id] = Truth(value=facts[key], why=_why(params)[id], evidence=_evidence(plan, id))
        if "costs" in facts:
            found["q5"] = _costs(facts["costs"], _why(params)["q5"])
        if "remainder" in facts:
            found["q6"] = _remainder(plan, facts["remainder"]["outcome"], str(facts["remainder"]["say"]))
        if "made-by" in facts:
            found["q10"] = _made_by(facts["made-by"])
        if "pixel-tokens" in facts:
            found["q11"] = _reason(plan.seed, facts["pixel-tokens"])
        for id, sources in self.solutions().items():
            if id in {question.id for question in plan.questions}:
                found[id] = Truth.of_code(sources[0], facts.get(f"code:{id}"), f"mosaic:{id}")
        return found

    def closed_form(self, plan: Plan) -> Mapping[str, Truth]:
        """The same by formula, for tasks that have one."""
        params = Params.of(plan.params)
        values, why = traps.truths(params), _why(params)
        found = {id: Truth(value=values[id], why=why[id]) for id in ("q1", "q2", "q3", "q4")}
        found["q5"] = _costs({id: cost(setting) for id, setting in zip("abcd", params.settings, strict=True)}, why["q5"])
        found["q10"] = _made_by(choices.shuffled(plan.seed, "pick", choices.RECONSTRUCTIONS))
        found["q11"] = Truth(value=choices.letter(plan.seed, "why", choices.CLAIMS, "cost"))
        if params.policy is not None and plan.backend.kind != "none":
            found["q6"] = _remainder(plan, params.policy, "")
        return found

    def review(self, what: str, seed: int) -> Review:
        """A torch-free instance of a task ("q1" or "1"), of all tasks of a concept, or of those that a misconception shows up in."""
        plan = self.plan(seed, REVIEW_BACKEND)
        closed = self.closed_form(plan)
        chosen = asked_for(self.id, [question for question in plan.questions if question.id in closed], what)
        facts = _shown_facts(Params.of(plan.params))
        return Review(
            plan=plan,
            questions=tuple(filled(question, facts) for question in chosen),
            truth={question.id: closed[question.id] for question in chosen},
            pictures=_text_pictures(seed) if any(question.id == "q10" for question in chosen) else (),
        )

    def solutions(self) -> Mapping[str, Sequence[str]]:
        """Right sources of each code task, the reference first."""
        from labs.patchify import solutions

        return solutions.ALL

    def mutants(self) -> Mapping[str, Sequence[Mutant]]:
        """Wrong sources of each code task with the trap each expects."""
        from labs.patchify import mutants

        return mutants.ALL


def _why(params: Params) -> dict[str, str]:
    """The calculation behind tasks 1 to 5, in one line each."""
    h, w, p, C, D = params.h, params.w, params.p, params.C, params.D
    weights = f"{p} × {p} × {C} × {D}" + (f" + {D}" if params.bias else "")
    coincidence = f" (That the width is {D} too is a coincidence.)" if params.length == D else ""
    return {
        "q1": f"{params.H} // {p} = {h} rows and {params.W} // {p} = {w} columns of patches: {h} × {w} = {params.N}.",
        "q2": f"{p} × {p} pixels with {C} numbers each: {params.length}.{coincidence}",
        "q3": f"{params.N} patches and {params.extra} in front make {params.N + params.extra} rows of width {D}, for each of {params.B} "
        f"pictures.",
        "q4": f"{weights} = {params.length * D + (D if params.bias else 0):,}; the number of patches plays no part.",
        "q5": "; ".join(f"{H} × {W} at p = {s}: {(H // s) * (W // s)}² = {cost((H, W, s)):,}" for H, W, s in params.settings) + ".",
    }


def _evidence(plan: Plan, id: str) -> tuple[str, ...]:
    return plan.question(id).decided_by


def _costs(scores: Mapping[str, int], why: str) -> Truth:
    order = sorted(scores, key=lambda id: (scores[id], id))
    return Truth(value=order, scores={id: float(score) for id, score in scores.items()}, noise=TIE, why=why, evidence=("costs",))


def _remainder(plan: Plan, outcome: str, say: str) -> Truth:
    return Truth(
        value=choices.letter(plan.seed, "remainder", choices.REMAINDERS, outcome),
        reason=choices.letter(plan.seed, "reason", choices.REMAINDERS, outcome),
        why=f"{choices.REMAINDERS[outcome][3]}{f' In this run: {say}.' if say else ''}",
        evidence=("remainder",),
    )


def _made_by(letters: Mapping[str, str]) -> Truth:
    """Column-major is asked for; who picks another hears how that one was made."""
    right = next(letter for letter, name in letters.items() if name == "column-major")
    concepts = {"transposed": "patch-transposed", "channels-last": "patch-inner-order", "reshaped": "reshape-mixes"}
    named = tuple(
        Trap(value=[letter], concept=concepts[name], say=f"In {letter.upper()} {choices.RECONSTRUCTIONS[name]}.")
        for letter, name in letters.items()
        if name in concepts
    )
    why = f"In {right.upper()} every patch is intact and only its place is wrong: {choices.RECONSTRUCTIONS['column-major']}."
    return Truth(value=[right], traps=named, why=why, evidence=(f"picture:pick-{right}", "made-by"))


def _reason(seed: int, found: Mapping[str, Any]) -> Truth:
    """The claim that the run leaves standing."""
    fallen = {
        "impossible": found["works"],
        "dictionary": found["half_way"],
        "linear": found["cost_ratio"] != found["pixels_per_patch"],
        "cost": found["cost_ratio"] != found["pixels_per_patch"] ** 2,
    }
    standing = [key for key, down in fallen.items() if not down]
    if len(standing) != 1:
        return Truth(value=None, void="The run leaves no single claim standing: a bug of this lab.")
    why = (
        f"One token a pixel works, but one attention map then costs {found['cost_ratio']:,} times as much: the square of "
        f"{found['pixels_per_patch']:,}."
    )
    return Truth(value=choices.letter(seed, "why", choices.CLAIMS, standing[0]), why=why, evidence=("pixel-tokens",))


def _shown_facts(params: Params) -> dict[str, Json]:
    """What task 11 shows, by formula."""
    pixels = params.N * params.p**2
    return {"tokens": params.N, "pixels": pixels, "pixel-pairs": pixels**2, "patch-pairs": params.N**2, "pixels-per-patch": params.p**2}


def _text_pictures(seed: int) -> tuple[Picture, ...]:
    from labs.patchify.pictures import reconstruction_text

    return tuple(reconstruction_text(seed, letter) for letter in (None, *choices.shuffled(seed, "pick", choices.RECONSTRUCTIONS)))


LAB = Patchify()
