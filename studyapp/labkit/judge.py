"""From plan, truth and sealed answers to verdicts: pure, written once for all labs. What each kind compares is LABS section 4.

Order of judgement: void beats all, then skipped, then the value (traps by their value first, so that a mistake is named),
then the reason (a right value with a wrong reason is lucky).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from studyapp.labkit.api import Answer, Facts, Json, Lab, Option, Outcome, Plan, Question, Trap, Truth, Verdict

NEAR_SHARE = 0.75  # of pairs, hits or concordant neighbours: close enough for a retry
CLOSE = "Close, but not right."
RETRY = "Close, but not right: one free retry."


@dataclass(frozen=True)
class Found:
    """What comparing the value alone gives."""

    outcome: Outcome
    score: float = 0.0
    trap: Trap | None = None
    say: str = ""


def check(plan: Plan, truth: Mapping[str, Truth], answers: Mapping[str, Answer | None], practice: bool = False) -> list[Verdict]:
    """A verdict for each question that was asked (each key of `answers`, None = skipped), in the plan's order."""
    return [
        verdict(question, truth.get(question.id), answers[question.id], practice) for question in plan.questions if question.id in answers
    ]


def settled(lab: Lab, plan: Plan, facts: Facts, want: Collection[str] | None = None) -> dict[str, Truth]:
    """The truth by the facts of a run (of the questions in `want`, or of all); void where a closed form says otherwise, which is a bug of
    the lab and not of the learner."""
    measured = {id: truth for id, truth in lab.truth(plan, facts).items() if want is None or id in want}
    closed: Mapping[str, Truth] = getattr(lab, "closed_form", lambda plan: {})(plan)
    for id, truth in measured.items():
        formula = closed.get(id)
        if formula is None or truth.void or truth.report:
            continue
        agrees = compare(plan.question(id), truth, Answer(value=formula.value)).outcome == "right" and formula.reason == truth.reason
        if not agrees:
            say = f"The formula says {formula.value} and the run {truth.value}: a bug of this lab, not yours. Please report it."
            measured[id] = truth.model_copy(update={"void": say})
    return measured


def verdict(question: Question, truth: Truth | None, answer: Answer | None, practice: bool = False) -> Verdict:
    """One verdict. A question without a truth, or with a void one, cannot be judged."""
    base: dict[str, Any] = {"q": question.id, "concept": question.concept, "forecast": question.forecast, "practice": practice}
    if answer is not None:
        base |= {"said": said_form(question, answer), "confidence": answer.confidence, "seconds": answer.seconds, "hints": answer.hints}
    if truth is None:
        return Verdict(**base, outcome="void", say="The run reported nothing that decides this question.")
    base |= {"truth": truth_form(question, truth), "why": truth.why, "evidence": truth.evidence, "report": truth.report}
    if truth.void is not None:
        return Verdict(**base, outcome="void", say=truth.void)
    if answer is None:
        return Verdict(**base | {"report": None}, outcome="skipped")
    found = compare(question, truth, answer)
    outcome, say, trap = found.outcome, found.say, found.trap
    if outcome == "right" and question.reason is not None and truth.reason is not None and answer.reason != truth.reason:
        outcome, say, trap = _reasoned(question.reason.options, answer.reason)
    elif outcome == "wrong" and question.reason is not None and truth.reason is not None and answer.reason not in (None, truth.reason):
        say = f"{say or (trap.say if trap else '')} And the reason: {_chosen(question.reason.options, answer.reason).say}".strip()
    if question.forecast and say == RETRY:
        say = CLOSE
    named = trap.concept if trap else None
    return Verdict(**base, outcome=outcome, trap=named, say=_filled(say or (trap.say if trap else ""), base), score=found.score)


def compare(question: Question, truth: Truth, answer: Answer) -> Found:
    """Judge the value alone, by kind."""
    said, right = answer.value, truth.value
    if truth.traps:
        question = question.model_copy(update={"traps": question.traps + truth.traps})
    match question.kind:
        case "number":
            return _number(question, right, said)
        case "interval":
            inside = said[0] <= right <= said[1]
            return Found("right" if inside else "wrong", _interval_score(question, right, said))
        case "shape":
            return _shape(question, list(right), list(said))
        case "choice" | "explain":
            return _choice(question, right, said)
        case "multi" | "pick":
            if question.kind == "pick" and question.line and len(said) == 1:
                return _place(question, truth, said[0])
            return _set(question, set(right), set(said))
        case "order":
            return _order(question, truth, list(said))
        case "match":
            share = sum(said.get(key) == value for key, value in right.items()) / max(1, len(right))
            if share < 1 and (trap := _trap(question, said)):
                return Found("wrong", share, trap)
            return Found(_by_share(share), share, say=RETRY if NEAR_SHARE <= share < 1 else "")
        case "code":
            return _code(question, truth)
        case "text":
            if answer.ticked is None:
                return Found("skipped", say="Compare yours with the points, then tick what you had.")
            share = len(set(answer.ticked) & {point.id for point in question.points}) / max(1, len(question.points))
            return Found("right" if share == 1 else "near" if share >= NEAR_SHARE else "wrong", share)


