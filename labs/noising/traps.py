"""The misconceptions of the tasks with numbers and orders, as formulas: what someone who holds one would answer for these very parameters.

{truth} and {said} in a sentence are filled when it is shown, so no sentence carries the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from itertools import pairwise
from math import sqrt

from labs.noising.params import GAP, Params
from labs.noising.schedules import first_below, snr
from studyapp.labkit.api import Json, Trap

COEFFICIENT, VARIANCE, FACTOR = 0.005, 0.02, 0.03  # tolerances: absolute; absolute and relative; relative
STEPS = 0.01  # of T: the tolerance of a step
APART = 2.2  # tolerances that truth and traps must differ by


def crossing_tolerance(params: Params) -> float:
    return STEPS * params.schedule.T


def tolerance(params: Params, id: str, value: float) -> float:
    """Half the band in which an answer counts as this value."""
    if id == "q2":
        return COEFFICIENT
    if id == "q4":
        return crossing_tolerance(params)
    return FACTOR * abs(value) if id == "q16" else VARIANCE * (1 + abs(value))


def truths(params: Params) -> dict[str, float]:
    """The tasks with a number, by formula."""
    bars, betas = params.schedule.bars, params.schedule.betas
    a = bars[params.t2]
    last = bars[params.t16]
    return {
        "q2": sqrt(a if params.asked2 == "signal" else 1 - a),
        "q4": params.schedule.crossing(params.v),
        "q8": 1.0,
        "q14": 1 + sum(betas[: params.t8 + 1]),
        "q15": 2 - bars[params.t8],
        "q16": sqrt((1 - last) / last),
    }


@lru_cache(maxsize=16)
def all_traps(params: Params) -> dict[str, tuple[Trap, ...]]:
    """Every trap of those tasks, those that come too near the truth or an earlier one left out."""
    made = {
        "q2": coefficient(params),
        "q4": crossing(params),
        "q8": kept_variance(params),
        "q14": summed(params),
        "q15": unscaled(params),
        "q16": growth(params),
    }
    right = truths(params)
    return {id: telling(right[id], traps, partial(tolerance, params, id)) for id, traps in made.items()}


def telling(truth: float, traps: tuple[Trap, ...], within: partial[float]) -> tuple[Trap, ...]:
    """Traps that can be told from the truth and from each other."""
    kept: list[float] = [truth]
    found = []
    for trap in traps:
        if all(abs(trap.value - other) > APART * max(within(trap.value), within(other)) for other in kept):
            kept.append(trap.value)
            found.append(trap)
    return tuple(found)


NEEDED: Mapping[str, frozenset[str]] = {
    "q2": frozenset({"root-forgotten", "beta-for-alphabar", "coefficients-swapped"}),
    "q4": frozenset({"unit-variance-assumed", "root-forgotten"}),
    "q8": frozenset({"only-adds-noise", "root-forgotten"}),
    "q14": frozenset({"scaling-imagined", "signal-forgotten"}),
    "q15": frozenset({"scaling-imagined", "root-forgotten"}),
    "q16": frozenset({"error-stays", "root-forgotten", "snr-upside-down"}),
}


def diagnostic(params: Params) -> bool:
    """Whether the misconceptions that matter keep a value of their own, and whatever is ordered lies clearly apart."""
    found = all_traps(params)
    if any(not NEEDED[id] <= {trap.concept for trap in traps} for id, traps in found.items()):
        return False
    if not crossing_tolerance(params) * 2 < truths(params)["q4"] < params.schedule.T - 1:
        return False
    for scores in (scores_of(params, "crossing"), scores_of(params, "leftover")):
        values = sorted(scores.values())
        if any(after - before <= GAP * after for before, after in pairwise(values)):
            return False
    return order_of(params, "crossing") != order_of(params, "leftover") and len(set(params.noised)) == len(params.noised)


def scores_of(params: Params, asked: str) -> dict[str, float]:
    """What task 6 orders, by option: the step of SNR 1, or the SNR that is left at the last step, for a picture of variance 1."""
    return {
        letter: float(schedule.crossing()) if asked == "crossing" else snr(schedule.bars[-1])
        for letter, schedule in zip("abcd", params.ordered, strict=True)
    }


def order_of(params: Params, asked: str) -> list[str]:
    """Earliest crossing first; most left over first."""
    scores = scores_of(params, asked)
    return sorted(scores, key=lambda id: (scores[id], id), reverse=asked == "leftover")


def coefficient(params: Params) -> tuple[Trap, ...]:
    """Task 2: one of the two factors of x_t."""
    a, beta = params.schedule.bars[params.t2], params.schedule.betas[params.t2]
    signal = params.asked2 == "signal"
    what, other = ("picture", "noise") if signal else ("noise", "picture")
    return (
        Trap(
            value=a if signal else 1 - a,
            concept="root-forgotten",
            say=f"That is {'ᾱ' if signal else '1 − ᾱ'}, the share of variance that goes to the {what}; a factor is the root of a variance.",
        ),
        Trap(
            value=sqrt(1 - a if signal else a),
            concept="coefficients-swapped",
            say=f"That is the factor of the {other}; the {what}'s was asked for.",
        ),
        Trap(
            value=sqrt(1 - beta if signal else beta),
            concept="beta-for-alphabar",
            say=f"That uses β of step {params.t2} alone: it leads there from the step before, not from the clean picture.",
        ),
        Trap(
            value=1 - sqrt(1 - a if signal else a),
            concept="coefficients-sum-to-one",
            say="That makes the two factors add up to 1; it is their squares that do.",
        ),
        Trap(
            value=1 - beta if signal else beta,
            concept="beta-for-alphabar",
            say="That is a share of one single step, and without its root.",
        ),
        Trap(
            value=1 - a if signal else a,
            concept="root-forgotten",
            say=f"That is the variance of the {other}'s part; a factor is a root, and the {what}'s was asked for.",
        ),
    )


def crossing(params: Params) -> tuple[Trap, ...]:
    """Task 4: the first step with SNR below 1, for this picture's variance."""
    bars, v, T = params.schedule.bars, params.v, params.schedule.T
    middle = (params.schedule.betas[0] + params.schedule.betas[-1]) / 2
    return (
        Trap(
            value=first_below(bars, 0.5),
            concept="unit-variance-assumed",
            say=f"That is where ᾱ falls below one half: right for a picture of variance 1, but this one has {v:g}.",
        ),
        Trap(
            value=first_below(bars, 1 / (1 + sqrt(v))),
            concept="root-forgotten",
            say="That mixes with the factors ᾱ and 1 − ᾱ; the factors are their roots, so the variances to compare are ᾱ·v and 1 − ᾱ.",
        ),
        Trap(
            value=first_below(bars, v / (1 + v)),
            concept="snr-upside-down",
            say=f"There ᾱ = v·(1 − ᾱ), as if the noise had variance {v:g} and the picture 1.",
        ),
        Trap(
            value=T // 2,
            concept="halfway-step",
            say="T/2 is a place among the steps; where noise overtakes a picture depends on ᾱ and on its variance.",
        ),
        Trap(
            value=next(t for t, beta in enumerate(params.schedule.betas) if beta >= middle),
            concept="beta-midpoint",
            say="There β is half-way between its ends; what counts is the product of all 1 − β up to that step.",
        ),
        Trap(
            value=first_below(bars, 1 / (1 + v * v)),
            concept="variance-squared",
            say="That squares v, which is a variance and so a square already.",
        ),
    )


