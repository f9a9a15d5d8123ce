"""Animals with fur and feathers: a cat, a dog, a robin and a penguin."""

from __future__ import annotations

import numpy as np

from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.sets import cloth, grass, photo, room, sky, speckled
from labs.natural.solids import ball, chain, egg, join, length, rod, spun, vector, without
from labs.natural.stage import Camera, Distance, Floor, Solid, Stage


def fur(fine: float, seed: int, deep: float = 0.02) -> Distance:
    """Short hair that hangs down."""

    def bump(p: Array) -> Array:
        bent = p + 0.06 * smooth(p * 3, seed + 3)
        return deep * layered(np.stack([bent[0] * fine, bent[1] * fine * 0.22, bent[2] * fine]), 3, seed)

    return bump


def _both(p: Array) -> Array:
    """Left folded onto right."""
    q = p.copy()
    q[0] = np.abs(q[0])
    return q


def cat(side: int) -> Array:
    """A ginger cat, sitting, looking at the camera."""

    def body(p: Array) -> Array:
        q = _both(p)
        torso = join(egg(p, (0, 1.0, -0.3), (0.82, 1.0, 0.85)), egg(p, (0, 1.65, 0.12), (0.6, 0.8, 0.5)), 0.4)
        haunch = egg(q, (0.66, 0.55, -0.05), (0.4, 0.56, 0.7))
        leg = chain(q, [(0.27, 1.3, 0.42), (0.26, 0.5, 0.58), (0.26, 0.14, 0.62)], [0.26, 0.17, 0.16], 0.1)
        paws = join(egg(q, (0.27, 0.12, 0.72), (0.21, 0.14, 0.28)), egg(q, (0.72, 0.12, 0.5), (0.22, 0.14, 0.36)), 0.05)
        tail = chain(p, [(-0.6, 0.2, -0.7), (-1.25, 0.16, -0.2), (-1.35, 0.16, 0.5), (-0.85, 0.16, 0.95)], [0.16, 0.16, 0.14, 0.11], 0.1)
        return join(join(join(join(torso, haunch, 0.18), leg, 0.15), paws, 0.1), tail, 0.1)

    def head(p: Array) -> Array:
        q = _both(p)
        skull = join(egg(p, (0, 2.62, 0.3), (0.68, 0.58, 0.56)), egg(q, (0.33, 2.42, 0.46), (0.34, 0.28, 0.34)), 0.2)
        muzzle = join(egg(q, (0.13, 2.36, 0.8), (0.2, 0.15, 0.16)), egg(p, (0, 2.24, 0.72), (0.16, 0.12, 0.16)), 0.08)
        bridge = rod(p, (0, 2.75, 0.72), (0, 2.5, 0.86), 0.14, 0.1)
        ear = rod(q, (0.42, 2.95, 0.22), (0.6, 3.46, 0.16), 0.3, 0.05)
        ear = without(ear, rod(q, (0.44, 2.98, 0.5), (0.6, 3.42, 0.34), 0.2, 0.04), 0.05)
        return join(join(join(skull, muzzle, 0.12), bridge, 0.15), ear, 0.12)

    def coat(p: Array, normal: Array) -> Array:
        q = _both(p)
        wobble = 0.5 * smooth(p * 1.8, 4)
        bands = np.sin(np.where(p[1] > 2.75, q[0] * 17, p[1] * 9.5 + 2.2 * q[0]) + 2.5 * wobble)
        light = mix(paint(226, 146, 72), paint(160, 84, 30), step(0.1, 0.8, bands) * 0.9)
        light = light * (1 + 0.2 * layered(np.stack([p[0] * 22, p[1] * 6, p[2] * 22]), 3, 5))
        cream = paint(246, 226, 196)
        chest = step(0.46, 0.16, q[0] + 0.1 * wobble) * step(2.2, 1.9, p[1]) * step(0.75, 1.1, p[1]) * (p[2] > 0.2)
        muzzle = step(0.34, 0.22, np.hypot(q[0] * 0.9, (p[1] - 2.32) * 1.15)) * (p[2] > 0.6)
        paws = step(0.3, 0.18, p[1]) * (p[2] > 0.3)
        light = mix(light, cream, np.clip(chest + muzzle + paws, 0, 1))
        inner = (length(q - vector((0.54, 3.1, 0.42))) < 0.2) & (normal[2] > 0.3)
        return np.where(inner, paint(226, 160, 146), light)

    def eye(p: Array, normal: Array) -> Array:
        q = _both(p)
        u, v = q[0] - 0.285, p[1] - 2.68
        iris = mix(paint(176, 190, 60), paint(96, 140, 40), step(0.04, 0.15, np.hypot(u, v)))
        slit = np.hypot(u * 2.1, v * 0.85) < 0.105
        glint = np.hypot(q[0] - 0.285 + 0.05 * np.sign(p[0]), v - 0.07) < 0.035
        light = np.where(slit, paint(8, 8, 8), iris)
        light = np.where(np.hypot(u * 0.95, v * 1.2) > 0.155, paint(40, 24, 14), light)
        return np.where(glint, paint(255, 255, 255) * 1.5, light)

    def whiskers(p: Array) -> Array:
        q = _both(p)
        found = None
        for n, y in enumerate((2.42, 2.36, 2.3)):
            this = rod(q, (0.2, y, 0.88), (1.1, y + 0.22 - 0.16 * n, 0.75), 0.011, 0.006)
            found = this if found is None else np.minimum(found, this)
        return found

    hair = fur(24, 2, 0.022)
    solids = [
        Solid(body, coat, (-0.2, 1.1, 0, 1.85), gloss=0.03, bump=hair, soft=0.25),
        Solid(head, coat, (0, 2.75, 0.3, 1.1), gloss=0.03, bump=hair, soft=0.25),
        Solid(lambda p: egg(_both(p), (0.285, 2.68, 0.66), (0.175, 0.155, 0.17)), eye, (0, 2.68, 0.66, 0.55), gloss=0.6, sharp=120),
        Solid(lambda p: egg(p, (0, 2.46, 0.945), (0.085, 0.055, 0.05)), paint(206, 110, 104), (0, 2.46, 0.94, 0.12), gloss=0.3),
        Solid(
            lambda p: chain(_both(p), [(0, 2.42, 0.955), (0.0, 2.33, 0.95), (0.1, 2.285, 0.935)], [0.012, 0.012, 0.01]),
            paint(90, 46, 36),
            (0, 2.35, 0.94, 0.2),
        ),
        Solid(whiskers, paint(250, 246, 240), (0, 2.4, 0.8, 1.3), gloss=0.1),
    ]
    rug = cloth(paint(120, 130, 146))
    stage = Stage(
        solids, room(paint(170, 156, 138)), Floor(0.0, rug, 0.0, bump=lambda p: 0.03 * layered(p[[0, 2]] * 16, 2, 3)), (-0.55, 0.75, 0.65)
    )
    return photo(stage, Camera((0.9, 2.3, 7.6), (-0.1, 1.72, 0), 32, 3.0), side)


