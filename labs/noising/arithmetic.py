"""The facts found in plain Python, step by step and without the closed formulas: all that `none` reports, and most of what `tiny` does."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from labs.noising import draws, textures
from labs.noising.params import Params, Shown, pixels_of
from labs.noising.schedules import Schedule, decibels, zero_terminal
from labs.scenes.raster import rasterise
from studyapp.labkit.api import Json

COPIES = 16
OFF = 0.01  # by how much the estimate of the noise is wrong
TINY = 1e-8  # what is written for alpha_bar = 0


def measures(params: Params, seed: int, level: int) -> dict[str, Callable[[], Json]]:
    """Fact key -> how to find it."""
    return {
        "noise-shares": lambda: noise_shares(params, seed, level),
        "factors": lambda: factors(params.schedule, params.t2),
        "crossing": lambda: overtaken(params.schedule, draws.spread(draws.values(pixels_of(seed, level))) ** 2),
        "terminal": lambda: {"amplitude": factors(params.end, params.end.T - 1)["signal"]},
        "schedules": lambda: {"crossing": crossings(params.ordered), "leftover": leftovers(params.ordered)},
        "variances": lambda: variances(params.schedule, params.t8),
        "bands": lambda: {id: levels(one, params.schedule) for id, one in zip("abcd", params.shown, strict=True)},
        "copies": lambda: copies(params),
        "growth": lambda: growth(params, seed, level),
        "zero-end": lambda: zero_end(params.schedule, seed, level),
    }


def walk(schedule: Schedule) -> Iterator[tuple[float, float]]:
    """(factor of the picture, variance of the noise) after each single step x -> sqrt(1 - beta) x + sqrt(beta) eps."""
    signal, noise = 1.0, 0.0
    for beta in schedule.betas:
        signal, noise = math.sqrt(max(0.0, 1 - beta)) * signal, (1 - beta) * noise + beta
        yield signal, noise


def factors(schedule: Schedule, t: int) -> dict[str, float]:
    """What t + 1 single steps make of a picture without noise, and the spread of the noise they bring in."""
    signal, noise = list(walk(schedule))[t]
    return {"signal": signal, "noise": math.sqrt(noise)}


def overtaken(schedule: Schedule, variance: float) -> int:
    """The first step after which the noise has more variance than the picture's part."""
    return next((t for t, (signal, noise) in enumerate(walk(schedule)) if signal**2 * variance < noise), schedule.T)


def crossings(ordered: Sequence[Schedule]) -> dict[str, int]:
    return {id: overtaken(schedule, 1.0) for id, schedule in zip("abcd", ordered, strict=True)}


def leftovers(ordered: Sequence[Schedule]) -> dict[str, float]:
    """Signal-to-noise ratio after the last step, for variance 1."""
    ends = {id: list(walk(schedule))[-1] for id, schedule in zip("abcd", ordered, strict=True)}
    return {id: signal**2 / noise for id, (signal, noise) in ends.items()}


def variances(schedule: Schedule, t: int) -> dict[str, float]:
    """Variance after t + 1 steps of DDPM, of a program that only adds, and of one that adds all at once to a picture left as it is."""
    right = summed = 1.0
    for beta in schedule.betas[: t + 1]:
        right, summed = (1 - beta) * right + beta, summed + beta
    return {"right": right, "summed": summed, "unscaled": 1 + list(walk(schedule))[t][1]}


def noise_shares(params: Params, seed: int, level: int) -> dict[str, float]:
    """Of each picture of task 1, the mean square of what is not the picture's part."""
    clean = draws.values(pixels_of(seed, level))
    found = {}
    for id, t in zip("abcdef", params.noised, strict=True):
        factor = factors(params.schedule, t)["signal"]
        made = draws.noised(pixels_of(seed, level), params.schedule.bars[t], f"{seed}/{level}/{id}")
        found[id] = draws.mean([(a - factor * b) ** 2 for a, b in zip(made, clean, strict=True)])
    return found


def levels(one: Shown, schedule: Schedule) -> dict[str, float]:
    """Signal-to-noise ratio of each band in dB, measured on the picture's pixels: block means, what varies inside blocks, the mean."""
    x, side, block = draws.values(rasterise(textures.scene(one.texture))), textures.SIDE, textures.BLOCK
    power = dict.fromkeys(textures.BANDS, 0.0)
    for channel in range(3):
        rows = [[x[(row * side + column) * 3 + channel] for column in range(side)] for row in range(side)]
        means = {
            (top, left): draws.mean([rows[top + i][left + j] for i in range(block) for j in range(block)])
            for top in range(0, side, block)
            for left in range(0, side, block)
        }
        whole = draws.mean(list(means.values()))
        power["mean"] += side**2 * whole**2
        power["layout"] += block**2 * sum((value - whole) ** 2 for value in means.values())
        power["texture"] += sum(
            (rows[row][column] - means[row - row % block, column - column % block]) ** 2 for row in range(side) for column in range(side)
        )
    signal, noise = list(walk(schedule))[one.t]
    return {band: decibels(signal**2 * power[band] / (3 * textures.DEGREES[band]) / noise) for band in textures.BANDS}


