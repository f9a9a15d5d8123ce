"""What a scene is: plain JSON, every place and length a share of the picture's side, so that one scene is drawn at any size.

Positions count from the left and the top, angles in whole degrees clockwise. What is painted, in this order: background, clutter,
grid, objects, labels, occluder; then blur. `truth` is the sampler's ground truth and is never drawn.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NotRequired, TypedDict, cast

from labs.scenes.vocabulary import COLOURS, DIGITS, LETTERS, SHAPES

DIGITS_KEPT = 5  # decimals: finer than 1/256 pixel in a picture of 96
SIZE_LIMITS = 8, 512  # pixels of a side
EXTENT = 1.1  # no shape reaches farther from its centre than this times its nominal radius

Colour = str | list[int]  # a name of the vocabulary, or [r, g, b]


class Thing(TypedDict):
    """One object; r is its nominal radius."""

    shape: str
    colour: Colour
    x: float
    y: float
    r: float
    angle: int


class Bit(TypedDict):
    """Clutter: a dull dot or bar behind everything, half as wide as a and half as high as b say."""

    kind: str  # "dot" or "bar"
    x: float
    y: float
    a: float
    b: float
    angle: int
    colour: list[int]


class Label(TypedDict):
    """Text around (x, y), its capitals `height` high; on a plate where a colour is given for one."""

    text: str
    x: float
    y: float
    height: float
    angle: int
    colour: list[int]
    plate: NotRequired[list[int]]


class Fault(TypedDict):
    """A burnt patch on one component, made of boxes [left, top, right, bottom] that do not overlap; contrast 1 is black, 0 the
    component's own colour."""

    row: int
    column: int
    boxes: list[list[float]]
    contrast: float


class Grid(TypedDict):
    """A board of like components, rows x columns, centred on (x, y); pitch is the distance of centres, half the half side."""

    rows: int
    columns: int
    x: float
    y: float
    pitch: float
    half: float
    board: list[int]
    colour: list[int]
    fault: NotRequired[Fault]


class Occluder(TypedDict):
    """A panel in front of everything; w and h are whole width and height."""

    x: float
    y: float
    w: float
    h: float
    angle: int
    colour: list[int]


class Scene(TypedDict):
    """A picture to be drawn. light multiplies every colour (default 1), blur counts passes of a 1-2-1 filter (default 0)."""

    size: int
    background: list[int]
    objects: list[Thing]
    clutter: NotRequired[list[Bit]]
    labels: NotRequired[list[Label]]
    grid: NotRequired[Grid]
    occluder: NotRequired[Occluder]
    light: NotRequired[float]
    blur: NotRequired[int]
    truth: NotRequired[dict[str, Any]]


def short(value: float) -> float:
    """A coordinate as it stands in a scene."""
    return round(value, DIGITS_KEPT)


def digest(scene: Scene) -> str:
    """A name for exactly this scene."""
    return hashlib.sha256(json.dumps(scene, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:16]


def checked(data: object) -> Scene:
    """The scene in this JSON. Raises ValueError with one line that names the first thing wrong."""
    if not isinstance(data, dict):
        raise ValueError("a scene is an object with size, background and objects")
    for key, kind in (("size", int), ("background", list), ("objects", list)):
        if not isinstance(data.get(key), kind):
            raise ValueError(f"a scene needs {key}")
    unknown = sorted(set(data) - set(Scene.__annotations__))
    if unknown:
        raise ValueError(f"a scene has no {unknown[0]}")
    if not SIZE_LIMITS[0] <= data["size"] <= SIZE_LIMITS[1]:
        raise ValueError(f"size is {data['size']}, not {SIZE_LIMITS[0]} to {SIZE_LIMITS[1]}")
    _colour(data["background"], "background")
    for place, thing in enumerate(data["objects"]):
        _thing(thing, f"objects[{place}]")
    for place, label in enumerate(data.get("labels", [])):
        _label(label, f"labels[{place}]")
    for place, bit in enumerate(data.get("clutter", [])):
        _numbers(bit, ("x", "y", "a", "b", "angle"), f"clutter[{place}]")
        _colour(bit.get("colour"), f"clutter[{place}].colour")
        if bit.get("kind") not in ("dot", "bar"):
            raise ValueError(f"clutter[{place}].kind is dot or bar")
    if "occluder" in data:
        _numbers(data["occluder"], ("x", "y", "w", "h", "angle"), "occluder")
        _colour(data["occluder"].get("colour"), "occluder.colour")
    if "grid" in data:
        _grid(data["grid"])
    if not 0 <= data.get("blur", 0) <= 64 or not 0 <= data.get("light", 1.0) <= 2:
        raise ValueError("blur is 0 to 64 passes and light 0 to 2")
    return cast(Scene, data)


def _numbers(entry: object, keys: tuple[str, ...], where: str) -> None:
    if not isinstance(entry, dict):
        raise ValueError(f"{where} is not an object")
    for key in keys:
        value = entry.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= 3600:
            raise ValueError(f"{where}.{key} is not a number in range")
    if not isinstance(entry.get("angle", 0), int):
        raise ValueError(f"{where}.angle is not a whole number of degrees")


def _colour(value: object, where: str) -> None:
    if isinstance(value, str) and value in COLOURS:
        return
    if not isinstance(value, list) or len(value) != 3 or not all(type(v) is int and 0 <= v <= 255 for v in value):
        raise ValueError(f"{where} is neither a colour of the vocabulary nor [r, g, b] of 0 to 255")


def _thing(thing: object, where: str) -> None:
    _numbers(thing, ("x", "y", "r", "angle"), where)
    entry = cast(dict[str, Any], thing)
    if entry.get("shape") not in SHAPES:
        raise ValueError(f"{where}.shape is none of {', '.join(SHAPES)}")
    _colour(entry.get("colour"), f"{where}.colour")


def _label(label: object, where: str) -> None:
    _numbers(label, ("x", "y", "height", "angle"), where)
    entry = cast(dict[str, Any], label)
    if not isinstance(entry.get("text"), str) or not entry["text"] or set(entry["text"]) - set(LETTERS + DIGITS + " "):
        raise ValueError(f"{where}.text is not made of A to Z and 0 to 9")
    for key in ("colour", "plate"):
        if key in entry or key == "colour":
            _colour(entry.get(key), f"{where}.{key}")


def _grid(grid: object) -> None:
    _numbers(grid, ("rows", "columns", "x", "y", "pitch", "half"), "grid")
    entry = cast(dict[str, Any], grid)
    for key in ("board", "colour"):
        _colour(entry.get(key), f"grid.{key}")
    if "fault" in entry:
        _numbers(entry["fault"], ("row", "column", "contrast"), "grid.fault")
