"""From facts to truths, and the same by formula; the sentence after each verdict gives the calculation. No torch, no numpy."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import Any

from labs.noising import meaning, mixing, readers, scales, timing, traps
from labs.noising.params import GAP, Params
from labs.noising.schedules import decibels, snr
from labs.noising.words import letter, number
from studyapp.labkit.api import Facts, Plan, Truth

TIE = 0.08  # relative difference of measured noise that no eye and no 3,072 numbers tell apart for certain: three standard errors


def measured(plan: Plan, facts: Facts) -> dict[str, Truth]:
    """The truth of each question whose facts are there."""
    params, seed, why = Params.of(plan.params), plan.seed, explained(Params.of(plan.params))
    found: dict[str, Truth] = {}
    if "noise-shares" in facts:
        found["q1"] = _order(facts["noise-shares"], why["q1"])
    if "factors" in facts:
        found["q2"] = _number(facts["factors"][params.asked2], why["q2"], "factors", mixing.right_reason(seed))
    if "variances" in facts:
        for id, key in (("q8", "right"), ("q14", "summed"), ("q15", "unscaled")):
            value = facts["variances"][key]
            found[id] = _number(value, f"{why[id]} In this run: {value:.3f}.", "picture:variances")
    if "crossing" in facts:
        found["q4"] = _number(facts["crossing"], why["q4"], "picture:snr")
    if "terminal" in facts:
        found["q5"] = _last(params, seed, facts["terminal"]["amplitude"], why["q5"])
    if "schedules" in facts:
        found["q6"] = _schedules(params, facts["schedules"][params.asked6], why["q6"])
    if "bands" in facts:
        found["q9"] = scales.truth(facts["bands"])
    for id, reader in (("q7", "clip"), ("q12", "twin")):
        if "readers" in facts and f"half-{reader}" in facts:
            found[id] = readers.forecast_truth(facts, params, reader)
    if "gap" in facts:
        found["q13"] = readers.gap_truth(seed, facts["gap"])
    if "growth" in facts:
        found["q16"] = _number(facts["growth"], why["q16"], "picture:growth")
    if "zero-end" in facts:
        found["q17"] = meaning.sampler_truth(seed, facts["zero-end"])
    if "copies" in facts:
        found["q11"] = meaning.sentence_truth(seed, facts["copies"])
    asked = {question.id for question in plan.questions}
    return {id: truth for id, truth in found.items() if id in asked}


def formulas(plan: Plan) -> dict[str, Truth]:
    """The closed forms."""
    params, seed, why = Params.of(plan.params), plan.seed, explained(Params.of(plan.params))
    values = traps.truths(params)
    shares = {id: 1 - params.schedule.bars[t] for id, t in zip("abcdef", params.noised, strict=True)}
    found = {id: _number(values[id], why[id], "") for id in ("q4", "q8", "q14", "q15", "q16")}
    found["q1"] = _order(shares, why["q1"])
    found["q2"] = _number(values["q2"], why["q2"], "", mixing.right_reason(seed))
    found["q5"] = _last(params, seed, sqrt(params.end.bars[-1]), why["q5"])
    found["q6"] = _schedules(params, traps.scores_of(params, params.asked6), why["q6"])
    found["q9"] = scales.truth(scales.levels(params))
    found["q11"] = Truth(value=letter(seed, "sentence", meaning.SENTENCES, "shared"), reason=meaning.learned_letter(seed), why=why["q11"])
    found["q17"] = Truth(value=letter(seed, "sampler", meaning.SAMPLERS, "other"), why=why["q17"])
    return found


def explained(params: Params) -> dict[str, str]:
    """The calculation behind each task, in a line."""
    schedule, v = params.schedule, params.v
    a2, a8, a16 = (schedule.bars[t] for t in (params.t2, params.t8, params.t16))
    beta, total = schedule.betas[params.t2], sum(schedule.betas[: params.t8 + 1])
    step, all_betas = schedule.crossing(v), sum(schedule.betas)
    steps = sorted(zip("abcdef", params.noised, strict=True), key=lambda pair: pair[1])
    signal = params.asked2 == "signal"
    return {
        "q1": ", ".join(f"{id.upper()} t = {t}, noise's share of variance {1 - schedule.bars[t]:.2g}" for id, t in steps) + ".",
        "q2": (f"√ᾱ = √{number(a2)} = {number(sqrt(a2))}" if signal else f"√(1 − ᾱ) = √{number(1 - a2)} = {number(sqrt(1 - a2))}")
        + f"; β_t = {number(beta)} is the share of one single step (DDPM, arXiv:2006.11239, equations 2 and 4).",
        "q4": f"1 / (1 + v) = 1 / {1 + v:g} = {1 / (1 + v):.5f}; ᾱ is {schedule.bars[step - 1]:.5f} at t = {step - 1} and "
        f"{schedule.bars[step]:.5f} at t = {step}, the first value below that. "
        f"For a picture of variance 1 it would be t = {schedule.crossing()}.",
        "q5": _end_said(params),
        "q6": "; ".join(
            f"{timing.named(one)}: SNR 1 at t = {one.crossing()}, {number(snr(one.bars[-1]), 2)} left at the last step"
            for one in params.ordered
        )
        + ".",
        "q8": f"ᾱ · 1 + (1 − ᾱ) = {number(a8)} + {number(1 - a8)} = 1, at every step: DDPM's mixing keeps a variance of 1.",
        "q14": f"1 + {number(total)} = {number(1 + total)}; after all {schedule.T} steps it would be {1 + all_betas:.3g}.",
        "q15": f"1 + (1 − ᾱ) = 1 + {number(1 - a8)} = {number(2 - a8)}; it can never pass 2.",
        "q16": f"√(1 − ᾱ) / √ᾱ = √{number(1 - a16)} / √{number(a16)} = {number(sqrt((1 - a16) / a16), 3)}.",
        "q11": "What the copies share comes back when they are averaged; what is drawn anew for each averages out.",
        "q17": "x₀ = √ᾱ·x_t − √(1 − ᾱ)·v needs no division: at ᾱ = 0 it is −v (arXiv:2202.00512, arXiv:2305.08891).",
    }


def _end_said(params: Params) -> str:
    end = params.end
    left = sqrt(end.bars[-1])
    if left == 0:
        return "√ᾱ was shifted so that it ends at 0 and stretched so that it still begins where it did (arXiv:2305.08891)."
    share = 100 * left
    return (
        f"The product of all 1 − β is ᾱ = {end.bars[-1]:.2g} at the last step, so {share:.2g} % of the amplitude is left, a "
        f"signal-to-noise "
        f"ratio of {snr(end.bars[-1]):.2g} ({decibels(snr(end.bars[-1])):.0f} dB) for variance 1."
    )


def _order(shares: Mapping[str, float], why: str) -> Truth:
    order = sorted(shares, key=lambda id: (shares[id], id))
    return Truth(value=order, scores=dict(shares), noise=TIE, why=why, evidence=("picture:filmstrip", "noise-shares"))


def _number(value: float, why: str, evidence: str, reason: str | None = None) -> Truth:
    return Truth(value=value, why=why, reason=reason, evidence=(evidence,) if evidence else ())


def _last(params: Params, seed: int, amplitude: float, why: str) -> Truth:
    return Truth(
        value=letter(seed, "left", timing.LEFT, timing.left_key(params.end, amplitude)),
        reason=timing.cause_letter(seed, amplitude),
        why=why,
        evidence=("terminal", "picture:terminal"),
    )


def _schedules(params: Params, scores: Mapping[str, Any], why: str) -> Truth:
    order = sorted(scores, key=lambda id: (scores[id], id), reverse=params.asked6 == "leftover")
    told = {id: float(score) for id, score in scores.items()}
    return Truth(value=order, scores=told, noise=GAP / 2, why=why, evidence=("picture:schedules", "schedules"))
