"""From a scene to marks: the one list of geometric figures, in whole numbers, that the rasteriser and the torch renderer both paint.

Lengths are in units of 1/256 pixel, sines and cosines in units of 1/16384 from a table of whole degrees, so no machine's own
mathematics library has a say in where an edge lies.
"""

from __future__ import annotations

from typing import NamedTuple

from labs.scenes import font
from labs.scenes.scene import Colour, Grid, Scene
from labs.scenes.vocabulary import COLOURS, RGB

UNIT = 256  # parts of a pixel
TURN = 16384  # what sine and cosine 1 are

CIRCLE, BOX, TRIANGLE, RHOMBUS, CROSS, STAR, TEXT = range(7)
KINDS = ("circle", "box", "triangle", "rhombus", "cross", "star", "text")
STAR_INNER = 6258  # the inner radius of a pentagram, of 16384
SIN60 = 14189

# round(16384 sin) of 0 to 90 degrees.
_SINES = (
    0, 286, 572, 857, 1143, 1428, 1713, 1997, 2280, 2563, 2845, 3126, 3406, 3686, 3964, 4240, 4516, 4790, 5063, 5334, 5604, 5872, 6138,
    6402, 6664, 6924, 7182, 7438, 7692, 7943, 8192, 8438, 8682, 8923, 9162, 9397, 9630, 9860, 10087, 10311, 10531, 10749, 10963, 11174,
    11381, 11585, 11786, 11982, 12176, 12365, 12551, 12733, 12911, 13085, 13255, 13421, 13583, 13741, 13894, 14044, 14189, 14330, 14466,
    14598, 14726, 14849, 14968, 15082, 15191, 15296, 15396, 15491, 15582, 15668, 15749, 15826, 15897, 15964, 16026, 16083, 16135, 16182,
    16225, 16262, 16294, 16322, 16344, 16362, 16374, 16382, 16384,
)  # fmt: skip

# How a nominal radius of 1000 becomes a figure's two lengths, so that all shapes look about equally large.
_FIGURES = {
    "circle": (CIRCLE, 880, 0),
    "square": (BOX, 770, 770),
    "triangle": (TRIANGLE, 1080, 0),
    "diamond": (RHOMBUS, 760, 1090),
    "cross": (CROSS, 980, 310),
    "star": (STAR, 1090, 0),
}
PLATE_MARGIN = 0.35  # of the letters' height, around them
LEG = 0.28  # a component's legs: their thickness as a share of its half side


class Mark(NamedTuple):
    """One figure: its kind, centre, two lengths, cosine and sine of its angle, colour 0..255; the letters of a TEXT.

    The lengths mean: CIRCLE radius; BOX and RHOMBUS half width and half height; TRIANGLE and STAR the radius through the points;
    CROSS the half length and half thickness of an arm; TEXT half the width and half the height of the ink's box.
    """

    kind: int
    x: int
    y: int
    a: int
    b: int
    cos: int
    sin: int
    colour: RGB
    text: str = ""


def sine(degrees: int) -> int:
    degrees %= 360
    if degrees >= 180:
        return -sine(degrees - 180)
    return _SINES[degrees] if degrees <= 90 else _SINES[180 - degrees]


def cosine(degrees: int) -> int:
    return sine(degrees + 90)


def marks(scene: Scene) -> list[Mark]:
    """The scene's figures from back to front, without the background."""
    scale, light = scene["size"] * UNIT, scene.get("light", 1.0)
    found: list[Mark] = []
    for bit in scene.get("clutter", []):
        kind, angle = (CIRCLE if bit["kind"] == "dot" else BOX), bit["angle"]
        x, y, a, b = round(bit["x"] * scale), round(bit["y"] * scale), round(bit["a"] * scale), round(bit["b"] * scale)
        found.append(Mark(kind, x, y, a, b, cosine(angle), sine(angle), lit(bit["colour"], light)))
    if "grid" in scene:
        found += _board(scene["grid"], scale, light)
    for thing in scene["objects"]:
        kind, first, second = _FIGURES[thing["shape"]]
        radius, angle = thing["r"] * scale / 1000, thing["angle"]
        x, y, colour = round(thing["x"] * scale), round(thing["y"] * scale), lit(thing["colour"], light)
        found.append(Mark(kind, x, y, round(first * radius), round(second * radius), cosine(angle), sine(angle), colour))
    for label in scene.get("labels", []):
        x, y, half = round(label["x"] * scale), round(label["y"] * scale), round(label["height"] * scale / 2)
        cos, sin = cosine(label["angle"]), sine(label["angle"])
        wide = half * font.columns(label["text"]) // font.ROWS
        if "plate" in label:
            margin = round(PLATE_MARGIN * 2 * half)
            found.append(Mark(BOX, x, y, wide + margin, half + margin, cos, sin, lit(label["plate"], light)))
        found.append(Mark(TEXT, x, y, wide, half, cos, sin, lit(label["colour"], light), label["text"]))
    if "occluder" in scene:
        cover = scene["occluder"]
        cos, sin, colour = cosine(cover["angle"]), sine(cover["angle"]), lit(cover["colour"], light)
        x, y, a, b = (round(cover[key] * scale / part) for key, part in (("x", 1), ("y", 1), ("w", 2), ("h", 2)))  # type: ignore[literal-required]
        found.append(Mark(BOX, x, y, a, b, cos, sin, colour))
    return found


def lit(colour: Colour, light: float = 1.0) -> RGB:
    """A colour as three bytes, under this light."""
    red, green, blue = COLOURS[colour] if isinstance(colour, str) else colour
    if light == 1.0:
        return red, green, blue
    return min(255, round(red * light)), min(255, round(green * light)), min(255, round(blue * light))


def _board(grid: Grid, scale: int, light: float) -> list[Mark]:
    """The board, its components with two legs each, and the fault."""
    pitch, half = grid["pitch"] * scale, round(grid["half"] * scale)
    centre_x, centre_y = grid["x"] * scale, grid["y"] * scale
    high, wide = grid["rows"] * pitch / 2, grid["columns"] * pitch / 2
    board, colour = lit(grid["board"], light), lit(grid["colour"], light)
    metal = lit([(channel + 2 * 205) // 3 for channel in grid["board"]], light)
    found = [Mark(BOX, round(centre_x), round(centre_y), round(wide), round(high), TURN, 0, board)]
    for row in range(grid["rows"]):
        for column in range(grid["columns"]):
            x, y = round(centre_x - wide + (column + 0.5) * pitch), round(centre_y - high + (row + 0.5) * pitch)
            found.append(Mark(BOX, x, y, round(pitch / 2 * 0.92), round(half * LEG), TURN, 0, metal))
            found.append(Mark(BOX, x, y, half, half, TURN, 0, colour))
    if "fault" in grid:
        burnt = lit(grid["colour"], light * (1 - grid["fault"]["contrast"]))
        for box in grid["fault"]["boxes"]:
            left, top, right, bottom = (round(value * scale) for value in box)
            found.append(Mark(BOX, (left + right) // 2, (top + bottom) // 2, (right - left) // 2, (bottom - top) // 2, TURN, 0, burnt))
    return found
