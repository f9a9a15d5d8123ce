"""From light to a picture: lens blur, exposure, the film's curve, dark corners and grain, eight bits."""

from __future__ import annotations

import numpy as np

from labs.natural.noise import Array


def blurred(light: Array, radius: float) -> Array:
    """A Gauss filter along both sides; `radius` is its standard deviation in pixels."""
    if radius <= 0.05:
        return light
    reach = int(3 * radius + 1)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / radius) ** 2).astype(np.float32)
    kernel /= kernel.sum()
    made = light.astype(np.float32)
    for axis in (0, 1):
        padded = np.pad(made, [(reach, reach) if n == axis else (0, 0) for n in range(made.ndim)], mode="edge")
        size = made.shape[axis]
        made = sum(np.float32(k) * np.take(padded, range(n, n + size), axis=axis) for n, k in enumerate(kernel))
    return made


def unfocused(light: Array, far: Array, focus: float, radius: float) -> Array:
    """What lies behind the distance `focus` is blurred, the more the farther; what is in focus does not bleed into it."""
    made = light
    for begin, strength in ((1.15, 0.45), (1.5, 1.0)):
        behind = (far > focus * begin).astype(np.float32)[..., None]
        weight = blurred(behind, radius * strength)
        soft = blurred(light * behind, radius * strength) / np.maximum(weight, 1e-4)
        made = np.where(behind > 0, soft, made)
    return made


def reduced(light: Array, fine: int) -> Array:
    """Means of fine x fine pixels; what is too bright is held first, so that edges stay smooth."""
    side = light.shape[0] // fine
    return np.minimum(light, 4).reshape(side, fine, side, fine, 3).mean(axis=(1, 3))


def developed(light: Array, seed: int, exposure: float = 1.0, grain: float = 0.009, corners: float = 0.25, bloom: float = 0.06) -> Array:
    """Light (H, W, 3) as uint8 pixels."""
    side = light.shape[0]
    bright = np.maximum(light - 1, 0)
    light = light + bloom * (blurred(light, side / 28) - light) + 0.5 * blurred(bright, side / 45)
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j].astype(np.float32)
    light = np.maximum(light * exposure * (1 - corners * ((x * x + y * y) / 2)[..., None] ** 1.5), 0)
    curve = light * (2.51 * light + 0.03) / (light * (2.43 * light + 0.59) + 0.14)  # Narkowicz's fit of the ACES film curve
    shown = np.clip(curve, 0, 1) ** np.float32(1 / 2.2)
    random = np.random.Generator(np.random.PCG64(seed))
    noise = random.standard_normal((side, side, 1)).astype(np.float32) + 0.5 * random.standard_normal((side, side, 3)).astype(np.float32)
    return np.clip((shown + noise * grain * (1.1 - shown)) * 255 + 0.5, 0, 255).astype(np.uint8)