def kept_variance(params: Params) -> tuple[Trap, ...]:
    """Task 8: variance of x_t for a standardised picture."""
    a, total = params.schedule.bars[params.t8], sum(params.schedule.betas[: params.t8 + 1])
    return (
        Trap(
            value=a * a + (1 - a) ** 2,
            concept="root-forgotten",
            say="That is the variance of ᾱ·x₀ + (1 − ᾱ)·ε: the factors are the roots of ᾱ and of 1 − ᾱ.",
        ),
        Trap(value=1 - a, concept="noise-alone", say="That is the noise's part alone; the picture's part adds ᾱ to it."),
        Trap(value=2 - a, concept="only-adds-noise", say="That leaves the picture at full strength; it is scaled by √ᾱ."),
        Trap(value=1 + total, concept="only-adds-noise", say="That sums the β without ever scaling the picture down."),
        Trap(
            value=(sqrt(a) + sqrt(1 - a)) ** 2,
            concept="amplitudes-added",
            say="That adds the factors and squares the sum. Picture and noise are independent, so their variances add.",
        ),
        Trap(value=a, concept="noise-forgotten", say="That is the picture's part alone; the noise's part adds 1 − ᾱ to it."),
    )


def summed(params: Params) -> tuple[Trap, ...]:
    """Task 8, second part: every step adds noise of variance β and scales nothing."""
    bars, betas, t = params.schedule.bars, params.schedule.betas, params.t8
    total = sum(betas[: t + 1])
    return (
        Trap(
            value=1,
            concept="scaling-imagined",
            say="It would stay at 1 if every step also scaled the picture by √(1 − β). This program does not.",
        ),
        Trap(value=total, concept="signal-forgotten", say="That is the noise alone; the picture's own variance of 1 is still there."),
        Trap(
            value=2 - bars[t],
            concept="product-for-sum",
            say="1 − ᾱ is the noise's variance only where each step also scales down what is there.",
        ),
        Trap(
            value=1 + sum(sqrt(beta) for beta in betas[: t + 1]) ** 2,
            concept="amplitudes-added",
            say="That adds up the amplitudes √β. Noises of different steps are independent, so their variances β add.",
        ),
    )


