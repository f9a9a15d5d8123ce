"""A brick house and a lighthouse."""

from __future__ import annotations

import numpy as np

from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.sets import bricks, grass, photo, sky, speckled
from labs.natural.solids import block, chain, cut_out, drum, egg, join, turned, without
from labs.natural.stage import Camera, Floor, Solid, Stage


def house(side: int) -> Array:
    """A brick house with a tiled roof, a lawn and a tree."""
    gable = [(-2.0, 0.0), (-2.0, 2.5), (0.0, 4.1), (2.0, 2.5), (2.0, 0.0)]
    openings = [(-1.15, 1.35, 0.42, 0.5), (1.15, 1.35, 0.42, 0.5), (0.0, 2.95, 0.36, 0.42)]

    def walls(p: Array) -> Array:
        found = cut_out(p, gable, (0, 0, -2.2), 2.2)
        for x, y, w, h in openings:
            found = without(found, block(p, (x, y, 0.0), (w, h, 0.1)))
        return found

    def brick(p: Array, normal: Array) -> Array:
        x = np.where(np.abs(normal[0]) > 0.6, p[2], p[0])
        frame = np.full(p.shape[1], False)
        for cx, cy, w, h in openings:
            frame |= (np.abs(p[0] - cx) < w) & (np.abs(p[1] - cy) < h) & (p[2] < -0.05) & (p[2] > -0.2)
        return np.where(frame, paint(40, 52, 66), bricks(x, p[1], 0.42, 0.15))

    def roof(p: Array) -> Array:
        q = p.copy()
        q[0] = np.abs(p[0])
        slope = (q[0] * 0.62 + q[1] * 0.78 - 0.78 * 4.22) / 1.0
        return np.maximum(np.maximum(slope, -slope - 0.16), np.maximum(np.abs(p[2] + 2.2) - 2.5, q[0] - 2.45)) * 0.95

    def tiles(p: Array, normal: Array) -> Array:
        down = np.abs(p[0]) * 1.3
        row = np.floor(down / 0.2)
        tone = 0.5 + 0.5 * smooth(np.stack([np.floor(p[2] / 0.22 + 0.5 * (row % 2)) * 3.1, row * 5.3]), 4)
        edge = step(0.0, 0.22, (down / 0.2) % 1)
        return mix(paint(96, 46, 40), paint(150, 74, 58), tone) * (0.5 + 0.5 * edge)

    def white(p: Array) -> Array:
        found = np.full(p.shape[1], 9.0, np.float32)
        for x, y, w, h in openings:
            found = np.minimum(
                found, without(block(p, (x, y, 0.0), (w + 0.07, h + 0.07, 0.06)), block(p, (x, y, 0), (w - 0.04, h - 0.04, 0.2)))
            )
            found = np.minimum(found, np.minimum(block(p, (x, y, -0.02), (0.025, h, 0.03)), block(p, (x, y, -0.02), (w, 0.025, 0.03))))
            found = np.minimum(found, block(p, (x, y - h - 0.1, 0.06), (w + 0.14, 0.05, 0.1)))
        return np.minimum(found, without(block(p, (0, 0.92, 0.0), (0.5, 0.95, 0.08)), block(p, (0, 0.85, 0), (0.41, 0.93, 0.3))))

    def door(p: Array, normal: Array) -> Array:
        panel = np.maximum(np.abs(np.abs(p[0]) - 0.19) - 0.12, np.minimum(np.abs(p[1] - 1.3), np.abs(p[1] - 0.5)) - 0.28)
        light = mix(paint(24, 84, 66), paint(12, 50, 40), step(0.03, 0.0, np.abs(panel)))
        return np.where(np.hypot(p[0] - 0.3, p[1] - 0.88) < 0.05, paint(226, 190, 90), light)

    def crown(p: Array) -> Array:
        found = egg(p, (-4.3, 3.6, -2.4), (1.5, 1.6, 1.5))
        found = join(found, egg(p, (-3.5, 2.9, -2.0), (1.0, 0.9, 1.0)), 0.3)
        return (join(found, egg(p, (-5.2, 3.0, -2.0), (1.0, 0.9, 1.0)), 0.3) - 0.35 * layered(p * 1.9, 3, 3)) * 0.6

    def bushes(p: Array) -> Array:
        found = join(egg(p, (-1.5, 0.28, 0.5), (0.5, 0.4, 0.35)), egg(p, (1.5, 0.3, 0.5), (0.55, 0.45, 0.38)))
        return (join(found, egg(p, (2.2, 0.22, 0.4), (0.4, 0.34, 0.34))) - 0.08 * layered(p * 5, 3, 5)) * 0.7

    leaves = speckled(paint(38, 78, 22), paint(120, 156, 56), 5, 1.0, 4)

    def rough(p: Array) -> Array:
        return 0.09 * layered(p * 8, 3, 6)

    solids = [
        Solid(walls, brick, (0, 1.9, -2.2, 3.7), gloss=0.03),
        Solid(roof, tiles, (0, 3.2, -2.2, 3.8), gloss=0.05),
        Solid(
            lambda p: join(block(p, (1.1, 4.0, -2.6), (0.26, 0.8, 0.26)), block(p, (1.1, 4.8, -2.6), (0.32, 0.08, 0.32))),
            lambda p, n: bricks(p[0] + p[2], p[1], 0.3, 0.13),
            (1.1, 4.2, -2.6, 1.0),
        ),
        Solid(white, paint(236, 234, 226), (0, 1.8, 0, 2.3)),
        Solid(lambda p: block(p, (0, 0.88, -0.0), (0.42, 0.9, 0.03)), door, (0, 0.9, 0, 1.05), gloss=0.3),
        Solid(crown, leaves, (-4.3, 3.2, -2.2, 2.7), gloss=0.02, bump=rough, soft=0.3),
        Solid(
            lambda p: chain(p, [(-4.4, 0, -2.3), (-4.3, 1.6, -2.3), (-4.2, 3.0, -2.3)], [0.3, 0.22, 0.16]),
            speckled(paint(92, 70, 50), paint(60, 46, 34), 6, 0.9),
            (-4.3, 1.5, -2.3, 1.9),
        ),
        Solid(bushes, leaves, (0.3, 0.3, 0.5, 2.6), gloss=0.02, bump=rough, soft=0.3),
    ]

    def lawn(p: Array, normal: Array) -> Array:
        path = np.abs(p[0] - 0.1 * np.sin(p[2] * 0.8)) < 0.55
        slabs = mix(paint(176, 168, 156), paint(120, 114, 106), step(0.44, 0.48, np.abs((p[2] / 0.6) % 1 - 0.5)))
        return np.where(path & (p[2] > 0), slabs * (1 + 0.15 * layered(p[[0, 2]] * 8, 3, 4)), grass(6)(p, normal))

    floor = Floor(0.0, lawn, 0.0, bump=lambda p: 0.04 * layered(np.stack([p[0] * 12, p[2] * 6]), 3, 2) * (np.abs(p[0]) > 0.6))
    stage = Stage(solids, sky(paint(60, 126, 206), paint(200, 220, 236), 0.5, 17), floor, (-0.55, 0.7, 0.7))
    return photo(stage, Camera((3.6, 2.3, 11.0), (-0.5, 2.0, -1.0), 38), side)


