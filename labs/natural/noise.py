"""Noise that looks grown: smooth random values on a lattice, summed over octaves. The same numbers on every machine but for rounding."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any  # numpy float32


def lattice(cells: list[Array], seed: int) -> Array:
    """A random value 0..1 for each whole-number place (a hash of 32 bits)."""
    mixed = np.full(cells[0].shape, (seed * 0x9E3779B1 + 0x7F4A7C15) & 0xFFFFFFFF, np.uint32)
    for cell, factor in zip(cells, (0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F), strict=False):
        mixed ^= cell.astype(np.int64).astype(np.uint32) * np.uint32(factor)
        mixed ^= mixed >> np.uint32(15)
        mixed *= np.uint32(0x2C1B3C6D)
        mixed ^= mixed >> np.uint32(12)
    mixed *= np.uint32(0x297A2D39)
    mixed ^= mixed >> np.uint32(15)
    return (mixed >> np.uint32(8)).astype(np.float32) / np.float32(1 << 24)


def smooth(p: Array, seed: int = 0) -> Array:
    """Value noise -1..1 at points p (2 or 3, N)."""
    base = np.floor(p)
    part = p - base
    part = part * part * part * (part * (part * 6 - 15) + 10)
    total = np.zeros(p.shape[1:], np.float32)
    for corner in range(1 << len(p)):
        weight = np.ones(p.shape[1:], np.float32)
        cells = []
        for axis in range(len(p)):
            up = corner >> axis & 1
            weight = weight * (part[axis] if up else 1 - part[axis])
            cells.append(base[axis] + up)
        total += weight * lattice(cells, seed)
    return total * 2 - 1


def layered(p: Array, octaves: int = 5, seed: int = 0, gain: float = 0.5, ridged: bool = False) -> Array:
    """Sum of octaves, about -1..1; `ridged` folds each one so that crests appear, about 0..1."""
    total, size, whole = np.zeros(p.shape[1:], np.float32), 1.0, 0.0
    for octave in range(octaves):
        value = smooth(p * np.float32(2.03**octave) + np.float32(7.31 * octave), seed + octave)
        total += np.float32(size) * ((1 - np.abs(value)) ** 2 if ridged else value)
        whole += size
        size *= gain
    return total / np.float32(whole)


def mix(a: Any, b: Any, part: Array) -> Array:
    """a where part is 0, b where it is 1."""
    return a + (b - a) * part


def step(low: float, high: float, value: Array) -> Array:
    """0 below low, 1 above high, smooth between."""
    part = np.clip((value - low) / (high - low), 0, 1)
    return part * part * (3 - 2 * part)


def paint(*colour: float) -> Array:
    """A colour of 0..255 as light (3, 1): the eye's scale undone."""
    return (np.array(colour, np.float32)[:, None] / 255) ** np.float32(2.2)
