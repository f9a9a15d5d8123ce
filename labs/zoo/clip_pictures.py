"""Captioned pictures for shapeclip: what it is trained on and what it is asked."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from torch import Tensor

from labs.scenes import captions
from labs.scenes.sampling import pair, relation, single
from labs.scenes.scene import Scene
from labs.scenes.vocabulary import COLOURS, COMBINATIONS, SHAPES, Combination, held_out_split
from labs.zoo.worlds import COLOUR_NAMES, pixels_of

RELATIONS_SHARE = 0.05  # of the captions: they name objects, seldom where these are
TEMPLATE_NAMES = tuple(captions.TEMPLATES)


def words() -> list[str]:
    """Every word that a caption can hold, sorted."""
    found = {"and", "a", "an", "of", *COLOURS, *SHAPES}
    for phrase in [*captions.JOINS.values(), *(template.format(plain="", phrase="") for template in captions.TEMPLATES.values())]:
        found.update(phrase.split())
    return sorted(found)


@dataclass(frozen=True)
class Captioned:
    """A training picture with its caption and, where exchanging words changes its meaning, the exchanged caption."""

    scene: Scene
    caption: str
    swapped: str | None = None


def seen_by(seed: int) -> tuple[Combination, ...]:
    """The combinations that a run of this seed is trained on."""
    held = held_out_split(seed)
    return tuple(combination for combination in COMBINATIONS if combination not in held)


def training(rng: random.Random, count: int, side: int, stage: str, seen: Sequence[Combination]) -> tuple[Tensor, list[str], list[str]]:
    """Pixels (count, 3, side, side), their captions, and the swapped captions of the stage `swapped` (else none)."""
    made = [_one(rng, side, stage, seen) for _ in range(count)]
    swapped = [entry.swapped for entry in made if entry.swapped] if stage == "swapped" else []
    return pixels_of([entry.scene for entry in made]), [entry.caption for entry in made], swapped


def shown(rng: random.Random, count: int, side: int, seen: Sequence[Combination]) -> list[Scene]:
    """The training pictures without their captions, one object as often as two."""
    return [_one(rng, side, rng.choice(("singles", "pairs")), seen).scene for _ in range(count)]


def _one(rng: random.Random, side: int, stage: str, seen: Sequence[Combination]) -> Captioned:
    template = rng.choice(TEMPLATE_NAMES)
    if stage == "singles" or rng.random() < 0.4:
        colour, shape = rng.choice(seen)
        if rng.random() < 0.5:  # any colour, not named: shape must be seen apart from colour
            scene = single(rng, None, shape, size=side, free_colour=True, radius=RADIUS_ALONE)
            return Captioned(scene, captions.fill(template, shape))
        scene = single(rng, colour, shape, size=side, radius=RADIUS_ALONE)
        return Captioned(scene, captions.fill(template, captions.name((colour, shape))))
    if rng.random() < (0.7 if stage == "swapped" else RELATIONS_SHARE):
        scene = relation(rng, size=side, pairs=two_of(rng, seen), radius=RADIUS_TWO)
        return Captioned(scene, captions.caption(scene, template), captions.swapped(scene, rng, template))
    scene = pair(rng, *two_of(rng, seen), size=side, radius=RADIUS_TWO)
    return Captioned(scene, captions.caption(scene, template, rng), captions.swapped(scene, rng, template))


RADIUS_ALONE, RADIUS_TWO = (0.16, 0.36), (0.14, 0.22)


def two_of(rng: random.Random, among: Sequence[Combination]) -> tuple[Combination, Combination]:
    """Two combinations that share neither colour nor shape."""
    one = rng.choice(among)
    return one, rng.choice([other for other in among if other[0] != one[0] and other[1] != one[1]])


@dataclass(frozen=True)
class Pair:
    """Two objects side by side, with right and wrong captions: an object replaced, left and right exchanged, colours crossed."""

    scene: Scene
    plain: str
    replaced: str
    relation: str
    turned: str
    crossed: str
    first_colour_left: bool  # of the two, the colour that stands first in COLOURS is on the left


def pairs(rng: random.Random, count: int, side: int, among: Sequence[Combination]) -> tuple[list[Pair], Tensor]:
    """Pictures of two objects, one left of the other, and their pixels."""
    made = [_pair(rng, side, among) for _ in range(count)]
    return made, pixels_of([entry.scene for entry in made])


def _pair(rng: random.Random, side: int, among: Sequence[Combination]) -> Pair:
    scene = relation(rng, rng.choice(("left", "right")), size=side, pairs=two_of(rng, among), radius=RADIUS_TWO)
    truth = scene["truth"]
    plain, replaced = captions.replaced(scene, rng)
    right, turned = captions.order(scene)
    left = truth["first"] if truth["relation"] == "left" else truth["second"]
    other = truth["second"] if truth["relation"] == "left" else truth["first"]
    return Pair(
        scene, plain, replaced, right, turned, captions.binding(scene)[1], COLOUR_NAMES.index(left[0]) < COLOUR_NAMES.index(other[0])
    )
