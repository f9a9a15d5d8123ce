"""shapevae: a variational autoencoder of one-object pictures, diffusers' AutoencoderKL.

Trained with a squared error and a KL term (arXiv:1312.6114) and nothing sharper: no adversary, no perceptual loss. A squared error
pays best for the average of all pictures that fit a code, which is why its pictures are soft; that blur is what the labs show.
"""

from __future__ import annotations

import random
from pathlib import Path

import torch
from diffusers import AutoencoderKL
from torch import Tensor, nn

from labs.scenes.vocabulary import COLOURS, SHAPES
from labs.zoo.recipe import Batch, Draw, Figure, Stage, mean, share
from labs.zoo.recipes import shapejudge
from labs.zoo.registry import WEIGHTS
from labs.zoo.worlds import labels_of, one_object, sharpness

SIDE = 32
LATENT = 4  # channels of an 8 x 8 grid: 256 numbers for 3,072, a factor of 12
KL_WEIGHT = 0.02
CARD = {
    "can": ["fold a 32 x 32 picture of one object into 4 x 8 x 8 numbers and back, colour and shape intact"],
    "cannot": ["keep edges: its pictures are softer than the originals", "draw a good picture from random numbers of its prior"],
    "notes": ["scaling_factor in config.json brings its latents to unit variance."],
}


class Autoencoder(nn.Module):
    """forward(pixels (B, 3, 32, 32) in -1..1, noise like its latents) -> loss, squared error, KL in nats a latent number."""

    def __init__(self) -> None:
        super().__init__()
        self.net = AutoencoderKL(
            in_channels=3, out_channels=3, latent_channels=LATENT, sample_size=SIDE, block_out_channels=(16, 32, 48), layers_per_block=1,
            down_block_types=("DownEncoderBlock2D",) * 3, up_block_types=("UpDecoderBlock2D",) * 3,
            norm_num_groups=8, mid_block_add_attention=False,
        )  # fmt: skip

    def forward(self, pixels: Tensor) -> dict[str, Tensor]:
        posterior = self.net.encode(pixels).latent_dist
        decoded = self.net.decode(posterior.sample()).sample
        error = (decoded - pixels).square().mean()
        kl = 0.5 * (posterior.mean.square() + posterior.var - 1 - posterior.logvar).mean()
        return {"loss": error + KL_WEIGHT * kl, "error": error, "kl": kl}


class Recipe:
    name = "shapevae"

    def stages(self, preset: str) -> tuple[Stage, ...]:
        full = Stage("autoencode", 3000, 16, 2e-3, warmup=100, ema=0.995)
        return (full,) if preset == "full" else (full.quick(25),)

    def build(self, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        return Autoencoder()

    def enter(self, model: nn.Module, stage: Stage) -> None:
        pass

    def batch(self, stage: Stage, draw: Draw, size: int, step: int) -> Batch:
        return {"pixels": one_object(draw.random, size, SIDE)[1]}

    @torch.inference_mode()
    def save(self, model: nn.Module, stage: Stage, last: bool, directory: Path) -> None:
        pixels = one_object(random.Random("shapevae/scale"), 256, SIDE)[1].to(next(model.parameters()).device)
        model.net.register_to_config(scaling_factor=round(1 / float(model.net.encode(pixels).latent_dist.mean.std()), 5))
        model.net.save_pretrained(directory / "shapevae")

    @torch.inference_mode()
    def measure(self, directory: Path, seed: int, n: int) -> list[Figure]:
        net = AutoencoderKL.from_pretrained(directory / "shapevae", local_files_only=True, torch_dtype=torch.float32).eval()
        judge = shapejudge.load(WEIGHTS / "shapejudge")
        scenes, pixels = one_object(random.Random(f"shapevae/{seed}"), n, SIDE)
        labels = labels_of(scenes)
        decoded = torch.cat([net.decode(net.encode(part).latent_dist.mean).sample.clamp(-1, 1) for part in pixels.split(128)])
        error = ((decoded - pixels) / 2).square().mean((1, 2, 3))
        colour, shape = (part.argmax(1) for part in shapejudge.marginals(judge, decoded))
        good = (colour == labels // len(SHAPES)) & (shape == labels % len(SHAPES))
        z = torch.randn((n, LATENT, SIDE // 4, SIDE // 4), generator=torch.Generator().manual_seed(seed)) / net.config.scaling_factor
        drawn = torch.cat([net.decode(part).sample.clamp(-1, 1) for part in z.split(128)])
        surest = shapejudge.marginals(judge, drawn)[1].max(1).values
        return [
            mean("PSNR of a reconstruction, dB", -10 * torch.log10(error), at_least=22.0),
            share("class read by the judge", int(good.sum()), n, baseline=1 / (len(COLOURS) * len(SHAPES)), at_least=0.90),
            mean("sharpness against real", sharpness(decoded) / sharpness(pixels).mean(), at_most=0.6),
            share("random code: judge at least 0.9 sure of a shape", int((surest >= 0.9).sum()), n),
        ]


RECIPE = Recipe()
