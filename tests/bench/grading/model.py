"""Fitting of the heads with scikit-learn, and their JSON form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

LINEAR = {"point": 0.03, "answer": 0.05}  # strength of the data against the ridge
RATE = 0.045
SEEDS = (7, 8)  # boosted twice and averaged: less is left to chance
SHARE = {"point": 0.65, "answer": 0.7}  # of the trees in the average of log-odds


def fit_head(kind: str, names: Sequence[str], x: np.ndarray, y: np.ndarray, seeds: int = len(SEEDS)) -> dict[str, Any]:
    """One head in the form of data/heads.json. `x` rows x features, `y` 0 or 1; `kind` "point" is boosted, others are a forest."""
    kind = "point" if kind == "point" else "answer"
    low, high = np.quantile(x, 0.002, axis=0), np.quantile(x, 0.998, axis=0)
    x = np.clip(x, low, high)
    scaler = StandardScaler().fit(x)
    linear = LogisticRegression(C=LINEAR[kind], max_iter=2000).fit(scaler.transform(x), y)
    row: dict[str, Any] = {
        "names": list(names),
        "low": rounded(low),
        "high": rounded(high),
        "centre": rounded(scaler.mean_),
        "slope": rounded(linear.coef_[0] / scaler.scale_),
        "base": round(float(linear.intercept_[0]), 5),
        "share": SHARE[kind],
    }
    if kind == "point":
        rounds = [_boost(seed).fit(x, y) for seed in SEEDS[:seeds]]
        mean = float(np.mean(y))
        start = round(float(np.log(mean / (1 - mean))), 5)
        rate = RATE / seeds
        trees = [_tree(t[0].tree_, lambda v: v[0][0] * rate) for boost in rounds for t in boost.estimators_]
        return row | {"forest": False, "start": start, "trees": trees}
    forest = ExtraTreesClassifier(200, min_samples_leaf=6, max_leaf_nodes=90, max_features=0.3, random_state=7).fit(x, y)
    return row | {"forest": True, "start": 0.0, "trees": [_tree(t.tree_, lambda v: v[0][1] / v[0].sum()) for t in forest.estimators_]}


def _boost(seed: int) -> GradientBoostingClassifier:
    return GradientBoostingClassifier(
        n_estimators=130, max_depth=4, learning_rate=RATE, min_samples_leaf=25, subsample=0.6, max_features=0.15, random_state=seed
    )


def _tree(tree: Any, value: Callable[[Any], float]) -> list[list[float]]:
    return [
        [round(float(value(tree.value[i])), 4)]
        if tree.children_left[i] < 0
        else [int(tree.feature[i]), round(float(tree.threshold[i]), 5), int(tree.children_left[i]), int(tree.children_right[i])]
        for i in range(tree.node_count)
    ]


def rounded(values: np.ndarray) -> list[float]:
    return [round(float(v), 5) for v in values]


def logits(row: dict[str, Any], x: np.ndarray) -> np.ndarray:
    """The head on many rows at once, equal to studyapp's Head up to rounding."""
    x = np.clip(x, row["low"], row["high"])
    linear = row["base"] + (x - row["centre"]) @ np.array(row["slope"])
    total = sum((_leaves(tree, x) for tree in row["trees"]), np.zeros(len(x)))
    if row["forest"]:
        mean = np.clip(total / len(row["trees"]), 0.01, 0.99)
        grown = np.log(mean / (1 - mean))
    else:
        grown = row["start"] + total
    return np.asarray((1 - row["share"]) * linear + row["share"] * grown)


def _leaves(tree: list[list[float]], x: np.ndarray) -> np.ndarray:
    out = np.zeros(len(x))
    stack = [(0, np.arange(len(x)))]
    while stack:
        at, rows = stack.pop()
        node = tree[at]
        if len(node) == 1:
            out[rows] = node[0]
            continue
        left = x[rows, int(node[0])] <= node[1]
        stack += [(int(node[2]), rows[left]), (int(node[3]), rows[~left])]
    return out


def chances(row: dict[str, Any], x: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-logits(row, x))))
