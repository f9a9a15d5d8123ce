"""Landscapes: height maps seen by marching rays over them, and wide flat views."""

from __future__ import annotations

import numpy as np

from labs.natural.film import blurred, reduced
from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.sets import FINE, grass, photo, sky
from labs.natural.solids import vector
from labs.natural.stage import Camera, Floor, Stage, rays

MAP = 900  # points of a height map, each way


def _looked_up(field: Array, x: Array, z: Array, reach: float) -> Array:
    """The field (MAP, MAP) over -reach..reach at places between its points."""
    u = np.clip((x / reach + 1) / 2 * (MAP - 1), 0, MAP - 1.001)
    v = np.clip((z / reach + 1) / 2 * (MAP - 1), 0, MAP - 1.001)
    i, j = u.astype(np.int32), v.astype(np.int32)
    a, b = u - i, v - j
    return (field[j, i] * (1 - a) + field[j, i + 1] * a) * (1 - b) + (field[j + 1, i] * (1 - a) + field[j + 1, i + 1] * a) * b


def _grid(reach: float) -> tuple[Array, Array]:
    line = np.linspace(-reach, reach, MAP, dtype=np.float32)
    x: Array
    z: Array
    x, z = np.meshgrid(line, line)
    return x.ravel(), z.ravel()


def _terrain(field: Array, reach: float, camera: Camera, sun: tuple[float, float, float], side: int) -> tuple[Array, ...]:
    """Where rays meet the ground: hit mask, points (3, N), slopes' normals, shade of the sun, directions, distance."""
    eye, way = rays(camera, side * FINE)
    gone = np.full(way.shape[1], 0.3, np.float32)
    hit = np.zeros(way.shape[1], bool)
    active = np.arange(way.shape[1])
    for _ in range(420):
        at = eye + way[:, active] * gone[active]
        above = at[1] - _looked_up(field, at[0], at[2], reach)
        met = above < 0.002 * gone[active]
        hit[active[met]] = True
        gone[active] += np.where(met, 0, np.maximum(above * 0.3, 0.003 * gone[active] + 0.003))
        active = active[~met & (gone[active] < 2.2 * reach) & ~((at[1] > field.max()) & (way[1, active] > 0))]
        if not len(active):
            break
    at = eye + way * gone
    at[1] = np.where(hit, _looked_up(field, at[0], at[2], reach) + np.float32(0.003), at[1])  # a step may end below the ground
    hit &= (np.abs(at[0]) < reach * 0.98) & (np.abs(at[2]) < reach * 0.98)
    small = reach / MAP * 2
    slope = [
        (
            _looked_up(field, at[0] + small * dx, at[2] + small * dz, reach)
            - _looked_up(field, at[0] - small * dx, at[2] - small * dz, reach)
        )
        / (2 * small)
        for dx, dz in ((1, 0), (0, 1))
    ]
    normal = np.stack([-slope[0], np.ones_like(slope[0]), -slope[1]])
    normal /= np.sqrt((normal * normal).sum(axis=0))
    light = vector(sun) / np.float32(np.linalg.norm(sun))
    shade, gone_up = np.ones(way.shape[1], np.float32), np.full(way.shape[1], 0.05, np.float32)
    for _ in range(60):
        p = at + light * gone_up
        above = p[1] - _looked_up(field, p[0], p[2], reach)
        shade = np.minimum(shade, np.clip(0.5 + 12 * above / gone_up, 0, 1))
        gone_up += np.maximum(0.04, np.abs(above) * 0.5)
    return hit, at, normal, shade, way, gone


