"""Clips: one object moving evenly between the walls, as it should or with one known defect. Torch-free, drawn by `random.Random`.

Frames count from 0; speeds are shares of the picture's side a frame.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from random import Random
from typing import Any

from labs.scenes.place import COLOUR_NAMES, background, combinations, distance, thing
from labs.scenes.scene import EXTENT, Scene, Thing, short
from labs.scenes.vocabulary import COLOURS, SHAPES

KINDS = ("good", "frozen", "identity", "vanish", "flicker", "teleport", "shuffled", "wobble", "lighting")


@dataclass(frozen=True)
class Clip:
    """Frames in order and what is known of them. truth always holds kind, colour and shape (of frame 0) and `bad`, the frames at which
    the defect shows; further keys by kind, see `clip`."""

    frames: tuple[Scene, ...]
    truth: dict[str, Any]


def clip(
    rng: Random, kind: str = "good", *, frames: int = 24, size: int = 32, speed: float | None = None, drift: float = 0.06,
    dial: float = 1.0, split: str = "seen",
) -> Clip:  # fmt: skip
    """A clip of this kind (KINDS). drift: how much of the way to another identity goes by in a frame; dial: how strong the other
    defects are, 1 as in the labs. Extra truth: identity `breaks` (first frame that shows another colour name or shape), `to`;
    vanish `gone` [first, after the last]; teleport `jumps`; shuffled `order` (of the original frames); lighting and flicker `lights`.
    """
    if kind not in KINDS:
        raise ValueError(f"a clip is none of {', '.join(KINDS)}")
    if frames < 8:
        raise ValueError("a clip has at least 8 frames")
    colour, shape = rng.choice(combinations(split))
    made, truth = _moving(rng, colour, shape, frames, size, speed), {"kind": kind, "colour": colour, "shape": shape, "bad": []}
    change = _CHANGES.get(kind)
    if change is not None:
        made = change(rng, made, truth, drift if kind == "identity" else dial)
    return Clip(tuple(made), truth)


def path(rng: Random, frames: int, r: float, speed: float | None = None) -> list[tuple[float, float]]:
    """Even motion in a drawn direction, thrown back by the walls."""
    low, high = r * EXTENT, 1 - r * EXTENT
    pace = speed if speed is not None else 0.025 + 0.02 * rng.random()
    dx, dy = 2 * rng.random() - 1, 2 * rng.random() - 1
    length = distance(dx, dy) or 1.0
    dx, dy = pace * dx / length, pace * dy / length
    x, y = low + (high - low) * rng.random(), low + (high - low) * rng.random()
    places = []
    for _ in range(frames):
        places.append((x, y))
        x, dx = _step(x, dx, low, high)
        y, dy = _step(y, dy, low, high)
    return places


def _step(at: float, by: float, low: float, high: float) -> tuple[float, float]:
    at += by
    if at < low:
        return 2 * low - at, -by
    if at > high:
        return 2 * high - at, -by
    return at, by


def _moving(rng: Random, colour: str, shape: str, frames: int, size: int, speed: float | None) -> list[Scene]:
    ground, r = background(rng), 0.2 + 0.06 * rng.random()
    first = thing(rng, shape, colour, 0, 0, r)
    places = path(rng, frames, r, speed)
    return [{"size": size, "background": list(ground), "objects": [{**first, "x": short(x), "y": short(y)}]} for x, y in places]


def shown(entry: Thing) -> tuple[str, str]:
    """The (colour, shape) that an object shows: the colour's name is that of the nearest colour of the vocabulary in RGB."""
    paint = entry["colour"]
    if isinstance(paint, str):
        return paint, entry["shape"]
    far = {name: sum((a - b) ** 2 for a, b in zip(paint, other, strict=True)) for name, other in COLOURS.items()}
    return min(far, key=far.__getitem__), entry["shape"]


def _frozen(rng: Random, made: list[Scene], truth: dict[str, Any], dial: float) -> list[Scene]:
    truth["bad"] = list(range(1, len(made)))
    return [copy.deepcopy(made[0]) for _ in made]


