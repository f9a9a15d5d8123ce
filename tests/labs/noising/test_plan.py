"""What noising asks: truths by formula against walking step by step, traps told apart, sentences that hold, reviews without a model."""

from __future__ import annotations

import json
import re
from math import exp, sqrt
from typing import Any

import pytest

from labs.noising import arithmetic, pictures, scales, textures, timing, traps
from labs.noising.lab import LAB
from labs.noising.params import CLEAR, REMAINDERS, Params, draw, pixels_of, variance
from labs.noising.schedules import Schedule
from studyapp.errors import BadInput
from studyapp.labkit.api import Answer, Plan
from studyapp.labkit.backends import parse_backend
from studyapp.labkit.judge import check

TINY, NONE = parse_backend("tiny"), parse_backend("none")
CLOSED = ["q1", "q2", "q4", "q5", "q6", "q8", "q9", "q11", "q14", "q15", "q16", "q17"]


def ddpm(**changes: Any) -> Params:
    """DDPM's own schedule, and a picture of variance 1."""
    row = {
        **draw(7).row(),
        "schedule": {"family": "linear", "T": 1000, "first": 1e-4, "last": 0.02, "zero": False},
        "v": 1.0,
        "t8": 999,
        "firsts": [1e-4, 0.02],
    }
    return Params.of({**row, **changes})


def test_the_known_numbers_come_out() -> None:
    params = ddpm(t2=258, asked2="signal", t16=999)
    found = traps.truths(params)
    assert found["q4"] == 259
    assert found["q2"] == pytest.approx(sqrt(0.5), abs=0.002)
    assert (found["q8"], round(found["q14"], 2), round(found["q15"], 4)) == (1.0, 11.05, 2.0)
    assert found["q16"] == pytest.approx(157.4, abs=0.1)
    assert traps.order_of(params, "crossing") == ["a", "d", "b", "c"]
    assert traps.order_of(params, "leftover") == ["d", "b", "a", "c"]


@pytest.mark.parametrize("seed", range(12))
def test_formulas_agree_with_walking_step_by_step(seed: int) -> None:
    plan = LAB.plan(seed, NONE)
    params = Params.of(plan.params)
    facts = {key: find() for key, find in arithmetic.measures(params, seed, 1).items()}
    truth, closed = LAB.truth(plan, facts), LAB.closed_form(plan)
    assert sorted(truth) == sorted(closed) == sorted(CLOSED)
    for id, formula in closed.items():
        verdict = check(plan, {id: truth[id]}, {id: Answer(value=formula.value, reason=formula.reason)})[0]
        assert verdict.outcome == "right", (id, formula.value, truth[id].value)
    levels, measured = scales.levels(params), facts["bands"]
    assert all(measured[id][band] == pytest.approx(levels[id][band], abs=1e-6) for id in "abcd" for band in textures.BANDS)


def assert_diagnostic(seeds: range) -> None:
    for seed in seeds:
        params = draw(seed)
        assert traps.diagnostic(params), seed
        assert set(scales.kinds(params).values()) == {"layout", "both", "none"}, seed
        for level in scales.levels(params).values():
            assert min(abs(level["texture"]), abs(level["layout"])) >= CLEAR, seed
        low, high = REMAINDERS[params.remainder]
        assert low <= sqrt(params.end.bars[-1]) <= high, seed
        for id, found in traps.all_traps(params).items():
            values = [traps.truths(params)[id], *(trap.value for trap in found)]
            for number, value in enumerate(values):
                for other in values[:number]:
                    assert abs(value - other) > 2 * max(traps.tolerance(params, id, value), traps.tolerance(params, id, other)), (seed, id)


def test_two_hundred_seeds_are_diagnostic() -> None:
    assert_diagnostic(range(200))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_seeds_are_diagnostic() -> None:
    assert_diagnostic(range(10_000))


def test_every_kind_of_instance_is_drawn() -> None:
    drawn = [draw(seed) for seed in range(120)]
    assert {params.schedule.family for params in drawn} == {"linear", "scaled-linear", "cosine"}
    assert {params.remainder for params in drawn} == set(REMAINDERS)
    assert {params.asked2 for params in drawn} == {"signal", "noise"}
    assert {params.asked6 for params in drawn} == {"crossing", "leftover"}
    orders = [tuple(traps.order_of(params, "crossing")) for params in drawn]
    assert min(orders.count(order) for order in set(orders)) >= 10
    assert len(set(orders)) >= 3
    assert all(draw(seed, level=2).schedule.T != 1000 for seed in range(20))


