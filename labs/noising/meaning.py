"""Task 10's questions about going back, and task 11: what signal and noise are."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

from labs.noising import traps
from labs.noising.params import Params
from labs.noising.words import Claim, ladder, letter, number, options
from studyapp.labkit.api import ChoiceQuestion, ExplainQuestion, NumberQuestion, Reason, Truth

SAMPLERS: dict[str, Claim] = {
    "other": (
        "Its network predicts x₀, or v, which is −x₀ at that step: no division.",
        None,
        "v = √ᾱ·ε − √(1 − ᾱ)·x₀, so where ᾱ = 0 it is −x₀ itself (arXiv:2202.00512, arXiv:2305.08891).",
    ),
    "divide": (
        "As at every step: it subtracts √(1 − ᾱ)·ε̂ and divides by √ᾱ, if ε̂ is good.",
        "divides-by-zero",
        "√ᾱ is 0 there, and x_T is ε itself: with a perfect ε̂ that is 0 divided by 0.",
    ),
    "tiny": (
        "It writes a tiny number for ᾱ = 0, and goes on with ε̂ as at every step.",
        "tiny-for-zero",
        "Whatever ε̂ is off by is then divided by that number's root: with ᾱ = 1e-8 it grows ten-thousandfold.",
    ),
    "skip": (
        "It leaves that step out, and feeds its noise in at a step before it instead.",
        "skips-the-end",
        "At such a step the network was trained on pictures that still held some signal, and is now given none: the very mismatch that the "
        "rescaling removes.",
    ),
}
SENTENCES: dict[str, Claim] = {
    "shared": (
        "Signal is what all noisy copies of a picture share; noise is drawn anew for each, in a known amount.",
        None,
        "What repeats can be learned; what is drawn anew averages out.",
    ),
    "coarse": (
        "Signal is the coarse outline of a picture; its fine texture counts as noise, even before any is added.",
        "texture-is-noise",
        "Fine texture comes back when copies are averaged, just as the outline does: it belongs to the picture.",
    ),
    "full": (
        "Signal keeps its strength from step to step; noise is laid over it until nothing shows through.",
        "only-adds-noise",
        "The picture's part is scaled down by √ᾱ while noise is added.",
    ),
    "unknown": (
        "Signal is what can be foretold; of noise nothing can be known, neither its form nor its amount.",
        "noise-unknown",
        "Its form is Gaussian and its variance 1 − ᾱ; only the next draw cannot be foretold.",
    ),
}
LEARNED: dict[str, Claim] = {
    "added": ("We add it ourselves, so in training the right answer is known.", None, ""),
    "stored": (
        "It stores the noises of its training pictures, and finds the one that fits.",
        "noise-memorised",
        "Noise is drawn anew each time; none that it meets later was in training.",
    ),
    "step": (
        "The step t fixes the noise, so that it can be computed from t and taken off.",
        "t-fixes-noise",
        "t fixes how strong the noise is, not which values are drawn.",
    ),
}


def growth(params: Params, sibling: Params) -> NumberQuestion:
    a, s = params.schedule.bars[params.t16], sibling.schedule.bars[sibling.t16]
    return NumberQuestion(
        id="q16",
        title="How an error of ε̂ grows",
        ask=(
            f"At t = {params.t16} of a {params.schedule}, ᾱ_t = {number(a)}. A network's estimate ε̂ is off by 1 %. x₀ is worked "
            f"out from x_t "
            f"and ε̂. How many times as large as the error of ε̂ is the error of that x₀ (both root mean square; to ±{traps.FACTOR:.0%})?"
        ),
        unit="times",
        integer=False,
        rel_tol=traps.FACTOR,
        concept="noising-inverse",
        stage=4,
        decided_by=("growth", "picture:growth"),
        traps=traps.all_traps(params)["q16"],
        hints=ladder(
            "Solve x_t for x₀ first: with which factor does ε̂ enter?",
            "To undo the mixing, the noise's part is subtracted and the rest is brought back to full strength (section 10).",
            "x₀ = (x_t − √(1 − ᾱ)·ε) / √ᾱ, so an error of ε̂ is multiplied by √(1 − ᾱ) / √ᾱ.",
            f"A sibling: ᾱ = {number(s)}: √{number(1 - s)} / √{number(s)} = {number(sqrt((1 - s) / s), 3)}.",
        ),
        difficulty=3,
        importance=3,
    )


def sampler(params: Params, sibling: Params, seed: int) -> ChoiceQuestion:
    schedule = params.schedule
    return ChoiceQuestion(
        id="q17",
        title="Starting where nothing is left",
        ask=(
            f"A {schedule} is rescaled to zero terminal SNR: at its last step, t = {schedule.T - 1}, ᾱ = 0 and x_T is noise alone. "
            "A sampler starts there. How does it get its first estimate of x₀?"
        ),
        options=options(seed, "sampler", SAMPLERS),
        concept="terminal-snr",
        stage=4,
        decided_by=("zero-end",),
        hints=ladder(
            "What does x₀ = (x_t − √(1 − ᾱ)·ε) / √ᾱ say where ᾱ = 0?",
            "At zero signal, ε can be read off x_T and says nothing about any picture (Lin et al., arXiv:2305.08891).",
            "Look for a quantity that the network can predict and that still determines x₀ where ᾱ = 0.",
            "A sibling, at any step: with v = √ᾱ·ε − √(1 − ᾱ)·x₀ one gets x₀ = √ᾱ·x_t − √(1 − ᾱ)·v, without a division. At ᾱ = "
            "0.25 that is "
            "0.5·x_t − 0.866·v.",
        ),
        difficulty=4,
        importance=3,
    )


def sentence(params: Params, sibling: Params, seed: int) -> ExplainQuestion:
    return ExplainQuestion(
        id="q11",
        title="Signal and noise in one sentence",
        ask="Which sentence tells signal from noise, as diffusion models mean it?",
        options=options(seed, "sentence", SENTENCES),
        reason=Reason(ask="How can a network learn to estimate the noise, then?", options=options(seed, "learned", LEARNED)),
        concept="signal-vs-noise",
        stage=4,
        decided_by=("copies", "picture:copies"),
        hints=ladder(
            "Of a hundred noisy copies of one picture: what is the same in all of them?",
            "Signal is the structure one cares about, whatever its size; diffusion's noise is random, but its form and amount are "
            "chosen by us "
            "(section 10).",
            "Test each sentence: average many copies, look what comes back and how strong; measure the spread of what differs.",
            "A sibling: a choir's recording with hiss. The song is in every take, quieter on a worn tape; the hiss is new in "
            "each, and how loud "
            "it is can be measured.",
        ),
        difficulty=2,
        importance=5,
    )


def learned_letter(seed: int) -> str:
    return letter(seed, "learned", LEARNED, "added")


def sentence_truth(seed: int, found: Mapping[str, Any]) -> Truth:
    """The sentence that the averaged copies leave standing."""
    fallen = {
        "shared": found["left"] > 0.5 or abs(found["between"]) > 0.2,
        "coarse": found["texture"] > 0.5,
        "full": found["strength"] < 0.97,
        "unknown": abs(found["spread"] - found["expected"]) < 0.05 * found["expected"],
    }
    standing = [key for key, down in fallen.items() if not down]
    if len(standing) != 1:
        return Truth(value=None, void="The run leaves no single sentence standing: a bug of this lab.")
    why = (
        f"{found['copies']} noisy copies, averaged: the picture comes back at {found['strength']:.2f} of its strength, strokes "
        f"included, and of the noise's amplitude {found['left']:.2f} is left. Its spread in one copy is {found['spread']:.3f}, where "
        f"√(1 − ᾱ) says {found['expected']:.3f}."
    )
    return Truth(
        value=letter(seed, "sentence", SENTENCES, standing[0]), reason=learned_letter(seed), why=why, evidence=("picture:copies", "copies")
    )


def sampler_truth(seed: int, found: Mapping[str, Any]) -> Truth:
    """The way that gives x₀ where nothing is left."""
    fallen = {
        "other": found["v_error"] > 1e-6,
        "divide": not found["finite"],
        "tiny": found["tiny_error"] > 1,
        "skip": found["earlier"] > 0,
    }
    standing = [key for key, down in fallen.items() if not down]
    if len(standing) != 1:
        return Truth(value=None, void="The run leaves no single way standing: a bug of this lab.")
    why = (
        f"With the true v, x₀ comes out as it was. Dividing by √ᾱ = 0 gives no number; with ᾱ = 1e-8 "
        f"in its place "
        f"an ε̂ that is 1 % off gives an x₀ that is off by {found['tiny_error']:.0f}, on a scale from −1 to 1; and at t = {found['t']} "
        f"the training pictures still hold {found['earlier']:.2g} of their amplitude."
    )
    return Truth(value=letter(seed, "sampler", SAMPLERS, standing[0]), why=why, evidence=("zero-end",))
