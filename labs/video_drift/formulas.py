"""The known wrong ways to compute subject consistency and gap curves, by name: how the checkers recognise a mistake. Numpy only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from labs.video_drift.metrics import at_gap, gap_curve, subject_consistency, to_first, unit

Array = Any
Score = Callable[[Array], float]
Curve = Callable[[Array, int], Array]


def cosines(features: Array, gap: int = 1) -> Array:
    """Without the clamp."""
    rows = unit(features)
    return (rows[:-gap] * rows[gap:]).sum(axis=1)


def firsts(features: Array) -> Array:
    """Cosines of frames 1 to T - 1 with frame 0, without the clamp."""
    rows = unit(features)
    return rows[1:] @ rows[0]


def dots(features: Array) -> tuple[Array, Array]:
    """Products that were not divided by the lengths."""
    return (features[:-1] * features[1:]).sum(axis=1), features[1:] @ features[0]


def clip0(values: Array) -> Array:
    return np.clip(values, 0, None)


def _without_first_norm(features: Array) -> float:
    before, first = dots(features)
    return float((clip0(before) + clip0(first)).mean() / 2)


def _wrapped(features: Array) -> float:
    rows = unit(features)
    return float((clip0((rows * np.roll(rows, 1, axis=0)).sum(axis=1)) + clip0(rows @ rows[0])).mean() / 2)


def _columns(features: Array) -> Array:
    return features / np.linalg.norm(features, axis=0, keepdims=True)


def _column_score(features: Array) -> float:
    before, first = dots(_columns(features))
    return float((clip0(before) + clip0(first)).mean() / 2)


def _pairs(features: Array) -> float:
    rows = unit(features)
    upper = np.triu_indices(len(rows), 1)
    return float(clip0(rows @ rows.T)[upper].mean())


def _last(features: Array) -> float:
    rows = unit(features)
    return float((clip0(cosines(features)) + clip0(rows[:-1] @ rows[-1])).mean() / 2)


SCORES: dict[str, Score] = {
    "no-clamp": lambda f: float((cosines(f) + firsts(f)).mean() / 2),
    "clamped-late": lambda f: float(clip0((cosines(f) + firsts(f)) / 2).mean()),
    "clamped-last": lambda f: max(0.0, float((cosines(f) + firsts(f)).mean() / 2)),
    "absolute": lambda f: float((np.abs(cosines(f)) + np.abs(firsts(f))).mean() / 2),
    "shifted": lambda f: float(((cosines(f) + 1) / 2 + (firsts(f) + 1) / 2).mean() / 2),
    "not-normalised": _without_first_norm,
    "wrong-axis": _column_score,
    "centred": lambda f: subject_consistency(f - f.mean(axis=0)),
    "over-n": lambda f: subject_consistency(f) * (len(f) - 1) / len(f),
    "over-n-less-two": lambda f: subject_consistency(f) * (len(f) - 1) / (len(f) - 2),
    "no-first": lambda f: float(at_gap(f, 1).mean()),
    "no-previous": lambda f: float(to_first(f)[1:].mean()),
    "first-with-itself": lambda f: float((at_gap(f, 1).mean() + to_first(f).mean()) / 2),
    "frame-0-counted": lambda f: (subject_consistency(f) * (len(f) - 1) + 1) / len(f),
    "not-halved": lambda f: 2 * subject_consistency(f),
    "summed": lambda f: subject_consistency(f) * (len(f) - 1),
    "percent": lambda f: 100 * subject_consistency(f),
    "wraps-round": _wrapped,
    "last-for-first": _last,
    "all-pairs": _pairs,
    "gap-two": lambda f: float((at_gap(f, 2).mean() + to_first(f)[1:].mean()) / 2),
    "error-for-score": lambda f: 1 - subject_consistency(f),
}


def _raw_curve(features: Array, longest: int) -> Array:
    return np.array([clip0((features[:-d] * features[d:]).sum(axis=1)).mean() for d in range(1, longest + 1)])


def _column_curve(features: Array, longest: int) -> Array:
    return _raw_curve(_columns(features), longest)


def _wrapped_curve(features: Array, longest: int) -> Array:
    rows = unit(features)
    return np.array([clip0((rows * np.roll(rows, -d, axis=0)).sum(axis=1)).mean() for d in range(1, longest + 1)])


def _curve(features: Array, longest: int) -> Array:
    return np.array(gap_curve(features, longest))


def _counts(features: Array, longest: int) -> Array:
    return np.array([len(features) - d for d in range(1, longest + 1)])


CURVES: dict[str, Curve] = {
    "no-clamp": lambda f, n: np.array([cosines(f, d).mean() for d in range(1, n + 1)]),
    "clamped-late": lambda f, n: clip0(np.array([cosines(f, d).mean() for d in range(1, n + 1)])),
    "absolute": lambda f, n: np.array([np.abs(cosines(f, d)).mean() for d in range(1, n + 1)]),
    "not-normalised": _raw_curve,
    "wrong-axis": _column_curve,
    "from-gap-0": lambda f, n: np.array([1.0, *_curve(f, n)[:-1]]),
    "gap-0-added": lambda f, n: np.array([1.0, *_curve(f, n)]),
    "one-short": lambda f, n: _curve(f, n)[:-1],
    "reversed": lambda f, n: _curve(f, n)[::-1],
    "first-only": lambda f, n: to_first(f)[1 : n + 1],
    "all-neighbours": lambda f, n: np.full(n, _curve(f, 1)[0]),
    "over-n": lambda f, n: _curve(f, n) * _counts(f, n) / len(f),
    "summed": lambda f, n: _curve(f, n) * _counts(f, n),
    "wraps-round": _wrapped_curve,
    "cumulative": lambda f, n: np.cumsum(_curve(f, n)) / np.arange(1, n + 1),
    "chained": lambda f, n: _curve(f, 1)[0] ** np.arange(1, n + 1),
    "strided": lambda f, n: np.array([at_gap(f[::d], 1).mean() for d in range(1, n + 1)]),
    "last-pair": lambda f, n: np.array([at_gap(f, d)[-1] for d in range(1, n + 1)]),
    "error-for-score": lambda f, n: 1 - _curve(f, n),
}
