"""Captions and questions say what the scene shows; wrong captions are wrong in one respect."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from labs.scenes import captions
from labs.scenes.captions import TEMPLATES, caption, described
from labs.scenes.counterparts import counterpart
from labs.scenes.families import FAMILIES, PROBES, draw
from labs.scenes.questions import question
from labs.scenes.raster import rasterise
from labs.scenes.sampling import pair, relation, single
from labs.scenes.scene import Scene, checked


def words(text: str) -> Counter[str]:
    return Counter(word for word in text.split() if word not in ("a", "an"))


def true_of(scene: Scene, text: str) -> bool:
    """Whether a caption of the form "... a C S and a C S" or "... a C S left of a C S" is right, by the objects and their places."""
    for join, key, sign in ((" left of ", "x", 1), (" right of ", "x", -1), (" above ", "y", 1), (" below ", "y", -1)):
        if join in text:
            one, two = (tuple(part.split()[-2:]) for part in text.split(join))
            place = {(o["colour"], o["shape"]): o[key] for o in scene["objects"]}  # type: ignore[literal-required]
            return one in place and two in place and (place[two] - place[one]) * sign > 0
    there = {(o["colour"], o["shape"]) for o in scene["objects"]}
    return all(tuple(part.split()[-2:]) in there for part in text.split(" and "))


def test_templates_of_one_object():
    scene = single(Random(1), "orange", "star")
    told = {template: caption(scene, template) for template in TEMPLATES}
    assert told["bare"] == "orange star"
    assert told["photo"] == "a photo of an orange star"
    assert told["there"] == "there is an orange star"
    assert len(set(told.values())) == len(TEMPLATES)
    assert caption(single(Random(1), shape="star", free_colour=True), "photo") == "a photo of a star"


def test_captions_of_other_families():
    scene = relation(Random(1), "left", pairs=[("red", "circle"), ("blue", "square")])
    assert caption(scene, "bare") == "a red circle left of a blue square"
    assert caption(pair(Random(1), ("red", "circle"), ("blue", "square")), "a") == "a red circle and a blue square"
    count = draw("count", 1, n=3, shape="cross")
    assert caption(count, "there") == "there are three crosses"
    assert caption(draw("text", 1, label="K9"), "photo") == "a photo of a label that says K9"
    assert caption(draw("defect", 1, faulty=True), "photo") == "a photo of a board with a burnt component"
    with pytest.raises(ValueError, match="no caption for a scene of hidden"):
        caption(draw("hidden", 1))


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("family", ["pair", "relation"])
def test_hard_negatives_use_the_same_words_and_are_wrong(family: str, template: str):
    for seed in range(40):
        scene = draw(family, seed)
        assert true_of(scene, caption(scene, template))
        wrong = captions.swapped(scene, Random(seed), template)
        assert wrong is not None
        assert not true_of(scene, wrong)
        assert words(wrong) == words(caption(scene, template))


def test_binding_exchanges_colours_only():
    right, wrong = captions.binding(pair(Random(1), ("red", "circle"), ("blue", "square")), "bare")
    assert (right, wrong) == ("red circle and blue square", "blue circle and red square")


def test_order_exchanges_the_objects_and_the_mirror_the_word():
    scene = relation(Random(1), "left", pairs=[("red", "circle"), ("blue", "square")])
    assert captions.order(scene, "bare") == ("a red circle left of a blue square", "a blue square left of a red circle")
    assert captions.mirrored_relation(scene, "bare") == ("a red circle left of a blue square", "a red circle right of a blue square")
    for seed in range(40):
        scene = draw("relation", seed)
        for right, wrong in (captions.order(scene), captions.mirrored_relation(scene)):
            assert true_of(scene, right)
            assert not true_of(scene, wrong)
            assert not true_of(counterpart(scene, Random(0)), right)
            assert true_of(counterpart(scene, Random(0)), wrong)


def test_a_replaced_object_shares_no_word_with_those_there():
    for seed in range(40):
        scene = draw("pair", seed)
        right, wrong = captions.replaced(scene, Random(seed), "bare")
        assert true_of(scene, right)
        assert not true_of(scene, wrong)
        assert sum((words(right) - words(wrong)).values()) == 2


def test_no_hard_negative_where_exchanging_changes_nothing():
    assert captions.swapped(pair(Random(1), ("red", "circle"), ("red", "square")), Random(1)) is None
    assert captions.swapped(single(Random(1)), Random(1)) is None


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_a_question_whose_answer_is_among_its_choices(family: str):
    rng = Random(1)
    for seed in range(40):
        found = question(draw(family, seed), rng)
        assert found.text.endswith("?")
        assert not found.choices or found.answer in found.choices


def test_questions_say_what_is_asked():
    scene = relation(Random(1), "above", pairs=[("red", "circle"), ("orange", "star")])
    assert question(scene).text == "Is the red circle above or below the orange star?"
    assert question(scene).answer == "above"
    both = {(q.text, q.answer) for q in (question(scene, Random(seed)) for seed in range(20))}
    assert both == {
        ("Is the red circle above or below the orange star?", "above"),
        ("Is the orange star above or below the red circle?", "below"),
    }
    assert question(draw("count", 1, n=4, shape="cross")).text == "How many crosses are there?"
    assert question(draw("hidden", 1, share=1)).answer == "unknown"
    assert question(draw("hidden", 1, share=0.5)).answer == draw("hidden", 1, share=0.5)["objects"][0]["colour"]
    assert question(draw("exist", 1, present=False)).answer == "no"
    assert question(single(Random(1), shape="star", free_colour=True)).text == "What shape is the object?"


def test_questions_about_several_objects_name_one_of_them_only():
    for seed in range(60):
        scene = draw("crowd", seed)
        found = question(scene, Random(seed))
        matching = [
            o for o in scene["objects"] if f" {o['shape']}?" in found.text.replace(" is the", "") or f" {o['colour']} object" in found.text
        ]
        assert len(matching) == 1
        assert found.answer in (matching[0]["colour"], matching[0]["shape"])


@pytest.mark.parametrize("family", PROBES)
def test_a_counterpart_has_another_answer_to_the_same_question(family: str):
    for seed in range(40):
        scene = draw(family, seed)
        other = checked(counterpart(scene, Random(seed)))
        assert question(other).text == question(scene).text
        assert question(other).answer != question(scene).answer
        assert rasterise(other) != rasterise(scene)
        assert other["background"] == scene["background"]


@pytest.mark.parametrize("family", PROBES)
def test_the_truth_of_a_counterpart_is_that_of_its_picture(family: str):
    for seed in range(40):
        other = counterpart(draw(family, seed), Random(seed))
        truth, objects = other["truth"], other["objects"]
        if family == "count":
            assert truth["n"] == sum(o["shape"] == truth["shape"] for o in objects)
        if family == "exist":
            assert truth["present"] == (tuple(truth["asked"]) in {(o["colour"], o["shape"]) for o in objects})
        if family == "defect":
            assert truth["faulty"] == ("fault" in other["grid"])
        if family == "text":
            assert truth["text"] == other["labels"][0]["text"]
        if family == "hidden":
            bare = {**other, "objects": objects[1:]}
            assert truth["known"] == (rasterise(bare) != rasterise(other))  # type: ignore[arg-type]


def test_adversarial_counterparts_keep_both_words_in_the_picture():
    kept = 0
    for seed in range(60):
        scene = draw("exist", seed, present=True, negatives="adversarial")
        other = counterpart(scene, Random(seed))
        colour, shape = other["truth"]["asked"]
        kept += colour in {o["colour"] for o in other["objects"]} and shape in {o["shape"] for o in other["objects"]}
    assert kept >= 55


def test_families_without_counterpart_say_so():
    with pytest.raises(ValueError, match="a scene of single has no counterpart"):
        counterpart(draw("single", 1), Random(1))


def test_the_description_names_what_is_seen_and_not_what_is_hidden():
    scene = relation(Random(1), "left", pairs=[("red", "circle"), ("blue", "square")])
    assert all(name in described(scene) for name in ("64 × 64", "red circle at (", "blue square at ("))
    for seed in range(10):
        scene = draw("hidden", seed, share=1)
        assert described(scene).count(" at (") == len(scene["objects"])  # the panel instead of the object
    assert "label K9" in described(draw("text", 1, label="K9"))
    board = draw("defect", 1, faulty=True)
    assert f"burnt in row {board['truth']['row'] + 1}, column {board['truth']['column'] + 1}" in described(board)
