"""Questions about scenes with their answers: one short word each, as the vision-language labs ask and grade them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from labs.scenes.captions import article, name
from labs.scenes.change import OPPOSITE
from labs.scenes.scene import Scene
from labs.scenes.vocabulary import COLOURS, PLURALS, SHAPES

UNKNOWN = "unknown"
YES_NO = ("yes", "no")
COUNTS = tuple(str(n) for n in range(10))


@dataclass(frozen=True)
class Question:
    """What is asked and the one right answer; `choices` are all answers that make sense, empty for free text."""

    family: str
    text: str
    answer: str
    choices: tuple[str, ...] = ()


def question(scene: Scene, rng: Random | None = None) -> Question:
    """The question of the scene's family. The rng draws among several that fit (single, pair, crowd, relation); without one it is
    the first. Raises ValueError for a scene without a question."""
    truth = scene["truth"]
    asked = _ASK.get(truth["family"])
    if asked is None:
        raise ValueError(f"no question for a scene of {truth['family']}")
    return asked(truth, rng)


def _count(truth: dict[str, Any], rng: Random | None) -> Question:
    return Question("count", f"How many {PLURALS[truth['shape']]} are there?", str(truth["n"]), COUNTS)


def _relation(truth: dict[str, Any], rng: Random | None) -> Question:
    """Where the first stands to the second, or, drawn, the second to the first."""
    first, relation, second = truth["first"], truth["relation"], truth["second"]
    if rng is not None and rng.random() < 0.5:
        first, relation, second = second, OPPOSITE[relation], first
    choices = ("left", "right") if relation in ("left", "right") else ("above", "below")
    words = "left or right of" if relation in ("left", "right") else "above or below"
    return Question("relation", f"Is the {name(first)} {words} the {name(second)}?", relation, choices)


def _text(truth: dict[str, Any], rng: Random | None) -> Question:
    return Question("text", "What does the label say?", truth["text"])


def _defect(truth: dict[str, Any], rng: Random | None) -> Question:
    return Question("defect", "Is one of the components burnt?", "yes" if truth["faulty"] else "no", YES_NO)


def _hidden(truth: dict[str, Any], rng: Random | None) -> Question:
    answer = truth["colour"] if truth["known"] else UNKNOWN
    return Question("hidden", "What colour is the object behind the panel?", answer, (*COLOURS, UNKNOWN))


def _exist(truth: dict[str, Any], rng: Random | None) -> Question:
    return Question("exist", f"Is there {article(name(truth['asked']))}?", "yes" if truth["present"] else "no", YES_NO)


def _single(truth: dict[str, Any], rng: Random | None) -> Question:
    asks = [Question("shape", "What shape is the object?", truth["shape"], SHAPES)]
    if truth["colour"]:
        asks.insert(0, Question("colour", "What colour is the object?", truth["colour"], tuple(COLOURS)))
    return rng.choice(asks) if rng else asks[0]


def _crowd(truth: dict[str, Any], rng: Random | None) -> Question:
    """The colour of a shape that is there once, or the shape of a colour that is there once."""
    colours, shapes = [c for c, _ in truth["objects"]], [s for _, s in truth["objects"]]
    asks = [
        Question("colours", f"What colour is the {shape}?", colour, tuple(COLOURS))
        for colour, shape in truth["objects"]
        if shapes.count(shape) == 1
    ]
    asks += [
        Question("shapes", f"What shape is the {colour} object?", shape, SHAPES)
        for colour, shape in truth["objects"]
        if colours.count(colour) == 1
    ]
    if not asks:
        raise ValueError("no object of this scene can be named by one word")
    return rng.choice(asks) if rng else asks[0]


_ASK = {
    "count": _count,
    "relation": _relation,
    "text": _text,
    "defect": _defect,
    "hidden": _hidden,
    "exist": _exist,
    "single": _single,
    "pair": _crowd,
    "crowd": _crowd,
}
