"""shapediffusion: class-conditional diffusion of one object, in pixels and in the latent space of shapevae.

diffusers' UNet2DModel predicts the clean picture (x0) under a cosine schedule (arXiv:2102.09672) with the loss weight
min(1 / (1 - alpha_bar), 5) (min-SNR, arXiv:2303.09556, in its x0 form); one label in ten is dropped for classifier-free guidance
(arXiv:2207.12598). A first stage knows shapes alone, in white on black. Pictures are folded by pixel-unshuffle(4) to 48 channels of
8 x 8, so that one core is enough.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DModel
from torch import Tensor, nn

from labs.scenes.sampling import single
from labs.scenes.vocabulary import COLOURS, COMBINATIONS, SHAPES
from labs.zoo.dense import bare
from labs.zoo.recipe import Batch, Draw, Figure, Stage, mean, share
from labs.zoo.recipes import shapejudge
from labs.zoo.registry import WEIGHTS
from labs.zoo.worlds import labels_of, pixels_of, sharpness

SIDE, FOLD = 32, 4
CLASSES = len(COLOURS) * len(SHAPES)
NOTHING = CLASSES  # the label of "no condition"
MOST_WEIGHT = 5.0
STEPS, GUIDANCE = 20, 4.0
WIDTHS, LATENT_WIDTHS = (64, 128), (32, 64)  # the autoencoder has done part of the work: the latent twin has a quarter of the weights
RADIUS = (0.28, 0.38)
CARD = {
    "can": ["draw one object of a named colour and shape at guidance 4, in 20 steps"],
    "cannot": [
        "draw two objects, a size or a place on request",
        "without guidance it mistakes shapes more often",
        "the latent twin, of a quarter of the weights, inherits the blur of shapevae",
    ],
    "notes": ["data.json in each directory holds the mean and the standard deviation that the pictures (or latents) were divided by."],
}


class Denoiser(nn.Module):
    """forward(x0 (B, C, 8, 8), labels (B,), noise like x0, t (B,)) -> loss."""

    def __init__(self, channels: int, widths: tuple[int, int]) -> None:
        super().__init__()
        self.scheduler = DDIMScheduler(
            num_train_timesteps=1000,
            beta_schedule="squaredcos_cap_v2",
            prediction_type="sample",
            clip_sample=False,
            timestep_spacing="trailing",
        )
        self.net = UNet2DModel(
            sample_size=SIDE // FOLD, in_channels=channels, out_channels=channels, block_out_channels=widths, layers_per_block=1,
            down_block_types=("DownBlock2D", "AttnDownBlock2D"), up_block_types=("AttnUpBlock2D", "UpBlock2D"),
            norm_num_groups=16, attention_head_dim=32, resnet_time_scale_shift="scale_shift", num_class_embeds=CLASSES + 1,
        )  # fmt: skip
        begin_with_parts(self.net.class_embedding)
        self.register_buffer("abar", self.scheduler.alphas_cumprod.clone(), persistent=False)

    def forward(self, x0: Tensor, labels: Tensor, noise: Tensor, t: Tensor) -> dict[str, Tensor]:
        a = self.abar[t].view(-1, 1, 1, 1)
        predicted = self.net(a.sqrt() * x0 + (1 - a).sqrt() * noise, t, class_labels=labels).sample
        error = (predicted - x0).square().mean((1, 2, 3))
        weight = (1 / (1 - a.flatten())).clamp(max=MOST_WEIGHT)
        return {"loss": (weight * error).mean(), "x0_error": error.mean()}


def upright(rng: random.Random, count: int, without_colours: bool = False) -> tuple[Tensor, Tensor]:
    """The world that is generated: one large object, not turned, anywhere. Labels (count,), pixels (count, 3, 32, 32) in -1..1.
    Without colours it is white on black: shapes are learned within minutes there, and hardly at all where colours vary from the start."""
    scenes = [single(rng, *rng.choice(COMBINATIONS), size=SIDE, radius=RADIUS, tilt=0) for _ in range(count)]
    return labels_of(scenes), pixels_of([bare(scene) for scene in scenes] if without_colours else scenes)


@torch.no_grad()
def begin_with_parts(table: nn.Embedding) -> None:
    """Let the vector of a class begin as the sum of its colour's and its shape's, so that what is learned of a shape in one colour
    holds in all; the label of "no condition" begins at zero."""
    colours, shapes = torch.randn(len(COLOURS), table.embedding_dim), torch.randn(len(SHAPES), table.embedding_dim)
    table.weight[:CLASSES] = (0.5**0.5 * (colours[:, None] + shapes[None])).flatten(0, 1)
    table.weight[NOTHING] = 0


class Recipe:
    """`latent` trains the twin that works on shapevae's latents; it needs shapevae's weights in place."""

    def __init__(self, latent: bool) -> None:
        self.latent = latent
        self.name = "shapediffusion-latent" if latent else "shapediffusion"
        self._codec: Any = None

    def stages(self, preset: str) -> tuple[Stage, ...]:
        full = (
            Stage("bare", 600, 32, 1.2e-3, warmup=100, floor=0.5, ema=0.99),
            Stage("denoise", 3000 if self.latent else 3600, 32, 1.2e-3, warmup=20, floor=0.02, ema=0.998),
        )
        return full if preset == "full" else tuple(stage.quick(10) for stage in full)

    def build(self, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        return Denoiser(self.codec.channels, LATENT_WIDTHS if self.latent else WIDTHS)

    @property
    def codec(self) -> Any:
        """How pictures are folded into what is diffused, and back."""
        if self._codec is None:
            self._codec = LatentCodec(WEIGHTS / "shapevae") if self.latent else PixelCodec()
        return self._codec

    def enter(self, model: nn.Module, stage: Stage) -> None:
        pass

    def batch(self, stage: Stage, draw: Draw, size: int, step: int) -> Batch:
        labels, pixels = upright(draw.random, size, stage.name == "bare")
        labels[torch.rand(size, generator=draw.torch) < 0.1] = NOTHING
        x0 = self.codec.fold(pixels)
        t = torch.randint(0, 1000, (size,), generator=draw.torch)
        return {"x0": x0, "labels": labels, "noise": torch.randn(x0.shape, generator=draw.torch), "t": t}

    def save(self, model: nn.Module, stage: Stage, last: bool, directory: Path) -> None:
        model.net.save_pretrained(directory / self.name / "unet")
        model.scheduler.save_pretrained(directory / self.name / "scheduler")
        self.codec.save(directory / self.name)

    def measure(self, directory: Path, seed: int, n: int) -> list[Figure]:
        judge = shapejudge.load(WEIGHTS / "shapejudge")
        sampler = Sampler(directory / self.name, self.codec)
        each = max(1, n // CLASSES)
        labels = torch.arange(CLASSES).repeat_interleave(each)
        _, real = upright(random.Random(f"real/{seed}"), len(labels))
        guided = sampler.draw(labels, STEPS, GUIDANCE, seed)
        figures = _read("guidance 4, 20 steps", judge, guided, labels, self.latent)
        ratio = sharpness(guided) / sharpness(real).mean()
        figures.append(mean("sharpness against real, guidance 4", ratio, at_least=None if self.latent else 0.5))
        plain = sampler.draw(labels, STEPS, 1.0, seed + 1)
        figures += _read("no guidance, 20 steps", judge, plain, labels, self.latent, colour=None, shape=0.70, classes=None)
        free = sampler.draw(torch.full_like(labels, NOTHING), STEPS, 1.0, seed + 2)
        colour, shape = (part.argmax(1) for part in shapejudge.marginals(judge, free))
        figures += [
            share(
                "colour agrees by luck, unconditional",
                int((colour == labels // len(SHAPES)).sum()),
                len(labels),
                baseline=1 / len(COLOURS),
                at_most=0.2,
            ),
            share(
                "shape agrees by luck, unconditional",
                int((shape == labels % len(SHAPES)).sum()),
                len(labels),
                baseline=1 / len(SHAPES),
                at_most=0.24,
            ),
        ]
        return figures


class PixelCodec:
    """Pictures (B, 3, 32, 32) in -1..1 <-> (B, 48, 8, 8) of standard deviation one half."""

    channels = 3 * FOLD * FOLD
    mean, std = 0.0, 1.0  # twice their deviation: neighbouring pixels tell of one another, so a picture outlives more noise than its parts

    def fold(self, pixels: Tensor) -> Tensor:
        return nn.functional.pixel_unshuffle((pixels - self.mean) / self.std, FOLD)

    def unfold(self, x: Tensor) -> Tensor:
        return (nn.functional.pixel_shuffle(x, FOLD) * self.std + self.mean).clamp(-1, 1)

    def save(self, folder: Path) -> None:
        import json

        (folder / "data.json").write_text(json.dumps({"mean": self.mean, "std": self.std, "fold": FOLD}) + "\n", encoding="utf-8")


class LatentCodec:
    """Pictures <-> shapevae's latents (the mean of its posterior), divided by their standard deviation."""

    def __init__(self, folder: Path) -> None:
        self.vae = AutoencoderKL.from_pretrained(folder, local_files_only=True, torch_dtype=torch.float32).eval().requires_grad_(False)
        self.channels = self.vae.config.latent_channels
        self.scale = float(self.vae.config.scaling_factor)

    @torch.inference_mode()
    def fold(self, pixels: Tensor) -> Tensor:
        return (self.vae.encode(pixels).latent_dist.mean * self.scale).clone()

    @torch.inference_mode()
    def unfold(self, x: Tensor) -> Tensor:
        return self.vae.decode(x / self.scale).sample.clamp(-1, 1)

    def save(self, folder: Path) -> None:
        import json

        (folder / "data.json").write_text(json.dumps({"vae": "shapevae", "scale": self.scale}) + "\n", encoding="utf-8")