def mountains(side: int) -> Array:
    """Snow on rocky peaks above a dark green valley."""
    reach = 12.0
    x, z = _grid(reach)
    p = np.stack([x, z])
    bent = p * 0.15 + 0.22 * np.stack([layered(p * 0.22, 3, 31), layered(p * 0.22 + 9, 3, 32)])
    peaks = layered(bent + np.float32(2.2), 8, 4, 0.46, ridged=True)
    rise = step(6.5, -4.5, z)
    field = (rise * (peaks**1.5 * 7.2) + 0.25 * layered(p * 0.6, 5, 9)).reshape(MAP, MAP).astype(np.float32)
    sun = (-0.75, 0.5, 0.35)
    hit, at, normal, shade, way, far = _terrain(field, reach, Camera((0.4, 1.5, 11.0), (0.0, 2.35, 0), 46), sun, side)
    light = sky(paint(26, 90, 180), paint(176, 206, 232), 0.3, 14)(way)
    rough = layered(at[[0, 2]] * 5, 4, 3)
    rock = mix(paint(74, 70, 70), paint(134, 124, 116), np.clip(0.5 + layered(np.stack([at[0] * 4, at[1] * 7, at[2] * 4]), 4, 5), 0, 1))
    wood = mix(paint(18, 36, 18), paint(66, 92, 44), np.clip(0.5 + 0.7 * rough + 0.5 * layered(at[[0, 2]] * 30, 2, 4), 0, 1))
    ground = mix(wood, rock, step(0.9, 1.5, at[1] + 0.35 * rough + 1.2 * (0.8 - normal[1])))
    snow = step(1.3, 1.9, at[1] + 0.5 * rough) * step(0.3, 0.5, normal[1] + 0.12 * rough)
    ground = mix(ground, paint(240, 244, 250), snow)
    toward = vector(sun) / np.float32(np.linalg.norm(sun))
    facing = np.maximum((normal * toward).sum(axis=0), 0) * shade
    lit = ground * (paint(255, 240, 215) * 1.9 * facing + paint(120, 150, 200) * (0.6 + 0.4 * normal[1]))
    lit = mix(lit, paint(160, 190, 222), 1 - np.exp(-far * 0.025))
    return reduced(np.where(hit, lit, light).T.reshape(side * FINE, side * FINE, 3), FINE)


def dunes(side: int) -> Array:
    """Sand dunes under a clear sky."""
    reach = 14.0
    x, z = _grid(reach)
    p = np.stack([x, z])
    bent = x * 0.42 + z * 0.2 + 1.5 * smooth(p * 0.16, 3) + 0.35 * smooth(p * 0.5, 4)
    phase = bent - np.floor(bent)
    crest = np.where(phase < 0.72, (phase / 0.72) ** 1.4, 1 - (phase - 0.72) / 0.28)
    height = 0.75 + 0.5 * smooth(np.stack([np.floor(bent) * 1.7, z * 0.16]), 8)
    field = blurred((crest * height * 1.5 + 0.5 * layered(p * 0.12, 3, 6)).reshape(MAP, MAP, 1), 4)[..., 0]
    sun = (0.75, 0.38, 0.2)
    hit, at, normal, shade, way, far = _terrain(field, reach, Camera((0, 3.3, 12.5), (0, 1.0, 0), 48), sun, side)
    light = sky(paint(34, 100, 190), paint(206, 218, 226), 0.0)(way)
    warp = at[0] * 7 + at[2] * 3 + 2.5 * smooth(at[[0, 2]] * 0.9, 5)
    ripple = np.cos(warp * 2.6) * 0.16 * np.exp(-far * 0.1)
    toward = vector(sun) / np.float32(np.linalg.norm(sun))
    facing = np.clip((normal * toward).sum(axis=0) + ripple * 0.6, 0, 1) * shade
    sand = mix(paint(206, 140, 78), paint(226, 168, 104), np.clip(0.5 + layered(at[[0, 2]] * 2, 4, 7), 0, 1))
    lit = sand * (paint(255, 222, 170) * 2.1 * facing + paint(120, 140, 190) * 0.5)
    lit = mix(lit, paint(214, 206, 196), 1 - np.exp(-far * 0.007))
    return reduced(np.where(hit, lit, light).T.reshape(side * FINE, side * FINE, 3), FINE)


