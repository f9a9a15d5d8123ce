"""What shapevlm is trained on: mixed scenes of every family, and all the questions of labs/scenes/questions.py that one scene answers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Literal, cast

from labs.scenes.drawing import PLATE_MARGIN
from labs.scenes.place import spread
from labs.scenes.questions import Question, question
from labs.scenes.sampling import count, crowd, exist, relation, single
from labs.scenes.sampling_detail import defect, hidden, text
from labs.scenes.scene import EXTENT, Scene, short
from labs.scenes.vocabulary import COLOURS, COMBINATIONS, SHAPES

SIDE = 64
DESCRIBED = 6  # objects at most in a description
APART = 0.1  # two objects nearer along an axis are not asked about as left or right
Draw = Callable[[Random, float], Scene]
Axes = tuple[tuple[Literal["x", "y"], tuple[str, str]], ...]
AXES: Axes = (("x", ("left", "right")), ("y", ("above", "below")))


def _single(rng: Random, ease: float) -> Scene:
    return single(rng, size=SIDE, split="all", radius=(0.12, 0.36))


def _crowd(rng: Random, ease: float) -> Scene:
    easy = ease > rng.random()
    return crowd(rng, rng.randint(2, 4 if easy else 6), size=SIDE, split="all", radius=(0.12, 0.2) if easy else (0.09, 0.15))


def _exist(rng: Random, ease: float) -> Scene:
    return exist(rng, size=SIDE, n=rng.randint(2, 3 if ease > rng.random() else 5))


def _count(rng: Random, ease: float) -> Scene:
    easy = ease > rng.random()
    overlap = 0.3 if not easy and rng.random() < 0.1 else 0.0
    return count(rng, rng.randint(1, 4 if easy else 9), size=SIDE, overlap=overlap, distractors=0 if easy else rng.choice((0, 0, 1, 2, 3)))


def _relation(rng: Random, ease: float) -> Scene:
    easy = ease > rng.random()
    distance = (0.35, 0.6) if easy else (0.12, 0.6)
    return relation(rng, size=SIDE, distance=distance, distractors=0 if easy else rng.choice((0, 0, 1, 2, 3)), split="all")


def _text(rng: Random, ease: float) -> Scene:
    easy = ease > rng.random()
    turned = (0, 0) if easy or rng.random() < 0.5 else (0, 90)
    blur = (0, 2) if not easy and rng.random() < 0.2 else (0, 0)
    return text(rng, size=SIDE, height=(13, 17) if easy else (5, 17), rotation=turned, blur=blur)


def _defect(rng: Random, ease: float) -> Scene:
    easy = ease > rng.random()
    return defect(rng, size=SIDE, area=(9, 20) if easy else (1, 20), contrast=(0.6, 0.95) if easy else (0.15, 0.95))


def _hidden(rng: Random, ease: float) -> Scene:
    return hidden(
        rng,
        rng.choice((0.1, 0.25, 0.5, 1.0)) if ease > rng.random() else rng.choice((0.1, 0.25, 0.5, 0.6, 0.75, 0.85, 0.92, 1.0)),
        size=SIDE,
    )


def _letters(rng: Random, ease: float) -> Scene:
    """Several labels in one picture: for the encoder alone, which so sees more letters a picture. No question is asked about it."""
    return _sheet(rng, [_text(rng, ease) for _ in range(rng.randint(2, 3 if ease > rng.random() else 6))])


def _upright(rng: Random, ease: float) -> Scene:
    """One or two large labels or several small ones, most of them not turned, no other by more than 60 degrees."""
    large = rng.random() < 0.6
    turned = [(0, 60) if rng.random() < 0.3 else (0, 0) for _ in range(rng.randint(1, 2) if large else rng.randint(3, 6))]
    return _sheet(rng, [text(rng, size=SIDE, height=(11, 17) if large else (5, 11), rotation=angles) for angles in turned])


def _large(rng: Random, ease: float) -> Scene:
    """One or two labels of 12 to 17 px, a third of them turned a little."""
    turned = [(0, 30) if rng.random() < 0.3 else (0, 0) for _ in range(rng.randint(1, 2))]
    return _sheet(rng, [text(rng, size=SIDE, height=(12, 17), rotation=angles) for angles in turned])


def _sheet(rng: Random, drawn: list[Scene]) -> Scene:
    """The labels of these scenes in one."""
    labels = [scene["labels"][0] for scene in drawn]
    reaches = [(0.5 + PLATE_MARGIN) * label["height"] * 2**0.5 / EXTENT for label in labels]
    for label, (x, y, reach) in zip(labels, spread(rng, reaches), strict=True):
        label["x"], label["y"], label["height"] = short(x), short(y), short(reach * EXTENT / 2**0.5 / (0.5 + PLATE_MARGIN))
    return {"size": SIDE, "background": drawn[0]["background"], "objects": [], "labels": labels, "blur": drawn[0].get("blur", 0)}


DRAW: dict[str, Draw] = {
    "single": _single, "crowd": _crowd, "exist": _exist, "count": _count, "relation": _relation, "text": _text, "defect": _defect,
    "hidden": _hidden, "letters": _letters, "upright": _upright, "large": _large,
}  # fmt: skip


def scenes(rng: Random, shares: dict[str, float], size: int, ease: float) -> list[Scene]:
    """`size` scenes of families drawn by their shares; ease 1 draws easy ones alone, 0 the whole range."""
    names = rng.choices(list(shares), weights=list(shares.values()), k=size)
    return [DRAW[name](rng, ease) for name in names]


def named(scene: Scene, rng: Random, most: int) -> list[Question]:
    """Up to `most` questions that look one named thing up, and no more: what has to be learned first."""
    asked = [*_existing(scene, rng), *_colours(scene)]
    rng.shuffle(asked)
    return asked[:most]


def questions(scene: Scene, rng: Random, most: int, places: bool = False, told: bool = True) -> list[Question]:
    """Up to `most` questions that the scene answers, its own first; with `places` also where single objects stand, to be completed;
    and where `told`, a description of it before all."""
    family = scene["truth"]["family"]
    own = [question(scene, rng)] if family != "crowd" else []
    if family == "single":
        return [question(scene), ask({"family": "single", "shape": scene["truth"]["shape"], "colour": None})][:most]
    if family in ("text", "defect"):
        return own
    more = [*_existing(scene, rng), *_colours(scene), *_counts(scene), *_relations(scene, rng), *(_places(scene, rng) if places else [])]
    rng.shuffle(more)
    known = {entry.text for entry in own}
    asked = [*own, *[entry for entry in more if entry.text not in known]][:most]
    return [description(scene), *asked] if told and len(_open(scene)) <= DESCRIBED else asked


def placed(scene: Scene, rng: Random, most: int, sides: bool) -> list[Question]:
    """Up to `most` questions of number and place: how many there are, on which side things are, and unless `sides` alone are wanted,
    how pairs of things stand to each other (more often than the rest)."""
    family = scene["truth"]["family"]
    own = [question(scene, rng)] if family == "count" or (family == "relation" and not sides) else []
    more = [
        *(_counts(scene) if family == "count" else []),
        *_sides(scene, rng),
        *([] if sides else [*_relations(scene, rng), *_relations(scene, rng)]),
    ]
    rng.shuffle(more)
    made = {entry.text: entry for entry in [*own, *more]}
    return list(made.values())[:most]


def across(scene: Scene, rng: Random, most: int, pairs: bool) -> list[Question]:
    """Up to `most` questions of left and right alone: on which side things are, and with `pairs` which of two is on which side.

    Above and below come by themselves, since the patches are read row by row; left and right have to be practised on their own.
    """
    more = [*_sides(scene, rng, AXES[:1]), *([*_relations(scene, rng, AXES[:1]), *_relations(scene, rng, AXES[:1])] if pairs else [])]
    rng.shuffle(more)
    return list({entry.text: entry for entry in more}.values())[:most]


def description(scene: Scene) -> Question:
    """What stands where, row by row: the caption of the LLaVA recipe. Its every word but the first of an object is a look-up."""
    order = sorted(_open(scene), key=lambda thing: (int(thing["y"] * 8), int(thing["x"] * 8)))
    return Question("describe", "Describe the scene.", " ".join(map(_placed, order)))


def _placed(thing: Any) -> str:
    return f"{thing['colour']} {thing['shape']} at {int(thing['x'] * 10)} {int(thing['y'] * 10)} ."


def ask(truth: dict[str, Any], rng: Random | None = None) -> Question:
    """The question of a truth alone."""
    return question(cast(Scene, {"truth": truth}), rng)


def _open(scene: Scene) -> list[Any]:
    """The objects in plain sight."""
    return list(scene["objects"][1:] if "occluder" in scene else scene["objects"])


def _existing(scene: Scene, rng: Random) -> list[Question]:
    """Two combinations that are there and two that are not, one of which mixes the colour of one object with the shape of another."""
    if "occluder" in scene or len(scene["objects"]) > 5:
        return []
    there = {(thing["colour"], thing["shape"]) for thing in scene["objects"]}
    mixed = sorted({(colour, shape) for colour, _ in there for _, shape in there} - there)
    absent = [pair for pair in COMBINATIONS if pair not in there]
    asked = [(pair, True) for pair in rng.sample(sorted(there), min(2, len(there)))]
    asked += [(rng.choice(mixed or absent), False), (rng.choice(absent), False)]
    rng.shuffle(asked)
    return [ask({"family": "exist", "asked": pair, "present": present}) for pair, present in asked[: 2 * min(2, len(there))]]


def _colours(scene: Scene) -> list[Question]:
    """The colour of each shape that is there once, the shape of each colour that is there once."""
    seen = _open(scene)
    made = []
    for thing in seen:
        rest = [other for other in seen if other is not thing]
        if all(other["shape"] != thing["shape"] for other in rest):
            made.append(Question("colours", f"What colour is the {thing['shape']}?", thing["colour"], tuple(COLOURS)))
        if all(other["colour"] != thing["colour"] for other in rest):
            made.append(Question("shapes", f"What shape is the {thing['colour']} object?", thing["shape"], SHAPES))
    return made if "occluder" not in scene else []


def _counts(scene: Scene) -> list[Question]:
    """How many of each shape, where nothing lies behind a panel."""
    if "occluder" in scene:
        return []
    shapes = [thing["shape"] for thing in scene["objects"]]
    return [ask({"family": "count", "shape": shape, "n": shapes.count(shape)}) for shape in sorted(set(shapes))]


def _places(scene: Scene, rng: Random) -> list[Question]:
    """Where up to two objects stand, in tenths: what left or right of another is made from."""
    named = _named(scene)
    return [
        Question("where", f"the {thing['colour']} {thing['shape']} is at", f"{int(thing['x'] * 10)} {int(thing['y'] * 10)}")
        for thing in rng.sample(named, min(2, len(named)))
    ]


def _sides(scene: Scene, rng: Random, axes: Axes = AXES) -> list[Question]:
    """On which side of the picture's middle up to three objects are: half of what left or right of another is made from."""
    named = _named(scene)
    made = []
    for thing in rng.sample(named, min(3, len(named))):
        axis, words = rng.choice(axes)
        if abs(thing[axis] - 0.5) >= APART / 2:
            text = f"Is the {thing['colour']} {thing['shape']} {words[0]} or {words[1]}?"
            made.append(Question("where", text, words[thing[axis] > 0.5], words))
    return made


