"""The clips of a run, drawn from its seed without torch: for the eye, for the table of metrics, for the half-life."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from random import Random

from labs.scenes.clips import Clip, clip, shown
from labs.scenes.scene import Scene
from labs.scenes.vocabulary import COLOURS

VERSION = 1
SIDE, FRAMES = 32, 24
LONG = 32  # frames of the clips whose half-life is read
WEAK = {"flicker": 0.5, "lighting": 0.5}  # dials at which a reader of colour and shape can still read
APART = 70  # steps in RGB that keep an object visible on its ground
EYE_EVERY, EYE_SHOWN = 3, 8
SLOWEST = 0.04  # of the way a frame: any slower, and hardly a clip of that length breaks in time
LABELLED = ("vanish", "identity", "lighting", "wobble")
LABEL_FRAMES = 16
NAMES = {
    "good": "good motion",
    "frozen": "frozen",
    "identity": "identity drift",
    "vanish": "vanishes, returns",
    "flicker": "flicker",
    "teleport": "teleport",
    "shuffled": "shuffled frames",
    "wobble": "geometry wobble",
    "lighting": "lighting drift",
}


def rng(seed: int, *parts: object) -> Random:
    """A generator of its own for each part of an instance."""
    return Random("/".join(str(part) for part in ("video-drift", VERSION, seed, *parts)))


@lru_cache(maxsize=128)
def of_kind(seed: int, kind: str, number: int, size: int = SIDE) -> Clip:
    """Clip `number` of a kind. Clips of one number show the same object on the same way, whatever their kind."""
    return clip(rng(seed, "reel", number, _readable(seed, number)), kind, frames=FRAMES, size=size, dial=WEAK.get(kind, 1.0))


def good(seed: int, number: int, size: int = SIDE) -> Clip:
    """One of the good clips that the spread of a metric is taken from."""
    return clip(rng(seed, "spread", number), "good", frames=FRAMES, size=size)


def drifting(seed: int, number: int, drift: float, size: int = SIDE) -> Clip:
    """A long clip whose object turns into another one, at this speed."""
    for attempt in range(100):
        made = clip(rng(seed, "long", number, attempt), "identity", frames=LONG, size=size, drift=drift)
        if visible(made.frames):
            break
    return made


@lru_cache(maxsize=256)
def _readable(seed: int, number: int) -> int:
    """The first draw whose object stays visible while it drifts, and has changed well before the end."""
    attempt = 0
    while True:
        made = clip(rng(seed, "reel", number, attempt), "identity", frames=FRAMES)
        if made.truth["breaks"] is not None and made.truth["breaks"] <= FRAMES * 2 // 3 and visible(made.frames):
            return attempt
        attempt += 1


def visible(frames: Sequence[Scene], apart: int = APART) -> bool:
    """Whether every object stands out from its ground, by so many steps in RGB."""
    for scene in frames:
        for entry in scene["objects"]:
            colour = paint(entry["colour"])
            if sum((a - b) ** 2 for a, b in zip(colour, scene["background"], strict=True)) < apart**2:
                return False
    return True


def paint(colour: str | list[int]) -> Sequence[int]:
    """A colour as [r, g, b]."""
    return COLOURS[colour] if isinstance(colour, str) else colour


@lru_cache(maxsize=64)
def eye(seed: int, level: int, number: int = 0) -> tuple[tuple[Scene, ...], int, str]:
    """The clip that is marked by eye: the scenes that are shown, the place (from 0) of the first one with another name or shape, and
    what changed there: colour, shape, or both. Later numbers and levels drift more slowly."""
    attempt = 0
    while True:
        random = rng(seed, "eye", level, number, attempt)
        made = clip(random, "identity", frames=FRAMES, size=SIDE, drift=eye_drift(seed, level, number))
        scenes = made.frames[::EYE_EVERY]
        kept = (made.truth["colour"], made.truth["shape"])
        names = [shown(scene["objects"][0]) for scene in scenes]
        place = next((n for n, name in enumerate(names) if name != kept), None)
        if place is not None and 3 <= place <= EYE_SHOWN - 2 and visible(scenes):
            colour, shape = (one != other for one, other in zip(names[place], kept, strict=True))
            return scenes, place, "both" if colour and shape else "colour" if colour else "shape"
        attempt += 1


def eye_drift(seed: int, level: int, number: int) -> float:
    """How much of the way to another identity goes by in a frame of the eye's clip: the dial of task 1."""
    fast = 0.055 + 0.025 * rng(seed, "speed", level).random()
    return round(max(SLOWEST, fast * 0.85 ** (level - 1 + number)), 4)