def dog(side: int) -> Array:
    """A brown and white dog, sitting in a meadow with its tongue out."""

    def body(p: Array) -> Array:
        q = _both(p)
        torso = join(egg(p, (0, 1.05, -0.45), (0.82, 1.0, 0.9)), egg(p, (0, 1.7, 0.1), (0.68, 0.85, 0.6)), 0.4)
        haunch = egg(q, (0.72, 0.55, -0.1), (0.42, 0.58, 0.75))
        leg = chain(q, [(0.36, 1.5, 0.42), (0.35, 0.6, 0.55), (0.35, 0.16, 0.6)], [0.3, 0.2, 0.19], 0.1)
        paws = join(egg(q, (0.35, 0.14, 0.72), (0.25, 0.16, 0.32)), egg(q, (0.82, 0.14, 0.5), (0.25, 0.16, 0.4)), 0.05)
        neck = rod(p, (0, 1.9, 0.0), (0, 2.7, 0.15), 0.55, 0.48)
        return join(join(join(join(torso, haunch, 0.18), leg, 0.15), paws, 0.1), neck, 0.25)

    def head(p: Array) -> Array:
        q = _both(p)
        skull = egg(p, (0, 3.05, 0.2), (0.62, 0.6, 0.6))
        snout = join(rod(p, (0, 2.86, 0.5), (0, 2.8, 1.12), 0.36, 0.25), egg(q, (0.13, 2.7, 1.1), (0.18, 0.16, 0.22)), 0.1)
        jaw = rod(p, (0, 2.64, 0.5), (0, 2.5, 0.98), 0.26, 0.15)
        return join(join(skull, snout, 0.2), jaw, 0.06)

    def ears(p: Array) -> Array:
        q = _both(p)
        flap = chain(q, [(0.52, 3.42, 0.12), (0.82, 3.05, 0.16), (0.86, 2.55, 0.28)], [0.16, 0.24, 0.2], 0.15)
        return np.maximum(flap, np.abs(q[0] - 0.72 - 0.12 * (3.1 - q[1])) - 0.13)

    brown, white = paint(140, 84, 42), paint(240, 234, 224)

    def coat(p: Array, normal: Array) -> Array:
        q = _both(p)
        wave = 0.16 * layered(p * 2.5, 3, 6)
        chest = step(0.5, 0.3, q[0] + wave) * (p[2] > 0.05) * step(0.6, 0.9, p[1]) * step(2.9, 2.5, p[1])
        socks = step(0.75, 0.6, p[1] + wave) * (p[2] > 0.25)
        blaze = step(0.2, 0.1, q[0] - 0.22 * step(0.6, 1.0, p[2]) - 0.15 * step(3.0, 2.7, p[1])) * (p[1] > 2.5) * (p[2] > 0.3)
        tone = 1 + 0.25 * layered(np.stack([p[0] * 18, p[1] * 5, p[2] * 18]), 3, 5)
        return mix(brown, white, np.clip(chest + socks + blaze, 0, 1)) * tone

    def dark(p: Array, normal: Array) -> Array:
        glint = length(_both(p) - vector((0.25, 3.18, 0.86))) < 0.05
        return np.where(glint, paint(255, 255, 255), paint(28, 16, 10))

    hair = fur(20, 8, 0.022)
    solids = [
        Solid(body, coat, (0, 1.3, 0, 1.8), gloss=0.03, bump=hair, soft=0.25),
        Solid(head, coat, (0, 2.9, 0.45, 1.15), gloss=0.03, bump=hair, soft=0.25),
        Solid(ears, speckled(paint(110, 62, 30), paint(80, 44, 22), 5, 0.8), (0, 2.95, 0.2, 1.25), gloss=0.03, bump=hair, soft=0.25),
        Solid(lambda p: egg(_both(p), (0.25, 3.14, 0.72), (0.12, 0.13, 0.11)), dark, (0, 3.14, 0.72, 0.42), gloss=0.8, sharp=100),
        Solid(
            lambda p: egg(p, (0, 2.94, 1.32), (0.19, 0.14, 0.12)), paint(20, 16, 16), (0, 2.94, 1.32, 0.25), gloss=0.6, sharp=60, mirror=0.1
        ),
        Solid(
            lambda p: np.maximum(
                chain(p, [(0, 2.52, 0.95), (0.03, 2.42, 1.16), (0.05, 2.1, 1.2)], [0.15, 0.15, 0.14], 0.05),
                np.abs(p[2] - 1.18 + 0.3 * np.maximum(p[1] - 2.4, 0)) - 0.06,
            ),
            paint(226, 100, 110),
            (0, 2.35, 1.1, 0.5),
            gloss=0.4,
        ),
    ]
    collar = Solid(
        lambda p: np.hypot(np.hypot(p[0], p[2] - 0.08) - 0.6, (p[1] - 2.28 + 0.2 * p[2]) * 0.8) - 0.08,
        paint(190, 20, 30),
        (0, 2.28, 0.1, 0.9),
        gloss=0.3,
    )
    meadow = sky(paint(90, 150, 220), paint(150, 180, 130), 0.3, 3)
    floor = Floor(0.0, grass(5), 0.0, bump=lambda p: 0.06 * layered(np.stack([p[0] * 14, p[2] * 7]), 3, 2))
    stage = Stage([*solids, collar], meadow, floor, (-0.5, 0.75, 0.65))
    return photo(stage, Camera((1.1, 2.6, 8.4), (0, 1.85, 0.1), 32, 4.0), side)


