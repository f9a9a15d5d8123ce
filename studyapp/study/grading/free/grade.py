"""The grading of one answer: features, heads, and a verdict that agrees with the points shown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product

from studyapp.study.grading.free.contract import FoundPoint, Graded, KeyPoint, Question, State, Suspicion, Verdict
from studyapp.study.grading.free.features import Features
from studyapp.study.grading.free.head import heads, sigmoid
from studyapp.study.grading.free.lexicon import lexicon
from studyapp.study.grading.free.prepare import Prepared, prepared
from studyapp.study.grading.free.verbatim import SURE, copied_points, is_reference
from studyapp.study.grading.free.verdict import verdict

GROUND = 0.2  # share of a point's words, however loosely matched, below which its chance is lowered
SHARPER = 1.1  # factor on the log-odds of the confidence
EVEN = 0.5  # a point shown as found is at least as likely as not
MANY_POINTS = 12  # above this the points are decided one by one


def grade(question: Question, answer: str) -> Graded:
    """Grade one answer. Deterministic; never raises. Of a text of more than 2,400 characters the beginning and the end count."""
    known = prepared(question)
    text = known.read(answer)
    if not text.tokens:
        return _nothing(question)
    features = Features(known, text)
    head = heads()
    chances = [head["point"](point.values) * grounded(point.values["whole_mean"]) for point in features.points]
    chances = [max(c, SURE) if copied else c for c, copied in zip(chances, copied_points(known, text), strict=True)]
    summary = summarise(features, chances, question.points)
    error = head["error"](summary)
    correct = head["correct"](summary | {"error": error})
    nothing = head["incorrect"](summary | {"error": error})
    if is_reference(known, text):
        chances = [max(c, SURE) for c in chances]
        correct, nothing, error = max(correct, SURE), 1 - SURE, min(error, 1 - SURE)
    limits = head["limits"]
    chosen = choose(correct, nothing, limits)
    wrong = error >= limits["error"] and chosen != "correct"
    found = decide(chances, question.points, chosen, wrong, limits["point"])
    chosen = verdict(found, question.points, wrong)
    return Graded(
        points=tuple(_point(features, i, chance, said, limits) for i, (chance, said) in enumerate(zip(chances, found, strict=True))),
        verdict=chosen,
        confidence=confidence(chosen, correct, nothing),
        suspicions=_suspicions(known, features, error, limits),
        error=error,
    )


def ready() -> None:
    """Load the word tables and the heads now rather than at the first answer."""
    lexicon()
    heads()


def summarise(features: Features, chances: Sequence[float], points: Sequence[KeyPoint]) -> dict[str, float]:
    """What the answer-level heads look at: the answer's features and what the point head found."""
    needed = [c for c, p in zip(chances, points, strict=True) if p.indispensable] or list(chances)
    ordered = sorted(chances)
    return {
        **features.answer,
        "p_needed": min(needed, default=0.0),
        "p_needed_log": sum(logit(c) for c in needed) / (len(needed) or 1),
        "p_mean": sum(chances) / (len(chances) or 1),
        "p_second": ordered[1] if len(ordered) > 1 else ordered[0] if ordered else 0.0,
        "p_top": max(chances, default=0.0),
        "p_all": _chance_correct(chances, points),
        "p_none": math.prod(1 - c for c in chances),
    }


def grounded(share: float) -> float:
    """An answer that shares next to nothing with any way to say a point does not say it, whatever the head makes of the rest."""
    return min(1.0, share / GROUND)


def logit(p: float) -> float:
    p = min(0.995, max(0.005, p))
    return math.log(p / (1 - p))


def _chance_correct(chances: Sequence[float], points: Sequence[KeyPoint]) -> float:
    """The chance of all indispensable points and n-1 in all, were the points independent."""
    needed = math.prod(c for c, p in zip(chances, points, strict=True) if p.indispensable)
    rest = [c for c, p in zip(chances, points, strict=True) if not p.indispensable]
    if len(points) <= 1:
        return math.prod(chances)
    every = math.prod(rest)
    but_one = sum((1 - c) * math.prod(rest[:i] + rest[i + 1 :]) for i, c in enumerate(rest))
    return needed * (every + but_one)


def choose(correct: float, nothing: float, limits: Mapping[str, float]) -> Verdict:
    if correct >= limits["correct"]:
        return "correct"
    return "incorrect" if nothing >= limits["incorrect"] else "partial"


def decide(chances: Sequence[float], points: Sequence[KeyPoint], chosen: Verdict, wrong: bool, limit: float) -> list[bool]:
    """The likeliest set of points under which the rule gives the chosen verdict."""
    plain = [c >= limit for c in chances]
    if verdict(plain, points, wrong) == chosen or len(points) > MANY_POINTS:
        return plain
    shift = logit(limit)
    gain = [logit(c) - shift for c in chances]
    options = (o for o in product((False, True), repeat=len(points)) if verdict(o, points, wrong) == chosen)
    best = max(options, key=lambda o: sum(g for g, has in zip(gain, o, strict=True) if has), default=None)
    return list(best) if best is not None else plain


def confidence(chosen: Verdict, correct: float, nothing: float) -> float:
    """The probability of the verdict being right; averaged trees are a little too modest, measured on questions left out."""
    value = correct if chosen == "correct" else nothing if chosen == "incorrect" else 1 - correct - nothing
    return round(min(0.99, max(0.05, sigmoid(SHARPER * logit(value)))), 4)


def _point(features: Features, index: int, chance: float, said: bool, limits: Mapping[str, float]) -> FoundPoint:
    state: State = "found" if said else "unsure" if chance >= limits["unsure"] else "missed"
    chance = max(chance, EVEN) if said else min(chance, EVEN - 0.01)  # the verdict that was chosen speaks for the points it needs
    span = None if state == "missed" else features.a.span(features.points[index].fit.window)
    return FoundPoint(state, round(chance, 4), span)


def _suspicions(ready: Prepared, features: Features, error: float, limits: Mapping[str, float]) -> tuple[Suspicion, ...]:
    """What may be wrong, the likeliest first: the nearest false statements, where the answer is likely to have an error at all."""
    if error < limits["suspicion"]:
        return ()
    scored = []
    for text, anti in zip(ready.question.anti, features.anti, strict=True):
        strength = anti.values["agree"] * (0.4 + 0.6 * anti.values["telling"]) - 0.5 * anti.values["against"]
        if strength > limits["anti"]:
            scored.append((strength, Suspicion(text, round(error * min(1.0, strength), 4), features.a.span(anti.fit.window))))
    if not scored:
        worst = max(range(len(features.points)), key=lambda i: features.points[i].values["against"])
        point = features.points[worst]
        if point.values["against"] > 0.25:
            text = "the opposite of: " + ready.question.points[worst].text
            scored.append((point.values["against"], Suspicion(text, round(error * 0.6, 4), features.a.span(point.fit.window))))
    return tuple(s for _, s in sorted(scored, key=lambda pair: -pair[0])[:2])


def _nothing(question: Question) -> Graded:
    return Graded(tuple(FoundPoint("missed", 0.0, None) for _ in question.points), "incorrect", 0.99, (), 0.0)
