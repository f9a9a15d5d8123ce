"""An endpoint's reply, read strictly and checked against the answer; the verdict is made from it by the one rule."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from studyapp.judges.contract import NoVerdict
from studyapp.judges.orders import to_the_judge
from studyapp.judges.quotes import find_quote, overlap, telling
from studyapp.judges.subject import names_the_subject
from studyapp.study.grading.free.contract import FoundPoint, Graded, Question, Span, Suspicion
from studyapp.study.grading.free.verdict import verdict

SURE, UNSURE = 0.85, 0.15  # what a checked claim of the model counts for, and its denial: nobody has calibrated the model
ALONE = 0.55  # confidence in a verdict that the offline grader does not share
TOGETHER = 0.75  # at least, in one that it does


@dataclass(frozen=True, slots=True)
class Claims:
    """What the model says: for each point, each false statement and anything else its quote, None where it is not said."""

    points: tuple[str | None, ...]
    false: tuple[str | None, ...]
    other: str | None


def read_reply(text: str, points: int, false: int) -> Claims:
    """The claims in a reply; NoVerdict where it is not one JSON object of the form that was asked for."""
    text = text.rpartition("</think>")[2]
    start, end = text.find("{"), text.rfind("}")
    if start < 0:
        raise NoVerdict("its reply has no verdict in it (a refusal, or nonsense)")
    try:
        found = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        raise NoVerdict("its reply is not the JSON that was asked for") from None
    if not isinstance(found, dict):
        raise NoVerdict("its reply is not the JSON that was asked for")
    other = found.get("other_error")
    return Claims(
        _claims(found.get("points"), points, "points"),
        _claims(found.get("false_statements", [] if not false else None), false, "false statements"),
        _claim(other, 0) if other is not None else None,
    )


def _claims(rows: Any, count: int, what: str) -> tuple[str | None, ...]:
    if not isinstance(rows, list):
        raise NoVerdict(f"its reply has no list of {what}")
    if len(rows) != count:
        raise NoVerdict(f"its reply judges {len(rows)} {what} where there are {count}")
    return tuple(_claim(row, n) for n, row in enumerate(rows, 1))


def _claim(row: Any, n: int) -> str | None:
    if not isinstance(row, dict) or not isinstance(row.get("said"), bool) or not isinstance(row.get("quote") or "", str):
        raise NoVerdict("an entry of its reply is not of the form that was asked for")
    if n and row.get("n", n) != n:
        raise NoVerdict("the entries of its reply are not in order")
    return (row.get("quote") or "") if row["said"] else None


class Evidence:
    """Finds quotes in one answer. What is addressed to the judge is no evidence, and no more is anything in an answer (or anything that is
    offered for several points) without a single word of the rubric: of 300 right answers that were looked at every one had some."""

    def __init__(self, question: Question, answer: str) -> None:
        self._question = question
        self._answer = answer
        self._orders: Sequence[Span] = to_the_judge(answer)
        self._on_subject = names_the_subject(question, self._rest())

    def spans(self, quotes: Sequence[str | None]) -> list[Span | None]:
        """Where each quote stands, None for one that is no evidence."""
        found = [self._span(quote) for quote in quotes]
        return [span if span and self._may_serve(span, found.count(span)) else None for span in found]

    def _span(self, quote: str | None) -> Span | None:
        span = find_quote(quote, self._answer) if quote and self._on_subject else None
        if span is None or not telling(span, self._answer) or any(overlap(span, order) for order in self._orders):
            return None
        return span

    def _may_serve(self, span: Span, times: int) -> bool:
        return times == 1 or names_the_subject(self._question, self._answer[span[0] : span[1]])

    def _rest(self) -> str:
        text = self._answer
        for start, end in reversed(self._orders):
            text = text[:start] + "\n" + text[end:]
        return text


def graded(claims: Claims, question: Question, answer: str, offline: Graded) -> Graded:
    """The grade that the claims with evidence give. `offline`, the default's grade of the same answer, only bears on the confidence."""
    evidence = Evidence(question, answer)
    spans = evidence.spans(claims.points)
    points = tuple(FoundPoint("found", SURE, span) if span else FoundPoint("missed", UNSURE, None) for span in spans)
    doubts = [Suspicion(text, SURE, span) for text, span in zip(question.anti, evidence.spans(claims.false), strict=True) if span]
    other = evidence.spans([claims.other])[0]
    if other and not doubts:  # in the learner's own words: what the model would say of it nobody has checked
        doubts = [Suspicion(re.sub(r"\s+", " ", answer[other[0] : other[1]]), SURE, other)]
    said = verdict([span is not None for span in spans], question.points, bool(doubts))
    same = said == offline.verdict
    return Graded(
        points=points,
        verdict=said,
        confidence=max(TOGETHER, offline.confidence) if same else ALONE,
        suspicions=tuple(doubts[:2]),
        error=SURE if doubts else UNSURE,
    )