def _named(scene: Scene) -> list[Any]:
    """The objects in plain sight that a colour and a shape tell from all others."""
    seen = _open(scene)
    names = [(thing["colour"], thing["shape"]) for thing in seen]
    return [thing for thing, name in zip(seen, names, strict=True) if names.count(name) == 1]


def _relations(scene: Scene, rng: Random, axes: Axes = AXES) -> list[Question]:
    """Where one object stands to another, of up to two pairs of objects that a colour and a shape name."""
    named = _named(scene)
    made: list[Question] = []
    if len(named) < 2:
        return made
    for _ in range(2):
        first, second = rng.sample(named, 2)
        for axis, words in axes:
            gap = first[axis] - second[axis]
            if abs(gap) >= APART and rng.random() < 0.6:
                ends = {"first": (first["colour"], first["shape"]), "second": (second["colour"], second["shape"])}
                made.append(ask({"family": "relation", "relation": words[gap > 0], **ends}))
    return made


def told(scene: Scene, rng: Random) -> str:
    """A scene in words, its objects in a drawn order with their places in tenths from the left and the top: what the language model
    reads before it has seen a picture."""
    truth = scene["truth"]
    if truth["family"] == "text":
        return f"scene . label {truth['text']} ."
    if truth["family"] == "defect":
        return "scene . board with burnt component ." if truth["faulty"] else "scene . board with component ."
    lines = [_placed(thing) for thing in _open(scene)]
    if "occluder" in scene:
        lines.append(f"{truth['colour']} object behind panel ." if truth["known"] else "panel hides object .")
    rng.shuffle(lines)
    return " ".join(["scene .", *lines])
