"""The drawn pictures of a seed as scenes: no torch, no numpy. Natural pictures are only named here (gallery.py); run.py reads them."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from labs.clip_zero_shot.params import VERSION, Params
from labs.scenes import captions, change
from labs.scenes.sampling import pair, relation, single
from labs.scenes.scene import Scene
from labs.scenes.vocabulary import COMBINATIONS, SEEN, Combination

RATED = 320  # pictures that task 4 names
ALONE, TWO = (0.18, 0.34), (0.14, 0.22)


def counts(params: Params) -> tuple[int, int]:
    """How many pictures of two things teach a readout, and how many try everything out."""
    return (1200, 400) if params.world == "shapes" else (320, 240)


def combination(label: str) -> Combination:
    colour, shape = label.split(" ")
    return colour, shape


def four(params: Params, seed: int) -> list[tuple[Scene, str]]:
    """The pictures of task 1 with their words: a plain one, a small one in clutter, one of two things, one that fits no label in full."""
    random = _random(seed, "four")
    plain, small, first, second = random.sample(params.asked, 4)
    while set(first.split()) & set(second.split()):
        first, second = random.sample(params.asked, 2)
    size = params.side
    made = [
        single(random, *combination(plain), size=size, radius=ALONE),
        single(random, *combination(small), size=size, radius=(0.11, 0.14), clutter=7),
        pair(random, combination(first), combination(second), size=size, radius=TWO),
        single(random, *combination(params.missing), size=size, radius=ALONE),
    ]
    random.shuffle(made)
    return [(scene, said(scene)) for scene in made]


def outside(params: Params, seed: int) -> Scene:
    """The picture of task 8: neither its colour nor its shape is in any label."""
    return single(_random(seed, "outside"), *combination(params.outside), size=params.side, radius=ALONE)


def rated(params: Params, seed: int) -> tuple[list[Scene], list[int]]:
    """The pictures of task 4, and the number of each one's label: large and small, half of them in clutter."""
    random, scenes = _random(seed, "rated"), []
    numbers = [place % len(params.labels) for place in range(RATED)]
    for place, number in enumerate(numbers):
        radius = ALONE if place % 4 < 2 else (0.1, 0.15)
        scenes.append(single(random, *combination(params.labels[number]), size=params.side, radius=radius, clutter=6 * (place % 2)))
    return scenes, numbers


def batch(params: Params, seed: int) -> list[Scene]:
    """A picture of each of the first labels: the batch of task 11 and the shared space of task 13."""
    random = _random(seed, "batch")
    return [single(random, *combination(label), size=params.side, radius=ALONE) for label in params.labels]


def gallery(params: Params, seed: int, attempt: int) -> list[tuple[Scene, str]]:
    """Twelve pictures of two things: one of them, its mirror image, and a third that agrees with it in all pixels but one thing's."""
    random = _random(seed, f"gallery/{attempt}")
    size = params.side
    original = relation(random, random.choice(("left", "right")), size=size, radius=TWO, pairs=_two(random, SEEN))
    near = change.mirrored(change.mirrored(original))  # a copy
    place = random.randrange(2)
    there = {(thing["colour"], thing["shape"]) for thing in near["objects"]}
    colour, shape = random.choice([c for c in SEEN if all(c[0] != other[0] and c[1] != other[1] for other in there)])
    near["objects"][place]["colour"], near["objects"][place]["shape"] = colour, shape
    others: list[Scene] = []
    while len(others) < 9:
        scene = relation(random, random.choice(("left", "right")), size=size, radius=TWO, pairs=_two(random, SEEN))
        others.append(scene)
    made = [original, change.twin(original), near, *others]
    random.shuffle(made)
    return [(scene, said(scene)) for scene in made]


def said(scene: Scene) -> str:
    """What is where, for those who do not see it."""
    things = sorted(scene["objects"], key=lambda thing: thing["x"])
    names = [captions.article(f"{thing['colour']} {thing['shape']}") for thing in things]
    if len(names) > 1:
        return f"{names[0]} left of {names[1]}"
    return names[0] + (" in clutter, small" if scene.get("clutter") else "")


def _two(random: Random, among: Sequence[Combination] = COMBINATIONS) -> tuple[Combination, Combination]:
    one = random.choice(among)
    return one, random.choice([other for other in among if other[0] != one[0] and other[1] != one[1]])


def _random(seed: int, what: str) -> Random:
    return Random(f"clip-zero-shot/{VERSION}/{seed}/pictures/{what}")