def said_form(question: Question, answer: Answer) -> Json:
    """An answer in the form of an answers file."""
    return {"value": answer.value, "reason": answer.reason} if question.reason is not None else answer.value


def truth_form(question: Question, truth: Truth) -> Json:
    """The truth in the form of an answers file; None for a forecast that nothing decided."""
    return {"value": truth.value, "reason": truth.reason} if question.reason is not None and truth.reason is not None else truth.value


def same(question: Question, value: Json, other: Json) -> bool:
    """Whether two values of this question cannot be told apart by its comparison (used to demand diagnostic instances)."""
    if question.kind == "number":
        return _within(question, float(value), float(other), 1.0)
    if question.kind in ("multi", "pick"):
        return set(value) == set(other)
    return bool(value == other)


def _number(question: Question, right: float, said: float) -> Found:
    assert question.kind == "number"
    if _within(question, right, said, 1.0):
        return Found("right", 1.0)
    for trap in question.traps:
        if trap.value is not None and _within(question, float(trap.value), said, 1.0):
            return Found("wrong", trap=trap)
    if scaled := _scale(right, said):
        return Found("wrong", trap=Trap(concept="wrong-scale", say=scaled))
    if not question.integer and _within(question, right, said, question.near):
        return Found("near", 0.5, say=RETRY)
    return Found("wrong")


def _within(question: Question, right: float, said: float, widen: float) -> bool:
    assert question.kind == "number"
    band = 0.0 if question.integer else widen * (question.abs_tol + question.rel_tol * abs(right))
    return math.isclose(said, right, rel_tol=1e-9, abs_tol=1e-12) or abs(said - right) <= band


def _scale(right: float, said: float) -> str | None:
    """The sentence for a right number in a wrong scale: thousands, percent, or the complement."""
    if said == 0 or right == 0:
        return None
    for factor, words in (
        (1000, "a thousand times too large"),
        (0.001, "a thousand times too small"),
        (100, "a percentage"),
        (0.01, "a share"),
    ):
        if math.isclose(said, right * factor, rel_tol=1e-6):
            asked = {100: " where a share was asked for", 0.01: " where a percentage was asked for"}.get(factor, "")
            return f"Right digits, wrong scale: that is {words}{asked}."
    if 0 < right < 1 and math.isclose(said, 1 - right, rel_tol=1e-6):
        return "That is one minus what was asked for."
    return None


def _interval_score(question: Question, right: float, said: list[float]) -> float:
    """Interval score (Gneiting & Raftery 2007, section 6.2) turned into 1 = narrow and right, 0 = as wide as the scale or as far off."""
    assert question.kind == "interval"
    low, high = said
    alpha = 1 - question.level
    loss = (high - low) + 2 / alpha * (max(0.0, low - right) + max(0.0, right - high))
    return max(0.0, 1 - loss / question.width)


def _shape(question: Question, right: list[int], said: list[int]) -> Found:
    if said == right:
        return Found("right", 1.0)
    if trap := _trap(question, said):
        return Found("wrong", _axes_right(right, said), trap)
    if len(said) == len(right) and sorted(said) == sorted(right):
        return Found(
            "wrong", _axes_right(right, said), Trap(concept="axes-order", say="Right sizes, but the axes are in another order: {truth}.")
        )
    return Found("wrong", _axes_right(right, said))


def _axes_right(right: list[int], said: list[int]) -> float:
    return sum(a == b for a, b in zip(right, said, strict=False)) / max(len(right), len(said)) if len(right) == len(said) else 0.0


def _choice(question: Question, right: str, said: str) -> Found:
    assert question.kind in ("choice", "explain")
    chosen = next(option for option in question.options if option.id == said)
    if said == right:
        return Found("right", 1.0, say=_praise([chosen]))
    return Found("wrong", trap=_option_trap(chosen))


def _option_trap(option: Option) -> Trap | None:
    return Trap(code=option.id, concept=option.concept, say=option.say) if option.concept else None


