"""Scores of a clip from its frames (T, H, W, 3) uint8 or from one feature vector a frame (T, D). Worker side: numpy.

Subject consistency and temporal flickering follow VBench (arXiv:2311.17982, and its repository): cosines clamped at 0, means over
the n - 1 frames or pairs that have a predecessor. VBench takes DINO features; here they are whatever the backend gives.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

Array = Any  # numpy.ndarray
CHANGED = 16  # grey levels of 255 from which a pixel counts as changed
FAST_PART = 0.05  # of the pixels: those that change most stand for the motion of a pair of frames
INK = 40  # steps summed over channels from which a pixel belongs to the object and not to the ground


def unit(features: Array) -> Array:
    """Rows of length one; a row of zeros stays one."""
    features = np.asarray(features, dtype=np.float64)
    return features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)


def at_gap(features: Array, gap: int) -> Array:
    """Similarity of every frame to the one `gap` later: cosines clamped at 0, (T - gap,)."""
    rows = unit(features)
    return np.clip((rows[:-gap] * rows[gap:]).sum(axis=1), 0.0, None)


def to_first(features: Array) -> Array:
    """Similarity of every frame to the first one, clamped at 0, (T,)."""
    rows = unit(features)
    return np.clip(rows @ rows[0], 0.0, None)


def subject_consistency(features: Array) -> float:
    """Over frames 1 to T - 1: the mean of (similarity to the frame before + similarity to the first) / 2."""
    return float(((at_gap(features, 1) + to_first(features)[1:]) / 2).mean())


def gap_curve(features: Array, longest: int) -> list[float]:
    """The mean similarity of frames that are 1, 2 .. `longest` apart (as far as the clip reaches)."""
    return [float(at_gap(features, gap).mean()) for gap in range(1, min(longest, len(features) - 1) + 1)]


def mean_change(frames: Array) -> float:
    """Mean absolute difference of neighbouring frames in levels of 255 (MAE)."""
    levels = np.asarray(frames, dtype=np.float64)
    return float(np.abs(levels[1:] - levels[:-1]).mean())


def flickering(frames: Array) -> float:
    """(255 - MAE) / 255: 1 is still."""
    return (255.0 - mean_change(frames)) / 255.0


def moving(frames: Array) -> float:
    """The share of pixels that change by more than CHANGED levels in some channel, mean over neighbouring frames."""
    return float((_change(frames).max(axis=3) > CHANGED).mean())


def dynamic(frames: Array) -> bool:
    """Whether a clip counts as dynamic. VBench's rule with change of level in the place of optical flow: the most changed twentieth
    of the pixels must pass a bound in at least a quarter of the frames."""
    largest = np.sort(_change(frames).max(axis=3).reshape(len(frames) - 1, -1), axis=1)
    fast = largest[:, -max(1, int(largest.shape[1] * FAST_PART)) :].mean(axis=1) > CHANGED
    return bool(fast.sum() >= max(1, round(len(frames) / 4)))


def largest_step(frames: Array) -> float:
    """The farthest that the object moves between neighbouring frames that both show it, as a share of the longer side."""
    places = positions(frames)
    steps = [float(np.hypot(*(b - a))) for a, b in itertools.pairwise(places) if a is not None and b is not None]
    return max(steps, default=0.0) / float(max(frames.shape[1:3]))


def positions(frames: Array) -> list[Array | None]:
    """(x, y) in pixels of the centre of what differs from a frame's own ground, None where nothing does."""
    found: list[Array | None] = []
    for frame in np.asarray(frames, dtype=np.float64):
        ground = np.median(frame.reshape(-1, 3), axis=0)
        weight = np.clip(np.abs(frame - ground).sum(axis=2) - INK, 0.0, None)
        total = weight.sum()
        if total < INK:
            found.append(None)
            continue
        down, across = np.indices(weight.shape) + 0.5
        found.append(np.array([(weight * across).sum() / total, (weight * down).sum() / total]))
    return found


def thumbnails(frames: Array, side: int = 8) -> Array:
    """Features that see where things are: the picture averaged over side x side fields, (T, side * side * 3) in 0..1."""
    n, height, width, _ = frames.shape
    rows = [frames[:, at * height // side : (at + 1) * height // side].mean(axis=1) for at in range(side)]
    fields = [[row[:, at * width // side : (at + 1) * width // side].mean(axis=1) for at in range(side)] for row in rows]
    return np.stack([field for row in fields for field in row], axis=1).reshape(n, -1) / 255.0


def _change(frames: Array) -> Array:
    levels = np.asarray(frames, dtype=np.int16)
    return np.abs(levels[1:] - levels[:-1])