def lighthouse(side: int) -> Array:
    """A red and white lighthouse on rocks by the sea."""
    tower = [(0, 0.6), (0.92, 0.6), (0.56, 4.6), (0, 4.6)]

    def rocks(p: Array) -> Array:
        found = join(egg(p, (0.2, -0.2, -0.2), (2.4, 1.15, 1.8)), egg(p, (-2.2, -0.4, 0.3), (1.4, 0.8, 1.1)), 0.4)
        found = join(found, egg(p, (2.4, -0.5, 0.4), (1.2, 0.8, 1.0)), 0.4)
        return (found - 0.4 * layered(p * 1.1, 4, 3, ridged=True) + 0.15) * 0.6

    def bands(p: Array, normal: Array) -> Array:
        light = np.where(np.floor((p[1] - 0.6) / 0.8).astype(int) % 2 == 0, paint(190, 30, 28), paint(238, 236, 230))
        angle = np.arctan2(p[0], p[2])
        window = (np.abs(angle - 0.25) * 0.75 < 0.1) & ((np.abs(p[1] - 1.9) < 0.17) | (np.abs(p[1] - 3.3) < 0.15))
        door = (np.abs(angle - 0.05) * 0.9 < 0.2) & (p[1] < 1.3)
        streak = 1 - 0.15 * np.clip(layered(np.stack([angle * 9, p[1] * 0.8]), 3, 6), 0, 1)
        return np.where(door, paint(60, 40, 30), np.where(window, paint(30, 40, 56), light * streak))

    def dark(p: Array) -> Array:
        gallery = drum(p, (0, 4.64, 0), 0.82, 0.07)
        roof = turned(p, [(0, 5.5), (0.56, 5.5), (0.06, 6.0), (0.03, 6.35), (0, 6.35)])
        q = np.arctan2(p[2], p[0])
        r = np.hypot(p[0], p[2])
        posts = np.maximum(
            np.hypot(np.abs(((q / (2 * np.pi) * 14) % 1) - 0.5) * 2 * np.pi / 14 * r, r - 0.78) - 0.022, np.abs(p[1] - 4.86) - 0.2
        )
        rail = np.hypot(r - 0.78, p[1] - 5.05) - 0.025
        bars = np.maximum(
            np.hypot(np.abs(((q / (2 * np.pi) * 8) % 1) - 0.5) * 2 * np.pi / 8 * r, r - 0.43) - 0.025, np.abs(p[1] - 5.1) - 0.42
        )
        return np.minimum(np.minimum(gallery, roof), np.minimum(np.minimum(posts * 0.8, rail), bars * 0.8))

    def waves(p: Array) -> Array:
        far = 1 / (1 + 0.03 * np.abs(p[2] - 8) ** 1.3)
        return (
            0.16 * layered(np.stack([p[0] * 0.8 + p[2] * 0.4, p[2] * 1.5]), 4, 4) + 0.03 * smooth(np.stack([p[0] * 7, p[2] * 9]), 6)
        ) * far

    def sea(p: Array, normal: Array) -> Array:
        near = np.hypot((p[0] - 0.1) / 4.0, (p[2] + 0.0) / 2.35)
        foam = step(1.25, 0.9, near + 0.25 * layered(p[[0, 2]] * 2.2, 4, 7))
        return mix(paint(10, 58, 84), paint(220, 230, 232), foam * 0.85)

    solids = [
        Solid(
            rocks,
            speckled(paint(120, 108, 96), paint(66, 60, 56), 2.2, 1.0),
            (0, -0.2, 0, 4.0),
            gloss=0.05,
            bump=lambda p: 0.1 * layered(p * 4, 4, 5),
        ),
        Solid(lambda p: turned(p, tower), bands, (0, 2.6, 0, 2.3), gloss=0.1),
        Solid(dark, paint(40, 42, 46), (0, 5.3, 0, 1.25), gloss=0.3),
        Solid(lambda p: drum(p, (0, 5.1, 0), 0.4, 0.4), paint(255, 236, 170), (0, 5.1, 0, 0.6), gloss=0.6, glow=0.8),
    ]
    stage = Stage(
        solids, sky(paint(54, 120, 200), paint(210, 224, 234), 0.65, 41), Floor(-0.35, sea, 0.4, 0.6, waves), (-0.6, 0.6, 0.6), haze=0.003
    )
    return photo(stage, Camera((1.6, 2.2, 14.0), (0.1, 2.75, 0), 33), side)
