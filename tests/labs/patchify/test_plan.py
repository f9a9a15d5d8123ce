"""What patchify asks: sizes by formula against counting, traps that are told apart, hints, chapters, reviews without a model."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

from labs.patchify import arithmetic, choices, traps
from labs.patchify.lab import LAB
from labs.patchify.params import Arch, Params, arch_of, cost, diagnostic, draw
from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.labkit.api import Answer, BackendRef, Plan
from studyapp.labkit.backends import parse_backend
from studyapp.labkit.judge import check

TINY, NONE = parse_backend("tiny"), parse_backend("none")


def canonical() -> Params:
    """ViT-Base on 224 x 224 pixels in patches of 16 (ViT, arXiv:2010.11929)."""
    settings = ((224, 224, 16), (224, 224, 32), (384, 384, 16), (224, 448, 16))
    return Params(B=2, C=3, H=224, W=224, p=16, D=768, bias=True, extra=1, settings=settings, odd=(230, 224), policy="crop")


def test_the_canonical_numbers_of_the_course_come_out() -> None:
    truths = traps.truths(canonical())
    assert truths == {"q1": 196, "q2": 768, "q3": [2, 197, 768], "q4": 768 * 768 + 768, "q5": ["b", "a", "d", "c"]}
    assert [cost(setting) for setting in canonical().settings] == [196**2, 49**2, 576**2, 392**2]


def test_a_loaded_model_whose_sizes_coincide_loses_only_the_traps_that_would_be_right() -> None:
    concepts = [trap.concept for trap in traps.telling(768, traps.length(canonical()))]
    assert "projection-vs-patch" not in concepts, "ViT-Base's width is 768 too"
    assert "forgot-channels" in concepts


@pytest.mark.parametrize("seed", range(30))
def test_formulas_agree_with_counting(seed: int) -> None:
    params = draw(seed, None)
    measured = {key: find() for key, find in arithmetic.measures(params).items()}
    facts = {**measured, "made-by": choices.shuffled(seed, "pick", choices.RECONSTRUCTIONS)}
    plan = LAB.plan(seed, NONE)
    truth, closed = LAB.truth(plan, facts), LAB.closed_form(plan)
    assert {id: truth[id].value for id in truth if id not in ("q7", "q8", "q9")} == {id: closed[id].value for id in closed}


def assert_diagnostic(seeds: range) -> None:
    for seed in seeds:
        params = draw(seed, None)
        assert diagnostic(params), seed
        costs = sorted(cost(setting) for setting in params.settings)
        assert all(small * 1.1 <= large for small, large in pairwise(costs)), seed
        assert params.odd[0] % params.p, seed


def test_two_hundred_seeds_are_diagnostic_and_half_of_them_leave_a_rest() -> None:
    assert_diagnostic(range(200))
    assert 70 <= sum(draw(seed, None).rest for seed in range(200)) <= 130
    assert all(draw(seed, None, level=2).rest for seed in range(20))


@pytest.mark.slow
def test_ten_thousand_seeds_are_diagnostic() -> None:
    assert_diagnostic(range(10_000))


def test_there_are_eleven_tasks_in_three_chapters() -> None:
    plan = LAB.plan(7, TINY)
    assert [question.id for question in plan.questions] == [f"q{number}" for number in range(1, 12)]
    assert [[question.id for question in plan.of_stage(stage)] for stage in plan.stages] == [
        ["q1", "q2", "q3", "q4"],
        ["q5", "q6", "q10", "q11"],
        ["q7", "q8", "q9"],
    ]
    assert [chapter.needed for chapter in plan.chapters] == [True, True, False]
    kinds = {question.id: question.kind for question in plan.questions}
    assert kinds["q3"] == "shape"
    assert {kinds[id] for id in ("q7", "q8", "q9")} == {"code"}


def test_without_a_model_only_arithmetic_is_asked_under_the_same_numbers() -> None:
    plan = LAB.plan(7, NONE)
    assert [question.id for question in plan.questions] == ["q1", "q2", "q3", "q4", "q5", "q10", "q11"]
    assert plan.question("q1").ask == LAB.plan(7, TINY).question("q1").ask


@pytest.mark.parametrize("seed", range(20))
def test_the_public_plan_does_not_hold_the_numbers_asked_for(seed: int) -> None:
    plan = LAB.plan(seed, TINY)
    closed = LAB.closed_form(plan)
    for shown in plan.public()["questions"]:
        if shown["id"] in ("q1", "q4"):
            text = json.dumps(shown).replace(",", "")
            assert f" {closed[shown['id']].value} " not in text
    assert "_policy" not in json.dumps(plan.public())


def test_every_task_has_four_hints_and_the_last_is_the_next_seeds_solution() -> None:
    plan, sibling = LAB.plan(7, TINY), LAB.plan(8, TINY)
    closed = LAB.closed_form(sibling)
    for id in ("q1", "q2"):
        assert str(closed[id].value) in plan.question(id).hints[3].text
    assert f"{closed['q4'].value:,}" in plan.question("q4").hints[3].text
    assert str(closed["q3"].value)[1:-1] in plan.question("q3").hints[3].text


def test_the_catalogued_misconceptions_are_among_the_traps() -> None:
    named = {trap.concept for seed in range(20) for question in LAB.plan(seed, TINY).questions for trap in question.traps}
    named |= {option.concept for question in LAB.plan(7, TINY).questions for option in getattr(question, "options", ())}
    wanted = {
        "cls-token",
        "non-square",
        "patch-2d",
        "channels-in-count",
        "forgot-channels",
        "projection-vs-patch",
        "cost-linear",
        "patch-order",
    }
    assert wanted <= named


@pytest.mark.parametrize(
    "what", ["q1", "1", "patch-count", "patch-vector", "cls-token", "projection-params", "quadratic-cost", "patch-order"]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_review_needs_no_model_and_judges_itself(what: str, seed: int) -> None:
    review = LAB.review(what, seed)
    assert review.questions
    answers = {}
    for question in review.questions:
        truth = review.truth[question.id]
        answers[question.id] = Answer(value=truth.value, reason=truth.reason)
        assert "{fact:" not in question.ask
        assert set(question.needs) - {picture.key for picture in review.pictures} <= {
            "tokens",
            "pixels",
            "pixel-pairs",
            "patch-pairs",
            "pixels-per-patch",
        }
    assert {verdict.outcome for verdict in check(review.plan, review.truth, answers)} == {"right"}


def test_a_review_can_be_asked_for_a_misconception() -> None:
    assert [question.id for question in LAB.review("non-square", 3).questions] == ["q1"]
    with pytest.raises(BadInput, match="no task for 'q7'"):
        LAB.review("q7", 3)


def test_no_option_is_right_for_being_the_longest() -> None:
    longest = total = 0
    for seed in range(200):
        plan = LAB.plan(seed, TINY)
        closed = LAB.closed_form(plan)
        for id in ("q6", "q11"):
            options: Any = plan.question(id).options
            longest += max(options, key=lambda option: len(option.text)).id == closed[id].value
            total += 1
    assert longest / total <= 0.25 + 0.05


def test_the_right_options_place_is_uniform() -> None:
    counts = dict.fromkeys("abcd", 0)
    for seed in range(400):
        plan: Plan = LAB.plan(seed, TINY)
        counts[LAB.closed_form(plan)["q11"].value] += 1
    statistic = sum((count - 100) ** 2 / 100 for count in counts.values())
    assert statistic < 7.81, counts  # chi-square, 3 degrees of freedom, p = .05


def hf(tensors: dict[str, list[int]], **config: Any) -> BackendRef:
    return BackendRef(kind="hf", name="hf:x", target="x", info={"config": config, "preprocessor": None, "tensors": tensors})


def test_a_models_own_files_decide_its_sizes() -> None:
    vit = hf(
        {"e.projection.weight": [32, 3, 8, 8], "e.projection.bias": [32], "e.cls_token": [1, 1, 32]},
        model_type="vit",
        patch_size=8,
        image_size=48,
    )
    assert arch_of(vit) == Arch(p=8, C=3, D=32, bias=True, extra=1, size=None)
    clip = hf(
        {"vision_model.embeddings.patch_embedding.weight": [32, 3, 8, 8], "vision_model.embeddings.class_embedding": [32]},
        model_type="clip",
        vision_config={"patch_size": 8, "image_size": 48},
    )
    assert arch_of(clip) == Arch(p=8, C=3, D=32, bias=False, extra=1, size=None)
    unknown = hf({"conv.weight": [32, 3, 8, 8]}, model_type="odd", patch_size=[8, 8], image_size=[48, 64])
    assert arch_of(unknown) == Arch(p=8, C=3, D=32, bias=False, extra=0, size=(48, 64))
    assert (LAB.plan(1, unknown).params["H"], LAB.plan(1, unknown).params["W"]) == (48, 64)


def test_a_model_without_patches_is_refused_in_one_line() -> None:
    with pytest.raises(EnvironmentProblem, match="no patch projection"):
        LAB.plan(1, hf({"conv1.weight": [64, 3, 7, 7]}, model_type="resnet"))


def test_the_calculation_of_an_order_names_settings_as_its_options_do() -> None:
    """The screen numbers options, so a letter in the sentence would point nowhere."""
    plan = LAB.plan(7, TINY)
    why = LAB.closed_form(plan)["q5"].why
    assert all(f"{H} × {W} at p = {p}: " in why for H, W, p in Params.of(plan.params).settings)


def test_progress_is_told_in_words() -> None:
    from labs.patchify import run

    assert all(" " in words for words in run.DOING.values())
    assert {key for question in LAB.plan(7, TINY).questions for key in question.decided_by if ":" not in key} - {"made-by"} <= {*run.DOING}


def test_each_reconstruction_of_a_review_stands_under_its_name() -> None:
    """A review shows them as text alone, so each must say which one it is."""
    shown = LAB.review("q10", 3).pictures
    assert [picture.grid[0] for picture in shown] == ["The original picture:", *(f"Reconstruction {letter}:" for letter in "ABCD")]
    assert all(picture.alt.startswith(picture.grid[0]) for picture in shown)


def test_a_worked_pick_names_pictures_as_they_are_shown() -> None:
    told = LAB.plan(7, TINY).question("q10").hints[3].text
    assert all(f"{letter}: " in told for letter in "ABCD")
