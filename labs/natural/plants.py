"""Flowers, a mushroom, a pumpkin, a cactus."""

from __future__ import annotations

import numpy as np

from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.sets import photo, room, sky, speckled, wood
from labs.natural.solids import chain, egg, join, length, rounded, spun, turned, vector
from labs.natural.stage import Camera, Colour, Floor, Solid, Stage


def sunflower(side: int) -> Array:
    """One sunflower against the sky."""

    def petals(ring_: int) -> Solid:
        count, reach, turn, lean = ((21, 1.75, 0.0, 0.0), (21, 1.6, 0.15, 0.09))[ring_]

        def distance(p: Array) -> Array:
            angle = np.arctan2(p[1], p[0]) + turn
            wedge = 2 * np.pi / count
            number = np.round(angle / wedge)
            local = angle - number * wedge
            r = np.hypot(p[0], p[1])
            x, y = r * np.cos(local), r * np.sin(local)
            end = reach * (1 + 0.1 * np.sin(number * 12.9))
            along = np.clip((x - 0.55) / (end - 0.55), 0, 1)
            wide = 0.235 * np.sqrt(np.clip(along * 3, 0, 1)) * (1 - along**2.2)
            height = lean + 0.16 * along - 0.22 * along**2 + 0.6 * y * y + 0.07 * np.sin(number * 7.1) * along
            return np.maximum(np.maximum(np.abs(y) - wide, np.abs(p[2] - height) - 0.012), np.maximum(x - end, 0.5 - x)) * 0.55

        def colour(p: Array, normal: Array) -> Array:
            r = np.hypot(p[0], p[1])
            streaks = smooth(np.stack([np.arctan2(p[1], p[0]) * 55, r * 0.8]), 3)
            return mix(paint(226, 124, 4), paint(252, 204, 14), step(0.5, 1.25, r + 0.15 * streaks)) * (1 + 0.08 * streaks)

        return Solid(distance, colour, (0, 0, 0, 2.0), gloss=0.05, soft=0.45)

    def seeds(p: Array) -> Array:
        return egg(p, (0, 0, 0.02), (0.86, 0.86, 0.24))

    turns = np.arange(900) * 2.39996
    radii = 0.86 * np.sqrt(np.arange(900) / 900)
    spots = np.stack([radii * np.cos(turns), radii * np.sin(turns)]).astype(np.float32)

    def nearest_seed(p: Array) -> Array:
        found = np.full(p.shape[1], 9.0, np.float32)
        for n in range(0, 900, 60):
            some = spots[:, n : n + 60]
            found = np.minimum(found, ((p[0][:, None] - some[0]) ** 2 + (p[1][:, None] - some[1]) ** 2).min(axis=1))
        return np.sqrt(found)

    def brown(p: Array, normal: Array) -> Array:
        r = np.hypot(p[0], p[1])
        light = mix(paint(58, 34, 12), paint(110, 62, 16), step(0.25, 0.6, r))
        light = mix(light, paint(196, 120, 20), step(0.66, 0.84, r) * 0.8)
        light = mix(light, paint(86, 80, 24), step(0.3, 0.1, r) * 0.7)
        return light * (0.35 + 0.95 * step(0.03, 0.008, nearest_seed(p)))

    def stalk(p: Array) -> Array:
        return chain(p, [(0, -0.2, -0.15), (0.06, -1.6, -0.3), (0.0, -4.5, -0.3)], [0.12, 0.11, 0.14])

    def leaf(p: Array) -> Array:
        found = None
        for x, y, turn in ((0.1, -2.1, 24), (-0.1, -2.5, 160)):
            q = spun(p, turn, 2, (x, y, -0.25)) - vector((x + 0.95, y, -0.2))
            wide = 0.5 * np.clip(1 - (q[0] / 0.95) ** 2, 0, 1) * (1 - 0.3 * q[0])
            this = (
                np.maximum(
                    np.maximum(np.abs(q[1]) - wide, np.abs(q[2] + 0.18 * q[0] ** 2 + 0.1 * np.abs(q[1])) - 0.02), np.abs(q[0]) - 0.95
                )
                * 0.5
            )
            found = this if found is None else np.minimum(found, this)
        return found

    green = speckled(paint(56, 104, 26), paint(106, 150, 52), 4, 0.9, 2)
    solids = [
        petals(0), petals(1), Solid(seeds, brown, (0, 0, 0.05, 0.95), gloss=0.05),
        Solid(stalk, green, gloss=0.1), Solid(leaf, green, (0, -2.2, -0.2, 2.3), gloss=0.15, soft=0.4),
    ]  # fmt: skip
    stage = Stage(solids, sky(paint(36, 104, 200), paint(170, 206, 236), 0.5, 4), None, (-0.45, 0.65, 0.8))
    return photo(stage, Camera((-1.1, -0.5, 8.4), (0, -0.55, 0), 33), side)


