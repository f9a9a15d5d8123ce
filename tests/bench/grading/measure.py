"""Agreement of graded answers with their labels, and two baselines that only compare words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from studyapp.study.grading.free import grade
from studyapp.study.grading.free.tokens import read
from studyapp.study.grading.free.verdict import verdict
from tests.bench.grading.answers import GOOD, LOOKS_RIGHT, Case

ORDER = {"incorrect": 0, "partial": 1, "correct": 2}


@dataclass(frozen=True)
class Outcome:
    case: Case
    found: tuple[bool, ...]
    verdict: str
    confidence: float


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """f1, accuracy, kappa, and the shares that DESIGN asks for."""
    tp = fp = fn = 0
    for o in outcomes:
        for said, label in zip(o.found, o.case.points, strict=True):
            tp += said and label
            fp += said and not label
            fn += label and not said
    right = [o for o in outcomes if o.case.verdict == "correct"]
    looks = [o for o in outcomes if o.case.style in LOOKS_RIGHT and o.case.verdict != "correct"]
    sure = [o for o in outcomes if o.confidence >= 0.8]
    return {
        "f1": 2 * tp / (2 * tp + fp + fn or 1),
        "accuracy": _share(outcomes, lambda o: o.verdict == o.case.verdict),
        "kappa": kappa(outcomes),
        "looks_right_called_correct": _share(looks, lambda o: o.verdict == "correct"),
        "right_called_incorrect": _share(right, lambda o: o.verdict == "incorrect"),
        "right_not_correct": _share(right, lambda o: o.verdict != "correct"),
        "sure_accuracy": _share(sure, lambda o: o.verdict == o.case.verdict),
        "sure_share": len(sure) / (len(outcomes) or 1),
    }


def _share(outcomes: Sequence[Outcome], test: Callable[[Outcome], bool]) -> float:
    return sum(map(test, outcomes)) / len(outcomes) if outcomes else 0.0


def graded(cases: Sequence[Case]) -> list[Outcome]:
    """The answers as the product grades them."""
    out = []
    for case in cases:
        result = grade(case.question, case.answer)
        out.append(Outcome(case, tuple(p.state == "found" for p in result.points), result.verdict, result.confidence))
    return out


def kappa(outcomes: Sequence[Outcome]) -> float:
    """Quadratic weighted kappa of the verdicts."""
    pairs = [(ORDER[o.case.verdict], ORDER[o.verdict]) for o in outcomes]
    a, b = Counter(x for x, _ in pairs), Counter(y for _, y in pairs)
    seen = sum((x - y) ** 2 for x, y in pairs)
    chance = sum(a[x] * b[y] * (x - y) ** 2 for x in a for y in b) / (len(pairs) or 1)
    return 1 - seen / chance if chance else 1.0


def baselines(cases: Sequence[Case]) -> list[tuple[str, list[Outcome]]]:
    """Token-set ratio and keyword overlap, each with the threshold that is best on these very answers (a favour to them)."""
    out = []
    for name, score in (("token-set ratio", _token_set), ("keyword overlap", _overlap)):
        scores = [[max(score(text, c.answer) for text in (p.text, *p.aliases)) for p in c.question.points] for c in cases]
        best = max(
            (_judged(cases, scores, limit / 40) for limit in range(4, 40)),
            key=lambda outcomes: figures(outcomes)["accuracy"] + figures(outcomes)["f1"],
        )
        out.append((name, best))
    return out


def _judged(cases: Sequence[Case], scores: Sequence[Sequence[float]], limit: float) -> list[Outcome]:
    out = []
    for case, row in zip(cases, scores, strict=True):
        found = tuple(s >= limit for s in row)
        out.append(Outcome(case, found, verdict(found, case.question.points, False), 0.0))
    return out


def _token_set(text: str, answer: str) -> float:
    return fuzz.token_set_ratio(text.lower(), answer.lower()) / 100


def _overlap(text: str, answer: str) -> float:
    words = {t.stem for t in read(text).tokens if t.content}
    return len(words & {t.stem for t in read(answer).tokens}) / (len(words) or 1)


def table(rows: Sequence[tuple[str, Sequence[Outcome]]]) -> str:
    heads = (
        "key-point F1 | accuracy | kappa | looks right, called correct | right, called incorrect | right, not correct | sure: right (share)"
    )
    lines = [f"| | {heads} |", "|---" * 8 + "|"]
    for name, outcomes in rows:
        f = figures(outcomes)
        lines.append(
            f"| {name} | {f['f1']:.3f} | {f['accuracy']:.3f} | {f['kappa']:.3f} | {f['looks_right_called_correct']:.3f} | "
            f"{f['right_called_incorrect']:.3f} | {f['right_not_correct']:.3f} | {f['sure_accuracy']:.3f} ({f['sure_share']:.2f}) |"
        )
    return "\n".join(lines)


def report(name: str, outcomes: Sequence[Outcome]) -> str:
    """By style: how many, verdicts given, point F1."""
    lines = [
        f"{name}: {len(outcomes)} answers",
        "| style | answers | correct | partial | incorrect | accuracy | points right |",
        "|---|---|---|---|---|---|---|",
    ]
    for style in sorted({o.case.style for o in outcomes}, key=lambda s: (s not in GOOD, s)):
        group = [o for o in outcomes if o.case.style == style]
        given = Counter(o.verdict for o in group)
        pairs = [a == b for o in group for a, b in zip(o.found, o.case.points, strict=True)]
        accuracy = sum(o.verdict == o.case.verdict for o in group) / len(group)
        counts = " | ".join(str(given[name]) for name in ("correct", "partial", "incorrect"))
        lines.append(f"| {style} | {len(group)} | {counts} | {accuracy:.2f} | {sum(pairs) / len(pairs):.2f} |")
    return "\n".join(lines)
