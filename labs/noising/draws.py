"""Noise and noised pictures in plain Python, so that a page, a review and a run show the same ones. No torch, no numpy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from random import Random

from labs.noising.params import VERSION

Values = list[float]


def normals(name: str, count: int) -> Values:
    """Standard Gaussian numbers, the same for the same name."""
    draw = Random(f"noising/{VERSION}/noise/{name}").gauss
    return [draw(0.0, 1.0) for _ in range(count)]


def values(pixels: bytes) -> Values:
    """Bytes as numbers from -1 to 1."""
    return [2 * value / 255 - 1 for value in pixels]


def mixed(x: Sequence[float], alpha_bar: float, noise: Sequence[float]) -> Values:
    """x_t = sqrt(alpha_bar) x_0 + sqrt(1 - alpha_bar) eps."""
    signal, other = sqrt(alpha_bar), sqrt(1 - alpha_bar)
    return [signal * value + other * draw for value, draw in zip(x, noise, strict=True)]


def noised(pixels: bytes, alpha_bar: float, name: str) -> Values:
    """A picture noised with the noise of that name, not cut off."""
    return mixed(values(pixels), alpha_bar, normals(name, len(pixels)))


def shown(x: Iterable[float]) -> bytes:
    """Numbers as bytes, cut to what a screen shows."""
    return bytes(min(255, max(0, round((value + 1) * 127.5))) for value in x)


def mean(x: Sequence[float]) -> float:
    return sum(x) / len(x)


def spread(x: Sequence[float]) -> float:
    """Standard deviation."""
    middle = mean(x)
    return sqrt(sum((value - middle) ** 2 for value in x) / len(x))