def rose(side: int) -> Array:
    """A red rose, seen from above at an angle."""
    layers = []
    for n in range(26):
        part = n / 25
        layers.append((n * 2.39996, 0.1 + 0.92 * part**0.9, 1.55 - 0.75 * part**1.3, 0.16 + 0.62 * part, 0.12 + 0.95 * part**1.4))

    def petal(p: Array, turn: float, out: float, top: float, wide: float, lean: float) -> Array:
        cos, sin = np.cos(turn), np.sin(turn)
        x, z = p[0] * cos + p[2] * sin, -p[0] * sin + p[2] * cos
        y = p[1]
        up = np.clip(y / top, 0, 1.2)
        middle = out * (0.35 + 0.65 * up ** (0.7 + lean)) + lean * 0.22 * np.maximum(up - 0.75, 0) * 4 * out
        curve = np.hypot(x, z * 0.9) - middle - 0.02 * np.sin(z * 7 + turn * 3)
        rim = y - top * (1 - 0.4 * (z / max(wide, 0.2)) ** 2) - 0.02 * np.sin(z * 11 + turn)
        return (
            np.maximum(np.maximum(np.abs(curve) - 0.022, rim), np.maximum(np.abs(z) - wide - 0.25, np.maximum(-x - 0.02, -y + 0.05))) * 0.5
        )

    def flower(p: Array) -> Array:
        found = np.full(p.shape[1], 9.0, np.float32)
        for layer in layers:
            found = np.minimum(found, petal(p, *layer))
        return found

    def red(p: Array, normal: Array) -> Array:
        r = length(p - vector((0, 0.6, 0)))
        veins = smooth(np.stack([np.arctan2(p[2], p[0]) * 16, p[1] * 3]), 3)
        return mix(paint(120, 0, 14), paint(212, 16, 40), step(0.2, 1.1, r)) * (1 + 0.1 * veins)

    def leaves(p: Array) -> Array:
        found = np.full(p.shape[1], 9.0, np.float32)
        for turn in (25, 150, 270):
            q = spun(p, turn, 1) - vector((1.55, 0.12, 0))
            saw = 0.02 * np.abs(np.sin(q[0] * 26))
            wide = 0.46 * np.clip(1 - (q[0] / 0.85) ** 2, 0, 1) + saw
            bent = q[1] + 0.25 * q[0] ** 2 - 0.22 * np.abs(q[2])
            found = np.minimum(found, np.maximum(np.maximum(np.abs(q[2]) - wide, np.abs(bent) - 0.015), np.abs(q[0]) - 0.85) * 0.5)
        return join(found, chain(p, [(0, 0.3, 0), (0.1, -1.2, 0.1), (0.3, -3, 0.2)], [0.12, 0.09, 0.1]))

    solids = [
        Solid(flower, red, (0, 0.75, 0, 1.6), gloss=0.12, sharp=14, soft=0.35),
        Solid(leaves, speckled(paint(24, 62, 22), paint(60, 110, 46), 4, 0.9), (0, -0.3, 0, 3.2), gloss=0.25, soft=0.2),
    ]

    def garden(way: Array) -> Array:
        return mix(paint(20, 46, 18), paint(110, 140, 70), np.clip(0.42 + 0.75 * layered(way * 4.5, 3, 6), 0, 1))

    stage = Stage(solids, garden, None, (-0.4, 0.9, 0.5))
    return photo(stage, Camera((0.2, 3.9, 4.2), (0.05, 0.62, 0), 34), side)


