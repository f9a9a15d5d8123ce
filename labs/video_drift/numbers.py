"""Tasks 7, 9, 10 and 12: a flicker score, a weighted total, a forecast of growing error, a half-life read off a curve."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from labs.video_drift import ideal, reel, sums
from labs.video_drift.params import Params, mean_step, slips
from labs.video_drift.wording import ladder, telling
from studyapp.labkit.api import BackendRef, NumberQuestion, Trap, Truth

SHOWN, ASKED = 4, 16  # frames of a roll-out that are shown, and the one whose error is forecast


def flicker(params: Params, sibling: Params, stage: int = 0) -> NumberQuestion:
    """Task 7: from the mean absolute difference to the score."""
    mae = mean_step(sibling.wall)
    return NumberQuestion(
        id="q7",
        title="A flicker score",
        ask=(
            "A camera looks at a grey wall whose lamp is unsteady. Levels go from 0 to 255, and neighbouring frames of the clip "
            "differ by {fact:mae} levels on average (MAE, mean absolute error). Which score does VBench's temporal flickering give, "
            "on its scale where 1 is still? (to three decimals)"
        ),
        integer=False,
        abs_tol=0.0006,
        concept="flicker-score",
        stage=stage,
        needs=("mae", "picture:wall"),
        decided_by=("flicker-score",),
        hints=ladder(
            "What should a clip score whose frames are all the same, and what one that jumps between black and white?",
            "Flicker is judged on pixels, from frame to frame; the score is turned round so that more is better.",
            "(255 - MAE) / 255",
            f"A sibling: MAE {mae:.2f} gives (255 - {mae:.2f}) / 255 = {sums.flicker_score(mae):.4f}.",
        ),
        confidence=True,
        difficulty=1,
        importance=3,
    )


def flickered(mae: float, score: float) -> Truth:
    """`score` as measured, and what slips make of the MAE that was shown."""
    wrong = (
        (mae / 255, "error-for-score", "That is the share of the scale by which frames differ: the error. The score is what is left of 1."),
        (255 - mae, "scale-forgotten", "That is still in levels; the score is a share of 255."),
        (1 - mae, "levels-as-shares", "That takes the levels to run from 0 to 1; here they run to 255."),
        (1 - mae / 100, "levels-as-percent", "Levels are no percentages: the scale ends at 255."),
    )
    traps = [Trap(value=round(value, 6), concept=concept, say=say) for value, concept, say in wrong]
    why = f"(255 - {mae:.2f}) / 255 = {score:.4f}: the frames differ by {mae / 255:.1%} of the scale."
    return Truth(value=score, traps=telling(score, traps), why=why, evidence=("flicker-score", "picture:wall"))


def share(params: Params, sibling: Params, stage: int = 2) -> NumberQuestion:
    """Task 9: how many clips must count as dynamic?"""
    s = sibling
    worked = sums.needed(s.subject, s.flicker, s.clips)
    lost = 2 - s.subject - s.flicker
    return NumberQuestion(
        id="q9",
        title="Beating the frozen set",
        ask=(
            f"A model made {params.clips} clips. On scales from 0 to 1 the set has subject consistency {params.subject:.3f} and "
            f"flicker score {params.flicker:.3f}; its dynamic degree is the share of clips that count as dynamic, each a plain yes or "
            f"no. A second set holds {params.clips} frozen pictures: 1 and 1, and none dynamic. In the weighted sum the dynamic degree "
            f"has weight 0.5 and the two others 1. At least how many of the {params.clips} clips must count as dynamic, for the moving "
            "set to be strictly ahead?"
        ),
        unit="clips",
        concept="dynamic-degree",
        stage=stage,
        decided_by=("share",),
        traps=tuple(
            Trap(value=value, concept=concept, say=SLIPS[concept])
            for concept, value in slips(params.clips, params.subject, params.flicker).items()
        ),
        hints=ladder(
            "How much does the moving set lose on the two consistency scores, and what can it win back?",
            "A frozen set is perfect on consistency, so motion has to be rewarded beside it (section 12). VBench gives dynamic degree "
            "half the weight of the others.",
            "0.5 * share > (1 - subject) + (1 - flicker); then count clips: the next whole number above share * clips.",
            f"A sibling: {s.clips} clips with {s.subject:.3f} and {s.flicker:.3f} lose {lost:.3f}, so the share must exceed "
            f"{lost / 0.5:.3f}: {lost / 0.5 * s.clips:.2f} clips, that is {worked}.",
        ),
        confidence=True,
        difficulty=3,
        importance=3,
        minutes=2,
    )


SLIPS = {
    "weight-forgotten": "That gives dynamic degree the weight 1; it has 0.5, so twice the share is needed.",
    "weight-multiplied": "Half the weight asks for twice the share: divide what is lost by 0.5.",
    "one-score-only": "That makes up for the subject consistency alone; the flicker score is short of 1 too.",
    "tie-is-no-win": "That many do not bring it ahead: the set must be strictly above the frozen one, so round up.",
}


def shared(params: Params, count: int | None) -> Truth:
    """`count` as the run found it by trying."""
    if count is None:
        return Truth(value=None, void="Not even a set in which everything moves is ahead: a bug of this lab.")
    lost = 2 - params.subject - params.flicker
    why = (
        f"The moving set loses {lost:.3f}; a share of {lost / 0.5:.3f} wins that back at weight 0.5. {lost / 0.5 * params.clips:.2f} "
        f"of {params.clips} clips: {count} are needed."
    )
    return Truth(value=count, why=why, evidence=("share",))


def half_life(params: Params, backend: BackendRef, stage: int = 2) -> NumberQuestion:
    """Task 12: read off the gap curve of a drift."""
    # As told: what is read off are the rounded values, so that no value that looks like the bound lies below it.
    curve = [round(value, 3) for value in ideal.curve(ideal.names(reel.drifting(params.seed + 1, 0, params.drift).frames))]
    bound = bound_of(curve)
    return NumberQuestion(
        id="q12",
        title="The half-life of a drift",
        ask=(
            f"Clips in which one thing slowly becomes another ({params.each} of them, {reel.LONG} frames): the curve gives the mean "
            "similarity of frames that are a number of frames apart. At which gap is it first below {fact:half}, half-way between its "
            "ends?"
        ),
        unit="frames",
        concept="gap-curve",
        stage=stage,
        forecast=False,
        needs=("half", "curve", "picture:gap"),
        decided_by=("half-life", "picture:half-life"),
        hints=ladder(
            "Which two frames does a point of the curve compare?",
            "Neighbours nearly agree all through a slow drift (section 13); similarity over growing gaps shows how fast identity is lost.",
            "Go along the curve from gap 1 until a value is below the bound for the first time; that gap is the half-life.",
            f"A sibling, with colour and shape read without error: {', '.join(f'{value:.3f}' for value in curve)}; the bound is "
            f"{bound:g}, so the half-life is {sums.half_life(curve, bound)} frames.",
        ),
        difficulty=2,
        importance=4,
    )


def bound_of(curve: Sequence[float]) -> float:
    """Half-way between the highest and the lowest value, in hundredths."""
    return round((max(curve) + min(curve)) / 2, 2)


def read_off(curve: Sequence[float], bound: float, found: int | None) -> Truth:
    """`found` from the very values that were shown."""
    if found is None:
        return Truth(value=None, void="This curve never falls below its own middle: nothing is judged.")
    drops = [before - after for before, after in itertools.pairwise(curve)]
    wrong: list[tuple[int | None, str, str]] = [
        (found - 1, "last-above", "That is the last gap still above the bound; the first one below was asked for."),
        (sums.extrapolated(curve, bound), "drift-is-linear", "That carries the loss of neighbours on in a straight line; the curve bends."),
        (drops.index(max(drops)) + 2, "steepest-for-half", "There the curve falls most steeply; asked is where it passes the bound."),
        (curve.index(min(curve)) + 1, "lowest-for-half", "There the curve is lowest; asked is where it passes the bound."),
    ]
    traps = [Trap(value=value, concept=concept, say=say) for value, concept, say in wrong if value]
    before = f"{curve[found - 2]:.3f} at gap {found - 1}, " if found > 1 else ""
    why = f"{before}{curve[found - 1]:.3f} at gap {found}: the first value below {bound:g}."
    return Truth(value=found, traps=telling(found, traps), why=why, evidence=("half-life", "picture:half-life"))


def forecast(params: Params, stage: int = 2) -> NumberQuestion:
    """Task 10: how errors of a model's own frames grow."""
    return NumberQuestion(
        id="q10",
        title="How errors add up",
        ask=(
            f"The zoo's next-frame model ({params.age} in its training) continues clips from three true frames, each new frame from "
            "its own last three. Its pixels are off by {fact:error-1}, {fact:error-2}, {fact:error-3} and {fact:error-4} levels of "
            f"255 (mean absolute error) in its first four frames. What is the error in frame {ASKED}?"
        ),
        unit="levels",
        integer=False,
        rel_tol=0.2,
        near=2.0,
        concept="compounding-errors",
        stage=stage,
        forecast=True,
        needs=("error-1", "error-2", "error-3", "error-4"),
        decided_by=("errors", "picture:errors", "picture:roll"),
        hints=ladder(
            "What is the input of frame 5, and how good is it?",
            "A model that continues its own output takes its errors as given and adds new ones (section 11); it was trained on true "
            "frames only.",
            "Look at how the error grows from frame to frame: by steps of one size, by a factor, or less and less? Carry that on.",
            "A sibling: errors of 1, 2, 3 and 4 levels, growing by steps of one size, would reach 16 in frame 16; growing by a factor "
            "they would leave the scale, and what has lost all likeness cannot get much worse.",
        ),
        difficulty=3,
        importance=3,
        minutes=1.5,
    )


