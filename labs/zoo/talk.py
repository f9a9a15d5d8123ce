"""Questions and answers as token sequences: one word a token, several questions about one picture in one row, loss on answers alone.

A row is START, the picture's tokens, then question, answer, END for each question. Every question sees the picture and itself, not
the others, and its positions begin where those of a first question would: training asks each exactly as it is asked alone later.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from labs.scenes.questions import UNKNOWN, Question
from labs.scenes.vocabulary import COLOURS, DIGITS, LETTERS, PLURALS, SHAPES

PAD, START, UNFAMILIAR, END, IMAGE = "<pad>", "<start>", "<unk>", "<end>", "<image>"
IGNORE = -100
_ASKING = (
    "how many are there what colour is the object shape a an left or right of above below does label say one components burnt behind panel"
)
_TELLING = "scene at board with component panel hides describe"
WORDS = tuple(dict.fromkeys([
    *_ASKING.split(), *_TELLING.split(), "yes", "no", UNKNOWN, "?", ".", *COLOURS, *SHAPES, *PLURALS.values(), *LETTERS, *DIGITS,
]))  # fmt: skip
VOCABULARY = (PAD, START, UNFAMILIAR, END, IMAGE, *WORDS)
SPECIAL = {name: VOCABULARY.index(name) for name in (PAD, START, UNFAMILIAR, END, IMAGE)}


def tokenizer() -> PreTrainedTokenizerFast:
    """Words in small letters, each capital and digit a token of its own ("A7" is two), START before a text. No END: an answer follows."""
    words = Tokenizer(models.WordLevel({name: index for index, name in enumerate(VOCABULARY)}, unk_token=UNFAMILIAR))
    # the capital that a question begins with becomes small; the capitals of labels stay
    words.normalizer = normalizers.Sequence([normalizers.Replace(word, word.lower()) for word in ("How", "What", "Is", "Describe")])
    words.pre_tokenizer = pre_tokenizers.Split(Regex(r"[A-Z0-9]|[a-z]+|[^\sA-Za-z0-9]"), behavior="removed", invert=True)
    words.post_processor = processors.TemplateProcessing(single=f"{START} $A", special_tokens=[(START, SPECIAL[START])])
    made = PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token=PAD, bos_token=START, eos_token=END, unk_token=UNFAMILIAR, model_max_length=512,
        padding_side="left", extra_special_tokens={"image_token": IMAGE},
    )  # fmt: skip
    return made


def rows(asked: Sequence[Sequence[Question]], prefixes: Sequence[Sequence[int]]) -> dict[str, Tensor]:
    """Token rows for what is asked about each picture, after a prefix of token ids each (START and the picture's places, or a text).

    Gives ids, labels (IGNORE but on answers and their END), positions, all (B, L), kinds (B, L): the place of an answer's family in
    FAMILIES, and mask (B, 1, L, L), true where a row may look.
    """
    made = [_row(questions, list(prefix)) for questions, prefix in zip(asked, prefixes, strict=True)]
    long = max(len(row[0]) for row in made)
    fill = (SPECIAL[PAD], IGNORE, 0, -1, IGNORE)
    ids, labels, positions, blocks, kinds = (
        torch.tensor([row[part] + [fill[part]] * (long - len(row[0])) for row in made]) for part in range(5)
    )
    return {"ids": ids, "labels": labels, "positions": positions, "kinds": kinds, "mask": looking(blocks)}


def looking(blocks: Tensor) -> Tensor:
    """Who may look at whom (B, 1, L, L) for blocks (B, L): 0 the shared beginning, 1.. a question each, -1 padding."""
    long = blocks.shape[1]
    same = (blocks[:, None, :] == 0) | (blocks[:, None, :] == blocks[:, :, None])
    back = torch.ones(long, long, dtype=torch.bool).tril()
    return ((same & back & (blocks[:, None, :] >= 0)) | torch.eye(long, dtype=torch.bool))[:, None]


def _row(questions: Sequence[Question], prefix: list[int]) -> tuple[list[int], ...]:
    ids, labels, positions, blocks, kinds = (
        list(prefix),
        [IGNORE] * len(prefix),
        list(range(len(prefix))),
        [0] * len(prefix),
        [IGNORE] * len(prefix),
    )
    for number, asked in enumerate(questions, 1):
        prompt, answer = words_of(asked.text), [*words_of(asked.answer), SPECIAL[END]]
        ids += [*prompt, *answer]
        labels += [*([IGNORE] * len(prompt)), *answer]
        positions += range(len(prefix), len(prefix) + len(prompt) + len(answer))
        blocks += [number] * (len(prompt) + len(answer))
        kind = FAMILIES.index(asked.family)
        kinds += [*([IGNORE] * len(prompt)), *([kind] * (len(answer) - 1)), kind if asked.family == "describe" else IGNORE]
    return ids, labels, positions, blocks, kinds


FAMILIES = ("shape", "colour", "colours", "shapes", "exist", "count", "relation", "text", "defect", "hidden", "where", "describe")


@cache
def words_of(text: str) -> tuple[int, ...]:
    """The token ids of a question or an answer, without START."""
    return tuple(_shared()(text, add_special_tokens=False)["input_ids"])


@cache
def _shared() -> PreTrainedTokenizerFast:
    return tokenizer()


def save_processor(folder: Path, side: int, patch: int) -> None:
    """Image processor, tokenizer and the LLaVA processor over both, so that AutoProcessor finds them."""
    from transformers import LlavaProcessor
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    pictures = CLIPImageProcessorPil(
        size={"height": side, "width": side}, do_center_crop=False, image_mean=[0.5] * 3, image_std=[0.5] * 3, resample=2
    )
    LlavaProcessor(
        image_processor=pictures,
        tokenizer=tokenizer(),
        patch_size=patch,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
    ).save_pretrained(folder)
