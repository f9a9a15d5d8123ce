"""What a training recipe is: a name, stages, a model to build, batches to draw, a loss, a place to save, figures to measure.

One recipe is one file in `recipes/`, read top to bottom. `train.py` runs any of them, on one CPU core or under `accelerate launch`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

Module = Any  # torch.nn.Module; torch is imported where it is used
Batch = dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """One stretch of training with a fixed number of steps. `ema` is the decay of the averaged weights, 0 for none."""

    name: str
    steps: int
    batch: int
    lr: float
    warmup: int = 50
    floor: float = 0.05  # the last learning rate, as a share of the first
    weight_decay: float = 0.01
    clip: float = 1.0
    ema: float = 0.0

    def quick(self, steps: int = 12) -> Stage:
        """The same stage cut to a few steps, for the `quick` preset."""
        return replace(self, steps=steps, warmup=min(self.warmup, 2), floor=1.0, ema=min(self.ema, 0.5))


@dataclass(frozen=True)
class Draw:
    """The randomness of one batch: it depends on seed, stage, step and process alone, so that a resumed run draws the same."""

    torch: Any  # torch.Generator on the CPU
    random: random.Random


@dataclass(frozen=True)
class Figure:
    """A measured share or quantity: `n` draws, its standard error, what guessing gives, and what was demanded of it."""

    name: str
    value: float
    n: int
    error: float = 0.0
    baseline: float | None = None  # chance or the blind model, as `baseline_is` says
    baseline_is: str = "chance"
    at_least: float | None = None
    at_most: float | None = None
    seeds: tuple[float, ...] = field(default=())  # the same figure for other training seeds

    @property
    def reached(self) -> bool:
        """Whether the demand holds; true where there is none."""
        return (self.at_least is None or self.value >= self.at_least) and (self.at_most is None or self.value <= self.at_most)


def share(name: str, hits: float, n: int, **more: Any) -> Figure:
    """A share of `n` trials with its binomial standard error."""
    value = float(hits) / n
    return Figure(name, round(value, 4), n, round((value * (1 - value) / n) ** 0.5, 4), **more)


def mean(name: str, values: Any, **more: Any) -> Figure:
    """A mean with its standard error; `values` is any sequence of floats."""
    listed = [float(value) for value in values]
    n = len(listed)
    value = sum(listed) / n
    spread = (sum((entry - value) ** 2 for entry in listed) / max(n - 1, 1)) ** 0.5
    return Figure(name, round(value, 4), n, round(spread / n**0.5, 4), **more)


class Recipe(Protocol):
    """Implemented by each module of `recipes/`, as its RECIPE."""

    name: str

    def stages(self, preset: str) -> tuple[Stage, ...]:
        """The stages of `quick` or `full`."""

    def build(self, seed: int) -> Module:
        """A module whose forward(**batch) gives {"loss": scalar, other scalars to report}; weights drawn from `seed`."""

    def enter(self, model: Module, stage: Stage) -> None:
        """Freeze and thaw for a stage."""

    def batch(self, stage: Stage, draw: Draw, size: int, step: int) -> Batch:
        """`size` examples for one step, tensors on the CPU."""

    def save(self, model: Module, stage: Stage, last: bool, directory: Path) -> None:
        """Write what is to be kept at the end of a stage, as Hugging Face directories (float32) under `directory`."""

    def measure(self, directory: Path, seed: int, n: int) -> list[Figure]:
        """Figures of the saved model on fresh pictures; `n` scales how many."""
