"""Batches of pictures for the recipes: scenes drawn by random.Random, pixels by the torch renderer, values in -1..1."""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from labs.scenes.clips import clip
from labs.scenes.render import render
from labs.scenes.sampling import single
from labs.scenes.scene import Scene
from labs.scenes.vocabulary import COLOURS, COMBINATIONS, SHAPES, Combination

COLOUR_NAMES = tuple(COLOURS)


def pixels_of(scenes: Sequence[Scene]) -> Tensor:
    """Pictures (B, 3, H, W) in -1..1."""
    return render(scenes) * 2 - 1


def one_object(rng: random.Random, count: int, side: int, among: Sequence[Combination] = COMBINATIONS) -> tuple[list[Scene], Tensor]:
    """`count` scenes of one object of a combination from `among`, and their pixels (count, 3, side, side)."""
    drawn = [rng.choice(among) for _ in range(count)]
    scenes = [single(rng, colour, shape, size=side) for colour, shape in drawn]
    return scenes, pixels_of(scenes)


def label(scene: Scene) -> int:
    """The number of a one-object scene's combination: 6 * colour + shape."""
    thing = scene["objects"][0]
    return COLOUR_NAMES.index(str(thing["colour"])) * len(SHAPES) + SHAPES.index(thing["shape"])


def labels_of(scenes: Sequence[Scene]) -> Tensor:
    """The labels (B,) of one-object scenes."""
    return torch.tensor([label(scene) for scene in scenes])


def sharpness(pixels: Tensor) -> Tensor:
    """Mean size of the discrete Laplacian of pictures (B, 3, H, W): how crisp edges are, (B,)."""
    kernel = torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]], device=pixels.device)
    found = nn.functional.conv2d(pixels.mean(1, keepdim=True), kernel.view(1, 1, 3, 3))
    return found.square().mean((1, 2, 3)).sqrt()


def clips(rng: random.Random, count: int, side: int, length: int) -> tuple[Tensor, Tensor]:
    """`count` clips of one object that moves as it should: labels (count,) and frames (count, length, 3, side, side) in -1..1."""
    made = [clip(rng, "good", frames=max(length, 8), size=side, split="all").frames[:length] for _ in range(count)]
    frames = pixels_of([scene for frames in made for scene in frames])
    return labels_of([frames[0] for frames in made]), frames.unflatten(0, (count, length))


def positions(video: Tensor) -> Tensor:
    """Where the object of each frame (B, T, 3, H, W) is: the centre of what differs from the frame's median colour, (B, T, 2) in pixels."""
    ground = video.flatten(3).median(dim=3).values[..., None, None]
    weight = ((video - ground).abs().sum(2) - 0.15).clamp(min=0) + 1e-8
    side = video.shape[-1]
    at = torch.arange(side, device=video.device) + 0.5
    total = weight.sum((2, 3))
    return torch.stack([(weight.sum(2) * at).sum(2) / total, (weight.sum(3) * at).sum(2) / total], -1)


def similarity(one: Tensor, other: Tensor) -> Tensor:
    """Cosine of two tensors of the judge's probabilities along the last axis."""
    return nn.functional.cosine_similarity(one, other, dim=-1)
