"""Contact sheets of what the models make, failures included: `python -m labs.zoo pictures MODEL --out FILE.png`.

A sheet is a grid of pictures, pixel by pixel; what its rows are is said in the text that goes with it. What a model
answers is shown where it is wrong (labs/zoo/pictures_failing.py).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from labs.scenes.png import to_png
from labs.scenes.vocabulary import COMBINATIONS
from labs.zoo.pictures_failing import contrasting, judging, talking
from labs.zoo.worlds import clips, one_object

SIDE, GAP = 32, 2


def sheet(name: str, weights: Path, seed: int) -> tuple[Tensor, str]:
    """(pictures (rows, columns, 3, S, S) in -1..1, what the rows show) of a model's directories under `weights`; raises KeyError."""
    return SHEETS[name](weights, seed)


def png(pictures: Tensor) -> bytes:
    """A sheet as a PNG file."""
    rows, columns, _, side, _ = pictures.shape
    step = side + GAP
    canvas = torch.full((rows * step - GAP, columns * step - GAP, 3), 255, dtype=torch.uint8)
    for row in range(rows):
        for column in range(columns):
            picture = ((pictures[row, column].clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(1, 2, 0)
            canvas[row * step : row * step + side, column * step : column * step + side] = picture
    return to_png(bytes(canvas.flatten().tolist()), canvas.shape[1], canvas.shape[0])


def _vae(weights: Path, seed: int) -> tuple[Tensor, str]:
    from diffusers import AutoencoderKL

    vae = AutoencoderKL.from_pretrained(weights / "shapevae", local_files_only=True, torch_dtype=torch.float32).eval()
    _, real = one_object(random.Random(f"sheet/{seed}"), 12, SIDE)
    with torch.inference_mode():
        back = vae.decode(vae.encode(real).latent_dist.mean).sample
        z = torch.randn((12, vae.config.latent_channels, 8, 8), generator=torch.Generator().manual_seed(seed)) / vae.config.scaling_factor
        drawn = vae.decode(z).sample
    return torch.stack([real, back, drawn]), "originals; their reconstructions; decoded random numbers"


def _diffusion(latent: bool) -> Callable[[Path, int], tuple[Tensor, str]]:
    def make(weights: Path, seed: int) -> tuple[Tensor, str]:
        from labs.zoo.recipes.shapediffusion import GUIDANCE, LATENT, NOTHING, RECIPE, STEPS, Sampler

        recipe = LATENT if latent else RECIPE
        sampler = Sampler(weights / recipe.name, recipe.codec)
        labels = torch.tensor(random.Random(seed).sample(range(len(COMBINATIONS)), 12))
        rows = [sampler.draw(labels, STEPS, guidance, seed) for guidance in (GUIDANCE, 1.0)]
        rows.append(sampler.draw(torch.full_like(labels, NOTHING), STEPS, 1.0, seed))
        asked = ", ".join(" ".join(COMBINATIONS[label]) for label in labels.tolist())
        return torch.stack(rows), f"guidance 4; no guidance; no label. Asked for: {asked}"

    return make


def _video(weights: Path, seed: int) -> tuple[Tensor, str]:
    from labs.zoo.recipes.shapevideo import AGES, CONTEXT, load, roll_out

    _, frames = clips(random.Random(f"sheet/{seed}"), 1, SIDE, 31)
    shown = list(range(0, 28, 3))
    rows = [frames[0, CONTEXT:][shown]]
    rows += [roll_out(load(weights / "shapevideo" / age), frames[:, :CONTEXT], 28)[0, shown] for age in AGES]
    return torch.stack(rows), f"the true clip, every third frame from the first to the 28th; free roll-outs of {', '.join(AGES)}"


SHEETS: dict[str, Callable[[Path, int], tuple[Tensor, str]]] = {
    "shapejudge": judging,
    "shapeclip": contrasting,
    "shapevlm": talking,
    "shapevae": _vae,
    "shapediffusion": _diffusion(latent=False),
    "shapediffusion-latent": _diffusion(latent=True),
    "shapevideo": _video,
}
