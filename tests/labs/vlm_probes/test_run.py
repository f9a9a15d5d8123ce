"""A run on stand-ins: every figure is worked out again from the rule that the stand-in answers by, without the lab's own arithmetic."""

from __future__ import annotations

import base64
import math
import zlib
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from labs.scenes.png import scene_png
from labs.vlm_probes.first_sheet import sheet
from labs.vlm_probes.kinds import CLASSES
from labs.vlm_probes.lab import LAB
from labs.vlm_probes.params import Params
from labs.vlm_probes.probes import DIALS, FAMILIES, MAIN, SMALL, WIDE, Cell, Dial, Shot, cells, pair
from labs.vlm_probes.run import run
from labs.vlm_probes.switches import LIST_CELL, switch_cell, switched
from labs.vlm_probes.tasks_break import cause_of
from studyapp.labkit.api import Answer, BackendRef, Fact, Picture, Plan, RunContext
from studyapp.labkit.judge import check

GUESS = {"count": "3", "leftright": "left", "text": "E", "defect": "no", "hidden": "red", "exist": "yes"}
WRONG = {"left": "right", "right": "left", "yes": "no", "no": "yes"}


def chance(key: str) -> float:
    """A number in 0..1 that follows from a name."""
    return zlib.crc32(key.encode()) / 2**32


def falling(shot: Shot) -> str:
    """Right at the easy end and less and less so; left or right by habit; a close view helps the label alone."""
    if shot.key.endswith("grey") or shot.family == "leftright":
        return GUESS[shot.family]
    family, dial, level = shot.key.split(" ")[0].split("/") if shot.key.count("/") == 2 else (shot.family, "", "")
    steps = [cell.key.split("/")[2] for cell in cells(DIALS[f"{family}/{dial}"], SMALL)] if dial else [""]
    hard = steps.index(level) / len(steps) if dial else 0.5
    if shot.key.endswith("crop") and family == "text":
        hard = 0.0
    if chance(shot.key.removesuffix(" crop") if family != "text" else shot.key) >= hard:
        return shot.answer
    if family == "count":
        return str(int(shot.answer) + 1 if int(shot.answer) < 9 else 8)
    if family == "hidden":
        return "unknown" if shot.answer != "unknown" else "blue"
    return WRONG.get(shot.answer, "Q" if shot.answer != "Q" else "O")


def asked(dial: Dial, plan: Plan) -> list[tuple[Cell, list[tuple[Shot, Shot]]]]:
    """The pairs that a plan asks live, setting by setting."""
    params = Params.of(plan.params)
    return [(cell, [pair(cell, params.first + place) for place in range(params.pairs)]) for cell in cells(dial, SMALL)]


def rights(pairs: list[tuple[Shot, Shot]]) -> Any:
    return np.array([[falling(shot) == shot.answer for shot in both] for both in pairs], dtype=float)


def standard_error(right: Any) -> float:
    means = right.mean(1)
    return float(means.std(ddof=1) / math.sqrt(len(means)))


@pytest.fixture(scope="module")
def played(facts_of: Any) -> tuple[Plan, dict[str, Any], dict[str, Picture]]:
    found: tuple[Plan, dict[str, Any], dict[str, Picture]] = facts_of(falling, pairs=6)
    return found


