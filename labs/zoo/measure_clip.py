"""What shapeclip can and cannot do, measured: zero-shot, replaced words, order, binding, retrieval, and where left/right is readable."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from labs.scenes import captions
from labs.scenes.vocabulary import COMBINATIONS, Combination
from labs.zoo.clip_pictures import Pair, pairs
from labs.zoo.recipe import Figure, share
from labs.zoo.worlds import labels_of, one_object

SIDE = 32
GALLERY, TAUGHT = 1000, 6000


def measure_clip(prefix: str, model: Any, words: Any, held: Sequence[Combination], seed: int, n: int, demanded: bool) -> list[Figure]:
    """The figures of one CLIP that has never seen the combinations `held`; `demanded` puts the bars of the base model on them."""
    bars: dict[str, dict[str, Any]] = BARS if demanded else {}
    seen = [combination for combination in COMBINATIONS if combination not in held]
    figures = [
        *_zero_shot(model, words, {"seen": seen, "held out": list(held)}, seed, n),
        *_two_captions(model, words, seen, seed, n),
        _retrieval(model, words, seen, seed),
        *_left_right(model, seen, seed, n),
    ]
    return [replace(figure, name=prefix + figure.name, **bars.get(figure.name, {})) for figure in figures]


BARS: dict[str, dict[str, Any]] = {
    "zero-shot of 48, combinations seen": {"at_least": 0.97},
    "zero-shot of 48, combinations held out": {"at_least": 0.90},
    "an object replaced in the caption, told apart": {"at_least": 0.97},
    "left/right captions, told apart": {"at_least": 0.45, "at_most": 0.58},
    "colours bound to the wrong shapes, told apart": {"at_most": 0.65},
    "right picture among the first 10 of 1,000": {"at_least": 0.55},
    "left/right by a linear readout of the patch tokens": {"at_least": 0.90},
    "left/right: patch tokens minus pooled vector": {"at_least": 0.10},
}


@torch.inference_mode()
def text_vectors(model: Any, words: Any, captions: Sequence[str]) -> Tensor:
    """Unit vectors (N, D) of captions."""
    parts = []
    for start in range(0, len(captions), 256):
        tokens = words(list(captions[start : start + 256]), padding=True, return_tensors="pt")
        parts.append(model.get_text_features(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"]).pooler_output)
    return nn.functional.normalize(torch.cat(parts), dim=-1)


@torch.inference_mode()
def image_vectors(model: Any, pixels: Tensor) -> Tensor:
    """Unit vectors (N, D) of pictures (N, 3, 32, 32) in -1..1."""
    parts = [model.get_image_features(pixel_values=part).pooler_output for part in pixels.split(256)]
    return nn.functional.normalize(torch.cat(parts), dim=-1)


def _zero_shot(model: Any, words: Any, splits: Mapping[str, Sequence[Combination]], seed: int, n: int) -> list[Figure]:
    texts = text_vectors(model, words, [f"a photo of {captions.article(captions.name(label))}" for label in COMBINATIONS])
    figures = []
    for name, among in splits.items():
        scenes, pixels = one_object(random.Random(f"zero/{name}/{seed}"), n, SIDE, among)
        said = (image_vectors(model, pixels) @ texts.T).argmax(1)
        figures.append(share(f"zero-shot of 48, combinations {name}", int((said == labels_of(scenes)).sum()), n, baseline=1 / 48))
    return figures


def _two_captions(model: Any, words: Any, seen: Sequence[Combination], seed: int, n: int) -> list[Figure]:
    scenes, pixels = pairs(random.Random(f"two/{seed}"), n, SIDE, seen)
    images = image_vectors(model, pixels)

    def told(name: str, right: Sequence[str], wrong: Sequence[str]) -> Figure:
        good, bad = text_vectors(model, words, right), text_vectors(model, words, wrong)
        return share(name, int(((images * good).sum(1) > (images * bad).sum(1)).sum()), n, baseline=0.5)

    return [
        told("an object replaced in the caption, told apart", [s.plain for s in scenes], [s.replaced for s in scenes]),
        told("left/right captions, told apart", [s.relation for s in scenes], [s.turned for s in scenes]),
        told("colours bound to the wrong shapes, told apart", [s.plain for s in scenes], [s.crossed for s in scenes]),
    ]


def _retrieval(model: Any, words: Any, seen: Sequence[Combination], seed: int) -> Figure:
    scenes, pixels = pairs(random.Random(f"gallery/{seed}"), GALLERY, SIDE, seen)
    scores = text_vectors(model, words, [scene.plain for scene in scenes]) @ image_vectors(model, pixels).T
    return share("right picture among the first 10 of 1,000", int(found_among(scores, 10).sum()), GALLERY, baseline=0.01)


def found_among(scores: Tensor, k: int) -> Tensor:
    """For scores (N, N) of captions against pictures, whether each caption's own picture, on the diagonal, is among its k highest:
    Recall@k, the same by both definitions since one picture is right."""
    return (scores > scores.diagonal()[:, None]).sum(1) < k


def _left_right(model: Any, seen: Sequence[Combination], seed: int, n: int) -> list[Figure]:
    """Whether the object whose colour comes first in the list is the left one, read by ridge regression from frozen vectors."""
    teach, teach_pixels = pairs(random.Random(f"probe/{seed}"), TAUGHT, SIDE, seen)
    test, test_pixels = pairs(random.Random(f"probe-test/{seed}"), n, SIDE, seen)
    figures = []
    for name, read in (("the patch tokens", patch_tokens), ("the pooled vector", image_vectors)):
        hits = readout(read(model, teach_pixels), _side(teach), read(model, test_pixels), _side(test))
        figures.append(share(f"left/right by a linear readout of {name}", hits, n, baseline=0.5))
    gap = figures[0].value - figures[1].value
    error = (figures[0].error ** 2 + figures[1].error ** 2) ** 0.5
    return [*figures, Figure("left/right: patch tokens minus pooled vector", round(gap, 4), n, round(error, 4), baseline=0.0)]


@torch.inference_mode()
def patch_tokens(model: Any, pixels: Tensor) -> Tensor:
    """The encoder features of the patches, flattened (N, 16 * D), without [CLS]."""
    return torch.cat([model.vision_model(pixel_values=part).last_hidden_state[:, 1:].flatten(1) for part in pixels.split(256)])


def readout(teach: Tensor, sides: Tensor, test: Tensor, truth: Tensor, strength: float = 1.0) -> int:
    """Right answers of a ridge regression to +1 / -1 on standardised vectors, on the test half. `strength` a training example."""
    mean, std = teach.mean(0), teach.std(0) + 1e-4
    x, z = ((part - mean) / std for part in (teach, test))
    k = x @ x.T / x.shape[1]
    weights = torch.linalg.solve(k + strength * torch.eye(len(k)), sides)
    return int(((z @ x.T / x.shape[1] @ weights).sign() == truth).sum())


def _side(scenes: Sequence[Pair]) -> Tensor:
    return torch.tensor([1.0 if scene.first_colour_left else -1.0 for scene in scenes])
