"""Chapter 1, and task 5: what comes out of the sizes. Questions with their hints; the truth is measured by run.py."""

from __future__ import annotations

from labs.patchify import traps
from labs.patchify.params import Params, cost
from studyapp.labkit.api import Hint, NumberQuestion, Option, OrderQuestion, ShapeQuestion

CONV = "`nn.Conv2d({C}, {D}, kernel_size={p}, stride={p}{bias})`"


def conv(params: Params) -> str:
    return CONV.format(C=params.C, D=params.D, p=params.p, bias="" if params.bias else ", bias=False")


def ladder(nudge: str, concept: str, method: str, worked: str) -> tuple[Hint, ...]:
    """The four hints of a task."""
    return tuple(Hint(step=step, text=text) for step, text in enumerate((nudge, concept, method, worked), start=1))


def tokens(params: Params, sibling: Params) -> NumberQuestion:
    rest = " Nothing crops or pads them before." if params.rest else ""
    s = sibling
    return NumberQuestion(
        id="q1",
        title="How many patch tokens?",
        ask=(
            f"{params.B} pictures of {params.C} channels, {params.H} rows and {params.W} columns of pixels go through {conv(params)}, "
            f"the patch embedding of a ViT.{rest} How many patch tokens does one picture give?"
        ),
        unit="patch tokens",
        concept="patch-count",
        stage=0,
        decided_by=("tokens", "picture:grid"),
        traps=traps.telling(params.N, traps.tokens(params)),
        hints=ladder(
            "Which number changes if the picture gets wider but not taller?",
            "A patch token is one tile of p × p pixels turned into one vector, whatever its channels (glossary, section 2: the cut into "
            "fixed-size patches).",
            "(H // p) * (W // p)",
            f"A sibling: {s.H} × {s.W} pixels, patches of {s.p}: {s.H} // {s.p} = {s.h} rows, {s.W} // {s.p} = {s.w} columns, {s.h} × "
            f"{s.w} = {s.N}.",
        ),
        confidence=True,
        difficulty=1,
        importance=5,
    )


def length(params: Params, sibling: Params) -> NumberQuestion:
    s = sibling
    return NumberQuestion(
        id="q2",
        title="How long is one flattened patch?",
        ask=(
            f"A ViT of width {params.D} cuts pictures of {params.C} channels and {params.H} × {params.W} pixels into patches of "
            f"{params.p} × {params.p}. "
            f"Before the projection one patch is flattened into a vector. How many numbers does that vector hold?"
        ),
        unit="numbers",
        concept="patch-vector",
        stage=0,
        decided_by=("patch-length", "picture:patch"),
        traps=traps.telling(params.length, traps.length(params)),
        hints=ladder(
            "How many numbers does it take to write down one pixel of this picture?",
            "Flattening lays out every pixel of the patch in all its channels; the projection to the model's width comes after it "
            "(section 2).",
            "p * p * C",
            f"A sibling: patches of {s.p} × {s.p} with {s.C} channels: {s.p} × {s.p} × {s.C} = {s.length}; its model width {s.D} plays "
            f"no part.",
        ),
        confidence=True,
        difficulty=1,
        importance=4,
    )


def block_input(params: Params, sibling: Params) -> ShapeQuestion:
    front = {0: "This model has no [CLS] token.", 1: "The model puts one [CLS] token in front."}
    extra = front.get(params.extra, f"The model puts {params.extra} learned tokens of its own in front, [CLS] among them.")
    s = sibling
    return ShapeQuestion(
        id="q3",
        title="What enters block 1?",
        ask=(
            f"A batch of {params.B} pictures, each {params.C} × {params.H} × {params.W} (channels, rows, columns), goes through "
            f"{conv(params)} into a ViT. "
            f"{extra} Which shape has the tensor that enters the first encoder block?"
        ),
        axes=("first axis", "second axis", "third axis"),
        symbols={"B": params.B, "C": params.C, "H": params.H, "W": params.W, "p": params.p, "D": params.D, "N": params.N},
        concept="cls-token",
        stage=0,
        decided_by=("block-input",),
        traps=traps.telling(traps.truths(params)["q3"], traps.block_input(params)),
        hints=ladder(
            "Follow one picture: how many vectors are there once everything that joins the sequence has joined, and how wide is each?",
            "[CLS] and the positions join after the projection and before the first block; positions are added, so they change no shape "
            "(section 2).",
            "(B, N + the tokens put in front, D) with N = (H // p) * (W // p)",
            f"A sibling: B = {s.B}, N = {s.N}, {s.extra} token{'' if s.extra == 1 else 's'} in front, D = {s.D}: ({s.B}, "
            f"{s.N + s.extra}, {s.D}).",
        ),
        confidence=True,
        difficulty=2,
        importance=5,
    )


def parameters(params: Params, sibling: Params) -> NumberQuestion:
    s = sibling
    total = s.length * s.D + (s.D if s.bias else 0)
    return NumberQuestion(
        id="q4",
        title="Parameters of the patch projection",
        ask=f"How many learnable numbers does the patch projection {conv(params)} have?",
        unit="parameters",
        concept="projection-params",
        stage=0,
        decided_by=("projection-params",),
        traps=traps.telling(traps.truths(params)["q4"], traps.parameters(params)),
        hints=ladder(
            "How many numbers go into one output, and how many outputs are there? Does the number of patches matter?",
            "The projection is one linear map that all patches share; written as a convolution it has one kernel an output channel "
            "(section 2).",
            "p * p * C * D"
            + (" + D, a weight for each input and output, and a bias for each output" if params.bias else " (it has no bias)"),
            f"A sibling: {s.p} × {s.p} × {s.C} × {s.D}{f' + {s.D}' if s.bias else ''} = {total:,}.",
        ),
        confidence=True,
        difficulty=2,
        importance=3,
    )


def costs(params: Params, sibling: Params) -> OrderQuestion:
    worked = ", ".join(
        f"{H} × {W} at p = {p}: {int(cost((H, W, p)) ** 0.5)} patches, {cost((H, W, p)):,} pairs" for H, W, p in sibling.settings
    )
    return OrderQuestion(
        id="q5",
        title="Which setting costs most attention?",
        ask="Every patch token looks at every patch token. Order these settings by what one such attention map costs, cheapest first.",
        options=tuple(
            Option(id=id, text=f"{H} × {W} pixels, patches of {p} × {p}") for id, (H, W, p) in zip("abcd", params.settings, strict=True)
        ),
        first="cheapest",
        last="dearest",
        concept="quadratic-cost",
        stage=1,
        decided_by=("costs",),
        traps=traps.telling(traps.truths(params)["q5"], traps.costs(params)),
        hints=ladder(
            "What does attention compare: pixels, or something larger?",
            "Self-attention compares all pairs in the sequence, so its cost grows with the square of the number of tokens (section 1).",
            "N = (H // p) * (W // p) for each; then compare N squared (the order by N is the same)",
            f"A sibling: {worked}.",
        ),
        difficulty=3,
        importance=4,
        minutes=1.5,
    )
