"""The calibrated heads: a logistic regression and small trees each, read from data/heads.json.gz. Their log-odds are averaged.

Fitted by tests/bench/grading/fit.py, which also writes the hash of the answers that they were fitted on.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from studyapp.study.grading.free.lexicon import DATA

Node = tuple[int, float, int, int]


class Head:
    """`names` are the features in order; a call gives the probability."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.names: tuple[str, ...] = tuple(row["names"])
        self.centre: list[float] = row["centre"]
        self.slope: list[float] = row["slope"]
        self.base: float = row["base"]
        # (feature, threshold, left, right) for a fork, (-1, value, 0, 0) for a leaf
        self.trees: list[list[Node]] = [
            [(int(n[0]), n[1], int(n[2]), int(n[3])) if len(n) > 1 else (-1, n[0], 0, 0) for n in tree] for tree in row["trees"]
        ]
        self.start: float = row["start"]
        self.share: float = row["share"]  # of the trees in the average
        self.forest: bool = row["forest"]  # leaves are probabilities to be averaged; else boosted: log-odds to be added
        self.low: list[float] = row["low"]
        self.high: list[float] = row["high"]

    def __call__(self, values: Mapping[str, float]) -> float:
        x = [min(high, max(low, values[name])) for name, low, high in zip(self.names, self.low, self.high, strict=True)]
        linear = self.base + sum((v - c) * s for v, c, s in zip(x, self.centre, self.slope, strict=True))
        total = _grown(self.trees, x)
        grown = _log_odds(total / len(self.trees)) if self.forest else self.start + total
        return sigmoid((1 - self.share) * linear + self.share * grown)


def _log_odds(p: float) -> float:
    p = min(0.99, max(0.01, p))
    return math.log(p / (1 - p))


def _grown(trees: Sequence[Sequence[Node]], x: Sequence[float]) -> float:
    """The sum of the leaves that x comes to."""
    total = 0.0
    for tree in trees:
        feature, value, left, right = tree[0]
        while feature >= 0:
            feature, value, left, right = tree[left if x[feature] <= value else right]
        total += value
    return total


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -30 else 0.0


@lru_cache(maxsize=1)
def heads() -> dict[str, Any]:
    """{"point", "error", "correct", "incorrect": Head, "limits": numbers}."""
    raw = json.loads(gzip.decompress((DATA / "heads.json.gz").read_bytes()))
    return {name: Head(row) if isinstance(row, dict) and "slope" in row else row for name, row in raw.items()}
