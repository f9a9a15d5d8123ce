"""shapevideo: a next-frame model trained with teacher forcing, kept at three ages.

diffusers' UNet2DModel without a time (always 0) maps the last three frames to the next one. Nothing in training ever shows it its own
output: rolled out freely it drifts, and identity is lost first. Three checkpoints make a ladder of drift.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from diffusers import UNet2DModel
from torch import Tensor, nn

from labs.scenes.vocabulary import COLOURS, SHAPES
from labs.zoo.recipe import Batch, Draw, Figure, Stage, mean, share
from labs.zoo.recipes import shapejudge
from labs.zoo.registry import WEIGHTS
from labs.zoo.worlds import clips, positions, similarity

SIDE, CONTEXT, LENGTH, FOLD = 32, 3, 31, 2
AGES = ("early", "middle", "late")
CARD = {
    "can": ["continue a clip by one frame almost exactly", "keep an object moving on its way for some frames of its own making"],
    "cannot": [
        "keep what the object is: colour and shape are lost in a free roll-out",
        "recover: an error in one frame is the input of the next",
    ],
    "notes": ["Report the position error beside any consistency score: an untrained net freezes the picture and looks consistent."],
}


class NextFrame(nn.Module):
    """forward(frames (B, 4, 3, 32, 32) in -1..1) -> loss: the squared error of the fourth frame from the first three."""

    def __init__(self) -> None:
        super().__init__()
        folded = 3 * FOLD * FOLD
        self.net = UNet2DModel(
            sample_size=SIDE // FOLD, in_channels=CONTEXT * folded, out_channels=folded, block_out_channels=(32, 64), layers_per_block=1,
            down_block_types=("DownBlock2D",) * 2, up_block_types=("UpBlock2D",) * 2, norm_num_groups=8, add_attention=False,
        )  # fmt: skip

    def forward(self, frames: Tensor) -> dict[str, Tensor]:
        error = (step(self.net, frames[:, :CONTEXT]) - frames[:, CONTEXT]).square().mean()
        return {"loss": error}


class Recipe:
    name = "shapevideo"

    def stages(self, preset: str) -> tuple[Stage, ...]:
        full = tuple(Stage(age, steps, 32, 1e-3, warmup=50, floor=0.3) for age, steps in zip(AGES, (500, 700, 1600), strict=True))
        # at a rate that stays high the roll-out wavers from step to step: averaged weights and a falling rate settle it
        full = (*full, Stage("settled", 2400, 32, 8e-4, warmup=50, floor=0.02, ema=0.998))
        return full if preset == "full" else tuple(stage.quick(10) for stage in full)

    def build(self, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        return NextFrame()

    def enter(self, model: nn.Module, stage: Stage) -> None:
        pass

    def batch(self, stage: Stage, draw: Draw, size: int, step: int) -> Batch:
        return {"frames": clips(draw.random, size, SIDE, CONTEXT + 1)[1]}

    def save(self, model: nn.Module, stage: Stage, last: bool, directory: Path) -> None:
        model.net.save_pretrained(directory / "shapevideo" / (AGES[-1] if last else stage.name))

    def measure(self, directory: Path, seed: int, n: int) -> list[Figure]:
        judge = shapejudge.load(WEIGHTS / "shapejudge")
        labels, frames = clips(random.Random(f"shapevideo/{seed}"), max(32, n // 4), SIDE, LENGTH)
        figures = []
        for age in AGES:
            net = load(directory / "shapevideo" / age)
            figures += _measure(age, net, judge, labels, frames, demanded=age == AGES[-1])
        return figures


def load(folder: Path) -> Any:
    """One checkpoint, ready to roll out."""
    return UNet2DModel.from_pretrained(folder, local_files_only=True, torch_dtype=torch.float32).eval().requires_grad_(False)


def step(net: Any, context: Tensor) -> Tensor:
    """The next frame (B, 3, 32, 32) from the last three (B, 3, 3, 32, 32), as a change of the last one."""
    folded = nn.functional.pixel_unshuffle(context.flatten(1, 2), FOLD)
    change = net(folded, torch.zeros((), dtype=torch.long, device=context.device)).sample
    return context[:, -1] + nn.functional.pixel_shuffle(change, FOLD)


@torch.inference_mode()
def roll_out(net: Any, start: Tensor, length: int) -> Tensor:
    """`length` frames (B, length, 3, 32, 32) that follow three true ones, each made from the model's own last three."""
    frames = list(start.unbind(1))
    for _ in range(length):
        frames.append(step(net, torch.stack(frames[-CONTEXT:], 1)).clamp(-1, 1))
    return torch.stack(frames[CONTEXT:], 1)