def _set(question: Question, right: set[str], said: set[str]) -> Found:
    """Multi by set equality, pick by F1 of the hits; both carry F1 as partial credit."""
    assert question.kind in ("multi", "pick")
    hits = len(right & said)
    f1 = 2 * hits / (len(right) + len(said)) if right or said else 1.0
    if right == said:
        return Found("right", 1.0, say=_praise([option for option in question.options if option.id in said]))
    if trap := _trap(question, sorted(said)):
        return Found("wrong", f1, trap)
    wrong = [trap for option in question.options if option.id in said - right and (trap := _option_trap(option))]
    near = len(right) > 1 and f1 >= NEAR_SHARE
    told = " ".join(trap.say for trap in wrong if trap.say)  # of several misconceptions each gets its sentence
    return Found("near" if near else "wrong", f1, wrong[0] if wrong else None, RETRY if near else told)


def _place(question: Question, truth: Truth, said: str) -> Found:
    """One place in a line: right within the noise, near one place beyond it."""
    assert question.kind == "pick"
    ids = [option.id for option in question.options]
    off = abs(ids.index(said) - ids.index(truth.value[0]))
    score = max(0.0, 1 - off / len(ids))
    if off <= truth.noise:
        return Found("right", 1.0)
    if trap := _trap(question, [said]):
        return Found("wrong", score, trap)
    return Found("near", score, say=RETRY) if off <= truth.noise + 1 else Found("wrong", score)


def _praise(chosen: list[Option]) -> str:
    """The sentence of a right option; one that names a misconception has only a sentence for the case that it is wrong."""
    return next((option.say for option in chosen if option.concept is None), "")


def _order(question: Question, truth: Truth, said: list[str]) -> Found:
    """Kendall's tau over the pairs that the truth orders; pairs whose scores differ by at most `noise` are ties, either way is right."""
    assert question.kind == "order"
    place = {id: index for index, id in enumerate(said)}
    ranked = list(truth.value)
    pairs = [(a, b) for index, a in enumerate(ranked) for b in ranked[index + 1 :] if not _tied(truth, a, b)]
    wrong = sum(place[a] > place[b] for a, b in pairs)
    tau = 1 - 2 * wrong / len(pairs) if pairs else 1.0
    if wrong == 0:
        return Found("right", 1.0)
    if trap := _trap(question, said):
        return Found("wrong", max(0.0, tau), trap)
    if wrong == len(pairs) and len(pairs) > 1:
        return Found(
            "wrong", 0.0, Trap(concept="order-reversed", say=f"Right pairs, but the wrong way round: {question.first} comes first.")
        )
    near = wrong == 1 and len(pairs) >= 5
    return Found("near" if near else "wrong", max(0.0, tau), say=RETRY if near else "")


def _tied(truth: Truth, a: str, b: str) -> bool:
    if truth.scores is None:
        return False
    first, second = truth.scores[a], truth.scores[b]
    return abs(first - second) <= truth.noise * max(abs(first), abs(second))


def _code(question: Question, truth: Truth) -> Found:
    report = truth.report
    if report is None:
        return Found("skipped", say="This code was not run.")
    if report.ok:
        return Found("right", 1.0, say=report.say)
    trap = next((trap for trap in question.traps if report.permutation is not None and trap.code == report.permutation), None)
    return Found("wrong", trap=trap, say=report.say if trap is None else f"{trap.say} {report.say}".strip())


def _reasoned(options: tuple[Option, ...], said: str | None) -> tuple[Outcome, str, Trap | None]:
    """What a right value is worth without the right reason."""
    if said is None:
        return "near", "The value is right; give your reason too.", None
    chosen = _chosen(options, said)
    return "lucky", f"Right value, but not for that reason. {chosen.say}".strip(), _option_trap(chosen)


def _chosen(options: tuple[Option, ...], said: str | None) -> Option:
    return next(option for option in options if option.id == said)


def _trap(question: Question, said: Json) -> Trap | None:
    return next((trap for trap in question.traps if trap.value is not None and trap.value == said), None)


def _by_share(share: float) -> Outcome:
    return "right" if share == 1 else "near" if share >= NEAR_SHARE else "wrong"


def _filled(say: str, base: Mapping[str, Any]) -> str:
    """Put what was said and what is true into a trap's sentence."""
    return say.replace("{truth}", _shown(base.get("truth"))).replace("{said}", _shown(base.get("said")))


def _shown(value: Json) -> str:
    if isinstance(value, dict) and "value" in value:
        value = value["value"]
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)
