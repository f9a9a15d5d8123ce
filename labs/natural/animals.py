"""Animals: a butterfly, a goldfish, a ladybird, a bird, a penguin, a cat, a dog and a rubber duck."""

from __future__ import annotations

import numpy as np

from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.sets import cloth, photo, room, speckled
from labs.natural.solids import ball, chain, egg, join, length, outline, rod, spun, vector
from labs.natural.stage import Camera, Floor, Solid, Stage


def duck(side: int) -> Array:
    """A yellow rubber duck."""

    def body(p: Array) -> Array:
        q = spun(p, -32)
        found = join(egg(q, (0, 0.72, 0), (1.2, 0.75, 0.9)), ball(q, (0.62, 1.75, 0), 0.68), 0.35)
        tail = rod(q, (-0.8, 0.95, 0), (-1.35, 1.45, 0), 0.35, 0.08)
        wings = join(egg(q, (-0.25, 0.95, 0.82), (0.62, 0.4, 0.22)), egg(q, (-0.25, 0.95, -0.82), (0.62, 0.4, 0.22)))
        return join(join(found, tail, 0.3), wings, 0.12)

    def beak(p: Array) -> Array:
        q = spun(p, -32)
        return join(egg(q, (1.3, 1.68, 0), (0.36, 0.1, 0.3)), egg(q, (1.28, 1.56, 0), (0.28, 0.08, 0.24)), 0.04)

    def eye(p: Array) -> Array:
        q = spun(p, -32)
        return join(ball(q, (1.05, 1.98, 0.42), 0.14), ball(q, (1.05, 1.98, -0.42), 0.14))

    def look(p: Array, normal: Array) -> Array:
        q = spun(p, -32)
        q[2] = np.abs(q[2])
        white = length(q - vector((1.14, 2.04, 0.53))) < 0.07
        return np.where(white, paint(250, 250, 250), paint(12, 12, 14))

    solids = [
        Solid(body, paint(248, 190, 8), (0, 1.1, 0, 1.9), gloss=0.45, sharp=45, mirror=0.18),
        Solid(beak, paint(232, 88, 14), (1.1, 1.65, 0.6, 0.75), gloss=0.4, sharp=40, mirror=0.1),
        Solid(eye, look, (0.85, 2.0, 0.55, 0.75), gloss=0.8, sharp=120),
    ]
    tiles = cloth(paint(150, 196, 206))

    def tiled(p: Array, normal: Array) -> Array:
        seam = 0.5 - np.maximum(np.abs((p[0] / 1.3) % 1 - 0.5), np.abs((p[2] / 1.3) % 1 - 0.5))
        return mix(paint(226, 228, 226), tiles(p, normal), step(0.012, 0.03, seam))

    stage = Stage(solids, room(paint(140, 176, 190)), Floor(0.0, tiled, 0.2, 0.25), (-0.5, 0.8, 0.6))
    return photo(stage, Camera((0.2, 2.2, 6.4), (0.05, 1.1, 0), 34, 3.0), side)