def _measure(age: str, net: Any, judge: Any, labels: Tensor, frames: Tensor, demanded: bool) -> list[Figure]:
    truth = frames[:, CONTEXT:]
    n, length = truth.shape[:2]
    free = roll_out(net, frames[:, :CONTEXT], length)
    kept, read = _identity(judge, free, labels)
    forced = teacher_forced(net, frames)
    forced_kept, _ = _identity(judge, forced, labels)
    bars: dict[str, dict[str, Any]] = BARS if demanded else {}
    half = [float((kept["colour"] & kept["shape"])[:, frame].float().mean()) for frame in range(length)]
    lost = next((frame + 1 for frame, share_ in enumerate(half) if share_ < 0.5), length + 1)
    first = similarity(read[:, :1].expand_as(read), read).mean(0)
    figures = [
        share(f"{what} at frame {frame}, free", int(kept[what][:, frame - 1].sum()), n, baseline=GUESS[what])
        for what, frame in (("colour", 10), ("shape", 6), ("colour", length), ("shape", length))
    ]
    figures += [share(f"{what}, teacher-forced", int(forced_kept[what].sum()), n * length, baseline=GUESS[what]) for what in GUESS]
    figures += [
        Figure("frame at which half have lost colour or shape, free", lost, n, 1.0),
        mean("position error in pixels, teacher-forced", _away(forced, truth)),
        mean("position error in pixels at frame 10, free", _away(free[:, 9:10], truth[:, 9:10])),
        Figure("fall of similarity to the first frame, free", round(float(first[0] - first[-1]), 4), n, 0.03),
        mean("similarity of neighbours, free", similarity(read[:, 1:], read[:, :-1]).mean(1)),
    ]
    return [replace(figure, name=f"{age}: {figure.name}", **bars.get(figure.name, {})) for figure in figures]


GUESS = {"colour": 1 / len(COLOURS), "shape": 1 / len(SHAPES)}
BARS: dict[str, dict[str, Any]] = {
    "colour at frame 10, free": {"at_least": 0.85},
    "shape at frame 6, free": {"at_least": 0.80},
    "colour at frame 28, free": {"at_most": 0.60},
    "shape at frame 28, free": {"at_most": 0.60},
    "frame at which half have lost colour or shape, free": {"at_least": 8, "at_most": 20},
    "colour, teacher-forced": {"at_least": 0.93},
    "shape, teacher-forced": {"at_least": 0.93},
    "position error in pixels, teacher-forced": {"at_most": 0.8},
    "fall of similarity to the first frame, free": {"at_least": 0.25},
    "similarity of neighbours, free": {"at_least": 0.90},
}


@torch.inference_mode()
def teacher_forced(net: Any, frames: Tensor) -> Tensor:
    """Each frame from the three true ones before it: (B, T - 3, 3, 32, 32)."""
    made = [step(net, frames[:, at : at + CONTEXT]) for at in range(frames.shape[1] - CONTEXT)]
    return torch.stack(made, 1).clamp(-1, 1)


def _identity(judge: Any, video: Tensor, labels: Tensor) -> tuple[dict[str, Tensor], Tensor]:
    """Whether colour and shape are read right, (B, T) each, and the judge's probabilities (B, T, 14)."""
    n, length = video.shape[:2]
    colour, shape = shapejudge.marginals(judge, video.flatten(0, 1))
    kept = {
        "colour": colour.argmax(1).view(n, length) == labels[:, None] // len(SHAPES),
        "shape": shape.argmax(1).view(n, length) == labels[:, None] % len(SHAPES),
    }
    return kept, torch.cat([colour, shape], 1).view(n, length, -1)


def _away(made: Tensor, truth: Tensor) -> Tensor:
    """Distance in pixels between the objects of two videos, a clip's mean each (B,)."""
    return (positions(made) - positions(truth)).norm(dim=-1).mean(1)


RECIPE = Recipe()
