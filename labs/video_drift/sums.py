"""The arithmetic of tasks 7, 9 and 12, and which metric catches what: plain Python, so that truth and reviews need no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SUBJECT, FLICKER, DYNAMIC = 1.0, 1.0, 0.5  # VBench's weights of these dimensions
CATCH = 3.0  # standard deviations of good clips
TIE = 0.005  # scores closer than this are one score
METRICS = ("flicker", "neighbours", "subject", "gap4", "gap8", "gap16", "moving", "step")
# A higher value is better but for the step; below these spreads nobody would trust a difference.
FLOORS = dict.fromkeys(METRICS, 0.002) | {"step": 0.005}
LONGER = {
    "flicker": "flicker score",
    "neighbours": "similarity of neighbours",
    "subject": "subject consistency",
    "gap4": "similarity at gap 4",
    "gap8": "similarity at gap 8",
    "gap16": "similarity at gap 16",
    "moving": "share of moving pixels",
    "step": "largest step",
}
Scores = Mapping[str, Any]  # {"clips": {kind: {metric: [mean, standard error]}}, "good": {metric: [mean, standard deviation]}}


def flicker_score(mae: float) -> float:
    """VBench's temporal flickering from the mean absolute difference of neighbouring frames."""
    return (255.0 - mae) / 255.0


def weighted(subject: float, flicker: float, share: float) -> float:
    """The total of three rescaled dimensions by VBench's weights, not yet divided by their sum."""
    return SUBJECT * subject + FLICKER * flicker + DYNAMIC * share


def needed(subject: float, flicker: float, clips: int) -> int | None:
    """The fewest dynamic clips with which such a set beats a frozen one (1, 1, none dynamic), by trying all; None if nothing does.
    The sums are taken in thousandths, in which the scores are given, so that a tie is a tie."""
    loss = round(1000 * (2 - subject - flicker))
    return next((count for count in range(clips + 1) if 500 * count > loss * clips), None)


def off(scores: Scores, kind: str, metric: str) -> float:
    """How many standard deviations of good clips this kind lies on the worse side of them."""
    mean, spread = scores["good"][metric]
    way = 1.0 if metric == "step" else -1.0
    return float(way * (scores["clips"][kind][metric][0] - mean) / max(spread, FLOORS[metric]))


def caught_by(scores: Scores, kind: str, among: Sequence[str]) -> str | None:
    """The metric that goes farthest to the worse side, None where none goes beyond CATCH."""
    best = max(among, key=lambda metric: off(scores, kind, metric))
    return best if off(scores, kind, best) > CATCH else None


def levels(scores: Scores, metric: str, kinds: Sequence[str]) -> dict[str, float]:
    """A place for each kind, 0 for the highest; kinds that lie closer than TIE, or than twice the error of their difference, share one."""
    found: dict[str, float] = {}
    place, before = 0, None
    for kind in sorted(kinds, key=lambda kind: (-scores["clips"][kind][metric][0], kind)):
        mean, error = scores["clips"][kind][metric]
        if before is not None and before[0] - mean > max(TIE, 2 * (before[1] ** 2 + error**2) ** 0.5):
            place += 1
        found[kind] = float(place)
        before = (mean, error)
    return found


def top(scores: Scores, metric: str, kinds: Sequence[str]) -> list[str]:
    """The kinds whose score ties with the best one's."""
    best = max(scores["clips"][kind][metric][0] for kind in kinds)
    return [kind for kind in kinds if best - scores["clips"][kind][metric][0] <= TIE]


def half_life(curve: Sequence[float], bound: float = 0.5) -> int | None:
    """The smallest gap at which a curve (its first value is gap 1) lies below the bound."""
    return next((gap for gap, value in enumerate(curve, start=1) if value < bound), None)


def extrapolated(curve: Sequence[float], bound: float = 0.5) -> int | None:
    """Where the loss of one frame, taken as constant, would first be below the bound; rounded, so that meeting it is not being below."""
    loss = 1 - curve[0]
    return None if loss <= 0 else next((gap for gap in range(1, 1000) if round(1 - gap * loss, 6) < bound), None)
