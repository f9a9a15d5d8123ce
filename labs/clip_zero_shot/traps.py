"""The misconceptions of the numbers as formulas: what someone who holds one would answer for these very numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from labs.clip_zero_shot.arithmetic import sigmoid, softmax
from labs.clip_zero_shot.params import Params
from studyapp.labkit.api import Trap

SOFTMAX_TOL, LOG_TOL, RANDOM_TOL, SHARE_TOL = 0.01, 0.02, 0.06, 5.0


def apart(truth: float, traps: Sequence[Trap], tolerance: float) -> tuple[Trap, ...]:
    """The traps that can be told from the truth and from those before them."""
    kept: list[Trap] = []
    for trap in traps:
        if all(abs(float(trap.value) - value) > 3.05 * tolerance for value in (truth, *(float(other.value) for other in kept))):
            kept.append(trap)
    return tuple(kept)


def best_share(cosines: Sequence[float], scale: float) -> float:
    """Task 2: the softmax of the best of these cosines at a logit scale."""
    return max(softmax([scale * cosine for cosine in cosines]))


def shares(cosines: Sequence[float], scale: float) -> tuple[Trap, ...]:
    """Task 2."""
    best = max(cosines)
    found = [
        Trap(
            value=max(softmax(cosines)),
            concept="softmax-no-scale",
            say=f"That is the softmax of the bare cosines. CLIP multiplies them by its logit scale first, {scale:g} here; without it all "
            "labels look alike.",
        ),
        Trap(
            value=best,
            concept="cosine-is-probability",
            say="That is the cosine itself. It measures an angle; cosines of four labels need not add up to 1, and may be negative.",
        ),
        Trap(
            value=sigmoid(scale * best),
            concept="sigmoid-for-softmax",
            say="A sigmoid judges one pair by itself; a softmax compares the four labels with each other.",
        ),
    ]
    total = sum(cosines)
    if min(cosines) > 0:
        found.append(
            Trap(
                value=best / total,
                concept="share-of-cosines",
                say="That divides by the sum of the cosines. A softmax takes exponentials of the scaled cosines first.",
            )
        )
    return apart(best_share(cosines, scale), found, SOFTMAX_TOL)


def wrong_pairs(B: int) -> tuple[Trap, ...]:
    """Task 6: negatives of a batch."""
    return (
        Trap(value=B * B, concept="matrix-whole", say=f"{B} × {B} is the whole matrix; the {B} pairs on its diagonal are right ones."),
        Trap(
            value=B - 1,
            concept="row-only",
            say=f"That is one row: the wrong captions of a single picture. The matrix has {B} rows.",
        ),
        Trap(
            value=B * (B - 1) // 2,
            concept="half-matrix",
            say="That counts (picture i, caption j) and (picture j, caption i) as one. They are two different cells, and both are wrong.",
        ),
        Trap(
            value=2 * B * (B - 1),
            concept="pairs-counted-twice",
            say="Each cell stands in one row and in one column, but it is still one pair.",
        ),
        Trap(value=B, concept="right-pairs-only", say="Those are the right pairs, the diagonal; the wrong ones were asked for."),
    )


def log_batch(B: int) -> tuple[Trap, ...]:
    """Task 14: the loss when all logits are equal."""
    return (
        Trap(
            value=0.0,
            concept="equal-is-zero",
            say="A loss of 0 would mean that every picture surely found its caption; here it can only guess among all of them.",
        ),
        Trap(
            value=2 * math.log(B),
            concept="n-squared-classes",
            say=f"That is log {B}². Each picture chooses among the {B} captions of its row, not among all cells; and the two sides are "
            "averaged, not added.",
        ),
        Trap(value=math.log2(B), concept="bits-for-nats", say="That is in bits (log₂). Cross-entropy is taken with the natural logarithm."),
        Trap(value=math.log10(B), concept="log-base", say="That is log₁₀. Cross-entropy is taken with the natural logarithm."),
        Trap(
            value=math.log(2),
            concept="two-class-loss",
            say=f"log 2 is the loss of a choice between two. Each picture has {B} captions to choose from.",
        ),
    )


def random_loss(params: Params) -> float:
    """Task 15: log B + s²/(2D), for a cosine of random unit vectors is nearly normal with variance 1/D."""
    B, D, s = params.random
    return math.log(B) + s * s / (2 * D)


def random_features(params: Params) -> tuple[Trap, ...]:
    """Task 15; where s²/D is near 1, s²/D and s/√D give the same, and only the first is kept."""
    B, D, s = params.random
    found = (
        Trap(
            value=math.log(B),
            concept="always-log-b",
            say="log B holds where all logits are equal. Random ones are not: some wrong caption is always nearer by luck, and the scale "
            "makes that count.",
        ),
        Trap(
            value=math.log(B) + s * s / D,
            concept="half-forgotten",
            say="The mean of exp(z) for a normal z of variance v is exp(v/2): the term is v/2, with v = s²/D.",
        ),
        Trap(
            value=math.log(B) + s / math.sqrt(D),
            concept="sd-for-variance",
            say="That adds the standard deviation of a logit, s/√D; half its variance is what is added.",
        ),
        Trap(
            value=s * s / (2 * D),
            concept="log-b-forgotten",
            say="That is only what chance adds. Choosing among B captions costs log B already when all are alike.",
        ),
        Trap(
            value=math.log(B) + s,
            concept="scale-added",
            say="The logits are s times a cosine, and a cosine of random vectors is small: about 1/√D.",
        ),
    )
    return apart(random_loss(params), found, RANDOM_TOL)


def wrong_values(params: Params) -> list[tuple[list[float], float]]:
    """Truth and trap values of each number of chapter 3, and how far apart they must be."""
    B, equal = params.batch, params.equal
    return [
        ([float(B * (B - 1)), *(float(trap.value) for trap in wrong_pairs(B))], 0.5),
        ([math.log(equal), *(float(trap.value) for trap in log_batch(equal))], 3.05 * LOG_TOL),
        ([random_loss(params), *(float(trap.value) for trap in random_features(params))], 3.05 * RANDOM_TOL),
    ]


def too_good(truth: float) -> tuple[Trap, ...]:
    """Forecasts of two-way tests, in percent: who takes a matching model for one that reads where things are."""
    say = (
        "You expected the caption's word order, or which colour goes with which shape, to count. The vectors hardly keep it: to the model "
        "both captions are nearly the same bag of words."
    )
    return tuple(
        Trap(value=value, concept="similarity-proves-relations", say=say) for value in (95.0, 84.0, 73.0) if value - truth > 2.1 * SHARE_TOL
    )
