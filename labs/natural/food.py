"""Food on a table."""

from __future__ import annotations

import numpy as np

from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.sets import cloth, photo, room, speckled, wood
from labs.natural.solids import ball, chain, drum, egg, join, length, ring, rod, rounded, spun, turned, vector
from labs.natural.stage import Camera, Floor, Solid, Stage

OAK = wood(paint(196, 146, 92), paint(120, 76, 40))
DARK = wood(paint(120, 80, 52), paint(58, 36, 24))


def apple(side: int) -> Array:
    """Red, with a stem and a leaf."""

    def flesh(p: Array) -> Array:
        angle = np.arctan2(p[2], p[0])
        across, up = np.hypot(p[0], p[2]), p[1] - 0.8
        bend = across - 0.36 - 0.06 * up - 0.02 * np.cos(5 * angle) * (up < 0)
        return (np.hypot(bend, up * 0.8) - 0.64) * 0.8

    def skin(p: Array, normal: Array) -> Array:
        angle = np.arctan2(p[2], p[0])
        streaks = layered(np.stack([angle * 9, p[1] * 1.2, np.zeros_like(angle)]), 4, 3)
        red = mix(paint(150, 10, 16), paint(212, 44, 30), np.clip(0.5 + streaks, 0, 1))
        green = step(0.2, 0.75, 0.25 + 0.55 * smooth(p * 1.1 + 4, 8) + 0.28 * normal[0] + 0.25 * (p[1] - 1) + 0.3 * streaks)
        dots = step(0.5, 0.72, layered(p * 15, 2, 5))
        top = step(0.36, 0.12, np.hypot(p[0], p[2])) * (p[1] > 1)
        return mix(mix(mix(red, paint(222, 178, 70), green * 0.8), paint(238, 200, 130), dots * 0.5), paint(120, 120, 40), top * 0.7)

    def leaf(p: Array) -> Array:
        q = spun(spun(p, 24, 2, (0.1, 1.68, 0)), -30, 1, (0.1, 1.68, 0)) - vector((0.42, 1.68, 0))
        wide = 0.17 * np.clip(1 - (q[0] / 0.36) ** 2, 0, 1)
        return (
            np.maximum(np.abs(q[1] - 0.35 * q[2] ** 2 - 0.15 * q[0] ** 2) - 0.012, np.maximum(np.abs(q[2]) - wide, np.abs(q[0]) - 0.36))
            * 0.6
        )

    solids = [
        Solid(flesh, skin, (0, 0.8, 0, 1.12), gloss=0.5, sharp=50, mirror=0.25),
        Solid(
            lambda p: chain(p, [(0, 1.1, 0), (0.03, 1.5, 0), (0.13, 1.82, 0.02)], [0.035, 0.03, 0.045]),
            paint(82, 56, 30),
            (0.05, 1.45, 0, 0.5),
        ),
        Solid(leaf, speckled(paint(60, 112, 34), paint(110, 150, 50), 5, 0.7), (0.4, 1.8, 0, 0.5), soft=0.4),
    ]
    stage = Stage(solids, room(paint(150, 140, 128)), Floor(0.0, OAK, 0.12, 0.15), (-0.6, 0.8, 0.5))
    return photo(stage, Camera((0.3, 2.0, 5.2), (0.05, 0.9, 0), 32, 3.0), side)


def banana(side: int) -> Array:
    """One ripe banana, lying."""
    angles = np.radians(np.linspace(200, 342, 13))
    middle = [(1.55 * np.cos(a), 0.34, 1.55 * np.sin(a) * -1 - 0.75) for a in angles]
    radii = [0.1, 0.17, 0.25, 0.3, 0.33, 0.345, 0.35, 0.345, 0.33, 0.3, 0.24, 0.15, 0.075]
    points = [(x, 0.36 + 0.12 * abs(n - 6) / 6, z) for n, (x, _, z) in enumerate(middle)]

    def fruit(p: Array) -> Array:
        body = chain(p, points, radii, 0.1)
        around = np.arctan2(p[1] - 0.36, np.hypot(p[0], p[2] + 0.75) - 1.55)
        return (body + 0.018 * (1 - np.abs(np.cos(around * 2.5)) ** 0.7)) * 0.8

    def peel(p: Array, normal: Array) -> Array:
        yellow = mix(paint(238, 196, 40), paint(250, 222, 96), np.clip(0.5 + layered(p * 2, 4, 2), 0, 1))
        freckles = step(0.52, 0.7, smooth(p * np.float32(9) + 3, 4)) * 0.75 + step(0.6, 0.7, smooth(p * 24, 6)) * 0.5
        ends = np.maximum(step(-1.32, -1.48, p[0]), step(1.32, 1.46, p[0]))
        green = step(-0.85, -1.35, p[0]) * 0.5 + step(0.9, 1.4, p[0]) * 0.35
        skin = mix(mix(yellow, paint(150, 170, 50), green), paint(92, 60, 24), np.clip(freckles, 0, 1) * 0.85)
        return mix(skin, paint(58, 42, 24), ends)

    stem = [points[0], (points[0][0] - 0.12, 0.56, points[0][2] + 0.2), (points[0][0] - 0.16, 0.66, points[0][2] + 0.42)]
    solids = [
        Solid(fruit, peel, (0, 0.4, 0.2, 2.0), gloss=0.2, sharp=25),
        Solid(
            lambda p: chain(p, stem, [0.11, 0.075, 0.085]), speckled(paint(150, 140, 50), paint(90, 70, 30), 6, 0.8), (-1.6, 0.5, 0.1, 0.7)
        ),
    ]
    stage = Stage(solids, room(paint(120, 140, 150)), Floor(0.0, cloth(paint(206, 214, 216)), 0.05), (-0.4, 0.9, 0.35))
    return photo(stage, Camera((0.2, 3.6, 4.2), (-0.02, 0.25, 0.12), 40, 2.0), side)


