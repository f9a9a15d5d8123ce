"""The ground truth of every sampler, found again independently from the pixels or from the geometry."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise
from random import Random

import pytest

from labs.scenes import sampling
from labs.scenes.families import draw
from labs.scenes.raster import rasterise
from labs.scenes.scene import EXTENT, Scene
from labs.scenes.vocabulary import COLOURS, COMBINATIONS, HELD_OUT, POPULAR, SHAPES


def blobs(scene: Scene, least: int = 4) -> list[tuple[list[int], float, float]]:
    """(colour, x, y) of each connected patch of pixels near one object's colour, found by flood fill; places in shares of the side."""
    size, pixels = scene["size"], rasterise(scene)
    paints = [list(COLOURS[o["colour"]]) if isinstance(o["colour"], str) else o["colour"] for o in scene["objects"]]
    label: list[int | None] = []
    for place in range(0, len(pixels), 3):
        far = [sum(abs(p - q) for p, q in zip(pixels[place : place + 3], paint, strict=True)) for paint in paints]
        near = min(range(len(far)), key=far.__getitem__)
        label.append(paints.index(paints[near]) if far[near] < 60 else None)
    found = []
    for start in range(size * size):
        kind = label[start]
        if kind is None:
            continue
        stack, members = [start], []
        label[start] = None
        while stack:
            place = stack.pop()
            members.append(place)
            x, y = place % size, place // size
            for nx, ny in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
                if 0 <= nx < size and 0 <= ny < size and label[ny * size + nx] == kind:
                    label[ny * size + nx] = None
                    stack.append(ny * size + nx)
        if len(members) >= least:
            xs, ys = [m % size + 0.5 for m in members], [m // size + 0.5 for m in members]
            found.append((paints[kind], sum(xs) / len(xs) / size, sum(ys) / len(ys) / size))
    return found


def inside(scene: Scene) -> bool:
    return all(o["r"] * EXTENT - 1e-4 <= o[key] <= 1 - o["r"] * EXTENT + 1e-4 for o in scene["objects"] for key in ("x", "y"))  # type: ignore[literal-required]


def apart(scene: Scene) -> bool:
    return all(
        (a["x"] - b["x"]) ** 2 + (a["y"] - b["y"]) ** 2 >= ((a["r"] + b["r"]) * EXTENT) ** 2 - 1e-4
        for a, b in combinations(scene["objects"], 2)
    )


@pytest.mark.parametrize("n", range(1, 10))
def test_counted_objects_are_there_in_the_pixels(n: int):
    for seed in range(5):
        scene = draw("count", f"{n}/{seed}", n=n)
        assert scene["truth"]["n"] == n == len(blobs(scene))
        assert inside(scene)
        assert apart(scene)


@pytest.mark.parametrize("others", [1, 4, 8])
def test_distractors_are_never_of_the_counted_shape(others: int):
    for seed in range(4):
        scene = draw("count", seed, n=3, distractors=others)
        shapes = Counter(o["shape"] for o in scene["objects"])
        assert shapes[scene["truth"]["shape"]] == 3
        assert len(scene["objects"]) == 3 + others == len(blobs(scene, 3))


@pytest.mark.parametrize("overlap", [0.2, 0.4, 0.6])
def test_heaped_objects_stay_visible_by_the_dial_and_differ_in_colour_where_they_meet(overlap: float):
    for seed in range(12):
        scene = draw("count", seed, n=6, overlap=overlap)
        assert scene["truth"]["visible"] >= 1 - overlap
        assert inside(scene)
        for a, b in combinations(scene["objects"], 2):
            if (a["x"] - b["x"]) ** 2 + (a["y"] - b["y"]) ** 2 < ((a["r"] + b["r"]) * EXTENT) ** 2:
                assert a["colour"] != b["colour"]


def test_more_overlap_leaves_less_to_see():
    means = [
        sum(draw("count", seed, n=7, overlap=overlap)["truth"]["visible"] for seed in range(25)) / 25 for overlap in (0.0, 0.2, 0.4, 0.6)
    ]
    assert means[0] == 1
    assert all(more < less - 0.04 for less, more in pairwise(means))


def test_counts_are_balanced_when_none_is_asked_for():
    counts = Counter(draw("count", seed)["truth"]["n"] for seed in range(900))
    assert set(counts) == set(range(1, 10))
    assert min(counts.values()) > 65


@pytest.mark.parametrize("n", [0, 10])
def test_a_count_out_of_range_is_refused(n: int):
    with pytest.raises(ValueError, match=f"n is {n}"):
        draw("count", 0, n=n)


@pytest.mark.parametrize("kind", sampling.RELATIONS)
def test_the_relation_holds_in_the_pixels(kind: str):
    for seed in range(8):
        scene = draw("relation", seed, kind=kind)
        truth = scene["truth"]
        where = {tuple(colour): (x, y) for colour, x, y in blobs(scene)}
        (x1, y1), (x2, y2) = (where[COLOURS[truth[key][0]]] for key in ("first", "second"))
        gap = {"left": x2 - x1, "right": x1 - x2, "above": y2 - y1, "below": y1 - y2}[kind]
        across = abs(y1 - y2) if kind in ("left", "right") else abs(x1 - x2)
        assert gap == pytest.approx(truth["distance"], abs=0.03)
        assert across < gap / 2


def test_distance_is_the_dial_of_relations():
    for wanted in (0.18, 0.3, 0.5, 0.6):
        scene = draw("relation", 1, distance=(wanted, wanted), kind="left", distractors=3)
        by_name = {(o["colour"], o["shape"]): o for o in scene["objects"]}
        first, second = (by_name[tuple(scene["truth"][key])] for key in ("first", "second"))  # type: ignore[index]
        assert second["x"] - first["x"] == pytest.approx(wanted, abs=1e-4)
        assert apart(scene)
        assert inside(scene)
        assert len(scene["objects"]) == 5


def test_relations_and_the_order_of_painting_are_balanced():
    scenes = [draw("relation", seed) for seed in range(400)]
    assert min(Counter(s["truth"]["relation"] for s in scenes).values()) > 70
    first = sum(s["objects"][0]["colour"] == s["truth"]["first"][0] for s in scenes)
    assert 150 < first < 250


def test_a_pair_shares_neither_colour_nor_shape():
    for seed in range(60):
        a, b = draw("pair", seed)["objects"]
        assert a["colour"] != b["colour"]
        assert a["shape"] != b["shape"]


@pytest.mark.parametrize("family", ["single", "pair", "crowd"])
def test_held_out_combinations_appear_only_where_they_are_asked_for(family: str):
    for seed in range(60):
        seen = {(o["colour"], o["shape"]) for o in draw(family, seed)["objects"]}
        assert not seen & HELD_OUT
    for seed in range(20):
        assert {(o["colour"], o["shape"]) for o in draw("single", seed, split="held-out")["objects"]} <= HELD_OUT


def test_what_is_given_is_painted():
    for colour, shape in COMBINATIONS:
        [entry] = sampling.single(Random(1), colour, shape)["objects"]
        assert (entry["colour"], entry["shape"]) == (colour, shape)
    assert {sampling.single(Random(seed), shape="star")["objects"][0]["shape"] for seed in range(9)} == {"star"}
    scene = sampling.pair(Random(1), ("red", "circle"), ("blue", "star"))
    assert scene["truth"]["objects"] == [["red", "circle"], ["blue", "star"]]


def test_free_colours_are_any_but_dull_and_named_nowhere():
    scenes = [draw("single", seed, free_colour=True) for seed in range(60)]
    paints = [s["objects"][0]["colour"] for s in scenes]
    assert len({tuple(p) for p in paints}) == 60
    assert all(max(p) - min(p) > 70 for p in paints)  # type: ignore[type-var, operator]
    assert {s["truth"]["colour"] for s in scenes} == {None}
    assert {s["truth"]["shape"] for s in scenes} == set(SHAPES)


@pytest.mark.parametrize("negatives", sampling.NEGATIVES)
@pytest.mark.parametrize("present", [True, False])
def test_the_thing_asked_about_is_there_or_not(present: bool, negatives: str):
    for seed in range(40):
        scene = draw("exist", seed, present=present, negatives=negatives)
        there = {(o["colour"], o["shape"]) for o in scene["objects"]}
        colour, shape = scene["truth"]["asked"]
        assert ((colour, shape) in there) is present is scene["truth"]["present"]
        assert len(there) == len(scene["objects"]) == 4
        if not present and negatives == "popular":
            assert (colour, shape) in POPULAR
        if not present and negatives == "adversarial":
            assert colour in {c for c, _ in there}
            assert shape in {s for _, s in there}


def test_clutter_is_grey_and_behind():
    scene = draw("single", 3, clutter=12)
    assert len(scene["clutter"]) == 12
    assert all(len(set(bit["colour"])) == 1 for bit in scene["clutter"])
    assert len(blobs(scene)) == 1