def _identity(rng: Random, made: list[Scene], truth: dict[str, Any], drift: float) -> list[Scene]:
    """From a drawn frame on the colour goes evenly to another one; at a drawn part of the way the shape changes too."""
    start, turn = rng.randint(2, len(made) // 3), 0.35 + 0.4 * rng.random()
    colour = rng.choice([c for c in COLOUR_NAMES if c != truth["colour"]])
    shape = rng.choice([s for s in SHAPES if s != truth["shape"]])
    old, new = COLOURS[truth["colour"]], COLOURS[colour]
    for number, scene in enumerate(made):
        part = min(1.0, max(0.0, (number - start) * drift))
        [entry] = scene["objects"]
        entry["colour"] = [round(a + (b - a) * part) for a, b in zip(old, new, strict=True)]
        if part >= turn:
            entry["shape"] = shape
    kept = (truth["colour"], truth["shape"])
    truth["bad"] = [number for number, scene in enumerate(made) if shown(scene["objects"][0]) != kept]
    truth.update(breaks=truth["bad"][0] if truth["bad"] else None, to=[colour, shape], start=start)
    return made


def _vanish(rng: Random, made: list[Scene], truth: dict[str, Any], dial: float) -> list[Scene]:
    """Away for a third of the clip (at dial 1), back where it would have been."""
    length = max(1, round(len(made) / 3 * dial))
    begin = rng.randint(2, max(2, len(made) - length - 2))
    end = min(begin + length, len(made) - 1)
    for scene in made[begin:end]:
        scene["objects"] = []
    truth.update(bad=list(range(begin, end)), gone=[begin, end])
    return made


def _flicker(rng: Random, made: list[Scene], truth: dict[str, Any], dial: float) -> list[Scene]:
    """The light changes from every frame to the next."""
    lights = [short(1 - 0.45 * dial * (number % 2) * (0.7 + 0.3 * rng.random())) for number in range(len(made))]
    return _light(made, truth, lights)


def _lighting(rng: Random, made: list[Scene], truth: dict[str, Any], dial: float) -> list[Scene]:
    """It slowly grows darker: by 0.6 of the light at the end, at dial 1."""
    return _light(made, truth, [short(1 - 0.6 * dial * number / (len(made) - 1)) for number in range(len(made))])


def _light(made: list[Scene], truth: dict[str, Any], lights: list[float]) -> list[Scene]:
    for scene, light in zip(made, lights, strict=True):
        scene["light"] = max(0.0, light)
    truth.update(bad=[number for number, light in enumerate(lights) if light != 1], lights=lights)
    return made


def _teleport(rng: Random, made: list[Scene], truth: dict[str, Any], dial: float) -> list[Scene]:
    """At three frames (dial 1) the object is suddenly elsewhere, and moves on from there as evenly as before."""
    jumps = sorted(rng.sample(range(3, len(made) - 1), max(1, round(3 * dial))))
    r = made[0]["objects"][0]["r"]
    places = [(scene["objects"][0]["x"], scene["objects"][0]["y"]) for scene in made]
    for begin, end in zip(jumps, [*jumps[1:], len(made)], strict=True):
        old = places[begin - 1]
        while True:
            new = path(rng, end - begin, r)
            if distance(new[0][0] - old[0], new[0][1] - old[1]) > 0.25:
                break
        places[begin:end] = new
    for scene, (x, y) in zip(made, places, strict=True):
        scene["objects"][0]["x"], scene["objects"][0]["y"] = short(x), short(y)
    truth.update(bad=list(jumps), jumps=list(jumps))
    return made


def _shuffled(rng: Random, made: list[Scene], truth: dict[str, Any], dial: float) -> list[Scene]:
    order = list(range(len(made)))
    while sum(a == b for a, b in enumerate(order)) > len(order) // 4:
        rng.shuffle(order)
    truth.update(bad=[number for number, source in enumerate(order) if number != source], order=order)
    return [made[source] for source in order]


def _wobble(rng: Random, made: list[Scene], truth: dict[str, Any], dial: float) -> list[Scene]:
    """Size and angle tremble from frame to frame."""
    for scene in made[1:]:
        [entry] = scene["objects"]
        entry["r"] = short(entry["r"] * (1 + 0.3 * dial * (rng.random() - 0.7)))
        entry["angle"] += round(70 * dial * (rng.random() - 0.5))
    truth["bad"] = list(range(1, len(made)))
    return made


_CHANGES = {
    "frozen": _frozen,
    "identity": _identity,
    "vanish": _vanish,
    "flicker": _flicker,
    "teleport": _teleport,
    "shuffled": _shuffled,
    "wobble": _wobble,
    "lighting": _lighting,
}
