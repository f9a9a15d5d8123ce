"""Names for what can be wrong with a result whose elements are their own addresses. Used in the sandbox, so: torch only.

Each function takes the wrong result and says which known mistake gives exactly that, or None. Letters as in einops:
b batch, c channel, h w grid of patches, i j rows and columns inside a patch.
"""

from __future__ import annotations

from itertools import permutations
from typing import TypeAlias

import torch

Tensor: TypeAlias = torch.Tensor
INNER = {"ijc": None, "cij": None, "jic": "transposed", "cji": "transposed", "icj": "inner-order", "jci": "inner-order"}
AXIS = {"b": 0, "c": 1, "h": 2, "i": 3, "w": 4, "j": 5}


def patches(x: Tensor, p: int, order: str = "bhwcij") -> Tensor:
    """Reference: (B, C, H, W) cut into (B, N, p*p*C), with the axes in the given order."""
    B, C, H, W = x.shape
    split = x.reshape(B, C, H // p, p, W // p, p).permute(*(AXIS[axis] for axis in order))
    return split.reshape(B, (H // p) * (W // p), p * p * C)


def legal_order(x: Tensor, out: Tensor, p: int) -> str | None:
    """Which of the two accepted orders a right result has."""
    if torch.equal(out, patches(x, p, "bhwcij")):
        return "c p1 p2"
    return "p1 p2 c" if torch.equal(out, patches(x, p, "bhwijc")) else None


def of_patchify(x: Tensor, out: Tensor, p: int) -> str | None:
    """The mistake in a result of patchify."""
    B, C, H, W = x.shape
    N, length = (H // p) * (W // p), p * p * C
    if tuple(out.shape) != (B, N, length):
        return _patchify_shape(tuple(out.shape), (B, C, H, W), p)
    for inner, name in INNER.items():
        if name and _equal(out, patches(x, p, "bhw" + inner)):
            return name
        if _equal(out, patches(x, p, "bwh" + inner)):
            return "sides-swapped" if name == "transposed" else "column-major"
    per_channel = x.reshape(B, C, N, p * p)
    flat = [x.reshape(B, N, length), x.permute(0, 2, 3, 1).reshape(B, N, length)]
    if any(_equal(out, wrong) for wrong in (*flat, *(per_channel.permute(0, 2, *rest).reshape(B, N, length) for rest in ((1, 3), (3, 1))))):
        return "reshaped"
    if any(_equal(out, patches(x.reshape(B, C, W, H), p, order)) for order in ("bhwcij", "bhwijc")):
        return "sides-swapped"
    if any(_equal(out, patches(x.reshape(B, H, W, C).permute(0, 3, 1, 2), p, order)) for order in ("bhwcij", "bhwijc")):
        return "channels-last-input"
    return None if _same_values(out, x) else "values-changed"


def _patchify_shape(got: tuple[int, ...], shape: tuple[int, int, int, int], p: int) -> str | None:
    B, C, H, W = shape
    h, w = H // p, W // p
    N, length = h * w, p * p * C
    named = {
        (B, N + 1, length): "cls-added",
        (B, N, p * p): "one-channel",
        (B, N * C, p * p): "channels-as-tokens",
        (B, C * N, p * p): "channels-as-tokens",
        (B, C, N, p * p): "channels-as-tokens",
        (B, length, N): "width-first",
        (B * N, length): "batch-folded",
        (1, B * N, length): "batch-folded",
        (N, length): "batch-folded",
        (B, h, p * W * C): "strips",
        (B, w, p * H * C): "strips",
        (B, h, w, length): "grid-kept",
    }
    if got in named:
        return named[got]
    if len(got) > 3 and got[:2] == (B, N):
        return "two-axes-patch"
    if len(got) > 4 and got[:3] == (B, h, w):
        return "two-axes-patch"
    return "overlapping" if len(got) == 3 and got[0] == B and got[2] == length and got[1] > N + 1 else None


def of_unpatchify(x: Tensor, out: Tensor, p: int) -> str | None:
    """The mistake in a result of unpatchify, where x is what should have come out."""
    B, C, H, W = x.shape
    h, w = H // p, W // p
    got = tuple(out.shape)
    if got == (B, C, W, H) and H != W:
        return "sides-swapped" if _equal(out, x.transpose(2, 3)) else "grid-swapped"
    shapes = {(B, H, W, C): "channels-last-output", (B, 1, H, W): "one-channel", (B, H, W): "one-channel"}
    folded = {(C, H, W), (1, C, H, W), (B * C, H, W), (C, B * H, W), (C, H, B * W), (1, C, B * H, W)}
    if got != (B, C, H, W):
        return shapes.get(got, "batch-folded" if got in folded else None)
    t = patches(x, p)
    for inner in permutations("cij"):
        read = "".join(inner)
        if read != "cij" and _equal(out, _laid(t, p, C, h, w, "hw", read)):
            return {"ijc": "channels-last", "cji": "transposed"}.get(read, "inner-order")
        if _equal(out, _laid(t, p, C, h, w, "wh", read)):
            return "column-major"
    if any(_equal(out, wrong.reshape(B, C, H, W)) for wrong in (t, t.transpose(1, 2), t.reshape(B, h * w, C, p * p).transpose(1, 2))):
        return "reshaped"
    if _equal(out, t.reshape(B, h, w, C, p, p).permute(0, 3, 4, 1, 5, 2).reshape(B, C, H, W)):
        return "patch-interleaved"
    return None if _same_values(out, x) else "values-changed"


def _laid(t: Tensor, p: int, C: int, h: int, w: int, grid: str, inner: str) -> Tensor:
    """A picture laid from t, reading the sequence as `grid` and each vector as `inner`."""
    size = {"h": h, "w": w, "c": C, "i": p, "j": p}
    axes = grid + inner
    split = t.reshape(t.shape[0], *(size[axis] for axis in axes))
    return split.permute(0, *(1 + axes.index(axis) for axis in "chiwj")).reshape(t.shape[0], C, h * p, w * p)


def of_linear(weight: Tensor, out: Tensor) -> str | None:
    """The mistake in a matrix made of a convolution's weight."""
    D, C, p, _ = weight.shape
    length, got = C * p * p, tuple(out.shape)
    shapes = {(length, D): "width-first", (D, p * p): "one-channel", (D, length + 1): "bias-added"}
    if got != (D, length):
        return shapes.get(got, "not-flattened" if len(got) > 2 else None)
    for order, name in {
        (2, 3, 1): "channels-last",
        (1, 3, 2): "transposed",
        (3, 2, 1): "inner-order",
        (2, 1, 3): "inner-order",
        (3, 1, 2): "inner-order",
    }.items():
        if _equal(out, weight.permute(0, *order).reshape(D, length)):
            return name
    if _equal(out, weight.flip(2, 3).reshape(D, length)):
        return "flipped"
    if any(
        _equal(out, wrong)
        for wrong in (
            weight.reshape(length, D).T,
            weight.permute(1, 2, 3, 0).reshape(D, length),
            weight.permute(2, 3, 1, 0).reshape(D, length),
        )
    ):
        return "reshaped"
    return None if _same_values(out, weight) else "values-changed"


def _equal(out: Tensor, wrong: Tensor) -> bool:
    return bool(out.shape == wrong.shape and torch.equal(out, wrong))


def _same_values(out: Tensor, x: Tensor) -> bool:
    return bool(out.numel() == x.numel() and torch.equal(out.flatten().sort().values, x.flatten().sort().values))
