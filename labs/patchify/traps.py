"""The misconceptions of tasks 1 to 5 as formulas: what someone who holds one would answer for these very numbers.

{truth} and {said} in a sentence are filled when it is shown, so no sentence carries the answer.
"""

from __future__ import annotations

from labs.patchify.params import Params, cost
from studyapp.labkit.api import Json, Trap


def truths(params: Params) -> dict[str, Json]:
    """Tasks 1 to 5 by formula."""
    return {
        "q1": params.N,
        "q2": params.length,
        "q3": [params.B, params.N + params.extra, params.D],
        "q4": params.length * params.D + (params.D if params.bias else 0),
        "q5": order_by(params, cost),
    }


def wrong_values(params: Params) -> dict[str, list[str]]:
    """Truth and trap values of each of them, as text, to demand that all differ."""
    traps = {"q1": tokens(params), "q2": length(params), "q3": block_input(params), "q4": parameters(params), "q5": costs(params)}
    return {id: [str(truth), *(str(trap.value) for trap in traps[id])] for id, truth in truths(params).items()}


def telling(truth: Json, traps: tuple[Trap, ...]) -> tuple[Trap, ...]:
    """Traps that differ from the truth and from each other; only a loaded model, whose sizes cannot be drawn, ever loses one."""
    kept: dict[str, Trap] = {str(truth): Trap(concept="", say="")}
    for trap in traps:
        kept.setdefault(str(trap.value), trap)
    return tuple(kept.values())[1:]


def tokens(params: Params) -> tuple[Trap, ...]:
    """Task 1: patch tokens of one picture."""
    h, w, p, H, W = params.h, params.w, params.p, params.H, params.W
    found = [
        Trap(
            value=params.N + 1,
            concept="cls-token",
            say="{truth}, not {said}: [CLS] is put in front after patch embedding, so it is no patch.",
        ),
        Trap(
            value=h * h,
            concept="non-square",
            say=f"That takes the picture to be square. It has {h} rows of patches but {w} columns: {h} × {w}.",
        ),
        Trap(value=H * W // p, concept="patch-2d", say=f"A patch is {p} pixels wide and {p} high, so both sides are divided by {p}."),
        Trap(value=H * W, concept="pixels-as-tokens", say=f"That counts pixels. One token stands for a whole patch of {p} × {p} pixels."),
        Trap(
            value=params.N * params.C,
            concept="channels-in-count",
            say=f"The {params.C} channels of a patch go into one vector: they make it longer, not more numerous.",
        ),
        Trap(value=params.N * params.B, concept="batch-counted", say="That is the whole batch; one picture was asked for."),
    ]
    if params.rest:
        up = -(-H // p) * -(-W // p)
        found.append(
            Trap(
                value=up,
                concept="rounded-up",
                say="That rounds up. The kernel stops where a whole patch no longer fits, so the rest gives no token.",
            )
        )
    return tuple(found)


def length(params: Params) -> tuple[Trap, ...]:
    """Task 2: numbers in one flattened patch."""
    p, C = params.p, params.C
    return (
        Trap(value=p * p, concept="forgot-channels", say=f"Each of the {p * p} pixels has {C} numbers, one a channel."),
        Trap(
            value=params.D,
            concept="projection-vs-patch",
            say=f"{params.D} is the width after the projection; the flattened patch is what goes into it.",
        ),
        Trap(value=p * C, concept="patch-2d", say=f"That is one row of pixels of the patch; it has {p} of them."),
        Trap(value=params.N * p * p * C, concept="whole-picture", say="That is all patches together; one was asked for."),
    )


def block_input(params: Params) -> tuple[Trap, ...]:
    """Task 3: the tensor that enters block 1."""
    B, N, D, T = params.B, params.N, params.D, params.N + params.extra
    if params.extra:
        first = Trap(
            value=[B, N, D], concept="cls-token", say="That is the sequence before [CLS] is put in front: one row a patch and no more."
        )
    else:
        first = Trap(value=[B, N + 1, D], concept="cls-token", say="That has a row for [CLS], and this model has none.")
    return (
        first,
        Trap(
            value=[B, T, params.length],
            concept="projection-vs-patch",
            say=f"Those rows are not projected yet; the encoder works at width {D}.",
        ),
        Trap(
            value=[B, N, params.length],
            concept="projection-vs-patch",
            say=f"Those are the flattened patches, before the projection to width {D}.",
        ),
        Trap(
            value=[B, D, T],
            concept="axes-order",
            say="A transformer reads (batch, token, width); the width comes first only in the convolution's output.",
        ),
        Trap(
            value=[B, D, params.h, params.w],
            concept="axes-order",
            say="That is the convolution's output, before its grid is flattened into a sequence.",
        ),
    )


def parameters(params: Params) -> tuple[Trap, ...]:
    """Task 4: learnable numbers of the patch projection."""
    weights, D = params.length * params.D, params.D
    right = weights + (D if params.bias else 0)
    if params.bias:
        bias = Trap(value=weights, concept="bias-forgotten", say=f"Those are the weights; each of the {D} outputs has a bias as well.")
    else:
        bias = Trap(value=weights + D, concept="bias-added", say="This projection is made with bias=False.")
    return (
        bias,
        Trap(
            value=right + (params.N + params.extra) * D,
            concept="positions-counted",
            say="That adds the position embeddings: they are learned too, but they are no part of the projection.",
        ),
        Trap(
            value=params.p**2 * D + (D if params.bias else 0),
            concept="forgot-channels",
            say=f"The kernel looks at all {params.C} channels, so each output has {params.C} times as many weights.",
        ),
        Trap(
            value=right * params.N,
            concept="weights-per-patch",
            say="One projection is shared by all patches; its weights are counted once.",
        ),
    )


def costs(params: Params) -> tuple[Trap, ...]:
    """Task 5: settings by the cost of one attention map, cheapest first."""
    pixels = order_by(params, lambda setting: setting[0] * setting[1])
    return (
        Trap(
            value=pixels, concept="pixels-not-patches", say="That is the order by pixels. Attention sees patches: count those, then square."
        ),
    )


def order_by(params: Params, score: object) -> list[str]:
    """Ids of the four settings, lowest score first."""
    assert callable(score)
    scored = {id: score(setting) for id, setting in zip("abcd", params.settings, strict=True)}
    return sorted(scored, key=lambda id: (scored[id], id))