def robin(side: int) -> Array:
    """A robin on a twig."""

    def body(p: Array) -> Array:
        trunk = join(egg(p, (0, 0.9, 0), (0.92, 0.8, 0.72)), egg(p, (0.62, 1.62, 0.05), (0.52, 0.5, 0.47)), 0.35)
        return join(trunk, rod(p, (-0.6, 0.75, 0), (-1.1, 0.55, 0), 0.42, 0.16), 0.3)

    def plumage(p: Array, normal: Array) -> Array:
        wave = 0.1 * layered(p * 4, 3, 3)
        front = step(-0.02, 0.12, (p[0] - 0.2) * 0.9 - (p[1] - 1.2) * 0.42 + wave + 0.1 * np.abs(p[2]))
        red = front * step(0.42, 0.62, p[1] + wave) * step(1.96, 1.84, p[1] - 0.3 * (p[0] - 0.6))
        belly = step(0.75, 0.5, p[1] + wave)
        back = mix(paint(110, 92, 62), paint(140, 120, 88), np.clip(0.5 + layered(np.stack([p[0] * 6, p[1] * 14, p[2] * 14]), 3, 6), 0, 1))
        light = mix(back, paint(226, 220, 208), belly)
        return mix(light, mix(paint(206, 74, 12), paint(232, 112, 30), np.clip(0.5 + layered(p * 9, 3, 2), 0, 1)), red)

    def wing(p: Array) -> Array:
        q = p.copy()
        q[2] = np.abs(q[2])
        q = spun(q, -20, 2, (-0.2, 0.95, 0.6))
        return join(egg(q, (-0.15, 1.0, 0.6), (0.75, 0.36, 0.16)), rod(q, (-0.6, 0.92, 0.55), (-1.15, 0.8, 0.42), 0.16, 0.06), 0.12)

    def feathers(p: Array, normal: Array) -> Array:
        rows = np.sin(p[1] * 14 + p[0] * 5) * 0.5 + 0.5
        return mix(paint(86, 72, 50), paint(150, 130, 98), step(0.6, 0.95, rows))

    def tail(p: Array) -> Array:
        q = spun(p, -24, 2, (-1.0, 0.6, 0))
        return (
            np.maximum(np.abs(q[1] - 0.58) - 0.035, np.maximum(np.abs(q[2]) - 0.22 - 0.05 * (-1 - q[0]), np.abs(q[0] + 1.45) - 0.65)) * 0.8
        )

    def legs(p: Array) -> Array:
        q = p.copy()
        q[2] = np.abs(q[2] - 0.03)
        return chain(q, [(0.12, 0.35, 0.2), (0.06, 0.05, 0.2), (0.16, -0.14, 0.2), (0.34, -0.18, 0.2)], [0.05, 0.035, 0.035, 0.03])

    def twig(p: Array) -> Array:
        main = chain(p, [(-3.2, -0.62, 0.1), (-0.6, -0.32, 0.0), (1.2, -0.26, 0.05), (3.4, 0.2, -0.1)], [0.16, 0.14, 0.12, 0.09], 0.05)
        side_ = chain(p, [(1.2, -0.26, 0.05), (2.0, -0.75, 0.2), (2.6, -1.0, 0.3)], [0.08, 0.06, 0.04])
        return join(main, side_, 0.1)

    bark = speckled(paint(104, 84, 64), paint(60, 46, 36), 9, 1.0)
    eye = (0.82, 1.72, 0.43)
    solids = [
        Solid(body, plumage, (0, 1.1, 0, 1.55), gloss=0.02, bump=fur(26, 4, 0.012), soft=0.2),
        Solid(wing, feathers, (-0.4, 0.95, 0, 1.2), gloss=0.05, bump=fur(20, 5, 0.01)),
        Solid(tail, feathers, (-1.5, 0.5, 0, 0.95), gloss=0.05),
        Solid(lambda p: rod(p, (1.08, 1.64, 0.05), (1.42, 1.56, 0.05), 0.1, 0.015), paint(50, 42, 36), (1.25, 1.6, 0.05, 0.35), gloss=0.3),
        Solid(
            lambda p: ball(p, eye, 0.1),
            lambda p, n: np.where(length(p - vector((0.83, 1.78, 0.52))) < 0.035, paint(255, 255, 255), paint(10, 8, 8)),
            (*eye, 0.12),
            gloss=0.8,
            sharp=100,
        ),
        Solid(legs, paint(96, 66, 50), (0.15, 0.1, 0.03, 0.6)),
        Solid(twig, bark, gloss=0.05, bump=lambda p: 0.03 * layered(np.stack([p[0] * 3, p[1] * 9, p[2] * 9]), 3, 7)),
    ]

    def garden(way: Array) -> Array:
        return mix(paint(70, 96, 66), paint(190, 206, 170), np.clip(0.5 + 0.7 * layered(way * 3.2, 3, 12) + 0.6 * way[1], 0, 1))

    stage = Stage(solids, garden, None, (0.35, 0.8, 0.7))
    return photo(stage, Camera((1.4, 1.3, 6.8), (-0.05, 0.72, 0), 34), side)