def sunset(side: int) -> Array:
    """The sun going down over the sea."""
    low = np.array([0.12, 0.055, -1.0], np.float32)
    toward = (low / np.linalg.norm(low))[:, None]

    def heaven(way: Array) -> Array:
        up = np.maximum(way[1], 0)
        light = mix(paint(255, 150, 50), paint(226, 96, 70), step(0.0, 0.14, up))
        light = mix(light, paint(110, 70, 120), step(0.1, 0.32, up))
        light = mix(light, paint(40, 46, 96), step(0.28, 0.6, up))
        near = np.maximum((way * toward).sum(axis=0), 0)
        light = light + paint(255, 190, 90) * (near**40 * 0.8 + near**300 * 0.8)
        place = np.stack([way[0], way[2] * 0.4]) / (up + 0.07) * 0.55
        thick = layered(place + 3, 6, 8)
        part = step(0.0, 0.5, thick) * step(0.0, 0.06, up) * 0.85
        rim = np.clip(thick - layered(place * 1.02 + 3 + np.array([[0.03], [0.05]], np.float32), 5, 8), -0.3, 0.3) * 2
        cloud = mix(paint(150, 64, 70), paint(255, 170, 90), np.clip(0.35 + rim + 0.8 * near**6, 0, 1))
        light = mix(light, cloud, part)
        disc = step(0.99925, 0.99945, near)
        return mix(light, paint(255, 236, 170) * 3.2, disc)

    def waves(p: Array) -> Array:
        far = 1 / (1 + 0.012 * np.abs(p[2]) ** 1.5)
        return (0.22 * layered(np.stack([p[0] * 0.7, p[2] * 1.1]), 4, 4) + 0.05 * smooth(np.stack([p[0] * 5, p[2] * 7]), 6)) * far

    floor = Floor(0.0, paint(20, 26, 48), 0.0, 0.95, waves, shadowless=True)
    dim = paint(90, 60, 60)
    stage = Stage([], heaven, floor, (0.12, 0.09, -1.0), paint(255, 150, 60) * 0.4, dim, dim)
    return photo(stage, Camera((0, 1.5, 9), (0.1, 1.95, 0), 44), side)


def road(side: int) -> Array:
    """A straight road through fields."""
    heaven = sky(paint(46, 116, 206), paint(206, 224, 238), 0.55, 23)
    meadow, crop = grass(5), grass(8, 0.6)

    def hills(way: Array) -> Array:
        light = heaven(way)
        for n, (base, colour) in enumerate(((0.075, (130, 156, 190)), (0.045, (104, 136, 140)), (0.022, (80, 116, 80)))):
            top = (
                base
                + 0.03 * smooth(np.stack([way[0] * (4 + 2 * n) + n * 5, way[2] * 0]), 5)
                + 0.006 * layered(np.stack([way[0] * 60, way[2] * 0]), 2, 6) * n
            )
            light = np.where(way[1] < top, paint(*colour) * (1 + 0.2 * smooth(np.stack([way[0] * 40, way[1] * 90]), 4)), light)
        return light

    def ground(p: Array, normal: Array) -> Array:
        far = np.abs(p[0])
        tar = paint(92, 92, 96) * (1 + 0.3 * layered(np.stack([p[0] * 9, p[2] * 4]), 3, 3) - 0.12 * np.exp(-(((far - 0.9) / 0.25) ** 2)))
        dash = (far < 0.07) & ((p[2] / 3.0) % 1 < 0.55)
        edge = np.abs(far - 1.72) < 0.06
        worn = 0.75 + 0.25 * layered(p[[0, 2]] * 6, 3, 8)
        tar = np.where(dash | edge, paint(232, 230, 220) * worn, tar)
        verge = mix(paint(150, 136, 100), meadow(p, normal), step(2.0, 2.5, far + 0.3 * smooth(p[[0, 2]] * 1.5, 4)))
        rows = 0.85 + 0.25 * np.sin(p[0] * 7)
        field = np.where(p[0] > 0, crop(p, normal) * rows, meadow(p, normal))
        light = np.where(far < 1.9, tar, np.where(far < 4.0, verge, field))
        return light

    stage = Stage([], hills, Floor(0.0, ground, 0.02, shadowless=True), (-0.4, 0.8, 0.4), haze=0.006)
    return photo(stage, Camera((0.55, 1.5, 10), (0.25, 1.35, 0), 50), side)
