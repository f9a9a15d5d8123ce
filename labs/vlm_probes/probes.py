"""The six probes: a picture, its question and its exact answer, drawn by a seed, each with a dial from easy to hard.

Pictures come in pairs that differ in the answer alone (the mirrored twin, one object more, the fault put in), so a constant answer
is right on half of them at most. Torch-free; everything is drawn by labs.scenes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

from labs.scenes.counterparts import counterpart
from labs.scenes.families import FAMILIES as SAMPLERS
from labs.scenes.questions import question
from labs.scenes.sampling_detail import blind
from labs.scenes.scene import Scene

VERSION = 1
FAMILIES = ("count", "leftright", "text", "defect", "hidden", "exist")
SAMPLER = {"leftright": "relation"}  # where a probe is not called as its sampler is
NAMES = {
    "count": "counting",
    "leftright": "left or right",
    "text": "reading a label",
    "defect": "a burnt component",
    "hidden": "behind a panel",
    "exist": "is it there?",
}
TELLS = {
    "count": "How many objects of one shape are there?",
    "leftright": "Does one named object stand left or right of another?",
    "text": "What does the label say?",
    "defect": "Is one component of a board burnt, or none?",
    "hidden": "Which colour has the object behind the panel, or can that not be known?",
    "exist": "Is an object of this colour and this shape in the picture?",
}
TWINS = {
    "count": "has one object more or one less",
    "leftright": "is its mirror image",
    "text": "has another sign in one place",
    "defect": "is the same board with the burnt patch put in, or taken away",
    "hidden": "has the panel right over the object",
    "exist": "shows the thing asked about where the other does not",
}
Level = float | str


@dataclass(frozen=True)
class World:
    """How large pictures are, and how many signs a label has: 64 pixels for the zoo's model, more for models of the world."""

    size: int
    signs: int


SMALL, WIDE = World(64, 1), World(224, 3)


@dataclass(frozen=True)
class Dial:
    """What makes a probe harder: its levels from the easiest to the hardest, in a unit."""

    family: str
    name: str
    words: str  # "the height of the letters"
    unit: str
    levels: tuple[Level, ...]
    wide: tuple[Level, ...] = ()  # in large pictures, where they differ

    def of(self, world: World) -> tuple[Level, ...]:
        return self.wide if world is WIDE and self.wide else self.levels

    @property
    def key(self) -> str:
        return f"{self.family}/{self.name}"

    @property
    def titled(self) -> str:
        """What is turned, with its unit where the words do not name it already."""
        return f"{self.words} ({self.unit})" if self.unit and self.unit not in self.words else self.words


_ALL = (
    Dial("count", "n", "the number of objects", "objects", (2, 3, 4, 5, 6, 7, 8)),
    Dial("count", "others", "objects of other shapes between five that count", "others", (0, 1, 2, 4, 6)),
    Dial("count", "overlap", "how much of an object may be covered", "of its area", (0.0, 0.2, 0.4, 0.6)),
    Dial("leftright", "distance", "the distance of the two objects", "of the width", (0.5, 0.35, 0.25, 0.15, 0.08)),
    Dial("leftright", "others", "other objects around the two", "others", (0, 1, 2, 3, 5)),
    Dial("text", "height", "the height of the letters", "px", (15, 12, 9, 7, 5), (48, 24, 16, 10, 6)),
    Dial("text", "rotation", "how far the label is turned", "degrees", (0, 20, 40, 60, 90)),
    Dial("text", "blur", "passes of blur", "passes", (0, 1, 2, 4, 8)),
    Dial("defect", "area", "the area of the burnt patch", "px", (16, 9, 4, 2, 1), (64, 25, 9, 4, 1)),
    Dial("defect", "contrast", "how much darker the burnt patch is", "of its brightness", (0.8, 0.4, 0.2, 0.1, 0.05)),
    Dial("hidden", "share", "how much of the object the panel covers", "of its area", (0.25, 0.5, 0.75, 0.85, 0.95)),
    Dial("exist", "objects", "the number of objects in the picture", "objects", (2, 3, 4, 5, 6)),
    Dial("exist", "absent", "what is asked about when it is absent", "", ("random", "popular", "adversarial")),
)
DIALS: dict[str, Dial] = {dial.key: dial for dial in _ALL}
MAIN: dict[str, Dial] = {family: next(dial for dial in _ALL if dial.family == family) for family in FAMILIES}
# Dials whose levels are numbers: those whose curve is asked for.
CURVES = tuple(dial.key for dial in _ALL if not isinstance(dial.levels[0], str))


