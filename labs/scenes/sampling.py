"""Samplers of objects: single, pair, crowd, count, relation, exist. Each draws with `random.Random` alone and writes its truth
into the scene. Radii and distances are shares of the picture's side; overlap and visible shares are of an object's area."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from labs.scenes.change import OPPOSITE
from labs.scenes.place import COLOUR_NAMES, Disc, Range, any_colour, between, canvas, combinations, distance, others, spread, thing
from labs.scenes.raster import visible_shares
from labs.scenes.scene import EXTENT, Colour, Scene, Thing, short
from labs.scenes.vocabulary import COMBINATIONS, POPULAR, SHAPES, Combination

RELATIONS = ("left", "right", "above", "below")
NEGATIVES = ("random", "popular", "adversarial")


def single(
    rng: Random, colour: Colour | None = None, shape: str | None = None, *, size: int = 32, split: str = "seen",
    radius: Range = (0.2, 0.36), tilt: int = 20, clutter: int = 0, free_colour: bool = False,
) -> Scene:  # fmt: skip
    """One object. What is not given is drawn from the split; free_colour paints it in any colour, named nowhere in the truth."""
    named = [p for p in combinations(split) if colour in (None, p[0]) and shape in (None, p[1])]
    drawn = rng.choice(named or COMBINATIONS)  # both given, or a colour without a name: the split has no say
    scene = canvas(rng, size, clutter)
    paint: Colour = any_colour(rng) if free_colour else (drawn[0] if colour is None else colour)
    form = drawn[1] if shape is None else shape
    [(x, y, r)] = spread(rng, [between(rng, radius)])
    scene["objects"] = [thing(rng, form, paint, x, y, r, tilt)]
    scene["truth"] = {"family": "single", "shape": form, "colour": paint if isinstance(paint, str) else None}
    return scene


def pair(
    rng: Random, first: Combination | None = None, second: Combination | None = None, *, size: int = 32, split: str = "seen",
    radius: Range = (0.14, 0.22), clutter: int = 0,
) -> Scene:  # fmt: skip
    """Two objects apart, that differ in colour and in shape unless they are given."""
    scene = crowd(rng, 2, size=size, split=split, radius=radius, clutter=clutter, pairs=_two(rng, first, second, split))
    scene["truth"] = {"family": "pair", "objects": [[t["colour"], t["shape"]] for t in scene["objects"]]}
    return scene


def _two(rng: Random, first: Combination | None, second: Combination | None, split: str) -> list[Combination]:
    """Two combinations that share neither colour nor shape, where they are not given."""
    one = first or rng.choice([p for p in combinations(split) if second is None or (p[0] != second[0] and p[1] != second[1])])
    two = second or rng.choice([p for p in combinations(split) if p[0] != one[0] and p[1] != one[1]])
    return [one, two]


def crowd(
    rng: Random, n: int, *, size: int = 64, split: str = "seen", radius: Range = (0.09, 0.14), clutter: int = 0,
    pairs: Sequence[Combination] | None = None,
) -> Scene:  # fmt: skip
    """n objects apart, all of different combinations."""
    drawn = list(pairs) if pairs is not None else others(rng, n, (), split)
    scene = canvas(rng, size, clutter)
    places = spread(rng, [between(rng, radius) for _ in drawn], gap=0.01)
    scene["objects"] = [thing(rng, shape, colour, x, y, r) for (colour, shape), (x, y, r) in zip(drawn, places, strict=True)]
    scene["truth"] = {"family": "crowd", "objects": [[colour, shape] for colour, shape in drawn]}
    return scene


def count(
    rng: Random, n: int | None = None, *, size: int = 64, overlap: float = 0.0, distractors: int = 0, clutter: int = 0,
    radius: Range = (0.08, 0.12), shape: str | None = None, alike: bool | None = None,
) -> Scene:  # fmt: skip
    """n objects (1 to 9) of one shape, to be counted among `distractors` of other shapes. With overlap above 0 each object but the
    first lies on a neighbour of another colour; of every object at least 1 - overlap is visible (`visible` holds the least share).
    alike: all counted objects in one colour (only without overlap); drawn if not given."""
    number, form = n if n is not None else rng.randint(1, 9), shape or rng.choice(SHAPES)
    if not 1 <= number <= 9:
        raise ValueError(f"n is {number}, not 1 to 9")
    one_colour = not overlap and (alike if alike is not None else rng.random() < 0.5)
    colour = rng.choice(COLOUR_NAMES)
    scene = canvas(rng, size, clutter)
    kinds = [form] * number + [rng.choice([s for s in SHAPES if s != form]) for _ in range(distractors)]
    while True:
        if overlap:
            heaped = _heap(rng, kinds, radius, overlap)
            if heaped is None:
                continue
            scene["objects"] = heaped
        else:
            places = spread(rng, [between(rng, radius) for _ in kinds], gap=0.012)
            paints = [colour if one_colour and kind == form else rng.choice(COLOUR_NAMES) for kind in kinds]
            scene["objects"] = [thing(rng, k, p, *place) for k, p, place in zip(kinds, paints, places, strict=True)]
        rng.shuffle(scene["objects"])
        least = min(visible_shares(scene)) if overlap else 1.0
        if least >= 1 - overlap:
            break
    scene["truth"] = {"family": "count", "shape": form, "n": number, "distractors": distractors, "visible": short(least)}
    return scene


def _heap(rng: Random, kinds: Sequence[str], radius: Range, overlap: float) -> list[Thing] | None:
    """Objects of which each lies close to an earlier one; two whose discs meet never share a colour. None where one found no place."""
    discs: list[Disc] = []
    made: list[Thing] = []
    for kind in kinds:
        r = between(rng, radius)
        for _ in range(200):
            if discs:  # a place on the square ring around a neighbour, nearer the more overlap is wanted
                ox, oy, other = rng.choice(discs)
                far = (r + other) * (1 - overlap * (0.5 + 0.5 * rng.random()))
                dx, dy = 2 * rng.random() - 1, 2 * rng.random() - 1
                length = distance(dx, dy) or 1.0
                x, y = ox + far * dx / length, oy + far * dy / length
            else:
                x, y = 0.3 + 0.4 * rng.random(), 0.3 + 0.4 * rng.random()
            inside = all(r * EXTENT <= v <= 1 - r * EXTENT for v in (x, y))
            near = [i for i, (ox, oy, other) in enumerate(discs) if distance(x - ox, y - oy) < (r + other) * EXTENT]
            close = sum(distance(x - discs[i][0], y - discs[i][1]) < 0.6 * (r + discs[i][2]) for i in near)
            if inside and len(near) <= 3 and not (close and overlap < 0.5):
                break
        else:
            return None
        free = [c for c in COLOUR_NAMES if c not in {made[i]["colour"] for i in near}]
        discs.append((x, y, r))
        made.append(thing(rng, kind, rng.choice(free), x, y, r))
    return made


def relation(
    rng: Random, kind: str | None = None, *, size: int = 64, distance: Range = (0.25, 0.55), distractors: int = 0, clutter: int = 0,
    radius: Range = (0.09, 0.15), split: str = "seen", pairs: Sequence[Combination] | None = None,
) -> Scene:  # fmt: skip
    """Two objects, the first left of, right of, above or below the second: their centres `distance` apart along that axis and at
    most a third of it across. Distractors are other combinations, anywhere. Its twin is `change.twin(scene)`."""
    which = kind or rng.choice(RELATIONS)
    one, two = pairs or _two(rng, None, None, split)
    apart = between(rng, distance)
    most = apart / (2 * EXTENT) * 0.98
    r1, r2 = (min(between(rng, radius), most) for _ in range(2))
    low, high = r1 * EXTENT, 1 - r2 * EXTENT - apart
    along = low + (high - low) * rng.random()
    edge = max(r1, r2) * EXTENT
    across = edge + (1 - 2 * edge) * rng.random()
    shifted = min(max(across + apart / 3 * (2 * rng.random() - 1), edge), 1 - edge)
    spots = [(along, across, r1), (along + apart, shifted, r2)]
    if which in ("right", "below"):
        spots = [(1 - x, y, r) for x, y, r in spots]
    if which in ("above", "below"):
        spots = [(y, x, r) for x, y, r in spots]
    scene = canvas(rng, size, clutter)
    objects = [thing(rng, pair_[1], pair_[0], *place) for pair_, place in zip((one, two), spots, strict=True)]
    more = spread(rng, [between(rng, radius) for _ in range(distractors)], 0.01, spots)
    kinds = others(rng, distractors, (one, two), split)
    objects += [thing(rng, shape, colour, *place) for (colour, shape), place in zip(kinds, more, strict=True)]
    rng.shuffle(objects)
    scene["objects"] = objects
    scene["truth"] = {"family": "relation", "relation": which, "first": list(one), "second": list(two), "distance": apart}
    return scene


def opposite(relation_: str) -> str:
    return OPPOSITE[relation_]


def exist(
    rng: Random, present: bool | None = None, *, size: int = 64, n: int = 4, negatives: str = "random", clutter: int = 0,
    radius: Range = (0.09, 0.15),
) -> Scene:  # fmt: skip
    """n objects and a combination asked about. Popular combinations are drawn in half the places, as in a world with habits. Where
    it is absent it is any absent one (random), an absent popular one, or one whose colour and whose shape are both there, on
    different objects (adversarial)."""
    there = present if present is not None else rng.random() < 0.5
    while True:
        drawn: list[Combination] = []
        while len(drawn) < n:
            pair_ = rng.choice(POPULAR if rng.random() < 0.5 else COMBINATIONS)
            if pair_ not in drawn:
                drawn.append(pair_)
        pools: dict[str, list[Combination]] = {
            "random": [p for p in COMBINATIONS if p not in drawn],
            "popular": [p for p in POPULAR if p not in drawn],
            "adversarial": [(c, s) for c in {c for c, _ in drawn} for s in {s for _, s in drawn} if (c, s) not in drawn],
        }
        pool = drawn if there else sorted(pools[negatives])
        if pool:
            break
    asked = rng.choice(pool)
    scene = crowd(rng, n, size=size, radius=radius, clutter=clutter, pairs=drawn)
    scene["truth"] = {"family": "exist", "present": there, "asked": list(asked), "negatives": negatives}
    return scene
