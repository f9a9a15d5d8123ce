"""What a seed decides for noising: schedules, steps, the picture and the textures, redrawn until every instance is diagnostic."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from functools import lru_cache
from random import Random
from typing import Any

from labs.noising.schedules import FAMILIES, Schedule, decibels, first_below, snr
from labs.noising.textures import Texture, bands, draw_texture
from labs.scenes.raster import rasterise
from labs.scenes.sampling import single
from labs.scenes.scene import Scene

VERSION = 1
SIDE = 32  # pixels of the picture's side
STEPS = (200, 250, 400, 500, 1000)
FIRSTS, LASTS = (1e-4, 8.5e-4), (0.01, 0.012, 0.015, 0.02, 0.025)  # ends of beta for 1000 steps; for T steps 1000 / T times as much
LEVELS = (18.0, 13.0, 8.0, 3.0, -2.0, -7.0)  # dB of alpha_bar / (1 - alpha_bar) around which task 1 draws its steps
STABLE = Schedule("scaled-linear", 1000, 0.00085, 0.012)  # Stable Diffusion's
REMAINDERS = {"zero": (0.0, 0.0), "trace": (1e-9, 0.008), "some": (0.02, 0.4)}  # amplitude left at the last step, of task 5
GAP = 0.04  # the least relative difference of what task 6 orders


@dataclass(frozen=True)
class Shown:
    """A textured picture of task 9 and the step to which it is noised."""

    texture: Texture
    t: int


@dataclass(frozen=True)
class Params:
    """One instance. `schedule` is the main one; v the variance of the picture's values (-1..1, all channels together)."""

    schedule: Schedule
    v: float
    noised: tuple[int, ...]  # steps of pictures a..f of task 1, as shown
    t2: int
    asked2: str  # "signal" or "noise"
    t8: int  # of the variances, task 8
    end: Schedule  # whose last step task 5 asks about
    remainder: str  # which of REMAINDERS it has
    firsts: tuple[float, float]  # the ends of beta that task 6 shares out
    asked6: str  # "crossing" or "leftover"
    shown: tuple[Shown, ...]  # pictures a..d of task 9
    t16: int  # of the inversion, task 10

    def row(self) -> dict[str, Any]:
        """As stored in a plan; what decides an answer is private."""
        row: dict[str, Any] = json.loads(json.dumps(asdict(self)))  # lists for tuples, as a stored plan has them
        private = ("noised", "remainder", "shown")
        return {(f"_{name}" if name in private else name): value for name, value in row.items()}

    @classmethod
    def of(cls, row: dict[str, Any]) -> Params:
        plain = {name.removeprefix("_"): value for name, value in row.items()}
        plain["schedule"], plain["end"] = Schedule(**plain["schedule"]), Schedule(**plain["end"])
        plain["noised"], plain["firsts"] = tuple(plain["noised"]), tuple(plain["firsts"])
        plain["shown"] = tuple(Shown(Texture.of(one["texture"]), one["t"]) for one in plain["shown"])
        return cls(**plain)

    @property
    def ordered(self) -> tuple[Schedule, ...]:
        """The schedules a..d of task 6."""
        first, last = self.firsts
        return (Schedule("linear", 1000, first, last), Schedule("scaled-linear", 1000, first, last), Schedule("cosine", 1000), STABLE)


def scene_of(seed: int, level: int = 1) -> Scene:
    """The picture of the seed: one object, large or small, on a plain ground."""
    random = Random(f"noising/{VERSION}/{seed}/{level}/picture")
    radius = 0.24 + 0.2 * random.random()
    return single(random, size=SIDE, radius=(radius, radius))


@lru_cache(maxsize=64)
def pixels_of(seed: int, level: int = 1) -> bytes:
    """Its pixels, SIDE x SIDE x 3 bytes."""
    return rasterise(scene_of(seed, level))


def variance(pixels: bytes) -> float:
    """Variance of the values 2 * byte / 255 - 1 about their common mean."""
    count, total = len(pixels), sum(pixels)
    squares = sum(value * value for value in pixels)
    return (squares / count - (total / count) ** 2) * (2 / 255) ** 2


