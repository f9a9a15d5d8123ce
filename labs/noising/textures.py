"""Textured pictures of task 9: a coarse layout of plain regions, and on it strokes of one pixel's width, both exact in whole numbers.

Every block of 8 x 8 pixels is of one region, and just half of its strokes are darker: so the mean of each block is its region's
colour, the strokes are all that varies inside blocks, and the power of either band follows from the colours alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any

from labs.scenes.scene import Bit, Scene
from labs.scenes.vocabulary import RGB

BLOCK, BLOCKS = 8, 6
SIDE = BLOCK * BLOCKS
STROKE = 4  # pixels that a stroke is long
BANDS = ("texture", "layout", "mean")
DEGREES = {"texture": SIDE**2 - BLOCKS**2, "layout": BLOCKS**2 - 1, "mean": 1}  # numbers a channel in each band
LAYOUTS = ("sky and land", "left and right", "middle and rim", "three strips")
GROUNDS = ((96, 150, 200), (70, 110, 60), (190, 160, 110), (150, 90, 80), (110, 110, 150), (200, 200, 180), (90, 130, 130), (170, 120, 170))
DEPTHS = {"weak": (9, 13), "strong": (62, 76)}  # steps of 255 that strokes go to either side


@dataclass(frozen=True)
class Texture:
    """A picture: the layout's name, the colour of each of its two regions, how far strokes go to either side, whether they stand."""

    layout: str
    colours: tuple[RGB, RGB]
    depth: int
    upright: bool
    seed: int

    @classmethod
    def of(cls, row: dict[str, Any]) -> Texture:
        first, second = (tuple(colour) for colour in row["colours"])
        return cls(**{**row, "colours": (first, second)})


def draw_texture(random: Random, depth: str) -> Texture:
    """Two colours that differ by 40 steps at least in some channel; none so near the ends that strokes would be cut off."""
    low, high = DEPTHS[depth]
    while True:
        first, second = random.sample(GROUNDS, 2)
        deep = random.randint(low, high)
        first, second = _within(first, deep), _within(second, deep)
        if max(abs(a - b) for a, b in zip(first, second, strict=True)) >= 40:
            return Texture(random.choice(LAYOUTS), (first, second), deep, random.random() < 0.5, random.randrange(10**6))


def _within(colour: RGB, depth: int) -> RGB:
    """The colour, moved so far inward that strokes to either side stay within 0..255."""
    red, green, blue = (min(255 - depth, max(depth, value)) for value in colour)
    return red, green, blue


def region(layout: str, row: int, column: int) -> int:
    """Which of the two regions a block belongs to."""
    half = BLOCKS // 2
    return {
        "sky and land": row >= half,
        "left and right": column >= half,
        "middle and rim": 0 < row < BLOCKS - 1 and 0 < column < BLOCKS - 1,
        "three strips": row // 2 == 1,
    }[layout]


@lru_cache(maxsize=256)
def bands(texture: Texture) -> dict[str, float]:
    """Power of each band: the sum of squares (values -1..1) that it holds, over how many numbers it has. The noise's is 1 - alpha_bar
    in every band alike, so alpha_bar / (1 - alpha_bar) times this is the band's signal-to-noise ratio."""
    places = [region(texture.layout, row, column) for row in range(BLOCKS) for column in range(BLOCKS)]
    second = sum(places)
    pixels, energy = BLOCK * BLOCK, dict.fromkeys(BANDS, 0.0)
    for channel in range(3):
        values = [2 * colour[channel] / 255 - 1 for colour in texture.colours]
        mean = (values[0] * (len(places) - second) + values[1] * second) / len(places)
        energy["mean"] += mean**2 * SIDE**2
        energy["layout"] += pixels * ((values[0] - mean) ** 2 * (len(places) - second) + (values[1] - mean) ** 2 * second)
        energy["texture"] += (2 * texture.depth / 255) ** 2 * SIDE**2
    return {band: energy[band] / (3 * DEGREES[band]) for band in BANDS}


def scene(texture: Texture) -> Scene:
    """The picture as a scene: regions and strokes are bars, drawn in this order."""
    random, made = Random(f"texture/{texture.seed}"), []
    for row in range(BLOCKS):
        for column in range(BLOCKS):
            colour = texture.colours[region(texture.layout, row, column)]
            made.append(_bar(row * BLOCK, column * BLOCK, BLOCK, BLOCK, [value + texture.depth for value in colour]))
            cells = [(place, part) for place in range(BLOCK) for part in range(BLOCK // STROKE)]
            dark = [value - texture.depth for value in colour]
            for place, part in random.sample(cells, len(cells) // 2):
                down, across = (part * STROKE, place) if texture.upright else (place, part * STROKE)
                size = (STROKE, 1) if texture.upright else (1, STROKE)
                made.append(_bar(row * BLOCK + down, column * BLOCK + across, *size, dark))
    return {"size": SIDE, "background": [0, 0, 0], "objects": [], "clutter": made}


def _bar(top: int, left: int, high: int, wide: int, colour: Sequence[int]) -> Bit:
    """A bar that covers whole pixels."""
    x, y = (left + wide / 2) / SIDE, (top + high / 2) / SIDE
    return {"kind": "bar", "x": x, "y": y, "a": wide / 2 / SIDE, "b": high / 2 / SIDE, "angle": 0, "colour": list(colour)}
