"""What video-drift asks: instances that tell misconceptions apart, hints, chapters, and reviews without a model. No torch here."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from typing import Any

import pytest

from labs.scenes.clips import shown
from labs.video_drift import eye, ideal, numbers, reel, sums
from labs.video_drift import scores as scores_module
from labs.video_drift.lab import LAB
from labs.video_drift.params import Params, draw, mean_step, slips
from labs.video_drift.reel import NAMES
from labs.video_drift.wording import letter, shuffled
from studyapp.errors import BadInput
from studyapp.labkit.api import Answer, Plan, Trap
from studyapp.labkit.backends import parse_backend
from studyapp.labkit.judge import check

TINY, NONE, HUMAN = parse_backend("tiny"), parse_backend("none"), parse_backend("human")


def test_there_are_eleven_tasks_and_the_reading_of_a_half_life_in_four_chapters() -> None:
    plan = LAB.plan(7, TINY)
    assert {question.id for question in plan.questions} == {f"q{number}" for number in range(1, 13)}
    assert [[question.id for question in plan.of_stage(stage)] for stage in plan.stages] == [
        ["q1", "q7", "q11"],
        ["q2", "q3", "q4"],
        ["q9", "q10", "q12"],
        ["q5", "q6", "q8"],
    ]
    kinds = {question.id: question.kind for question in plan.questions}
    assert [kinds[f"q{n}"] for n in range(1, 12)] == [
        "pick",
        "order",
        "multi",
        "match",
        "code",
        "code",
        "number",
        "code",
        "number",
        "number",
        "match",
    ]
    assert [question.id for question in plan.questions if question.forecast] == ["q10"]
    assert [chapter.needed for chapter in plan.chapters] == [True, True, True, False]


def test_without_a_model_only_what_is_true_by_construction_is_asked() -> None:
    assert [question.id for question in LAB.plan(7, NONE).questions] == ["q1", "q7", "q9", "q11"]
    assert LAB.plan(7, NONE).question("q1").ask == LAB.plan(7, TINY).question("q1").ask


def test_people_mark_four_clips_each_slower_than_the_one_before() -> None:
    plan = LAB.plan(7, HUMAN)
    assert [question.id for question in plan.questions] == ["q1", "q11", "q13", "q14", "q15"]
    drifts = [reel.eye_drift(7, 1, number) for number in range(4)]
    assert drifts == sorted(drifts, reverse=True)
    assert reel.eye_drift(7, 2, 0) < drifts[0], "a higher level drifts more slowly"


def assert_diagnostic(seeds: range) -> None:
    for seed in seeds:
        params = draw(seed)
        right = sums.needed(params.subject, params.flicker, params.clips)
        counts = [right, *slips(params.clips, params.subject, params.flicker).values()]
        assert len(set(counts)) == len(counts), seed
        truth = numbers.flickered(round(mean_step(params.wall), 2), sums.flicker_score(mean_step(params.wall)))
        values = [truth.value, *(trap.value for trap in truth.traps)]
        assert len(values) == 5, seed
        assert all(abs(a - b) > 0.002 for n, a in enumerate(values) for b in values[:n]), seed
        assert {"frozen", "identity", "vanish"} <= set(params.ordered), seed


def test_the_sums_of_two_hundred_seeds_are_diagnostic() -> None:
    assert_diagnostic(range(200))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_sums_of_ten_thousand_seeds_are_diagnostic() -> None:
    assert_diagnostic(range(10_000))


def assert_seen(seeds: range) -> None:
    """The clips for the eye: the break is inside, a wrong belief names another frame, and each label can be seen."""
    for seed in seeds:
        scenes, place, what = reel.eye(seed, 1)
        names = [shown(scene["objects"][0]) for scene in scenes]
        assert len(scenes) == 8, seed
        assert 3 <= place <= 6, seed
        assert all(name == names[0] for name in names[:place]), seed
        assert names[place] != names[0], seed
        truth = eye.broken(seed, 1, 0)
        assert truth.noise == (1 if what == "colour" else 0), seed
        for trap in truth.traps:
            off = abs(eye.LETTERS.index(trap.value[0]) - place)
            assert off > truth.noise + 1, seed
        made = reel.labelled(seed, 1)
        assert {kind for kind, frames in made.items() if any(not scene["objects"] for scene in frames)} == {"vanish"}, seed
        assert {kind for kind, frames in made.items() if any(scene.get("light", 1) < 0.6 for scene in frames)} == {"lighting"}, seed
        changed = {kind for kind, frames in made.items() if len({name for name in ideal.names(frames) if name}) > 1}
        assert changed == {"identity"}, seed


def test_the_clips_for_the_eye_can_be_told() -> None:
    assert_seen(range(200))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_clips_for_the_eye_can_be_told_on_ten_thousand_seeds() -> None:
    assert_seen(range(10_000))


def test_most_clips_for_the_eye_name_who_takes_a_slide_for_the_break() -> None:
    named = Counter(trap.concept for seed in range(100) for trap in eye.broken(seed, 1, 0).traps)
    assert named["change-is-break"] + named["waits-for-the-end"] > 80


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("number", [0, 3])
def test_every_level_and_clip_has_an_instance(level: int, number: int) -> None:
    for seed in range(10):
        assert len(reel.eye(seed, level, number)[0]) == reel.EYE_SHOWN


def test_clips_of_one_number_share_their_object_whatever_their_kind() -> None:
    for number in range(3):
        first = {reel.words(reel.of_kind(3, kind, number).frames[0]) for kind in NAMES if kind not in ("shuffled", "flicker")}
        assert len(first) == 1


def test_every_task_has_four_hints_and_the_last_is_the_next_seeds_solution() -> None:
    plan, sibling = LAB.plan(7, TINY), LAB.plan(8, TINY)
    closed = LAB.closed_form(sibling)
    assert all(len(question.hints) == 4 for question in plan.questions)
    place = eye.LETTERS.index(closed["q1"].value[0]) + 1
    assert f"frame {place}." in plan.question("q1").hints[3].text
    assert f"that is {closed['q9'].value}." in plan.question("q9").hints[3].text
    assert f"= {closed['q7'].value:.4f}." in plan.question("q7").hints[3].text
    for id, demand in closed["q11"].value.items():
        assert f"{id.upper()} {demand}" in plan.question("q11").hints[3].text


def test_ideal_features_give_what_can_be_counted() -> None:
    seen = [("red", "circle")] * 4 + [("red", "star")] * 2 + [("blue", "star")] * 2
    assert ideal.at_gap(seen, 1) == pytest.approx((5 + 0.5 + 0.5) / 7)
    assert ideal.at_gap(seen, 7) == 0
    assert ideal.subject([*seen[:3], None, None, seen[0]]) == pytest.approx(((2 * 2) + (0 + 0) + (1 + 0) + (0 + 1)) / 2 / 5)


@pytest.mark.parametrize("seed", range(12))
def test_the_public_plan_names_neither_break_nor_labels(seed: int) -> None:
    text = json.dumps(LAB.plan(seed, TINY).public())
    assert '"breaks"' not in text
    assert "waits-for-the-end" not in text
    assert "frozen-is-bad" not in text


def test_the_catalogued_misconceptions_are_among_the_traps() -> None:
    named = {trap.concept for seed in range(10) for truth in LAB.closed_form(LAB.plan(seed, NONE)).values() for trap in truth.traps}
    named |= {trap.concept for question in LAB.plan(7, TINY).questions for trap in question.traps}
    assert {"adjacent-sees-drift", "weight-forgotten", "error-for-score", "geometry-for-identity"} <= named


@pytest.mark.parametrize("what", ["q1", "1", "q7", "q9", "q11", "identity-drift", "flicker-score", "object-persistence", "dynamic-degree"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_review_needs_no_model_and_judges_itself(what: str, seed: int) -> None:
    review = LAB.review(what, seed)
    answers = {}
    for question in review.questions:
        truth = review.truth[question.id]
        answers[question.id] = Answer(value=truth.value, reason=truth.reason)
        assert "{fact:" not in question.ask
        assert set(question.needs) - {picture.key for picture in review.pictures} <= {"mae"}
    assert {verdict.outcome for verdict in check(review.plan, review.truth, answers)} == {"right"}
    assert all(picture.grid and picture.alt and picture.png is None for picture in review.pictures)
    assert max((len(line) for picture in review.pictures for line in picture.grid), default=0) <= 76


def test_a_review_can_be_asked_for_a_misconception() -> None:
    assert [question.id for question in LAB.review("geometry-for-identity", 3).questions] == ["q11"]
    assert [question.id for question in LAB.review("weight-forgotten", 3).questions] == ["q9"]
    with pytest.raises(BadInput, match="no task for 'q5'"):
        LAB.review("q5", 3)


def scores(**changes: dict[str, list[float]]) -> dict[str, Any]:
    """A made-up table of a run: good clips perfect but for pixels."""
    still = dict.fromkeys(("neighbours", "subject", "gap4", "gap8", "gap16"), 1.0) | {"flicker": 0.99, "moving": 0.06, "step": 0.036}
    clips = {kind: {metric: [value, 0.001] for metric, value in still.items()} for kind in NAMES}
    clips["frozen"] |= {"moving": [0.0, 0.0], "flicker": [1.0, 0.0], "step": [0.0, 0.0]}
    clips["identity"] |= {"neighbours": [0.95, 0.005], "subject": [0.75, 0.02], "gap8": [0.5, 0.05], "gap16": [0.05, 0.02]}
    clips["vanish"] |= {"neighbours": [0.92, 0.005], "subject": [0.8, 0.02], "gap8": [0.4, 0.05], "gap16": [0.6, 0.1]}
    clips["flicker"]["flicker"] = [0.9, 0.02]
    for kind in ("teleport", "shuffled"):
        clips[kind]["step"] = [0.4, 0.02]
    for kind, row in changes.items():
        clips[kind] |= row
    spread = {
        metric: [value, 0.004 if metric in ("flicker", "step") else 0.012 if metric == "moving" else 1e-5]
        for metric, value in still.items()
    }
    return {"clips": clips, "good": spread}


WHERE = {"good": 0.97, "frozen": 1.0, "teleport": 0.96, "shuffled": 0.95}


def judged(plan: Plan, facts: dict[str, Any], id: str, value: Any, reason: str | None = None) -> tuple[str, str | None]:
    found = check(plan, LAB.truth(plan, facts), {id: Answer(value=value, reason=reason)})[0]
    return found.outcome, found.trap


@pytest.mark.parametrize("seed", range(20))
def test_every_misconception_of_the_table_is_named_as_itself(seed: int) -> None:
    plan, facts = LAB.plan(seed, TINY), {"scores": scores(), "where-scores": WHERE}
    truth = LAB.truth(plan, facts)
    for id in ("q2", "q3", "q4"):
        assert judged(plan, facts, id, truth[id].value, truth[id].reason) == ("right", None)
        assert truth[id].traps
        for trap in truth[id].traps:
            assert judged(plan, facts, id, trap.value, truth[id].reason) == ("wrong", trap.concept), (id, trap)
    assert {trap.concept for trap in truth["q2"].traps} >= {"adjacent-sees-drift", "frozen-is-bad"}


def test_a_frozen_teleporting_and_shuffled_clip_tie_with_the_good_one_until_places_are_seen() -> None:
    plan = LAB.plan(7, TINY)
    facts = {"scores": scores(), "where-scores": WHERE}
    truth = LAB.truth(plan, facts)["q3"]
    letters = {option.id: option.text for option in plan.question("q3").options}  # type: ignore[union-attr]
    assert {letters[id] for id in truth.value} == {"good motion", "frozen", "teleport", "shuffled frames"}
    reason = plan.question("q3").reason
    assert reason is not None
    assert next(option.text for option in reason.options if option.id == truth.reason).startswith("the frozen clip")
    assert judged(plan, facts, "q3", truth.value, next(o.id for o in reason.options if o.id != truth.reason)) == ("lucky", None)


def test_kinds_within_the_runs_own_error_may_come_in_either_order() -> None:
    plan = LAB.plan(7, TINY)
    close = scores(vanish={"neighbours": [0.944, 0.006]})
    truth = LAB.truth(plan, {"scores": close})["q2"]
    letters = {option.text: option.id for option in plan.question("q2").options}  # type: ignore[union-attr]
    swap = {letters["identity drift"]: letters["vanishes, returns"], letters["vanishes, returns"]: letters["identity drift"]}
    assert judged(plan, {"scores": close}, "q2", [swap.get(id, id) for id in truth.value]) == ("right", None)
    apart = [swap.get(id, id) for id in LAB.truth(plan, {"scores": scores()})["q2"].value]
    assert judged(plan, {"scores": scores()}, "q2", apart)[0] == "wrong"


def test_a_defect_that_no_metric_catches_is_not_judged() -> None:
    plan = LAB.plan(7, TINY)
    truth = LAB.truth(plan, {"scores": scores(flicker={"flicker": [0.985, 0.01]})})["q4"]
    assert truth.void is not None
    assert "flicker" in truth.void


def test_the_forecast_names_straight_lines_and_powers_where_they_lead_elsewhere() -> None:
    params = Params.of(LAB.plan(7, TINY).params)
    rows = {age: [1.0 * n**0.5 for n in range(1, 17)] for age in ("early", "middle", "late")}
    truth = numbers.grown(params, rows)
    assert truth.value == 4.0
    assert {trap.concept for trap in truth.traps} <= {"drift-is-linear", "errors-explode", "errors-stay"}
    assert truth.traps


FACTS: dict[str, Any] = {
    "scores": scores(),
    "where-scores": WHERE,
    "curves": {kind: [1.0] * 16 for kind in NAMES}
    | {"identity": [round(1 - 0.06 * gap, 6) for gap in range(1, 17)], "vanish": [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, *([0.5] * 8)]},
}


@pytest.mark.parametrize("what", ["q2", "q3", "q4", "q12", "gap-curve", "12", "adjacent-vs-first", "metric-for-defect"])
@pytest.mark.parametrize("seed", range(6))
def test_what_a_run_stored_serves_new_questions_without_a_model(what: str, seed: int) -> None:
    review = LAB.replay_review(what, seed, FACTS)
    (question,) = review.questions
    truth = review.truth[question.id]
    assert truth.void is None
    assert "{fact:" not in question.ask
    assert set(question.needs) <= {picture.key for picture in review.pictures}
    verdict = check(review.plan, review.truth, {question.id: Answer(value=truth.value)})[0]
    assert verdict.outcome == "right"
    for trap in truth.traps:
        found = check(review.plan, review.truth, {question.id: Answer(value=trap.value)})[0]
        assert (found.outcome, found.trap) == ("wrong", trap.concept)


def test_those_questions_differ_between_seeds() -> None:
    for what in ("q2", "q3", "q4", "q12"):
        asked = {LAB.replay_review(what, seed, FACTS).questions[0].model_dump_json() for seed in range(12)}
        assert len(asked) >= 4, what


def test_a_run_without_those_facts_is_said_in_a_line() -> None:
    with pytest.raises(BadInput, match="nothing of that run serves a review of 'q12'"):
        LAB.replay_review("q12", 1, {"scores": scores()})
    with pytest.raises(BadInput, match="nothing of that run serves a review of 'q5'"):
        LAB.replay_review("q5", 1, FACTS)


def test_traps_say_something_else_for_each_belief() -> None:
    traps: list[Trap] = [trap for question in LAB.plan(7, TINY).questions for trap in question.traps if trap.code is None]
    assert len({trap.say for trap in traps}) == len(traps)


def test_the_right_reason_is_not_the_longest_and_stands_anywhere() -> None:
    places, longest = Counter[str](), 0
    for seed in range(200):
        letters = shuffled(seed, "winner", scores_module.WINNERS)
        places[letter(letters, "frozen")] += 1
        longest += max(letters.values(), key=lambda key: len(scores_module.WINNERS[key][0])) == "frozen"
    assert longest == 0
    assert sum((places[letter] - 50) ** 2 / 50 for letter in "abcd") < 7.81, places  # chi-square, 3 degrees of freedom, p = .05


def test_planning_and_judging_import_nothing_heavy() -> None:
    import subprocess

    code = (
        "import sys; from labs.video_drift.lab import LAB; from studyapp.labkit.backends import parse_backend as p\n"
        "LAB.plan(3, p('tiny')); LAB.closed_form(LAB.plan(3, p('none'))); LAB.review('q11', 2)\n"
        "print([name for name in ('torch', 'numpy', 'PIL', 'transformers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_each_clip_to_label_stands_under_its_letter() -> None:
    shown = LAB.review("q11", 3).pictures
    assert [picture.grid[0] for picture in shown] == ["Clip A.", "Clip B.", "Clip C.", "Clip D."]


def test_the_table_and_the_curves_are_shown_and_no_word_of_the_table_is_cut_off() -> None:
    from labs.video_drift import pictures

    assert not any("…" in line for line in pictures.score_table("picture:table", scores(), 12, dict.fromkeys(sums.METRICS, 0.5)).grid)
    assert {"picture:table", "picture:curves"} <= set(scores_module.matched(["frozen", "identity"], scores()).evidence)


def test_the_good_clips_that_verdicts_speak_of_stand_in_the_table() -> None:
    from labs.video_drift import pictures

    found = scores()
    found["good"] = {metric: [0.0349, 0.0048] for metric in sums.METRICS}
    lines = pictures.score_table("picture:table", found, 12).grid
    assert next(line for line in lines if line.startswith("12 good ")).split()[2:] == ["0.035"] * len(sums.METRICS)
    assert next(line for line in lines if line.startswith("their sd ")).split()[2:] == ["0.005"] * len(sums.METRICS)


def test_a_stored_curve_is_called_by_its_kind_and_its_bound() -> None:
    for seed in range(6):
        review = LAB.replay_review("q12", seed, FACTS)
        kind, bound = re.findall(r"“(.+)”.* below (0[.]\d)", review.questions[0].ask)[0]
        assert review.pictures[0].alt.startswith(f"Gap curve of the kind “{kind}”; the bound is {bound}: ")


def test_the_worked_half_life_can_be_read_off_the_values_that_it_tells() -> None:
    for seed in range(60):
        told = LAB.plan(seed, TINY).question("q12").hints[3].text
        *values, bound = map(float, re.findall(r"\d[.]\d+", told))
        life = int(re.findall(r"half-life is (\d+) frames", told)[0])
        assert values[life - 1] < bound <= values[life - 2], seed
