"""How well each statement of a question is said in each stretch of an answer.

For every stem of the question and every clause of the answer the best agreeing and the best disagreeing word are kept (disagreeing: an
opposite, or the same word negated). Stretches are one to three neighbouring clauses, whole sentences, and the whole answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from studyapp.study.grading.free.prepare import Prepared
from studyapp.study.grading.free.statements import Statement
from studyapp.study.grading.free.tokens import Text

WIDEST = 3  # clauses in a stretch
LONGEST = 34  # tokens in a stretch of several clauses


@dataclass(frozen=True, slots=True)
class Fit:
    """`agree`: share of the statement's weight said in the stretch; `against`: share said the other way round; `window`: its clauses."""

    agree: float
    against: float
    exact: float
    window: tuple[int, int]


NO_FIT = Fit(0.0, 0.0, 0.0, (0, 0))


class Alignment:
    def __init__(self, question: Prepared, text: Text) -> None:
        self.question = question
        self.text = text
        self.windows = _windows(text)
        near = question.near
        stems = question.stems
        self.rows: dict[str, list[tuple[str, float, int]]] = {}  # a stem of the answer -> (ours, nearness, sense) of all that are near
        for token in text.tokens:
            if token.content and token.stem not in self.rows:
                theirs = token.stem
                self.rows[theirs] = [(ours, *found) for ours in stems if (found := near(ours, theirs))[0]]
        # For each of our stems: per clause the best (agreeing, disagreeing) nearness, for a word of ours that is not negated.
        clauses = len(text.clauses)
        plus = {ours: [0.0] * clauses for ours in stems}
        minus = {ours: [0.0] * clauses for ours in stems}
        self.places: dict[str, list[tuple[int, float, bool]]] = {
            ours: [] for ours in stems
        }  # (token, nearness, agrees with the plain word)
        for c, (first, last) in enumerate(text.clauses):
            for at in range(first, last):
                token = text.tokens[at]
                if not token.content:
                    continue
                for ours, value, sense in self.rows[token.stem]:
                    agrees = (sense > 0) != token.negated
                    side = (plus if agrees else minus)[ours]
                    if value > side[c]:
                        side[c] = value
                    if value >= 0.5:
                        self.places[ours].append((at, value, agrees))
        self.table = {ours: list(zip(plus[ours], minus[ours], strict=True)) for ours in stems}

    def fit(self, one: Statement, window: tuple[int, int]) -> Fit:
        agree = against = exact = 0.0
        first, last = window
        for word in one.words:
            plus = minus = 0.0
            for a, b in self.table[word.stem][first:last]:
                if a > plus:
                    plus = a
                if b > minus:
                    minus = b
            if word.negated:
                # "not trained" against "frozen" agrees fully; against no negation at all the word is at least named
                plus, minus = minus, plus
            agree += word.weight * plus
            if minus > plus:
                against += word.weight * (minus - plus)
            if plus == 1.0 or minus == 1.0:
                exact += word.weight
        return Fit(agree / one.total, against / one.total, exact / one.total, window)

    def best(self, one: Statement, windows: list[tuple[int, int]] | None = None) -> Fit:
        """The stretch that says the statement best; of equals the shortest."""
        best = NO_FIT
        top = -1.0
        for window in windows or self.windows:
            fit = self.fit(one, window)
            value = fit.agree - 0.3 * fit.against - 0.012 * (window[1] - window[0])
            if value > top:
                best, top = fit, value
        return best

    @property
    def whole(self) -> tuple[int, int]:
        return (0, len(self.text.clauses))

    def span(self, window: tuple[int, int]) -> tuple[int, int] | None:
        """The stretch in characters of the answer as typed."""
        if window[0] >= window[1]:
            return None
        first, last = self.text.clauses[window[0]][0], self.text.clauses[window[1] - 1][1]
        return self.text.tokens[first].start, self.text.tokens[last - 1].end


def _windows(text: Text) -> list[tuple[int, int]]:
    found = []
    clauses = text.clauses
    for first in range(len(clauses)):
        for last in range(first + 1, min(first + WIDEST, len(clauses)) + 1):
            if last == first + 1 or clauses[last - 1][1] - clauses[first][0] <= LONGEST:
                found.append((first, last))
    first = 0
    for last in range(1, len(clauses) + 1):
        if last == len(clauses) or text.tokens[clauses[last][0]].sentence != text.tokens[clauses[first][0]].sentence:
            if last - first > WIDEST and clauses[last - 1][1] - clauses[first][0] <= 2 * LONGEST:
                found.append((first, last))
            first = last
    return found
