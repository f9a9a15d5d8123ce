"""Drawing places, sizes and colours for the samplers: `random.Random` only, and none of its methods that call libm."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from random import Random

from labs.scenes.scene import EXTENT, Bit, Colour, Scene, Thing, short
from labs.scenes.vocabulary import BACKGROUNDS, COLOURS, COMBINATIONS, HELD_OUT, SEEN, SHAPES, Combination

Range = tuple[float, float]
Disc = tuple[float, float, float]  # x, y, r

TILT = 20  # degrees to either side that objects are turned by default
COLOUR_NAMES = tuple(COLOURS)


def between(rng: Random, ends: Range) -> float:
    return short(ends[0] + (ends[1] - ends[0]) * rng.random())


def combinations(split: str) -> Sequence[Combination]:
    """The pairs (colour, shape) of a split: seen, held-out or all."""
    return {"seen": SEEN, "held-out": tuple(sorted(HELD_OUT)), "all": COMBINATIONS}[split]


def distance(x: float, y: float) -> float:
    """The length of (x, y). A square root is exact to the last bit everywhere; powers and hypot need not be."""
    return sqrt(x * x + y * y)


def background(rng: Random) -> list[int]:
    return list(rng.choice(tuple(BACKGROUNDS.values())))


def any_colour(rng: Random) -> list[int]:
    """Any colour at all that is not dull: what a shape is painted in where it must be known apart from colour."""
    while True:
        made = [rng.randrange(256) for _ in range(3)]
        if max(made) - min(made) > 70:
            return made


def thing(rng: Random, shape: str, colour: Colour, x: float, y: float, r: float, tilt: int = TILT) -> Thing:
    """An object turned a little."""
    return {"shape": shape, "colour": colour, "x": short(x), "y": short(y), "r": short(r), "angle": rng.randint(-tilt, tilt) if tilt else 0}


def spot(rng: Random, r: float, taken: Sequence[Disc], gap: float = 0.0, tries: int = 60) -> tuple[float, float] | None:
    """A place for a disc inside the picture and apart from the taken ones; None where none was found."""
    reach = r * EXTENT
    for _ in range(tries):
        x, y = reach + (1 - 2 * reach) * rng.random(), reach + (1 - 2 * reach) * rng.random()
        if all(distance(x - ox, y - oy) >= (r + other) * EXTENT + gap for ox, oy, other in taken):
            return x, y
    return None


def spread(rng: Random, radii: Sequence[float], gap: float = 0.0, taken: Sequence[Disc] = ()) -> list[Disc]:
    """Places for discs of these radii, apart from each other and the taken ones; all shrink together where they do not fit."""
    shrink = 1.0
    while True:
        found: list[Disc] = []
        for radius in radii:
            r = radius * shrink
            place = spot(rng, r, [*taken, *found], gap)
            if place is None:
                break
            found.append((place[0], place[1], r))
        else:
            return found
        shrink *= 0.93


def others(rng: Random, count: int, avoid: Sequence[Combination], split: str = "seen", shapes: Sequence[str] = SHAPES) -> list[Combination]:
    """So many different combinations, none of `avoid`."""
    pool = [pair for pair in combinations(split) if pair not in avoid and pair[1] in shapes]
    return rng.sample(pool, count)


def bits(rng: Random, count: int) -> list[Bit]:
    """Clutter: dots and bars in greys."""
    made: list[Bit] = []
    for _ in range(count):
        grey, dot = rng.randrange(60, 200), rng.random() < 0.5
        a = between(rng, (0.01, 0.025) if dot else (0.02, 0.07))
        x, y = between(rng, (0.03, 0.97)), between(rng, (0.03, 0.97))
        made.append(
            {
                "kind": "dot" if dot else "bar",
                "x": x,
                "y": y,
                "a": a,
                "b": a if dot else 0.01,
                "angle": rng.randrange(180),
                "colour": [grey, grey, grey],
            }
        )
    return made


def canvas(rng: Random, size: int, clutter: int = 0) -> Scene:
    """An empty scene on a drawn background."""
    scene: Scene = {"size": size, "background": background(rng), "objects": []}
    if clutter:
        scene["clutter"] = bits(rng, clutter)
    return scene
