"""One question made ready for grading: weighted stems of its points, their aliases, its false statements and its reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from studyapp.study.grading.free.contract import Question
from studyapp.study.grading.free.lexicon import COURSE, Lexicon, lexicon, stem
from studyapp.study.grading.free.repair import Repairer
from studyapp.study.grading.free.smallwords import LIGHT, STOP
from studyapp.study.grading.free.tokens import Text, read

ASKED = 0.55  # weight of a word that stands in the question itself
SHARED = 0.75  # of a word of several points: it tells them apart no more
LIGHTLY = 0.35  # of a small word that may matter (only, all, more)
FAINT = 0.25  # nearness below this counts as none


@dataclass(frozen=True, slots=True)
class Word:
    stem: str
    weight: float
    negated: bool
    asked: bool
    at: int  # place among the words of its statement


@dataclass(frozen=True, slots=True)
class Statement:
    """One way to say something. `total`: the sum of its words' weights, never 0."""

    text: str
    words: tuple[Word, ...]
    total: float
    clause: tuple[int, ...]  # the clause each word stands in


class Prepared:
    """`points[i]` are the ways to say point i (its text first), `anti` the false statements, `reference` its sentences."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.lexicon: Lexicon = lexicon()
        self.synonyms = _course_groups(question.synonyms)
        texts = [[point.text, *point.aliases] for point in question.points]
        asked = {t.stem for t in read(question.question).tokens if t.content}
        in_points: dict[str, int] = {}
        for group in texts:
            for one in {t.stem for text in group for t in read(text).tokens if t.content}:
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
        self.reference = [statement(text, weight, asked) for text in _sentences(question.reference)]
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
        self.related: dict[str, dict[str, tuple[float, int]]] = {s: {} for s in self.stems}
        self.weight_of = weight
        self.known_pairs = _pairs([*(s for group in self.points for s in group), *self.reference])
        self.false_pairs = _pairs(self.anti) - self.known_pairs
        self.source = self._sources()

    def near(self, ours: str, theirs: str) -> tuple[float, int]:
        """How near a stem of the answer is to one of ours, and whether alike (1) or opposite (-1)."""
        known = self.related[ours]
        found = known.get(theirs)
        if found is None:
            if ours == theirs:
                found = (1.0, 1)
            elif not self.synonyms.get(ours, _NONE).isdisjoint(self.synonyms.get(theirs, _NONE)):
                found = (COURSE, 1)
            else:
                found = self.lexicon.related(ours, theirs)
            if found[0] < FAINT:
                found = _FAR
            if len(known) < 5000:
                known[theirs] = found
        return found

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


def statement(text: str, weight: Callable[[str, str], float], asked: Iterable[str] = ()) -> Statement:
    """A text as weighted words; one without words of content keeps its function words."""
    tokens = read(text).tokens
    chosen = [t for t in tokens if t.content] or list(tokens)
    words: list[Word] = []
    clauses: list[int] = []
    seen: set[tuple[str, bool]] = set()
    for t in chosen:
        if (t.stem, t.negated) in seen:
            continue
        seen.add((t.stem, t.negated))
        words.append(Word(t.stem, weight(t.stem, t.word), t.negated, t.stem in asked, len(words)))
        clauses.append(t.clause)
    return Statement(text, tuple(words), sum(w.weight for w in words) or 1.0, tuple(clauses))


def _sentences(text: str) -> list[str]:
    tokens = read(text).tokens
    found: list[str] = []
    first = 0
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or tokens[at].sentence != tokens[first].sentence:
            found.append(text[tokens[first].start : tokens[at - 1].end])
            first = at
    return found


def _pairs(statements: Iterable[Statement]) -> set[tuple[str, str]]:
    """Words that stand together in one statement, in their order."""
    return {(a.stem, b.stem) for s in statements for i, a in enumerate(s.words) for b in s.words[i + 1 :]}


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
