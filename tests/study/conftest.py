"""Items of every kind, small enough to read in a test."""

from __future__ import annotations

from typing import Any

import pytest

from studyapp.course.draws import Draw, draw_for
from studyapp.course.items import Item
from tests.study.sitting import Sitting

CHOICE: dict[str, Any] = {
    "options": [
        {"id": "a", "text": "match images and texts", "right": True, "say": "Right."},
        {"id": "b", "text": "caption images", "concept": "clip-writes", "say": "It writes nothing."},
        {"id": "c", "text": "classify images", "say": "It has no classes."},
    ]
}
BODIES: dict[str, dict[str, Any]] = {
    "basic": {"ask": "What is a patch?", "answer": "A square cut of the image."},
    "short": {
        "ask": "What does a ViT read?",
        "accept": ["patch token", "patch embedding"],
        "near": ["token"],
        "traps": [{"when": "pixels", "concept": "pixel-tokens", "say": "Not single pixels."}],
    },
    "cloze": {"ask": "A {{[CLS]|class token}} is put before {{fourteen}} {{patches}}."},
    "missing": {"ask": "What is missing?", "shown": ["image", "___", "LLM"], "accept": ["projector", "bridge"]},
    "choice": {"ask": "What is CLIP's goal?", **CHOICE},
    "multi": {
        "ask": "Which two?",
        "options": [
            {"id": "a", "text": "one", "right": True},
            {"id": "b", "text": "two", "right": True},
            {"id": "c", "text": "three", "concept": "third", "say": "Not this."},
        ],
    },
    "true-false-repair": {"ask": "CNNs are obsolete.", "truth": False, "repair": ["CNNs are still in use."]},
    "true": {"ask": "A ViT uses patches.", "truth": True, "repair": []},
    "order": {"ask": "Order the steps.", "steps": [{"id": name, "text": name.upper()} for name in ("cut", "flatten", "project", "add")]},
    "list": {
        "ask": "Name three bridges.",
        "slots": 3,
        "members": [
            {"id": "mlp", "accept": ["MLP", "two-layer MLP"]},
            {"id": "qformer", "accept": ["Q-Former"]},
            {"id": "resampler", "accept": ["resampler", "Perceiver resampler"]},
        ],
        "near": ["adapter"],
        "traps": [{"when": "tokenizer", "concept": "tokenizer-bridges", "say": "That is for text."}],
    },
    "number": {
        "ask": "{h} x {h}, patches of {p}: how many?",
        "params": {"h": [224, 336], "p": [14, 16]},
        "answer": "(h // p) ** 2",
        "unit": "patches",
        "traps": [{"value": "(h // p) ** 2 + 1", "concept": "cls-token", "say": "{(h // p) ** 2} and one more is tokens."}],
    },
    "share": {
        "ask": "Which share?",
        "params": {"n": [3]},
        "answer": "1 / n",
        "round": 2,
        "traps": [{"value": "1 / (n + 1)", "concept": "plus-one"}],
    },
    "explain": {
        "ask": "Why patches?",
        "reference": "Attention is quadratic.",
        "points": [
            {"text": "pixels are too many", "indispensable": True},
            {"text": "attention is quadratic"},
            {"text": "a patch carries meaning"},
        ],
    },
    "contrast": {"ask": "GAN or VAE?", "sides": [{"name": "GAN", "points": ["sharp", "unstable"]}, {"name": "VAE", "points": ["blurry"]}]},
    "case": {"ask": "The board is burned. What now?", "then": {"kind": "choice", **CHOICE}},
    "case-explain": {"ask": "Explain it to a colleague.", "then": {"kind": "explain", "reference": "So.", "points": [{"text": "one"}]}},
    "lab": {"lab": "patchify", "task": 1},
}
KIND_OF = {"multi": "choice", "true": "true-false-repair", "share": "number", "case-explain": "case"}


class Items:
    """`items("short")` is an item of that kind, `items.draw(item)` a draw of it."""

    def __call__(self, name: str, key: str | None = None, **change: Any) -> Item:
        return Item(key or f"c:{name}", KIND_OF.get(name, name), "s01", 0, body={**BODIES[name], **change})

    def draw(self, item: Item, token: str = "0000002a") -> Draw:
        return draw_for(item, token)

    names = tuple(BODIES)


@pytest.fixture(scope="session")
def items() -> Items:
    return Items()


@pytest.fixture
def sit(items: Items) -> Any:
    """`sit(minutes=10)` is a learner at a session of that configuration."""
    return lambda **config: Sitting(items, **config)
