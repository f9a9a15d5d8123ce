"""Properties of a lab that need no worker, or only the facts of a run that was played already."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from itertools import combinations

from studyapp.labkit.api import Answer, Json, Plan, Question, Trap, Truth, Verdict
from studyapp.labkit.examination import Examination
from studyapp.labkit.judge import check, same

PLAN_S = 0.5  # ten times the 50 ms that are meant
CARD_SEEDS = 8
HEAVY = ("torch", "transformers", "diffusers", "numpy", "pandas")
PROBE = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
given = json.loads(sys.stdin.read())
import studyapp
from studyapp.labkit.api import Answer, BackendRef, Plan
from studyapp.labkit.discover import listing, load_ref
from studyapp.labkit.judge import check
listing()
lab = load_ref(given["ref"])
plans = [lab.plan(seed, BackendRef.model_validate(given["backend"])).model_dump_json() for seed in given["seeds"]]
plan = Plan.model_validate(given["plan"])
truth = lab.truth(plan, given["facts"])
check(plan, truth, {id: None for id in truth})
for question in plan.questions:
    for name, more in (("review", ()), ("replay_review", (given["facts"],))):
        try:
            getattr(lab, name)(question.id[1:], 3, *more)
        except Exception:
            pass  # not every task has one
print(json.dumps({"heavy": [name for name in given["heavy"] if name in sys.modules], "plans": plans}))
"""


def light(examination: Examination) -> None:
    """1. In a fresh interpreter the pure functions import nothing heavy; its plans serve property 2."""
    heavy = _probe(examination)["heavy"]
    assert not heavy, f"imported {', '.join(heavy)}"


def plan_is_pure(examination: Examination) -> None:
    """2. Equal JSON for equal seeds, in two processes with different hash seeds; distinct for distinct ones; quick."""
    plans = {}
    for seed in range(examination.seeds):
        started = time.monotonic()
        plan = examination.plan(seed)
        assert time.monotonic() - started < PLAN_S, f"plan({seed}) took longer than {PLAN_S} s"
        plans[seed] = plan.model_dump_json()
        assert plans[seed] == examination.plan(seed).model_dump_json(), f"plan({seed}) differs the second time"
        assert Plan.model_validate_json(plans[seed]) == plan, f"plan({seed}) does not survive JSON"
    distinct = len({_digest(text) for text in plans.values()})
    assert distinct >= 0.95 * examination.seeds, f"{examination.seeds} seeds give only {distinct} distinct plans"
    for seed, text in zip(_seeds(examination), _probe(examination)["plans"], strict=True):
        assert text == plans[seed], f"plan({seed}) differs in another process"


def diagnostic(examination: Examination) -> None:
    """3. Truth and traps are told apart for every seed; options are sound; the public plan gives nothing away."""
    for seed in range(examination.seeds):
        plan = examination.plan(seed)
        closed = examination.closed_form(plan)
        for question in plan.questions:
            _told_apart(question, closed.get(question.id), seed)
            _sound(question, seed)
        public = json.dumps(plan.public())
        for word in ('"traps"', '"truth"', '"right": true', '"concept": null', '"say"', '"_'):
            assert word not in public, f"the public plan of seed {seed} holds {word}"


def rejudged(examination: Examination) -> None:
    """10. The verdicts of a stored run follow from its stored facts, plan and answers; cards made of it or of a formula are sound."""
    state, plan = examination.oracle.state, Plan.model_validate_json(examination.plan().model_dump_json())
    facts = json.loads(json.dumps(state.facts))
    again = check(plan, examination.lab.truth(plan, facts), state.answers)
    for verdict in again:
        stored = state.verdicts[verdict.q]
        assert (verdict.outcome, verdict.truth, verdict.trap) == (stored.outcome, stored.truth, stored.trap), (
            f"{verdict.q} is judged differently from stored facts"
        )

    for question in plan.questions:
        if question.kind != "code" and not question.forecast:
            _cards(examination, question, facts)


