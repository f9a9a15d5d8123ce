"""Tasks 4, 5 and 6: where along a schedule the noise overtakes the picture, and what is left at its end."""

from __future__ import annotations

from math import sqrt

from labs.noising import traps
from labs.noising.params import Params
from labs.noising.schedules import Schedule
from labs.noising.words import Claim, ladder, letter, number, options
from studyapp.labkit.api import ChoiceQuestion, NumberQuestion, Option, OrderQuestion, Reason

LEFT: dict[str, Claim] = {
    "zero": (
        "Exactly nothing: x_T is pure noise.",
        "T-is-pure-noise",
        "ᾱ there is a product of factors 1 − β, and none of these is 0: something of the picture is left.",
    ),
    "trace": (
        "A trace: above 0, but less than 1 % of its amplitude.",
        "remainder-misjudged",
        "The amplitude left is √ᾱ of the last step, and here that does not lie between 0 and 1 %.",
    ),
    "some": (
        "Between 1 % and 50 % of its amplitude.",
        "remainder-misjudged",
        "The amplitude left is √ᾱ of the last step, and here that does not lie between 1 % and 50 %.",
    ),
    "half": (
        "More than half of its amplitude, since the β of each step is small.",
        "half-is-left",
        "ᾱ is a product over all steps, not an average: at the last step √ᾱ is well below a half.",
    ),
}
CAUSES: dict[str, Claim] = {
    "product": (
        "ᾱ is a product over all steps, and each factor 1 − β is above 0.",
        None,
        "Here the last factor is 0: that is what the rescaling is for.",
    ),
    "rescaled": (
        "√ᾱ was shifted and stretched so that its last value is 0.",
        None,
        "That is done for a zero terminal SNR only; this schedule is used as it is.",
    ),
    "same": (
        "Every step removes the same share, so T alone decides how much is left.",
        "same-share-each-step",
        "β differs from step to step, and ᾱ is the product of all 1 − β; T alone decides nothing.",
    ),
    "enough": (
        "Noise covers a picture once enough of it is added, and that depends on its strength.",
        "only-adds-noise",
        "Adding noise leaves the picture's part as strong as it was; it shrinks only because each step scales it.",
    ),
}


def crossing(params: Params, sibling: Params) -> NumberQuestion:
    s, tolerance = sibling, traps.crossing_tolerance(params)
    level = 1 / (1 + s.v)
    return NumberQuestion(
        id="q4",
        title="When does noise overtake this picture?",
        ask=(
            f"The values of this picture, −1 to 1 and all channels together, have variance v = {params.v:g} about their mean. "
            f"It goes through a {params.schedule}. At which step t does its signal-to-noise ratio, the picture's part over the noise's as "
            f"variances, first fall below 1? The table gives ᾱ; steps count from 0. (to ±{tolerance:g} steps)"
        ),
        unit="steps",
        integer=False,
        abs_tol=tolerance,
        concept="snr-crossing",
        stage=2,
        needs=("picture:scene", "picture:bars"),
        decided_by=("crossing", "picture:snr"),
        traps=traps.all_traps(params)["q4"],
        hints=ladder(
            "Which variance has the picture's part of x_t, if x₀ has variance v?",
            "Scaling by √ᾱ turns the variance v into ᾱ·v; the noise's part has variance 1 − ᾱ (section 10).",
            "ᾱ·v = 1 − ᾱ, so look for the first ᾱ below 1 / (1 + v).",
            f"A sibling: v = {s.v:g}, 1 / (1 + {s.v:g}) = {number(level)}; on a {s.schedule}, ᾱ first falls below that at "
            f"t = {s.schedule.crossing(s.v)}.",
        ),
        confidence=True,
        difficulty=4,
        importance=5,
        minutes=2,
    )


def last_step(params: Params, sibling: Params, seed: int) -> ChoiceQuestion:
    s = sibling
    left = sqrt(s.end.bars[-1])
    return ChoiceQuestion(
        id="q5",
        title="Is x_T pure noise?",
        ask=f"`{params.end.code}`: what is left of a picture at the last step, t = {params.end.T - 1}?",
        options=options(seed, "left", LEFT),
        reason=Reason(ask="Why?", options=options(seed, "cause", CAUSES)),
        concept="terminal-snr",
        stage=2,
        decided_by=("terminal", "picture:terminal"),
        hints=ladder(
            "What do all the factors 1 − β make when they are multiplied?",
            "The amplitude left at the last step is √ᾱ; many schedules in use leave something (Lin et al., arXiv:2305.08891).",
            "For small β, ᾱ is about e^(−sum of β), or somewhat less; with evenly spaced β the sum is T × their mean. A cosine "
            "ends near 0, for its last β "
            "is capped at 0.999, not at 1. A schedule rescaled to zero terminal SNR ends at 0 by construction.",
            f"A sibling, `{s.end.code}`: √ᾱ at its last step is {number(left, 3)}"
            + (f", {100 * left:.2g} % of the amplitude." if left else ": exactly nothing is left."),
        ),
        difficulty=3,
        importance=5,
        minutes=1.5,
    )


def left_key(schedule: Schedule, amplitude: float) -> str:
    """Which option an amplitude at the last step is."""
    return "zero" if amplitude == 0 else "trace" if amplitude < 0.01 else "some" if amplitude <= 0.5 else "half"


def cause_letter(seed: int, amplitude: float) -> str:
    return letter(seed, "cause", CAUSES, "product" if amplitude else "rescaled")


def schedules(params: Params, sibling: Params) -> OrderQuestion:
    s = sibling
    at_end = params.asked6 == "leftover"
    scores = traps.scores_of(s, s.asked6)
    worked = "; ".join(f"{named(s.ordered['abcd'.index(id)])}: {number(scores[id], 3)}" for id in traps.order_of(s, s.asked6))
    by = "by what is left at the last step, most first" if s.asked6 == "leftover" else "by the step of SNR 1, earliest first"
    asked = (
        "by the signal-to-noise ratio that is left at the last step, most left first"
        if at_end
        else "by the step at which the noise overtakes the picture (signal-to-noise ratio 1), earliest first"
    )
    return OrderQuestion(
        id="q6",
        title="What is left at the end?" if at_end else "Which schedule gets there first?",
        ask=f"Four schedules of 1000 steps, and a picture standardised to variance 1. Order them {asked}.",
        options=tuple(Option(id=id, text=named(schedule)) for id, schedule in zip("abcd", params.ordered, strict=True)),
        first="most left" if at_end else "earliest",
        last="least left" if at_end else "latest",
        concept="terminal-snr" if at_end else "snr-crossing",
        stage=2,
        decided_by=("schedules", "picture:schedules"),
        traps=traps.orders(params),
        hints=ladder(
            "Which of them spends its strong steps early, and which late? Where does each end?",
            "A scaled-linear schedule has smaller β than a linear one between the same ends; the cosine was made so that ᾱ falls evenly "
            "around the middle (arXiv:2102.09672).",
            "For variance 1 the crossing is at ᾱ = 0.5, where the β so far sum to about 0.69; what is left at the end is about "
            "e^(−sum of all β), and still less for the cosine.",
            f"A sibling, {by}: {worked}.",
        ),
        difficulty=4,
        importance=3,
        minutes=2,
    )


def named(schedule: Schedule) -> str:
    """As the options of task 6 call it."""
    return f"{schedule.family}, {schedule.ends}" if schedule.ends else schedule.family