def grown(params: Params, errors: Mapping[str, Sequence[float]]) -> Truth:
    """The measured error, and where straight lines and powers would have led."""
    row = errors[params.age]
    right = row[ASKED - 1]
    steady = row[SHOWN - 1] + (ASKED - SHOWN) * (row[SHOWN - 1] - row[0]) / (SHOWN - 1)
    factor = (row[SHOWN - 1] / row[0]) ** (1 / (SHOWN - 1)) if row[0] > 0 else 1.0
    traps: list[Any] = []
    guesses = (
        (steady, "drift-is-linear", "That carries the first steps on in a straight line."),
        (row[SHOWN - 1] * factor ** (ASKED - SHOWN), "errors-explode", "That lets the error grow by the same factor in every frame."),
        (row[SHOWN - 1], "errors-stay", "That takes the error to stay as it is; every frame is made from frames that are off already."),
    )
    taken = [right]
    for value, concept, say in guesses:
        if all(abs(value - other) > 0.4 * max(abs(value), abs(other)) for other in taken):
            traps.append(Trap(value=round(value, 3), concept=concept, say=say))
            taken.append(value)
    told = ", ".join(f"{age} {errors[age][ASKED - 1]:.1f}" for age in errors)
    why = (
        f"From {row[0]:.1f} in frame 1 and {row[SHOWN - 1]:.1f} in frame {SHOWN} to {right:.1f} in frame {ASKED}; a straight line "
        f"would have reached {steady:.1f}. Frame {ASKED} of the model at three ages: {told}."
    )
    return Truth(value=round(right, 3), traps=tuple(traps), why=why, evidence=("errors", "picture:errors", "picture:roll"))
