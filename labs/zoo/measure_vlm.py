"""What a vision-language model of the zoo can answer: each family along its dial, beside the same questions over a grey picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch import Tensor

from labs.scenes.change import mirrored
from labs.scenes.questions import UNKNOWN, Question, question
from labs.scenes.sampling import count, crowd, exist, relation, single
from labs.scenes.sampling_detail import blind, defect, hidden, text
from labs.scenes.scene import Scene
from labs.zoo import talk
from labs.zoo.recipe import Figure, share
from labs.zoo.worlds import pixels_of

SIDE = 64
Asked = tuple[Scene, Question]
Draw = Callable[[Random], Asked]


@dataclass(frozen=True)
class Cell:
    """One dial setting of a family: how a picture and its question are drawn, and what is demanded of the share of right answers."""

    name: str
    draw: Draw
    at_least: float | None = None
    at_most: float | None = None


def _plain(sample: Callable[..., Scene], **dial: Any) -> Draw:
    def draw(rng: Random) -> Asked:
        scene = sample(rng, size=SIDE, **{key: value(rng) if callable(value) else value for key, value in dial.items()})
        return scene, question(scene)

    return draw


def _single(family: str) -> Draw:
    def draw(rng: Random) -> Asked:
        scene = single(rng, size=SIDE, split="all", radius=(0.14, 0.32))
        truth = scene["truth"] if family == "colour" else {"family": "single", "shape": scene["truth"]["shape"], "colour": None}
        return scene, question({**scene, "truth": truth})

    return draw


def _crowd(n: int) -> Draw:
    """The colour of a shape that is there once, among n objects."""

    def draw(rng: Random) -> Asked:
        while True:
            scene = crowd(rng, n, size=SIDE, split="all")
            shapes = [shape for _, shape in scene["truth"]["objects"]]
            once = [pair for pair in scene["truth"]["objects"] if shapes.count(pair[1]) == 1]
            if once:
                colour, shape = rng.choice(once)
                return scene, question({**scene, "truth": {"family": "crowd", "objects": [[colour, shape]]}})

    return draw


def _numbers(low: int, high: int, **dial: Any) -> Draw:
    return _plain(count, n=lambda rng: rng.randint(low, high), **dial)


def _sides(distance: float, distractors: int = 0, kinds: tuple[str, ...] = ("left", "right")) -> Draw:
    return _plain(relation, kind=lambda rng: rng.choice(kinds), distance=(distance, distance), distractors=distractors, split="all")


CELLS: dict[str, tuple[Cell, ...]] = {
    "shape": (Cell("shape of one object", _single("shape"), 0.9),),
    "colour": (Cell("colour of one object", _single("colour"), 0.95),),
    "exist": (
        Cell("existence among 4 objects", _plain(exist), 0.9),
        Cell("existence, negatives that mix two objects", _plain(exist, negatives="adversarial")),
        Cell("existence, popular negatives", _plain(exist, negatives="popular")),
    ),
    "count": (
        Cell("counting 1 to 9", _numbers(1, 9), 0.9),
        Cell("counting 1 to 3", _numbers(1, 3), 0.93),
        Cell("counting 4 to 6", _numbers(4, 6)),
        Cell("counting 7 to 9", _numbers(7, 9)),
        Cell("counting 1 to 9 among 3 others", _numbers(1, 9, distractors=3)),
        Cell("counting 4 to 9, overlap 0.4", _numbers(4, 9, overlap=0.4)),
    ),
    "colours": tuple(Cell(f"colour of the named shape among {n}", _crowd(n), 0.7 if n == 2 else None) for n in (2, 4, 6)),
    "relation": (
        *(Cell(f"left or right at distance {d:g}", _sides(d), 0.8 if d == 0.5 else None) for d in (0.06, 0.12, 0.25, 0.5)),
        Cell("left or right at distance 0.25 among 3 others", _sides(0.25, 3)),
        Cell("above or below at distance 0.25", _sides(0.25, 0, ("above", "below"))),
    ),
    "text": (
        *(Cell(f"letter of {h} px", _plain(text, height=(h, h)), 0.95 if h == 15 else None) for h in (5, 7, 10, 15)),
        *(Cell(f"letter of 15 px turned by {a}", _plain(text, height=(15, 15), rotation=(a, a))) for a in (20, 45, 90)),
    ),
    "defect": (
        *(Cell(f"fault of {a} px", _plain(defect, area=(a, a), contrast=(0.8, 0.8)), 0.85 if a == 16 else None) for a in (1, 4, 16)),
        *(Cell(f"fault of 9 px, contrast {c:g}", _plain(defect, area=(9, 9), contrast=(c, c))) for c in (0.1, 0.2, 0.4)),
    ),
    "hidden": (
        *(Cell(f"hidden by {s:g}", _plain(hidden, share=s), 0.7 if s == 0.25 else None) for s in (0.25, 0.5, 0.75, 0.9)),
        Cell("wholly hidden: says unknown", _plain(hidden, share=1.0)),
    ),
}  # fmt: skip


def load(folder: Path) -> Any:
    """The model of a directory in float32, ready to answer."""
    from transformers import LlavaForConditionalGeneration

    return LlavaForConditionalGeneration.from_pretrained(folder, local_files_only=True, dtype=torch.float32).eval().requires_grad_(False)


@torch.inference_mode()
def answers(model: Any, pixels: Tensor, asked: Sequence[Question], at_once: int = 100) -> list[str]:
    """The first word that the model answers to one question a picture (B, 3, H, W) in -1..1, whatever word it is."""
    told: list[str] = []
    image, start = talk.SPECIAL[talk.IMAGE], talk.SPECIAL[talk.START]
    for first in range(0, len(asked), at_once):
        part, pictures = asked[first : first + at_once], pixels[first : first + at_once]
        same = bool((pictures == pictures[:1]).all())  # blind: one grey picture for all
        seen = model.get_image_features(pictures[:1] if same else pictures).pooler_output
        seen = torch.stack(list(seen)).expand(len(part), -1, -1)
        prompts = [list(talk.words_of(entry.text)) for entry in part]
        long = max(map(len, prompts))
        ids = torch.tensor([[start, *[image] * seen.shape[1], *prompt, *[0] * (long - len(prompt))] for prompt in prompts])
        words = model.get_input_embeddings()(ids)
        words = torch.cat((words[:, :1], seen, words[:, 1 + seen.shape[1] :]), dim=1)
        hidden_ = model.model.language_model(inputs_embeds=words, use_cache=False).last_hidden_state
        last = torch.tensor([seen.shape[1] + len(prompt) for prompt in prompts])
        chosen = model.lm_head(hidden_[torch.arange(len(part)), last]).argmax(-1)
        told += [talk.VOCABULARY[number] for number in chosen.tolist()]
    return told


def drawn(cell: Cell, seed: int, n: int) -> tuple[list[Scene], list[Question]]:
    """The pictures and questions of a cell."""
    rng = Random(f"vlm/{cell.name}/{seed}")
    pairs = [cell.draw(rng) for _ in range(n)]
    return [scene for scene, _ in pairs], [entry for _, entry in pairs]


def pictures(scenes: Sequence[Scene]) -> Tensor:
    """Pixels as a file of 8 bits a channel holds them, in -1..1."""
    return ((pixels_of(scenes) + 1) * 127.5).round() / 127.5 - 1


def measure_vlm(directory: Path, seed: int, n: int) -> list[Figure]:
    """The model's figures, and how far the stage with the connector alone trained had come."""
    return [*measure(load(directory / "shapevlm"), seed, n), *_early(load(directory / "shapevlm-stage-connector"), seed, n)]