def test_every_figure_of_a_run_worked_out_again(played: Any) -> None:
    plan, facts, _ = played
    truth = LAB.truth(plan, facts)
    skills = {}
    for family in FAMILIES:
        found = facts["families"][family]
        groups = asked(MAIN[family], plan)
        right = np.concatenate([rights(pairs) for _, pairs in groups])
        grey = np.array([[GUESS[family] == shot.answer for shot in both] for _, pairs in groups for both in pairs], dtype=float)
        assert (found["n"], found["right"], found["grey"]) == (right.size, right.sum(), grey.sum())
        assert found["both"] == right.all(1).sum()
        if right.mean(1).std() > 0:
            assert found["error"] == pytest.approx(standard_error(right), abs=1e-6)
        assert (found["live"], found["recorded"], found["void"]) == (right.size, 0, 0)
        said = [falling(shot) for _, pairs in groups for both in pairs for shot in both]
        most = max(set(said), key=said.count)
        assert found["often"] == pytest.approx(said.count(most) / len(said), abs=1e-6)
        for row, (cell, pairs) in zip(found["levels"], groups, strict=True):
            assert (row["level"], row["n"], row["right"]) == (cell.level, 2 * len(pairs), rights(pairs).sum())
        skills[family] = (right.mean() - grey.mean()) / (1 - grey.mean())
    assert {family: facts["families"][family]["status"] for family in FAMILIES} == {
        family: "prior" if family == "leftright" else "skill" for family in FAMILIES
    }
    live = sum(facts["families"][family]["live"] for family in FAMILIES)
    assert f"{live} answers of this run" in truth["q3"].why, "the order rests on all six probes"
    params = Params.of(plan.params)
    share = 100 * facts["families"][params.family]["right"] / facts["families"][params.family]["n"]
    assert truth["q2"].value == pytest.approx(share, abs=0.01)
    texts = {option.id: option.text for option in plan.question("q3").options}  # type: ignore[union-attr]
    order = [next(f for f in FAMILIES if texts[at].startswith(NAMES[f].removesuffix("?"))) for at in truth["q3"].value]
    assert [skills[family] for family in order] == sorted(skills.values())


NAMES = {
    "count": "counting",
    "leftright": "left or right",
    "text": "reading a label",
    "defect": "a burnt component",
    "hidden": "behind a panel",
    "exist": "is it there?",
}


def test_the_curve_worked_out_again(played: Any) -> None:
    plan, facts, pictures = played
    found = facts["curve"]
    dial = DIALS[found["dial"]]
    assert dial.family != "leftright", "a habit has no place where it breaks"
    groups = asked(dial, plan)
    heights = [rights(pairs).mean() for _, pairs in groups]
    grey = np.mean([GUESS[dial.family] == shot.answer for _, pairs in groups for both in pairs for shot in both])
    half = (max(heights) + grey) / 2
    assert found["half"] == pytest.approx(half, abs=1e-5)
    pooled = list(heights)
    for _ in heights:  # the definition of pooling, the slow way: average any neighbours that rise
        for i in range(1, len(pooled)):
            if pooled[i] > pooled[i - 1] + 1e-12:
                start = i - 1
                while start and math.isclose(pooled[start - 1], pooled[i - 1]):
                    start -= 1
                end = i + 1
                while end < len(pooled) and math.isclose(pooled[end], pooled[i]):
                    end += 1
                pooled[start:end] = [float(np.mean(heights[start:end]))] * (end - start)
    below = [i for i, height in enumerate(pooled) if height < half]
    if not below:
        expected = len(pooled) + 1.0
    elif below[0] == 0:
        expected = 1.0
    else:
        i = below[0]
        expected = i + (pooled[i - 1] - half) / (pooled[i - 1] - pooled[i])
    assert found["step"] == pytest.approx(expected, abs=1e-3)
    assert LAB.truth(plan, facts)["q5"].value == found["step"]
    assert f"{100 * heights[0]:.3g}" in pictures["picture:curve"].alt


def test_the_switches_worked_out_again(played: Any) -> None:
    plan, facts, _ = played
    params = Params.of(plan.params)
    better = []
    for family in FAMILIES:
        found = facts["switches"][f"crop/{family}"]
        pairs = [pair(switch_cell(family, SMALL), params.first + place) for place in range(params.pairs)]
        before = rights(pairs)
        after = np.array([[falling(switched(shot, "crop")) == shot.answer for shot in both] for both in pairs], dtype=float)
        assert (found["n"], found["before"], found["after"]) == (before.size, before.sum(), after.sum())
        change = (after - before).mean(1)
        assert found["change"] == pytest.approx(change.mean(), abs=1e-6)
        error = change.std(ddof=1) / math.sqrt(len(change)) if change.std() > 0 else 1 / (2 * len(change))
        assert found["error"] == pytest.approx(error, abs=1e-6)
        if change.mean() > 2 * error:
            better.append(f"crop/{family}")
    lists = facts["switches"]["list"]
    assert lists["setting"] == LIST_CELL.key
    assert f"Its lists name {lists['named']:.1f} of {lists['there']:.1f} such objects" in LAB.truth(plan, facts)["q9"].why
    shots = [shot for place in range(params.pairs) for shot in pair(LIST_CELL, params.first + place)]
    assert lists["there"] == pytest.approx(np.mean([int(shot.answer) for shot in shots]), abs=0.01)
    keys = cause_of(params, plan.seed)
    assert [keys[at] for at in LAB.truth(plan, facts)["q9"].value if keys[at] != "list"] in (better, better or ["none"])