def orange(side: int) -> Array:
    """A whole orange and half of one, cut open."""

    def peel(p: Array, normal: Array) -> Array:
        return mix(paint(232, 120, 10), paint(248, 156, 36), np.clip(0.5 + layered(p * 2.2, 4, 2), 0, 1))

    def pores(p: Array) -> Array:
        return 0.012 * smooth(p * 20, 7) + 0.006 * smooth(p * 34, 8)

    face = np.array([-0.25, 0.42, 0.87], np.float32)
    face /= np.linalg.norm(face)
    middle = vector((1.05, 0.72, 0.75))

    def half(p: Array) -> Array:
        return np.maximum(length(p - middle) - 0.86, ((p - middle) * face[:, None]).sum(axis=0) - 0.02)

    right = np.cross([0, 1, 0], face).astype(np.float32)
    right /= np.linalg.norm(right)
    up = np.cross(face, right).astype(np.float32)

    def inside(p: Array, normal: Array) -> Array:
        q = p - middle
        u, v, out = ((q * axis[:, None]).sum(axis=0) for axis in (right, up, face))
        r, angle = np.hypot(u, v), np.arctan2(v, u) / (2 * np.pi) * 10
        part = np.abs(angle - np.floor(angle) - 0.5)
        wall = np.maximum(step(0.43, 0.485, part + 0.02 / np.maximum(r, 0.05)), step(0.1, 0.06, r))
        cells = layered(np.stack([r * 4, angle * 5, np.zeros_like(r)]), 3, 4)
        flesh = mix(paint(176, 84, 0), paint(206, 118, 4), np.clip(0.45 + 0.8 * cells, 0, 1))
        flesh = mix(flesh, paint(214, 164, 70), wall)
        flesh = mix(flesh, paint(220, 182, 100), step(0.735, 0.76, r))
        flesh = mix(flesh, paint(240, 140, 20), step(0.82, 0.835, r))
        return np.where(out > -0.02, flesh, peel(p, normal))

    def skin(p: Array) -> Array:
        navel = np.hypot(p[0] + 0.75, p[2] + 0.1)
        return ball(p, (-0.75, 1.0, -0.1), 1.0) + 0.05 * np.exp(-(navel**2) * 60) * (p[1] > 1)

    solids = [
        Solid(skin, peel, (-0.75, 1, -0.1, 1.06), gloss=0.35, sharp=18, bump=pores),
        Solid(half, inside, (1.05, 0.72, 0.75, 0.9), gloss=0.25, sharp=25, soft=0.3),
        Solid(lambda p: egg(p, (-0.75, 1.94, -0.1), (0.09, 0.05, 0.09)), paint(90, 110, 50), (-0.75, 1.94, -0.1, 0.12)),
    ]
    stage = Stage(solids, room(paint(110, 120, 112)), Floor(0.0, DARK, 0.15, 0.2), (-0.5, 0.8, 0.6))
    return photo(stage, Camera((0.2, 2.5, 6.0), (0.12, 0.78, 0.2), 36, 3.0), side)


