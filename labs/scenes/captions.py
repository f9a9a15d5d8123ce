"""Captions of scenes, from their truth: bare, in templates, as relations; and wrong ones that differ in exactly one respect."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from labs.scenes.change import OPPOSITE
from labs.scenes.raster import visible_shares
from labs.scenes.scene import Scene
from labs.scenes.vocabulary import COMBINATIONS, NUMBERS, PLURALS, Combination

TEMPLATES = {
    "bare": "{plain}",
    "a": "{phrase}",
    "photo": "a photo of {phrase}",
    "there": "there is {phrase}",
    "picture": "a picture with {phrase}",
    "drawing": "a drawing of {phrase}",
    "see": "we see {phrase}",
}
JOINS = {"left": "left of", "right": "right of", "above": "above", "below": "below"}


def article(words: str) -> str:
    """The words with a or an before them."""
    return ("an " if words[0] in "aeiou" else "a ") + words


def name(pair: Sequence[str | None]) -> str:
    """A thing of this (colour, shape) in words; the colour may be None, then the shape alone names it."""
    colour, shape = pair
    return f"{colour} {shape}" if colour else str(shape)


def fill(template: str, words: str) -> str:
    """One thing in a template of TEMPLATES."""
    return TEMPLATES[template].format(plain=words, phrase=article(words))


def caption(scene: Scene, template: str = "photo", rng: Random | None = None) -> str:
    """What the scene shows, in a template. Objects stand in the truth's order, or in a drawn one where a rng is given."""
    plain, phrase = _told(scene["truth"], rng)
    told = TEMPLATES[template].format(plain=plain, phrase=phrase)
    return told.replace("there is", "there are") if scene["truth"].get("n", 1) > 1 else told


def _told(truth: dict[str, Any], rng: Random | None) -> tuple[str, str]:
    """A scene in words without and with articles."""
    family = truth["family"]
    if family == "single":
        words = name((truth["colour"], truth["shape"]))
        return words, article(words)
    if family in ("pair", "crowd"):
        named = [name(pair) for pair in truth["objects"]]
        if rng is not None:
            rng.shuffle(named)
        return " and ".join(named), " and ".join(article(words) for words in named)
    if family == "relation":
        words = related(truth["first"], truth["relation"], truth["second"])
        return words, words
    if family == "count":
        words = f"{NUMBERS[truth['n']]} {truth['shape'] if truth['n'] == 1 else PLURALS[truth['shape']]}"
        return words, words
    if family == "text":
        words = f"label that says {truth['text']}"
        return words, article(words)
    if family == "defect":
        words = "board with a burnt component" if truth["faulty"] else "board without a fault"
        return words, article(words)
    raise ValueError(f"no caption for a scene of {family}")


def related(first: Sequence[str], relation: str, second: Sequence[str]) -> str:
    """ "a red circle left of a blue square"."""
    return f"{article(name(first))} {JOINS[relation]} {article(name(second))}"


def listed(pairs: Sequence[Sequence[str]], template: str = "photo") -> str:
    """These things joined by and, in a template."""
    named = [name(pair) for pair in pairs]
    return TEMPLATES[template].format(plain=" and ".join(named), phrase=" and ".join(article(words) for words in named))


# A right caption and a wrong one. Both of a kind are built alike, so that a model that only weighs words gains nothing.


def binding(scene: Scene, template: str = "photo") -> tuple[str, str]:
    """Two objects, and the same with their colours exchanged: the same bag of words."""
    (c1, s1), (c2, s2) = _two(scene)
    return listed([(c1, s1), (c2, s2)], template), listed([(c2, s1), (c1, s2)], template)


def order(scene: Scene, template: str = "photo") -> tuple[str, str]:
    """A relation, and the same words with the objects exchanged."""
    truth = scene["truth"]
    right, wrong = (related(*ends) for ends in (_ends(truth), _ends(truth)[::-1]))
    return TEMPLATES[template].format(plain=right, phrase=right), TEMPLATES[template].format(plain=wrong, phrase=wrong)