def test_pairs_tables_and_the_grey_picture_worked_out_again(played: Any) -> None:
    plan, facts, pictures = played
    truth = LAB.truth(plan, facts)
    rows = facts["pairs"]
    right = sum((a == b) + (c == d) for a, b, c, d in rows)
    assert facts["pair-share"] == 100 * right / 20
    assert truth["q6"].value == 10 * sum(a == b and c == d for a, b, c, d in rows)
    assert truth["q12"].value == pytest.approx(100 * (right / 20) ** 2)
    assert all(a != c for a, _, c, _ in rows)
    hits, misses, alarms, rejections, *mute = facts["table"]
    n = hits + misses + alarms + rejections + sum(mute)
    scores = {
        "yes-ratio": (hits + alarms) / n,
        "precision": hits / (hits + alarms),
        "recall": hits / (hits + misses + mute[0]),
        "f1": 2 / ((hits + alarms) / hits + (hits + misses + mute[0]) / hits),
    }
    assert truth["q7"].value == pytest.approx(100 * scores[Params.of(plan.params).metric], abs=1e-3)
    grey = facts["grey"]
    assert grey["word"] == "no"
    assert grey["grey"] > 50 + 2 * 50 / math.sqrt(grey["n"])
    assert grey["pictures"] == 1
    option = next(o for o in plan.question("q8").options if o.id == truth["q8"].value)  # type: ignore[union-attr]
    assert option.concept is None
    for name in ("picture:pairs", "picture:table"):
        assert pictures[name].grid


def test_sensitivity_and_bias_along_the_dial_worked_out_again(played: Any) -> None:
    plan, facts, pictures = played
    z = NormalDist().inv_cdf
    for row, (cell, pairs) in zip(facts["signal"], asked(MAIN["defect"], plan), strict=True):
        shots = [shot for both in pairs for shot in both]
        burnt = [falling(shot) == "yes" for shot in shots if "fault" in shot.scene["grid"]]
        fine = [falling(shot) == "yes" for shot in shots if "fault" not in shot.scene["grid"]]
        assert row["level"] == cell.level
        assert (row["hits"], row["misses"]) == (sum(burnt), len(burnt) - sum(burnt))
        assert (row["alarms"], row["rejections"]) == (sum(fine), len(fine) - sum(fine))
        hit, alarm = (sum(burnt) + 0.5) / (len(burnt) + 1), (sum(fine) + 0.5) / (len(fine) + 1)
        assert row["d"] == pytest.approx(z(hit) - z(alarm), abs=1e-3)
        assert row["c"] == pytest.approx(-(z(hit) + z(alarm)) / 2, abs=1e-3)
    assert "picture:signal" in LAB.truth(plan, facts)["q7"].evidence
    assert f"{facts['signal'][0]['d']:.4g}" in pictures["picture:signal"].alt


def test_claims_about_three_kinds_of_absent_things_worked_out_again(played: Any) -> None:
    plan, facts, pictures = played
    for row, (cell, pairs) in zip(facts["absent"], asked(DIALS["exist/absent"], plan), strict=True):
        shots = [shot for both in pairs for shot in both]
        yes = [shot for shot in shots if falling(shot) == "yes"]
        hits = sum(shot.answer == "yes" for shot in yes)
        there = sum(shot.answer == "yes" for shot in shots)
        assert (row["level"], row["n"], row["alarms"], row["absent"]) == (cell.level, len(shots), len(yes) - hits, len(shots) - there)
        assert row["yes-ratio"] == pytest.approx(len(yes) / len(shots), abs=1e-6)
        assert row["recall"] == pytest.approx(hits / there, abs=1e-6)
        assert row["precision"] == pytest.approx(hits / len(yes), abs=1e-6)
        assert row["f1"] == pytest.approx(2 * hits / (len(yes) + there), abs=1e-6)
    assert "picture:absent" in LAB.truth(plan, facts)["q7"].evidence
    assert all(str(level) in pictures["picture:absent"].alt for level in DIALS["exist/absent"].levels)
    assert max(len(line) for line in pictures["picture:absent"].grid) <= 76


