"""Chapter 4: d' and bias to write. The mistakes that the checker can name, and what each one means."""

from __future__ import annotations

from labs.vlm_probes.tasks_first import ladder
from studyapp.labkit.api import CodeQuestion, Trap

STUB = '''from statistics import NormalDist


def dprime(
    hits: int, misses: int, false_alarms: int, correct_rejections: int
) -> tuple[float, float]:
    """Sensitivity d' and bias c of a detector, from its four counts.

    The log-linear correction adds 0.5 to the hits and to the false
    alarms, and 1 to the number of trials of either kind, so that no
    rate is 0 or 1. With z the inverse of the normal distribution
    function:
        d' = z(hit rate) - z(false alarm rate)
        c = -(z(hit rate) + z(false alarm rate)) / 2
    """
    raise NotImplementedError  # TODO
'''

NAMED = {
    "uncorrected": ("no-correction", "Those are the raw rates: with no miss, or no false alarm, z has no value."),
    "only-at-extremes": (
        "correction-only-at-extremes",
        "It corrects only rates of 0 and 1. The log-linear correction is applied to every table, so that tables stay comparable.",
    ),
    "numerator-only": (
        "half-correction",
        "The half is added on top but the number of trials is not raised by one: a rate can still reach 1 or pass it.",
    ),
    "laplace": ("laplace-for-loglinear", "That adds 1 and 2, Laplace's rule; the log-linear correction adds 0.5 and 1."),
    "sign-swapped": ("rates-swapped", "Hits and false alarms are exchanged: who detects well would get a negative d'."),
    "sum": ("sum-for-difference", "d' is the difference of the two z values; their sum says how willing the answers are."),
    "said-denominators": (
        "denominators-of-said",
        "Those rates divide by what was said. The hit rate divides by the pictures with a fault, the false alarm rate by those without.",
    ),
    "share-of-all": ("share-of-all", "Both counts are divided by all pictures; each kind has its own number of trials."),
    "misses-as-alarms": ("misses-for-alarms", "Misses are no false alarms: they come from pictures with a fault."),
    "rejections-as-alarms": (
        "rejections-for-alarms",
        "That is the rate of correct rejections; false alarms are the rest of the pictures without a fault.",
    ),
    "cdf": ("cdf-for-inverse", "That applies the distribution function; z is its inverse: from a rate to a place on the axis."),
    "rates": ("rates-not-z", "Those are plain rates: without z a step from 0.98 to 0.99 counts as little as one from 0.50 to 0.51."),
    "z-of-difference": ("z-of-difference", "z of the difference of rates is not the difference of their z values."),
    "root-two": ("divided-by-root-two", "Dividing by the root of two belongs to tasks with two alternatives; this one is yes or no."),
    "logit": ("logit-for-z", "That is the log odds, the logistic curve; d' is defined by the normal one."),
    "bias-sign": ("bias-sign", "d' is right, the sign of c is not: c is positive where the habit is no."),
    "bias-not-halved": ("bias-not-halved", "d' is right; c is the middle of the two z values, so the sum is halved."),
    "bias-beta": ("beta-for-c", "d' is right; the second number is d' times c, the logarithm of beta, and c itself was asked for."),
    "bias-relative": ("relative-bias", "d' is right; the second number is c divided by d', and c itself was asked for."),
    "bias-uncorrected": ("no-correction", "d' is right; c is made from the raw rates."),
    "one-number": ("one-number", "It returns one number; two were asked for: d' and c."),
    "order": ("order-of-results", "Both numbers are right, in the wrong order: d' comes first."),
    "hard-coded": ("hard-coded-count", "It works only for one number of trials: count them from the arguments."),
    "equal-trials": (
        "equal-trials",
        "It works only where there are as many pictures with a fault as without: each kind has its own number.",
    ),
}


def dprime() -> CodeQuestion:
    """Task 11."""
    return CodeQuestion(
        id="q11",
        title="Write d' and bias",
        ask=(
            "A probe for defects that is answered *no* everywhere is right on half of its pictures. d' says how well the two kinds are "
            "told "
            "apart, the bias c how willing the answers are. Write `dprime(hits, misses, false_alarms, correct_rejections)`, which returns "
            "(d', c) with the log-linear correction. It is tried on tables with none or all of a kind, and of unequal numbers."
        ),
        entry="dprime",
        stub=STUB,
        imports=("math", "statistics"),
        concept="signal-detection",
        stage=3,
        decided_by=("code:q11", "picture:code:q11"),
        traps=tuple(Trap(code=code, concept=concept, say=say) for code, (concept, say) in NAMED.items()),
        hints=ladder(
            "Which of the four counts share a denominator?",
            "Signal detection separates what is seen from what is said (section 13: a defect called fine may be unseen, or a habit of no).",
            "hit = (hits + 0.5) / (hits + misses + 1), likewise for false alarms; z = NormalDist().inv_cdf.",
            "A sibling, recall with the same correction: (hits + 0.5) / (hits + misses + 1); for 9 hits and 1 miss that is 9.5 / 11 = "
            "0.864, "
            "and z of it 1.10.",
        ),
        difficulty=3,
        importance=3,
        minutes=8,
        time_s=10.0,
    )