def strong(params: Params) -> textures.Texture:
    """The strongest texture of task 9, whose strokes must come back when copies are averaged."""
    return max((one.texture for one in params.shown), key=lambda texture: texture.depth)


def copies(params: Params) -> Json:
    """Many noisy copies of a textured picture, averaged: how strong the picture comes back, strokes included, and what noise is left."""
    x = draws.values(rasterise(textures.scene(strong(params))))
    a = params.schedule.bars[params.t8]
    made = [draws.mixed(x, a, draws.normals(f"copies/{strong(params).seed}/{number}", len(x))) for number in range(COPIES)]
    average = [draws.mean(column) for column in zip(*made, strict=True)]
    strength = slope(average, x)
    rests = [[value - strength * clean for value, clean in zip(one, x, strict=True)] for one in (*made[:2], average)]
    one, spreads = slope(rests[0], rests[1]), [draws.spread(rest) for rest in rests]
    return {
        "copies": COPIES,
        "strength": strength,
        "spread": spreads[0],
        "expected": math.sqrt(1 - a),
        "between": one,
        "left": spreads[2] / spreads[0],
        "texture": correlation(strokes(average), strokes(x)),
    }


def strokes(x: Sequence[float]) -> list[float]:
    """Differences of neighbours inside blocks: layout has no part in them."""
    side, step = textures.SIDE, 3
    return [
        x[place + step] - x[place] + x[place + step * side] - x[place]
        for row in range(side)
        for column in range(side)
        if (row + 1) % textures.BLOCK and (column + 1) % textures.BLOCK
        for place in ((row * side + column) * step,)
    ]


def slope(y: Sequence[float], x: Sequence[float]) -> float:
    """Of the straight line that gives y from x best."""
    a, b = draws.mean(x), draws.mean(y)
    return sum((u - a) * (v - b) for u, v in zip(x, y, strict=True)) / sum((u - a) ** 2 for u in x)


def correlation(y: Sequence[float], x: Sequence[float]) -> float:
    return slope(y, x) * draws.spread(x) / draws.spread(y)


def rms(x: Sequence[float]) -> float:
    """Root mean square."""
    return math.sqrt(draws.mean([value * value for value in x]))


def growth(params: Params, seed: int, level: int) -> float:
    """Go back from x_t with an estimate that is 1 % off; by how much the error of x_0 is larger than that of eps."""
    x, a = draws.values(pixels_of(seed, level)), params.schedule.bars[params.t16]
    noise = draws.normals(f"{seed}/growth", len(x))
    x_t, estimate = draws.mixed(x, a, noise), [(1 + OFF) * value for value in noise]
    back = [(value - math.sqrt(1 - a) * guess) / math.sqrt(a) for value, guess in zip(x_t, estimate, strict=True)]
    errors = ([b - c for b, c in zip(back, x, strict=True)], [g - n for g, n in zip(estimate, noise, strict=True)])
    return rms(errors[0]) / rms(errors[1])


def zero_end(schedule: Schedule, seed: int, level: int) -> Json:
    """At the last step of the rescaled schedule: what each way of task 10's last question gives."""
    bars, a = [], 1.0
    for beta in zero_terminal(schedule.betas):
        a *= 1 - beta
        bars.append(a)
    x = draws.values(pixels_of(seed, level))
    noise = draws.normals(f"{seed}/zero-end", len(x))
    x_t = draws.mixed(x, bars[-1], noise)
    v = [math.sqrt(bars[-1]) * e - math.sqrt(1 - bars[-1]) * clean for e, clean in zip(noise, x, strict=True)]
    from_v = [math.sqrt(bars[-1]) * value - math.sqrt(1 - bars[-1]) * other for value, other in zip(x_t, v, strict=True)]
    tiny = [(value - math.sqrt(1 - TINY) * (1 + OFF) * e) / math.sqrt(TINY) for value, e in zip(x_t, noise, strict=True)]
    earlier = schedule.T - 1 - schedule.T // 50
    return {
        "finite": bars[-1] > 0,
        "v_error": max(abs(a - b) for a, b in zip(from_v, x, strict=True)),
        "tiny_error": rms([a - b for a, b in zip(tiny, x, strict=True)]),
        "earlier": math.sqrt(bars[earlier]),
        "t": earlier,
    }
