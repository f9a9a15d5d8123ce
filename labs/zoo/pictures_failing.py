"""Contact sheets of the pictures that a model answers wrongly, with what was right and what it said."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

COLUMNS, TRIED = 12, 240
# One row each of shapevlm's sheet: cells of measure_vlm.CELLS towards the hard end of their dials.
HARD = (
    "counting 7 to 9", "left or right at distance 0.12", "letter of 7 px", "letter of 15 px turned by 90", "fault of 1 px",
    "hidden by 0.9", "wholly hidden: says unknown",
)  # fmt: skip


def row(pictures: Tensor, wrong: Sequence[int]) -> Tensor:
    """Up to twelve of the pictures (B, 3, H, W) in -1..1, the rest of the row left white."""
    shown = list(wrong)[:COLUMNS]
    blank = torch.ones((COLUMNS - len(shown), *pictures.shape[1:]))
    return torch.cat([pictures[shown], blank])


def talking(weights: Path, seed: int) -> tuple[Tensor, str]:
    """shapevlm: a row each of the hard cells."""
    from labs.zoo import measure_vlm

    model, rows, told = measure_vlm.load(weights / "shapevlm"), [], []
    cells = {cell.name: cell for cells in measure_vlm.CELLS.values() for cell in cells}
    for name in HARD:
        scenes, asked = measure_vlm.drawn(cells[name], seed, TRIED)
        pixels = measure_vlm.pictures(scenes)
        said = measure_vlm.answers(model, pixels, asked)
        wrong = [place for place, (word, entry) in enumerate(zip(said, asked, strict=True)) if word != entry.answer]
        rows.append(row(pixels, wrong))
        pairs = ", ".join(f"{asked[place].answer}/{said[place]}" for place in wrong[:COLUMNS]) or "none"
        told.append(f"{name}, {len(wrong)} of {TRIED} wrong (right/said: {pairs})")
    return torch.stack(rows), "; ".join(told)


def contrasting(weights: Path, seed: int) -> tuple[Tensor, str]:
    """shapeclip: combinations that it names wrongly, and pairs of which it prefers the caption with sides, or colours, swapped."""
    from transformers import AutoTokenizer, CLIPModel

    from labs.scenes import captions
    from labs.scenes.vocabulary import COMBINATIONS
    from labs.zoo.clip_pictures import pairs
    from labs.zoo.measure_clip import SIDE, image_vectors, text_vectors
    from labs.zoo.worlds import labels_of, one_object

    folder = weights / "shapeclip"
    model = CLIPModel.from_pretrained(folder, local_files_only=True, dtype=torch.float32).eval()
    words = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    scenes, pixels = one_object(random.Random(f"sheet/{seed}"), 1000, SIDE)
    texts = text_vectors(model, words, [f"a photo of {captions.article(captions.name(label))}" for label in COMBINATIONS])
    said, right = (image_vectors(model, pixels) @ texts.T).argmax(1).tolist(), labels_of(scenes).tolist()
    wrong = [place for place in range(len(right)) if said[place] != right[place]]
    named = ", ".join(f"{' '.join(COMBINATIONS[right[p]])}/{' '.join(COMBINATIONS[said[p]])}" for p in wrong[:COLUMNS]) or "none"
    rows, told = [row(pixels, wrong)], [f"one object, {len(wrong)} of {len(right)} named wrongly (right/said: {named})"]
    two, pixels = pairs(random.Random(f"sheet/{seed}"), TRIED, SIDE, COMBINATIONS)
    images = image_vectors(model, pixels)
    for title, good, bad in (
        ("left and right", [one.relation for one in two], [one.turned for one in two]),
        ("colours", [one.plain for one in two], [one.crossed for one in two]),
    ):
        gap = ((text_vectors(model, words, bad) - text_vectors(model, words, good)) * images).sum(1)
        wrong = [place for place, value in enumerate(gap.tolist()) if value >= 0]
        rows.append(row(pixels, wrong))
        told.append(f"{title}: the swapped caption fits better in {len(wrong)} of {TRIED}, the first “{bad[wrong[0]]}”" if wrong else title)
    return torch.stack(rows), "; ".join(told)


def judging(weights: Path, seed: int) -> tuple[Tensor, str]:
    """shapejudge: what it misreads of clean pictures, in each of its worlds alike, and of pictures under noise of half a grey range."""
    from labs.scenes.vocabulary import COMBINATIONS, SHAPES
    from labs.zoo.recipes import shapejudge
    from labs.zoo.worlds import labels_of, one_object

    scenes, pixels = one_object(random.Random(f"sheet/{seed}"), 1000, 32)
    right = labels_of(scenes)
    noised = (pixels + torch.randn(pixels.shape, generator=torch.Generator().manual_seed(seed))).clamp(-1, 1)
    rows, told = [], []
    for folder, title, shown in (
        ("shapejudge", "clean", pixels),
        ("shapejudge", "under noise of half the range", noised),
        ("shapejudge-noised", "the twin, under the same noise", noised),
    ):
        colour, shape = shapejudge.marginals(shapejudge.load(weights / folder), shown)
        said = colour.argmax(1) * len(SHAPES) + shape.argmax(1)
        wrong = (said != right).nonzero().flatten().tolist()
        rows.append(row(shown, wrong))
        pairs = ", ".join(f"{' '.join(COMBINATIONS[right[p]])}/{' '.join(COMBINATIONS[said[p]])}" for p in wrong[:3]) or "none"
        told.append(f"{title}: {len(wrong)} of {len(right)} misread (right/said: {pairs})")
    return torch.stack(rows), "; ".join(told)