def mushroom(side: int) -> Array:
    """A fly agaric: red cap, white spots."""
    cap_profile = rounded([(0, 2.45), (0.45, 2.38), (0.95, 2.1), (1.28, 1.65), (1.32, 1.5), (1.22, 1.5), (0.6, 1.62), (0.2, 1.6), (0, 1.6)])
    stalk = [(0, 0), (0.42, 0), (0.46, 0.2), (0.34, 0.42), (0.27, 0.9), (0.24, 1.62), (0, 1.62)]
    skirt = [(0.24, 1.3), (0.5, 1.02), (0.53, 1.03), (0.3, 1.36)]
    random = np.random.Generator(np.random.PCG64(12))
    spots: list[tuple[Array, float]] = []
    while len(spots) < 34:
        v = random.normal(size=3)
        v /= np.linalg.norm(v)
        if v[1] > 0.02 and all(np.linalg.norm(v - w) > 0.34 for w, _ in spots):
            spots.append((v, random.uniform(0.08, 0.17)))

    def dots(p: Array) -> Array:
        q = (p - vector((0, 1.45, 0))) / vector((1.32, 1.0, 1.32))
        q = q / np.maximum(length(q), 1e-6)
        found = np.full(p.shape[1], -9.0, np.float32)
        for v, r in spots:
            found = np.maximum(found, r - length(q - vector(v)))
        return found + 0.02 * smooth(p * 14, 3)

    def red(p: Array, normal: Array) -> Array:
        below = step(-0.2, -0.5, normal[1]) * (p[1] < 1.68)
        gills = paint(236, 226, 204) * (0.75 + 0.25 * np.sin(np.arctan2(p[2], p[0]) * 70))
        cap = mix(paint(168, 12, 8), paint(214, 40, 14), np.clip(0.5 + layered(p * 2, 3, 5), 0, 1))
        return mix(mix(cap, paint(244, 238, 224), step(-0.01, 0.015, dots(p))), gills, below)

    solids = [
        Solid(lambda p: turned(p, cap_profile) - 0.05, red, (0, 1.9, 0, 1.55), gloss=0.5, sharp=40, mirror=0.1,
              bump=lambda p: 0.04 * step(-0.01, 0.04, dots(p))),
        Solid(lambda p: join(turned(p, stalk), turned(p, skirt), 0.05) - 0.02, speckled(paint(236, 228, 208), paint(196, 180, 150), 5, 0.6),
              (0, 0.85, 0, 1.1), gloss=0.05, bump=lambda p: 0.02 * smooth(np.stack([p[0] * 12, p[1] * 2, p[2] * 12]), 4)),
    ]  # fmt: skip

    def moss(p: Array) -> Array:
        return 0.09 * layered(p[[0, 2]] * 5, 4, 2)

    def wood_behind(way: Array) -> Array:
        trunks = step(0.25, 0.6, smooth(np.stack([way[0] * 9, way[1] * 0.5]), 4))
        green = mix(paint(36, 60, 26), paint(150, 176, 96), np.clip(0.4 + 0.8 * layered(way * 5, 3, 6) + 0.6 * way[1], 0, 1))
        return mix(green, paint(40, 32, 24), trunks * 0.6)

    floor = Floor(0.0, speckled_ground(paint(50, 84, 24), paint(116, 104, 52), 4), 0.0, bump=moss)
    stage = Stage(solids, wood_behind, floor, (-0.5, 0.8, 0.5))
    return photo(stage, Camera((0.3, 1.7, 6.6), (0, 1.25, 0), 32, 5.0), side)


def speckled_ground(colour: Array, other: Array, seed: int) -> Colour:
    """Moss and leaves."""

    def made(p: Array, normal: Array) -> Array:
        part = np.clip(0.45 + layered(p[[0, 2]] * 2.2, 5, seed) + 0.5 * layered(p[[0, 2]] * 18, 2, seed + 1), 0, 1)
        return mix(colour, other, part)

    return made


def pumpkin(side: int) -> Array:
    """Orange and ribbed, with its stem."""

    def body(p: Array) -> Array:
        angle = np.arctan2(p[2], p[0])
        rib = np.abs(np.cos(angle * 6.0)) ** 0.55
        r, y = np.hypot(p[0], p[2]), p[1] - 0.88
        grow = 1.0 + 0.09 * rib
        return (np.hypot(np.maximum(r / grow - 0.5, -0.5) * 1.0, y * 0.98) - 0.86) * 0.7

    def skin(p: Array, normal: Array) -> Array:
        angle = np.arctan2(p[2], p[0])
        rib = np.abs(np.cos(angle * 6.0))
        light = mix(paint(168, 68, 4), paint(238, 126, 16), np.clip(rib**0.7 + 0.25 * layered(p * 3, 4, 3), 0, 1))
        return mix(light, paint(150, 120, 40), step(0.42, 0.15, np.hypot(p[0], p[2])) * 0.7)

    def stem(p: Array) -> Array:
        twist = np.arctan2(p[2], p[0]) * 5
        return chain(p, [(0, 1.55, 0), (0.02, 2.0, 0), (0.22, 2.4, 0.05)], [0.26, 0.15, 0.19], 0.1) + 0.012 * np.sin(twist)

    solids = [
        Solid(body, skin, (0, 1.0, 0, 1.62), gloss=0.3, sharp=24, mirror=0.08, bump=lambda p: 0.012 * layered(p * 8, 3, 2)),
        Solid(stem, speckled(paint(96, 100, 50), paint(150, 138, 84), 7, 0.9), (0.1, 1.95, 0, 0.85), gloss=0.1),
    ]
    stage = Stage(
        solids, room(paint(84, 72, 64)), Floor(0.0, wood(paint(150, 116, 84), paint(86, 60, 40), 0, 0.9, 6), 0.1, 0.08), (-0.6, 0.75, 0.5)
    )
    return photo(stage, Camera((0.4, 2.6, 6.4), (0, 1.05, 0), 36, 3.0), side)


