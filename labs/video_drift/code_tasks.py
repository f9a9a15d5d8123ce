"""Chapter 4: three functions to write. The mistakes that the checkers can name (checkers.py, formulas.py), and what each one means."""

from __future__ import annotations

from labs.video_drift.wording import ladder
from studyapp.labkit.api import CodeQuestion, Trap

IMPORTS = ("numpy", "math")

CONSISTENCY_STUB = '''import numpy as np


def subject_consistency(features: np.ndarray) -> float:
    """VBench's subject consistency of one clip.

    features: (T, D), one vector a frame, of any length; T >= 3.
    For every frame after the first: the mean of its cosine similarity
    to the frame before and to the first frame, each clamped at 0.
    Then the mean over those T - 1 frames.
    """
    raise NotImplementedError  # TODO
'''

CURVE_STUB = '''import numpy as np


def gap_curve(features: np.ndarray, longest: int) -> list[float]:
    """How alike frames are that are 1, 2, ... longest apart.

    features: (T, D), T > longest. Entry d - 1 is the mean, over all
    pairs of frames that are d apart, of their cosine similarity, each
    clamped at 0.
    """
    raise NotImplementedError  # TODO
'''

MOTION_STUB = '''import numpy as np


def motion_score(frames: np.ndarray) -> float:
    """How uneven the motion of a clip is: larger = the object jumps.

    frames: (T, H, W, 3), uint8, one object on a plain ground. Clips
    that jump (teleport, shuffled) must get more than clips that are
    good, frozen, drifting in identity, flickering or growing dark.
    """
    raise NotImplementedError  # TODO
'''


def _traps(sentences: dict[str, tuple[str, str]]) -> tuple[Trap, ...]:
    return tuple(Trap(code=code, concept=concept, say=say) for code, (concept, say) in sentences.items())


COMMON = {
    "no-clamp": ("no-clamp", "Cosines below 0 are counted as they are; each has to be clamped at 0 first."),
    "clamped-late": ("clamp-order", "The clamp comes after a mean: each single cosine is clamped, then the mean is taken."),
    "absolute": ("absolute-for-clamp", "The absolute value turns unlike into alike; clamping makes it 0."),
    "not-normalised": ("unnormalised", "Those are plain products: without dividing by both lengths a longer vector looks more alike."),
    "wrong-axis": ("wrong-axis", "It normalises each feature over the frames; each frame's vector has to get length one."),
    "wraps-round": ("wraps-round", "np.roll joins the last frame to the first: those are no pair of this kind."),
    "summed": ("sum-for-mean", "That is a sum; it grows with the length of the clip."),
    "error-for-score": ("error-for-score", "That is one minus the similarity."),
    "input-changed": ("input-changed", "It changes its own input in place."),
    "not-finite": ("not-finite", "It divides by zero somewhere."),
}
CONSISTENCY = COMMON | {
    "clamped-last": COMMON["clamped-late"],
    "shifted": ("absolute-for-clamp", "Moving cosines to 0..1 gives unlike frames a half; clamping gives them 0."),
    "centred": ("mean-removed", "The mean over the clip was subtracted first; cosines are taken of the features as they are."),
    "over-n": ("over-n", "It divides by T; only T - 1 frames have a frame before them."),
    "over-n-less-two": ("over-n", "It divides by T - 2; T - 1 frames have a frame before them."),
    "frame-0-counted": ("over-n", "Frame 0 is counted as perfectly alike: it has no frame before, so it has no part in the mean."),
    "first-with-itself": ("over-n", "The first frame is compared with itself too; that pair is always 1."),
    "no-first": (
        "adjacent-sees-drift",
        "It compares neighbours alone: a slow drift passes unseen. Half of the score is the likeness to the first frame.",
    ),
    "no-previous": ("first-only", "It compares with the first frame alone; half of the score is the likeness to the frame before."),
    "last-for-first": ("last-for-first", "It compares with the last frame; the identity that should be kept is that of the first."),
    "not-halved": ("not-halved", "The two similarities are added; their mean was asked for."),
    "percent": ("percent", "That is a percentage; the score runs from 0 to 1."),
    "all-pairs": ("all-pairs", "It takes all pairs of frames; asked are the frame before and the first one."),
    "gap-two": ("wrong-neighbour", "It compares with the frame before the one before."),
    "per-frame": ("per-frame", "That is a value for each frame; one number for the clip was asked for."),
}
CURVE = COMMON | {
    "from-gap-0": ("off-by-one", "It starts at gap 0, where each frame is compared with itself; entry 0 is gap 1."),
    "gap-0-added": ("off-by-one", "It has gap 0 in front; the curve starts at gap 1."),
    "one-short": ("off-by-one", "The longest gap itself is missing: range(1, longest) ends before it."),
    "reversed": ("reversed", "The longest gap comes first; entry 0 is gap 1."),
    "first-only": ("first-only", "Only pairs with frame 0 are looked at; all pairs that are d apart belong to gap d."),
    "last-pair": ("first-only", "Only one pair is looked at; all pairs that are d apart belong to gap d."),
    "all-neighbours": ("adjacent-sees-drift", "Every entry is that of neighbours: the gap plays no part."),
    "chained": (
        "adjacent-sees-drift",
        "Similarities of neighbours do not multiply up to those of distant frames; they must be compared themselves.",
    ),
    "over-n": ("over-n", "It divides by T; there are T - d pairs at gap d."),
    "cumulative": ("cumulative", "Each entry takes in the smaller gaps too."),
    "strided": ("strided", "Taking every d-th frame leaves pairs out: frames 1 and 1 + d are d apart as well."),
}
MOTION = {
    "light-for-motion": ("light-for-motion", "It takes changes of light for motion: find where the object is, then how far that moves."),
    "appearance-for-motion": ("motion-in-consistency", "It goes by what the object looks like; a jump changes only where it is."),
    "amount-for-plausibility": (
        "amount-for-plausibility",
        "It measures how far the object gets or how much moves in all; asked is whether it jumps, and a jump may even lead back.",
    ),
    "typical-step": ("typical-step", "It looks at the usual step: three jumps in a clip do not change a median. Look at the largest."),
    "order-blind": ("order-in-consistency", "It does not look at the order of the frames, so a shuffled clip passes."),
    "turned-round": ("turned-round", "It is the wrong way round: larger was to mean that the object jumps."),
    "constant": ("constant", "It gives the same number for every clip."),
    "input-changed": COMMON["input-changed"],
    "not-finite": ("not-finite", "It divides by zero on a clip in which nothing moves."),
    "per-frame": ("per-frame", "That is a value for each step; one number for the clip was asked for."),
}


