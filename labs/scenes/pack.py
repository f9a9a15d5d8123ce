"""Many scenes' marks as flat arrays for the torch renderer; no torch here."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from labs.scenes.drawing import BOX, CROSS, TEXT, UNIT, Mark, lit, marks
from labs.scenes.scene import Scene

SOFT = 192  # an edge is spread over this much (1/256 pixel) beyond its figure
WINDOWS = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)  # sides, in pixels, of what is painted at once
FIELDS = 12  # numbers a mark: scene, left and top of its window, x, y, a, b, cosine, sine, red, green, blue

Key = tuple[int, int, int, int]  # (level, kind, window width, window height)


@dataclass
class Batch:
    """Marks that are painted in one go: same level, kind and window size, no two of which touch in one scene."""

    numbers: array[int] = field(default_factory=lambda: array("i"))
    texts: list[str] = field(default_factory=list)


@dataclass
class Pack:
    """Scenes ready to be painted: `size` pixels a side, the backgrounds (three bytes a scene), groups by level, passes of blur."""

    size: int
    backgrounds: bytearray
    groups: dict[Key, Batch]
    blurs: list[int]


def pack(scenes: Sequence[Scene]) -> Pack:
    """Raises ValueError where the scenes are not all of one size, or there are none."""
    if not scenes:
        raise ValueError("no scene to pack")
    size = scenes[0]["size"]
    done = Pack(size, bytearray(), {}, [])
    for number, scene in enumerate(scenes):
        if scene["size"] != size:
            raise ValueError(f"scene {number} has {scene['size']} pixels a side, the first has {size}")
        done.backgrounds += bytes(lit(scene["background"], scene.get("light", 1.0)))
        done.blurs.append(scene.get("blur", 0))
        boxes: list[tuple[int, int, int, int, int]] = []
        for mark in marks(scene):
            _add(done, number, mark, boxes)
    return done


def reach(mark: Mark) -> tuple[int, int]:
    """How far a mark extends from its centre, sideways and up or down (1/256 pixel)."""
    kind, _, _, a, b, cos, sin, _, _ = mark
    if kind in (BOX, TEXT):
        cos, sin = abs(cos), abs(sin)
        return ((a * cos + b * sin) >> 14) + 1, ((a * sin + b * cos) >> 14) + 1
    longest = a + b // 3 if kind == CROSS else max(a, b)
    return longest, longest


def _add(done: Pack, number: int, mark: Mark, boxes: list[tuple[int, int, int, int, int]]) -> None:
    kind, x, y, a, b, cos, sin, colour, text = mark
    across, down = reach(mark)
    left, top, right, bottom = x - across - SOFT, y - down - SOFT, x + across + SOFT, y + down + SOFT
    level = 0
    for l, t, r, b_, other in boxes:  # noqa: E741
        if other >= level and l < right and left < r and t < bottom and top < b_:
            level = other + 1
    boxes.append((left, top, right, bottom, level))
    first_x, first_y = left // UNIT, top // UNIT
    width, height = _window(right // UNIT + 1 - first_x, done.size), _window(bottom // UNIT + 1 - first_y, done.size)
    if kind not in (BOX, TEXT):
        width = height = max(width, height)  # fewer groups: each costs more than its pixels
    key = (level, kind, width, height)
    group = done.groups.get(key)
    if group is None:
        group = done.groups[key] = Batch()
    first_x, first_y = min(max(first_x, 0), done.size - width), min(max(first_y, 0), done.size - height)
    group.numbers.extend((number, first_x, first_y, x, y, a, b, cos, sin, *colour))
    if kind == TEXT:
        group.texts.append(text)


def _window(pixels: int, size: int) -> int:
    if pixels >= size:
        return size
    return min(size, next(side for side in WINDOWS if side >= pixels))
