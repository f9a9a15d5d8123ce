"""What a seed decides for video-drift: which clips are compared, and the numbers of the tasks that are arithmetic."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass
from typing import Any

from labs.video_drift import sums
from labs.video_drift.reel import VERSION, rng

__all__ = ["VERSION", "Params", "draw"]

AGES = ("early", "middle", "late")
TIED = ("good", "frozen", "teleport", "shuffled")  # the object is the same in every frame


@dataclass(frozen=True)
class Params:
    """One instance. `each` clips of a kind and `good` good ones, `size` pixels wide; `wall`: grey levels of the frames of task 7;
    `clips`, `subject`, `flicker` are those of task 9."""

    seed: int
    level: int
    size: int
    each: int
    good: int
    ordered: tuple[str, ...]  # the five kinds of task 2
    motion: str  # the defect of motion that task 4 asks about
    drift: float  # of the clips whose half-life is read
    wall: tuple[int, ...]
    clips: int
    subject: float
    flicker: float
    age: str  # of the video model that task 10 asks about
    own: dict[str, Any] | None = None  # the learner's clip: path, frames, digest

    def row(self) -> dict[str, Any]:
        """As stored in a plan."""
        return asdict(self) | {"ordered": list(self.ordered), "wall": list(self.wall)}

    @classmethod
    def of(cls, row: dict[str, Any]) -> Params:
        return cls(**{**row, "ordered": tuple(row["ordered"]), "wall": tuple(row["wall"])})


def draw(seed: int, level: int = 1, kind: str = "tiny", own: dict[str, Any] | None = None) -> Params:
    """The instance of a seed; a loaded model gets larger and fewer clips, for it takes its time."""
    random = rng(seed, "params", level)
    ordered = [*random.sample(("good", "teleport", "shuffled"), 2), "frozen", "identity", "vanish"]
    random.shuffle(ordered)
    size, each, good = (96, 2, 6) if kind == "hf" else (32, 4, 12)
    motion, drift = random.choice(("teleport", "shuffled")), round(0.035 + 0.045 * random.random(), 4)
    wall = _wall(random)
    clips, subject, flicker = _set(random)
    return Params(seed, level, size, each, good, tuple(ordered), motion, drift, wall, clips, subject, flicker, random.choice(AGES), own)


def _wall(random: Any) -> tuple[int, ...]:
    """Eight grey levels whose differences tell every misconception of task 7 apart from the score."""
    while True:
        base, swing = random.randrange(90, 200), random.randrange(4, 50)
        levels = tuple(min(255, max(0, base + random.randrange(-swing, swing + 1))) for _ in range(8))
        if 3 <= mean_step(levels) <= 60:
            return levels


def mean_step(levels: tuple[int, ...]) -> float:
    """The mean absolute difference of neighbours."""
    return sum(abs(b - a) for a, b in itertools.pairwise(levels)) / (len(levels) - 1)


def _set(random: Any) -> tuple[int, float, float]:
    """Clips, subject consistency and flicker score of task 9: some share of dynamic clips can win, and each slip gives another number."""
    while True:
        clips = random.choice((20, 24, 30, 32, 40, 48, 50, 60))
        subject, flicker = round(0.75 + 0.22 * random.random(), 3), round(0.85 + 0.14 * random.random(), 3)
        right = sums.needed(subject, flicker, clips)
        if right is not None and 3 <= right <= clips - 2:
            values = [right, *slips(clips, subject, flicker).values()]
            if len(set(values)) == len(values):
                return clips, subject, flicker


def slips(clips: int, subject: float, flicker: float) -> dict[str, int]:
    """What each misconception makes of task 9, as a count of clips."""
    lost = round(1000 * (2 - subject - flicker))
    one = round(1000 * (1 - subject))
    return {
        "weight-forgotten": lost * clips // 1000 + 1,
        "weight-multiplied": lost * clips // 2000 + 1,
        "one-score-only": one * clips // 500 + 1,
        "tie-is-no-win": -(-lost * clips // 500) - (lost * clips % 500 != 0),
    }
