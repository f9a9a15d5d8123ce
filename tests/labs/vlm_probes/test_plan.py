"""What vlm-probes asks: chapters, traps that are told apart, hints, cards without a model, what each backend is asked and costs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from labs.vlm_probes import made_up, traps
from labs.vlm_probes.first_sheet import given
from labs.vlm_probes.kinds import CLASSES, kind
from labs.vlm_probes.lab import LAB
from labs.vlm_probes.params import METRICS, Params
from labs.vlm_probes.probes import DIALS, FAMILIES
from labs.vlm_probes.reading import read
from labs.vlm_probes.switches import SWITCHES
from labs.vlm_probes.tasks_break import NOTHING, cause_of, causes
from studyapp.errors import BadInput
from studyapp.labkit.api import Answer, BackendRef, filled
from studyapp.labkit.backends import parse_backend
from studyapp.labkit.judge import check, same

TINY, NONE, HUMAN = (BackendRef(kind=kind, name=kind) for kind in ("tiny", "none", "human"))  # type: ignore[arg-type]
OPENAI = parse_backend("openai:http://127.0.0.1:9/v1#m")
HF = BackendRef(kind="hf", name="hf:x", target="x")


def assert_diagnostic(seeds: range) -> None:
    for seed in seeds:
        for metric in METRICS:
            table = made_up.table(seed, metric)
            assert len(traps.yes_scores(table, metric)) >= min(4, len(traps.OTHERS[metric])), (seed, metric)
        plan = LAB.plan(seed, NONE)
        closed = LAB.closed_form(plan)
        for question in plan.questions:
            if question.id not in closed:
                continue
            values = [closed[question.id].value, *(trap.value for trap in question.traps)]
            for number, value in enumerate(values):
                assert not any(same(question, value, other) for other in values[:number]), (seed, question.id, values)


def test_two_hundred_seeds_are_diagnostic() -> None:
    assert_diagnostic(range(200))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_seeds_are_diagnostic() -> None:
    assert_diagnostic(range(10_000))


def test_there_are_the_ten_tasks_and_two_more_in_four_chapters() -> None:
    plan = LAB.plan(7, TINY)
    assert [[question.id for question in plan.of_stage(stage)] for stage in plan.stages] == [
        ["q1", "q2", "q3"],
        ["q4", "q5", "q9", "q10"],
        ["q6", "q7", "q8", "q12"],
        ["q11"],
    ]
    assert [chapter.needed for chapter in plan.chapters] == [True, True, True, False]
    kinds = {question.id: question.kind for question in plan.questions}
    assert kinds == {
        "q1": "match", "q2": "interval", "q3": "order", "q4": "pick", "q5": "number", "q6": "number", "q7": "number", "q8": "choice",
        "q9": "multi", "q10": "match", "q11": "code", "q12": "number",
    }  # fmt: skip
    assert {question.id for question in plan.questions if question.forecast} == {"q1", "q2", "q3", "q4", "q5", "q9"}


def test_each_backend_is_asked_what_it_can_decide() -> None:
    closed = ["q6", "q7", "q8", "q10", "q11", "q12"]
    assert [question.id for question in LAB.plan(7, NONE).questions] == closed
    assert [question.id for question in LAB.plan(7, HUMAN).questions] == ["q1", *closed]
    for backend in (TINY, OPENAI, HF):
        assert [question.id for question in LAB.plan(7, backend).questions] == [f"q{number}" for number in range(1, 13)]
    assert not LAB.closed_form(LAB.plan(7, TINY)), "what a model said is no formula's business"


def test_keys_on_the_board_reach_every_answer() -> None:
    for seed in range(10):
        for question in LAB.plan(seed, TINY).questions:
            shown: Any = getattr(question, "right", None) or getattr(question, "options", ())
            assert len(shown) <= 9, question.id


def test_the_twelve_pictures_carry_their_questions_into_the_match() -> None:
    question = LAB.plan(7, TINY).question("q1")
    assert question.kind == "match"
    facts = {f"ask-{letter}": f"question {letter}" for letter in "abcdefghijkl"}
    shown: Any = filled(question, facts)
    assert [option.text for option in shown.left][:2] == ["A: question a", "B: question b"]
    assert [option.text for option in shown.right] == list(given(Params.of(LAB.plan(7, TINY).params).sheet).answers)


def test_plans_differ_between_seeds_and_are_the_same_for_one() -> None:
    plans = [LAB.plan(seed, TINY).model_copy(update={"seed": 0}).model_dump_json() for seed in range(100)]
    assert len(set(plans)) >= 98
    assert LAB.plan(5, TINY) == LAB.plan(5, TINY)
    assert {Params.of(LAB.plan(seed, TINY).params).family for seed in range(60)} == set(FAMILIES)
    assert {Params.of(LAB.plan(seed, TINY).params).metric for seed in range(60)} == set(METRICS)


def test_a_higher_level_asks_more() -> None:
    low, high = (Params.of(LAB.plan(5, HF, level).params) for level in (1, 2))
    assert high.pairs == 6 * low.pairs
    assert 2 * high.pairs * 5 >= 100, "a compared share then rests on a hundred pictures"


def test_the_calls_of_a_paid_endpoint_are_told_beforehand() -> None:
    plan = LAB.plan(7, OPENAI)
    pairs = Params.of(plan.params).pairs
    asked = 12 + 6 * 3 * 2 * pairs
    assert LAB.calls(plan, 0) == 3 * (asked + 6 * 3 * pairs)
    assert LAB.calls(plan, 1) == 3 * 7 * 2 * pairs
    assert (LAB.calls(plan, 2), LAB.calls(plan, 3)) == (0, 0)
    assert LAB.calls(LAB.plan(7, TINY), 0) == 0
    assert LAB.picture_size(plan) == (224, 224)


def test_every_switch_is_one_that_the_backend_declares() -> None:
    for backend in (TINY, HF, OPENAI):
        drawn = {Params.of(LAB.plan(seed, backend).params).switch for seed in range(30)}
        assert drawn == set(SWITCHES[backend.kind])
    params = Params.of(LAB.plan(7, TINY).params)
    keys = cause_of(params, 7)
    assert sorted(keys.values()) == sorted(causes(params))
    assert keys["h"] == NOTHING


def test_every_task_has_four_hints_and_the_last_of_an_arithmetic_one_is_the_next_seeds_solution() -> None:
    for seed in range(5):
        plan, sibling = LAB.plan(seed, NONE), LAB.plan(seed + 1, NONE)
        assert all([hint.step for hint in question.hints] == [1, 2, 3, 4] for question in LAB.plan(seed, TINY).questions)
        closed = LAB.closed_form(sibling)
        assert f"{closed['q6'].value} %" in plan.question("q6").hints[3].text
        assert f"{closed['q12'].value:g} %" in plan.question("q12").hints[3].text
        if Params.of(plan.params).metric == Params.of(sibling.params).metric:
            assert f"{closed['q7'].value:.1f} %" in plan.question("q7").hints[3].text


@pytest.mark.parametrize("what", ["q6", "7", "8", "q10", "12", "group-accuracy", "yes-ratio", "blind-baseline", "failure-classes"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_card_needs_no_model_and_judges_itself(what: str, seed: int) -> None:
    review = LAB.review(what, seed)
    answers = {}
    for question in review.questions:
        assert "{fact:" not in question.ask
        assert set(key for key in question.needs if key.startswith("picture:")) <= {picture.key for picture in review.pictures}
        answers[question.id] = Answer(value=review.truth[question.id].value)
    assert {verdict.outcome for verdict in check(review.plan, review.truth, answers)} == {"right"}
    assert all(picture.grid and picture.alt and picture.png is None for picture in review.pictures)


def test_a_card_can_be_asked_for_a_misconception() -> None:
    assert "q6" in {question.id for question in LAB.review("one-of-two-counts", 3).questions}
    assert [question.id for question in LAB.review("blind-is-zero", 3).questions] == ["q8"]
    with pytest.raises(BadInput, match="no task for 'q2'"):
        LAB.review("q2", 3)


def test_the_card_of_a_failure_names_it_by_the_generators_truth() -> None:
    names = set()
    for seed in range(40):
        review = LAB.review("q10", seed)
        [question] = review.questions
        assert question.kind == "choice"
        right = next(option for option in question.options if option.id == review.truth["q10"].value)
        names.add(next(name for name, (text, _) in CLASSES.items() if text == right.text))
        wrong = next(option for option in question.options if option.id != right.id)
        verdict = check(review.plan, review.truth, {"q10": Answer(value=wrong.id)})[0]
        assert (verdict.outcome, verdict.trap) == ("wrong", wrong.concept)
    assert names == set(CLASSES)


def test_every_made_up_answer_is_of_the_class_it_is_made_for() -> None:
    for seed in range(6):
        for number, name in enumerate(CLASSES):
            _, shot, said = made_up.line(seed, number, name)
            assert kind(shot.family, shot.answer, read(said, shot.choices, "word")) == name


def test_no_option_is_right_for_being_the_longest_or_for_its_place() -> None:
    longest, places = 0, dict.fromkeys("abcd", 0)
    for seed in range(200):
        plan = LAB.plan(seed, NONE)
        options: Any = plan.question("q8").options
        right = LAB.closed_form(plan)["q8"].value
        longest += max(options, key=lambda option: len(option.text)).id == right
        places[right] += 1
    assert longest / 200 <= 0.3
    assert sum((count - 50) ** 2 / 50 for count in places.values()) < 7.81, places  # chi-square, 3 degrees of freedom, p = .05


def test_the_catalogued_misconceptions_are_among_the_traps() -> None:
    named: set[str | None] = set()
    for seed in range(20):
        for question in LAB.plan(seed, NONE).questions:
            named |= {trap.concept for trap in question.traps} | {option.concept for option in getattr(question, "options", ())}
    assert {"group-is-mean", "blind-is-zero", "chance-is-the-floor", "precision-recall-swapped"} <= named


def test_the_public_plan_holds_no_table_and_no_key() -> None:
    for seed in range(10):
        plan = LAB.plan(seed, NONE)
        text = json.dumps(plan.public())
        table = made_up.table(seed, Params.of(plan.params).metric)
        assert f"{table.hits}, {table.misses}" not in text
        assert '"traps"' not in text


def test_a_probe_whose_name_is_a_question_is_written_without_its_mark_before_a_colon() -> None:
    for seed in range(5):
        for question in LAB.plan(seed, TINY).questions:
            assert not [option.text for option in getattr(question, "options", ()) if "?:" in option.text]


def test_a_unit_that_the_words_name_already_is_not_written_again() -> None:
    titles = {dial.titled for dial in DIALS.values()}
    assert {"passes of blur", "the height of the letters (px)", "the number of objects"} <= titles
