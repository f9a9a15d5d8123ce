"""Tasks 1, 2 and 8: what x_t is made of. Pictures in the order of their noise, the two factors, and three variances."""

from __future__ import annotations

from math import sqrt

from labs.noising import traps
from labs.noising.params import Params
from labs.noising.words import Claim, ladder, letter, number, options
from studyapp.labkit.api import NumberQuestion, Option, OrderQuestion, Reason

REASONS: dict[str, Claim] = {
    "variance": ("A factor is the root of a share of variance.", None, ""),
    "sum": (
        "Picture and noise share a factor of 1 between them.",
        "coefficients-sum-to-one",
        "The squares of the two factors add up to 1, not the factors.",
    ),
    "step": (
        "It is the factor of the last step, as ε is drawn at that step.",
        "beta-for-alphabar",
        "One step has its own β; ᾱ gathers all steps from the clean picture on, and ε stands for all of their noise.",
    ),
}


def order(params: Params, sibling: Params) -> OrderQuestion:
    worked = ", ".join(
        f"{name.upper()} t = {t}" for name, t in sorted(zip("abcdef", sibling.noised, strict=True), key=lambda pair: pair[1])
    )
    return OrderQuestion(
        id="q1",
        title="Which is noisier?",
        ask=(
            f"One picture was noised to six steps of a {params.schedule}, with noise drawn anew for each. "
            "Order the six by their step, the least noised first."
        ),
        options=tuple(Option(id=name, text=f"picture {name.upper()}") for name in "abcdef"),
        first="least noised",
        last="most noised",
        concept="signal-vs-noise",
        stage=0,
        needs=("picture:noised",),
        decided_by=("noise-shares", "picture:filmstrip"),
        hints=ladder(
            "Where the picture has one plain colour, what do you see there now?",
            "Noising does two things at once: the picture's part is turned down while noise is turned up (section 10).",
            "Compare how far neighbouring pixels of the plain ground differ, then how strong the object still is.",
            f"A sibling, on a {sibling.schedule}, least noised first: {worked}.",
        ),
        difficulty=1,
        importance=3,
        minutes=1.5,
    )


def factor(params: Params, sibling: Params, seed: int) -> NumberQuestion:
    what = "the picture x₀" if params.asked2 == "signal" else "the noise ε"
    s = sibling
    a = s.schedule.bars[s.t2]
    under, root = ("ᾱ", sqrt(a)) if s.asked2 == "signal" else ("(1 − ᾱ)", sqrt(1 - a))
    inside = number(a) if s.asked2 == "signal" else f"(1 − {number(a)})"
    return NumberQuestion(
        id="q2",
        title="Factor of the picture" if params.asked2 == "signal" else "Factor of the noise",
        ask=(
            f"Step t = {params.t2} of a {params.schedule} has β_t = {number(params.schedule.betas[params.t2])} and "
            f"ᾱ_t = {number(params.schedule.bars[params.t2])}. DDPM jumps there from the clean picture x₀ with one draw of standard "
            f"Gaussian noise ε. By which factor is {what} multiplied in x_t? (to ±{traps.COEFFICIENT:g})"
        ),
        integer=False,
        abs_tol=traps.COEFFICIENT,
        reason=Reason(ask="Why?", options=options(seed, "factor", REASONS)),
        concept="abar-roots",
        stage=0,
        decided_by=("factors",),
        traps=traps.all_traps(params)["q2"],
        hints=ladder(
            "Is variance or amplitude being mixed?",
            "x_t is mixed so that a picture of variance 1 keeps variance 1; ᾱ is the picture's share of it (section 10).",
            "√ᾱ for the picture, √(1 − ᾱ) for the noise",
            f"A sibling: ᾱ = {number(a)}, the factor of the {'picture' if s.asked2 == 'signal' else 'noise'}: "
            f"√{under} = √{inside} = {number(root)}.",
        ),
        confidence=True,
        difficulty=2,
        importance=5,
    )


def right_reason(seed: int) -> str:
    return letter(seed, "factor", REASONS, "variance")


def _given(params: Params) -> str:
    """What the three variance questions tell."""
    t, schedule = params.t8, params.schedule
    return (
        f"A picture x₀ is standardised: mean 0, variance 1. Step t = {t} of a {schedule} has β_t = {number(schedule.betas[t])}; "
        f"the β of steps 0 to {t} sum to {number(sum(schedule.betas[: t + 1]))}, and ᾱ_t = {number(schedule.bars[t])}."
    )


def kept_variance(params: Params, sibling: Params) -> NumberQuestion:
    a = sibling.schedule.bars[sibling.t8]
    return _variance(
        "q8",
        "Variance of x_t",
        f"{_given(params)} What is the variance of DDPM's x_t?",
        params,
        ladder(
            "What does the noise add, and what does the picture lose?",
            "The parts are independent, so their variances add (section 10).",
            "the picture's factor squared, times 1, plus the noise's factor squared",
            f"A sibling: ᾱ = {number(a)}, so {number(a)} + {number(1 - a)} = 1.",
        ),
    )


def summed(params: Params, sibling: Params) -> NumberQuestion:
    s = sibling
    total = sum(s.schedule.betas[: s.t8 + 1])
    return _variance(
        "q14",
        "A program that never scales",
        f"{_given(params)} A first wrong program adds √β · (fresh noise) at each of the steps 0 to {params.t8} and never scales "
        f"the picture. "
        "What is the variance of its result?",
        params,
        ladder(
            "How often is noise added, and is anything taken away?",
            "Variances of independent noises add; nothing here turns the picture down.",
            "1 + the sum of the β",
            f"A sibling: the β sum to {number(total)}, so the variance is {number(1 + total)}.",
        ),
    )


def unscaled(params: Params, sibling: Params) -> NumberQuestion:
    a = sibling.schedule.bars[sibling.t8]
    return _variance(
        "q15",
        "A program that forgets one factor",
        f"{_given(params)} A second wrong program takes x₀ + √(1 − ᾱ_t) · ε. What is the variance of its result?",
        params,
        ladder(
            "Which of the two parts is as it should be?",
            "The noise's part is right, the picture's is at full strength; variances add.",
            "1 + (1 − ᾱ)",
            f"A sibling: ᾱ = {number(a)}, so 1 + {number(1 - a)} = {number(2 - a)}.",
        ),
    )


def _variance(id: str, title: str, ask: str, params: Params, hints: tuple) -> NumberQuestion:  # type: ignore[type-arg]
    return NumberQuestion(
        id=id,
        title=title,
        ask=f"{ask} (to ±{traps.VARIANCE:.0%})",
        integer=False,
        abs_tol=traps.VARIANCE,
        rel_tol=traps.VARIANCE,
        concept="abar-roots",
        stage=1,
        decided_by=("variances", "picture:variances"),
        traps=traps.all_traps(params)[id],
        hints=hints,
        confidence=id == "q8",
        difficulty=2,
        importance=4 if id == "q8" else 3,
    )
