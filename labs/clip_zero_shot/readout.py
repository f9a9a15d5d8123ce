"""A linear readout: ridge regression on standardised features, and principal components to bring features to one width. Numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Array = Any  # numpy.ndarray


def narrowed(taught: Array, tried: Array, width: int) -> tuple[Array, Array]:
    """Both (N, F) and (M, F) in the first `width` principal components of the taught ones; narrower features stay as they are."""
    import numpy as np

    if taught.shape[1] <= width:
        return taught, tried
    mean = taught.mean(0, dtype=np.float64)
    x, z = taught - mean, tried - mean
    values, vectors = np.linalg.eigh(x @ x.T)
    values, vectors = values[::-1][:width], vectors[:, ::-1][:, :width]
    kept = values > values[0] * 1e-12
    roots = np.sqrt(values[kept])
    return vectors[:, kept] * roots, z @ x.T @ vectors[:, kept] / roots


def hits(taught: Array, tried: Array, sides: Sequence[float], truth: Sequence[float], strength: float = 1.0) -> int:
    """How many of the tried get their side (+1 or -1) from a ridge regression on the taught; `strength` is a taught example's worth."""
    import numpy as np

    mean, std = taught.mean(0, dtype=np.float64), taught.std(0, dtype=np.float64) + 1e-4
    x, z = (taught - mean) / std, (tried - mean) / std
    width = x.shape[1]
    weights = np.linalg.solve(x @ x.T / width + strength * np.eye(len(x)), np.asarray(sides))
    return int((np.sign(z @ x.T / width @ weights) == np.asarray(truth)).sum())
