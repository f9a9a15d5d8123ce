"""The backend `none`: the same facts found by enumeration in plain Python, without a model and without the closed formulas."""

from __future__ import annotations

import math
from collections.abc import Callable

from labs.patchify.params import Params
from studyapp.labkit.api import Json


def measures(params: Params) -> dict[str, Callable[[], Json]]:
    """Fact key -> how to find it."""
    return {
        "tokens": lambda: len(corners(params.H, params.W, params.p)),
        "patch-length": lambda: len(one_patch(params)),
        "block-input": lambda: [params.B, params.extra + len(corners(params.H, params.W, params.p)), params.D],
        "projection-params": lambda: sum(len(one_patch(params)) + bool(params.bias) for _ in range(params.D)),
        "costs": lambda: {id: sum(1 for _ in corners(*setting)) ** 2 for id, setting in zip("abcd", params.settings, strict=True)},
        "pixels": lambda: len(corners(params.H, params.W, params.p)) * len(pixels_of_patch(params.p)),
        "pixels-per-patch": lambda: len(pixels_of_patch(params.p)),
        "patch-pairs": lambda: len(corners(params.H, params.W, params.p)) ** 2,
        "pixel-pairs": lambda: (len(corners(params.H, params.W, params.p)) * len(pixels_of_patch(params.p))) ** 2,
        "pixel-tokens": lambda: pixel_tokens(params),
    }


def corners(H: int, W: int, p: int) -> list[tuple[int, int]]:
    """Upper left corners of all whole patches, row by row."""
    return [(top, left) for top in range(0, H, p) for left in range(0, W, p) if top + p <= H and left + p <= W]


def pixels_of_patch(p: int) -> list[tuple[int, int]]:
    return [(row, column) for row in range(p) for column in range(p)]


def one_patch(params: Params) -> list[tuple[int, int, int]]:
    """(channel, row, column) of every number in one flattened patch."""
    return [(channel, row, column) for channel in range(params.C) for row, column in pixels_of_patch(params.p)]


def pixel_tokens(params: Params) -> Json:
    """Single pixels as tokens of one attention map; whether a half-way patch projects to the half-way vector; how the costs compare."""
    pixels = [[0.1 * k, 0.05 * k * k, 1.0 - 0.1 * k] for k in range(6)]
    mixed = attention(pixels)
    first, second = [0.2, 0.9, 0.4], [0.8, 0.1, 0.6]
    weight = [[0.5, -1.0, 0.25], [1.5, 0.75, -0.5]]
    middle = apply(weight, [(a + b) / 2 for a, b in zip(first, second, strict=True)])
    between = [(a + b) / 2 for a, b in zip(apply(weight, first), apply(weight, second), strict=True)]
    patches = len(corners(params.H, params.W, params.p))
    return {
        "works": all(math.isfinite(value) for row in mixed for value in row),
        "half_way": all(math.isclose(a, b, abs_tol=1e-9) for a, b in zip(middle, between, strict=True)),
        "cost_ratio": (patches * params.p * params.p) ** 2 // patches**2,
        "pixels_per_patch": len(pixels_of_patch(params.p)),
    }


def attention(tokens: list[list[float]]) -> list[list[float]]:
    """Softmax self-attention with identity projections, tokens (N, D)."""
    mixed = []
    for query in tokens:
        scores = [math.exp(sum(a * b for a, b in zip(query, key, strict=True)) / math.sqrt(len(query))) for key in tokens]
        total = sum(scores)
        mixed.append([sum(score * value[d] for score, value in zip(scores, tokens, strict=True)) / total for d in range(len(query))])
    return mixed


def apply(weight: list[list[float]], vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in weight]
