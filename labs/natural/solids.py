"""Distances to solids: each function takes points (3, N) and says how far they are outside (below 0 inside)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from labs.natural.noise import Array

Vector = Sequence[float]


def vector(v: Vector) -> Array:
    return np.array(v, np.float32)[:, None]


def length(p: Array) -> Array:
    return np.sqrt((p * p).sum(axis=0))


def ball(p: Array, centre: Vector, radius: float) -> Array:
    return length(p - vector(centre)) - radius


def egg(p: Array, centre: Vector, radii: Vector) -> Array:
    """An ellipsoid (the distance is close enough)."""
    q, r = p - vector(centre), vector(radii)
    inner, outer = length(q / r), length(q / (r * r))
    return inner * (inner - 1) / np.maximum(outer, 1e-6)


def block(p: Array, centre: Vector, half: Vector, rounded: float = 0.0) -> Array:
    """A box with its edges rounded off."""
    q = np.abs(p - vector(centre)) - vector(half) + rounded
    return length(np.maximum(q, 0)) + np.minimum(q.max(axis=0), 0) - rounded


def rod(p: Array, a: Vector, b: Vector, ra: float, rb: float | None = None) -> Array:
    """From a to b with round ends, as thick as ra at a and rb at b."""
    start, way = vector(a), vector(b) - vector(a)
    part = np.clip(((p - start) * way).sum(axis=0) / (way * way).sum(), 0, 1)
    return length(p - start - way * part) - (ra + ((ra if rb is None else rb) - ra) * part)


def chain(p: Array, points: Sequence[Vector], radii: Sequence[float], soft: float = 0.0) -> Array:
    """Rods from point to point."""
    found = rod(p, points[0], points[1], radii[0], radii[1])
    for n in range(1, len(points) - 1):
        found = join(found, rod(p, points[n], points[n + 1], radii[n], radii[n + 1]), soft)
    return found


def drum(p: Array, centre: Vector, radius: float, half: float, axis: int = 1, rounded: float = 0.0) -> Array:
    """A cylinder along an axis."""
    q = p - vector(centre)
    others = [q[n] for n in range(3) if n != axis]
    return _slab(np.hypot(*others) - radius + rounded, np.abs(q[axis]) - half + rounded) - rounded


def ring(p: Array, centre: Vector, radius: float, thick: float, axis: int = 1) -> Array:
    """A torus around an axis."""
    q = p - vector(centre)
    others = [q[n] for n in range(3) if n != axis]
    return np.hypot(np.hypot(*others) - radius, q[axis]) - thick


def rounded(profile: Sequence[tuple[float, float]], times: int = 1) -> list[tuple[float, float]]:
    """An outline with its corners cut (Chaikin), but for those on the axis."""
    made = list(profile)
    for _ in range(times):
        finer: list[tuple[float, float]] = []
        for (ax, ay), (bx, by) in zip(made, made[1:] + made[:1], strict=True):
            if ax == 0 or bx == 0:
                finer += [(ax, ay), (bx, by)]
            else:
                finer += [(ax * 0.75 + bx * 0.25, ay * 0.75 + by * 0.25), (ax * 0.25 + bx * 0.75, ay * 0.25 + by * 0.75)]
        made = [point for n, point in enumerate(finer) if point != finer[n - 1]]
    return made


def turned(p: Array, profile: Sequence[tuple[float, float]], centre: Vector = (0, 0, 0)) -> Array:
    """A lathe's work: the outline (radius, height), a polygon, turned around the upright axis."""
    q = p - vector(centre)
    return outline(np.hypot(q[0], q[2]), q[1], profile)


def cut_out(p: Array, corners: Sequence[tuple[float, float]], centre: Vector, half: float, rounded: float = 0.0) -> Array:
    """A flat polygon (x, y) made thick along z."""
    q = p - vector(centre)
    return _slab(outline(q[0], q[1], corners) + rounded, np.abs(q[2]) - half + rounded) - rounded


def outline(x: Array, y: Array, corners: Sequence[tuple[float, float]]) -> Array:
    """The distance to a polygon in the plane, below 0 inside."""
    nearest = np.full(x.shape, 1e9, np.float32)
    inside = np.zeros(x.shape, bool)
    bx, by = corners[-1]
    for ax, ay in corners:
        ex, ey = bx - ax, by - ay
        wx, wy = x - np.float32(ax), y - np.float32(ay)
        part = np.clip((wx * ex + wy * ey) / np.float32(ex * ex + ey * ey + 1e-12), 0, 1)
        nearest = np.minimum(nearest, (wx - ex * part) ** 2 + (wy - ey * part) ** 2)
        crosses = (y >= ay) != (y >= by)
        if ey:
            inside ^= crosses & (wx < ex * wy / np.float32(ey))
        bx, by = ax, ay
    return np.where(inside, -1, 1).astype(np.float32) * np.sqrt(nearest)


def join(a: Array, b: Array, soft: float = 0.0) -> Array:
    """Both, melted into each other over a width."""
    if not soft:
        return np.minimum(a, b)
    part = np.maximum(soft - np.abs(a - b), 0) / soft
    return np.minimum(a, b) - part * part * np.float32(soft / 4)


def without(a: Array, b: Array, soft: float = 0.0) -> Array:
    """a with b cut out of it."""
    return -join(-a, b, soft)


def spun(p: Array, angle: float, axis: int = 1, centre: Vector = (0, 0, 0)) -> Array:
    """Points as a solid that is turned by that angle (degrees) around an axis sees them."""
    q = p - vector(centre)
    a, b = [n for n in range(3) if n != axis]
    cos, sin = np.float32(np.cos(np.radians(angle))), np.float32(np.sin(np.radians(angle)))
    made = q.copy()
    made[a], made[b] = q[a] * cos - q[b] * sin, q[a] * sin + q[b] * cos
    return made + vector(centre)


def _slab(a: Array, b: Array) -> Array:
    return np.minimum(np.maximum(a, b), 0) + np.hypot(np.maximum(a, 0), np.maximum(b, 0))
