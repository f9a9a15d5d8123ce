"""Driven by air: an aeroplane, a sailing boat and a hot-air balloon."""

from __future__ import annotations

import numpy as np

from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.sets import photo, sky
from labs.natural.solids import (
    block,
    chain,
    drum,
    join,
    length,
    outline,
    rod,
    spun,
    without,
)
from labs.natural.stage import Camera, Floor, Solid, Stage


def aeroplane(side: int) -> Array:
    """An airliner in flight."""

    def shown(p: Array) -> Array:
        return spun(spun(spun(p, 26, 0), 30, 1), -14, 2)

    def hull(p: Array) -> Array:
        q = shown(p)
        return chain(q, [(-3.6, 0.35, 0), (-2.2, 0.08, 0), (2.4, 0, 0), (3.1, -0.1, 0)], [0.1, 0.42, 0.45, 0.26], 0.3)

    def wings(p: Array) -> Array:
        q = shown(p)
        q[2] = np.abs(q[2])
        main = outline(q[0], q[2], [(0.75, 0.2), (-0.5, 3.5), (-0.95, 3.5), (-0.75, 0.2)])
        found = np.maximum(main, np.abs(q[1] + 0.22 - 0.1 * q[2]) - 0.06 * (1.3 - 0.25 * q[2]))
        small = outline(q[0], q[2], [(-2.6, 0.1), (-3.4, 1.35), (-3.75, 1.35), (-3.5, 0.1)])
        found = np.minimum(found, np.maximum(small, np.abs(q[1] - 0.32) - 0.04))
        fin = outline(q[0], q[1], [(-2.4, 0.3), (-3.35, 1.65), (-3.85, 1.65), (-3.6, 0.3)])
        return np.minimum(found, np.maximum(fin, np.abs(q[2]) - 0.06)) * 0.8

    def engines(p: Array) -> Array:
        q = shown(p)
        q[2] = np.abs(q[2])
        return without(drum(q, (0.45, -0.5, 1.25), 0.24, 0.48, 0, 0.08), drum(q, (0.95, -0.5, 1.25), 0.19, 0.2, 0), 0.02)

    def white(p: Array, normal: Array) -> Array:
        q = shown(p)
        seat = (np.abs((q[0] * 5.2) % 1 - 0.5) < 0.24) & (np.abs(q[1] - 0.12) < 0.055) & (q[0] < 2.3) & (q[0] > -2.3)
        pilot = (q[0] > 2.75) & (q[0] < 3.05) & (q[1] > 0.05) & (q[1] < 0.2)
        band = (q[1] < -0.06) & (q[1] > -0.14)
        light = mix(paint(240, 242, 244), paint(170, 176, 184), step(-0.14, -0.2, q[1]))
        light = np.where(band, paint(20, 70, 150), light)
        return np.where(seat | pilot, paint(30, 40, 56), light)

    def painted(p: Array, normal: Array) -> Array:
        q = shown(p)
        return np.where((q[1] > 0.42) & (q[0] < -2.3), paint(20, 70, 150), paint(206, 210, 214))

    solids = [
        Solid(hull, white, (0, 0, 0, 4.0), gloss=0.5, sharp=40, mirror=0.12),
        Solid(wings, painted, (0, 0, 0, 4.3), gloss=0.4, sharp=40, mirror=0.1),
        Solid(engines, paint(200, 204, 208), (0, 0, 0, 2.2), gloss=0.5),
    ]
    heaven = sky(paint(30, 96, 190), paint(150, 196, 234), 0.45, 15)
    stage = Stage(
        solids,
        lambda way: heaven(np.stack([way[0], way[1] * 0.8 + 0.32, way[2]])),
        None,
        (-0.3, 0.9, 0.5),
        below=paint(170, 200, 226) * 0.6,
    )
    return photo(stage, Camera((0.6, -1.2, 14.5), (-0.2, 0.0, 0), 36), side)


