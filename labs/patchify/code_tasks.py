"""Chapter 3: three functions to write. The mistakes that the checker can name (checkers.py), and what each one means."""

from __future__ import annotations

from labs.patchify.shapes import ladder
from studyapp.labkit.api import CodeQuestion, Trap

IMPORTS = ("torch", "einops", "math")

PATCHIFY_STUB = '''import torch
from einops import rearrange


def patchify(x: torch.Tensor, p: int) -> torch.Tensor:
    """Cut pictures into patches: (B, C, H, W) -> (B, N, p*p*C).

    H and W are multiples of p, not always equal. Patches are numbered
    row by row; each row of the result is one flattened patch, as
    (p1 p2 c) or as (c p1 p2).
    """
    raise NotImplementedError  # TODO
'''

UNPATCHIFY_STUB = '''import torch
from einops import rearrange


def unpatchify(t: torch.Tensor, p: int, h: int, w: int) -> torch.Tensor:
    """Put pictures together again: (B, h*w, C*p*p) -> (B, C, h*p, w*p).

    t comes from rearrange(x, "b c (h p1) (w p2) -> b (h w) (c p1 p2)"):
    patches row by row, each flattened as (c p1 p2).
    """
    raise NotImplementedError  # TODO
'''

LINEAR_STUB = '''import torch
from einops import rearrange


def conv_to_linear(weight: torch.Tensor) -> torch.Tensor:
    """A convolution's weight as the weight of a linear layer.

    weight: (D, C, p, p), of nn.Conv2d(C, D, kernel_size=p, stride=p).
    The layer must give the same numbers for patches that were cut by
    F.unfold(x, p, stride=p), each flattened as (c p1 p2), so
    F.linear(patches, conv_to_linear(weight)) is conv(x) without bias.
    """
    raise NotImplementedError  # TODO
'''


def _traps(sentences: dict[str, tuple[str, str]]) -> tuple[Trap, ...]:
    return tuple(Trap(code=code, concept=concept, say=say) for code, (concept, say) in sentences.items())


COMMON = {
    "hard-coded-patch": ("hard-coded-patch", "It works only for one patch size: p is an argument."),
    "hard-coded-channels": ("hard-coded-channels", "It works only for three channels: read C from the shape."),
    "assumes-square": ("non-square", "It works only for square pictures: rows and columns of patches are counted apart."),
    "one-picture": ("batch-forgotten", "It works only for a batch of one picture."),
    "values-changed": ("values-changed", "The numbers themselves were changed; only their places should."),
    "input-changed": ("input-changed", "It changes its own input in place."),
    "reshaped": (
        "reshape-mixes",
        "A reshape alone moves no axis: it cuts the row-major memory into pieces, so neighbouring strips get mixed.",
    ),
    "column-major": ("patch-order", "The patches are in column-major order; a token sequence goes row by row."),
}

PATCHIFY = COMMON | {
    "transposed": ("patch-transposed", "Rows and columns inside each patch are swapped."),
    "inner-order": ("patch-inner-order", "The axes inside the patch are in an order nobody uses; (p1 p2 c) or (c p1 p2) was asked for."),
    "sides-swapped": ("sides-swapped", "Height and width were swapped before cutting."),
    "channels-last-input": ("channels-last", "That reads the picture as (B, H, W, C); here the channels come first."),
    "cls-added": ("cls-token", "There is one row too many: [CLS] is put in front after patch embedding, not by patchify."),
    "one-channel": ("forgot-channels", "Each row has p*p numbers: the channels are missing from the vector."),
    "channels-as-tokens": ("channels-in-count", "Each channel became a token of its own; a patch's channels belong into one vector."),
    "width-first": ("axes-order", "The result is (B, p*p*C, N), as F.unfold gives it; tokens come before their width."),
    "batch-folded": ("batch-folded", "Batch and patches ended up on one axis; keep (B, N, ...)."),
    "strips": ("patch-2d", "Those are strips over the whole width: a patch is cut on both sides."),
    "grid-kept": ("grid-kept", "The patches still lie on their grid (B, h, w, ...); flatten it into one sequence."),
    "overlapping": ("overlapping-patches", "The patches overlap: the stride is the patch size."),
    "two-axes-patch": ("patch-not-flattened", "Each patch still has several axes; flatten it into one vector."),
}

UNPATCHIFY = COMMON | {
    "transposed": ("patch-transposed", "Rows and columns inside each patch are swapped."),
    "channels-last": ("patch-inner-order", "That reads each vector as (p1 p2 c); here it was written as (c p1 p2)."),
    "inner-order": ("patch-inner-order", "The axes inside each vector are read in a wrong order; it was written as (c p1 p2)."),
    "grid-swapped": ("sides-swapped", "h and w were swapped: the sequence has h rows of w patches."),
    "channels-last-output": ("axes-order", "The picture comes out as (B, H, W, C); the channels were asked for first."),
    "sides-swapped": ("sides-swapped", "The picture comes out lying on its side, (B, C, W, H)."),
    "one-channel": ("forgot-channels", "Only one channel comes out."),
    "batch-folded": ("batch-folded", "The pictures of the batch ended up in one."),
    "patch-interleaved": (
        "patch-interleaved",
        "Patch and pixel axes are interleaved the wrong way: (p1 h) instead of (h p1) spreads each patch over the picture.",
    ),
}

