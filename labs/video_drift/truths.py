"""What is right: from the facts of a run, and by formula where there is one. Pure, no torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labs.video_drift import eye, numbers, owned, reel, scores, solutions, sums
from labs.video_drift.params import Params, mean_step
from labs.video_drift.wording import LETTERS, shuffled
from studyapp.labkit.api import Facts, Plan, Truth


def measured(plan: Plan, facts: Facts) -> dict[str, Truth]:
    """A truth for each question whose facts are there."""
    params = Params.of(plan.params)
    found: dict[str, Truth] = {}
    for id, number in eye.CLIPS.items():
        if (seen := facts.get(f"break-{number}")) is not None:
            found[id] = _broken(plan, number, seen)
    if "scores" in facts:
        found["q2"] = scores.ordered(dict(zip("abcde", params.ordered, strict=True)), facts["scores"])
        found["q4"] = scores.matched(scores.asked(plan.seed, params.motion), facts["scores"])
        if "where-scores" in facts:
            found["q3"] = scores.tied(plan.seed, facts["scores"], facts["where-scores"])
    if "flicker-score" in facts and "mae" in facts:
        found["q7"] = numbers.flickered(facts["mae"], facts["flicker-score"])
    if "share" in facts:
        found["q9"] = numbers.shared(params, facts["share"])
    if "errors" in facts:
        found["q10"] = numbers.grown(params, facts["errors"])
    if "labels" in facts:
        found["q11"] = _labels(plan, facts["labels"])
    if "half-life" in facts and "curve" in facts:
        found["q12"] = numbers.read_off(facts["curve"], facts["half"], facts["half-life"])
    if "own-scores" in facts:
        found["q16"] = owned.scored(facts["own-scores"])
    return {id: truth for id, truth in {**found, **_code(plan, facts)}.items() if id in {question.id for question in plan.questions}}


def closed(plan: Plan) -> dict[str, Truth]:
    """Tasks 1 (and 13 to 15), 7, 9, 11."""
    params = Params.of(plan.params)
    mae = round(mean_step(params.wall), 2)
    found = {
        **{id: eye.broken(plan.seed, plan.level, number) for id, number in eye.CLIPS.items()},
        "q7": numbers.flickered(mae, sums.flicker_score(mean_step(params.wall))),
        "q9": numbers.shared(params, sums.needed(params.subject, params.flicker, params.clips)),
        "q11": eye.labels(plan.seed),
    }
    return {question.id: found[question.id] for question in plan.questions if question.id in found}


def _broken(plan: Plan, number: int, seen: Mapping[str, Any]) -> Truth:
    """The frame that the run found, with the marks of what was measured beside it."""
    truth = eye.broken(plan.seed, plan.level, number, marked=seen.get("neighbours"))
    marks = [f"{who} changes its reading in frame {seen[key] + 1}" for who, key in (("the network", "reads"),) if seen.get(key) is not None]
    if seen.get("neighbours") is not None:
        marks.append(f"neighbours differ most at frame {seen['neighbours'] + 1}")
    told = f" Beside it: {', '.join(marks)}." if marks else ""
    return truth.model_copy(update={"value": [LETTERS[seen["place"]]], "why": truth.why + told})


def _labels(plan: Plan, kinds: Mapping[str, str]) -> Truth:
    """The demand that each clip fails, from the kinds that the run drew."""
    right = {letter: eye.KEPT[kind][0] for letter, kind in kinds.items()}
    return eye.labels(plan.seed).model_copy(
        update={"value": right, "traps": eye.swapped(shuffled(plan.seed, "label", reel.LABELLED), right)}
    )


def _code(plan: Plan, facts: Facts) -> dict[str, Truth]:
    return {id: Truth.of_code(sources[0], facts.get(f"code:{id}"), f"beside:{id}") for id, sources in solutions.ALL.items()}