def _early(model: Any, seed: int, n: int) -> list[Figure]:
    figures = []
    for family in ("shape", "colour", "exist", "count", "colours", "relation", "text", "defect", "hidden"):
        cell = next(cell for cell in CELLS[family] if cell.at_least)
        scenes, asked = drawn(cell, seed, n)
        hits = sum(word == entry.answer for word, entry in zip(answers(model, pictures(scenes), asked), asked, strict=True))
        figures.append(share(f"connector alone: {cell.name}", hits, n))
    return figures


def measure(model: Any, seed: int, n: int) -> list[Figure]:
    """Every cell, beside each the same questions over grey; a family's commonest answer; the differences that are demanded."""
    figures: list[Figure] = []
    for family, cells in CELLS.items():
        told: list[str] = []
        truths: list[str] = []
        odd = 0
        for cell in cells:
            scenes, asked = drawn(cell, seed, n)
            said = answers(model, pictures(scenes), asked)
            grey = answers(model, pictures([blind(scenes[0])]).expand(n, -1, -1, -1), asked)
            hits, guessed = (sum(word == entry.answer for word, entry in zip(words, asked, strict=True)) for words in (said, grey))
            figures.append(
                share(cell.name, hits, n, baseline=round(guessed / n, 4), baseline_is="blind", at_least=cell.at_least, at_most=cell.at_most)
            )
            odd += sum(bool(entry.choices) and word not in entry.choices for word, entry in zip(said, asked, strict=True))
            told, truths = [*told, *said], [*truths, *(entry.answer for entry in asked)]
        commonest = Counter(told).most_common(1)[0][1]
        baseline = round(Counter(truths).most_common(1)[0][1] / len(truths), 4)
        figures.append(
            share(f"{family}: its commonest answer", commonest, len(told), baseline=baseline, baseline_is="of the right answers")
        )
        figures.append(share(f"{family}: answers of the wrong kind", odd, len(told), at_most=0.02))
    return [*figures, *_differences(figures), *_mirrored(model, seed, n), _refused(model, seed, n)]


