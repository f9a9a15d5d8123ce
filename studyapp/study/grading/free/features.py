"""What the heads look at: numbers between about -1 and 1 for each point, and for the whole answer. None of them is a length.

The heads are fitted on exactly those in names.py (see tests/bench/grading/fit.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studyapp.study.grading.free.align import NO_FIT, Alignment, Fit
from studyapp.study.grading.free.claims import Claims
from studyapp.study.grading.free.names import SHARED
from studyapp.study.grading.free.prepare import Prepared
from studyapp.study.grading.free.smallwords import STOP
from studyapp.study.grading.free.statements import Statement
from studyapp.study.grading.free.support import Support, binding, order
from studyapp.study.grading.free.tokens import Text, Token
from studyapp.study.grading.free.vectors import Vectors

Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PointFit:
    """The best stretch for one point, and its features in the order of POINT."""

    fit: Fit
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class AntiFit:
    fit: Fit
    values: dict[str, float]


class Features:
    """All features of one answer to one question."""

    def __init__(self, question: Prepared, text: Text) -> None:
        self.q = question
        self.text = text
        self.a = Alignment(question, text)
        self.vectors = Vectors(question, text)
        self.points = [self._point(i) for i in range(len(question.points))]
        self.anti = [self._anti(s) for s in question.anti]
        self.support = Support(self.a)
        claims = Claims(self.a)
        for point, more in zip(self.points, claims.points, strict=True):
            point.values.update(more)
        self.answer = self._answer() | claims.values
        self._relate()

    def _point(self, index: int) -> PointFit:
        group = self.q.points[index]
        fits = [self.a.best(s) for s in group]
        whole = [self.a.fit(s, self.a.whole) for s in group] if self.text.clauses else [NO_FIT] * len(group)
        top = max(range(len(fits)), key=lambda k: fits[k].agree - 0.3 * fits[k].against)
        fit, said = fits[top], group[top]
        agreed = sorted((f.agree for f in fits), reverse=True)
        tokens = self._tokens(fit.window)
        strongest = sorted(said.words, key=lambda w: -w.weight)[:3]
        key = [max((max(pair) for pair in self.a.table[w.stem][fit.window[0] : fit.window[1]]), default=0.0) for w in strongest]
        fresh = [w for w in said.words if not w.asked]
        fresh_total = sum(w.weight for w in fresh)
        fresh_agree = sum(w.weight * self._best(w.stem, w.negated, fit.window) for w in fresh)
        pool = sum(w * self._best(s, None, self.a.whole) for s, w in self.q.pool[index].items())
        values = {
            "best": fit.agree,
            "against": fit.against,
            "exact": fit.exact,
            "main": fits[0].agree,
            "second": agreed[1] if len(agreed) > 1 else agreed[0],
            "whole": max(w.agree for w in whole),
            "whole_mean": sum(w.agree + w.against for w in whole) / len(whole),
            "whole_exact": max(w.exact for w in whole),
            "whole_against": min(w.against for w in whole),
            "key1": key[0] if key else 0.0,
            "key2": key[1] if len(key) > 1 else key[0] if key else 0.0,
            "fresh": fresh_agree / fresh_total if fresh_total else fit.agree,
            "asked": 1 - fresh_total / said.total,
            "pool": pool / max(s.total for s in group),
            "pool_share": pool / (sum(self.q.pool[index].values()) or 1.0),
            "foreign": self._foreign(tokens, index),
            "order": self._order(said, fit.window),
            "list": self._listed(tokens),
            "vector": self.vectors.nearest(group),
            "vector_main": self.vectors.nearest(group[:1]),
            "reference": self._reference(index),
            "turned": max(self._binding(s)[1] for s in group),
            "bound": max(self._binding(s)[0] for s in group),
            "flow": max((order(self.a, s, fit.window) for s in group), default=0.0),
            "unflow": min((order(self.a, s, fit.window) for s in group), default=0.0),
            "precision": self._precision(tokens, index),
            "size": min(1.0, len(said.words) / 10),
        }
        return PointFit(fit, values)

    def _binding(self, said: Statement) -> tuple[float, float]:
        return binding(self.a, said)

    def _precision(self, tokens: Sequence[Token], index: int) -> float:
        """Share of the stretch that this point (or the question itself) explains."""
        total = value = 0.0
        pool = self.q.pool[index]
        for t in tokens:
            if t.content:
                weight = self.q.lexicon.idf(t.stem)
                total += weight
                value += weight * max((v for ours, v, _ in self.a.rows[t.stem] if ours in pool or ours in self.q.asked), default=0.0)
        return value / total if total else 0.0

    def _anti(self, said: Statement) -> AntiFit:
        fit = self.a.best(said)
        telling = [w for w in said.words if w.stem not in self.q.truth]
        total = sum(w.weight for w in telling)
        agree = sum(w.weight * self._best(w.stem, w.negated, fit.window) for w in telling)
        rival = max((self.a.fit(s, fit.window).agree for group in self.q.points for s in group), default=0.0)
        values = {
            "agree": fit.agree,
            "against": fit.against,
            "exact": fit.exact,
            "telling": agree / total if total else 0.0,
            "rival": rival,
            "order": self._order(said, fit.window),
            "vector": self.vectors.nearest([said]),
            "suspect": fit.agree * (agree / total if total else 0.5) - 0.5 * fit.against,
        }
        return AntiFit(fit, values)

    def _answer(self) -> dict[str, float]:
        tokens = self.text.tokens
        content = [t for t in tokens if t.content]
        count = len(content) or 1
        agreed = [p.values["best"] for p in self.points] or [0.0]
        refs = [self.a.best(s) for s in self.q.reference]
        total = sum(s.total for s in self.q.reference) or 1.0
        known = false = pairs = 0
        for first, last in self.text.clauses:
            stems = list(dict.fromkeys(t.stem for t in tokens[first:last] if t.content and t.stem in self.q.own))
            for i, a in enumerate(stems):
                for b in stems[i + 1 :]:
                    pairs += 1
                    known += (a, b) in self.q.known_pairs or (b, a) in self.q.known_pairs
                    false += (a, b) in self.q.false_pairs or (b, a) in self.q.false_pairs
        telling = [a.values["suspect"] for a in self.anti] or [0.0]
        return {
            "mean": sum(agreed) / len(agreed),
            "least": min(agreed),
            "against": sum(p.values["against"] for p in self.points) / (len(self.points) or 1),
            "reference": sum(f.agree * s.total for f, s in zip(refs, self.q.reference, strict=True)) / total,
            "reference_against": sum(f.against * s.total for f, s in zip(refs, self.q.reference, strict=True)) / total,
            "list": self._listed(tokens),
            "own": sum(t.stem in self.q.own for t in content) / count,
            "astray": sum(t.stem not in self.q.truth and t.stem in self.q.own for t in content) / count,
            "known_pairs": known / (pairs or 1),
            "false_pairs": false / (pairs or 1),
            "anti": max((a.values["agree"] for a in self.anti), default=0.0),
            "anti_suspect": max(telling),
            "anti_telling": max((a.values["telling"] for a in self.anti), default=0.0),
            "anti_vector": max((a.values["vector"] for a in self.anti), default=0.0),
            "anti_margin": max((a.values["agree"] - a.values["rival"] for a in self.anti), default=0.0),
            "anti_denied": max((a.values["against"] for a in self.anti), default=0.0),
            "negated": sum(t.negated for t in content) / count,
            "order": min((p.values["order"] for p in self.points), default=0.0),
            "order_mean": sum(p.values["order"] for p in self.points) / (len(self.points) or 1),
            **self.support.values,
            "turned": max((p.values["turned"] for p in self.points), default=0.0),
            "turned_mean": sum(p.values["turned"] for p in self.points) / (len(self.points) or 1),
            "bound_mean": sum(p.values["bound"] for p in self.points) / (len(self.points) or 1),
            "turned_reference": max((binding(self.a, s)[1] for s in self.q.reference), default=0.0),
            "bound_reference": sum(binding(self.a, s)[0] for s in self.q.reference) / (len(self.q.reference) or 1),
            "flow": sum(p.values["flow"] for p in self.points) / (len(self.points) or 1),
            "unflow": min((p.values["unflow"] for p in self.points), default=0.0),
            "vector_mean": sum(p.values["vector"] for p in self.points) / (len(self.points) or 1),
        }

    def _relate(self) -> None:
        """Each point against the others and against the false statements, and the answer as a whole."""
        for index, point in enumerate(self.points):
            others = [p for k, p in enumerate(self.points) if k != index]
            window = point.fit.window
            rival = max((self.a.fit(s, window).agree for k, group in enumerate(self.q.points) if k != index for s in group), default=0.0)
            false = max((self.a.fit(s, window).agree for s in self.q.anti), default=0.0)
            near = [a.values for a in self.anti if a.fit.window[0] < window[1] and window[0] < a.fit.window[1]]
            point.values.update(
                {
                    "rival": rival,
                    "margin": point.values["best"] - rival,
                    "false": false,
                    "false_margin": point.values["best"] - false,
                    "false_telling": max((v["telling"] for v in near), default=0.0),
                    "others": sum(p.values["best"] for p in others) / len(others) if others else point.values["best"],
                    "vector_margin": point.values["vector"] - max((p.values["vector"] for p in others), default=0.0),
                    **{f"all_{name}": self.answer[name] for name in SHARED},
                }
            )

    def _tokens(self, window: Window) -> Sequence[Token]:
        if window[0] >= window[1]:
            return ()
        clauses = self.text.clauses
        return self.text.tokens[clauses[window[0]][0] : clauses[window[1] - 1][1]]

    def _best(self, ours: str, negated: bool | None, window: Window) -> float:
        cells = self.a.table[ours][window[0] : window[1]]
        if not cells:
            return 0.0
        if negated is None:
            return max(max(pair) for pair in cells)
        return max(pair[negated] for pair in cells)

    def _foreign(self, tokens: Sequence[Token], index: int) -> float:
        """Share of the stretch's words that are the question's, but not this point's."""
        stems = {t.stem for t in tokens if t.content}
        if not stems:
            return 0.0
        return sum(s in self.q.own and s not in self.q.pool[index] and s not in self.q.asked for s in stems) / len(stems)

    def _order(self, said: Statement, window: Window) -> float:
        """1 where the statement's words come in its order, -1 where in the opposite one, 0 where nothing can be said."""
        place: dict[str, int] = {}
        for at, t in enumerate(self._tokens(window)):
            place.setdefault(t.stem, at)
        here = [place[w.stem] for w in said.words if w.stem in place]
        straight = turned = 0
        for i, a in enumerate(here):
            for b in here[i + 1 :]:
                straight += a < b
                turned += a > b
        return (straight - turned) / (straight + turned + 1)

    def _listed(self, tokens: Sequence[Token]) -> float:
        """1 for a bare list of terms, 0 for a sentence: how rarely small words and verbs stand between the words of content."""
        if not tokens:
            return 0.0
        small = sum(t.word in STOP or self.q.lexicon.is_verb(t.stem) for t in tokens)
        return 1.0 - min(1.0, 2 * small / len(tokens))

    def _reference(self, index: int) -> float:
        """How well the sentences of the reference that carry this point are said."""
        total = value = 0.0
        for share, sentence in zip(self.q.source[index], self.q.reference, strict=True):
            if share > 0.3:
                total += share
                value += share * self.a.best(sentence).agree
        return value / total if total else 0.0
