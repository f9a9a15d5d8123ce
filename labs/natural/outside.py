"""Things out of doors: a ball, a traffic light, a beach umbrella."""

from __future__ import annotations

import numpy as np

from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.sets import grass, photo, sky
from labs.natural.solids import (
    ball,
    block,
    drum,
    join,
    length,
    spun,
    vector,
)
from labs.natural.stage import Camera, Floor, Solid, Stage


def soccer_ball(side: int) -> Array:
    """Black and white, on grass."""
    golden = (1 + 5**0.5) / 2
    twelve = np.array([v for s in (1, -1) for t in (golden, -golden) for v in ((0, s, t), (s, t, 0), (t, 0, s))], np.float32)
    twelve /= np.linalg.norm(twelve[0])
    cos, sin = np.cos(0.45), np.sin(0.45)
    twelve = (
        twelve
        @ np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]], np.float32)
        @ np.array([[1, 0, 0], [0, np.cos(0.5), -np.sin(0.5)], [0, np.sin(0.5), np.cos(0.5)]], np.float32)
    )
    twenty = np.array([a + b + c for n, a in enumerate(twelve) for m, b in enumerate(twelve[:n]) for c in twelve[:m]
                       if min(a @ b, b @ c, a @ c) > 0.4], np.float32)  # fmt: skip
    twenty /= np.linalg.norm(twenty, axis=1, keepdims=True)

    def faces(p: Array) -> tuple[Array, Array]:
        q = p - vector((0, 1, 0))
        q = q / length(q)
        black = np.sort(twelve @ q, axis=0)[-2:]
        white = np.sort(twenty @ q, axis=0)[-2:]
        pentagon = black[1] * 1.0 - white[1] * 1.0267  # planes of equal height, so that the seams are straight
        seam = np.minimum(np.abs(pentagon), np.where(pentagon < 0, white[1] - white[0], 9))
        return pentagon, seam

    def skin(p: Array, normal: Array) -> Array:
        pentagon, seam = faces(p)
        worn = 1 - 0.12 * np.clip(layered(p * 5, 4, 3), 0, 1)
        return mix(paint(236, 236, 232), paint(20, 20, 24), step(-0.006, 0.006, pentagon)) * worn * (0.35 + 0.65 * step(0.003, 0.016, seam))

    solids = [Solid(lambda p: ball(p, (0, 1, 0), 1), skin, (0, 1, 0, 1.02), gloss=0.3, sharp=25,
                    bump=lambda p: 0.02 * step(0.0, 0.04, faces(p)[1]))]  # fmt: skip

    def blades(p: Array) -> Array:
        return 0.05 * layered(np.stack([p[0] * 14, p[2] * 7]), 3, 2)

    stage = Stage(solids, sky(paint(90, 150, 220), paint(214, 228, 240), 0.3, 2), Floor(0.0, grass(3), 0.0, bump=blades), (-0.6, 0.8, 0.3))
    return photo(stage, Camera((0, 1.9, 5.6), (0, 0.98, 0), 32, 4.0), side)


def traffic_light(side: int) -> Array:
    """Three lamps above each other; red is lit."""

    def case(p: Array) -> Array:
        found = block(p, (0, 3.0, 0), (0.52, 1.5, 0.3), 0.12)
        for y in (4.0, 3.0, 2.0):
            hood = np.maximum(np.abs(np.hypot(p[0], p[1] - y) - 0.42) - 0.025, np.abs(p[2] - 0.5) - 0.3)
            found = join(found, np.maximum(hood, y - 0.12 - p[1]))
        return found

    def lens(y: float, colour: Array, glow: float) -> Solid:
        def glass(p: Array, normal: Array) -> Array:
            r = np.hypot(p[0], p[1] - y)
            web = 0.85 + 0.15 * np.sin(p[0] * 60) * np.sin(p[1] * 60)
            return colour * web * (mix(1.25, 0.7, r / 0.4) if glow else 0.6)

        return Solid(lambda p: np.maximum(ball(p, (0, y, -0.45), 0.88), np.hypot(p[0], p[1] - y) - 0.38), glass,
                     (0, y, 0.3, 0.6), gloss=0.5, sharp=70, glow=glow)  # fmt: skip

    solids = [
        Solid(case, paint(34, 38, 38), (0, 3, 0.2, 1.85), gloss=0.3),
        lens(4.0, paint(255, 40, 24), 2.4), lens(3.0, paint(150, 104, 10), 0.0), lens(2.0, paint(10, 96, 52), 0.0),
        Solid(lambda p: drum(p, (0, 0, -0.1), 0.14, 1.6), paint(90, 94, 96), (0, 0, 0, 1.8)),
    ]  # fmt: skip
    clouds = sky(paint(96, 130, 176), paint(206, 214, 224), 0.75, 5)

    def street(way: Array) -> Array:
        houses = way[1] < 0.10 + 0.10 * np.floor(2.2 * (1 + smooth(np.stack([np.floor(way[0] * 9), way[2] * 0]), 5))) / 2.2
        window = (np.abs((way[0] * 22) % 1 - 0.5) < 0.24) & (np.abs((way[1] * 18) % 1 - 0.5) < 0.3)
        wall = mix(paint(150, 120, 100), paint(110, 112, 120), lattice_tone(way))
        return np.where(houses & (way[2] < 0), np.where(window, paint(70, 80, 94), wall), clouds(way))

    def lattice_tone(way: Array) -> Array:
        return 0.5 + 0.5 * np.sin(np.floor(way[0] * 9) * 12.9)

    def seen(way: Array) -> Array:  # out of focus behind the lamp: an average over a small disc
        total = 0.0
        for n in range(12):
            a, r = n * 2.4, 0.03 * ((n + 0.5) / 12) ** 0.5
            total = total + street(way + vector((r * np.cos(a), r * np.sin(a), 0)))
        return total / 12

    stage = Stage(solids, seen, None, (-0.5, 0.6, 0.7))
    return photo(stage, Camera((1.5, 2.3, 7.6), (0, 2.85, 0), 34), side)