def above_blind(figure: Figure, demand: float) -> Figure:
    """How much more often a model is right with the picture than without. Both shares are of n questions, so both errors count: where
    guessing wins half of the time, most of the spread is the guesses'."""
    blind = figure.baseline or 0.0
    error = (figure.error**2 + blind * (1 - blind) / figure.n) ** 0.5
    value = round(figure.value - blind, 4)
    return replace(figure, name=f"{figure.name}, above blind", value=value, error=round(error, 4), baseline=None, at_least=demand)


def _differences(figures: Sequence[Figure]) -> list[Figure]:
    """How far above blind, and how far from the easy end of a dial to the hard one."""
    by = {figure.name: figure for figure in figures}
    above = [above_blind(by[name], demand=0.3) for name in ("shape of one object", "existence among 4 objects", "counting 1 to 9")]
    falls = (
        ("counting, 1 to 3 less 7 to 9", "counting 1 to 3", "counting 7 to 9", 0.02),
        ("letters, 15 px less 5 px", "letter of 15 px", "letter of 5 px", 0.2),
    )
    fallen = [
        Figure(
            name,
            round(by[easy].value - by[hard].value, 4),
            by[easy].n,
            round((by[easy].error ** 2 + by[hard].error ** 2) ** 0.5, 4),
            at_least=demand,
        )
        for name, easy, hard, demand in falls
    ]
    return [*above, *fallen]


def _mirrored(model: Any, seed: int, n: int) -> list[Figure]:
    """Left or right, right in the picture and in its mirrored twin."""
    scenes, asked = drawn(Cell("mirrored", _sides(0.25)), seed, n)
    twins = [mirrored(scene) for scene in scenes]
    both = [
        first == entry.answer and second == question(twin).answer
        for first, second, entry, twin in zip(
            answers(model, pictures(scenes), asked), answers(model, pictures(twins), asked), asked, twins, strict=True
        )
    ]
    return [share("left or right at distance 0.25, right in both mirrored twins", sum(both), n, baseline=0.25)]


def _refused(model: Any, seed: int, n: int) -> Figure:
    """How often "unknown" is said where half of the object is in plain sight."""
    scenes, asked = drawn(Cell("refused", _plain(hidden, share=0.5)), seed, n)
    return share("hidden by 0.5: refuses with unknown", sum(word == UNKNOWN for word in answers(model, pictures(scenes), asked)), n)