def _cards(examination: Examination, question: Question, facts: dict[str, Json]) -> None:
    """The cards of a task, by formula or else over stored facts: each has its truth, names its misconceptions, and differs by seed."""
    asked = set()
    for seed in range(CARD_SEEDS):
        review = examination.review(question.id, seed, facts)
        if review is None:
            return  # then the card asks to be rated, or sends the learner to the lab
        first = review.questions[0]
        where = f"the card of {question.id}, seed {seed}"
        truth = review.truth.get(first.id)
        assert truth is not None and truth.void is None, f"{where}: it has no truth"  # noqa: PT018
        bare, judged = first.model_copy(update={"reason": None}), truth.model_copy(update={"reason": None})
        outcome = _judged_alone(bare, judged, truth.value).outcome
        assert outcome == "right", f"{where}: its own truth is judged {outcome}"
        for value, concept in misconceptions(first, truth):
            problem = named_as_itself(bare, judged, value, concept)
            assert problem is None, f"{where}: {problem}"
        asked.add(json.dumps([first.model_dump(mode="json", include={"ask", "options"}), [p.alt for p in review.pictures], truth.value]))
    assert len(asked) > 1, f"the card of {question.id} is the same for {CARD_SEEDS} seeds"


def misconceptions(question: Question, truth: Truth) -> list[tuple[Json, str]]:
    """(answer, concept) of every misconception that a question declares."""
    named = [(trap.value, trap.concept) for trap in (*question.traps, *truth.traps) if trap.value is not None]
    if question.kind in ("choice", "explain"):
        named += [(option.id, option.concept) for option in question.options if option.concept and option.id != truth.value]
    return named


def named_as_itself(question: Question, truth: Truth, value: Json, concept: str) -> str | None:
    """None when that answer is judged wrong under that name; else what was said."""
    found = _judged_alone(question, truth, value)
    return (
        None
        if (found.outcome, found.trap) == ("wrong", concept)
        else f"{question.id}: {value!r} gives {found.outcome} ({found.trap}), want wrong ({concept})"
    )


def _judged_alone(question: Question, truth: Truth, value: Json) -> Verdict:
    """The verdict on an answer to one question."""
    plan = Plan(lab="x", version=1, seed=0, backend={"kind": "none", "name": "none"}, questions=(question,))  # type: ignore[arg-type]
    return check(plan, {question.id: truth}, {question.id: Answer(value=value)})[0]


def _told_apart(question: Question, truth: Truth | None, seed: int) -> None:
    values = [trap for trap in question.traps if trap.value is not None]
    for first, second in combinations(values, 2):
        assert not same(question, first.value, second.value), (
            f"seed {seed}, {question.id}: {first.concept} and {second.concept} both give {first.value}"
        )
    if truth is None:
        return
    for trap in values:
        assert not same(question, truth.value, trap.value), (
            f"seed {seed}, {question.id}: {trap.concept} gives the right answer {truth.value} by luck"
        )


def _sound(question: Question, seed: int) -> None:
    """Hints in four steps, ids once each, every named trap with its sentence."""
    where = f"seed {seed}, {question.id}"
    assert [hint.step for hint in question.hints] == [1, 2, 3, 4], f"{where}: hints are to be nudge, concept, method, worked sibling"
    ids = [option.id for option in getattr(question, "options", ())]
    assert len(set(ids)) == len(ids), f"{where}: an option id is used twice"
    named: list[Trap] = [*question.traps]
    assert all(trap.concept and trap.say for trap in named), f"{where}: a trap needs a concept and a sentence"
    assert question.forecast or question.concept, f"{where}: no concept"


def _probe(examination: Examination) -> dict[str, list[str]]:
    """What a fresh interpreter says."""
    if (known := getattr(examination, "_probed", None)) is not None:
        return known  # type: ignore[no-any-return]
    given = {
        "ref": examination.ref,
        "backend": examination.backend.model_dump(),
        "seeds": _seeds(examination),
        "plan": examination.plan().model_dump(mode="json"),
        "facts": examination.empty.state.facts,
        "heavy": HEAVY,
    }
    path = json.dumps([os.path.abspath(entry) for entry in sys.path])
    environ = {**os.environ, "PYTHONHASHSEED": "12345"}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, path], input=json.dumps(given), capture_output=True, text=True, env=environ, timeout=300
    )
    assert done.returncode == 0, done.stderr.strip().splitlines()[-1:]
    found: dict[str, list[str]] = json.loads(done.stdout)
    examination._probed = found  # type: ignore[attr-defined]
    return found


def _seeds(examination: Examination) -> list[int]:
    return list(range(min(20, examination.seeds)))


def _digest(text: str) -> str:
    """A plan but for its seed."""
    row = json.loads(text)
    row.pop("seed")
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