class Sampler:
    """DDIM sampling with classifier-free guidance from a saved directory."""

    def __init__(self, folder: Path, codec: Any) -> None:
        self.net = (
            UNet2DModel.from_pretrained(folder, subfolder="unet", local_files_only=True, torch_dtype=torch.float32)
            .eval()
            .requires_grad_(False)
            .to(memory_format=torch.channels_last)  # weights are not reordered in each call: a tenth to a third faster in batches
        )
        self.scheduler = DDIMScheduler.from_pretrained(folder, subfolder="scheduler", local_files_only=True)
        self.codec = codec

    @torch.inference_mode()
    def draw(self, labels: Tensor, steps: int, guidance: float, seed: int) -> Tensor:
        """Pictures (B, 3, 32, 32) in -1..1, one a label; guidance 1 is none."""
        generator = torch.Generator().manual_seed(seed)
        drawn = [self._draw(part, steps, guidance, generator) for part in labels.split(96)]
        return torch.cat(drawn)

    def _draw(self, labels: Tensor, steps: int, guidance: float, generator: torch.Generator) -> Tensor:
        side = SIDE // FOLD
        x = torch.randn((len(labels), self.codec.channels, side, side), generator=generator)
        self.scheduler.set_timesteps(steps)
        for t in self.scheduler.timesteps:
            if guidance == 1.0:
                x0 = self.net(x, t, class_labels=labels).sample
            else:
                both = self.net(torch.cat([x, x]), t, class_labels=torch.cat([labels, torch.full_like(labels, NOTHING)])).sample
                with_label, without = both.chunk(2)
                x0 = without + guidance * (with_label - without)
            x = self.scheduler.step(x0, t, x).prev_sample
        return self.codec.unfold(x)