def test_the_eleven_tasks_stand_in_chapters_with_the_code_in_its_own() -> None:
    plan = LAB.plan(7, TINY)
    assert [[question.id for question in plan.of_stage(stage)] for stage in plan.stages] == [
        ["q1", "q2"],
        ["q8", "q14", "q15"],
        ["q4", "q5", "q6"],
        ["q9", "q7", "q12"],
        ["q13", "q16", "q17", "q11"],
        ["q3", "q10"],
    ]
    assert [chapter.needed for chapter in plan.chapters] == [True] * 5 + [False]
    kinds = {question.id: question.kind for question in plan.questions}
    assert (kinds["q1"], kinds["q5"], kinds["q6"], kinds["q9"], kinds["q11"]) == ("order", "choice", "order", "pick", "explain")
    assert {question.id for question in plan.questions if question.forecast} == {"q7", "q12"}
    assert {question.id for question in plan.questions if question.reason} == {"q2", "q5", "q11"}


def test_without_a_model_the_same_tasks_are_asked_but_for_readers_and_code() -> None:
    plan = LAB.plan(7, NONE)
    assert sorted(question.id for question in plan.questions) == sorted(CLOSED)
    assert all(plan.question(id) == LAB.plan(7, TINY).question(id) for id in CLOSED)


@pytest.mark.parametrize("seed", range(20))
def test_the_public_plan_tells_no_order_and_no_steps(seed: int) -> None:
    public = LAB.plan(seed, TINY).public()
    assert not {"_noised", "_shown", "_remainder", "noised", "shown", "remainder"} & set(public["params"])
    asked = {question["id"]: json.dumps(question["ask"]) for question in public["questions"]}
    found = traps.truths(draw(seed))
    assert f"t = {int(found['q4'])}" not in asked["q4"]
    assert f"{found['q2']:.4g}" not in asked["q2"]


def test_the_last_hint_is_the_next_seeds_solution() -> None:
    plan, sibling = LAB.plan(7, TINY), LAB.closed_form(LAB.plan(8, TINY))
    for id, shown in (("q2", "{:.4g}"), ("q4", "t = {}"), ("q14", "{:.4g}"), ("q15", "{:.4g}"), ("q16", "{:.3g}")):
        assert shown.format(sibling[id].value) in plan.question(id).hints[3].text, id
    assert sibling["q9"].value[0].upper() + " it is" in plan.question("q9").hints[3].text
    steps = re.findall(r"([A-F]) t = ", plan.question("q1").hints[3].text)
    assert [step.lower() for step in steps] == sibling["q1"].value


def test_the_catalogued_misconceptions_are_among_the_traps() -> None:
    plan = LAB.plan(7, TINY)
    named = {trap.concept for question in plan.questions for trap in question.traps}
    named |= {option.concept for question in plan.questions for option in getattr(question, "options", ())}
    assert {"root-forgotten", "beta-for-alphabar", "T-is-pure-noise", "coefficients-swapped", "only-adds-noise", "half-is-left"} <= named
    assert {"texture-is-noise", "snr-upside-down", "signal-is-gone", "unit-variance-assumed"} <= named


def test_sentences_about_the_end_of_a_schedule_hold_wherever_they_can_be_shown() -> None:
    for seed in range(100):
        params = draw(seed)
        left, last = sqrt(params.end.bars[-1]), params.end.betas[-1]
        assert left < 0.45, "no option may call that more than half"
        assert (left == 0) == (last == 1) == params.end.zero
        assert all(beta < 1 for beta in params.end.betas[:-1])
        assert len(set(params.end.betas)) > 1, "each step has another beta"
        right = timing.left_key(params.end, left)
        assert right == params.remainder
        if params.end.family != "cosine" and not params.end.zero:
            assert 1 < exp(-sum(params.end.betas)) / params.end.bars[-1] < 2, "e to the minus sum is about right, or somewhat more"


def test_sentences_of_traps_hold() -> None:
    for seed in range(60):
        params = draw(seed)
        bars, v = params.schedule.bars, params.v
        for trap in traps.all_traps(params)["q4"]:
            if trap.concept == "unit-variance-assumed":
                assert bars[trap.value] < 0.5 <= bars[trap.value - 1]
            if trap.concept == "snr-upside-down":
                assert bars[trap.value] < v * (1 - bars[trap.value])
        assert (1 - bars[params.t16]) / bars[params.t16] > 1, "the error grows at the step asked about"
        scaled, linear = (Schedule(family, 1000, *params.firsts) for family in ("scaled-linear", "linear"))
        assert all(a <= b + 1e-12 for a, b in zip(scaled.betas, linear.betas, strict=True))


def test_the_variance_told_is_that_of_the_pixels() -> None:
    for seed in range(5):
        values = [2 * byte / 255 - 1 for byte in pixels_of(seed)]
        mean = sum(values) / len(values)
        assert draw(seed).v == pytest.approx(sum((value - mean) ** 2 for value in values) / len(values), abs=5e-5)
    assert variance(bytes([0, 255] * 6)) == pytest.approx(1)


