"""Task 7: when do models stop recognising what is in a noised picture, and what does the difference between them show?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labs.noising.params import Params
from labs.noising.schedules import decibels, first_below, snr
from labs.noising.words import Claim, ladder, letter, options
from studyapp.labkit.api import ExplainQuestion, Json, NumberQuestion, Trap, Truth

READERS = {"clip": "shapeclip", "judge": "the judge trained on clean pictures", "twin": "the judge trained on noised pictures"}
WITHIN = 0.04  # of T: how near a forecast counts
GAPS: dict[str, Claim] = {
    "read": (
        "What it needs is still there, as the twin shows: noise is just foreign to it.",
        None,
        "Same pictures, same kind of network: only the training differs. What the twin loses too may be lost signal.",
    ),
    "gone": (
        "By then the noise has wiped the object out, and the twin fills in what is most likely.",
        "signal-is-gone",
        "Colours and shapes were drawn evenly: without signal even the best guess is right once in 48. The twin is right far more often.",
    ),
    "memorised": (
        "The twin met these very pictures with this very noise in training and knows them by heart.",
        "noise-memorised",
        "Pictures and noise were drawn anew for this run, and with another draw of noise the twin reads as well.",
    ),
    "ratio": (
        "The twin is given the pictures at a better signal-to-noise ratio than the clean judge.",
        "snr-of-the-reader",
        "Both read the same numbers. The ratio belongs to the noised picture, whoever looks at it.",
    ),
}


def forecast(params: Params, sibling: Params, id: str) -> NumberQuestion:
    reader = {"q7": "clip", "q12": "twin"}[id]
    who = {
        "clip": "The zoo's shapeclip, trained on clean pictures, picks the nearest of 48 captions, one for each colour and shape.",
        "twin": "The zoo's small judge was trained on noised pictures, from clean ones to nearly pure noise.",
    }[reader]
    s = sibling
    level = {"clip": 0.9, "twin": 0.5}[reader]
    keys = ("readers", "picture:accuracy") + (("half-clip",) if reader == "clip" else ("half-judge", "half-twin"))
    return NumberQuestion(
        id=id,
        title="When does shapeclip break?" if reader == "clip" else "When does the noise-trained judge break?",
        ask=(
            f"Pictures of one object are noised along a {params.schedule}. {who} At which step has the share of pictures whose colour and "
            f"shape it both names right fallen to half of its share on clean pictures? (a forecast, to "
            f"±{WITHIN * params.schedule.T:g} steps)"
        ),
        unit="steps",
        integer=False,
        abs_tol=WITHIN * params.schedule.T,
        concept="signal-vs-noise",
        stage=3,
        decided_by=keys,
        hints=ladder(
            "Has this network ever seen a noisy picture?",
            "A network is at home where its training pictures were; what it cannot read there need not be gone (section 10).",
            "Think of an ᾱ at which it breaks, then find the first step with less. This run decides; a forecast is never graded.",
            f"A sibling: whoever thinks of ᾱ = {level:g} finds, on a {s.schedule}, t = {first_below(s.schedule.bars, level)}.",
        ),
        forecast=True,
        confidence=True,
        difficulty=4,
        importance=3,
        minutes=1,
    )


def explain(params: Params, sibling: Params, seed: int) -> ExplainQuestion:
    return ExplainQuestion(
        id="q13",
        title="What does the gap show?",
        ask=(
            "On the same noised pictures, the clean-trained judge has lost half of its share at t = {fact:half-judge}, its "
            "noise-trained twin "
            "at t = {fact:half-twin}. Why does the clean-trained one fail so early?"
        ),
        options=options(seed, "gap", GAPS),
        concept="signal-vs-noise",
        stage=4,
        needs=("half-judge", "half-twin"),
        decided_by=("gap",),
        hints=ladder(
            "Could the twin read something that is no longer there?",
            "Failing on an unfamiliar kind of picture and losing the signal are two things; a second reader tells them apart.",
            "What one reader gets right, the picture must still hold; so the gap between the two is no lost signal.",
            "A sibling: a scan with heavy grain that one person cannot read and another, used to such scans, can. The letters are there.",
        ),
        difficulty=3,
        importance=5,
    )


def halving(steps: Sequence[int], shares: Sequence[float], clean: float) -> int | None:
    """The step at which a share has fallen to half of what it is on clean pictures, straight lines between the measured steps."""
    before, at = clean, 0
    for step, share in zip(steps, shares, strict=True):
        if share <= clean / 2:
            part = (before - clean / 2) / (before - share) if before > share else 1.0
            return round(at + part * (step - at))
        before, at = share, step
    return None


def forecast_truth(facts: Mapping[str, Any], params: Params, reader: str) -> Truth:
    """The run's halving step; who said the step of SNR 1 or half of the steps hears so, where it is far enough away."""
    key, who = f"half-{reader}", READERS[reader]
    half = facts[key]
    if half is None:
        return Truth(value=None, void=f"In this run {who} never fell to half of its share.")
    found = facts["readers"]
    crossing, T = params.schedule.crossing(), params.schedule.T
    candidates = (
        (
            crossing,
            "signal-is-gone",
            f"At t = {crossing} noise and a picture of variance 1 are equally strong; that alone does not say who can still read it.",
        ),
        (T // 2, "halfway-step", "Half of the steps is no mark of anything: what counts is ᾱ, and what the network has learned to read."),
    )
    traps: list[Trap] = []
    for value, concept, say in candidates:
        if all(abs(value - other) > 2.2 * WITHIN * T for other in (half, *(trap.value for trap in traps))):
            traps.append(Trap(value=value, concept=concept, say=say))
    why = (
        f"In this run {who} names {found[reader]['clean']:.0%} of {found['n']} clean pictures right; half of that is "
        f"reached at about "
        f"t = {half}, where ᾱ = {params.schedule.bars[half]:.3g} and the signal-to-noise ratio of a picture of variance 1 would be "
        f"{_db(params.schedule.bars[half])} dB."
    )
    return Truth(value=half, traps=tuple(traps), why=why, evidence=("picture:accuracy", key))


def _db(a: float) -> str:
    return f"{decibels(snr(a)):+.0f}"


def gap_truth(seed: int, gap: Mapping[str, Json]) -> Truth:
    """The claim that the run leaves standing, from `gap`: at the step where the clean judge has lost half, both shares, the twin's share
    with other noise, their standard errors, and whether both were given the same numbers."""
    error = 3 * gap["error"]
    fallen = {
        "read": gap["twin"] - gap["judge"] <= error,
        "gone": gap["twin"] > 1 / 48 + error,
        "memorised": abs(gap["twin"] - gap["twin_again"]) <= error,
        "ratio": gap["same_input"],
    }
    standing = [key for key, down in fallen.items() if not down]
    if len(standing) != 1:
        return Truth(value=None, void="In this run the two judges are too close, or too weak, to say anything.")
    why = (
        f"At t = {gap['t']} the clean-trained judge names {gap['judge']:.0%} right and its twin {gap['twin']:.0%} of the same "
        f"noised pictures, "
        f"{gap['twin_again']:.0%} with another draw of noise. So the clean-trained one's loss there is mostly an unfamiliar kind "
        f"of picture."
    )
    return Truth(value=letter(seed, "gap", GAPS, standing[0]), why=why, evidence=("gap", "picture:accuracy"))