def test_what_is_shown_of_eight_and_of_five_is_what_was_said(played: Any) -> None:
    plan, facts, pictures = played
    truth = LAB.truth(plan, facts)
    assert sum(not row["right"] for row in facts["eight"].values()) == 3
    assert sorted(truth["q4"].value) == sorted(at for at, row in facts["eight"].items() if row["said"] != row["truth"])
    classes = {at: row["class"] for at, row in facts["lines"].items()}
    assert list(classes.values()).count("right") >= 1
    assert "side" not in classes.values(), "left or right is a habit here, so its errors are no failures"
    assert set(classes.values()) <= set(CLASSES)
    for at, row in facts["lines"].items():
        assert (row["said"] == row["truth"]) == (classes[at] == "right")
        assert facts[f"line-{at}"].endswith(f"Answer: {row['said']}.")
    assert pictures["picture:eight"].png
    assert pictures["picture:eight"].png.startswith(b"\x89PNG")


def test_the_sheet_has_the_models_answers_beside_the_learners(played: Any) -> None:
    plan, facts, _ = played
    shots = sheet(Params.of(plan.params).sheet)
    assert facts["sheet"]["truth"] == {letter: shot.answer.lower() for letter, shot in shots.items()}
    assert facts["sheet"]["model"] == {letter: falling(shot) == shot.answer for letter, shot in shots.items()}
    assert all(facts[f"ask-{letter}"] == shot.question for letter, shot in shots.items())


def test_the_learners_time_and_answers_stand_beside_the_models(tmp_path: Path) -> None:
    plan = LAB.plan(7, BackendRef(kind="human", name="human"))
    shots = sheet(Params.of(plan.params).sheet)
    value = {letter: shot.answer.lower() for letter, shot in shots.items()} | {"a": "yes", "b": "yes"}
    wrong = sum(value[letter] != shot.answer.lower() for letter, shot in shots.items())
    sealed = {"q1": Answer(value=value, seconds=54.0)}
    context = RunContext(plan.backend, tmp_path, 1e12, want=frozenset({"q1"}), answers={"q1": value}, sealed=sealed)
    events = list(run(plan, context))
    fact = next(event.value for event in events if isinstance(event, Fact))
    picture = next(event for event in events if isinstance(event, Picture))
    assert fact["seconds"] == 54
    assert fact["who"] == "shapevlm, recorded"
    assert f"you {100 * (12 - wrong) / 12:.1f} ±" in picture.alt
    assert "4.5 s a picture" in picture.alt
    assert "shapevlm, recorded" in picture.alt
    verdict = check(plan, LAB.truth(plan, {"sheet": fact}), {"q1": Answer(value=value)})[0]
    assert verdict.score == pytest.approx((12 - wrong) / 12)
    assert verdict.forecast


def test_a_constant_answer_is_called_a_language_prior_and_never_a_failure(facts_of: Any) -> None:
    plan, facts, _ = facts_of(lambda shot: GUESS[shot.family], pairs=2)
    truth = LAB.truth(plan, facts)
    assert {row["status"] for row in facts["families"].values()} == {"prior"}
    assert "language prior" in truth["q2"].why
    assert "the skill is absent" in truth["q3"].why
    assert truth["q3"].noise > 0
    assert {id for id in truth if truth[id].void} >= {"q4", "q5", "q10"}
    assert facts["families"]["leftright"]["both"] == 0
    everything = {id: Answer(value=truth[id].value) for id in ("q2", "q3", "q6", "q7", "q9", "q12") if truth[id].value is not None}
    everything["q2"] = Answer(value=[0, 100])
    assert {verdict.outcome for verdict in check(plan, truth, everything)} == {"right"}


