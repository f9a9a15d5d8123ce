"""Chapter 3, and task 11: what the contrastive loss counts, what it is worth, and what it asks for."""

from __future__ import annotations

import math

from labs.clip_zero_shot import claims, traps
from labs.clip_zero_shot.claims import ladder, options
from labs.clip_zero_shot.params import Params
from studyapp.labkit.api import ExplainQuestion, NumberQuestion, Reason


def negatives(params: Params, sibling: Params, seed: int) -> NumberQuestion:
    B, b = params.batch, sibling.batch
    return NumberQuestion(
        id="q6",
        title="What a batch compares",
        ask=(
            f"A batch of {B} pictures with their {B} captions, all different, goes through CLIP's loss. How many (picture, caption) "
            "pairs are "
            "wrong ones, that the loss pushes apart?"
        ),
        unit="pairs",
        concept="contrastive-target",
        stage=2,
        decided_by=("batch",),
        traps=traps.wrong_pairs(B),
        reason=Reason(ask="Which target does the cross-entropy get?", options=options(seed, "targets", claims.TARGETS)),
        hints=ladder(
            "How many cells has the matrix of all cosines, and which of them are right?",
            "A batch of N pairs makes an N × N matrix: the diagonal holds the right pairs, all the rest is wrong (section 3).",
            "B × B − B; row i's right class is i, and so is column i's",
            f"A sibling: {b} pairs make {b} × {b} = {b * b:,} cells, {b} of them right: {b * b - b:,} wrong. Targets: 0, 1, …, {b - 1}, "
            "for "
            "rows and for columns.",
        ),
        confidence=True,
        difficulty=2,
        importance=5,
    )


def equal_logits(params: Params, sibling: Params, seed: int) -> NumberQuestion:
    b = sibling.equal
    return NumberQuestion(
        id="q14",
        title="The loss when nothing is known",
        ask=(
            f"A batch of {params.equal} pairs, and all logits are equal: every picture is as near to every caption. How large is CLIP's "
            "loss? "
            f"(Two decimals, or an expression such as log({params.equal - 1}).)"
        ),
        integer=False,
        abs_tol=traps.LOG_TOL,
        concept="contrastive-target",
        stage=2,
        decided_by=("equal-loss",),
        traps=traps.log_batch(params.equal),
        hints=ladder(
            "Which probability does each caption get, when all are alike?",
            "Each side of the loss is a cross-entropy: minus the logarithm of the probability of the right one (section 3).",
            "−log(1/B) = log B, natural logarithm; the mean of two equal sides is the same",
            f"A sibling: {b} pairs. Each caption gets 1/{b}; log {b} = {math.log(b):.3f}.",
        ),
        confidence=True,
        difficulty=2,
        importance=4,
    )


def random_features(params: Params, sibling: Params, seed: int) -> NumberQuestion:
    B, D, s = params.random
    b, d, t = sibling.random
    return NumberQuestion(
        id="q15",
        title="The loss of random features",
        ask=(
            f"Now a batch of {B} pairs whose {2 * B} feature vectors are random unit vectors of dimension {D}, at a logit scale of "
            f"{s:g}. How "
            f"large is the loss on average? (log {B} = {math.log(B):.2f}; two decimals will do.)"
        ),
        integer=False,
        abs_tol=traps.RANDOM_TOL,
        concept="logit-scale",
        stage=2,
        decided_by=("random-loss",),
        traps=traps.random_features(params),
        hints=ladder(
            "How much do the cosines of random vectors scatter, and what does the scale make of that?",
            "Cosines of random unit vectors in D dimensions scatter around 0 with a variance of 1/D; the logit scale stretches them.",
            "log B + s² / (2D): the log of a mean of exponentials of normal numbers of variance s²/D, while s/√D is small",
            f"A sibling: B = {b}, D = {d}, s = {t:g}: {math.log(b):.2f} + {t:g}² / {2 * d} = {math.log(b) + t * t / (2 * d):.2f}.",
        ),
        confidence=True,
        difficulty=4,
        importance=3,
        minutes=1.5,
    )


def goal(params: Params, sibling: Params, seed: int) -> ExplainQuestion:
    k, s, n = params.pair, sibling.pair, len(params.asked)
    return ExplainQuestion(
        id="q11",
        title="What does CLIP optimise?",
        ask="Which sentence says what CLIP's training asks for?",
        options=options(seed, "goal", claims.GOAL),
        reason=Reason(
            ask=(
                f"Picture and caption {k} are one pair of a batch of {n}. Which cells of the {n} × {n} matrix does this pair's part of "
                "the loss touch?"
            ),
            options=options(seed, "crosses", claims.CROSSES, k=k, n=n),
        ),
        concept="contrastive-target",
        stage=4,
        decided_by=("goal", "picture:batch"),
        hints=ladder(
            "Would the loss notice if all cosines rose by the same amount?",
            "Two encoders are trained so that a picture and its own caption score higher than the wrong ones of the batch (section 3).",
            "Cross-entropy over row k (picture k chooses a caption) plus cross-entropy over column k (caption k chooses a picture)",
            f"A sibling: pair {s} of {n}. Its part of the loss is a softmax over row {s} and one over column {s}; a cell outside both can "
            "be changed at will and this part stays the same.",
        ),
        difficulty=3,
        importance=5,
        minutes=1.5,
    )
