"""Things of the house."""

from __future__ import annotations

import numpy as np

from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.sets import cloth, photo, room, speckled, wood
from labs.natural.solids import (
    block,
    chain,
    drum,
    join,
    ring,
    rod,
    rounded,
    spun,
    turned,
)
from labs.natural.stage import Camera, Floor, Solid, Stage

OAK = wood(paint(196, 146, 92), paint(120, 76, 40))
PARQUET = wood(paint(170, 120, 76), paint(108, 68, 40), 2, 0.5, 4)
STEEL = paint(150, 152, 156)


def wine_glass(side: int) -> Array:
    """Half full of red wine."""
    bowl = [
        (0.05, 1.72),
        (0.3, 1.8),
        (0.62, 2.1),
        (0.72, 2.5),
        (0.66, 2.95),
        (0.55, 3.3),
        (0.58, 3.3),
        (0.7, 2.95),
        (0.76, 2.5),
        (0.66, 2.06),
        (0.32, 1.74),
        (0.06, 1.6),
        (0.055, 0.16),
        (0.14, 0.09),
        (0.72, 0.03),
        (0.72, 0.0),
        (0, 0),
        (0, 1.72),
    ]
    bowl = rounded(bowl)
    wine = [(0, 1.74), (0.28, 1.82), (0.6, 2.12), (0.7, 2.48), (0.69, 2.56), (0, 2.56)]

    def red(p: Array, normal: Array) -> Array:
        return mix(paint(60, 2, 10), paint(110, 6, 22), step(0.35, 0.75, np.hypot(p[0], p[2])) * (p[1] < 2.54))

    solids = [
        Solid(lambda p: turned(p, bowl), paint(8, 9, 9), (0, 1.65, 0, 1.85), gloss=1.0, sharp=200, mirror=0.5, clear=0.97),
        Solid(lambda p: turned(p, wine), red, (0, 2.15, 0, 0.95), gloss=0.6, sharp=100, mirror=0.3, soft=0.5),
    ]
    stage = Stage(solids, room(paint(70, 82, 96), 1.3), Floor(0.0, cloth(paint(104, 112, 120)), 0.1, 0.1), (-0.6, 0.7, 0.5))
    return photo(stage, Camera((0, 2.7, 7.4), (0, 1.66, 0), 32, 3.0), side)


def chair(side: int) -> Array:
    """A plain wooden chair by a wall."""

    def parts(p: Array) -> Array:
        q = spun(p, -34)
        found = block(q, (0, 1.5, 0), (0.8, 0.07, 0.76), 0.05)
        for x in (-0.68, 0.68):
            found = join(found, rod(q, (x, 0.0, 0.66), (x, 1.48, 0.62), 0.07, 0.085))
            found = join(found, chain(q, [(x, 0.0, -0.76), (x, 1.5, -0.64), (x * 0.96, 3.25, -0.86)], [0.07, 0.085, 0.07]))
            found = join(found, rod(q, (x, 0.62, 0.64), (x, 0.62, -0.7), 0.045))
        found = join(found, rod(q, (-0.68, 0.5, -0.72), (0.68, 0.5, -0.72), 0.045))
        found = join(found, rod(q, (-0.68, 0.8, 0.64), (0.68, 0.8, 0.64), 0.045))
        for n, y in enumerate((2.1, 2.62, 3.1)):
            found = join(found, block(q, (0, y, -0.7 - 0.065 * n), (0.66, 0.13 if n < 2 else 0.2, 0.035), 0.03))
        return found

    beech = wood(paint(190, 128, 70), paint(122, 72, 34), 0, 9.0, 3)

    def turned_wood(p: Array, normal: Array) -> Array:
        return beech(spun(p, -34) + np.float32(0.3), normal)

    def wall(p: Array) -> Array:
        return 2.3 + p[2]

    plaster = cloth(paint(176, 186, 184))
    solids = [
        Solid(parts, turned_wood, (0, 1.65, 0, 2.1), gloss=0.25, sharp=30),
        Solid(wall, lambda p, n: plaster(p[[0, 2, 1]], n), gloss=0.0),
        Solid(lambda p: block(p, (0, 0.18, -2.3), (9, 0.18, 0.06)), paint(214, 212, 204)),
    ]
    stage = Stage(solids, room(paint(160, 160, 156)), Floor(0.0, PARQUET, 0.15, 0.2), (-0.55, 0.75, 0.7), shadow=6)
    return photo(stage, Camera((0.3, 2.5, 8.0), (0.0, 1.55, 0), 34), side)


