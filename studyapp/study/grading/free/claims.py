"""What each sentence of an answer claims: what carries it, what is new in it, how well a point is said by words of its own.

Softer than align.py: words that are only loosely near count a little, so that an answer in quite other words leaves a trace.
"""

from __future__ import annotations

from operator import mul

from studyapp.study.grading.free.align import Alignment
from studyapp.study.grading.free.meaning import mean_vector
from studyapp.study.grading.free.names import CLAIM_ANSWER, CLAIM_POINT
from studyapp.study.grading.free.pairs import pair_values
from studyapp.study.grading.free.statements import Statement

FEW = 2  # words of content that make a unit
TIED = 0.35  # share of a statement's words from which a contradiction of it counts
NEW = 0.35  # nearness to any word of the question below which a word is new
_ABSOLUTE = """
always never only all every any entirely completely exactly guarantee guarantees guaranteed prove proves impossible nothing none perfect
perfectly everything no-one anyway automatically simply alone fully whole regardless certain certainly must cannot
"""
ABSOLUTE = frozenset(_ABSOLUTE.split())

Unit = tuple[int, int]


class Claims:
    """`values`: features of the answer; `points[i]`: those of point i."""

    def __init__(self, a: Alignment) -> None:
        self.a = a
        self.q = a.question
        self.sentences = _sentences(a)
        clauses = [u for u in a.text.clauses if u not in self.sentences and self._content(u) >= FEW]
        self.units = [*self.sentences, *clauses]
        self.soft = self._soft()
        true = [s for group in self.q.points for s in group] + self.q.reference
        self.true = [self._recalls(s) for s in true]
        self.false = [self._recalls(s) for s in self.q.anti]
        self.groups: list[list[list[tuple[float, float]]]] = []
        at = 0
        for group in self.q.points:
            self.groups.append(self.true[at : at + len(group)])
            at += len(group)
        self.vectors = self._vectors()
        self.points = [self._point(i) for i in range(len(self.q.points))]
        self.values = self._answer()

    def _content(self, unit: Unit) -> int:
        return sum(t.content for t in self.a.text.tokens[unit[0] : unit[1]])

    def _soft(self) -> dict[str, list[tuple[float, float]]]:
        """For each of our stems, per unit the nearest word's nearness: (said in the same sense, said in the opposite one)."""
        tokens = self.a.text.tokens
        out = {}
        stems = {t.stem for t in tokens if t.content}
        loose = self.q.loose
        for ours in self.q.stems:
            near = {theirs: loose(ours, theirs) for theirs in stems}
            row = []
            for first, last in self.units:
                plus = minus = 0.0
                for t in tokens[first:last]:
                    if t.content:
                        value, sense = near[t.stem]
                        if (sense > 0) != t.negated:
                            plus = max(plus, value)
                        else:
                            minus = max(minus, value)
                row.append((plus, minus))
            out[ours] = row
        return out

    def _recalls(self, said: Statement) -> list[tuple[float, float]]:
        """Per unit: the share of the statement's weight said, and said the other way round."""
        out = []
        for u in range(len(self.units)):
            agree = against = 0.0
            for w in said.words:
                plus, minus = self.soft[w.stem][u]
                if w.negated:
                    plus, minus = minus, plus
                agree += w.weight * plus
                if minus > plus:
                    against += w.weight * minus
            out.append((agree / said.total, against / said.total))
        return out

    def _whole(self, stem: str) -> float:
        return max((max(pair) for pair in self.soft[stem]), default=0.0)

    def _point(self, index: int) -> dict[str, float]:
        rows = self.groups[index]
        if not self.units:
            return dict.fromkeys(CLAIM_POINT, 0.0) | self.q.about[index]
        soft, unit, against = max((agree, u, turned) for row in rows for u, (agree, turned) in enumerate(row))
        rivals = [max(row[unit][0] for row in group) for k, group in enumerate(self.groups) if k != index]
        false = max((row[unit][0] for row in self.false), default=0.0)
        own = self.q.distinct[index]
        covered = []
        for said in self.q.points[index]:
            total = sum(w.weight * own[w.stem] for w in said.words)
            if total > 0:
                covered.append(sum(w.weight * own[w.stem] * self._whole(w.stem) for w in said.words) / total)
        strong = sorted((self._whole(stem) for stem, value in own.items() if value > 0.6), reverse=True)
        best_false = max((row[u][0] for row in self.false for u in range(len(self.units))), default=0.0)
        mean_true = sum(rivals) / len(rivals) if rivals else soft
        return {
            "c_soft": soft,
            "c_against": against,
            "c_rival": soft - max(rivals, default=0.0),
            "c_centred": soft - mean_true,
            "c_false": soft - false,
            "c_false_any": soft - best_false,
            "c_own": max(covered, default=soft),
            "c_own_first": covered[0] if covered else soft,
            "c_own1": strong[0] if strong else 0.0,
            "c_own2": strong[1] if len(strong) > 1 else 0.0,
            "c_own3": strong[2] if len(strong) > 2 else 0.0,
            **self.q.about[index],
            "c_truth": self._precision(self.units[unit], self.q.bundles[index]),
        }

    def _vectors(self) -> list[tuple[float, float, float]]:
        """Per sentence: its vector's cosine with the nearest true statement, the nearest false one, and the question."""
        q, out = self.q, []
        for first, last in self.sentences:
            row = mean_vector(q.lexicon, [t.stem for t in self.a.text.tokens[first:last] if t.content])
            near = [max((sum(map(mul, row, v)) for v in some), default=0.0) if row else 0.0 for some in (q.true_vectors, q.false_vectors)]
            out.append((near[0], near[1], sum(map(mul, row, q.asked_vector)) if row and q.asked_vector else 0.0))
        return out

    def _precision(self, unit: Unit, bundle: frozenset[str]) -> float:
        """Share of the unit's weight that words of the bundle (or of the question) explain."""
        total = value = 0.0
        for t in self.a.text.tokens[unit[0] : unit[1]]:
            if t.content:
                weight = self.q.lexicon.idf(t.stem)
                total += weight
                value += weight * max((v for ours, v, _ in self.a.rows[t.stem] if ours in bundle), default=0.0)
        return value / total if total else 0.0

    def _answer(self) -> dict[str, float]:
        count = len(self.sentences)
        if not count:
            return dict.fromkeys(CLAIM_ANSWER, 0.0) | self.q.shape
        tokens = self.a.text.tokens
        explained, lead, contra, new, truth = [], [], [], [], []
        every = self.q.truth
        for u in range(count):
            unit = self.sentences[u]
            explained.append(max((self._precision(unit, bundle) for bundle in (*self.q.bundles, *self.q.sentence_bundles)), default=0.0))
            lead.append(max((row[u][0] for row in self.false), default=0.0) - max((row[u][0] for row in self.true), default=0.0))
            contra.append(max((against for row in self.true for agree, against in [row[u]] if agree + against > TIED), default=0.0))
            weights = [(t, self.q.lexicon.idf(t.stem)) for t in tokens[unit[0] : unit[1]] if t.content]
            total = sum(w for _, w in weights) or 1.0
            new.append(sum(w for t, w in weights if all(v < NEW or ours not in every for ours, v, _ in self.a.rows[t.stem])) / total)
            truth.append(max((row[u][0] for row in self.true), default=0.0))
        flags = [any(t.word in ABSOLUTE and t.stem not in every for t in tokens[a:b]) for a, b in self.sentences]
        denies = [any(t.negated for t in tokens[a:b]) for a, b in self.sentences]
        numbers = [t.stem for t in tokens if t.word[0].isdigit()]
        means = [p["c_soft"] for p in self.points] or [0.0]
        return {
            **pair_values(self.a),
            **self.q.shape,
            "v_true_least": min(v[0] for v in self.vectors),
            "v_true_last": self.vectors[-1][0],
            "v_lead": max(v[1] - v[0] for v in self.vectors),
            "v_lead_last": self.vectors[-1][1] - self.vectors[-1][0],
            "v_true": sum(v[0] for v in self.vectors) / count,
            "v_asked_least": min(v[2] for v in self.vectors),
            "k_explained": sum(explained) / count,
            "k_explained_least": min(explained),
            "k_explained_last": explained[-1],
            "k_lead": max(lead),
            "k_lead_mean": sum(lead) / count,
            "k_lead_last": lead[-1],
            "k_contra": max(contra),
            "k_contra_mean": sum(contra) / count,
            "k_contra_last": contra[-1],
            "k_new": sum(new) / count,
            "k_new_most": max(new),
            "k_new_last": new[-1],
            "k_truth_last": truth[-1],
            "k_truth_least": min(truth),
            "k_absolute": sum(flags) / count,
            "k_absolute_last": float(flags[-1]),
            "k_denies": sum(denies) / count,
            "k_denies_last": float(denies[-1]),
            "k_denied_more": sum(denies) / count - self.q.denies,
            "k_number_new": float(any(n not in self.q.own for n in numbers)),
            "k_number_known": float(any(n in self.q.own for n in numbers)),
            "k_soft": sum(means) / len(means),
            "k_soft_least": min(means),
            "k_soft_top": max(means),
            "k_own": sum(p["c_own"] for p in self.points) / (len(self.points) or 1),
            "k_own_least": min((p["c_own"] for p in self.points), default=0.0),
            "k_false_any": max((v[0] for row in self.false for v in row), default=0.0),
            "k_turned": sum(p["c_against"] for p in self.points) / (len(self.points) or 1),
            "k_turned_most": max((p["c_against"] for p in self.points), default=0.0),
        }


def _sentences(a: Alignment) -> list[Unit]:
    tokens = a.text.tokens
    out = []
    first = 0
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or tokens[at].sentence != tokens[first].sentence:
            if sum(t.content for t in tokens[first:at]) >= FEW:
                out.append((first, at))
            first = at
    return out
