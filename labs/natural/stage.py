"""A photographer's stage: solids, a floor, a sun and a sky, seen by a camera. Rays are marched along distances (sphere tracing)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from labs.natural.noise import Array, mix
from labs.natural.solids import Vector, length, vector

FAR, STEPS, NEAR = 60.0, 110, 0.0008
Distance = Callable[[Array], Array]
Colour = Callable[[Array, Array], Array]  # (points, normals) -> light (3, N)


@dataclass(frozen=True)
class Solid:
    """`ball` (x, y, z, radius) holds all of it and saves work; `bump` raises its skin for light only; `glow` gives light by itself;
    `clear` is how much of what is behind shows through (a pane, not a lens; it throws no shadow)."""

    distance: Distance
    colour: Array | Colour
    ball: tuple[float, float, float, float] | None = None
    gloss: float = 0.25
    sharp: float = 40.0
    mirror: float = 0.0
    bump: Distance | None = None
    glow: float = 0.0
    clear: float = 0.0
    soft: float = 0.0  # light that comes through the skin (leaves, fruit)


@dataclass(frozen=True)
class Floor:
    height: float
    colour: Array | Colour
    gloss: float = 0.1
    mirror: float = 0.0
    bump: Distance | None = None
    shadowless: bool = False


@dataclass(frozen=True)
class Stage:
    solids: Sequence[Solid]
    sky: Callable[[Array], Array]  # direction (3, N) -> light (3, N)
    floor: Floor | None = None
    sun: Vector = (-0.5, 0.8, 0.45)  # where the light comes from
    sunlight: Array = field(default_factory=lambda: np.array([[1.75], [1.66], [1.5]], np.float32))
    above: Array = field(default_factory=lambda: np.array([[0.42], [0.46], [0.52]], np.float32))
    below: Array = field(default_factory=lambda: np.array([[0.22], [0.2], [0.18]], np.float32))
    shadow: float = 9.0  # large = hard edges
    haze: float = 0.0  # share of the sky that a unit of distance mixes in


@dataclass(frozen=True)
class Camera:
    eye: Vector
    at: Vector
    wide: float = 36.0  # degrees, across
    focus: float = 0.0  # blur of what is far behind the focus, in pixels of the result; 0 = all is sharp


def rays(camera: Camera, side: int) -> tuple[Array, Array]:
    """Start (3, 1) and directions (3, side * side), row by row from the top."""
    eye = vector(camera.eye)
    ahead = vector(camera.at) - eye
    ahead /= length(ahead)
    right = np.cross(ahead[:, 0], [0, 1, 0])[:, None].astype(np.float32)
    right /= length(right)
    up = np.cross(right[:, 0], ahead[:, 0])[:, None].astype(np.float32)
    half = np.tan(np.radians(camera.wide / 2))
    across = ((np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1) * np.float32(half)
    x: Array
    y: Array
    x, y = np.meshgrid(across, -across)
    way = ahead + right * x.reshape(1, -1) + up * y.reshape(1, -1)
    return eye, (way / length(way)).astype(np.float32)


def taken(stage: Stage, camera: Camera, side: int) -> tuple[Array, Array]:
    """The light (side, side, 3) that the camera sees, and how far each pixel is."""
    eye, way = rays(camera, side)
    light, far = _seen(stage, eye, way, 2)
    return light.T.reshape(side, side, 3), far.reshape(side, side)


def _seen(stage: Stage, start: Array, way: Array, mirrors: int) -> tuple[Array, Array]:
    far, what = _hit(stage, start, way)
    light = stage.sky(way)
    things: list[tuple[int, Solid | Floor]] = [*enumerate(stage.solids)]
    if stage.floor:
        things.append((-2, stage.floor))
    for number, solid in things:
        chosen = np.flatnonzero(what == number)
        if len(chosen):
            at = (start if start.shape[1] == 1 else start[:, chosen]) + way[:, chosen] * far[chosen]
            light[:, chosen] = _lit(stage, solid, at, way[:, chosen], mirrors)
    if stage.haze:
        part = 1 - np.exp(-far * np.float32(stage.haze))
        light = np.where(what == -1, light, mix(light, stage.sky(np.stack([way[0], np.abs(way[1]) * 0.2 + 0.02, way[2]])), part))
    return light, far


def nearest(solids: Sequence[Solid], p: Array) -> tuple[Array, Array]:
    """Distance to the nearest solid and its number; far from a solid its ball stands for it."""
    best = np.full(p.shape[1], FAR, np.float32)
    who = np.full(p.shape[1], -1, np.int16)
    for number, solid in enumerate(solids):
        if solid.ball is None:
            found = solid.distance(p)
        else:
            found = length(p - vector(solid.ball[:3])) - np.float32(solid.ball[3])
            close = np.flatnonzero((found < 0.15) & (found < best))
            found = found + np.float32(0.05)
            if len(close):
                found[close] = solid.distance(p[:, close])
        nearer = found < best
        best[nearer], who[nearer] = found[nearer], number
    return best, who


def _hit(stage: Stage, start: Array, way: Array) -> tuple[Array, Array]:
    """How far each ray goes, and what it meets: a solid's number, -2 the floor, -1 nothing."""
    count = way.shape[1]
    far, what, end = np.full(count, FAR, np.float32), np.full(count, -1, np.int16), np.full(count, FAR, np.float32)
    if stage.floor:
        drop = np.where(way[1] < -1e-5, (stage.floor.height - start[1]) / np.minimum(way[1], -1e-5), FAR)
        down = (drop > 0) & (drop < FAR)
        far[down], what[down], end[down] = drop[down], -2, drop[down]
    active, gone = np.arange(count), np.full(count, 0.02, np.float32)
    for _ in range(STEPS):
        if not len(active):
            break
        at = (start if start.shape[1] == 1 else start[:, active]) + way[:, active] * gone[active]
        distance, who = nearest(stage.solids, at)
        met = distance < NEAR + 0.0004 * gone[active]
        far[active[met]], what[active[met]] = gone[active[met]], who[met]
        gone[active] += np.maximum(distance, 0.0005) * 0.92
        active = active[~met & (gone[active] < end[active])]
    return far, what


