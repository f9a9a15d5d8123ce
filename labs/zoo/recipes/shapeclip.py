"""shapeclip: a small CLIP on drawn scenes, and shapeclip-swapped, its twin fine-tuned on swapped captions as hard negatives.

Transformers' CLIPModel and the symmetric contrastive loss of arXiv:2103.00020; captions of one meaning in a batch are not held against
each other. The image tower first learns what each patch shows (labs/zoo/dense.py, on the combinations that are captioned alone): by the
contrastive loss alone it found colours at once, and shapes not within 4,000 steps. Half of the one-object pictures wear a colour that
their caption does not name, so that the image tower cannot tie shape to colour. The twin adds each caption's swapped form as a further
wrong caption (NegCLIP, arXiv:2210.01936).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from torch import Tensor, nn
from transformers import CLIPConfig, CLIPModel, PreTrainedTokenizerFast

from labs.scenes.captions import JOINS
from labs.scenes.vocabulary import COLOURS, SHAPES, held_out_split
from labs.zoo import dense
from labs.zoo.clip_pictures import seen_by, shown, training, words
from labs.zoo.measure_clip import measure_clip
from labs.zoo.recipe import Batch, Draw, Figure, Stage
from labs.zoo.worlds import pixels_of

SIDE, PATCH, LONGEST = 32, 8, 16
LOOKING = 4  # blocks that learn what patches show; the one above them is left to [CLS], which gathers it
PAD, START, END, UNKNOWN = "<pad>", "<start>", "<end>", "<unk>"
TELLING = frozenset((*COLOURS, *SHAPES, *JOINS))  # words that say what a picture shows; the others are the frame of a caption
CARD = {
    "can": [
        "name colour and shape of an object, combinations it has never seen included",
        "tell a caption with a wrong object from the right one",
    ],
    "cannot": [
        "say which object is left: its choice is a coin's",
        "say reliably which colour belongs to which shape",
        "the twin with hard negatives: left and right no better than a coin; colours bound to shapes better in two training seeds of three",
    ],
    "notes": [
        "Where an object is stands in its patch tokens; the pooled vector has lost most of it.",
        "Its image tower was first taught what each patch shows, on the captioned combinations; CLIP itself is trained on captions alone.",
    ],
}


def tokenizer() -> PreTrainedTokenizerFast:
    """One word a token; ids 0 pad, 1 start, 3 end. The end is not 2: CLIP's code takes that for an old configuration and pools at the
    highest id, which makes all captions of one form equal."""
    names = [PAD, START, UNKNOWN, END, *words()]
    made = Tokenizer(models.WordLevel({name: index for index, name in enumerate(names)}, unk_token=UNKNOWN))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(single=f"{START} $A {END}", special_tokens=[(START, 1), (END, 3)])
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token=PAD, bos_token=START, eos_token=END, unk_token=UNKNOWN, model_max_length=LONGEST
    )


def architecture() -> CLIPConfig:
    text = {
        "vocab_size": 4 + len(words()), "hidden_size": 96, "intermediate_size": 192, "num_hidden_layers": 2, "num_attention_heads": 4,
        "max_position_embeddings": LONGEST, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 3,
    }  # fmt: skip
    vision = {
        "image_size": SIDE,
        "patch_size": PATCH,
        "hidden_size": 128,
        "intermediate_size": 256,
        "num_hidden_layers": 1 + LOOKING,
        "num_attention_heads": 4,
    }
    return CLIPConfig(text_config=text, vision_config=vision, projection_dim=64)


class Contrast(nn.Module):
    """forward(pixels (B, 3, 32, 32) in -1..1, what their patches show) -> the heads' loss; or
    forward(pixels, ids and mask (B or more, L), meaning (B or more,)) -> the contrastive loss: rows beyond B are swapped captions, wrong
    for all; captions of one meaning have one number."""

    def __init__(self) -> None:
        super().__init__()
        self.net = CLIPModel(architecture())
        dense.look_near(self.net.vision_model)
        self.heads = dense.Heads(self.net.config.vision_config.hidden_size, PATCH * PATCH)

    def forward(self, pixels: Tensor, patches: dict[str, Tensor] | None = None, **captions: Tensor) -> dict[str, Tensor]:
        if patches is not None:
            layers = self.net.vision_model(pixel_values=pixels, output_hidden_states=True).hidden_states
            shown = {name: part.to(pixels.device) for name, part in patches.items()}
            return dict(self.heads(*(layers[place][:, 1:] for place in (2, 3, LOOKING)), shown))
        return self._contrast(pixels, **captions)

    def _contrast(self, pixels: Tensor, ids: Tensor, mask: Tensor, meaning: Tensor) -> dict[str, Tensor]:
        out = self.net(input_ids=ids, attention_mask=mask, pixel_values=pixels)
        logits, n = out.logits_per_image, len(pixels)
        same = meaning[:n, None] == meaning[None]
        same[:, :n].fill_diagonal_(False)
        logits = logits.masked_fill(same, -1e4)
        target = torch.arange(n, device=pixels.device)
        loss = (nn.functional.cross_entropy(logits, target) + nn.functional.cross_entropy(logits[:, :n].T, target)) / 2
        return {"loss": loss, "accuracy": (logits.argmax(1) == target).float().mean(), "scale": self.net.logit_scale.exp()}


class Recipe:
    name = "shapeclip"

    def __init__(self) -> None:
        self.words = tokenizer()
        self.split = 0  # which combinations are held out: those of the run's seed

    def stages(self, preset: str) -> tuple[Stage, ...]:
        full = (
            Stage("look", 1200, 48, 1.5e-3, warmup=100, ema=0.998),
            Stage("singles", 600, 64, 1e-3, floor=1.0),
            Stage("pairs", 1800, 64, 1e-3, warmup=1),
            Stage("swapped", 600, 64, 3e-4),
        )
        return full if preset == "full" else tuple(stage.quick(10) for stage in full)

    def build(self, seed: int) -> nn.Module:
        torch.manual_seed(seed)
        self.split = seed
        return Contrast()

    def enter(self, model: nn.Module, stage: Stage) -> None:
        looking = stage.name == "look"
        model.requires_grad_(not looking)
        model.heads.requires_grad_(looking)
        for part in (model.net.vision_model.embeddings, model.net.vision_model.pre_layrnorm, model.net.vision_model.encoder):
            part.requires_grad_(True)

    def batch(self, stage: Stage, draw: Draw, size: int, step: int) -> Batch:
        if stage.name == "look":
            scenes = shown(draw.random, size, SIDE, seen_by(self.split))
            geometry = dense.geometry(pixels_of([dense.bare(scene) for scene in scenes]), PATCH)
            return {"pixels": pixels_of(scenes), "patches": {**geometry, **dense.targets_of(scenes, SIDE // PATCH)}}
        pixels, captions, swapped = training(draw.random, size, SIDE, stage.name, seen_by(self.split))
        tokens = self.words(captions + swapped, padding=True, return_tensors="pt")
        said = [tuple(word for word in caption.split() if word in TELLING) for caption in captions + swapped]
        meaning = torch.tensor([said.index(words) for words in said])
        return {"pixels": pixels, "ids": tokens["input_ids"], "mask": tokens["attention_mask"], "meaning": meaning}

    def save(self, model: nn.Module, stage: Stage, last: bool, directory: Path) -> None:
        if stage.name in ("look", "singles"):
            return
        folder = directory / ("shapeclip-swapped" if stage.name == "swapped" else "shapeclip")
        model.net.save_pretrained(folder)
        self.words.save_pretrained(folder)
        save_processor(folder, SIDE)
        held = sorted(held_out_split(self.split))
        (folder / "data.json").write_text(json.dumps({"held_out": held}) + "\n", encoding="utf-8")

    def measure(self, directory: Path, seed: int, n: int) -> list[Figure]:
        return [
            *measure_clip("", *load(directory / "shapeclip"), held_out(directory / "shapeclip"), seed, n, demanded=True),
            *measure_clip("swapped: ", *load(directory / "shapeclip-swapped"), held_out(directory / "shapeclip"), seed, n, demanded=False),
        ]


def save_processor(folder: Path, side: int) -> None:
    """A CLIP image processor of square pictures, values to -1..1."""
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    CLIPImageProcessorPil(
        size={"height": side, "width": side}, do_center_crop=False, image_mean=[0.5] * 3, image_std=[0.5] * 3, resample=2
    ).save_pretrained(folder)


def load(folder: Path) -> tuple[Any, Any]:
    """(model, tokenizer) of a directory."""
    from transformers import AutoTokenizer

    model = (
        CLIPModel.from_pretrained(folder, local_files_only=True, dtype=torch.float32, attn_implementation="eager")
        .eval()
        .requires_grad_(False)
    )
    return model, AutoTokenizer.from_pretrained(folder, local_files_only=True)


def held_out(folder: Path) -> list[tuple[str, str]]:
    """The combinations that a saved model has never seen."""
    return [(colour, shape) for colour, shape in json.loads((folder / "data.json").read_text(encoding="utf-8"))["held_out"]]


RECIPE = Recipe()