def test_strokes_leave_the_mean_of_every_block_at_its_regions_colour() -> None:
    from labs.scenes.raster import rasterise

    texture = draw(7).shown[0].texture
    pixels, side, block = rasterise(textures.scene(texture)), textures.SIDE, textures.BLOCK
    for row in range(textures.BLOCKS):
        for column in range(textures.BLOCKS):
            for channel in range(3):
                places = [((row * block + i) * side + column * block + j) * 3 + channel for i in range(block) for j in range(block)]
                colour = texture.colours[textures.region(texture.layout, row, column)][channel]
                assert sum(pixels[place] for place in places) == 64 * colour
                assert {pixels[place] for place in places} == {colour - texture.depth, colour + texture.depth}


@pytest.mark.parametrize(
    "what",
    [*CLOSED, "1", "17", "abar-roots", "snr-crossing", "terminal-snr", "low-frequencies-last", "noising-inverse", "signal-vs-noise"],
)
def test_a_review_needs_no_model_and_judges_itself(what: str) -> None:
    for seed in (1, 2):
        review = LAB.review(what, seed)
        answers = {
            question.id: Answer(value=review.truth[question.id].value, reason=review.truth[question.id].reason)
            for question in review.questions
        }
        assert answers
        assert {verdict.outcome for verdict in check(review.plan, review.truth, answers)} == {"right"}
        assert {key for question in review.questions for key in question.needs} == {picture.key for picture in review.pictures}
        assert all(picture.png is None and picture.grid and picture.alt for picture in review.pictures)


def test_a_review_can_be_asked_for_a_misconception() -> None:
    assert [question.id for question in LAB.review("unit-variance-assumed", 3).questions] == ["q4"]
    with pytest.raises(BadInput, match="no task for 'q3'"):
        LAB.review("q3", 3)


def reading(judge: list[float], twin: list[float]) -> dict[str, Any]:
    return {"readers": {"n": 144, "steps": [0, 10, 20], "judge": {"clean": 1.0, "both": judge}, "twin": {"clean": 1.0, "both": twin}}}


def test_stored_facts_give_fresh_questions_about_what_was_lost_and_what_only_unread() -> None:
    facts = reading([0.99, 0.4, 0.1], [1.0, 0.9, 0.5])
    asked = set()
    for seed in range(10):
        review = LAB.replay_review("q13", seed, facts)
        (question,) = review.questions
        assert question.kind == "number"
        told = re.search(r"step (\d+) it names (\d+) % right, its twin trained on noised pictures (\d+) %", question.ask)
        assert told
        t, judge, twin = map(int, told.groups())
        assert (t, judge, twin) in ((10, 40, 90), (20, 10, 50))
        assert review.truth["q13"].value == twin - judge
        said = check(review.plan, review.truth, {"q13": Answer(value=100 - judge)})[0]
        assert (said.outcome, said.trap) == ("wrong", "signal-is-gone")
        asked.add(t)
    assert asked == {10, 20}


def test_facts_without_a_gap_give_no_question() -> None:
    for what, facts in (("q13", {}), ("q13", reading([0.9, 0.9, 0.9], [0.9, 0.9, 0.9])), ("q4", reading([0.4] * 3, [0.9] * 3))):
        with pytest.raises(BadInput, match="noising"):
            LAB.replay_review(what, 1, facts)


def test_no_option_is_right_for_being_the_longest_and_places_are_even() -> None:
    longest = total = 0
    places = dict.fromkeys("abcd", 0)
    for seed in range(120):
        plan = LAB.plan(seed, TINY)
        closed = LAB.closed_form(plan)
        for id in ("q5", "q11", "q17"):
            options: Any = plan.question(id).options
            longest += max(options, key=lambda option: len(option.text)).id == closed[id].value
            places[closed[id].value] += 1
            total += 1
    assert longest / total <= 0.25 + 0.05
    assert sum((count - total / 4) ** 2 / (total / 4) for count in places.values()) < 7.81, places  # chi-square, p = .05


def test_plans_and_reviews_import_nothing_heavy() -> None:
    """Property 1 of the contract asks this in a fresh interpreter; here the modules say so themselves."""
    import ast
    from pathlib import Path

    import labs.noising as package

    worker = {"reading.py", "measures.py", "checkers.py", "formulas.py"}
    for file in Path(package.__file__).parent.glob("*.py"):
        if file.name in worker:
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.partition(".")[0] for name in names} & {"torch", "numpy", "PIL", "transformers"}, file.name


def test_a_plan_goes_through_json() -> None:
    plan = LAB.plan(11, TINY)
    assert Plan.model_validate_json(plan.model_dump_json()) == plan
    assert Params.of(plan.params) == draw(11)


def test_every_text_picture_fits_the_screen() -> None:
    for seed in (3, 4):
        params = draw(seed)
        for key in pictures.BEFORE:
            made = pictures.shown(key, params, seed, 1, png=False)
            assert made.png is None
            assert max(len(line) for line in made.grid) <= 78, key
