"""Nearness of whole statements: weighted means of word vectors."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

from studyapp.study.grading.free.meaning import mean_vector
from studyapp.study.grading.free.prepare import Prepared
from studyapp.study.grading.free.statements import Statement
from studyapp.study.grading.free.tokens import Text


class Vectors:
    """Nearness of whole statements: weighted means of word vectors, for each sentence and clause of the answer."""

    def __init__(self, question: Prepared, text: Text) -> None:
        self.q = question
        spans = list(text.clauses)
        first = 0
        for at in range(1, len(text.tokens) + 1):
            if at == len(text.tokens) or text.tokens[at].sentence != text.tokens[first].sentence:
                spans.append((first, at))
                first = at
        self.rows = [row for i, j in dict.fromkeys(spans) if (row := self._mean([t.stem for t in text.tokens[i:j] if t.content]))]

    def _mean(self, stems: Sequence[str]) -> list[float] | None:
        return mean_vector(self.q.lexicon, stems)

    def nearest(self, group: Sequence[Statement]) -> float:
        """The highest cosine of any of the statements with any stretch."""
        best = 0.0
        for said in group:
            ours = self.q.vector(said)
            if ours:
                best = max(best, max((sum(map(mul, ours, row)) for row in self.rows), default=0.0))
        return best
