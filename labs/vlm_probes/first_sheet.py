"""The twelve pictures of task 1: a pair of each probe at a middling setting, made so that nine answers serve them all.

There are so many sheets as the recording holds, so the zoo's model has answered each of them too.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from random import Random

from labs.scenes.counterparts import counterpart
from labs.scenes.families import FAMILIES as SAMPLERS
from labs.scenes.questions import UNKNOWN
from labs.scenes.scene import Scene
from labs.scenes.vocabulary import COLOURS
from labs.vlm_probes.probes import FAMILIES, SMALL, VERSION, Shot, World, answers_differ, shot

SHEETS = 50
LETTERS = "abcdefghijkl"


@dataclass(frozen=True)
class Given:
    """What is known of a sheet before it is drawn: the count and digit that its pairs are about, the hidden colour, where each lies."""

    number: int
    n: int
    colour: str
    places: tuple[tuple[str, int], ...]  # of letter a, b, ...: family and which of its pair

    @property
    def answers(self) -> tuple[str, ...]:
        """The nine answers to choose from."""
        return (*(str(self.n + step) for step in (-1, 0, 1)), "left", "right", "yes", "no", self.colour, UNKNOWN)


def given(number: int) -> Given:
    """What sheet `number` is about; costs nothing."""
    rng = Random(f"vlm-probes/{VERSION}/sheet/{number % SHEETS}")
    places = [(family, side) for family in FAMILIES for side in (0, 1)]
    rng.shuffle(places)
    return Given(number % SHEETS, rng.randint(4, 7), rng.choice(tuple(COLOURS)), tuple(places))


def sheet(number: int, world: World = SMALL) -> dict[str, Shot]:
    """The pictures of a sheet by their letters."""
    about = given(number)
    pairs = {family: _pair(family, about, world) for family in FAMILIES}
    found = {}
    for letter, (family, side) in zip(LETTERS, about.places, strict=True):
        found[letter] = shot(f"sheet/{about.number} {letter}", family, pairs[family][side])
    return found


def _pair(family: str, about: Given, world: World) -> tuple[Scene, Scene]:
    """A scene and its counterpart at a middling setting."""
    rng = Random(f"vlm-probes/{VERSION}/sheet/{about.number}/{family}/{world.size}")
    while True:
        scene = _scene(family, about, world, rng)
        if scene is None:
            continue
        if family == "text":  # the other digit is one of the three answers too
            twin = copy.deepcopy(scene)
            twin["labels"][0]["text"] = twin["truth"]["text"] = str(about.n + rng.choice((-1, 1)))
            return scene, twin
        try:
            twin = counterpart(scene, rng)
        except ValueError:
            continue
        if answers_differ(scene, twin):
            return scene, twin


def _scene(family: str, about: Given, world: World, rng: Random) -> Scene | None:
    small = world is SMALL
    match family:
        case "count":
            return SAMPLERS["count"](rng, about.n, size=world.size, distractors=1)
        case "leftright":
            return SAMPLERS["relation"](rng, rng.choice(("left", "right")), size=world.size, distance=(0.2, 0.2), split="all")
        case "text":
            height = 9 if small else 16
            return SAMPLERS["text"](rng, str(about.n), size=world.size, height=(height, height), rotation=(0, 30))
        case "defect":
            area = 4 if small else 12
            return SAMPLERS["defect"](rng, size=world.size, area=(area, area), contrast=(0.6, 0.6))
        case "hidden":
            scene = SAMPLERS["hidden"](rng, 0.7, size=world.size)
            return scene if scene["truth"]["colour"] == about.colour else None
        case _:
            return SAMPLERS["exist"](rng, size=world.size, n=4, negatives="adversarial")