def umbrella(side: int) -> Array:
    """Open, with red and white panels, on a beach."""
    tilt = -16.0

    def canopy(p: Array) -> Array:
        q = spun(p, tilt, 2, (0, 0, 0)) - vector((0, 3.1, 0))
        angle = np.arctan2(q[2], q[0])
        part = np.abs(((angle / (2 * np.pi) * 8) % 1) - 0.5) * 2
        r = np.hypot(q[0], q[2])
        bell = 1.25 - 0.30 * r**2 * (1 + 0.06 * (1 - part**2)) - 0.05 * r
        rim = r - 1.85 + 0.1 * (1 - part**2)
        return np.maximum(np.abs(q[1] - bell + 0.35) - 0.02, rim) * 0.55

    def panels(p: Array, normal: Array) -> Array:
        q = spun(p, tilt, 2, (0, 0, 0))
        place = np.arctan2(q[2], q[0]) / (2 * np.pi) * 8
        light = np.where(np.floor(place + 0.0).astype(int) % 2 == 0, paint(206, 30, 34), paint(238, 234, 226))
        return light * (0.8 + 0.2 * step(0.0, 0.05, np.abs(place - np.round(place))))

    def pole(p: Array) -> Array:
        q = spun(p, tilt, 2, (0, 0, 0))
        return join(drum(q, (0, 1.9, 0), 0.055, 2.2), ball(q, (0, 4.05, 0), 0.09))

    def sand(p: Array, normal: Array) -> Array:
        light = mix(paint(214, 186, 138), paint(236, 214, 170), np.clip(0.5 + layered(p[[0, 2]] * 1.2, 5, 2), 0, 1))
        sea = step(-9.0, -9.6, p[2] + 0.4 * smooth(p[[0, 2]] * 0.5, 3))
        waves = mix(paint(20, 110, 140), paint(60, 160, 176), np.clip(0.5 + 0.6 * layered(np.stack([p[0] * 0.4, p[2] * 1.5]), 4, 5), 0, 1))
        foam = step(0.5, 0.0, np.abs(p[2] + 9.5 + 0.5 * smooth(p[[0, 2]] * 0.5, 3))) * 0.9
        return mix(mix(light, waves, sea), paint(240, 244, 244), foam)

    solids = [
        Solid(canopy, panels, (0.9, 3.6, 0, 2.5), gloss=0.1, soft=0.35),
        Solid(pole, paint(226, 226, 220), (0.4, 2.0, 0, 2.5), gloss=0.4),
        Solid(lambda p: block(p, (1.3, 0.05, 0.5), (0.5, 0.04, 1.1), 0.03), towel, (1.3, 0.05, 0.5, 1.3)),
    ]
    floor = Floor(0.0, sand, 0.0, bump=lambda p: 0.05 * layered(p[[0, 2]] * 3, 4, 7) * step(-9, -8, p[2]))
    stage = Stage(solids, sky(paint(40, 120, 210), paint(190, 220, 240), 0.4, 8), floor, (-0.35, 0.85, 0.5))
    return photo(stage, Camera((0.4, 1.9, 8.0), (0.45, 2.15, 0), 38), side)


def towel(p: Array, normal: Array) -> Array:
    return np.where(np.sin(p[2] * 9) > 0, paint(40, 110, 170), paint(240, 240, 230))
