"""A lab that asks about pictures: squares of one colour, of which the model is to say the colour. Two chapters, the second asks thrice.

On `human` the learner's own timed answers are the facts.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from random import Random

from studyapp.labkit.api import (
    BackendRef,
    Event,
    Fact,
    Facts,
    Hint,
    MatchQuestion,
    NumberQuestion,
    Option,
    Picture,
    Plan,
    Progress,
    RunContext,
    Truth,
    ask_thrice,
)

COLOURS = {"red": (220, 20, 20), "green": (20, 160, 40), "blue": (30, 60, 220)}
PROMPT = "Which colour is the square? Answer in curly brackets, like {red}."
SIDE = 8
HINTS = tuple(Hint(step=step, text=f"step {step}") for step in range(1, 5))


class Squares:
    id = "squares"
    title = "Squares"
    sections: tuple[str, ...] = ("S1",)
    backends: tuple[str, ...] = ("openai", "human", "none")
    version = 1

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        draw = Random(f"squares/1/{seed}")
        shown = [*draw.sample(sorted(COLOURS), 3), draw.choice(sorted(COLOURS))]
        said = NumberQuestion(
            id="q1", title="Said", ask=f"How many of the {len(shown)} squares will it call {shown[0]}?", concept="colours",
            decided_by=("replies",), hints=HINTS,
        )  # fmt: skip
        void = NumberQuestion(
            id="q2", title="Void", ask="It said {fact:replies}. For how many do its three answers differ?", concept="noise", stage=1,
            needs=("replies", "sheet"), decided_by=("again",), hints=HINTS,
        )  # fmt: skip
        questions: tuple[NumberQuestion | MatchQuestion, ...] = (said, void)
        if backend.kind == "human":
            left = tuple(Option(id=f"s{n}", text=f"square {n}") for n in range(len(shown)))
            right = tuple(Option(id=colour, text=colour) for colour in COLOURS)
            questions = (
                MatchQuestion(
                    id="q3", title="You", ask="Which colour?", concept="you", left=left, right=right, decided_by=("human",), hints=HINTS
                ),
            )
        return Plan(
            lab=self.id, version=1, seed=seed, backend=backend, questions=questions, params={"shown": shown, "asked": shown[0]}
        )  # fmt: skip

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        keys, shown = ctx.keys(plan), plan.params["shown"]
        pictures, prompts = [square(colour) for colour in shown], [PROMPT] * len(shown)
        yield Progress(done=0.0)
        if "replies" in keys:
            yield Fact(key="replies", value=ctx.ask(pictures, prompts, "squares") if ctx.ask else shown)
        if "sheet" in keys:
            yield Picture(key="sheet", png=pictures[0], grid=tuple(shown), alt=f"squares: {', '.join(shown)}")
        if "again" in keys:
            assert ctx.ask is not None
            yield Fact(key="again", value=ask_thrice(ctx.ask, pictures, prompts, "squares again", read=str.strip))
        if "human" in keys and "q3" in ctx.sealed:
            answer = ctx.sealed["q3"]
            yield Fact(key="human", value={"said": answer.value, "seconds": answer.item_seconds})
        yield Progress(done=1.0)

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        found = {}
        if "replies" in facts:
            found["q1"] = Truth(value=sum(plan.params["asked"] in reply for reply in facts["replies"]), evidence=("sheet",))
        if "again" in facts:
            found["q2"] = Truth(value=facts["again"].count(None))
        if "human" in facts:
            truth = {f"s{n}": colour for n, colour in enumerate(plan.params["shown"])}
            found["q3"] = Truth(value=truth, why=f"{sum(facts['human']['seconds'].values()):g} s in all")
        return found

    def calls(self, plan: Plan, stage: int) -> int:
        return len(plan.params["shown"]) * (1 if stage == 0 else 3)

    def picture_size(self, plan: Plan) -> tuple[int, int]:
        return SIDE, SIDE


class Curious(Squares):
    """Has other questions over recorded answers: how many were called by another colour."""

    def replay_plan(self, plan: Plan, facts: Facts, seed: int) -> Plan:
        colour = Random(f"other/{seed}").choice(sorted(COLOURS))
        question = plan.question("q1").model_copy(update={"ask": f"How many of the squares does it call {colour}?"})
        return plan.model_copy(update={"seed": seed, "questions": (question,), "params": {**plan.params, "asked": colour}})


class Reader(Squares):
    """Keeps no replies as facts of their own under the names of its questions: only a transcript can decide other seeds."""

    def replay_plan(self, plan: Plan, facts: Facts, seed: int) -> Plan:
        question = plan.question("q1").model_copy(update={"ask": "How many are called red?", "decided_by": ("replies", "sheet")})
        return plan.model_copy(update={"seed": seed, "questions": (question,), "params": {**plan.params, "asked": "red"}})


def square(colour: str) -> bytes:
    """A PNG of one colour (its specification: signature, IHDR, IDAT, IEND)."""
    rows = b"".join(b"\0" + bytes(COLOURS[colour]) * SIDE for _ in range(SIDE))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


LAB, CURIOUS, READER = Squares(), Curious(), Reader()