def lamp(side: int) -> Array:
    """A table lamp that is lit, in a dim room."""
    shade = [(0.72, 3.3), (1.25, 2.05), (1.22, 2.05), (0.69, 3.3)]
    foot = rounded(
        [(0, 0), (0.62, 0), (0.62, 0.08), (0.2, 0.2), (0.14, 0.3), (0.3, 0.6), (0.38, 0.95), (0.3, 1.3), (0.1, 1.6), (0.07, 2.3), (0, 2.3)]
    )

    def cover(p: Array, normal: Array) -> Array:
        warm = np.exp(-(((p[1] - 2.6) / 0.55) ** 2))
        folds = 0.92 + 0.08 * np.sin(np.arctan2(p[2], p[0]) * 60)
        return mix(paint(226, 150, 70), paint(255, 226, 160), warm) * folds * 1.15

    def wall(p: Array, normal: Array) -> Array:
        far = np.hypot(p[0], (p[1] - 3.6) * 0.9)
        cone = np.exp(-((far / 1.9) ** 2)) * 0.9 + 0.35 * np.exp(-((np.hypot(p[0], p[1] - 1.0) / 2.0) ** 2))
        return mix(paint(46, 36, 34), paint(250, 190, 110), np.clip(cone, 0, 1)) * (1 + 0.05 * smooth(p * 6, 3))

    def table(p: Array, normal: Array) -> Array:
        return OAK(p, normal) * (0.12 + 1.5 * np.exp(-((np.hypot(p[0], p[2]) / 1.7) ** 2)))

    solids = [
        Solid(lambda p: turned(p, shade) - 0.01, cover, (0, 2.65, 0, 1.5), gloss=0, glow=1.0),
        Solid(lambda p: turned(p, foot), paint(60, 104, 128), (0, 1.1, 0, 1.4), gloss=0.6, sharp=60, mirror=0.3),
        Solid(lambda p: 1.5 + p[2], wall, gloss=0, glow=0.85),
    ]
    warm = np.array([[0.5], [0.36], [0.22]], np.float32)
    floor = Floor(0.0, table, 0.1, 0.1, shadowless=True)
    stage = Stage(solids, room(paint(70, 50, 40), 0.2), floor, (0.05, 1, 0.4), warm * 1.6, warm, warm * 0.5)
    return photo(stage, Camera((0.0, 2.2, 8.2), (0, 1.68, 0), 32), side)