@lru_cache(maxsize=256)
def draw(seed: int, level: int = 1) -> Params:
    """The instance of a seed: the first draw that tells every misconception apart. Level 2 leaves out the usual thousand steps."""
    from labs.noising.traps import diagnostic

    random = Random(f"noising/{VERSION}/{seed}" if level == 1 else f"noising/{VERSION}/{seed}/{level}")
    v = round(variance(pixels_of(seed, level)), 4)
    while True:
        schedule = usual(random, level)
        end, remainder = _end(random)
        params = Params(
            schedule=schedule,
            v=v,
            noised=_noised(random, schedule),
            t2=_step(random, schedule, 0.12, 0.9),
            asked2=random.choice(("signal", "noise")),
            t8=_step(random, schedule, 0.12, 0.7),
            end=end,
            remainder=remainder,
            firsts=_ends(random),
            asked6=random.choice(("crossing", "crossing", "leftover")),
            shown=_shown(random, schedule),
            t16=_step(random, schedule, 0.02, 0.3),
        )
        if diagnostic(params):
            return params


def usual(random: Random, level: int = 1) -> Schedule:
    """A schedule as it is met in practice, with its betas scaled to its number of steps."""
    family = random.choice(FAMILIES)
    T = random.choice(STEPS if level == 1 else STEPS[:-1])
    first, last = random.choice(FIRSTS), random.choice(LASTS)
    return _scaled(family, T, first, last)


def _scaled(family: str, T: int, first: float, last: float, zero: bool = False) -> Schedule:
    if family == "cosine":
        return Schedule(family, T, zero=zero)
    return Schedule(family, T, round(first * 1000 / T, 7), round(last * 1000 / T, 7), zero)


def at_level(schedule: Schedule, level: float) -> int:
    """The first step at which alpha_bar / (1 - alpha_bar) is below this level in dB."""
    ratio = 10 ** (level / 10)
    return min(schedule.T - 1, first_below(schedule.bars, ratio / (1 + ratio)))


def _noised(random: Random, schedule: Schedule) -> tuple[int, ...]:
    steps = [at_level(schedule, level + 2 * random.random() - 1) for level in LEVELS]
    random.shuffle(steps)
    return tuple(steps)


def _step(random: Random, schedule: Schedule, low: float, high: float) -> int:
    """A step whose alpha_bar is about evenly drawn between two values."""
    return min(schedule.T - 1, first_below(schedule.bars, low + (high - low) * random.random()))


def _end(random: Random) -> tuple[Schedule, str]:
    """A schedule for task 5, each kind of remainder as likely as the others."""
    kind = random.choice(tuple(REMAINDERS))
    low, high = REMAINDERS[kind]
    while True:
        drawn = usual(random)
        schedule = Schedule(drawn.family, drawn.T, drawn.first, drawn.last, kind == "zero")
        if low <= math.sqrt(schedule.bars[-1]) <= high:
            return schedule, kind


def _ends(random: Random) -> tuple[float, float]:
    """Ends of beta for task 6: weak ones, at which the cosine overtakes, usual ones, and strong ones, each as likely."""
    firsts, lasts = random.choice(
        (((5e-5, 1e-4, 2e-4), (0.006, 0.008)), ((1e-4, 2e-4), (0.015, 0.02)), ((5e-4, 1e-3), (0.02, 0.025, 0.03)))
    )
    return random.choice(firsts), random.choice(lasts)


def _shown(random: Random, schedule: Schedule) -> tuple[Shown, ...]:
    """Task 9: at one step a weak and a strong texture, the weak one early, and one late; in a drawn order."""
    while True:
        weak, other = (draw_texture(random, "weak") for _ in range(2))
        strong, late = draw_texture(random, "strong"), draw_texture(random, random.choice(("weak", "strong")))
        middle = at_level(schedule, 12.0 + random.random())
        shown = [
            Shown(weak, middle),
            Shown(strong, middle),
            Shown(other, at_level(schedule, 27.0 + random.random())),
            Shown(late, at_level(schedule, -15.0 - 2 * random.random())),
        ]
        if [kept(one, schedule) for one in shown] == ["layout", "both", "both", "none"]:
            random.shuffle(shown)
            return tuple(shown)


CLEAR = 3.0  # dB that a band must lie above or below 0 to count as kept or lost


def kept(one: Shown, schedule: Schedule) -> str:
    """What of a picture stands above the noise at its step: both, layout, texture, none; "unclear" within CLEAR of 0 dB."""
    levels = [decibels(snr(schedule.bars[one.t], power)) for power in (bands(one.texture)["texture"], bands(one.texture)["layout"])]
    if any(abs(level) < CLEAR for level in levels):
        return "unclear"
    texture, layout = (level > 0 for level in levels)
    return {(True, True): "both", (False, True): "layout", (True, False): "texture", (False, False): "none"}[texture, layout]
