"""A picture in words and numbers, for who does not see it: what is painted and where. The answer follows, but has to be found."""

from __future__ import annotations

from typing import Any

from labs.scenes import font
from labs.scenes.raster import visible_shares
from labs.scenes.scene import Scene
from labs.vlm_probes.probes import Shot


def in_words(shot: Shot) -> str:
    """Objects with their places in percent of the picture's side from the left and from the top; labels by the dots of their signs,
    boards by how bright each component is."""
    scene = shot.scene
    if "grid" in scene:
        return _board(scene)
    if "labels" in scene:
        label = scene["labels"][0]
        blur = f", blurred by {scene['blur']} passes" if scene.get("blur") else ""
        turned = f", turned by {abs(label['angle'])} degrees" if label["angle"] else ""
        signs = "; ".join(" ".join(row.replace(" ", ".") for row in font.GLYPHS[sign]) for sign in label["text"])
        return f"a label, {round(label['height'] * scene['size'])} pixels high{turned}{blur}, with the dots {signs}"
    things = [(thing, 1.0) for thing in scene["objects"]]
    panel = ""
    if "occluder" in scene:
        things = list(zip(scene["objects"], visible_shares(scene), strict=True))
        panel = f", a panel at {_at(scene['occluder'])}"
    told = [_thing(thing, share) for thing, share in things if share > 0.004]
    return ", ".join(told) + panel if told else panel.removeprefix(", ")


def _board(scene: Scene) -> str:
    """How bright the components are, row by row, in percent of an untouched one."""
    grid = scene["grid"]
    bright = [[100.0] * grid["columns"] for _ in range(grid["rows"])]
    if fault := grid.get("fault"):
        area = sum((right - left) * (bottom - top) for left, top, right, bottom in fault["boxes"])
        bright[fault["row"]][fault["column"]] -= 100 * fault["contrast"] * area / (2 * grid["half"]) ** 2
    rows = " / ".join(" ".join(f"{value:.1f}".removesuffix(".0") for value in row) for row in bright)
    return f"a board; brightness of its components by row: {rows}"


def _thing(thing: Any, share: float) -> str:
    part = "" if share > 0.995 else f" of which {100 * share:.0f}% shows"
    return f"{thing['colour']} {thing['shape']} at {_at(thing)}{part}"


def _at(thing: Any) -> str:
    return f"{100 * thing['x']:.0f}/{100 * thing['y']:.0f}"