def unscaled(params: Params) -> tuple[Trap, ...]:
    """Task 8, third part: x_0 + sqrt(1 - alpha_bar) eps."""
    a, total = params.schedule.bars[params.t8], sum(params.schedule.betas[: params.t8 + 1])
    return (
        Trap(
            value=1,
            concept="scaling-imagined",
            say="It would be 1 if the picture were scaled by √ᾱ. This program leaves it at full strength.",
        ),
        Trap(value=1 + (1 - a) ** 2, concept="root-forgotten", say="That takes the noise's factor to be 1 − ᾱ; it is the root of that."),
        Trap(value=1 + total, concept="sum-for-product", say="That sums the β; here the noise comes in one go, with variance 1 − ᾱ."),
        Trap(value=1 - a, concept="signal-forgotten", say="That is the noise alone; the picture's own variance of 1 is still there."),
        Trap(value=1 + a, concept="coefficients-swapped", say="That gives the noise variance ᾱ; it has 1 − ᾱ."),
        Trap(
            value=(1 + sqrt(1 - a)) ** 2,
            concept="amplitudes-added",
            say="That adds the factors and squares the sum. Picture and noise are independent, so their variances add.",
        ),
    )


def growth(params: Params) -> tuple[Trap, ...]:
    """Task 10, second part: how many times larger the error of x_0 is than that of eps."""
    a = params.schedule.bars[params.t16]
    return (
        Trap(
            value=1,
            concept="error-stays",
            say="The error of ε̂ is multiplied by √(1 − ᾱ) and divided by √ᾱ; these two are equal only where ᾱ = 0.5.",
        ),
        Trap(value=(1 - a) / a, concept="root-forgotten", say="That is the ratio of the variances; errors go with its root."),
        Trap(value=sqrt(a / (1 - a)), concept="snr-upside-down", say="That is the other way up: at this step the error grows."),
        Trap(
            value=sqrt(1 - a),
            concept="division-forgotten",
            say="That leaves out the division by √ᾱ, which brings x₀ back to full strength.",
        ),
        Trap(value=1 / sqrt(a), concept="noise-factor-forgotten", say="That leaves out the factor √(1 − ᾱ) that ε̂ enters with."),
        Trap(value=1 / a, concept="root-forgotten", say="That divides by ᾱ; the picture's factor is its root."),
    )


def orders(params: Params) -> tuple[Trap, ...]:
    """Task 6: the order of the other question."""
    other = "leftover" if params.asked6 == "crossing" else "crossing"
    value: Json = order_of(params, other)
    if params.asked6 == "crossing":
        say = "That is the order by what is left at the last step. Where a schedule crosses and where it ends are two things."
    else:
        say = (
            "That is the order by the step at which noise and picture are equal. Where a schedule crosses and where it ends are two things."
        )
    return (Trap(value=value, concept="crossing-is-not-end", say=say),)
