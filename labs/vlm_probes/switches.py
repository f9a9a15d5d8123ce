"""Removing one cause of failure and asking again: cut to the region that matters, draw at twice the resolution, list before counting.

Each backend declares the switches that it really has. A model that shrinks what it is given has no use for more pixels, and is not asked.
"""

from __future__ import annotations

from math import ceil
from random import Random

from labs.scenes.change import cropped, resized
from labs.scenes.drawing import PLATE_MARGIN
from labs.scenes.scene import EXTENT
from labs.vlm_probes.probes import MAIN, VERSION, Cell, Shot, World, cells

SWITCHES = {"tiny": ("crop",), "hf": ("crop", "double"), "openai": ("crop", "double"), "replay": ("crop",)}  # list is for counting alone
WORDS = {"crop": "cut to the region that matters and enlarged", "double": "drawn with twice as many pixels a side"}
LIST_CELL = Cell("count", "n", 5)  # listing first is tried on counts of about five
TEXT_SHARE = 0.22  # height of a letter, as a share of a picture that is cut to its label
Box = tuple[float, float, float, float]  # left, top, right, bottom


def switch_cell(family: str, world: World) -> Cell:
    """The setting at which a switch is tried: the last but one, hard but not hopeless."""
    return cells(MAIN[family], world)[-2]


def switched(shot: Shot, switch: str) -> Shot:
    """The same question, its picture with one cause removed."""
    size = shot.scene["size"]
    if switch == "double":
        return shot.with_scene(resized(shot.scene, 2 * size), switch)
    x, y, side = region(shot)
    return shot.with_scene(cropped(shot.scene, x, y, side), switch)


def region(shot: Shot) -> tuple[float, float, float]:
    """The square around what is asked about, by the generator's own truth: (x, y, side), never more than the picture."""
    scene, family = shot.scene, shot.family
    if family == "text":
        label = scene["labels"][0]
        wide = label["height"] * (0.5 + PLATE_MARGIN) * 2 * max(1, ceil(len(label["text"]) * 0.8))
        return label["x"], label["y"], min(1.0, max(wide, label["height"] / TEXT_SHARE))
    if family == "defect":
        return _quarter(shot)
    if family == "hidden":
        panel = scene["occluder"]
        return panel["x"], panel["y"], min(1.0, 2.2 * max(panel["w"], panel["h"]))
    named = scene["objects"]
    if family == "leftright":
        ends = [tuple(scene["truth"][end]) for end in ("first", "second")]
        named = [thing for thing in named if (thing["colour"], thing["shape"]) in ends]
    boxes = [_box(thing["x"], thing["y"], thing["r"] * EXTENT) for thing in named]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return (left + right) / 2, (top + bottom) / 2, min(1.0, 1.1 * max(right - left, bottom - top))


def _quarter(shot: Shot) -> tuple[float, float, float]:
    """A quarter of the board: the one with the burnt component, or, where none is, that of a component drawn by lot; so which quarter
    is seen does not tell the answer."""
    grid = shot.scene["grid"]
    rng = Random(f"vlm-probes/{VERSION}/quarter/{shot.key}")
    fault = grid.get("fault") or {"row": rng.randrange(grid["rows"]), "column": rng.randrange(grid["columns"])}
    across, down = (-1 if fault["column"] < grid["columns"] / 2 else 1), (-1 if fault["row"] < grid["rows"] / 2 else 1)
    side = grid["pitch"] * max(grid["rows"], grid["columns"]) / 2
    return grid["x"] + across * side / 2, grid["y"] + down * side / 2, side


def _box(x: float, y: float, reach: float) -> Box:
    return x - reach, y - reach, x + reach, y + reach