def _read(
    what: str,
    judge: Any,
    pixels: Tensor,
    labels: Tensor,
    latent: bool,
    colour: float | None = 0.97,
    shape: float | None = 0.85,
    classes: int | None = 43,
) -> list[Figure]:
    """How many samples the judge reads as what was asked for; a class counts when it reads most of its samples so."""
    seen_colour, seen_shape = (part.argmax(1) for part in shapejudge.marginals(judge, pixels))
    good_colour, good_shape = seen_colour == labels // len(SHAPES), seen_shape == labels % len(SHAPES)
    n = len(labels)
    demands = (None, None) if latent else (colour, shape)
    figures = [
        share(f"colour as asked, {what}", int(good_colour.sum()), n, baseline=1 / len(COLOURS), at_least=demands[0]),
        share(f"shape as asked, {what}", int(good_shape.sum()), n, baseline=1 / len(SHAPES), at_least=demands[1]),
    ]
    if classes is not None:
        both = (good_colour & good_shape).float().view(CLASSES, -1).mean(1)
        won = int((both > 0.5).sum())
        figures.append(
            Figure(
                f"classes drawn right mostly, {what}",
                won,
                CLASSES,
                round((won * (1 - won / CLASSES)) ** 0.5, 2),
                at_least=None if latent else classes,
            )
        )
    return figures


RECIPE = Recipe(latent=False)
LATENT = Recipe(latent=True)