def cactus(side: int) -> Array:
    """A saguaro in the desert."""
    arms: list[tuple[list[tuple[float, float, float]], list[float]]] = [
        ([(0, -0.5, 0), (0, 5.2, 0)], [0.62, 0.55]),
        ([(0.0, 1.9, 0), (1.35, 2.15, 0.1), (1.5, 3.9, 0.1)], [0.34, 0.4, 0.36]),
        ([(0.0, 2.6, 0), (-1.2, 2.8, 0.1), (-1.32, 4.4, 0.1)], [0.3, 0.36, 0.32]),
    ]

    def body(p: Array) -> Array:
        found = np.full(p.shape[1], 9.0, np.float32)
        for points, radii in arms:
            this = chain(p, points, radii, 0.3)
            x = points[-1][0]
            rib = np.cos(np.arctan2(p[2] - points[-1][2], p[0] - x) * 13)
            this = this - 0.035 * rib * step(1.2, 2.4, p[1] + (x == 0) * 3)
            found = join(found, this, 0.15)
        return found * 0.75

    def green(p: Array, normal: Array) -> Array:
        light = mix(paint(66, 96, 44), paint(120, 146, 80), np.clip(0.5 + layered(p * 2.5, 4, 2), 0, 1))
        spines = step(0.55, 0.75, smooth(p * np.float32(16), 4))
        return mix(light, paint(210, 200, 160), spines * 0.5)

    def sand(p: Array, normal: Array) -> Array:
        light = mix(paint(184, 128, 82), paint(214, 164, 112), np.clip(0.5 + layered(p[[0, 2]] * 0.9, 5, 3), 0, 1))
        bush = step(0.3, 0.5, layered(p[[0, 2]] * 0.8, 4, 8)) * step(-3, -6, p[2])
        return mix(light, paint(104, 108, 62), bush * 0.8)

    def mesa(way: Array) -> Array:
        ridge = (
            0.05
            + 0.06 * step(-0.1, 0.25, smooth(np.stack([way[0] * 4.5, way[2] * 0 + 3]), 5))
            + 0.006 * smooth(np.stack([way[0] * 40, way[2] * 0]), 6)
        )
        rock = mix(paint(150, 84, 56), paint(196, 132, 98), np.clip(0.5 + 0.5 * smooth(np.stack([way[0] * 8, way[1] * 90]), 7), 0, 1))
        return np.where((way[1] < ridge) & (way[1] > -0.2), mix(rock, paint(190, 190, 210), 0.3), heaven(way))

    heaven = sky(paint(30, 100, 200), paint(196, 216, 232), 0.25, 11)

    def stone(x: float, y: float, z: float, r: float) -> Solid:
        skin = speckled(paint(150, 104, 70), paint(110, 76, 54), 3, 0.9)
        return Solid(lambda p: egg(p, (x, y, z), (r * 1.3, r, r)), skin, (x, y, z, r * 1.5))

    stones = [stone(2.6, 0.1, 1.2, 0.4), stone(3.3, 0.1, 0.6, 0.25), stone(-2.4, 0.05, 1.6, 0.3)]
    solids = [Solid(body, green, (0, 2.7, 0, 3.7), gloss=0.1, sharp=15), *stones]
    floor = Floor(0.0, sand, 0.0, bump=lambda p: 0.06 * layered(p[[0, 2]] * 2.5, 4, 5))
    stage = Stage(solids, mesa, floor, (-0.6, 0.6, 0.55))
    return photo(stage, Camera((0.4, 2.0, 12.5), (0.1, 2.75, 0), 34), side)
