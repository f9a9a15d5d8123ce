"""A car, a bicycle and a steam train."""

from __future__ import annotations

import numpy as np

from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.sets import bricks, cloth, grass, mortar, photo, room, sky
from labs.natural.solids import (
    Vector,
    ball,
    block,
    chain,
    cut_out,
    drum,
    egg,
    join,
    outline,
    ring,
    rod,
    turned,
    without,
)
from labs.natural.stage import Camera, Floor, Solid, Stage

RUBBER, CHROME = paint(24, 24, 26), paint(150, 154, 160)
SMOKE = (-0.33, 0.13)  # where the chimney is seen: across and up, at distance 1


def asphalt(p: Array, normal: Array) -> Array:
    tone = 1 + 0.25 * layered(p[[0, 2]] * 12, 3, 3) + 0.12 * layered(p[[0, 2]] * 0.7, 3, 4)
    return paint(104, 104, 108) * tone


def car(side: int) -> Array:
    """A red car from the side."""
    profile = [
        (-2.35, 0.42),
        (-2.42, 0.75),
        (-2.36, 1.02),
        (-1.75, 1.14),
        (-1.3, 1.2),
        (-0.72, 1.68),
        (-0.1, 1.82),
        (0.75, 1.8),
        (1.35, 1.6),
        (1.85, 1.24),
        (2.3, 1.16),
        (2.42, 0.95),
        (2.4, 0.5),
        (2.2, 0.36),
        (-2.2, 0.34),
    ]
    windows = [
        [(-1.08, 1.24), (-0.66, 1.6), (-0.12, 1.72), (0.12, 1.73), (0.12, 1.24)],
        [(0.22, 1.24), (0.22, 1.73), (0.74, 1.7), (1.22, 1.53), (1.52, 1.27), (1.45, 1.24)],
    ]
    wheels = (-1.48, 1.5)

    def shell(p: Array) -> Array:
        narrow = p.copy()
        narrow[2] = p[2] / (1 - 0.16 * step(1.15, 1.8, p[1]))
        found = cut_out(narrow, profile, (0, 0, 0), 0.92, 0.1) * 0.9
        for x in wheels:
            found = without(found, np.maximum(np.hypot(p[0] - x, p[1] - 0.46) - 0.54, 0.45 - np.abs(p[2])), 0.04)
        return found

    def look(p: Array, normal: Array) -> Array:
        glass = np.minimum(outline(p[0], p[1], windows[0]), outline(p[0], p[1], windows[1]))
        front = (p[0] > -1.25) & (p[0] < -0.6) & (normal[0] < -0.4) & (p[1] > 1.26)
        rear = (p[0] < 1.85) & (p[0] > 1.2) & (normal[0] > 0.3) & (p[1] > 1.3) & (np.abs(p[2]) < 0.7)
        doors = np.minimum(
            np.abs(p[0] - 0.17), np.minimum(np.abs(p[0] + 1.08 - 0.1 * (p[1] - 1.2)), np.abs(p[0] - 1.02 - 0.5 * np.maximum(0.8 - p[1], 0)))
        )
        line = step(0.02, 0.008, doors) * (p[1] < 1.25) * (p[1] > 0.5) * (np.abs(normal[2]) > 0.5)
        light = mix(paint(176, 10, 16), paint(16, 4, 4), line * 0.8)
        light = mix(light, paint(20, 20, 22), step(0.52, 0.46, p[1]))
        light = np.where((glass < 0) & (np.abs(normal[2]) > 0.4) | front | rear, paint(16, 22, 28), light)
        light = np.where((np.abs(glass) < 0.025) & (np.abs(normal[2]) > 0.4), paint(26, 26, 28), light)
        lamp = (np.abs(p[1] - 0.92) < 0.12) & (p[0] < -2.12)
        tail = (np.abs(p[1] - 0.98) < 0.13) & (p[0] > 2.2)
        handle = (np.abs(p[1] - 1.1) < 0.025) & ((np.abs(p[0] + 0.05) < 0.1) | (np.abs(p[0] - 1.18) < 0.1)) & (np.abs(normal[2]) > 0.5)
        light = np.where(lamp, paint(236, 236, 226), light)
        return np.where(tail, paint(220, 40, 10), np.where(handle, CHROME, light))

    def tyres(p: Array) -> Array:
        found = np.full(p.shape[1], 9.0, np.float32)
        for x in wheels:
            q = p.copy()
            q[2] = np.abs(p[2])
            found = np.minimum(found, without(drum(q, (x, 0.45, 0.76), 0.45, 0.14, 2, 0.06), drum(q, (x, 0.45, 0.92), 0.31, 0.1, 2), 0.02))
        return found

    def rims(p: Array) -> Array:
        found = np.full(p.shape[1], 9.0, np.float32)
        q = p.copy()
        q[2] = np.abs(p[2])
        for x in wheels:
            angle = np.arctan2(q[1] - 0.45, q[0] - x)
            spoke = np.maximum(
                np.abs(((angle / (2 * np.pi) * 5) % 1) - 0.5) * np.hypot(q[1] - 0.45, q[0] - x) * 1.2 - 0.075,
                np.hypot(q[0] - x, q[1] - 0.45) - 0.31,
            )
            disc = np.maximum(spoke, np.abs(q[2] - 0.84) - 0.03)
            found = np.minimum(found, join(disc, ring(q, (x, 0.45, 0.86), 0.3, 0.03, 2)) * 0.7)
        return found

    solids = [
        Solid(shell, look, (0, 1.05, 0, 2.75), gloss=0.7, sharp=70, mirror=0.45),
        Solid(tyres, RUBBER, (0, 0.45, 0, 2.3), gloss=0.08), Solid(rims, CHROME, (0, 0.45, 0, 2.3), gloss=0.8, sharp=50, mirror=0.4),
        Solid(lambda p: egg(p, (-0.95, 1.32, 0.98), (0.12, 0.1, 0.12)), paint(150, 8, 14), (-0.95, 1.32, 0.98, 0.2), gloss=0.5),
    ]  # fmt: skip
    heaven = sky(paint(60, 130, 210), paint(200, 220, 236), 0.5, 6)

    def trees(way: Array) -> Array:
        top = 0.09 + 0.05 * layered(np.stack([way[0] * 7, way[2] * 0]), 4, 3)
        green = mix(paint(36, 64, 30), paint(110, 140, 70), np.clip(0.5 + 0.9 * layered(np.stack([way[0] * 22, way[1] * 30]), 4, 5), 0, 1))
        return np.where(way[1] < top, np.where(way[1] < 0.01, paint(120, 150, 80), green), heaven(way))

    def road(p: Array, normal: Array) -> Array:
        lawn = grass(4)(p, normal)
        kerb = (p[2] < -2.2) & (p[2] > -2.5)
        return np.where(p[2] < -2.5, lawn, np.where(kerb, paint(176, 174, 168), asphalt(p, normal)))

    stage = Stage(solids, trees, Floor(0.0, road, 0.02), (-0.35, 0.85, 0.55))
    return photo(stage, Camera((-1.1, 1.75, 8.6), (0, 0.92, 0), 36), side)