def ladybird(side: int) -> Array:
    """On a leaf."""
    places = [(-0.35, 0.5), (-0.95, 0.45), (-0.5, 1.0), (0.25, 0.62), (0.75, 0.3), (-0.15, 0.02), (-1.15, 0.0)]

    def shell(p: Array) -> Array:
        return np.maximum(egg(p, (-0.2, 0.3, 0), (1.3, 1.0, 1.1)), 0.22 - p[1])

    def red(p: Array, normal: Array) -> Array:
        z = np.abs(p[2])
        spots = np.full(p.shape[1], 9.0, np.float32)
        for x, w in places:
            spots = np.minimum(spots, np.hypot(p[0] - x + 0.0, z - w) - 0.19)
        line = step(0.03, 0.015, z)
        return mix(paint(206, 22, 8), paint(14, 12, 12), np.maximum(step(0.02, -0.02, spots), line))

    def head(p: Array) -> Array:
        found = join(egg(p, (0.98, 0.42, 0), (0.45, 0.42, 0.66)), egg(p, (1.36, 0.34, 0), (0.26, 0.26, 0.36)), 0.05)
        for z in (-1, 1):
            found = join(found, chain(p, [(1.5, 0.45, 0.16 * z), (1.8, 0.62, 0.36 * z), (1.95, 0.6, 0.5 * z)], [0.035, 0.03, 0.05]))
            for x in (0.6, -0.15, -0.85):
                found = join(found, chain(p, [(x, 0.3, 0.8 * z), (x + 0.1, 0.34, 1.25 * z), (x + 0.15, 0.05, 1.5 * z)], [0.08, 0.06, 0.05]))
        return found

    def black(p: Array, normal: Array) -> Array:
        cheek = np.hypot(p[0] - 1.02, np.abs(p[2]) - 0.45) < 0.17
        eye = np.hypot(p[0] - 1.45, np.abs(p[2]) - 0.24) < 0.07
        return np.where((cheek | eye) & (p[1] > 0.36), paint(236, 230, 214), paint(16, 14, 14))

    def leaf(p: Array, normal: Array) -> Array:
        q = spun(p, -18)
        rib = step(0.05, 0.02, np.abs(q[2] + 0.25))
        side_ = np.abs((q[0] * 0.8 + np.abs(q[2] + 0.25) * 0.9) % 1 - 0.5)
        veins = step(0.05, 0.02, side_)
        light = mix(paint(48, 110, 22), paint(96, 160, 46), np.clip(0.5 + layered(p[[0, 2]] * 1.4, 4, 3), 0, 1))
        return mix(light, paint(150, 196, 90), np.clip(rib + 0.6 * veins, 0, 1) * 0.7)

    solids = [
        Solid(lambda p: shell(spun(p, 32)), lambda p, n: red(spun(p, 32), n), (-0.2, 0.5, 0, 1.5), gloss=0.6, sharp=70, mirror=0.25),
        Solid(lambda p: head(spun(p, 32)), lambda p, n: black(spun(p, 32), n), (0.2, 0.4, 0, 2.3), gloss=0.5, sharp=50, mirror=0.1),
    ]
    stage = Stage(
        solids, room(paint(70, 110, 60)), Floor(0.0, leaf, 0.12, 0.0, lambda p: 0.03 * layered(p[[0, 2]] * 3, 3, 2)), (-0.5, 0.85, 0.4)
    )
    return photo(stage, Camera((0.9, 3.4, 5.0), (0.15, 0.3, 0.1), 38, 2.0), side)


