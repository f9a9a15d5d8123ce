"""A scene is plain JSON, drawn by its seed alone, and can be mirrored, enlarged and cut out."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from random import Random

import pytest

from labs.scenes.change import cropped, mirrored, resized, turned_over, twin
from labs.scenes.families import FAMILIES, draw
from labs.scenes.raster import rasterise
from labs.scenes.scene import checked, digest

FLAT = ("single", "pair", "crowd", "count", "relation", "exist", "defect", "hidden")  # nothing in them has a reading direction


@pytest.mark.parametrize("family", FAMILIES)
def test_a_seed_draws_one_scene_and_another_seed_another(family: str):
    assert draw(family, 5) == draw(family, 5)
    assert len({digest(draw(family, seed)) for seed in range(20)}) == 20


@pytest.mark.parametrize("family", FAMILIES)
def test_a_scene_survives_json_and_the_check(family: str):
    for seed in range(20):
        scene = draw(family, seed)
        assert checked(json.loads(json.dumps(scene))) == scene


def test_the_global_random_state_has_no_say():
    import random

    random.seed(1)
    first = [draw(family, 0) for family in FAMILIES]
    random.seed(2)
    assert [draw(family, 0) for family in FAMILIES] == first


def test_drawing_needs_neither_torch_nor_numpy_nor_pillow():
    code = """
import sys
from random import Random
from labs.scenes.families import FAMILIES, draw
from labs.scenes import captions, clips, counterparts, look, pack, png, questions
for family in FAMILIES:
    scene = draw(family, 1)
    png.scene_png(scene)
    questions.question(scene)
clips.clip(Random(1), "identity")
print(*sorted({name.partition('.')[0] for name in sys.modules} & {"torch", "numpy", "PIL", "pydantic", "yaml"}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"size": 4}, "size is 4"),
        ({"size": "64"}, "needs size"),
        ({"background": [1, 2]}, "background"),
        ({"background": [1, 2, 256]}, "background"),
        ({"extra": 1}, "no extra"),
        ({"objects": [{"shape": "circle"}]}, "objects[0].x"),
        ({"objects": [{"shape": "blob", "colour": "red", "x": 0.5, "y": 0.5, "r": 0.1, "angle": 0}]}, "objects[0].shape"),
        ({"objects": [{"shape": "star", "colour": "beige", "x": 0.5, "y": 0.5, "r": 0.1, "angle": 0}]}, "objects[0].colour"),
        ({"objects": [{"shape": "star", "colour": "red", "x": float("nan"), "y": 0.5, "r": 0.1, "angle": 0}]}, "objects[0].x"),
        ({"objects": [{"shape": "star", "colour": "red", "x": 0.5, "y": 0.5, "r": 0.1, "angle": 0.5}]}, "objects[0].angle"),
        ({"labels": [{"text": "é", "x": 0.5, "y": 0.5, "height": 0.1, "angle": 0, "colour": [0, 0, 0]}]}, "labels[0].text"),
        ({"clutter": [{"kind": "cat", "x": 0, "y": 0, "a": 0, "b": 0, "angle": 0, "colour": [0, 0, 0]}]}, "clutter[0].kind"),
        ({"occluder": {"x": 0.5}}, "occluder.y"),
        ({"grid": {"rows": 3}}, "grid.columns"),
        ({"blur": 65}, "blur"),
    ],
)
def test_a_wrong_scene_is_refused_in_one_line_that_names_the_place(change: dict[str, object], says: str):
    with pytest.raises(ValueError, match=r"\w") as error:
        checked({"size": 32, "background": [0, 0, 0], "objects": [], **change})
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("value", [None, [], "scene", 3])
def test_what_is_no_object_is_no_scene(value: object):
    with pytest.raises(ValueError, match="a scene is an object"):
        checked(value)


def flipped(pixels: bytes, size: int) -> list[int]:
    return [pixels[(row * size + size - 1 - column) * 3 + channel] for row in range(size) for column in range(size) for channel in range(3)]


@pytest.mark.parametrize("family", FLAT)
def test_a_mirrored_scene_is_the_mirrored_picture(family: str):
    for seed in range(6):
        scene = draw(family, seed)
        wanted, got = flipped(rasterise(scene), scene["size"]), rasterise(mirrored(scene))
        far = [abs(a - b) for a, b in zip(wanted, got, strict=True)]
        assert sum(far) / len(far) < 0.1
        assert max(far) <= 14  # places are rounded to 1/256 pixel


@pytest.mark.parametrize("family", FAMILIES)
def test_mirroring_twice_gives_the_scene_back_and_leaves_the_first_alone(family: str):
    for seed in range(10):
        scene = draw(family, seed)
        before = copy.deepcopy(scene)
        assert mirrored(mirrored(scene)) == scene == before
        assert turned_over(turned_over(scene)) == scene


@pytest.mark.parametrize("kind", ["left", "right", "above", "below"])
def test_the_twin_of_a_relation_has_the_opposite_truth(kind: str):
    scene = draw("relation", 3, kind=kind)
    other = twin(scene)
    assert {scene["truth"]["relation"], other["truth"]["relation"]} in ({"left", "right"}, {"above", "below"})
    assert [o["shape"] for o in other["objects"]] == [o["shape"] for o in scene["objects"]]


def test_a_mirrored_fault_is_on_the_mirrored_component():
    scene = draw("defect", 1, faulty=True)
    other = mirrored(scene)
    assert other["grid"]["fault"]["column"] == other["truth"]["column"] == 3 - scene["truth"]["column"]


def averaged(pixels: bytes, size: int) -> list[float]:
    """Half the size, each pixel the mean of four."""
    wide = size * 3
    return [
        sum(pixels[(2 * row + i) * wide + (2 * column + j) * 3 + channel] for i in (0, 1) for j in (0, 1)) / 4
        for row in range(size // 2)
        for column in range(size // 2)
        for channel in range(3)
    ]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_scene_at_twice_the_size_shrinks_back_to_the_scene(family: str):
    scene = draw(family, 2)
    small, large = rasterise(scene), averaged(rasterise(resized(scene, 2 * scene["size"])), 2 * scene["size"])
    assert sum(abs(a - b) for a, b in zip(small, large, strict=True)) / len(small) < 1.0


@pytest.mark.parametrize("family", ["crowd", "defect", "text", "hidden"])
def test_a_cut_out_quarter_is_that_part_of_the_larger_picture(family: str):
    scene = draw(family, 4)
    size = scene["size"]
    whole, part = rasterise(resized(scene, 2 * size)), rasterise(cropped(scene, 0.25, 0.75, 0.5))
    wide = 2 * size * 3
    wanted = b"".join(whole[row * wide : row * wide + size * 3] for row in range(size, 2 * size))
    assert sum(abs(a - b) for a, b in zip(wanted, part, strict=True)) / len(part) < 0.2


def test_an_unknown_family_is_named():
    with pytest.raises(ValueError, match="no family cats"):
        draw("cats", 1)


def test_the_same_dials_draw_the_same_scene_from_any_random():
    assert FAMILIES["pair"](Random("scenes/pair/7")) == draw("pair", 7)
