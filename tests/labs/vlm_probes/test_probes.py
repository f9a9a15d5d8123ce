"""The six generators: twins that differ in the answer alone, ground truth that the scene bears out, dials that turn what they say."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from labs.scenes.raster import rasterise, visible_shares
from labs.scenes.scene import Scene
from labs.vlm_probes.first_sheet import SHEETS, given, sheet
from labs.vlm_probes.probes import CURVES, DIALS, FAMILIES, MAIN, SMALL, WIDE, Cell, Shot, cells, grey, pair
from labs.vlm_probes.prompts import count_listed, list_prompt, prompt
from labs.vlm_probes.switches import region, switch_cell, switched
from labs.vlm_probes.words import in_words


def answer(shot: Shot) -> str:
    """The answer as the painted scene shows it, without its truth entry."""
    scene: Any = {key: value for key, value in shot.scene.items() if key != "truth"}
    asked = shot.question.removesuffix("?").split(" ")
    if shot.family == "count":
        shape = asked[2].removesuffix("s").removesuffix("e") if asked[2] == "crosses" else asked[2].removesuffix("s")
        return str(sum(thing["shape"] == shape for thing in scene["objects"]))
    if shot.family == "leftright":
        first, second = (place(scene, *asked[i : i + 2]) for i in (2, 9))
        return "left" if first < second else "right"
    if shot.family == "text":
        return str(scene["labels"][0]["text"])
    if shot.family == "defect":
        return "yes" if "fault" in scene["grid"] else "no"
    if shot.family == "hidden":
        return str(scene["objects"][0]["colour"]) if visible_shares(scene)[0] > 0 else "unknown"
    colour, shape = asked[-2:]
    return "yes" if any((thing["colour"], thing["shape"]) == (colour, shape) for thing in scene["objects"]) else "no"


def place(scene: Any, colour: str, shape: str) -> float:
    [thing] = [thing for thing in scene["objects"] if (thing["colour"], thing["shape"]) == (colour, shape)]
    return float(thing["x"])


@pytest.mark.parametrize("key", list(DIALS))
def test_twins_are_asked_the_same_and_answer_differently_by_what_is_painted(key: str) -> None:
    for world in (SMALL, WIDE):
        for cell in cells(DIALS[key], world):
            for number in (0, 1) if world is SMALL and key != "hidden/share" else (0,):
                one, other = pair(cell, number, world)
                assert one.question == other.question
                assert one.answer != other.answer
                assert (answer(one), answer(other)) == (one.answer, other.answer), cell
                assert one.scene["size"] == other.scene["size"] == world.size
                assert not one.choices or {one.answer, other.answer} <= set(one.choices)


def test_the_same_place_gives_the_same_pixels_and_another_place_others() -> None:
    cell = Cell("count", "n", 5)
    assert rasterise(pair(cell, 3)[0].scene) == rasterise(pair(cell, 3)[0].scene)
    assert rasterise(pair(cell, 3)[0].scene) != rasterise(pair(cell, 4)[0].scene)


def test_dials_turn_what_they_say() -> None:
    for cell in cells(MAIN["text"], SMALL):
        assert pair(cell, 0)[0].scene["labels"][0]["height"] * 64 == pytest.approx(cell.level, abs=0.01)
    for cell in cells(MAIN["hidden"], SMALL):
        seen, covered = (visible_shares(shot.scene)[0] for shot in pair(cell, 0))
        assert 1 - seen == pytest.approx(cell.level, abs=0.031)
        assert covered == 0
    for cell in cells(MAIN["defect"], SMALL):
        fault = next(shot.scene["grid"]["fault"] for shot in pair(cell, 0) if "fault" in shot.scene["grid"])
        area = sum((right - left) * (bottom - top) for left, top, right, bottom in fault["boxes"])
        assert area * 64 * 64 == pytest.approx(cell.level, abs=0.1)
    for cell in cells(MAIN["exist"], SMALL):
        assert len(pair(cell, 0)[0].scene["objects"]) == cell.level


def test_every_probe_has_a_main_dial_and_curves_have_at_least_five_steps() -> None:
    assert list(MAIN) == list(FAMILIES)
    assert all(len(DIALS[key].levels) >= 4 for key in CURVES)
    assert {DIALS[key].family for key in CURVES} == set(FAMILIES)


def test_a_grey_picture_is_the_same_for_all_questions() -> None:
    shots = [pair(switch_cell(family, SMALL), 0)[0] for family in FAMILIES]
    assert len({rasterise(grey(shot).scene) for shot in shots}) == 1
    assert set(rasterise(grey(shots[0]).scene)) == {128}
    assert all(grey(shot).question == shot.question for shot in shots)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_close_view_keeps_what_decides_the_answer(family: str) -> None:
    for shot in pair(switch_cell(family, SMALL), 1):
        near = switched(shot, "crop")
        *_, side = region(shot)
        assert 0 < side <= 1
        assert near.scene["size"] == shot.scene["size"]
        assert answer(near) == shot.answer
        if family == "text":
            assert near.scene["labels"][0]["height"] > 1.8 * shot.scene["labels"][0]["height"]
        if family == "leftright":
            for end in ("first", "second"):
                thing = next(t for t in near.scene["objects"] if [t["colour"], t["shape"]] == list(shot.scene["truth"][end]))
                assert thing["r"] < thing["x"] < 1 - thing["r"]


def test_twice_the_pixels_show_the_same_scene() -> None:
    shot = pair(switch_cell("text", WIDE), 0, WIDE)[0]
    double = switched(shot, "double").scene
    assert double["size"] == 2 * shot.scene["size"]
    assert double["labels"] == shot.scene["labels"]


def test_nine_answers_serve_all_twelve_pictures_of_a_sheet() -> None:
    for number in range(SHEETS):
        shots = sheet(number)
        assert sorted(shot.family for shot in shots.values()) == sorted(list(FAMILIES) * 2)
        assert len(set(given(number).answers)) == 9
        for shot in shots.values():
            assert shot.answer in given(number).answers
            assert answer(shot) == shot.answer
        for family in FAMILIES:
            twins = [shot for shot in shots.values() if shot.family == family]
            assert twins[0].answer != twins[1].answer
            assert twins[0].question == twins[1].question


def test_sheets_differ() -> None:
    assert len({given(number).places for number in range(SHEETS)}) > 0.9 * SHEETS


def test_the_form_of_the_answer_is_asked_for_and_the_words_give_none_away() -> None:
    for family in FAMILIES:
        shot = pair(switch_cell(family, SMALL), 0)[0]
        assert prompt(shot, "word") == shot.question
        asked = prompt(shot, "braces")
        assert asked.startswith(shot.question)
        assert "curly brackets" in asked
        offered = {choice for choice in shot.choices if f"{{{choice}}}" in asked}
        assert offered in ({"0"}, set(), set(shot.choices))
    shot = pair(Cell("count", "n", 5), 0)[0]
    assert "one a line" in list_prompt(shot, "braces")


def test_counting_in_a_list() -> None:
    assert count_listed("red circle at 1 2 . blue square at 3 4 . red circle at 5 6 .", "circle") == "2"
    assert count_listed("", "circle") == "0"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_picture_in_words_lets_the_answer_be_found_but_does_not_say_it(family: str) -> None:
    one, other = pair(cells(MAIN[family], SMALL)[0], 2)
    assert in_words(one) != in_words(other)
    if family in ("text", "defect"):
        assert f" {one.answer} " not in f" {in_words(one)} ".replace(",", " ")


def test_a_scene_is_never_changed_by_looking_at_it() -> None:
    shot = pair(switch_cell("hidden", SMALL), 0)[0]
    before: Scene = {**shot.scene}
    in_words(shot)
    switched(shot, "crop")
    grey(shot)
    assert shot.scene == before


def test_which_quarter_of_a_board_is_cut_out_does_not_tell_whether_one_is_burnt() -> None:
    cell, seen = Cell("defect", "area", 4), {"yes": Counter(), "no": Counter()}  # type: ignore[var-annotated]
    for place in range(120):
        for shot in pair(cell, place):
            x, y, _ = region(shot)
            grid = shot.scene["grid"]
            seen[shot.answer][x > grid["x"], y > grid["y"]] += 1
    for counts in seen.values():
        assert len(counts) == 4
        assert all(15 <= count <= 50 for count in counts.values()), counts