def penguin(side: int) -> Array:
    """An emperor penguin on snow."""

    def body(p: Array) -> Array:
        trunk = join(egg(p, (0, 1.35, 0), (0.85, 1.3, 0.75)), egg(p, (0, 2.75, 0.08), (0.45, 0.48, 0.46)), 0.5)
        return join(trunk, rod(p, (0, 0.4, -0.5), (0, 0.08, -0.95), 0.3, 0.12), 0.25)

    def coat(p: Array, normal: Array) -> Array:
        q = _both(p)
        front = step(0.05, 0.12, p[2] - 0.05 - 0.28 * q[0] * step(0.4, 0.9, q[0]) + 0.04 * smooth(p * 6, 3))
        belly = front * step(2.4, 2.25, p[1] - 0.25 * q[0]) * step(0.72, 0.62, q[0])
        neck = step(0.24, 0.1, length((q - vector((0.34, 2.5, 0.24))) / vector((0.7, 1.1, 1.6))))
        light = mix(paint(24, 26, 32), paint(240, 238, 230), belly)
        light = mix(light, paint(246, 210, 90), belly * step(1.75, 2.3, p[1]))
        return mix(light, paint(250, 176, 30), neck)

    def flippers(p: Array) -> Array:
        q = _both(p)
        return np.maximum(chain(q, [(0.68, 2.1, 0.02), (1.02, 1.4, 0.1), (1.08, 0.82, 0.2)], [0.16, 0.26, 0.1], 0.15),
                          np.abs(q[0] - 0.72 - 0.32 * (2.1 - q[1]) + 0.1 * (2.1 - q[1]) ** 2) - 0.08)  # fmt: skip

    def feet(p: Array) -> Array:
        q = _both(p)
        return join(egg(q, (0.34, 0.06, 0.55), (0.26, 0.08, 0.36)), egg(q, (0.34, 0.1, 0.3), (0.2, 0.14, 0.25)), 0.1)

    def ice(way: Array) -> Array:
        ridge = 0.06 + 0.12 * layered(np.stack([way[0] * 3 + 1, way[2] * 0]), 4, 5, ridged=True)
        tone = mix(
            paint(130, 170, 200), paint(226, 238, 246), np.clip(0.5 + 0.6 * layered(np.stack([way[0] * 9, way[1] * 22]), 4, 6), 0, 1)
        )
        return np.where((way[1] < ridge) & (way[1] > -0.1), tone, heaven(way))

    heaven = sky(paint(80, 140, 206), paint(206, 224, 238), 0.5, 9)
    snow = speckled(paint(226, 234, 244), paint(196, 212, 232), 2, 0.6)
    solids = [
        Solid(body, coat, (0, 1.6, -0.1, 1.8), gloss=0.12, sharp=20, bump=fur(24, 4, 0.008)),
        Solid(flippers, paint(26, 28, 34), (0, 1.45, 0.1, 1.45), gloss=0.15),
        Solid(feet, paint(40, 36, 36), (0, 0.1, 0.45, 0.85), gloss=0.2),
        Solid(
            lambda p: chain(p, [(0, 2.78, 0.45), (0, 2.74, 0.75), (0, 2.62, 0.98)], [0.13, 0.08, 0.03], 0.05),
            lambda p, n: np.where(
                (np.abs(p[1] - 2.72 + 0.25 * (p[2] - 0.7)) < 0.05) & (p[2] > 0.5), paint(226, 120, 60), paint(22, 22, 26)
            ),
            (0, 2.75, 0.7, 0.5),
            gloss=0.3,
        ),
        Solid(lambda p: ball(_both(p), (0.3, 2.88, 0.36), 0.07), paint(60, 40, 24), (0, 2.88, 0.36, 0.42), gloss=0.9, sharp=90),
    ]
    floor = Floor(0.0, snow, 0.1, bump=lambda p: 0.08 * layered(p[[0, 2]] * 1.8, 4, 3))
    stage = Stage(solids, ice, floor, (-0.5, 0.7, 0.6), below=paint(190, 205, 225) * 0.6)
    return photo(stage, Camera((2.6, 1.9, 6.6), (0, 1.62, 0), 34), side)
