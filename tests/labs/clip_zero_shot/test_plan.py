"""What clip-zero-shot asks: tasks and chapters, formulas against counting, misconceptions told apart, claims that facts leave standing."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from itertools import pairwise
from typing import Any

import pytest

from labs.clip_zero_shot import claims, traps, verdicts, worlds
from labs.clip_zero_shot.lab import LAB
from labs.clip_zero_shot.params import Params, draw, side_of
from labs.clip_zero_shot.seeing import written
from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import Answer, BackendRef
from studyapp.labkit.judge import check, same, verdict

TINY = BackendRef(kind="tiny", name="tiny")


def test_the_eleven_tasks_and_their_second_halves_lie_in_chapters_of_two_to_four() -> None:
    plan = LAB.plan(7, TINY)
    assert {f"q{number}" for number in range(1, 20)} == {question.id for question in plan.questions}
    assert [[question.id for question in plan.of_stage(stage)] for stage in plan.stages] == [
        ["q1", "q8", "q4"],
        ["q12", "q2", "q10", "q13"],
        ["q6", "q14", "q15"],
        ["q9", "q16", "q17", "q18"],
        ["q19", "q11"],
        ["q3", "q5", "q7"],
    ]
    assert [chapter.needed for chapter in plan.chapters] == [True] * 5 + [False]
    assert {question.id for question in plan.questions if question.forecast} == {"q1", "q4", "q9", "q13", "q16", "q17", "q18"}


def assert_diagnostic(seeds: range) -> None:
    for seed in seeds:
        params = draw(seed, TINY)
        assert Params.of(json.loads(json.dumps(params.row()))) == params
        assert len(set(params.asked)) == 8
        assert params.missing not in params.labels
        colour, shape = params.outside.split()
        assert not [label for label in params.labels if colour in label.split() or shape in label.split()]
        for values, apart in traps.wrong_values(params):
            ordered = sorted(values)
            assert all(high - low > apart for low, high in pairwise(ordered)), (seed, values)


def test_two_hundred_seeds_are_diagnostic() -> None:
    assert_diagnostic(range(200))


@pytest.mark.slow
def test_ten_thousand_seeds_are_diagnostic() -> None:
    assert_diagnostic(range(10_000))


def test_no_plan_tells_which_label_a_picture_has() -> None:
    for seed in range(30):
        plan = LAB.plan(seed, TINY)
        public = json.dumps(plan.public())
        assert "_missing" not in public
        assert "_files" not in public
        assert f"{draw(seed, TINY).batch * (draw(seed, TINY).batch - 1)}" not in public


def test_every_hint_ladder_ends_with_the_next_seeds_numbers() -> None:
    plan, sibling = LAB.plan(11, TINY), draw(12, TINY)
    last = {question.id: question.hints[3].text for question in plan.questions}
    assert f"{sibling.batch * (sibling.batch - 1):,} wrong" in last["q6"]
    assert f"{math.log(sibling.equal):.3f}" in last["q14"]
    assert f"{traps.random_loss(sibling):.2f}" in last["q15"]


def test_a_harder_level_brings_labels_that_share_more() -> None:
    colours = [len({label.split()[0] for label in draw(seed, TINY, level=2).asked}) for seed in range(20)]
    assert set(colours) == {2}


def test_the_catalogued_misconceptions_are_named() -> None:
    plan = LAB.plan(7, TINY)
    row = {"labels": ["a", "b", "c", "d"], "cosines": [0.42, 0.38, 0.3, 0.1], "scale": 20.0}
    named = {trap.concept for question in plan.questions for trap in question.traps}
    named |= {option.concept for question in plan.questions for option in getattr(question, "options", ())}
    named |= {trap.concept for trap in verdicts.share(row).traps}
    assert {"cosine-is-probability", "unnormalised", "softmax-no-scale", "argmax-can-refuse"} <= named


def test_the_softmax_of_a_row_and_its_misconceptions_by_hand() -> None:
    truth = verdicts.share({"labels": ["a", "b", "c", "d"], "cosines": [0.50, 0.45, 0.40, 0.30], "scale": 20.0})
    assert truth.value == pytest.approx(1 / (1 + math.exp(-1) + math.exp(-2) + math.exp(-4)), abs=1e-4)
    values = {trap.concept: trap.value for trap in truth.traps}
    assert values["softmax-no-scale"] == pytest.approx(math.exp(0.5) / sum(math.exp(c) for c in (0.5, 0.45, 0.4, 0.3)))
    assert values["cosine-is-probability"] == 0.50
    assert values["sigmoid-for-softmax"] == pytest.approx(1 / (1 + math.exp(-10)))
    question = LAB.plan(7, TINY).question("q2")
    for trap in truth.traps:
        found = verdict(question, truth, Answer(value=trap.value))
        assert (found.outcome, found.trap) == ("wrong", trap.concept)
    assert verdict(question, truth, Answer(value=0.66)).outcome == "right"


@pytest.mark.parametrize(
    ("fact", "stands"),
    [
        ({"winner": "x", "probabilities": [0.7, 0.2, 0.1]}, "wins"),
        ({"winner": "x", "probabilities": [0.35, 0.33, 0.32]}, "even"),
        ({"winner": None, "probabilities": [0.1, 0.05, 0.05]}, None),
    ],
)
def test_what_an_unfitting_picture_does_is_read_off_the_probabilities(fact: dict[str, Any], stands: str | None) -> None:
    left = [key for key, holds in claims.of_outside(fact).items() if holds]
    assert (left == [stands]) if stands else len(left) != 1


@pytest.mark.parametrize(
    ("tokens", "narrow", "pooled", "untrained", "stands"),
    [
        (0.95, 0.85, 0.52, 0.75, "pooling"),
        (0.95, 0.85, 0.84, 0.75, "wording"),
        (0.52, 0.51, 0.50, 0.50, "nowhere"),
        (0.95, 0.85, 0.52, 0.51, None),  # two hold: it is learned, and it is lost
        (0.70, 0.53, 0.51, 0.75, None),
    ],
)
def test_where_the_information_is_follows_from_the_bars(
    tokens: float, narrow: float, pooled: float, untrained: float, stands: str | None
) -> None:
    fact = {"n": 400, "width": 64, "tokens": tokens, "tokens-narrow": narrow, "pooled": pooled}
    fact |= {"untrained-tokens-narrow": untrained, "untrained-pooled": 0.5}
    truth = verdicts.where(3, fact)
    if stands is None:
        assert truth.void
    else:
        assert truth.value == claims.letter(3, "where", claims.WHERE, stands)


def test_templates_within_the_error_are_ties_and_where_all_are_any_order_is_right() -> None:
    hits, templates = {"a": 300, "b": 200, "c": 198}, ("a photo of {phrase}", "a drawing of {phrase}", "{plain}")
    truth = verdicts.ranking(templates, {"n": 320, "labels": 16, "hits": hits, "errors": {"ab": 0.02, "ac": 0.02, "bc": 0.02}})
    question = LAB.plan(7, TINY).question("q4")
    for order, outcome in ((["a", "b", "c"], "right"), (["a", "c", "b"], "right"), (["b", "a", "c"], "wrong")):
        assert verdict(question, truth, Answer(value=order)).outcome == outcome
    assert "“a photo of a …” 93.8 %" in truth.why, "by its text: the letters are nowhere on the screen"
    close = verdicts.ranking(
        templates, {"n": 320, "labels": 16, "hits": {"a": 300, "b": 299, "c": 301}, "errors": {"ab": 0.02, "ac": 0.02, "bc": 0.02}}
    )
    for order in (["a", "b", "c"], ["b", "a", "c"], ["c", "a", "b"]):
        assert verdict(question, close, Answer(value=order)).outcome == "right"


def test_a_two_way_forecast_that_expects_too_much_is_named_and_no_trap_lies_near_the_truth() -> None:
    question = LAB.plan(7, TINY).question("q9")
    for share in (0.48, 0.55, 0.8):
        truth = verdicts.two_way({"n": 400, "share": share}, "left-right")
        assert not any(same(question, truth.value, trap.value) for trap in truth.traps)
    truth = verdicts.two_way({"n": 400, "share": 0.493}, "left-right")
    assert verdict(question, truth, Answer(value=90)).trap == "similarity-proves-relations"
    assert verdict(question, truth, Answer(value=52)).outcome == "right"
    assert verdict(question, truth, Answer(value=60)).trap is None
    assert "coin" in truth.why


def test_means_that_differ_by_less_than_their_error_are_not_judged() -> None:
    fact = {
        "matched": 0.5,
        "pictures": 0.49,
        "captions": 0.2,
        "wrong": 0.1,
        "errors": {"matched": 0.02, "pictures": 0.02, "captions": 0.02},
    }
    assert verdicts.space(3, fact).void
    assert not verdicts.space(3, fact | {"pictures": 0.3}).void


def test_formulas_of_chapter_three_judge_themselves_right_and_every_reason_has_its_letter() -> None:
    for seed in range(20):
        plan = LAB.plan(seed, TINY)
        closed = LAB.closed_form(plan)
        answers: dict[str, Answer | None] = {id: Answer(value=truth.value, reason=truth.reason) for id, truth in closed.items()}
        assert {v.outcome for v in check(plan, closed, answers)} == {"right"}
        wrong = Answer(value=closed["q6"].value, reason=claims.letter(seed, "targets", claims.TARGETS, "ones"))
        found = verdict(plan.question("q6"), closed["q6"], wrong)
        assert (found.outcome, found.trap) == ("lucky", "labels-all-ones")


def test_no_option_is_right_for_being_the_longest_and_places_are_uniform() -> None:
    tables = {"outside": (claims.OUTSIDE, "wins"), "winning": (claims.WINNING, "nearest"), "targets": (claims.TARGETS, "own"),
              "crosses": (claims.CROSSES, "cross"), "goal": (claims.GOAL, "choose"), "where": (claims.WHERE, "pooling")}  # fmt: skip
    longest = [max(table, key=lambda key: len(table[key][0])) == right for table, right in tables.values()]
    assert sum(longest) / len(longest) <= 0.25 + 0.05
    counts = dict.fromkeys("abcd", 0)
    for seed in range(400):
        counts[claims.letter(seed, "goal", claims.GOAL, "choose")] += 1
    assert sum((count - 100) ** 2 / 100 for count in counts.values()) < 7.81, counts  # chi-square, 3 degrees of freedom, p = .05


def test_articles_and_blanks_stand_in_templates() -> None:
    assert written("a photo of {phrase}", "orange star") == "a photo of an orange star"
    assert written("{plain}") == "…"
    assert written("a photo of {phrase}") == "a photo of a …"


def test_the_gallery_holds_a_mirrored_pair_and_a_pair_of_like_pixels() -> None:
    params = draw(5, TINY)
    words = [say for _, say in worlds.gallery(params, 5, 0)]
    assert len(set(words)) == 12
    mirrored = [word for word in words if " left of ".join(reversed(word.split(" left of "))) in words]
    assert len(mirrored) == 2


def test_only_a_model_with_two_towers_will_do() -> None:
    vit = BackendRef(kind="hf", name="hf:x", target="x", info={"config": {"model_type": "vit", "image_size": 224}})
    with pytest.raises(EnvironmentProblem, match="model_type is vit") as caught:
        side_of(vit)
    assert "\n" not in str(caught.value)


def test_planning_and_judging_import_no_torch_numpy_or_pillow() -> None:
    code = (
        "import sys; from labs.clip_zero_shot.lab import LAB; from studyapp.labkit.api import BackendRef;"
        "plan = LAB.plan(3, BackendRef(kind='tiny', name='tiny')); LAB.truth(plan, {}); LAB.closed_form(plan); LAB.review('q8', 3);"
        "print([name for name in ('torch', 'numpy', 'PIL', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