def _ends(truth: dict[str, Any]) -> tuple[Any, Any, Any]:
    return truth["first"], truth["relation"], truth["second"]


def mirrored_relation(scene: Scene, template: str = "photo") -> tuple[str, str]:
    """A relation and its opposite in the same word order. Judge them only together with the mirrored picture: alone they measure
    which of the two words a model likes."""
    first, relation, second = _ends(scene["truth"])
    told = related(first, relation, second), related(first, OPPOSITE[relation], second)
    right, wrong = (TEMPLATES[template].format(plain=words, phrase=words) for words in told)
    return right, wrong


def replaced(scene: Scene, rng: Random, template: str = "photo") -> tuple[str, str]:
    """The objects, and the same with one replaced by one that is not there: it shares neither colour nor shape with any."""
    pairs = _objects(scene)
    absent = [p for p in COMBINATIONS if all(p[0] != c and p[1] != s for c, s in pairs)]
    wrong = list(pairs)
    wrong[rng.randrange(len(pairs))] = rng.choice(absent)
    return listed(pairs, template), listed(wrong, template)


def swapped(scene: Scene, rng: Random, template: str = "photo") -> str | None:
    """A hard negative of the usual kind: colours or objects of the caption exchanged; None where exchanging changes nothing."""
    if scene["truth"]["family"] == "relation":
        first, relation, second = _ends(scene["truth"])
        if rng.random() < 0.5:
            return order(scene, template)[1]
        words = related((second[0], first[1]), relation, (first[0], second[1]))
        return TEMPLATES[template].format(plain=words, phrase=words)
    pairs = _objects(scene)
    if len(pairs) < 2 or pairs[0][0] == pairs[1][0] or pairs[0][1] == pairs[1][1]:
        return None
    return listed([(pairs[1][0], pairs[0][1]), (pairs[0][0], pairs[1][1]), *pairs[2:]], template)


def _objects(scene: Scene) -> list[Combination]:
    truth = scene["truth"]
    if truth["family"] == "relation":
        return [(truth["first"][0], truth["first"][1]), (truth["second"][0], truth["second"][1])]
    if truth["family"] == "single":
        return [(truth["colour"], truth["shape"])]
    return [(colour, shape) for colour, shape in truth["objects"]]


def _two(scene: Scene) -> tuple[Combination, Combination]:
    one, two = _objects(scene)[:2]
    return one, two


def described(scene: Scene) -> str:
    """The picture in words, for those who do not see it: every object that is to be seen, with its place in pixels, and what else there
    is."""
    size = scene["size"]
    seen = visible_shares(scene) if "occluder" in scene else [1.0] * len(scene["objects"])
    told = [
        f"{entry['colour'] if isinstance(entry['colour'], str) else 'rgb({}, {}, {})'.format(*entry['colour'])} {entry['shape']} at "
        f"({round(entry['x'] * size)}, {round(entry['y'] * size)})"
        for entry, share in zip(scene["objects"], seen, strict=True)
        if share
    ]
    told += [
        f"label {label['text']} at ({round(label['x'] * size)}, {round(label['y'] * size)}), {label['height'] * size:.3g} pixels high"
        for label in scene.get("labels", [])
    ]
    if "grid" in scene:
        grid = scene["grid"]
        where = f", burnt in row {grid['fault']['row'] + 1}, column {grid['fault']['column'] + 1}" if "fault" in grid else ", none burnt"
        told.append(f"a board of {grid['rows']} rows and {grid['columns']} columns of components{where}")
    if "occluder" in scene:
        told.append(f"a panel at ({round(scene['occluder']['x'] * size)}, {round(scene['occluder']['y'] * size)}) in front")
    return f"{size} × {size} pixels: " + ("; ".join(told) or "nothing") + "."
