"""CLIP's few formulas in plain Python: softmax, cosine, and the symmetric contrastive loss. Nothing is imported for them but math."""

from __future__ import annotations

import math
from collections.abc import Sequence

Matrix = Sequence[Sequence[float]]


def softmax(logits: Sequence[float]) -> list[float]:
    """Shares that add up to 1."""
    top = max(logits)
    parts = [math.exp(logit - top) for logit in logits]
    return [part / sum(parts) for part in parts]


def sigmoid(logit: float) -> float:
    """Exact at both ends."""
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


def surprise(logits: Sequence[float], right: int) -> float:
    """Cross-entropy of one choice: minus the logarithm of the right one's share."""
    top = max(logits)
    return top + math.log(sum(math.exp(logit - top) for logit in logits)) - logits[right]


def of_pair(logits: Matrix, k: int) -> float:
    """The two terms of pair k in CLIP's loss: picture k among the captions (row k) and caption k among the pictures (column k)."""
    return (surprise(logits[k], k) + surprise([row[k] for row in logits], k)) / 2


def loss(logits: Matrix) -> float:
    """Symmetric InfoNCE of a B x B matrix of scaled cosines (CLIP, arXiv:2103.00020, figure 3)."""
    return sum(of_pair(logits, k) for k in range(len(logits))) / len(logits)