def _lit(stage: Stage, thing: Solid | Floor, at: Array, way: Array, mirrors: int) -> Array:
    """Light that leaves the points `at` against `way`."""
    normal = _normal(thing, at)
    colour = thing.colour(at, normal) if callable(thing.colour) else np.repeat(thing.colour, at.shape[1], axis=1)
    sun = vector(stage.sun) / np.float32(np.linalg.norm(stage.sun))
    facing = (normal * sun).sum(axis=0)
    open_ = at + normal * 0.01
    shade = np.ones(at.shape[1], np.float32)
    toward = np.flatnonzero(facing > -0.2)
    if not (isinstance(thing, Floor) and thing.shadowless):
        shade[toward] = _shadow(stage, open_[:, toward], sun)
    hollow = _hollow(stage, at, normal)
    soft = thing.soft if isinstance(thing, Solid) else 0.0
    direct = mix(np.maximum(facing, 0), np.clip(facing * 0.5 + 0.5, 0, 1), np.float32(soft)) * shade
    sky = mix(stage.below, stage.above, normal[1] * 0.5 + 0.5) * hollow
    light = colour * (stage.sunlight * direct + sky)
    halfway = sun - way
    halfway = halfway / length(halfway)
    sharp = thing.sharp if isinstance(thing, Solid) else 30.0
    shine = np.maximum((normal * halfway).sum(axis=0), 0) ** np.float32(sharp)
    light = light + stage.sunlight * (shine * shade * np.float32(thing.gloss) * (sharp + 8) / 40)
    if isinstance(thing, Solid) and thing.glow:
        light = mix(light, colour, np.float32(min(1.0, thing.glow))) * np.float32(max(1.0, thing.glow))
    if thing.mirror:
        facing_eye = np.clip(-(normal * way).sum(axis=0), 0, 1)
        part = np.float32(thing.mirror) * (0.15 + 0.85 * (1 - facing_eye) ** 4)
        back = way - 2 * (normal * way).sum(axis=0) * normal
        seen = _seen(stage, open_, back, mirrors - 1)[0] if mirrors > 0 else stage.sky(back)
        light = mix(light, seen, part)
    if isinstance(thing, Solid) and thing.clear and mirrors > 0:
        others = replace(stage, solids=[solid for solid in stage.solids if solid is not thing])
        facing_eye = np.clip(-(normal * way).sum(axis=0), 0, 1)
        bent = way - normal * np.float32(0.12) * facing_eye
        behind = _seen(others, at, bent / length(bent), mirrors - 1)[0]
        light = light * np.float32(0.4) + behind * (0.35 + 0.65 * facing_eye**0.5) * np.float32(thing.clear)
    return light


def _normal(thing: Solid | Floor, at: Array) -> Array:
    bump = thing.bump
    if isinstance(thing, Floor):
        normal = np.zeros_like(at)
        normal[1] = 1
        if bump is not None:
            for axis in (0, 2):
                normal[axis] = -(bump(_moved(at, axis, 0.01)) - bump(_moved(at, axis, -0.01))) / 0.02
    else:
        distance = thing.distance

        def height(p: Array) -> Array:
            return distance(p) - bump(p) if bump is not None else distance(p)

        normal = np.stack([height(_moved(at, axis, 0.002)) - height(_moved(at, axis, -0.002)) for axis in range(3)])
    return (normal / np.maximum(length(normal), 1e-9)).astype(np.float32)


def _moved(at: Array, axis: int, by: float) -> Array:
    made = at.copy()
    made[axis] += np.float32(by)
    return made


def _shadow(stage: Stage, at: Array, sun: Array) -> Array:
    """0 in full shadow, 1 in full light; narrow misses give half shadow."""
    shade, gone = np.ones(at.shape[1], np.float32), np.full(at.shape[1], 0.02, np.float32)
    active, opaque = np.arange(at.shape[1]), [solid for solid in stage.solids if not solid.clear]
    for _ in range(44):
        if not len(active):
            break
        distance, _ = nearest(opaque, at[:, active] + sun * gone[active])
        shade[active] = np.minimum(shade[active], np.clip(0.5 + 0.5 * stage.shadow * distance / gone[active], 0, 1))
        gone[active] += np.clip(distance, 0.015, 0.5)
        active = active[(shade[active] > 0.01) & (gone[active] < 9)]
    return shade * shade * (3 - 2 * shade)


def _hollow(stage: Stage, at: Array, normal: Array) -> Array:
    """How open a place is to the sky: less in corners and under things."""
    closed = np.zeros(at.shape[1], np.float32)
    for n, reach in enumerate((0.02, 0.08, 0.2, 0.42)):
        p = at + normal * np.float32(reach)
        free, _ = nearest(stage.solids, p)
        if stage.floor:
            free = np.minimum(free, p[1] - stage.floor.height)
        closed += np.clip(reach - free, 0, reach) / reach * np.float32(0.55 * 0.75**n)
    return np.clip(1 - closed * 0.62, 0.08, 1)