def cup(side: int) -> Array:
    """A white coffee cup on its saucer."""
    china = paint(232, 230, 224)
    wall = [
        (0.0, 0.12),
        (0.5, 0.12),
        (0.56, 0.2),
        (0.78, 0.55),
        (0.92, 1.2),
        (0.95, 1.42),
        (0.88, 1.42),
        (0.84, 1.2),
        (0.7, 0.6),
        (0.5, 0.28),
        (0, 0.26),
    ]
    wall = rounded(wall)
    plate = [(0, 0.03), (0.7, 0.03), (0.8, 0.08), (1.35, 0.2), (1.55, 0.3), (1.52, 0.35), (1.3, 0.26), (0.8, 0.14), (0.6, 0.12), (0, 0.12)]

    def handle(p: Array) -> Array:
        q = p - vector((1.02, 0.82, 0))
        loop = np.hypot(np.hypot(q[0] * 1.05, q[1]) - 0.36, q[2] * 0.75) - 0.075
        return np.maximum(loop, 0.78 - np.hypot(p[0], p[2]))

    def coffee(p: Array, normal: Array) -> Array:
        r = np.hypot(p[0], p[2])
        swirl = layered(np.stack([p[0] * 4, p[2] * 4]), 4, 6)
        foam = step(0.62, 0.76, r + 0.1 * swirl)
        return mix(paint(44, 22, 10), paint(176, 116, 62), foam * 0.9)

    solids = [
        Solid(lambda p: join(turned(p, wall) - 0.015, handle(p), 0.1), china, (0.2, 0.8, 0, 1.4), gloss=0.5, sharp=70, mirror=0.3),
        Solid(lambda p: turned(p, plate) - 0.012, china, (0, 0.2, 0, 1.62), gloss=0.5, sharp=60, mirror=0.3),
        Solid(lambda p: drum(p, (0, 1.2, 0), 0.845, 0.02), coffee, (0, 1.2, 0, 0.87), gloss=0.4, sharp=90, mirror=0.35),
        Solid(lambda p: join(rod(p, (-0.7, 0.36, 1.15), (0.75, 0.32, 1.2), 0.04), egg(p, (0.95, 0.3, 1.2), (0.28, 0.05, 0.16)), 0.06),
              paint(170, 170, 172), (0.2, 0.33, 1.2, 1.2), gloss=1.2, sharp=60, mirror=0.8),
    ]  # fmt: skip
    stage = Stage(solids, room(paint(140, 122, 104)), Floor(0.0, OAK, 0.15, 0.15), (-0.65, 0.75, 0.35))
    return photo(stage, Camera((0.9, 2.9, 4.8), (0.12, 0.55, 0.1), 40, 3.0), side)


def doughnut(side: int) -> Array:
    """Pink icing and coloured sprinkles."""
    random = np.random.Generator(np.random.PCG64(5))
    colours = [paint(*c) for c in ((250, 230, 60), (40, 130, 240), (255, 255, 255), (60, 190, 80), (250, 110, 20), (140, 60, 200))]
    bits = []
    for _ in range(120):
        a, over, turn = random.uniform(0, 2 * np.pi), random.uniform(0.5, 2.8), random.uniform(0, np.pi)
        r = 1.05 + 0.6 * np.cos(over)
        middle = np.array([np.cos(a) * r, 0.54 + 0.6 * np.sin(over), np.sin(a) * r])
        along = np.array([-np.sin(a), 0, np.cos(a)]) * np.cos(turn)
        up = np.array([-np.sin(over) * np.cos(a), np.cos(over), -np.sin(over) * np.sin(a)]) * np.sin(turn)
        bits.append((middle - 0.08 * (along + up), middle + 0.08 * (along + up)))

    def sprinkle(p: Array) -> tuple[Array, Array]:
        best, who = np.full(p.shape[1], 9.0, np.float32), np.zeros(p.shape[1], int)
        for number, (a, b) in enumerate(bits):
            found = rod(p, a, b, 0.034)
            who, best = np.where(found < best, number, who), np.minimum(found, best)
        return best, who

    def edge(p: Array) -> Array:
        angle = np.arctan2(p[2], p[0])
        return 0.52 + 0.08 * np.sin(angle * 5 + 1) + 0.05 * np.sin(angle * 9)

    def body(p: Array) -> Array:
        return join(np.maximum(ring(p, (0, 0.54, 0), 1.05, 0.6), edge(p) - p[1]), ring(p, (0, 0.54, 0), 1.05, 0.55), 0.03) * 0.9

    dough = speckled(paint(214, 150, 78), paint(168, 98, 42), 4, 0.9)

    def skin(p: Array, normal: Array) -> Array:
        out = np.hypot(np.hypot(p[0], p[2]) - 1.05, p[1] - 0.54)
        iced = (out > 0.565) & (p[1] > edge(p) - 0.04)
        light = np.where(iced, paint(232, 96, 150), dough(p, normal))
        found, who = sprinkle(p)
        return np.where((found < 0.02) & iced, np.stack(colours)[who % 6, :, 0].T, light)

    def bump(p: Array) -> Array:
        return 0.03 * step(0.05, 0.0, sprinkle(p)[0])

    solids = [Solid(body, skin, (0, 0.54, 0, 1.72), gloss=0.35, sharp=40, mirror=0.12, bump=bump)]
    stage = Stage(solids, room(paint(150, 170, 180)), Floor(0.0, cloth(paint(206, 214, 216)), 0.1, 0.05), (-0.5, 0.85, 0.4))
    return photo(stage, Camera((0, 3.4, 5.0), (0, 0.35, 0.05), 42, 2.0), side)
