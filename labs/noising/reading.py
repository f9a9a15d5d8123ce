"""Task 7 in the worker: shapeclip and the two judges read the same noised pictures. Imported in workers only."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import Any

import numpy as np

from labs.noising.measures import generator
from labs.noising.params import Params
from labs.noising.readers import halving
from labs.noising.schedules import first_below
from labs.scenes import captions
from labs.scenes.raster import rasterise
from labs.scenes.sampling import single
from labs.scenes.vocabulary import COLOURS, COMBINATIONS, SHAPES
from studyapp.labkit.api import BackendRef, Json

Array = Any
SIDE, COUNT = 32, 144  # of the pictures: three of each combination of colour and shape
BARS = (0.999, 0.997, 0.99, 0.98, 0.965, 0.95, 0.92, 0.88, 0.83, 0.77, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.12, 0.06, 0.02)
ORDER = tuple(COLOURS), SHAPES


def steps_of(params: Params) -> list[int]:
    """The steps that are read at: where alpha_bar first falls below each of BARS, and the last."""
    schedule = params.schedule
    return sorted({min(schedule.T - 1, first_below(schedule.bars, bar)) for bar in BARS} | {schedule.T - 1})


def pictures(seed: int) -> tuple[Array, Array]:
    """(COUNT, 3, 32, 32) in -1..1, and which of the 48 combinations each shows."""
    from random import Random

    random = Random(f"noising/readers/{seed}")
    labels = [number % len(COMBINATIONS) for number in range(COUNT)]
    drawn = [rasterise(single(random, *COMBINATIONS[label], size=SIDE)) for label in labels]
    x = np.stack([np.frombuffer(one, dtype=np.uint8).reshape(SIDE, SIDE, 3) for one in drawn]).astype(np.float32)
    return x.transpose(0, 3, 1, 2) / 127.5 - 1, np.array(labels)


class Readers:
    """The three models; each names colour and shape of pictures (N, 3, 32, 32), noised ones beyond -1..1 as they are."""

    def __init__(self, backend: BackendRef) -> None:
        from labs.zoo import load

        self._clip = load.clip(backend)
        texts = [captions.fill("photo", captions.name(pair)) for pair in COMBINATIONS]
        self._texts = self._clip.text_vectors(texts)
        self._judges = {"judge": load.judge(), "twin": load.judge(noised=True)}
        self.say = f"{self._clip.say}; {self._judges['judge'].say}; {self._judges['twin'].say}"

    def names(self, reader: str, x: Array) -> tuple[Array, Array]:
        """Numbers of the colour and of the shape that a reader names, (N,) each."""
        if reader == "clip":
            # As floats, so that noise is not cut off: the zoo's own clip takes numbers as they are, 0..255 for -1..1.
            seen = self._clip.image_vectors(list((x.transpose(0, 2, 3, 1) + 1) * 127.5))
            label = (seen @ self._texts.T).argmax(1)
            return label // len(SHAPES), label % len(SHAPES)
        colour, shape = self._judges[reader].read_float(x)
        return colour.argmax(1), shape.argmax(1)

    def shares(self, reader: str, x: Array, labels: Array) -> dict[str, float]:
        """Shares of pictures whose colour, shape, and both it names right."""
        colour, shape = self.names(reader, x)
        right = colour == labels // len(SHAPES), shape == labels % len(SHAPES)
        found = {"colour": right[0], "shape": right[1], "both": right[0] & right[1]}
        return {what: round(float(hits.mean()), 4) for what, hits in found.items()}


def read(params: Params, seed: int, readers: Readers) -> Iterator[tuple[float, Json | None]]:
    """Progress 0..1 as it goes; with the last, all facts: readers, half-clip, half-judge, half-twin, gap."""
    x, labels = pictures(seed)
    noise = generator(f"readers/{seed}").standard_normal(x.shape).astype(np.float32)
    steps = steps_of(params)
    found: dict[str, Any] = {"n": COUNT, "steps": steps}
    clean = {name: readers.shares(name, x, labels) for name in ("clip", "judge", "twin")}
    for name in clean:
        found[name] = {"clean": clean[name]["both"], "both": [], "colour": [], "shape": []}
    yield 0.05, None
    for number, t in enumerate(steps):
        made = noised(x, params.schedule.bars[t], noise)
        for place, name in enumerate(clean, start=1):
            for what, share in readers.shares(name, made, labels).items():
                found[name][what].append(share)
            yield 0.05 + 0.9 * (number + place / len(clean)) / len(steps), None
    halves = {f"half-{name}": halving(steps, found[name]["both"], found[name]["clean"]) for name in clean}
    yield 1.0, {"readers": found, **halves, "gap": gap(params, seed, readers, x, labels, noise, halves["half-judge"])}


def noised(x: Array, alpha_bar: float, noise: Array) -> Array:
    return (sqrt(alpha_bar) * x + sqrt(1 - alpha_bar) * noise).astype(np.float32)


def gap(params: Params, seed: int, readers: Readers, x: Array, labels: Array, noise: Array, half: int | None) -> Json:
    """Both judges at the step where the clean-trained one has lost half, and the twin once more with other noise."""
    t = half if half is not None else params.schedule.T - 1
    a = params.schedule.bars[t]
    made = noised(x, a, noise)
    other = noised(x, a, generator(f"readers/{seed}/again").standard_normal(x.shape))
    given = {"judge": made, "twin": made, "twin_again": other}
    shares = {name: readers.shares(name.partition("_")[0], numbers, labels)["both"] for name, numbers in given.items()}
    error = max(sqrt(share * (1 - share) / COUNT) for share in (*shares.values(), 0.5))
    return {"t": t, **shares, "error": round(error * sqrt(2), 4), "same_input": bool(np.array_equal(given["judge"], given["twin"]))}


assert ORDER[0] == tuple(dict.fromkeys(colour for colour, _ in COMBINATIONS)), "labels count as 6 * colour + shape"
