"""bridges: the five connectors of labs/zoo/bridges.py over the frozen encoder of shapevlm, each behind the same small read-out.

All five are trained side by side on the same pictures, one pass of the encoder for all. Three questions: the colour of the named
shape, which of two named objects is left, and how many there are of a shape.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch import Tensor, nn

from labs.scenes.sampling import count, crowd, relation
from labs.scenes.scene import Scene
from labs.scenes.vocabulary import COLOURS, SHAPES
from labs.zoo import bridges
from labs.zoo.recipe import Batch, Draw, Figure, Stage, share
from labs.zoo.worlds import pixels_of

COLOUR_NAMES = tuple(COLOURS)
SIDE, WIDTH = 64, 128
TASKS = ("colour of the named shape among 4", "left or right of two named objects", "counting 1 to 9")
ANSWERS = (*COLOUR_NAMES, "left", "right", *(str(n) for n in range(1, 10)))
GUESSING = (1 / 8, 1 / 2, 1 / 9)
READER = (len(TASKS), 1 + len(COLOUR_NAMES), 1 + len(SHAPES), len(ANSWERS))  # tables of words: 0 is "not named"
CARD = {
    "can": [
        "show what one question costs behind five bridges over the same frozen encoder",
        "name the colour of a named shape among four, behind each of the five, with 8, 16 or 64 visual tokens",
        "say left or right behind the bridges that keep the grid (linear, mlp, pixel-shuffle)",
    ],
    "cannot": [
        "say left or right well behind learned queries (qformer, resampler) within these 1,200 steps; they count better than the others",
        "talk: the read-out knows three questions and no words",
        "be put into shapevlm: its language model knows its own connector only",
    ],
    "notes": ["The read-out behind each bridge is built alike but trained with it; only the bridge and its number of tokens differ."],
}


class Side(nn.Module):
    """forward(pixels (B, 3, 64, 64) in -1..1, asked (B, 2, 3), answer (B,)) -> the summed loss and each bridge's accuracy."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder.requires_grad_(False)
        self.bridges = nn.ModuleDict({kind: bridges.build(kind, WIDTH, WIDTH) for kind in bridges.KINDS})
        self.readers = nn.ModuleDict({kind: bridges.Reader(WIDTH, *READER) for kind in bridges.KINDS})

    def forward(self, pixels: Tensor, asked: Tensor, answer: Tensor) -> dict[str, Tensor]:
        seen = features(self.encoder, pixels)
        logits = {kind: self.readers[kind](self.bridges[kind](seen), asked) for kind in bridges.KINDS}
        losses = [nn.functional.cross_entropy(part, answer) for part in logits.values()]
        return {"loss": torch.stack(losses).sum()} | {kind: (part.argmax(1) == answer).float().mean() for kind, part in logits.items()}


class Recipe:
    name = "bridges"

    def stages(self, preset: str) -> tuple[Stage, ...]:
        full = Stage("bridges", 1200, 48, 1e-3, warmup=50)
        return (full if preset == "full" else replace(full.quick(20), batch=12),)

    def build(self, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        return Side(encoder())

    def enter(self, model: nn.Module, stage: Stage) -> None:
        pass

    def batch(self, stage: Stage, draw: Draw, size: int, step: int) -> Batch:
        scenes, asked, answer = questions(draw.random, size)
        return {"pixels": pixels_of(scenes), "asked": asked, "answer": answer}

    def save(self, model: nn.Module, stage: Stage, last: bool, directory: Path) -> None:
        for kind in bridges.KINDS:
            facts = {"width": WIDTH, "out": WIDTH, "reader": list(READER), "tokens_in": (SIDE // 8) ** 2}
            facts |= {"tasks": list(TASKS), "answers": list(ANSWERS)}
            bridges.save(kind, model.bridges[kind], model.readers[kind], directory / "bridges" / kind, facts)

    def measure(self, directory: Path, seed: int, n: int) -> list[Figure]:
        vision, figures = encoder(), []
        batches = [(name, place, *questions(Random(f"bridges/{seed}/{place}"), n, place)) for place, name in enumerate(TASKS)]
        seen = [features(vision, pixels_of(scenes)) for _, _, scenes, _, _ in batches]
        for kind in bridges.KINDS:
            bridge, reader, _ = bridges.load(directory / "bridges" / kind)
            with torch.inference_mode():
                tokens = [bridge(part) for part in seen]
            figures += [
                Figure(f"{kind}: visual tokens out, of 64", tokens[0].shape[1], 1),
                Figure(f"{kind}: parameters", sum(weight.numel() for weight in bridge.parameters()), 1),
            ]
            for (name, place, _, asked, answer), part in zip(batches, tokens, strict=True):
                with torch.inference_mode():
                    hits = int((reader(part, asked).argmax(1) == answer).sum())
                figures.append(share(f"{kind}: {name}", hits, n, baseline=round(GUESSING[place], 4)))
        return figures


def encoder() -> nn.Module:
    """The vision tower of the shipped shapevlm, frozen; one without training where none is shipped."""
    from transformers import CLIPVisionModel

    from labs.zoo.recipes.shapevlm import architecture
    from labs.zoo.registry import WEIGHTS

    if not (WEIGHTS / "shapevlm" / "config.json").is_file():
        return CLIPVisionModel(architecture().vision_config).eval()
    from labs.zoo.measure_vlm import load

    tower: nn.Module = load(WEIGHTS / "shapevlm").model.vision_tower
    return tower


@torch.no_grad()
def features(vision: Any, pixels: Tensor) -> Tensor:
    """The patch features that leave the encoder, (B, 64, 128)."""
    return torch.cat([vision(pixel_values=part, output_hidden_states=True).hidden_states[-1][:, 1:] for part in pixels.split(100)])


def questions(rng: Random, size: int, task: int | None = None) -> tuple[list[Scene], Tensor, Tensor]:
    """Scenes, what is asked (size, 2, 3): task, colour and shape of both things named, 0 where none is; and the answers (size,)."""
    scenes, asked, answers = [], [], []
    for place in range(size):
        which = task if task is not None else place % len(TASKS)
        if which == 0:
            scene, [pairs, answer] = _colour(rng)
        elif which == 1:
            scene = relation(rng, rng.choice(("left", "right")), size=SIDE, distance=(0.15, 0.55), split="all")
            pairs, answer = [scene["truth"]["first"], scene["truth"]["second"]], scene["truth"]["relation"]
        else:
            scene = count(rng, size=SIDE, distractors=rng.choice((0, 0, 2)))
            pairs, answer = [(None, scene["truth"]["shape"])], str(scene["truth"]["n"])
        scenes.append(scene)
        named = [[which, 1 + COLOUR_NAMES.index(c) if c else 0, 1 + SHAPES.index(s)] for c, s in pairs]
        asked.append([*named, [which, 0, 0]][:2])
        answers.append(ANSWERS.index(answer))
    return scenes, torch.tensor(asked), torch.tensor(answers)


def _colour(rng: Random) -> tuple[Scene, tuple[list[Any], str]]:
    while True:
        scene = crowd(rng, 4, size=SIDE, split="all")
        shapes = [shape for _, shape in scene["truth"]["objects"]]
        once = [pair for pair in scene["truth"]["objects"] if shapes.count(pair[1]) == 1]
        if once:
            colour, shape = rng.choice(once)
            return scene, ([(None, shape)], colour)


RECIPE = Recipe()