def clock(side: int) -> Array:
    """A round wall clock at ten past ten."""
    from PIL import Image, ImageDraw, ImageFont

    face = Image.new("L", (512, 512), 255)
    pen, font = ImageDraw.Draw(face), ImageFont.load_default(62)
    for hour in range(1, 13):
        angle = np.radians(30 * hour)
        pen.text(
            (256 + 176 * np.sin(angle), 256 - 176 * np.cos(angle)),
            str(hour),
            fill=20,
            font=font,
            anchor="mm",
            stroke_width=2,
            stroke_fill=20,
        )
    for minute in range(60):
        angle, inner = np.radians(6 * minute), 218 if minute % 5 else 208
        ends = [(256 + r * np.sin(angle), 256 - r * np.cos(angle)) for r in (inner, 232)]
        pen.line(ends, fill=30, width=3 if minute % 5 else 7)
    printed = (np.asarray(face, np.float32) / 255) ** 2.2

    def dial(p: Array, normal: Array) -> Array:
        x, y = (p[0] / 1.5 + 1) * 256, (1 - (p[1]) / 1.5) * 256
        ink = printed[np.clip(y, 0, 511).astype(int), np.clip(x, 0, 511).astype(int)]
        return mix(paint(24, 24, 28), paint(238, 234, 222), ink)

    def hand(angle: float, size: float, wide: float, z: float) -> Solid:
        end = (size * np.sin(np.radians(angle)), size * np.cos(np.radians(angle)), z)
        back = (-0.22 * end[0] / size, -0.22 * end[1] / size, z)
        colour = paint(190, 24, 20) if wide < 0.03 else paint(18, 18, 22)
        return Solid(lambda p: rod(p, back, end, wide, wide * 0.6), colour, (0, 0, z, size + 0.15), gloss=0.4)

    wall = cloth(paint(120, 142, 150))
    solids = [
        Solid(lambda p: drum(p, (0, 0, 0.0), 1.55, 0.06, 2), dial, (0, 0, 0, 1.62), gloss=0.1),
        Solid(
            lambda p: ring(p, (0, 0, 0.06), 1.62, 0.13, 2),
            speckled(paint(96, 56, 30), paint(60, 32, 16), 5, 0.8),
            (0, 0, 0, 1.85),
            0.5,
            60,
            0.25,
        ),
        hand(305, 0.85, 0.06, 0.13),
        hand(60, 1.2, 0.045, 0.17),
        hand(210, 1.25, 0.02, 0.2),
        Solid(lambda p: drum(p, (0, 0, 0.15), 0.09, 0.08, 2, 0.02), STEEL, (0, 0, 0.15, 0.2), 0.8, 60, 0.4),
        Solid(lambda p: 0.16 + p[2], lambda p, n: wall(p[[0, 2, 1]], n), gloss=0),
    ]
    stage = Stage(solids, room(paint(130, 130, 130)), None, (-0.5, 0.75, 0.8), shadow=7)
    return photo(stage, Camera((0.7, 0.35, 6.6), (0, 0, 0), 36), side)


def book(side: int) -> Array:
    """An open book on a table."""

    def height(x: Array) -> Array:
        return 0.16 + 0.2 * np.sqrt(np.clip(np.abs(x) / 0.5, 0, 1)) - 0.16 * np.clip(np.abs(x) / 1.9, 0, 1) ** 1.5

    def pages(p: Array) -> Array:
        body = np.maximum(np.abs(p[0]) - 1.75, np.abs(p[2]) - 1.22)
        return np.maximum(body, np.maximum(p[1] - height(p[0]), -p[1])) * 0.55

    def print_(p: Array, normal: Array) -> Array:
        x, z = np.abs(p[0]), p[2]
        line = np.abs((z * 8.5 + 0.5) % 1 - 0.5) < 0.17
        number = np.floor(z * 8.5 + 0.5)
        letters = smooth(np.stack([p[0] * 26, number * 5.3]), 4) + 0.35 * smooth(np.stack([p[0] * 70, number * 3.1]), 5) > -0.28
        end = 1.55 - 0.5 * (np.sin(number * 37.7 + np.sign(p[0])) > 0.72)
        text = line & letters & (x > 0.25) & (x < end) & (np.abs(z) < 1.02)
        picture = (p[0] > 0.3) & (p[0] < 1.5) & (z < -0.2) & (z > -1.0)
        paper = paint(238, 230, 208) * (0.55 + 0.45 * step(0.0, 0.22, x))
        shown = mix(
            paint(90, 130, 160), paint(150, 120, 80), step(-0.1, 0.2, z + 0.55 + 0.2 * layered(np.stack([p[0] * 2, z * 0 + 1]), 3, 6))
        )
        light = np.where(text, paint(40, 36, 34), paper)
        light = np.where(picture, shown, light)
        edge = normal[1] < 0.5
        return np.where(edge, paint(214, 204, 178) * (0.75 + 0.25 * np.sin(p[1] * 190)), light)

    solids = [
        Solid(pages, print_, (0, 0.2, 0, 2.3), gloss=0.05),
        Solid(lambda p: block(p, (0, 0.03, 0), (1.86, 0.03, 1.3), 0.02), paint(130, 26, 30), (0, 0.03, 0, 2.4), gloss=0.3),
    ]
    stage = Stage(
        [*solids], room(paint(120, 108, 90)), Floor(0.0, wood(paint(120, 80, 52), paint(58, 36, 24)), 0.15, 0.15), (-0.55, 0.75, -0.2)
    )
    return photo(stage, Camera((0.9, 3.5, 4.0), (0.05, 0.1, 0.05), 40, 2.0), side)
