"""For a scene, one that is alike in everything but the answer: what groups of pictures and questions are made of."""

from __future__ import annotations

import copy
from random import Random

from labs.scenes.change import twin
from labs.scenes.place import COLOUR_NAMES, spot, thing
from labs.scenes.raster import visible_shares
from labs.scenes.sampling_detail import burn
from labs.scenes.scene import EXTENT, Scene, short
from labs.scenes.vocabulary import COMBINATIONS, DIGITS, LETTERS


def counterpart(scene: Scene, rng: Random) -> Scene:
    """The other half of a group. relation: the mirrored picture; count: one object more or less; exist: the thing asked about
    painted in or over; defect: the fault taken away or put in; text: another label as long; hidden: the panel moved so that the
    object is wholly covered, or comes out by half. Raises ValueError for a family that has none."""
    family = scene["truth"]["family"]
    if family == "relation":
        return twin(scene)
    made = {"count": _count, "exist": _exist, "defect": _defect, "text": _text, "hidden": _hidden}.get(family)
    if made is None:
        raise ValueError(f"a scene of {family} has no counterpart")
    return made(copy.deepcopy(scene), rng)


def _count(scene: Scene, rng: Random) -> Scene:
    """One less where nothing is heaped up or no place is left, one more otherwise."""
    truth, objects = scene["truth"], scene["objects"]
    counted = [place for place, entry in enumerate(objects) if entry["shape"] == truth["shape"]]
    model = objects[counted[0]]
    taken = [(entry["x"], entry["y"], entry["r"]) for entry in objects]
    more = truth["n"] < 9 and (truth["n"] == 1 or rng.random() < 0.5)
    place = spot(rng, model["r"], taken, 0.01, tries=400) if more else None
    if place is not None:
        colours = [objects[number]["colour"] for number in counted]
        objects.append(thing(rng, model["shape"], rng.choice(colours), *place, model["r"]))
        truth["n"] += 1
    elif truth["n"] > 1:
        objects.pop(rng.choice(counted))
        truth["n"] -= 1
        truth["visible"] = short(min(visible_shares(scene)))
    else:
        raise ValueError("no place is left for one object more")
    return scene


def _exist(scene: Scene, rng: Random) -> Scene:
    """The object asked about changes into one that is not there, or an object into the one asked about."""
    truth, objects = scene["truth"], scene["objects"]
    colour, shape = truth["asked"]
    there = {(entry["colour"], entry["shape"]) for entry in objects}
    if truth["present"]:
        [target] = [entry for entry in objects if (entry["colour"], entry["shape"]) == (colour, shape)]
        new = rng.choice([pair for pair in COMBINATIONS if pair not in there])
        if truth["negatives"] == "adversarial":  # both words stay true of the picture, of different objects
            new = rng.choice([(c, shape) for c in COLOUR_NAMES if (c, shape) not in there])
            others = [entry for entry in objects if entry is not target and entry["shape"] != shape]
            if others and all(entry["colour"] != colour for entry in others):
                rng.choice(others)["colour"] = colour
    else:
        target, new = rng.choice(objects), (colour, shape)
    target["colour"], target["shape"] = new
    truth["present"] = not truth["present"]
    return scene


def _defect(scene: Scene, rng: Random) -> Scene:
    truth, grid = scene["truth"], scene["grid"]
    if truth["faulty"]:
        del grid["fault"]
        truth.update(faulty=False, area=0, contrast=0.0, row=None, column=None)
        return scene
    (area, contrast), row, column = truth["dial"], rng.randrange(grid["rows"]), rng.randrange(grid["columns"])
    grid["fault"] = burn(rng, scene, row, column, area, contrast)
    truth.update(faulty=True, area=area, contrast=contrast, row=row, column=column)
    return scene


def _text(scene: Scene, rng: Random) -> Scene:
    """One letter becomes another."""
    truth = scene["truth"]
    place = rng.randrange(len(truth["text"]))
    letter = rng.choice([sign for sign in LETTERS + DIGITS if sign != truth["text"][place]])
    truth["text"] = truth["text"][:place] + letter + truth["text"][place + 1 :]
    scene["labels"][0]["text"] = truth["text"]
    return scene


def _hidden(scene: Scene, rng: Random) -> Scene:
    """The panel goes right over the object, or, where it was there, aside until about half of the object is to be seen."""
    truth, panel, target = scene["truth"], scene["occluder"], scene["objects"][0]
    half_w, half_h = panel["w"] / 2, panel["h"] / 2
    if truth["known"]:
        slack_w, slack_h = half_w - target["r"] * EXTENT, half_h - target["r"] * EXTENT
        steps = [(a * slack_w, b * slack_h) for a in (0, -1, 1) for b in (0, -1, 1)]
    else:
        steps = [(half_w, 0.0), (-half_w, 0.0), (0.0, half_h), (0.0, -half_h)]
        rng.shuffle(steps)
    best: tuple[tuple[bool, float], Scene] | None = None
    for dx, dy in steps:
        tried = copy.deepcopy(scene)
        tried["occluder"]["x"], tried["occluder"]["y"] = short(target["x"] + dx), short(target["y"] + dy)
        covered, *rest = (1 - share for share in visible_shares(tried))
        tried["truth"].update(share=short(covered), known=covered < 1)
        rank = truth["known"] and covered < 1, sum(rest)  # a sliver left in sight would leave the answer what it was
        if best is None or rank < best[0]:
            best = rank, tried
    assert best is not None
    made, shares = best[1], visible_shares(best[1])
    made["objects"] = [  # nothing else may go under the panel
        entry for place, entry in enumerate(made["objects"]) if place == 0 or shares[place] > 0.999
    ]
    return made
