"""shapejudge: a small residual network that reads colour and shape; the measuring instrument of the generative labs.

Two twins on the same pictures: one has seen clean pictures only, the other also noised ones (x_t of a linear schedule). Transformers'
ResNetForImageClassification with the 48 combinations as labels; colour and shape are the marginals of its softmax.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import ResNetConfig, ResNetForImageClassification

from labs.scenes.vocabulary import COLOURS, SHAPES
from labs.zoo.recipe import Batch, Draw, Figure, Stage, share
from labs.zoo.worlds import clips, labels_of, one_object

SIDE = 32
CARD = {
    "can": [
        "name the colour and the shape of one object in a 32 x 32 picture",
        "the noised twin: the same through moderate Gaussian noise",
    ],
    "cannot": [
        "read two objects: it answers for one",
        "the clean twin: noised pictures, long before the signal is gone",
        "say that a picture shows no shape: it always answers",
    ],
    "notes": ["Use its probabilities, not its features, to compare pictures."],
}


class Judge(nn.Module):
    """forward(pixels (B, 3, 32, 32) in -1..1, labels (B,)) -> loss and accuracy."""

    def __init__(self) -> None:
        super().__init__()
        names = [f"{colour} {shape}" for colour in COLOURS for shape in SHAPES]
        self.net = ResNetForImageClassification(
            ResNetConfig(
                num_channels=3, embedding_size=32, hidden_sizes=[32, 64, 96], depths=[1, 1, 1], layer_type="basic",
                id2label=dict(enumerate(names)), label2id={name: index for index, name in enumerate(names)},
            )
        )  # fmt: skip

    def forward(self, pixels: Tensor, labels: Tensor) -> dict[str, Tensor]:
        logits = self.net(pixel_values=pixels).logits
        return {"loss": nn.functional.cross_entropy(logits, labels), "accuracy": (logits.argmax(1) == labels).float().mean()}


class Recipe:
    name = "shapejudge"

    def stages(self, preset: str) -> tuple[Stage, ...]:
        full = (Stage("clean", 2000, 64, 3e-3, ema=0.99), Stage("noised", 3000, 64, 3e-3, ema=0.99))
        return full if preset == "full" else tuple(stage.quick(12) for stage in full)

    def build(self, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        return Judge()

    def enter(self, model: nn.Module, stage: Stage) -> None:
        pass

    def batch(self, stage: Stage, draw: Draw, size: int, step: int) -> Batch:
        scenes, pixels = one_object(draw.random, size, SIDE)
        if stage.name == "noised":
            noise = torch.rand(size, generator=draw.torch)
            pixels = noised(pixels, torch.where(noise < 0.25, 0.0, noise.square()), draw.torch)
        return {"pixels": pixels, "labels": labels_of(scenes)}

    def save(self, model: nn.Module, stage: Stage, last: bool, directory: Path) -> None:
        model.net.save_pretrained(directory / ("shapejudge-noised" if stage.name == "noised" else "shapejudge"))

    def measure(self, directory: Path, seed: int, n: int) -> list[Figure]:
        clean, noisy = (load(directory / name) for name in ("shapejudge", "shapejudge-noised"))
        draw = torch.Generator().manual_seed(seed)
        scenes, pixels = one_object(random.Random(f"judge/{seed}"), n, SIDE)
        labels = labels_of(scenes)
        tracks, frames = clips(random.Random(f"judge-clips/{seed}"), max(8, n // 8), SIDE, 8)
        figures = [
            *_read("clean judge, frames of clips", clean, frames.flatten(0, 1), tracks.repeat_interleave(8), 0.99),
            *_read("clean judge, clean pictures", clean, pixels, labels, 0.99),
            *_read("noised judge, clean pictures", noisy, pixels, labels, 0.97),
        ]
        for signal in (0.7, 0.4, 0.15):
            x = noised(pixels, torch.full((n,), 1 - signal), draw)
            figures += [
                *_read(f"clean judge, alpha_bar {signal}", clean, x, labels),
                *_read(f"noised judge, alpha_bar {signal}", noisy, x, labels),
            ]
        return figures


def noised(pixels: Tensor, noise: Tensor, generator: torch.Generator) -> Tensor:
    """x_t = sqrt(a) x + sqrt(1 - a) eps with a = 1 - noise, one share of noise a picture (B,)."""
    a = (1 - noise).clamp(0.02, 1).view(-1, 1, 1, 1)
    return a.sqrt() * pixels + (1 - a).sqrt() * torch.randn(pixels.shape, generator=generator)


def load(folder: Path) -> Any:
    """The judge of a directory, ready to measure."""
    return ResNetForImageClassification.from_pretrained(folder, local_files_only=True, dtype=torch.float32).eval().requires_grad_(False)


@torch.inference_mode()
def marginals(judge: Any, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Probabilities of colour (B, 8) and shape (B, 6) for pictures (B, 3, 32, 32) in -1..1."""
    parts = [judge(pixel_values=part).logits.softmax(1) for part in pixels.split(256)]
    joint = torch.cat(parts).view(-1, len(COLOURS), len(SHAPES))
    return joint.sum(2), joint.sum(1)


def _read(what: str, judge: Any, pixels: Tensor, labels: Tensor, demand: float | None = None) -> list[Figure]:
    colour, shape = (part.argmax(1) for part in marginals(judge, pixels))
    hits = int((colour == labels // len(SHAPES)).sum()), int((shape == labels % len(SHAPES)).sum())
    return [
        share(f"colour, {what}", hits[0], len(labels), baseline=1 / len(COLOURS), at_least=demand),
        share(f"shape, {what}", hits[1], len(labels), baseline=1 / len(SHAPES), at_least=demand),
    ]


RECIPE = Recipe()