def consistency() -> CodeQuestion:
    return CodeQuestion(
        id="q5",
        title="Write subject consistency",
        ask=(
            "Write `subject_consistency(features)` exactly as VBench defines it: (T, D) to one number. It is tried on random features "
            "of any length, some of which point away from the first frame, and then on this run's drifting clip."
        ),
        entry="subject_consistency",
        stub=CONSISTENCY_STUB,
        imports=IMPORTS,
        concept="adjacent-vs-first",
        stage=3,
        decided_by=("code:q5", "beside:q5"),
        traps=_traps(CONSISTENCY),
        hints=ladder(
            "How many frames have a frame before them, and what does the clamp do to a cosine of -0.3?",
            "Drift is measured for instance by VBench's subject consistency: likeness of subject features across frames (section 13).",
            "Divide each row by its length; neighbours are (rows[1:] * rows[:-1]).sum(1), the first frame is rows[1:] @ rows[0]. "
            "Clamp both, add, halve, take the mean.",
            "A sibling, the mean clamped cosine of all frames with the last one: r = f / np.linalg.norm(f, axis=1, keepdims=True), "
            "then np.clip(r[:-1] @ r[-1], 0, None).mean().",
        ),
        difficulty=3,
        importance=4,
        minutes=7,
    )


def gap_curve() -> CodeQuestion:
    return CodeQuestion(
        id="q6",
        title="Write the gap curve",
        ask=(
            "Write `gap_curve(features, longest)`: how alike frames are that lie 1, 2, up to `longest` frames apart. Subject "
            "consistency asks about gap 1 and about the first frame; the curve shows all of it, and the half-life of a drift is read "
            "off it."
        ),
        entry="gap_curve",
        stub=CURVE_STUB,
        imports=IMPORTS,
        concept="gap-curve",
        stage=3,
        decided_by=("code:q6", "beside:q6"),
        traps=_traps(CURVE),
        hints=ladder(
            "How many pairs of frames are d apart in a clip of T frames?",
            "Neighbours nearly agree all through a slow drift, so frames that are farther apart have to be compared (section 13).",
            "For each d from 1 to longest: rows[:-d] and rows[d:] are the pairs; clamp their cosines, then take the mean.",
            "A sibling, how far numbers move at gap d: [np.abs(x[d:] - x[:-d]).mean() for d in range(1, longest + 1)].",
        ),
        difficulty=3,
        importance=4,
        minutes=6,
    )


def motion() -> CodeQuestion:
    return CodeQuestion(
        id="q8",
        title="Write a motion metric",
        ask=(
            "Write `motion_score(frames)`: larger where the object jumps. It must put the teleporting and the shuffled clip above the "
            "good, the frozen, the drifting, the flickering and the darkening one, on 20 seeds. How you do it is free."
        ),
        entry="motion_score",
        stub=MOTION_STUB,
        imports=IMPORTS,
        concept="motion-metric",
        stage=3,
        decided_by=("code:q8", "beside:q8"),
        traps=_traps(MOTION),
        hints=ladder(
            "What stays the same when the lamp flickers, and changes when the object jumps?",
            "Smooth is not the same as plausible, and consistent is neither: motion realism is judged on where things are (section 12).",
            "The ground is the most common colour of a frame (np.median over its pixels). Where do pixels differ from it? Their "
            "centre, frame by frame, gives a path; look at its largest step.",
            "A sibling, in one dimension: x = np.array([np.abs(row - np.median(row)).argmax() for row in rows]), then "
            "np.abs(np.diff(x)).max().",
        ),
        difficulty=4,
        importance=4,
        minutes=9,
        time_s=20.0,
    )
