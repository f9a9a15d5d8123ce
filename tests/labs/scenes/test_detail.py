"""Text, faults and hidden objects: each dial moves what it says, by as much as it says."""

from __future__ import annotations

import copy

import pytest

from labs.scenes import font
from labs.scenes.families import draw
from labs.scenes.raster import rasterise
from labs.scenes.sampling_detail import blind
from labs.scenes.scene import Scene


def changed(one: Scene, two: Scene) -> list[int]:
    """By how much each pixel differs, summed over its channels."""
    a, b = rasterise(one), rasterise(two)
    return [sum(abs(a[i + c] - b[i + c]) for c in range(3)) for i in range(0, len(a), 3)]


def healed(scene: Scene) -> Scene:
    made = copy.deepcopy(scene)
    made["grid"].pop("fault")
    return made


@pytest.mark.parametrize("area", [1, 2, 3, 5, 8, 12, 16, 20])
def test_the_area_of_a_fault_is_that_many_pixels(area: int):
    for seed in range(8):
        scene = draw("defect", f"{area}/{seed}", faulty=True, area=(area, area), contrast=(0.6, 0.6))
        off = changed(scene, healed(scene))
        assert sum(value > 0 for value in off) == area == scene["truth"]["area"]
        assert len({value for value in off if value}) == 1  # every pixel of it is darkened alike


@pytest.mark.parametrize("contrast", [0.1, 0.3, 0.6, 0.9])
def test_the_contrast_of_a_fault_is_the_share_of_brightness_it_takes(contrast: float):
    scene = draw("defect", 1, faulty=True, contrast=(contrast, contrast))
    off = max(changed(scene, healed(scene)))
    assert off == pytest.approx(contrast * sum(scene["grid"]["colour"]), abs=3)


def test_a_fault_lies_on_the_component_that_the_truth_names():
    for seed in range(8):
        scene = draw("defect", seed, faulty=True, rows=3, columns=4)
        grid, truth, size = scene["grid"], scene["truth"], scene["size"]
        places = [place for place, value in enumerate(changed(scene, healed(scene))) if value]
        left, top = grid["x"] - grid["columns"] * grid["pitch"] / 2, grid["y"] - grid["rows"] * grid["pitch"] / 2
        for place in places:
            x, y = (place % size + 0.5) / size, (place // size + 0.5) / size
            assert ((y - top) // grid["pitch"], (x - left) // grid["pitch"]) == (truth["row"], truth["column"])
            assert rasterise(healed(scene))[place * 3 : place * 3 + 3] == bytes(grid["colour"])


def test_half_of_the_boards_have_no_fault():
    scenes = [draw("defect", seed) for seed in range(300)]
    assert 120 < sum(s["truth"]["faulty"] for s in scenes) < 180
    assert all(("fault" in s["grid"]) == s["truth"]["faulty"] for s in scenes)


def test_a_fault_that_fits_no_component_is_refused():
    with pytest.raises(ValueError, match="a fault of 400 pixels does not fit"):
        draw("defect", 1, faulty=True, area=(400, 400))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8, 0.95])
def test_the_panel_covers_the_share_of_the_pixels(share: float):
    for seed in range(6):
        scene = draw("hidden", f"{share}/{seed}", share=share)
        assert scene["truth"]["known"] is True
        assert scene["truth"]["share"] == pytest.approx(share, abs=0.03)
        without = copy.deepcopy(scene)
        without["objects"].pop(0)
        open_, open_without = copy.deepcopy(scene), copy.deepcopy(without)
        del open_["occluder"], open_without["occluder"]
        seen, whole = sum(changed(scene, without)), sum(changed(open_, open_without))
        assert 1 - seen / whole == pytest.approx(share, abs=0.05)


def test_a_wholly_hidden_object_leaves_no_trace_in_the_pixels():
    for seed in range(12):
        scene = draw("hidden", seed, share=1)
        assert scene["truth"]["known"] is False
        gone = copy.deepcopy(scene)
        gone["objects"].pop(0)
        assert rasterise(gone) == rasterise(scene)


def test_nothing_else_goes_under_the_panel():
    for seed in range(12):
        scene = draw("hidden", seed)
        bare = copy.deepcopy(scene)
        del bare["occluder"]
        for other in range(1, len(scene["objects"])):
            with_panel, without_panel = ({**s, "objects": [o for n, o in enumerate(s["objects"]) if n != other]} for s in (scene, bare))
            assert sum(changed(scene, with_panel)) == sum(changed(bare, without_panel))  # type: ignore[arg-type]


@pytest.mark.parametrize("share", [0.0, 0.05, 1.2])
def test_a_share_out_of_range_is_refused(share: float):
    with pytest.raises(ValueError, match=r"not 0\.1 to 1"):
        draw("hidden", 1, share=share)


def inked(scene: Scene) -> Scene:
    """Black letters on plain white, so that ink can be measured."""
    made = copy.deepcopy(scene)
    made["background"] = [255, 255, 255]
    made["labels"][0].update(colour=[0, 0, 0], plate=[255, 255, 255])
    return made


@pytest.mark.parametrize("height", [5, 8, 12, 15, 20, 24])
@pytest.mark.parametrize("degrees", [0, 30, 90])
def test_the_ink_of_a_label_has_the_size_of_its_height(height: int, degrees: int):
    scene = inked(draw("text", height, length=1, height=(height, height), rotation=(degrees, degrees)))
    pixels = rasterise(scene)
    cells = sum(row.count("#") for row in font.strip(scene["truth"]["text"]))
    ink = sum(255 - pixels[i] for i in range(0, len(pixels), 3)) / 255
    assert ink == pytest.approx(cells * (height / font.ROWS) ** 2, rel=0.05)
    if degrees == 0:
        rows = [any(pixels[(y * 64 + x) * 3] < 215 for x in range(64)) for y in range(64)]
        assert abs(sum(rows) - height) <= 1


def test_upright_letters_can_be_read_off_the_pixels_cell_by_cell():
    for seed in range(30):
        scene = inked(draw("text", seed, length=2, height=(14, 14)))
        label, pixels = scene["labels"][0], rasterise(scene)
        left, top = label["x"] * 64 - font.columns("AA"), label["y"] * 64 - 7  # two pixels a cell
        read = tuple(
            "".join(
                "#" if pixels[(int(top + 2 * row + 1) * 64 + int(left + 2 * column + 1)) * 3] < 128 else "."
                for column in range(font.columns("AA"))
            )
            for row in range(font.ROWS)
        )
        assert read == font.strip(scene["truth"]["text"])


def test_the_dials_of_text_stand_in_the_truth():
    scene = draw("text", 1, label="A7", height=(9, 9), rotation=(25, 25), blur=(3, 3))
    assert scene["truth"] == {"family": "text", "text": "A7", "height": 9, "rotation": 25, "blur": 3}
    assert abs(scene["labels"][0]["angle"]) == 25
    assert scene["blur"] == 3


def test_a_label_too_large_for_the_picture_is_refused():
    with pytest.raises(ValueError, match="a label of 4 letters 24 pixels high does not fit a picture of 64"):
        draw("text", 1, length=4, height=(24, 24))


def test_a_blind_picture_is_grey_and_keeps_the_truth():
    scene = draw("text", 1)
    assert set(rasterise(blind(scene))) == {128}
    assert blind(scene)["truth"] == scene["truth"]