@dataclass(frozen=True)
class Cell:
    """One setting of one dial."""

    family: str
    dial: str
    level: Level

    @property
    def key(self) -> str:
        return f"{self.family}/{self.dial}/{self.level:g}" if not isinstance(self.level, str) else f"{self.family}/{self.dial}/{self.level}"


def cells(dial: Dial, world: World) -> tuple[Cell, ...]:
    """The settings of a dial, easiest first."""
    return tuple(Cell(dial.family, dial.name, level) for level in dial.of(world))


@dataclass(frozen=True)
class Shot:
    """One picture with its question: `answer` is the generator's ground truth, `choices` all answers that make sense (empty: a label).
    `key` names it ("count/n/3 17 b"); both of a pair are asked the same."""

    key: str
    family: str
    scene: Scene
    question: str
    answer: str
    choices: tuple[str, ...]

    def with_scene(self, scene: Scene, mark: str) -> Shot:
        """The same question about another picture."""
        return replace(self, scene=scene, key=f"{self.key} {mark}")


Pair = tuple[Shot, Shot]


def pair(cell: Cell, place: int, world: World = SMALL) -> Pair:
    """Pair number `place` of a cell: a picture and the one that differs in the answer alone, asked the same question."""
    rng = Random(f"vlm-probes/{VERSION}/{world.size}/{cell.key}/{place}")
    while True:
        scene = SAMPLERS[SAMPLER.get(cell.family, cell.family)](rng, size=world.size, **_settings(cell, world, rng))
        try:
            twin = counterpart(scene, rng)
        except ValueError:  # no place is left for one object more
            continue
        if answers_differ(scene, twin):
            return shot(f"{cell.key} {place} a", cell.family, scene), shot(f"{cell.key} {place} b", cell.family, twin)


def answers_differ(scene: Scene, twin: Scene) -> bool:
    """A moved panel can cover what it was to show, by a rounding: such a pair would not tell a reader from a guesser."""
    return question(scene).answer != question(twin).answer


def shot(key: str, family: str, scene: Scene) -> Shot:
    """A scene with the question of its family."""
    asked = question(scene)
    return Shot(key, family, scene, asked.text, asked.answer, asked.choices)


def grey(asked: Shot) -> Shot:
    """The same question with a plain grey picture: what the words of the question alone are worth."""
    return asked.with_scene(blind(asked.scene), "grey")


def _settings(cell: Cell, world: World, rng: Random) -> dict[str, Any]:
    """The sampler's arguments at this setting; what the dial does not turn is at an easy value."""
    level: Any = cell.level
    match cell.family, cell.dial:
        case "count", "n":
            return {"n": level}
        case "count", "others":
            return {"n": 5, "distractors": level}
        case "count", _:
            return {"n": 4, "overlap": level}
        case "leftright", "distance":
            return {"kind": rng.choice(("left", "right")), "distance": (level, level), "split": "all"}
        case "leftright", _:
            return {"kind": rng.choice(("left", "right")), "distance": (0.35, 0.35), "distractors": level, "split": "all"}
        case "text", "height":
            return {"height": (level, level), "length": world.signs}
        case "text", "rotation":
            return {"height": (_easy_height(world),) * 2, "rotation": (level, level), "length": world.signs}
        case "text", _:
            return {"height": (12, 12), "blur": (level, level), "length": world.signs}
        case "defect", "area":
            return {"area": (level, level), "contrast": (0.8, 0.8)}
        case "defect", _:
            return {"area": (9, 9), "contrast": (level, level)}
        case "hidden", _:
            return {"share": level}
        case "exist", "objects":
            return {"n": level}
        case _:
            return {"n": 4, "negatives": level}


def _easy_height(world: World) -> int:
    return 15 if world is SMALL else 32