LINEAR = {
    "channels-last": ("patch-inner-order", "That flattens the kernel as (p1 p2 c); F.unfold gives the patches as (c p1 p2)."),
    "transposed": ("patch-transposed", "Rows and columns of the kernel are swapped."),
    "inner-order": ("patch-inner-order", "The kernel's axes are flattened in a wrong order; F.unfold gives (c p1 p2)."),
    "width-first": ("axes-order", "That is the transposed matrix, (inputs, outputs); F.linear wants (outputs, inputs)."),
    "reshaped": ("reshape-mixes", "A reshape with D last mixes the outputs: D is the kernel's first axis."),
    "one-channel": ("forgot-channels", "Each output must look at all channels: a row has C*p*p numbers."),
    "flipped": ("kernel-flipped", "The kernel was turned round: nn.Conv2d computes a cross-correlation and flips nothing."),
    "values-changed": ("values-changed", "The numbers themselves were changed; only their places should."),
    "bias-added": ("bias-in-matrix", "There is one column too many: the bias is no part of the matrix."),
    "hard-coded-patch": COMMON["hard-coded-patch"],
    "hard-coded-channels": COMMON["hard-coded-channels"],
    "not-flattened": ("patch-not-flattened", "The kernel still has several axes; a linear layer's weight is a matrix."),
    "input-changed": COMMON["input-changed"],
}


def patchify() -> CodeQuestion:
    return CodeQuestion(
        id="q7",
        title="Write patchify",
        ask=(
            "Write `patchify(x, p)`: (B, C, H, W) to (B, N, p*p*C), patches row by row. Inside the vector both (p1 p2 c) and (c p1 p2) "
            "are accepted. "
            "It is tried on pictures that are not square, with B > 1 and C ≠ 3, in which every number is its own address."
        ),
        entry="patchify",
        stub=PATCHIFY_STUB,
        imports=IMPORTS,
        concept="patch-order",
        stage=2,
        decided_by=("code:q7", "mosaic:q7"),
        traps=_traps(PATCHIFY),
        hints=ladder(
            "Which two axes must end up side by side before they may be merged into N?",
            "A patch is a tile on both sides: H splits into (h p1) and W into (w p2); then axes move, and only then are they merged "
            "(section 2).",
            'rearrange(x, "b c (h p1) (w p2) -> ...") with the grid axes first and the patch axes after them; or view, permute, reshape.',
            'A sibling, in one dimension: cutting a sound (b, c, t) into frames of n is rearrange(x, "b c (k n) -> b k (c n)", n=n).',
        ),
        difficulty=3,
        importance=4,
        minutes=8,
    )


def unpatchify() -> CodeQuestion:
    return CodeQuestion(
        id="q8",
        title="Write unpatchify",
        ask=(
            "Write `unpatchify(t, p, h, w)`: (B, h*w, C*p*p) back to (B, C, h*p, w*p). The vectors are flattened as (c p1 p2). "
            "Putting together what was cut must give the picture back, on twelve shapes."
        ),
        entry="unpatchify",
        stub=UNPATCHIFY_STUB,
        imports=IMPORTS,
        concept="patch-order",
        stage=2,
        decided_by=("code:q8", "mosaic:q8"),
        traps=_traps(UNPATCHIFY),
        hints=ladder(
            "Which axis of the picture does the row inside a patch belong to, together with which other axis?",
            "Undo the steps of patchify in reverse: split N into (h w) and the vector into (c p1 p2), move the axes, merge (h p1) and "
            "(w p2).",
            "In (h p1) the grid index comes first, for it is the slower one.",
            'A sibling, in one dimension: frames back to a sound is rearrange(f, "b k (c n) -> b c (k n)", n=n).',
        ),
        difficulty=3,
        importance=3,
        minutes=6,
    )


def conv_to_linear() -> CodeQuestion:
    return CodeQuestion(
        id="q9",
        title="The convolution is a linear layer",
        ask=(
            "Write `conv_to_linear(weight)`: turn this run's convolution weight (D, C, p, p) into the weight of a linear layer, so that "
            "both give the "
            "same tokens for patches flattened as (c p1 p2). They must agree to 1e-5 on the weights of the model that this lab runs."
        ),
        entry="conv_to_linear",
        stub=LINEAR_STUB,
        imports=IMPORTS,
        concept="projection-params",
        stage=2,
        decided_by=("code:q9", "mosaic:q9"),
        traps=_traps(LINEAR),
        hints=ladder(
            "One output of the convolution is a sum of products over which axes of the weight?",
            "A convolution whose stride is its kernel size sees each patch once: it is a linear map of the flattened patch (section 2).",
            "Row d of the matrix is kernel d, flattened in the very order in which the patch is.",
            "A sibling, in one dimension: nn.Conv1d's weight (D, C, n) with stride n becomes weight.reshape(D, C * n) for frames "
            "flattened as (c n).",
        ),
        difficulty=3,
        importance=3,
        minutes=4,
    )