def sailing_boat(side: int) -> Array:
    """White sails on a blue sea."""
    hull_side = [(-1.9, 0.62), (-1.75, 0.05), (-1.4, -0.3), (1.3, -0.3), (1.9, 0.3), (2.25, 0.8), (0.5, 0.6)]

    def hull(p: Array) -> Array:
        wide = 0.62 * np.clip(1 - np.clip((p[0] - 0.2) / 2.1, 0, 1) ** 2, 0.02, 1) * (0.75 + 0.3 * p[1])
        return np.maximum(outline(p[0], p[1], hull_side), np.abs(p[2]) - wide) * 0.7

    def painted(p: Array, normal: Array) -> Array:
        light = mix(paint(236, 236, 230), paint(180, 24, 30), step(0.12, 0.08, p[1]))
        return np.where(normal[1] > 0.7, paint(186, 140, 90), np.where(np.abs(p[1] - 0.42) < 0.045, paint(20, 60, 130), light))

    def sails(p: Array) -> Array:
        main = outline(p[0], p[1], [(0.16, 1.0), (0.16, 5.3), (-1.85, 1.02)])
        jib = outline(p[0], p[1], [(0.36, 1.05), (0.3, 4.6), (2.1, 0.95)])
        belly = 0.32 * np.sin(np.clip((p[0] + 1.9) / 2.1, 0, 1) * np.pi) * np.clip(1 - (p[1] - 1) / 4.5, 0, 1)
        jib_belly = 0.28 * np.sin(np.clip((p[0] - 0.3) / 1.8, 0, 1) * np.pi) * np.clip(1 - (p[1] - 1) / 4, 0, 1)
        return np.minimum(np.maximum(main, np.abs(p[2] - belly) - 0.02), np.maximum(jib, np.abs(p[2] - jib_belly - 0.05) - 0.02)) * 0.8

    def canvas(p: Array, normal: Array) -> Array:
        seam = step(0.03, 0.012, np.abs((p[1] * 1.6) % 1 - 0.5))
        return paint(240, 236, 224) * (1 - 0.14 * seam)

    heaven = sky(paint(40, 116, 206), paint(206, 226, 240), 0.5, 21)

    def shore(way: Array) -> Array:
        top = 0.025 + 0.03 * smooth(np.stack([way[0] * 3.5 + 2, way[2] * 0]), 7)
        return np.where((way[1] < top) & (way[1] > -0.02), paint(104, 134, 150), heaven(way))

    def waves(p: Array) -> Array:
        far = 1 / (1 + 0.04 * np.abs(p[2] - 8) ** 1.4)
        return (
            0.14 * layered(np.stack([p[0] * 0.9 + p[2] * 0.5, p[2] * 1.6]), 4, 4) + 0.03 * smooth(np.stack([p[0] * 7, p[2] * 9]), 6)
        ) * far

    solids = [
        Solid(hull, painted, (0.1, 0.3, 0, 2.4), gloss=0.4, mirror=0.1),
        Solid(sails, canvas, (0.1, 3.0, 0.1, 3.2), gloss=0.03, soft=0.5),
        Solid(
            lambda p: np.minimum(rod(p, (0.25, 0.5, 0), (0.25, 5.5, 0), 0.06, 0.04), rod(p, (0.25, 0.95, 0), (-1.9, 0.95, 0.0), 0.045)),
            paint(190, 150, 100),
        ),
    ]
    floor = Floor(0.0, paint(6, 50, 84), 0.5, 0.85, waves)
    stage = Stage(solids, shore, floor, (-0.6, 0.6, 0.6), haze=0.004)
    return photo(stage, Camera((-1.2, 2.2, 11.5), (0.1, 2.45, 0), 36), side)


def balloon(side: int) -> Array:
    """A striped hot-air balloon above hills."""
    colours = np.stack([paint(206, 30, 30), paint(244, 196, 30), paint(30, 90, 180), paint(244, 196, 30)])

    def bag(p: Array) -> Array:
        up = p[1]
        r = np.hypot(p[0], p[2])
        angle = np.arctan2(p[2], p[0])
        round_ = length(p) - 2.0 - 0.035 * np.abs(np.sin(angle * 8))
        cone = (r - 0.42 - (up + 2.75) * 0.62) * 0.85
        return np.maximum(join(round_, np.maximum(cone, np.maximum(up + 0.9, -2.75 - up)), 0.3), -2.75 - up) * 0.8

    def gores(p: Array, normal: Array) -> Array:
        place = np.floor((np.arctan2(p[2], p[0]) + 0.2) / (2 * np.pi) * 16).astype(int) % 4
        light = colours[place, :, 0].T
        belt = np.abs(p[1] + 0.1) < 0.22
        zigzag = np.abs(p[1] + 0.1 - 0.16 * np.sin(np.arctan2(p[2], p[0]) * 16)) < 0.07
        return np.where(belt, np.where(zigzag, paint(200, 30, 40), paint(246, 240, 226)), light)

    def basket(p: Array, normal: Array) -> Array:
        weave = np.sin(p[0] * 60 + p[2] * 60) * np.sin(p[1] * 50)
        return mix(paint(130, 84, 44), paint(180, 128, 74), 0.5 + 0.5 * weave)

    def ropes(p: Array) -> Array:
        q = np.stack([np.abs(p[0]), p[1], np.abs(p[2])])
        return rod(q, (0.27, -3.5, 0.27), (0.3, -2.7, 0.3), 0.018)

    solids = [
        Solid(bag, gores, (0, -0.4, 0, 2.75), gloss=0.15, sharp=14, soft=0.2),
        Solid(lambda p: block(p, (0, -3.72, 0), (0.32, 0.26, 0.32), 0.06), basket, (0, -3.72, 0, 0.55)),
        Solid(ropes, paint(70, 60, 50), (0, -3.1, 0, 0.8)),
    ]
    heaven = sky(paint(36, 110, 210), paint(196, 222, 242), 0.45, 31)

    def land(way: Array) -> Array:
        light = heaven(np.stack([way[0], np.maximum(way[1] + 0.14, 0.001), way[2]]))
        for n, (base, height, colour, seed) in enumerate((
            (-0.1, 0.03, (120, 150, 176), 3), (-0.135, 0.03, (96, 136, 100), 5), (-0.17, 0.03, (80, 120, 56), 7))):  # fmt: skip
            top = base + height * smooth(np.stack([way[0] * (2.5 + n) + n * 3, way[2] * 0]), seed)
            tone = 1 + 0.3 * layered(np.stack([way[0] * 16, way[1] * 60]), 4, seed)
            light = np.where(way[1] < top, paint(*colour) * tone, light)
        return light

    stage = Stage(solids, land, None, (-0.6, 0.7, 0.6), below=paint(130, 140, 120) * 0.8)
    return photo(stage, Camera((0.6, -2.0, 13.5), (0.1, -0.95, 0), 34), side)