def butterfly(side: int) -> Array:
    """A monarch with open wings on a flower."""
    fore = [(0.06, 0.25), (0.5, 0.95), (1.25, 1.62), (1.75, 1.72), (1.86, 1.5), (1.62, 0.95), (1.42, 0.5), (1.0, 0.15), (0.1, 0.02)]
    hind = [(0.08, 0.06), (0.95, 0.12), (1.36, -0.1), (1.42, -0.55), (1.15, -0.98), (0.72, -1.12), (0.38, -0.85), (0.12, -0.25)]

    def flat(p: Array) -> tuple[Array, Array, Array]:
        x, y = np.abs(p[0]), p[1]
        return x, y, np.minimum(outline(x, y, fore), outline(x, y, hind)) - 0.04

    def wings(p: Array) -> Array:
        x, y, edge = flat(p)
        lift = 0.32 * x - 0.06 * x * x + 0.03 * smooth(np.stack([x * 3, y * 3]), 2)
        return np.maximum(edge, np.abs(p[2] - lift) - 0.012) * 0.7

    def scales(p: Array, normal: Array) -> Array:
        x, y, edge = flat(p)
        upper = outline(x, y, fore) < outline(x, y, hind)
        angle = np.where(upper, np.arctan2(y + 0.1, x), np.arctan2(y - 0.3, x))
        r = np.hypot(x, y)
        vein = np.abs((angle * np.where(upper, 5.2, 3.6)) % 1 - 0.5) > 0.455
        cell = (np.abs(r - 0.72 + 0.1 * np.sin(angle * 3)) < 0.025) | (vein & (r > 0.6))
        orange = mix(paint(226, 96, 8), paint(248, 158, 36), np.clip(0.5 + layered(np.stack([x * 3, y * 3]), 3, 4) + 0.3 * (1 - r), 0, 1))
        border = np.where(upper & (x + y > 1.9), 0.42, 0.16)
        black = (edge > -border) | cell
        place = np.stack([np.round(angle * 14) * 3.3, np.round(edge * 14) * 5.1])
        inside = np.maximum(np.abs((angle * 14) % 1 - 0.5), np.abs((edge * 14) % 1 - 0.5)) < 0.3
        dots = (smooth(place, 6) > -0.2) & inside & (edge > -0.15) & (edge < -0.01)
        light = np.where(black, paint(20, 14, 12), orange)
        return np.where(dots, paint(246, 240, 226), light)

    def body(p: Array) -> Array:
        found = chain(p, [(0, 0.5, 0.06), (0, 0.22, 0.06), (0, -0.2, 0.05), (0, -0.85, 0.0)], [0.1, 0.13, 0.1, 0.05], 0.06)
        for x in (-1, 1):
            found = join(found, chain(p, [(0.03 * x, 0.58, 0.08), (0.22 * x, 0.9, 0.2), (0.34 * x, 1.14, 0.26)], [0.018, 0.014, 0.035]))
        return found

    def petals(p: Array) -> Array:
        q = p - vector((0.1, -0.35, -0.65))
        angle = np.arctan2(q[1], q[0])
        local = np.abs(((angle / (2 * np.pi) * 16) % 1) - 0.5) * (2 * np.pi / 16)
        r = np.hypot(q[0], q[1])
        across = r * (np.pi / 16 - local) * -1 + r * np.pi / 16
        wide = 0.34 * np.clip(1 - (r / 1.75) ** 6, 0, 1) * np.clip(r * 1.5, 0, 1)
        return np.maximum(np.maximum(np.abs(across) - wide, r - 1.75), np.abs(q[2] + 0.12 * r * r - 0.3 * across * across) - 0.02) * 0.5

    tilt = -14.0
    solids = [
        Solid(lambda p: wings(spun(p, tilt, 0)), lambda p, n: scales(spun(p, tilt, 0), n), (0, 0, 0.3, 2.7), gloss=0.05, soft=0.4),
        Solid(lambda p: body(spun(p, tilt, 0)), paint(26, 20, 18), (0, 0, 0.1, 1.4), gloss=0.1),
        Solid(
            lambda p: petals(spun(p, tilt, 0)), speckled(paint(190, 90, 170), paint(226, 150, 206), 3, 0.8), (0, -0.4, -0.6, 2.1), soft=0.4
        ),
        Solid(
            lambda p: egg(spun(p, tilt, 0), (0.1, -0.35, -0.6), (0.5, 0.5, 0.3)),
            speckled(paint(236, 180, 30), paint(150, 90, 10), 14, 1.0),
            (0.1, -0.5, -0.3, 0.8),
        ),
    ]

    def garden(way: Array) -> Array:
        light = mix(paint(40, 84, 26), paint(160, 190, 90), np.clip(0.45 + 0.8 * layered(way * 4, 3, 9), 0, 1))
        return mix(light, paint(214, 130, 190), step(0.35, 0.6, smooth(way * 6.5, 3)) * 0.7)

    stage = Stage(solids, garden, None, (-0.3, 0.9, 0.6))
    return photo(stage, Camera((0.4, 1.4, 7.0), (0, 0.15, 0.1), 38), side)


