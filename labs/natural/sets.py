"""What stands around the things: rooms, skies, tables and meadows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from labs.natural.film import reduced, unfocused
from labs.natural.noise import Array, layered, mix, paint, smooth, step
from labs.natural.stage import Camera, Stage, taken

FINE = 2  # rays a pixel, along each side


def photo(stage: Stage, camera: Camera, side: int) -> Array:
    """The light of a stage, `side` pixels wide and high."""
    light, far = taken(stage, camera, side * FINE)
    if camera.focus:
        radius = camera.focus * side / 224 * FINE
        light = unfocused(light, far, float(np.linalg.norm(np.subtract(camera.eye, camera.at))), radius)
    return reduced(light, FINE)


def room(wall: Array, lamp: float = 1.0) -> Callable[[Array], Array]:
    """A wall with a gradient, and a window behind the camera that shines in what is polished."""

    def seen(way: Array) -> Array:
        light = wall * (0.75 + 0.5 * way[1] + 0.25 * smooth(way * 1.7, 3))
        inside = step(0.25, 0.45, way[2]) * step(0.1, 0.16, way[1]) * step(0.72, 0.66, way[1])
        panes = inside * step(-0.85, -0.8, way[0]) * step(-0.2, -0.25, way[0]) * (0.25 + 0.75 * step(0.015, 0.03, np.abs(way[0] + 0.52)))
        return np.maximum(light, 0.02) + np.float32(3.2 * lamp) * panes

    return seen


def sky(
    blue: Array, pale: Array, clouds: float = 0.5, seed: int = 1, sun: tuple[float, float, float] | None = None
) -> Callable[[Array], Array]:
    """Blue above, pale at the horizon, with clouds (0 none .. 1 many) on a flat layer."""

    def seen(way: Array) -> Array:
        up = np.maximum(way[1], 0.0)
        light = mix(pale, blue, np.clip(up * 2.2, 0, 1) ** 0.6)
        if clouds:
            place = np.stack([way[0], way[2]]) / (up + 0.12) * 1.3
            thick = layered(place + np.float32(seed), 6, seed)
            part = step(0.25 - 0.45 * clouds, 0.65 - 0.4 * clouds, thick) * step(0.0, 0.1, way[1])
            lit = 0.82 + 0.3 * (thick - layered(place * 1.03 + np.float32(seed) + 0.05, 4, seed))
            light = mix(light, paint(250, 250, 252) * lit, part * 0.92)
        if sun is not None:
            toward = np.array(sun, np.float32)[:, None] / np.float32(np.linalg.norm(sun))
            near = np.maximum((way * toward).sum(axis=0), 0)
            light = light + paint(255, 225, 180) * (near**60 * 0.5 + near**1500 * 20)
        return light

    return seen


def wood(light: Array, dark: Array, along: int = 0, board: float = 1.1, seed: int = 0) -> Callable[[Array, Array], Array]:
    """Boards with grain; `along` is the axis that they run along (0 or 2)."""
    across = 2 - along

    def colour(p: Array, normal: Array) -> Array:
        number = np.floor(p[across] / board)
        shift = number * np.float32(7.7)
        grain = layered(np.stack([p[along] * 0.9 + shift, p[across] * 9, p[1] * 9]), 4, seed)
        lines = np.sin((p[across] * 14 + 5 * layered(np.stack([p[along] * 0.5 + shift, p[across] * 1.6]), 3, seed + 1)) * 3)
        part = np.clip(0.45 + 0.4 * grain + 0.14 * lines + 0.12 * np.sin(number * 12.9), 0, 1)
        seam = step(0.012, 0.03, np.abs(p[across] / board - np.round(p[across] / board)) * board)
        return mix(light, dark, part) * (0.35 + 0.65 * seam)

    return colour


def cloth(colour: Array, seed: int = 0) -> Callable[[Array, Array], Array]:
    """Plain cloth or paper with hardly any pattern."""

    def made(p: Array, normal: Array) -> Array:
        return colour * (1 + 0.08 * layered(p[[0, 2]] * 1.5, 4, seed) + 0.03 * smooth(p[[0, 2]] * 40, seed + 5))

    return made


def grass(seed: int = 0, dry: float = 0.0) -> Callable[[Array, Array], Array]:
    """A meadow from above: patches and blades."""
    low, high, straw = paint(46, 84, 22), paint(124, 158, 52), paint(178, 160, 88)

    def made(p: Array, normal: Array) -> Array:
        far = np.maximum(np.abs(p[2]) * 0.12, 1)
        blades = layered(np.stack([p[0] * 16 / far, p[2] * 5 / far]), 4, seed)
        patches = layered(p[[0, 2]] * 0.6, 4, seed + 9)
        green = mix(low, high, np.clip(0.5 + 0.55 * blades + 0.3 * patches, 0, 1))
        return mix(green, straw, np.clip(dry + 0.5 * patches, 0, 1) * (0.3 + dry))

    return made


def speckled(colour: Array, other: Array, size: float, amount: float, seed: int = 0) -> Callable[[Array, Array], Array]:
    """One colour with soft spots of another."""

    def made(p: Array, normal: Array) -> Array:
        return mix(colour, other, np.clip(0.5 + layered(p * size, 4, seed), 0, 1) * amount)

    return made


def mortar(x: Array, y: Array, long: float, high: float) -> Array:
    """1 in the joints of a brick wall, 0 on the bricks."""
    row = np.floor(y / high)
    u = np.abs(((x / long + 0.5 * (row % 2)) % 1) - 0.5)
    v = np.abs(((y / high) % 1) - 0.5)
    return np.maximum(step(0.5 - 0.035, 0.5 - 0.02, u), step(0.5 - 0.09, 0.5 - 0.05, v))


def bricks(x: Array, y: Array, long: float, high: float) -> Array:
    row = np.floor(y / high)
    number = np.floor(x / long + 0.5 * (row % 2))
    tone = np.clip(
        0.5 + 0.5 * smooth(np.stack([number * 5.3 + 0.4, row * 7.7 + 0.2]), 3) + 0.25 * layered(np.stack([x * 9, y * 9]), 3, 4), 0, 1
    )
    return mix(mix(paint(124, 50, 34), paint(186, 96, 68), tone), paint(186, 178, 164), mortar(x, y, long, high))
