"""One question made ready for grading: weighted stems of its points, their aliases, its false statements and its reference."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache

from studyapp.study.grading.free.contract import Question
from studyapp.study.grading.free.lexicon import COURSE, Lexicon, lexicon, stem
from studyapp.study.grading.free.meaning import mean_vector
from studyapp.study.grading.free.relations import Known, distinctness, ordered_pairs
from studyapp.study.grading.free.repair import Repairer
from studyapp.study.grading.free.smallwords import LIGHT, STOP
from studyapp.study.grading.free.statements import Statement, sentences, statement, written
from studyapp.study.grading.free.tokens import Text, read

ASKED = 0.55  # weight of a word that stands in the question itself
SHARED = 0.75  # of a word of several points: it tells them apart no more
LIGHTLY = 0.35  # of a small word that may matter (only, all, more)
LOOSE = 0.6  # of a cosine, for words that are not near
FAINT = 0.25  # nearness below this counts as none


class Prepared:
    """`points[i]` are the ways to say point i (its text first), `anti` the false statements, `reference` its sentences."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.lexicon: Lexicon = lexicon()
        self.synonyms = _course_groups(question.synonyms)
        texts = [[point.text, *point.aliases] for point in question.points]
        asked = {t.stem for t in written(question.question).tokens if t.content}
        in_points: dict[str, int] = {}
        for group in texts:
            for one in {t.stem for text in group for t in written(text).tokens if t.content}:
                in_points[one] = in_points.get(one, 0) + 1
        many = len(texts) > 2

        def weight(one: str, word: str) -> float:
            value = self.lexicon.idf(one)
            if one in asked:
                value *= ASKED
            if many and in_points.get(one, 0) > len(texts) / 2:
                value *= SHARED
            return value * LIGHTLY if word in LIGHT else value

        self.points = [[statement(text, weight, asked) for text in group] for group in texts]
        self.anti = [statement(text, weight, asked) for text in question.anti]
        self.reference = [statement(text, weight, asked) for text in sentences(question.reference)]
        self.asked = asked
        self.stems = sorted({w.stem for group in [*self.points, self.anti, self.reference] for s in group for w in s.words})
        self.own = set(self.stems) | asked
        self.truth = {w.stem for group in [*self.points, self.reference] for s in group for w in s.words} | asked
        self.pool = [{w.stem: w.weight for s in group for w in s.words} for group in self.points]
        self.repairer = Repairer(
            [
                question.question,
                question.reference,
                *(t for group in texts for t in group),
                *question.anti,
                *(w for g in question.synonyms for w in g),
            ],
            self.lexicon,
        )
        self.related: dict[str, dict[str, tuple[tuple[float, int], tuple[float, int]]]] = {s: {} for s in self.stems}
        self.weight_of = weight
        self.known_pairs = ordered_pairs([*(s for group in self.points for s in group), *self.reference])
        self.false_pairs = ordered_pairs(self.anti) - self.known_pairs
        self.source = self._sources()
        self._soften()

    def _soften(self) -> None:
        """What claims.py and pairs.py look at."""
        question, asked = self.question, self.asked
        self.distinct = distinctness(self.points, asked, self.lexicon.related)
        self.bundles = self._bundles()
        self.sentence_bundles = [frozenset(w.stem for w in s.words) | asked for s in self.reference]
        count = len(question.points)
        self.about = [
            {
                "c_needed": float(point.indispensable),
                "c_place": i / (count - 1) if count > 1 else 0.0,
                "c_ways": min(1.0, len(group) / 4),
                "c_telling": sum(self.distinct[i].values()) / (len(self.distinct[i]) or 1),
            }
            for i, (point, group) in enumerate(zip(question.points, self.points, strict=True))
        ]
        self.shape = {
            "q_needed": sum(p.indispensable for p in question.points) / (count or 1),
            "q_points": min(1.0, count / 6),
            "q_anti": min(1.0, len(question.anti) / 4),
        }
        true = [s for group in self.points for s in group] + self.reference
        self.true_pairs, self.wrong_pairs = Known(true), Known(self.anti)
        self.vectors: dict[str, list[float] | None] = {}
        self.true_vectors = [row for s in true if (row := self.vector(s))]
        self.false_vectors = [row for s in self.anti if (row := self.vector(s))]
        self.asked_vector = mean_vector(self.lexicon, sorted(asked))
        self.denies = sum(any(w.negated for w in s.words) for s in true) / (len(true) or 1)

    def near(self, ours: str, theirs: str) -> tuple[float, int]:
        """How near a stem of the answer is to one of ours, and whether alike (1) or opposite (-1)."""
        return self._met(ours, theirs)[0]

    def loose(self, ours: str, theirs: str) -> tuple[float, int]:
        """As `near`, but words that are only loosely related count a little."""
        return self._met(ours, theirs)[1]

    def _met(self, ours: str, theirs: str) -> tuple[tuple[float, int], tuple[float, int]]:
        known = self.related[ours]
        found = known.get(theirs)
        if found is None:
            value, sense, cosine = COURSE, 1, 0.0
            if ours == theirs:
                value = 1.0
            elif self.synonyms.get(ours, _NONE).isdisjoint(self.synonyms.get(theirs, _NONE)):
                value, sense, cosine = self.lexicon.measured(ours, theirs)
            near = (value, sense) if value >= FAINT else _FAR
            found = (near, near if near[0] >= LOOSE else (max(near[0], LOOSE * cosine), near[1]))
            if len(known) < 5000:
                known[theirs] = found
        return found

    def vector(self, said: Statement) -> list[float] | None:
        """The mean vector of one of this question's statements."""
        if said.text not in self.vectors:
            self.vectors[said.text] = mean_vector(self.lexicon, [w.stem for w in said.words])
        return self.vectors[said.text]

    @cached_property
    def verbatim(self) -> tuple[list[list[tuple[str, bool]]], list[str]]:
        """Every point's own text, word for word with its negation, and the words of the reference."""
        points = [[(t.stem, t.negated) for t in written(point.text).tokens] for point in self.question.points]
        return points, [t.stem for t in written(self.question.reference).tokens]

    def _bundles(self) -> list[frozenset[str]]:
        """For each point its words, those of the reference's sentences about it, and those of the question."""
        out = []
        for index, group in enumerate(self.points):
            words = {w.stem for s in group for w in s.words} | self.asked
            for share, sentence in zip(self.source[index], self.reference, strict=True):
                if share > 0.5:
                    words |= {w.stem for w in sentence.words}
            out.append(frozenset(words))
        return out

    def read(self, answer: str) -> Text:
        return read(answer, self.repairer)

    def _sources(self) -> list[list[float]]:
        """For each point, how much of it each sentence of the reference carries (0 to 1)."""
        rows = []
        for group in self.points:
            row = []
            for sentence in self.reference:
                there = {w.stem for w in sentence.words}
                row.append(max(sum(w.weight for w in s.words if w.stem in there) / s.total for s in group))
            rows.append(row)
        return rows


@lru_cache(maxsize=256)
def prepared(question: Question) -> Prepared:
    return Prepared(question)


def _course_groups(groups: Iterable[Iterable[str]]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, group in enumerate(groups):
        for text in group:
            words = [w for w in text.casefold().split() if w not in STOP]
            if len(words) == 1:  # a phrase as synonym is handled by the aliases of the points
                found.setdefault(stem(words[0]), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


_NONE: frozenset[int] = frozenset()
_FAR = (0.0, 1)