def begins(scenes: Sequence[Scene]) -> int:
    """The place of the first shown frame whose object is not what it was, however little it changed."""
    first = scenes[0]["objects"][0]
    kept = (list(paint(first["colour"])), first["shape"])
    return next(n for n, scene in enumerate(scenes) if (list(paint(scene["objects"][0]["colour"])), scene["objects"][0]["shape"]) != kept)


def labelled(seed: int, level: int) -> dict[str, tuple[Scene, ...]]:
    """Four clips, each with one defect, by kind: every second frame of sixteen."""
    return {kind: one_labelled(seed, level, kind) for kind in LABELLED}


@lru_cache(maxsize=64)
def one_labelled(seed: int, level: int, kind: str) -> tuple[Scene, ...]:
    """One of them: the first draw that lets its defect be seen."""
    attempt = 0
    while True:
        made = clip(rng(seed, "label", level, kind, attempt), kind, frames=LABEL_FRAMES, drift=0.1, dial=1.0 if level == 1 else 0.7)
        if visible(made.frames) and tells(kind, made):
            return made.frames[::2]
        attempt += 1


def tells(kind: str, made: Clip) -> bool:
    """Whether the frames that are shown let the defect be seen."""
    half = made.frames[::2]
    if kind == "vanish":
        return sum(not scene["objects"] for scene in half) >= 2 and bool(half[-1]["objects"])
    if kind == "identity":
        return shown(half[-1]["objects"][0]) == tuple(made.truth["to"])
    if kind == "wobble":
        radii = [scene["objects"][0]["r"] for scene in half]
        return made.truth["shape"] not in ("circle", "star") and max(radii) > 1.25 * min(radii)
    return True


def words(scene: Scene) -> str:
    """A frame in words, as exactly as pixels would say it: shape, colour and size of the object, and the ground."""
    light = scene.get("light", 1.0)
    ground = _lit(scene["background"], light)
    if not scene["objects"]:
        return f"nothing on {ground}"
    entry = scene["objects"][0]
    turned = f", turned {entry['angle']}°" if entry["angle"] else ""
    return f"{entry['shape']} {_lit(paint(entry['colour']), light)} on {ground}, radius {entry['r'] * scene['size']:.1f}{turned}"


def told(scenes: Sequence[Scene]) -> str:
    """A clip in words: its first frame whole, of each further one what is other than in the frame before (but for the place)."""
    found = [f"1 {words(scenes[0])}"]
    for number, (before, scene) in enumerate(pairwise(scenes), start=2):
        both = bool(before["objects"] and scene["objects"])
        new = "" if words(before) == words(scene) else _changed(before, scene) if both else words(scene)
        found.append(f"{number} {new or 'the same'}")
    return "; ".join(found)


def _changed(before: Scene, scene: Scene) -> str:
    """What differs between two frames that both show the object."""
    a, b = before["objects"][0], scene["objects"][0]
    light = before.get("light", 1.0), scene.get("light", 1.0)
    parts = [b["shape"]] if a["shape"] != b["shape"] else []
    if (colour := _lit(paint(b["colour"]), light[1])) != _lit(paint(a["colour"]), light[0]):
        parts.append(colour)
    if light[0] != light[1]:
        parts.append(f"on {_lit(scene['background'], light[1])}")
    parts += [f"radius {b['r'] * scene['size']:.1f}"] if a["r"] != b["r"] else []
    return ", ".join(parts + ([f"turned {b['angle']}°"] if a["angle"] != b["angle"] else []))


def _lit(colour: Sequence[int], light: float) -> str:
    return "(" + ", ".join(str(round(part * light)) for part in colour) + ")"