def bicycle(side: int) -> Array:
    """A blue bicycle by a brick wall."""
    back, front, axle, seat, head = (-1.15, 0.72, 0), (1.2, 0.72, 0), (-0.2, 0.68, 0), (-0.52, 1.72, 0), (0.85, 1.78, 0)

    def frame(p: Array) -> Array:
        found = chain(p, [axle, seat, (-0.6, 1.98, 0)], [0.05, 0.045, 0.03])
        tubes: tuple[tuple[Vector, Vector, float], ...] = ((axle, (0.92, 1.5, 0), 0.055), ((-0.47, 1.56, 0), (0.87, 1.66, 0), 0.045))
        for a, b, r in tubes:
            found = np.minimum(found, rod(p, a, b, r))
        q = p.copy()
        q[2] = np.abs(p[2])
        stays: tuple[tuple[Vector, Vector], ...] = (
            (axle, (*back[:2], 0.1)),
            ((-0.47, 1.56, 0.02), (*back[:2], 0.1)),
            ((0.95, 1.4, 0.07), (*front[:2], 0.09)),
        )
        for a, b in stays:
            found = np.minimum(found, rod(q, a, b, 0.032))
        return np.minimum(found, rod(p, (0.97, 1.35, 0), head, 0.055))

    def dark(p: Array) -> Array:
        found = np.full(p.shape[1], 9.0, np.float32)
        for centre in (back, front):
            found = np.minimum(found, ring(p, centre, 0.67, 0.05, 2))
        saddle = join(rod(p, (-0.85, 2.02, 0), (-0.3, 2.02, 0), 0.13, 0.05), egg(p, (-0.82, 2.02, 0), (0.18, 0.07, 0.17)), 0.05)
        q = p.copy()
        q[2] = np.abs(p[2])
        grips = rod(q, (0.66, 2.02, 0.32), (0.4, 2.0, 0.42), 0.045)
        pedals = join(block(p, (0.05, 0.42, 0.22), (0.13, 0.025, 0.06)), block(p, (-0.45, 0.94, -0.22), (0.13, 0.025, 0.06)))
        return np.minimum(np.minimum(found, saddle), np.minimum(grips, pedals))

    def metal(p: Array) -> Array:
        found = np.full(p.shape[1], 9.0, np.float32)
        for centre in (back, front):
            x, y = p[0] - centre[0], p[1] - centre[1]
            r, angle = np.hypot(x, y), np.arctan2(y, x)
            local = np.abs(((angle / (2 * np.pi) * 18) % 1) - 0.5) * (2 * np.pi / 18)
            spoke = np.maximum(np.hypot((np.pi / 18 - local) * r, p[2]) - 0.008, r - 0.63)
            found = np.minimum(found, np.minimum(spoke * 0.8, ring(p, centre, 0.62, 0.03, 2)))
            found = np.minimum(found, drum(p, centre, 0.05, 0.11, 2))
        q = p.copy()
        q[2] = np.abs(p[2])
        bars = chain(q, [(0.82, 1.92, 0.0), (0.86, 2.0, 0.2), (0.66, 2.02, 0.32)], [0.035, 0.03, 0.03])
        crank = np.minimum(
            rod(p, (axle[0], axle[1], 0.12), (0.05, 0.44, 0.14), 0.03), rod(p, (axle[0], axle[1], -0.12), (-0.45, 0.92, -0.14), 0.03)
        )
        cog = np.maximum(np.abs(np.hypot(p[0] - axle[0], p[1] - axle[1]) - 0.17) - 0.03, np.abs(p[2] - 0.1) - 0.015)
        lines = np.minimum(rod(p, (-0.2, 0.86, 0.1), (-1.15, 0.79, 0.1), 0.014), rod(p, (-0.2, 0.5, 0.1), (-1.15, 0.65, 0.1), 0.014))
        return np.minimum(
            np.minimum(found, bars), np.minimum(np.minimum(crank, cog), np.minimum(lines, rod(p, head, (0.82, 1.95, 0), 0.03)))
        )

    def wall(p: Array, normal: Array) -> Array:
        return bricks(p[0], p[1], 0.5, 0.18)

    solids = [
        Solid(frame, paint(16, 76, 150), (0, 1.3, 0, 1.75), gloss=0.6, sharp=50, mirror=0.15),
        Solid(dark, RUBBER, (0, 1.2, 0, 2.15), gloss=0.1),
        Solid(metal, paint(176, 178, 184), (0, 1.2, 0, 2.0), gloss=0.8, sharp=40, mirror=0.2),
        Solid(lambda p: 0.75 + p[2], wall, gloss=0.02, bump=lambda p: -0.02 * mortar(p[0], p[1], 0.5, 0.18) + 0.006 * layered(p * 9, 3, 3)),
    ]
    stones = cloth(paint(150, 148, 142))
    stage = Stage(
        solids,
        room(paint(150, 150, 150)),
        Floor(0.0, stones, 0.02, bump=lambda p: 0.02 * layered(p[[0, 2]] * 7, 4, 2)),
        (-0.4, 0.75, 0.7),
        shadow=14,
    )
    return photo(stage, Camera((0.5, 1.55, 8.2), (0.02, 1.1, 0), 27), side)


