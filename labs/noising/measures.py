"""The facts that the backend `tiny` finds with arrays: real noise, real pictures, step by step. Imported in workers only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np

from labs.noising import arithmetic, textures
from labs.noising.params import Params, pixels_of
from labs.scenes.raster import rasterise
from studyapp.labkit.api import Json

Array = Any
COPIES = 32  # pictures of noise that a variance is measured on
MANY = 64  # copies that are averaged


def measures(params: Params, seed: int, level: int) -> dict[str, Callable[[], Json]]:
    """Fact key -> how to find it; the rest is arithmetic's."""
    return {
        "crossing": lambda: crossing(params, seed, level),
        "variances": lambda: variances(params, seed, level),
        "copies": lambda: copies(params),
    }


def generator(name: str) -> Any:
    """Numbers of a name, the same in every process."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))


def picture(seed: int, level: int) -> Array:
    """The picture's values, -1..1, flat."""
    return np.frombuffer(pixels_of(seed, level), dtype=np.uint8).astype(np.float64) * 2 / 255 - 1


def crossing(params: Params, seed: int, level: int) -> int:
    """The first step at which the picture's scaled part has less variance than the noise's."""
    x, bars = picture(seed, level), np.cumprod(1 - np.array(params.schedule.betas))
    for t, a in enumerate(bars):
        if (np.sqrt(a) * x).var() < 1 - a:
            return t
    return params.schedule.T


def variances(params: Params, seed: int, level: int) -> dict[str, float]:
    """A standardised picture goes through DDPM's steps, through a program that only adds, and through one that forgets the factor."""
    x = picture(seed, level)
    x = ((x - x.mean()) / x.std()).astype(np.float32)
    rng = generator(f"variances/{seed}/{level}")
    betas = np.array(params.schedule.betas[: params.t8 + 1])
    right, summed = np.tile(x, (COPIES, 1)), np.tile(x, (COPIES, 1))
    for beta in betas.astype(np.float32):
        noise = np.sqrt(beta) * rng.standard_normal(right.shape, dtype=np.float32)
        right *= np.sqrt(1 - beta)
        right += noise
        summed += noise
    unscaled = x + np.sqrt(1 - np.prod(1 - betas)) * rng.standard_normal(right.shape)
    made = {"right": right, "summed": summed, "unscaled": unscaled}
    return {name: round(float(one.var(dtype=np.float64)), 6) for name, one in made.items()}


def copies(params: Params) -> Json:
    """As arithmetic's, on more copies."""
    texture = arithmetic.strong(params)
    x = np.frombuffer(rasterise(textures.scene(texture)), dtype=np.uint8).astype(np.float64) * 2 / 255 - 1
    a = params.schedule.bars[params.t8]
    made = np.sqrt(a) * x + np.sqrt(1 - a) * generator(f"copies/{texture.seed}").standard_normal((MANY, len(x)))
    average = made.mean(0)
    centred = x - x.mean()
    strength = float((average * centred).sum() / (centred**2).sum())
    rest, other, left = (one - strength * x for one in (made[0], made[1], average))
    return {
        "copies": MANY,
        "strength": strength,
        "spread": float(rest.std()),
        "expected": float(np.sqrt(1 - a)),
        "between": float(np.corrcoef(rest, other)[0, 1]),
        "left": float(left.std() / rest.std()),
        "texture": float(np.corrcoef(inside(average), inside(x))[0, 1]),
    }


def inside(x: Array) -> Array:
    """What varies inside the blocks of a textured picture."""
    blocks, block = textures.BLOCKS, textures.BLOCK
    parts = x.reshape(blocks, block, blocks, block, 3)
    return (parts - parts.mean(axis=(1, 3), keepdims=True)).ravel()
