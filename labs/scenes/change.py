"""Scenes made from scenes: mirrored, at another size, cut out. The given scene is never changed."""

from __future__ import annotations

import copy
from typing import Any

from labs.scenes.scene import Scene, short

OPPOSITE = {"left": "right", "right": "left", "above": "below", "below": "above"}


def _flip_x(entry: Any) -> None:
    entry["x"], entry["angle"] = short(1 - entry["x"]), -entry.get("angle", 0)


def _flip_y(entry: Any) -> None:
    entry["y"], entry["angle"] = short(1 - entry["y"]), -entry.get("angle", 0)


def mirrored(scene: Scene) -> Scene:
    """Left and right exchanged, the truth with them. Labels move but stay readable; shapes are their own mirror images."""
    made = copy.deepcopy(scene)
    for entry in _placed(made):
        _flip_x(entry)
    if "grid" in made:
        grid = made["grid"]
        grid["x"] = short(1 - grid["x"])
        if "fault" in grid:
            fault = grid["fault"]
            fault["column"] = grid["columns"] - 1 - fault["column"]
            fault["boxes"] = [[short(1 - right), top, short(1 - left), bottom] for left, top, right, bottom in fault["boxes"]]
    truth = made.get("truth", {})
    if truth.get("relation") in ("left", "right"):
        truth["relation"] = OPPOSITE[truth["relation"]]
    if truth.get("column") is not None and "grid" in made:
        truth["column"] = made["grid"]["columns"] - 1 - truth["column"]
    return made


def turned_over(scene: Scene) -> Scene:
    """The places of above and below exchanged, each object itself left upright: the twin of an above/below scene."""
    made = copy.deepcopy(scene)
    for entry in _placed(made):
        entry["y"] = short(1 - entry["y"])
    truth = made.get("truth", {})
    if truth.get("relation") in ("above", "below"):
        truth["relation"] = OPPOSITE[truth["relation"]]
    return made


def twin(scene: Scene) -> Scene:
    """The scene in which the relation of the truth is the opposite one."""
    return turned_over(scene) if scene.get("truth", {}).get("relation") in ("above", "below") else mirrored(scene)


def _placed(scene: Scene) -> list[Any]:
    return [*scene["objects"], *scene.get("clutter", []), *scene.get("labels", []), *([scene["occluder"]] if "occluder" in scene else [])]


def resized(scene: Scene, size: int) -> Scene:
    """The same scene drawn with `size` pixels a side: detail that was too small for the grid of pixels becomes visible."""
    made = copy.deepcopy(scene)
    made["size"] = size
    factor = size / scene["size"]
    if scene.get("blur"):
        made["blur"] = round(scene["blur"] * factor * factor)  # the filter's width grows with the root of its passes
    return made


def cropped(scene: Scene, x: float, y: float, side: float, size: int | None = None) -> Scene:
    """The square of this side around (x, y), both as shares of the picture, drawn with `size` pixels (as before if not given)."""
    made = copy.deepcopy(scene)
    made["size"] = size or scene["size"]
    left, top = x - side / 2, y - side / 2
    for entry in [*_placed(made), *([made["grid"]] if "grid" in made else [])]:
        entry["x"], entry["y"] = short((entry["x"] - left) / side), short((entry["y"] - top) / side)
        for key in ("r", "a", "b", "height", "w", "h", "pitch", "half"):
            if key in entry:
                entry[key] = short(entry[key] / side)
    fault = made["grid"].get("fault") if "grid" in made else None
    if fault:
        corner = (left, top, left, top)
        fault["boxes"] = [[short((value - start) / side) for value, start in zip(box, corner, strict=True)] for box in fault["boxes"]]
    return made
