"""Views that are painted in layers from far to near: a forest, and three of the night."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from labs.natural.film import blurred, reduced
from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.sets import FINE


def _canvas(side: int) -> tuple[int, Array, Array]:
    """Twice the side, and the places of its pixels: x from -1 to 1, y from 0 at the bottom to 1 at the top."""
    size = side * FINE
    line = (np.arange(size, dtype=np.float32) + 0.5) / size
    x: Array
    y: Array
    x, y = np.meshgrid(line * 2 - 1, 1 - line)
    return size, x.ravel(), y.ravel()


def forest(side: int) -> Array:
    """Trunks in mist, with sunlight falling in."""
    size, x, y = _canvas(side)
    fog = mix(paint(150, 170, 112), paint(226, 234, 180), np.exp(-(((x - 0.15) / 0.6) ** 2) - ((y - 0.62) / 0.35) ** 2))
    light = fog * (0.75 + 0.25 * y)
    random = np.random.Generator(np.random.PCG64(4))
    for depth in range(7):
        near = depth / 6
        part = 0.12 + 0.88 * near**0.9
        ground = 0.34 - 0.24 * near
        tone = 1 + 0.3 * layered(np.stack([x * (10 + 20 * (1 - near)), y * (24 + 40 * (1 - near))]), 4, depth)
        moss = mix(paint(92, 110, 42), paint(40, 58, 20), np.clip(0.5 + layered(np.stack([x * 5, y * 18]), 4, depth + 20), 0, 1))
        for _ in range(int(15 - 1.9 * depth)):
            cx, wide = random.uniform(-1.1, 1.1), (0.022 + 0.085 * near**1.5) * random.uniform(0.75, 1.25)
            if near > 0.7 and abs(cx - 0.12) < 0.3:
                cx += 0.55 if cx > 0.12 else -0.55
            light = _trunk(light, fog, x, y, cx, wide, ground, part, random.uniform(-0.05, 0.05), int(random.integers(1000)))
        leaves = layered(np.stack([x * (5 - 2 * near) + depth * 7, y * (5 - 2 * near)]), 6, depth + 40, 0.62)
        crown = step(0.05, 0.22, leaves + (y - 0.86 + 0.05 * near) * 2.4)
        green = mix(paint(36, 62, 18), paint(160, 176, 60), np.clip(0.4 + 1.3 * leaves * (1.3 - near), 0, 1))
        light = mix(light, mix(fog, green, part), crown * (0.55 + 0.4 * near))
        edge = ground + 0.03 * layered(np.stack([x * 5 + depth, x * 0]), 4, depth + 9)
        light = np.where(y < edge, mix(fog, moss * tone, part), light)
    rays_ = np.clip(layered(np.stack([(x - 0.5) / (1.35 - y) * 5, y * 0.35]), 3, 77), 0, 1)
    light = light * 0.8 + paint(255, 244, 190) * (rays_ * 0.4 * step(0.1, 0.6, y))
    ferns = layered(np.stack([x * 16, y * 26]), 4, 88)
    light = mix(light, mix(paint(20, 36, 10), paint(110, 146, 46), np.clip(0.5 + ferns, 0, 1)), step(0.16, 0.02, y + 0.1 * ferns))
    return reduced(light.T.reshape(size, size, 3), FINE)


def _trunk(
    light: Array, fog: Array, x: Array, y: Array, cx: float, wide: float, ground: float, part: float, lean: float, seed: int
) -> Array:
    """One trunk, rounder than flat: bright where the sun grazes it."""
    middle = cx + lean * (y - ground) + 0.02 * smooth(np.stack([y * 3, y * 0 + seed]), seed)
    flare = wide * (1 + 0.9 * np.exp(-np.maximum(y - ground, 0) / 0.05) - 0.35 * np.clip(y - ground, 0, 1))
    u = (x - middle) / flare
    bark = layered(np.stack([u * 4 + seed, y * 7 / max(wide * 14, 0.5)]), 4, seed)
    tone = mix(paint(46, 36, 26), paint(120, 100, 72), np.clip(0.42 + 0.6 * bark + 0.35 * u, 0, 1)) * (
        0.55 + 0.45 * np.sqrt(np.clip(1 - u * u, 0, 1))
    )
    tone = mix(tone, paint(90, 110, 40), step(0.25, 0.0, y - ground) * step(-0.1, 0.4, bark) * 0.7)
    inside = (np.abs(u) < 1) & (y > ground - 0.05)
    return np.where(inside, mix(fog, tone, np.float32(part)), light)


def moon(side: int) -> Array:
    """A full moon among stars, above a line of fir trees."""
    size, x, y = _canvas(side)
    light = mix(paint(24, 34, 62), paint(5, 9, 26), y)
    field: Array = np.zeros(size * size, np.float32)
    random = np.random.Generator(np.random.PCG64(8))
    for _ in range(260):
        sx, sy, b = random.uniform(-1, 1), random.uniform(0.2, 1), random.uniform(0.1, 1) ** 3
        i, j = int((sx + 1) / 2 * size), int((1 - sy) * size)
        field[min(j, size - 1) * size + min(i, size - 1)] += b * 5 * (size / 448) ** 2
    light = light + blurred(field.reshape(size, size, 1), size / 640).reshape(1, -1) * paint(235, 240, 255)
    u, v = (x - 0.28) / 0.44, (y - 0.66) / 0.22
    r = np.hypot(u, v)
    ball = np.clip(1 - r * r, 0, 1) ** 0.5
    q = np.stack([u, v, ball])
    seas = step(-0.05, 0.3, layered(q * 1.25 + np.float32(4.2), 4, 7))
    face = mix(paint(236, 230, 214), paint(150, 148, 146), seas * 0.85) * (1 + 0.14 * layered(q * 7, 4, 3))
    for cx, cy, cr, ray in (
        (0.1, -0.72, 0.09, 1.3),
        (-0.42, 0.1, 0.06, 0.6),
        (-0.1, 0.2, 0.045, 0.5),
        (0.5, -0.35, 0.05, 0.4),
        (0.35, 0.55, 0.05, 0.4),
    ):
        d = np.hypot(u - cx, v - cy)
        spikes = 0.5 + 0.5 * smooth(np.stack([np.arctan2(v - cy, u - cx) * 5, d * 0]), 5)
        face = face * (
            1
            + 0.3 * np.exp(-((d / cr) ** 2))
            + 0.22 * ray * spikes * np.exp(-d / (cr * 5))
            - 0.22 * np.exp(-(((d - cr) / (cr * 0.3)) ** 2))
        )
    light = light + paint(150, 170, 220) * (0.35 * np.exp(-np.maximum(r - 1, 0) * 2.2))
    light = mix(light, face * 1.15 * (0.7 + 0.3 * ball), step(1.01, 0.99, r))
    veil = step(0.1, 0.7, layered(np.stack([x * 1.2, y * 6]), 5, 12)) * step(0.75, 0.4, y) * 0.45
    light = mix(light, paint(70, 82, 110) + 0.15 * np.exp(-r), veil)
    for n, (base, tone) in enumerate(((0.19, (18, 26, 44)), (0.09, (5, 8, 14)))):
        top = base + 0.05 * smooth(np.stack([x * 1.4 + n * 3, x * 0]), 4)
        for k in range(0, 30 - 16 * n):
            tx = -1.05 + k * (0.075 + 0.085 * n) + 0.03 * np.sin(k * 5.1 + n)
            th = (0.12 + 0.10 * np.sin(k * 3.3 + n * 2) ** 2) * (1 + 0.75 * n)
            rel = (top + th - y) / th
            jag = 0.55 + 0.45 * ((rel * 8) % 1)
            ragged = 0.006 * smooth(np.stack([x * 70, y * 70]), 3) * (rel > 0.08)
            tree = (np.abs(x - tx) < 0.36 * th * np.clip(rel, 0, 1.2) * jag + ragged) & (rel > 0)
            light = np.where(tree, paint(*tone), light)
        light = np.where(y < top, paint(*tone), light)
    return reduced(light.T.reshape(size, size, 3), FINE)


def skyline(side: int) -> Array:
    """A city at night, mirrored in a river."""
    size, x, y = _canvas(side)
    shore = 0.30
    wave = 0.02 * smooth(np.stack([x * 3, (y - shore) * 60]), 3) + 0.012 * smooth(np.stack([x * 9, (y - shore) * 160]), 4)
    under = y < shore
    u = np.where(under, x + wave * np.clip((shore - y) * 9, 0.2, 1.5), x)
    v = np.where(under, 2 * shore - y + 0.6 * wave * np.clip((shore - y) * 6, 0, 1), y)
    light = mix(paint(96, 56, 84), paint(10, 16, 44), np.clip((v - shore) * 1.9, 0, 1))
    light = light + paint(90, 80, 110) * np.clip(layered(np.stack([u * 1.5, v * 4]), 4, 5), 0, 1) * 0.25
    random = np.random.Generator(np.random.PCG64(21))
    for depth in range(3):
        at = -1.15
        number = 0
        while at < 1.1:
            wide = random.uniform(0.09, 0.2) * (0.8 + 0.25 * depth)
            mid = 1 - 0.55 * min(abs(at + wide / 2 + 0.1), 1)
            high = shore + (random.uniform(0.12, 0.5) * mid) * (1.25 - 0.32 * depth) + 0.03
            spire = random.random() < 0.22
            light = _tower(light, u, v, at, at + wide, high, shore, depth, number + depth * 50, spire)
            at += wide * random.uniform(0.86, 1.12)
            number += 1
    lamps = np.exp(-(((v - shore - 0.012) / 0.006) ** 2)) * (np.abs((u * 14) % 1 - 0.5) < 0.12)
    light = light + paint(255, 190, 110) * lamps * 1.4
    light = np.where(under, light * 0.62 * np.array([[0.85], [0.95], [1.1]], np.float32) + paint(10, 16, 34) * 0.6, light)
    shown = light.T.reshape(size, size, 3)
    return reduced(shown + 0.35 * blurred(shown, size / 90) + 0.25 * blurred(shown, size / 22), FINE)


def _tower(
    light: Array, u: Array, v: Array, left: float, right: float, high: float, low: float, depth: int, seed: int, spire: bool
) -> Array:
    wide = right - left
    body = (u > left) & (u < right) & (v < high) & (v > low)
    if spire:
        body |= (np.abs(u - (left + right) / 2) < wide * 0.28) & (v < high + 0.05) & (v > low)
        body |= (np.abs(u - (left + right) / 2) < 0.006) & (v < high + 0.16) & (v > low)
    columns, rows = max(3, round(wide * 26)), max(4, round((high - low) * 30))
    a, b = (u - left) / wide * columns, (v - low) / (high - low) * rows
    glass = (np.abs(a % 1 - 0.5) < 0.3) & (np.abs(b % 1 - 0.5) < 0.27) & (v < high - 0.012)
    pick = np.sin(np.floor(a) * 12.9898 + np.floor(b) * 78.233 + seed * 3.7) * 43758.55
    pick = pick - np.floor(pick)
    lit = glass & (pick < 0.36) & (u > left) & (u < right)
    tone = [(74, 62, 92), (46, 46, 76), (24, 28, 50)][depth]
    wall = paint(*tone) * (0.8 + 0.5 * (v - low) / (high - low))
    colours = np.stack([paint(255, 206, 120), paint(255, 232, 180), paint(190, 214, 255)])[(pick * 97).astype(int) % 3, :, 0].T
    made = np.where(body, wall, light)
    return np.where(body & lit, colours * (0.55 + 0.9 * pick) * (0.7 + 0.25 * depth), made)


def lightning(side: int) -> Array:
    """Lightning over a dark plain."""
    size, x, y = _canvas(side)
    clouds = layered(np.stack([x * 1.6, y * 3.2]) + 3, 6, 4)
    light = mix(paint(56, 48, 84), paint(14, 16, 34), np.clip(y * 1.1 + 0.4 * clouds, 0, 1))
    light = light * (0.8 + 0.9 * np.clip(clouds + 0.2, 0, 1))
    glow = np.exp(-((np.hypot(x - 0.1, (y - 0.82) * 1.5) / 0.5) ** 2))
    light = light + paint(150, 130, 220) * glow * np.clip(0.6 + clouds, 0.1, 1.5) * 0.9
    near: Array = np.full(size * size, 9.0, np.float32)
    for points, thick in _bolts():
        for (ax, ay), (bx, by) in pairwise(points):
            dx, dy = bx - ax, (by - ay) * 2
            t = np.clip(((x - ax) * dx + (y - ay) * 2 * dy) / (dx * dx + dy * dy + 1e-9), 0, 1)
            near = np.minimum(near, np.hypot(x - ax - t * dx, (y - ay) * 2 - t * dy) / thick)
    light = light + paint(226, 220, 255) * (6 * np.exp(-((near / 0.008) ** 2)) + 0.7 * np.exp(-near / 0.03) + 0.35 * np.exp(-near / 0.13))
    top = 0.13 + 0.02 * layered(np.stack([x * 4, x * 0]), 4, 7) + 0.012 * np.clip(layered(np.stack([x * 26, x * 0]), 3, 8), 0, 1)
    ground = paint(16, 18, 24) * (
        1 + 2.4 * np.exp(-(((x - 0.0) / 0.5) ** 2)) * np.clip(y / 0.13, 0, 1) * (1 + layered(np.stack([x * 14, y * 60]), 3, 5))
    )
    light = np.where(y < top, ground, light)
    return reduced(light.T.reshape(size, size, 3), FINE)


def _bolts() -> list[tuple[list[tuple[float, float]], float]]:
    """Broken lines from the clouds: the main one to the ground, the others branching off."""
    random = np.random.Generator(np.random.PCG64(30))

    def jagged(a: tuple[float, float], b: tuple[float, float], wild: float) -> list[tuple[float, float]]:
        points = [a, b]
        while len(points) < 40:
            finer = [points[0]]
            for p, q in pairwise(points):
                finer += [((p[0] + q[0]) / 2 + random.normal() * wild, (p[1] + q[1]) / 2 + random.normal() * wild * 0.3), q]
            points, wild = finer, wild * 0.52
        return points

    main = jagged((0.12, 0.98), (-0.08, 0.13), 0.1)
    made = [(main, 1.0)]
    for place, end, thick in ((14, (0.62, 0.42), 0.55), (26, (-0.55, 0.4), 0.5), (36, (0.3, 0.25), 0.4), (8, (-0.4, 0.72), 0.4)):
        made.append((jagged(main[place], end, 0.06), thick))
    return made
