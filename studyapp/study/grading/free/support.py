"""Who does what: whether an answer's sentences are carried by what is true, and whether words stand in the relation they should.

A sentence is carried by a point when the point (with its aliases, and the sentence of the reference about it) explains its words. Words are
bound when they stand near each other as they do in a true statement, and turned when instead the opposite of one stands nearer.
"""

from __future__ import annotations

from studyapp.study.grading.free.align import Alignment
from studyapp.study.grading.free.statements import Statement

NEAR_BY = 4  # words of a statement at most this far apart are taken to be related
FEW = 3  # words of content that make a sentence worth a look


class Support:
    """`values`: the features; `sentences`: (first token, last + 1, carried by the truth, by a false statement) of each sentence."""

    def __init__(self, a: Alignment) -> None:
        self.a = a
        q = a.question
        true = []
        for index, group in enumerate(q.points):
            bundle = {w.stem: w.negated for s in group for w in s.words}
            for share, sentence in zip(q.source[index], q.reference, strict=True):
                if share > 0.5:
                    bundle = {w.stem: w.negated for w in sentence.words} | bundle
            true.append(bundle)
        true += [{w.stem: w.negated for w in s.words} for s in q.reference]
        false = [{w.stem: w.negated for w in s.words} for s in q.anti]
        self.sentences: list[tuple[int, int, float, float]] = []
        tokens = a.text.tokens
        first = 0
        for at in range(1, len(tokens) + 1):
            if at == len(tokens) or tokens[at].sentence != tokens[first].sentence:
                if sum(t.content for t in tokens[first:at]) >= FEW:
                    self.sentences.append((first, at, self._carried(first, at, true), self._carried(first, at, false)))
                first = at
        carried = [s[2] for s in self.sentences] or [0.0]
        wrong = [s[3] for s in self.sentences] or [0.0]
        self.values = {
            "support_mean": sum(carried) / len(carried),
            "support_least": min(carried),
            "support_low": sum(c < 0.45 for c in carried) / len(carried),
            "false_support": max(wrong),
            "false_lead": max(w - c for w, c in zip(wrong, carried, strict=True)),
        }

    def _carried(self, first: int, last: int, bundles: list[dict[str, bool]]) -> float:
        """How much of the sentence's words the best of the bundles explains, those said the other way round counted against it."""
        a = self.a
        total = 0.0
        scores = [0.0] * len(bundles)
        for t in a.text.tokens[first:last]:
            if not t.content:
                continue
            weight = a.question.lexicon.idf(t.stem) * (0.55 if t.stem in a.question.asked else 1.0)
            total += weight
            row = a.rows[t.stem]
            for k, bundle in enumerate(bundles):
                agree = against = 0.0
                for ours, value, sense in row:
                    if ours in bundle:
                        if (sense > 0) == (t.negated == bundle[ours]):
                            agree = max(agree, value)
                        else:
                            against = max(against, value)
                scores[k] += weight * (agree if agree >= against else -0.5 * against)
        return max(scores, default=0.0) / (total or 1.0)


def binding(a: Alignment, said: Statement) -> tuple[float, float]:
    """(share of the statement's related words that stand together in one sentence; share where the opposite stands nearer)."""
    total = bound = turned = 0.0
    tokens = a.text.tokens
    words = said.words
    for i, one in enumerate(words):
        here = a.places[one.stem]
        for other in words[i + 1 : i + 1 + NEAR_BY]:
            weight = one.weight * other.weight
            total += weight
            if not here:
                continue
            same = opposite = 99
            for p, _, x in here:
                for r, _, y in a.places[other.stem]:
                    if p != r and tokens[p].sentence == tokens[r].sentence:
                        apart = abs(p - r)
                        if (x == y) == (one.negated == other.negated):
                            same = min(same, apart)
                        else:
                            opposite = min(opposite, apart)
            if opposite < same:
                turned += weight
            elif same < 99:
                bound += weight / (1 + max(0, same - 6) / 6)
    return (bound / total, turned / total) if total else (0.0, 0.0)


def order(a: Alignment, said: Statement, window: tuple[int, int]) -> float:
    """1 where the statement's words stand in its order in the stretch, -1 where the other way round."""
    if window[0] >= window[1]:
        return 0.0
    first, last = a.text.clauses[window[0]][0], a.text.clauses[window[1] - 1][1]
    at = [[p for p, _, _ in a.places[w.stem] if first <= p < last] for w in said.words]
    straight = turned = 0.0
    for i, here in enumerate(at):
        if not here:
            continue
        for k in range(i + 1, min(i + 1 + NEAR_BY, len(at))):
            if at[k]:
                pairs = [(abs(p - r), p < r) for p in here for r in at[k] if p != r]
                if pairs:
                    weight = said.words[i].weight * said.words[k].weight
                    if min(pairs)[1]:
                        straight += weight
                    else:
                        turned += weight
    return (straight - turned) / (straight + turned + 0.2)
