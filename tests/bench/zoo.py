"""Measures what a picture of shapediffusion costs on one core: 20 steps with guidance, in pixels and in the latent space of shapevae,
drawn alone and among sixteen.

Usage: OMP_NUM_THREADS=1 python -m tests.bench.zoo [-n ROUNDS]. The ratio is to the network alone, called as often on as many pictures, the
two in turn; the milliseconds beside it are for one picture.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch

from labs.zoo import registry
from labs.zoo.recipes.shapediffusion import GUIDANCE, LATENT, RECIPE, STEPS, Recipe, Sampler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=15, help="rounds (default 15)")
    rounds = parser.parse_args().n
    torch.set_num_threads(1)
    for recipe in (RECIPE, LATENT):
        for count in (1, 16):
            whole, bare = in_turn(*pictures(recipe, count), rounds)
            each = 1000 * whole / count
            print(f"{recipe.name}: {each:.0f} ms a picture of {STEPS} steps, {count} together, {whole / bare:.2f}x the network alone")


def pictures(recipe: Recipe, count: int) -> tuple[Callable[[], object], Callable[[], object]]:
    """Draw so many pictures at once; and call its network as often as that takes, on noise."""
    sampler = Sampler(registry.WEIGHTS / recipe.name, recipe.codec)
    label = torch.full((count,), 5)
    x, labels, t = torch.randn(2 * count, sampler.net.config.in_channels, 8, 8), label.repeat(2), torch.tensor(10)

    def network() -> None:
        with torch.inference_mode():
            for _ in range(STEPS):
                sampler.net(x, t, class_labels=labels)

    return lambda: sampler.draw(label, STEPS, GUIDANCE, 1), network


def in_turn(one: Callable[[], object], other: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median seconds of each, after one call of each that does not count."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for call, times in zip((one, other), taken, strict=True):
            begun = time.process_time()
            call()
            times.append(time.process_time() - begun)
    return statistics.median(taken[0][1:]), statistics.median(taken[1][1:])


if __name__ == "__main__":
    main()