def test_a_model_that_makes_no_mistake_breaks_nowhere(facts_of: Any) -> None:
    plan, facts, _ = facts_of(lambda shot: GUESS[shot.family] if shot.key.endswith("grey") else shot.answer, pairs=2)
    truth = LAB.truth(plan, facts)
    assert {row["status"] for row in facts["families"].values()} == {"skill"}
    assert truth["q5"].value == len(facts["curve"]["levels"]) + 1
    assert truth["q6"].value == 100
    assert truth["q4"].void
    assert all(trap.value != 100 for trap in truth["q6"].traps)


def test_unstable_and_unreadable_replies_are_counted_apart(facts_of: Any) -> None:
    def shaky(shot: Shot) -> str | None:
        if shot.key.endswith("grey"):
            return GUESS[shot.family]
        if shot.family == "count" and shot.key.endswith(" a"):
            return None if chance(shot.key) < 0.3 else shot.answer
        return "perhaps" if shot.family == "exist" else shot.answer

    plan, facts, _ = facts_of(shaky, pairs=2, chapters=(0,))
    row = facts["families"]["count"]
    pairs = [both for _, pairs in asked(MAIN["count"], plan) for both in pairs]
    lost = sum(shaky(first) is None for first, _ in pairs)
    assert lost > 0
    assert (row["void"], row["n"]) == (2 * lost, 2 * (len(pairs) - lost))
    assert row["recorded"] == 0
    assert facts["kinds"]["unparsed"] == facts["families"]["exist"]["n"]
    assert facts["families"]["exist"]["right"] == 0


def test_a_paid_endpoint_is_asked_three_times_in_brackets_and_within_the_calls_told(tmp_path: Path) -> None:
    """A stand-in for an endpoint, which sees PNG bytes and prompts alone."""
    plan = LAB.plan(7, BackendRef(kind="openai", name="openai:x#m", target="x", model="m"))
    plan = plan.model_copy(update={"params": {**plan.params, "pairs": 1}})
    known: dict[bytes, str] = {}
    pairs = Params.of(plan.params)
    for family in FAMILIES:
        for cell in cells(MAIN[family], WIDE):
            for place in range(pairs.pairs):
                known |= {scene_png(shot.scene): shot.answer for shot in pair(cell, pairs.first + place, WIDE)}
    known |= {scene_png(shot.scene): shot.answer for shot in sheet(pairs.sheet, WIDE).values()}
    calls: list[tuple[bytes, str, int]] = []

    def ask(pictures: Any, prompts: Any, say: str = "", turn: int = 0) -> list[str]:
        calls.extend((picture, prompt, turn) for picture, prompt in zip(pictures, prompts, strict=True))
        return [f"I think {{{known[picture]}}}" if picture in known else "{yes}" for picture in pictures]

    questions = plan.of_stage(0)
    context = RunContext(plan.backend, tmp_path, 1e12, want=frozenset(question.id for question in questions), ask=ask)
    facts = {event.key: event.value for event in run(plan, context) if isinstance(event, Fact)}
    assert sum(facts["sheet"]["model"].values()) == 12
    assert all(row["right"] == row["n"] == 6 * pairs.pairs for row in facts["families"].values())
    assert len(set(calls)) <= LAB.calls(plan, 0)
    assert {turn for _, _, turn in calls} == {0, 1, 2}
    assert all("curly brackets" in prompt for _, prompt, _ in calls)
    assert "fewer than 100: a sketch" in LAB.truth(plan, facts)["q2"].why
    assert base64.b64encode(calls[0][0]).startswith(b"iVBOR")


def test_fresh_questions_over_the_facts_of_an_earlier_run(played: Any) -> None:
    _, facts, _ = played
    for what in ("q2", "3", "q5", "q9"):
        for seed in (1, 2):
            review = LAB.replay_review(what, seed, facts)
            [question] = review.questions
            truth = review.truth[question.id]
            assert "{fact:" not in question.ask
            if truth.void is None:
                [verdict] = check(review.plan, review.truth, {question.id: Answer(value=truth.value)})
                assert verdict.outcome == "right"
    asks = {LAB.replay_review("q9", seed, facts).questions[0].ask for seed in range(20)}
    assert len(asks) == 7