def train(side: int) -> Array:
    """A steam locomotive on its rails."""

    def black(p: Array) -> Array:
        boiler = drum(p, (0.9, 1.85, 0), 0.72, 1.75, 0, 0.05)
        chimney = turned(p, [(0.0, 0.0), (0.2, 0.0), (0.2, 0.6), (0.32, 0.78), (0.32, 0.9), (0, 0.9)], (2.25, 2.45, 0))
        dome = join(drum(p, (0.9, 2.6, 0), 0.3, 0.2), ball(p, (0.9, 2.78, 0), 0.3))
        smokebox = drum(p, (2.35, 1.85, 0), 0.8, 0.35, 0, 0.06)
        door = join(egg(p, (2.72, 1.85, 0), (0.12, 0.62, 0.62)), rod(p, (2.82, 1.85, -0.2), (2.82, 1.85, 0.2), 0.03))
        frame = join(block(p, (0.2, 0.95, 0), (2.75, 0.14, 0.75), 0.03), block(p, (2.9, 0.95, 0), (0.12, 0.24, 1.0), 0.03))
        catcher = np.maximum(block(p, (3.15, 0.42, 0), (0.4, 0.32, 0.85)), (p[0] - 3.5) + (p[1] - 0.15) * 1.1)
        return join(join(join(join(boiler, chimney), join(dome, smokebox, 0.02)), join(door, frame)), catcher)

    def cab(p: Array) -> Array:
        found = block(p, (-1.75, 2.0, 0), (0.95, 1.05, 0.95), 0.04)
        found = without(found, block(p, (-1.75, 2.35, 0), (0.55, 0.42, 2)))
        return found

    def roof(p: Array) -> Array:
        return np.maximum(np.hypot(p[1] - 1.55, p[2]) - 1.85, np.maximum(3.05 - p[1], np.abs(p[0] + 1.75) - 1.15))

    wheels = ((-1.7, 0.62), (-0.35, 0.62), (1.0, 0.62), (2.3, 0.38))

    def wheel(p: Array) -> Array:
        q = p.copy()
        q[2] = np.abs(p[2])
        found = np.full(p.shape[1], 9.0, np.float32)
        for x, r in wheels:
            hoop = without(drum(q, (x, r, 0.82), r, 0.08, 2, 0.02), drum(q, (x, r, 0.82), r - 0.12, 0.2, 2))
            angle = np.arctan2(q[1] - r, q[0] - x)
            far = np.hypot(q[1] - r, q[0] - x)
            spokes = np.maximum(
                np.abs(((angle / (2 * np.pi) * 10) % 1) - 0.5) * far * 0.62 - 0.03, np.maximum(far - r + 0.1, np.abs(q[2] - 0.82) - 0.05)
            )
            found = np.minimum(found, np.minimum(hoop, np.minimum(spokes * 0.7, drum(q, (x, r, 0.84), 0.12, 0.12, 2))))
        return found

    def rods_(p: Array) -> Array:
        q = p.copy()
        q[2] = np.abs(p[2])
        side_rod = rod(q, (-1.55, 0.42, 0.98), (1.15, 0.42, 0.98), 0.07)
        piston = join(rod(q, (1.15, 0.42, 1.02), (2.2, 0.85, 1.02), 0.06), drum(q, (2.35, 0.88, 0.95), 0.27, 0.4, 0, 0.05))
        return np.minimum(side_rod, piston)

    def brass(p: Array) -> Array:
        found = np.full(p.shape[1], 9.0, np.float32)
        for x in (-0.3, 0.55, 1.3):
            found = np.minimum(found, np.maximum(np.abs(np.hypot(p[1] - 1.85, p[2]) - 0.73) - 0.02, np.abs(p[0] - x) - 0.05))
        lamp = join(drum(p, (2.75, 2.72, 0), 0.2, 0.15, 0), block(p, (2.72, 2.5, 0), (0.08, 0.2, 0.08)))
        return np.minimum(found, np.minimum(lamp, drum(p, (0.1, 2.62, 0), 0.14, 0.22)))

    def rails(p: Array) -> Array:
        q = p.copy()
        q[2] = np.abs(p[2])
        return block(q, (0, -0.06, 0.82), (30, 0.06, 0.06))

    def ballast(p: Array, normal: Array) -> Array:
        stones = np.clip(0.5 + 0.5 * smooth(p[[0, 2]] * 9, 3) + 0.3 * smooth(p[[0, 2]] * 19, 4), 0, 1)
        bed = mix(paint(100, 94, 88), paint(170, 164, 154), stones)
        sleeper = (np.abs((p[0] / 0.8) % 1 - 0.5) < 0.18) & (np.abs(p[2]) < 1.35)
        bed = np.where(sleeper, paint(84, 62, 46) * (0.7 + 0.5 * stones), bed)
        return np.where(np.abs(p[2] + 0.1 * smooth(p[[0, 2]] * 2, 6)) < 1.9, bed, grass(7)(p, normal))

    heaven = sky(paint(70, 130, 200), paint(206, 222, 234), 0.2, 12)

    def hills(way: Array) -> Array:
        top = 0.10 + 0.07 * smooth(np.stack([way[0] * 2.4 + 2, way[2] * 0]), 3)
        tone = mix(paint(70, 110, 60), paint(140, 160, 96), np.clip(0.5 + layered(np.stack([way[0] * 14, way[1] * 40]), 4, 5), 0, 1))
        light = np.where(way[1] < top, mix(tone, paint(170, 190, 210), 0.25), heaven(way))
        x, y = way[0] / np.minimum(way[2], -0.2), way[1] / np.minimum(way[2], -0.2)
        puff = smoke(-x, -y)
        return mix(light, paint(176, 176, 182) * (0.55 + 0.75 * puff[1]), puff[0])

    def smoke(x: Array, y: Array) -> tuple[Array, Array]:
        thick, lit = np.zeros_like(x), np.zeros_like(x)
        for n in range(16):
            a = n / 15
            cx, cy, r = SMOKE[0] - 0.75 * a + 0.03 * np.sin(n * 2.1), SMOKE[1] + 0.16 * a**0.6 + 0.03 * np.sin(n * 3.7), 0.03 + 0.11 * a
            d = np.hypot(x - cx, y - cy) + 0.35 * r * layered(np.stack([x, y]) * 14 + n, 3, 5)
            part = step(r, 0.45 * r, d) * (0.95 - 0.5 * a)
            lit = np.maximum(lit, part * np.clip((y - cy) / r * 0.5 + 0.5, 0, 1))
            thick = 1 - (1 - thick) * (1 - part)
        return thick, lit

    solids = [
        Solid(black, paint(30, 32, 34), (0.6, 1.7, 0, 3.4), gloss=0.5, sharp=40, mirror=0.2),
        Solid(cab, paint(150, 22, 24), (-1.75, 2.0, 0, 1.75), gloss=0.5, sharp=40, mirror=0.15),
        Solid(roof, paint(36, 36, 38), (-1.75, 3.1, 0, 1.6), gloss=0.2),
        Solid(wheel, paint(160, 26, 26), (0.3, 0.65, 0, 3.0), gloss=0.4),
        Solid(rods_, paint(170, 172, 176), (0.5, 0.7, 0, 2.7), gloss=0.8, sharp=40, mirror=0.3),
        Solid(brass, paint(206, 150, 50), (1.2, 2.1, 0, 2.2), gloss=0.9, sharp=40, mirror=0.4),
        Solid(rails, paint(120, 112, 108), gloss=0.6), 
    ]  # fmt: skip
    floor = Floor(-0.12, ballast, 0.0, bump=lambda p: 0.05 * smooth(p[[0, 2]] * 9, 3))
    stage = Stage(solids, hills, floor, (0.3, 0.8, 0.7))
    return photo(stage, Camera((5.6, 2.3, 10.4), (0.45, 2.1, 0), 36), side)
