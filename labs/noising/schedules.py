"""Noise schedules in plain Python: beta_t, their accumulated product alpha_bar_t, and signal-to-noise ratios. No torch, no numpy.

Steps count from 0 to T - 1, as diffusers counts them; alpha_bar_t is the product of 1 - beta_s over s = 0 .. t.
The figures agree with diffusers' schedulers to 1e-6 (tested).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from operator import mul

FAMILIES = ("linear", "scaled-linear", "cosine")
DIFFUSERS = {"linear": "linear", "scaled-linear": "scaled_linear", "cosine": "squaredcos_cap_v2"}
CAP = 0.999  # of a cosine schedule's beta


def linear(T: int, first: float, last: float) -> list[float]:
    """DDPM's betas, evenly spaced (arXiv:2006.11239, section 4)."""
    return [first + (last - first) * t / (T - 1) for t in range(T)]


def scaled_linear(T: int, first: float, last: float) -> list[float]:
    """Betas whose roots are evenly spaced, as Stable Diffusion's configuration has them."""
    return [root * root for root in linear(T, math.sqrt(first), math.sqrt(last))]


def cosine(T: int) -> list[float]:
    """Betas whose alpha_bar falls as a squared cosine, capped at 0.999 (Nichol & Dhariwal, arXiv:2102.09672, section 3.2)."""
    curve = [math.cos((t / T + 0.008) / 1.008 * math.pi / 2) ** 2 for t in range(T + 1)]
    return [min(1 - after / before, CAP) for before, after in pairwise(curve)]


def zero_terminal(betas: Sequence[float]) -> list[float]:
    """Betas rescaled so that sqrt(alpha_bar) ends at 0 and begins where it did (Lin et al., arXiv:2305.08891, algorithm 1)."""
    roots = [math.sqrt(a) for a in alpha_bars(betas)]
    squares = [((root - roots[-1]) * roots[0] / (roots[0] - roots[-1])) ** 2 for root in roots]
    return [1 - after / before for before, after in pairwise([1.0, *squares])]


def alpha_bars(betas: Sequence[float]) -> list[float]:
    """alpha_bar_t of each step: the share of a unit variance that the picture still has."""
    return list(accumulate((1 - beta for beta in betas), mul))


def snr(alpha_bar: float, variance: float = 1.0) -> float:
    """Variance of the picture's part over variance of the noise's part, for a picture of this variance."""
    return alpha_bar * variance / (1 - alpha_bar)


def decibels(ratio: float) -> float:
    """A ratio of variances in dB; minus infinity for 0."""
    return 10 * math.log10(ratio) if ratio > 0 else -math.inf


def first_below(bars: Sequence[float], level: float) -> int:
    """The first step whose alpha_bar lies below a level, T where none does. alpha_bar falls, so half of the rest is looked at each time."""
    low, high = 0, len(bars)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if bars[middle] < level else (middle + 1, high)
    return low


@dataclass(frozen=True)
class Schedule:
    """A family with its numbers; `first` and `last` are the ends of beta (0 for the cosine, which has none). `zero`: rescaled to end
    without any signal."""

    family: str
    T: int
    first: float = 0.0
    last: float = 0.0
    zero: bool = False

    @property
    def betas(self) -> tuple[float, ...]:
        return _betas(self)

    @property
    def bars(self) -> tuple[float, ...]:
        """alpha_bar of each step."""
        return _bars(self)

    def crossing(self, variance: float = 1.0) -> int:
        """The first step at which the noise has more variance than the picture's part: alpha_bar below 1 / (1 + v)."""
        return first_below(self.bars, 1 / (1 + variance))

    @property
    def ends(self) -> str:
        """β's ends in words, nothing for the cosine."""
        return f"β from {self.first:g} to {self.last:g}" if self.family != "cosine" else ""

    def __str__(self) -> str:
        """In words: "linear schedule (T = 1000, β from 0.0001 to 0.02)"."""
        told = f"T = {self.T}" + (f", {self.ends}" if self.ends else "")
        return f"{self.family} schedule ({told})" + (", rescaled to zero terminal SNR" if self.zero else "")

    @property
    def code(self) -> str:
        """As diffusers would be asked for it."""
        ends = f", beta_start={self.first:g}, beta_end={self.last:g}" if self.ends else ""
        zero = ", rescale_betas_zero_snr=True" if self.zero else ""
        return f'DDPMScheduler(num_train_timesteps={self.T}, beta_schedule="{DIFFUSERS[self.family]}"{ends}{zero})'


@lru_cache(maxsize=512)
def _betas(schedule: Schedule) -> tuple[float, ...]:
    if schedule.family == "cosine":
        betas = cosine(schedule.T)
    else:
        betas = {"linear": linear, "scaled-linear": scaled_linear}[schedule.family](schedule.T, schedule.first, schedule.last)
    return tuple(zero_terminal(betas) if schedule.zero else betas)


@lru_cache(maxsize=512)
def _bars(schedule: Schedule) -> tuple[float, ...]:
    return tuple(alpha_bars(schedule.betas))