def goldfish(side: int) -> Array:
    """In blue-green water with a few bubbles."""

    def body(p: Array) -> Array:
        q = p.copy()
        q[2] += 0.12 * np.sin(p[0] * 1.4)
        trunk = egg(q, (0.1, 0, 0), (1.25, 0.68, 0.42))
        return join(trunk, rod(q, (-0.6, 0.02, 0), (-1.35, 0.04, 0), 0.34, 0.14), 0.35)

    def fins(p: Array) -> Array:
        q = p.copy()
        q[2] += 0.12 * np.sin(p[0] * 1.4)
        tail = [
            (-1.2, 0.12),
            (-1.7, 0.62),
            (-2.35, 0.98),
            (-2.25, 0.5),
            (-2.05, 0.06),
            (-2.3, -0.4),
            (-2.4, -0.86),
            (-1.7, -0.5),
            (-1.2, -0.1),
        ]
        back = [(0.55, 0.55), (0.25, 1.12), (-0.2, 1.2), (-0.75, 0.85), (-0.9, 0.42), (0, 0.4)]
        belly = [(-0.2, -0.5), (-0.55, -1.02), (-0.95, -0.9), (-0.75, -0.4)]
        chest = [(0.6, -0.45), (0.25, -1.05), (-0.05, -1.0), (0.2, -0.4)]
        sheet = np.full(p.shape[1], 9.0, np.float32)
        for corners in (tail, back, belly, chest):
            sheet = np.minimum(sheet, outline(q[0], q[1], corners))
        wave = 0.08 * np.sin(q[0] * 4 + q[1] * 3) * step(-0.8, -1.6, q[0])
        return np.maximum(sheet - 0.03, np.abs(q[2] - wave) - 0.025) * 0.8

    def scales(p: Array, normal: Array) -> Array:
        x, y = p[0] * 7.5, p[1] * 7.5
        row = np.floor(y)
        cell = np.hypot((x + 0.5 * (row % 2)) % 1 - 0.15, (y % 1) - 0.5)
        light = mix(paint(236, 104, 4), paint(190, 40, 2), step(0.35, 0.75, cell) * step(0.85, 0.6, p[0]))
        light = mix(light, paint(240, 180, 100), step(-0.2, -0.6, p[1]) * 0.75)
        gill = step(0.05, 0.02, np.abs(np.hypot(p[0] - 1.0, p[1]) - 0.5)) * (p[0] < 0.9) * (np.abs(p[1]) < 0.42)
        return mix(light, paint(150, 40, 6), gill * 0.8)

    def rays(p: Array, normal: Array) -> Array:
        angle = np.arctan2(p[1] - 0.04, p[0] + np.where(p[0] < -1.1, 0.9, 0.1))
        return mix(paint(226, 80, 6), paint(244, 140, 50), 0.5 + 0.5 * np.sin(angle * 60))

    bubbles = [(1.75, 0.35, 0.3, 0.1), (1.9, 0.75, 0.2, 0.07), (1.7, 1.1, 0.3, 0.12), (1.95, 1.5, 0.1, 0.08)]

    def bubble(x: float, y: float, z: float, r: float) -> Solid:
        round_ = (x, y, z, r * 1.1)
        return Solid(lambda p: ball(p, (x, y, z), r), paint(30, 60, 64), round_, gloss=1.2, sharp=60, mirror=0.7, clear=0.9)

    def water(way: Array) -> Array:
        light = mix(paint(4, 50, 70), paint(70, 176, 190), np.clip(0.42 + way[1] * 1.5, 0, 1))
        shafts = np.clip(smooth(np.stack([way[0] * 9 + way[1] * 5, way[1] * 0.6]), 4), 0, 1) * np.clip(0.4 + way[1] * 2, 0, 1)
        return light + paint(120, 200, 200) * 0.35 * shafts

    def gravel(p: Array, normal: Array) -> Array:
        tone = np.clip(0.5 + 0.6 * smooth(p[[0, 2]] * 7, 3) + 0.4 * smooth(p[[0, 2]] * 15, 4), 0, 1)
        return mix(paint(90, 80, 60), paint(190, 176, 140), tone) * paint(200, 240, 236)

    def weeds(p: Array) -> Array:
        found = np.full(p.shape[1], 9.0, np.float32)
        for x, z, h in ((-2.0, -1.6, 3.2), (-1.5, -1.9, 2.6), (1.9, -1.7, 2.4), (2.3, -1.5, 3.3), (-2.5, -1.3, 2.4)):
            q = p - vector((x, -1.7, z))
            bent = q[0] - 0.15 * np.sin(q[1] * 2.2 + x * 3)
            wide = 0.16 * np.clip(1 - (q[1] / h) ** 2, 0, 1)
            found = np.minimum(
                found, np.maximum(np.maximum(np.abs(bent) - wide, np.abs(q[2] - 0.1 * np.sin(q[1] * 1.7)) - 0.03), q[1] - h) * 0.6
            )
        return found

    solids = [
        Solid(body, scales, (0, 0, 0, 1.75), gloss=0.5, sharp=30, mirror=0.1),
        Solid(fins, rays, (-0.6, 0, 0, 2.1), gloss=0.2, soft=0.6),
        Solid(lambda p: ball(p, (1.0, 0.14, 0.22), 0.13), paint(226, 180, 90), (1.0, 0.14, 0.22, 0.15), gloss=0.6),
        Solid(lambda p: ball(p, (1.04, 0.15, 0.29), 0.085), paint(8, 8, 10), (1.04, 0.15, 0.29, 0.1), gloss=0.9, sharp=90),
        Solid(weeds, speckled(paint(30, 90, 40), paint(80, 140, 50), 3, 0.8), gloss=0.1, soft=0.4),
        *(bubble(*place) for place in bubbles),
    ]
    floor = Floor(-1.7, gravel, 0.0, bump=lambda p: 0.06 * smooth(p[[0, 2]] * 7, 3))
    stage = Stage(solids, water, floor, (-0.2, 0.95, 0.35), below=paint(90, 140, 140), haze=0.03)
    return photo(stage, Camera((0.2, 0.35, 6.6), (-0.25, 0.02, 0), 38), side)
