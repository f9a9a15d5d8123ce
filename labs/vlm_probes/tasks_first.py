"""Chapter 1, before anything is known: twelve pictures answered by the learner, and two forecasts about the model."""

from __future__ import annotations

from labs.vlm_probes.first_sheet import LETTERS, given
from labs.vlm_probes.params import Params, shuffled
from labs.vlm_probes.probes import FAMILIES, MAIN, NAMES, TELLS, TWINS, World
from studyapp.labkit.api import Hint, IntervalQuestion, MatchQuestion, Option, OrderQuestion


def ladder(nudge: str, concept: str, method: str, worked: str) -> tuple[Hint, ...]:
    """The four hints of a task."""
    return tuple(Hint(step=step, text=text) for step, text in enumerate((nudge, concept, method, worked), start=1))


def you_first(params: Params) -> MatchQuestion:
    """Task 1."""
    answers = given(params.sheet).answers
    return MatchQuestion(
        id="q1",
        title="You first",
        ask=(
            "Twelve pictures, two of each of the six probes. Each question stands beside its letter below; give every picture its answer. "
            "Your time is taken. The model gets the same twelve pictures and questions, but has to find its own words."
        ),
        left=tuple(Option(id=letter, text=f"{letter.upper()}: {{fact:ask-{letter}}}") for letter in LETTERS),
        right=tuple(Option(id=answer.lower(), text=answer) for answer in answers),
        concept="human-baseline",
        stage=0,
        needs=("picture:sheet", *(f"ask-{letter}" for letter in LETTERS)),
        decided_by=("sheet", "picture:you"),
        forecast=True,
        hints=ladder(
            "Which of the twelve could be answered without looking?",
            "The pictures come in pairs that differ in the answer alone: a mirrored twin, one object more, a fault put in (glossary, "
            "section 13: the list of failures).",
            "Take the pictures one by one: what is asked, where is it, is it in plain sight? Nothing of an object behind a panel may show; "
            "then the answer is unknown.",
            "A sibling: of a board with sixteen components one has a dark patch of four pixels; the answer is yes, and its twin without "
            "the patch is a no.",
        ),
        difficulty=2,
        importance=3,
        minutes=3,
    )


def how_often(params: Params, sibling: Params, world: World) -> IntervalQuestion:
    """Task 2."""
    dial, other = MAIN[params.family], MAIN[sibling.family]
    low, high = dial.of(world)[0], dial.of(world)[-1]
    return IntervalQuestion(
        id="q2",
        title=f"How often is it right? {NAMES[params.family].capitalize()}",
        ask=(
            f"*{TELLS[params.family]}* The model is asked this over the whole dial: {dial.words} goes from {low} to {high} "
            f"{dial.unit}. Each picture has a twin, asked the same, that {TWINS[params.family]}. Which percentage of its answers is right? "
            f"Give two ends that should hold the true share four times in five."
        ),
        unit="%",
        width=100.0,
        concept=f"probe-{params.family}",
        stage=0,
        decided_by=("families", "picture:bars"),
        forecast=True,
        hints=ladder(
            "What would a model get that has not looked at all?",
            "Of a pair one answer at most is right if both get the same (section 13); so a constant answer stays at or below one half.",
            "Start from the share of a constant answer, guess the share at the easy end, and go about half-way for the whole dial.",
            f"A sibling ({NAMES[other.family]}): a model with 95 % at the easy end and 15 % at the hard one comes to about 60 %; "
            f"an interval from 45 to 75 would be a fair one.",
        ),
        difficulty=3,
        importance=3,
    )


def hardest(seed: int) -> OrderQuestion:
    """Task 3."""
    return OrderQuestion(
        id="q3",
        title="Which probe is hardest for it?",
        ask=(
            "Order the six probes, hardest for the model first. Each is scored over its whole dial by how far the model gets from what it "
            "scores with a grey picture (0) to all right (1). Probes that differ by less than the noise count as equal."
        ),
        options=tuple(
            Option(id=letter, text=f"{NAMES[name].removesuffix('?')}: {TELLS[name]}")
            for letter, name in shuffled(seed, "order", FAMILIES).items()
        ),
        first="hardest",
        last="easiest",
        concept="blind-baseline",
        stage=0,
        decided_by=("families", "picture:families", "picture:counts", "kinds"),
        forecast=True,
        hints=ladder(
            "Which of them need one thing to be found, and which need several things to be held together?",
            "Finding that a thing is there is what vision encoders are trained for; numbers, sides and small detail are where they break "
            "(sections 7 and 13).",
            "Score = (share right - share with grey) / (1 - share with grey). A habit is worth 0, however often it is right.",
            "A sibling: 70 % right on a yes-or-no probe with 50 % for grey is 0.4; 55 % right on a probe with 5 % for grey is 0.53, so the "
            "first of the two is harder.",
        ),
        difficulty=3,
        importance=3,
        minutes=1.5,
    )
