"""The torch renderer paints what the rasteriser paints, within a grey level on average in every family."""

from __future__ import annotations

from random import Random

import pytest

torch = pytest.importorskip("torch")

from labs.scenes.clips import KINDS, clip  # noqa: E402
from labs.scenes.families import FAMILIES, draw  # noqa: E402
from labs.scenes.pack import pack  # noqa: E402
from labs.scenes.render import exact, render, render_pack  # noqa: E402
from labs.scenes.scene import Scene  # noqa: E402


def off(scenes: list[Scene]) -> tuple[float, float]:
    """The mean and the largest per-scene mean difference, in grey levels of 255."""
    far = (render(scenes) - exact(scenes)).abs() * 255
    return float(far.mean()), float(far.mean((1, 2, 3)).max())


DIALS: dict[str, list[dict[str, object]]] = {
    "single": [{}, {"size": 64}, {"size": 48, "clutter": 10}, {"free_colour": True, "tilt": 180}],
    "pair": [{}, {"size": 96}],
    "crowd": [{}, {"size": 32}],
    "count": [{"n": 9}, {"n": 9, "size": 32}, {"n": 6, "overlap": 0.5, "clutter": 5}],
    "relation": [{}, {"distractors": 4}],
    "exist": [{}, {"size": 96}],
    "text": [
        {},
        {"height": (4, 6)},
        {"length": 3, "height": (9, 12), "rotation": (0, 90)},
        {"blur": (1, 6), "size": 32, "height": (6, 12)},
    ],
    "defect": [{"faulty": True}, {"size": 32, "rows": 3, "columns": 3, "area": (1, 9)}, {"rows": 3, "columns": 5}],
    "hidden": [{}, {"share": 1.0}],
}


@pytest.mark.parametrize(("family", "dials"), [(family, dials) for family in FAMILIES for dials in DIALS[family]])
def test_both_painters_agree_within_a_grey_level(family: str, dials: dict[str, object]):
    mean, worst = off([draw(family, seed, **dials) for seed in range(16)])
    assert mean < 1.0
    assert worst < 2.0


@pytest.mark.parametrize("kind", KINDS)
def test_both_painters_agree_on_clips(kind: str):
    mean, worst = off(list(clip(Random(3), kind, frames=12).frames))
    assert mean < 1.0
    assert worst < 2.0


def test_pictures_are_floats_of_the_asked_shape():
    pictures = render([draw("pair", seed, size=48) for seed in range(3)])
    assert pictures.shape == (3, 3, 48, 48)
    assert pictures.dtype == torch.float32
    assert float(pictures.min()) >= 0
    assert float(pictures.max()) <= 1


def test_rounded_pictures_are_bytes():
    levels = render([draw("pair", 1)], bytes_only=True) * 255
    assert torch.allclose(levels, levels.round(), atol=1e-4)


def test_a_scene_is_painted_alike_alone_and_among_others():
    scenes = [draw(family, seed, size=64) for family in FAMILIES for seed in range(3)]
    together = render(scenes)
    alone = torch.cat([render([scene]) for scene in scenes])
    assert float((together - alone).abs().max()) < 1e-5


def test_a_pack_can_be_painted_again():
    packed = pack([draw("count", seed) for seed in range(4)])
    assert torch.equal(render_pack(packed), render_pack(packed))


def test_scenes_of_two_sizes_are_refused():
    with pytest.raises(ValueError, match="scene 1 has 64 pixels a side, the first has 32"):
        render([draw("single", 1, size=32), draw("single", 1, size=64)])
    with pytest.raises(ValueError, match="no scene"):
        render([])


def test_objects_that_touch_in_any_order_are_painted_back_to_front():
    heap = [draw("count", seed, n=9, overlap=0.6, radius=(0.15, 0.2)) for seed in range(6)]
    assert off(heap)[1] < 1.5


def test_what_is_cut_by_the_rim_is_painted():
    scene = draw("single", 1)
    scene["objects"][0].update(x=0.02, y=0.97)
    scene["occluder"] = {"x": 1.0, "y": 0.0, "w": 0.5, "h": 0.7, "angle": 20, "colour": [10, 90, 90]}
    assert off([scene])[0] < 0.5
