"""The arithmetic of probes, in plain Python: shares with errors, pair scores, yes-or-no scores, d' and bias, the half-way point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

Z = 2.0  # standard errors that a difference needs to count


@dataclass(frozen=True)
class Share:
    """Right answers of `n`, with the standard error of their share."""

    right: float
    n: int
    error: float

    @property
    def share(self) -> float:
        return self.right / self.n if self.n else 0.0


def share(right: int, n: int) -> Share:
    """Of independent answers. The error is that of (right + 1) of (n + 2), so that none or all right is not taken for certainty."""
    p = (right + 1) / (n + 2)
    return Share(right, n, sqrt(p * (1 - p) / n) if n else 1.0)


def share_of_pairs(rights: Sequence[tuple[bool, bool]]) -> Share:
    """Of answers in pairs: the error comes from the pairs, since the two of a pair may go wrong together. Where all pairs are alike
    it is that of independent answers."""
    scores = [(a + b) / 2 for a, b in rights]
    n = len(scores)
    if n < 2:
        return share(round(2 * sum(scores)), 2 * n)
    mean = sum(scores) / n
    spread = sqrt(sum((score - mean) ** 2 for score in scores) / (n - 1) / n)
    return Share(2 * sum(scores), 2 * n, spread or share(round(2 * sum(scores)), 2 * n).error)


def change_of_pairs(before: Sequence[tuple[bool, bool]], after: Sequence[tuple[bool, bool]]) -> tuple[float, float]:
    """(mean change of the share right, its standard error), pair by pair."""
    changes = [(a + b - c - d) / 2 for (a, b), (c, d) in zip(after, before, strict=True)]
    n = len(changes)
    mean = sum(changes) / n
    spread = sqrt(sum((change - mean) ** 2 for change in changes) / max(1, n - 1) / n)
    return mean, spread or 1 / (2 * n)


def both(rights: Sequence[tuple[bool, bool]]) -> int:
    """Pairs with both answers right: what group accuracy counts."""
    return sum(a and b for a, b in rights)


@dataclass(frozen=True)
class YesNo:
    """Answers to yes-or-no questions by what is true and what was said; `mute` answers are neither yes nor no (by truth: yes, no)."""

    hits: int  # true yes, said yes
    misses: int  # true yes, said no
    alarms: int  # true no, said yes
    rejections: int  # true no, said no
    mute: tuple[int, int] = (0, 0)

    @property
    def n(self) -> int:
        return self.hits + self.misses + self.alarms + self.rejections + sum(self.mute)

    @property
    def positives(self) -> int:
        return self.hits + self.misses + self.mute[0]

    def scores(self) -> dict[str, float | None]:
        """yes-ratio, precision, recall, f1, accuracy as shares; None where a score divides by nothing."""
        said = self.hits + self.alarms
        precision = self.hits / said if said else None
        recall = self.hits / self.positives if self.positives else None
        f1 = 2 * self.hits / (said + self.positives) if said + self.positives else None
        ratio, accuracy = (said / self.n, (self.hits + self.rejections) / self.n) if self.n else (None, None)
        return {"yes-ratio": ratio, "precision": precision, "recall": recall, "f1": f1, "accuracy": accuracy}


def signal(hits: int, misses: int, alarms: int, rejections: int) -> tuple[float, float]:
    """(d', c) of signal detection with the log-linear correction (Hautus 1995): half a count is added to hits and false alarms and
    one to each kind of trial, so that no rate is 0 or 1. d' is how well the two kinds are told apart, c above 0 a habit of no."""
    z = NormalDist().inv_cdf
    hit, alarm = (hits + 0.5) / (hits + misses + 1), (alarms + 0.5) / (alarms + rejections + 1)
    return z(hit) - z(alarm), -(z(hit) + z(alarm)) / 2


def above(value: float, ground: float) -> float:
    """How far from a baseline (0) to all right (1); below 0 where it is worse than the baseline."""
    return (value - ground) / (1 - ground) if ground < 1 else 0.0


def crossing(heights: Sequence[float], line: float) -> float | None:
    """Where a falling curve first goes below a line, in steps from 1, with a straight line between steps; None where it never does.

    The heights are first made to fall (pooled where one rises, by the rule of isotonic regression), so that noise crosses only once.
    """
    falling = isotonic(heights)
    if falling[0] < line:
        return 1.0
    for step in range(1, len(falling)):
        if falling[step] < line:
            high, low = falling[step - 1], falling[step]
            return step + (high - line) / (high - low)
    return None


def isotonic(heights: Sequence[float]) -> list[float]:
    """The nearest curve that never rises (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for height in heights:
        pools.append((height, 1))
        while len(pools) > 1 and pools[-2][0] < pools[-1][0]:
            (second, n), (first, m) = pools.pop(), pools.pop()
            pools.append(((first * m + second * n) / (m + n), m + n))
    return [height for height, n in pools for _ in range(n)]
