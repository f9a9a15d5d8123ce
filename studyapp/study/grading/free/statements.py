"""One way to say something, as weighted words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from studyapp.study.grading.free.tokens import Text, read


@lru_cache(maxsize=512)
def written(text: str) -> Text:
    """A text of the question as tokens, unrepaired; each is read several times while its question is prepared."""
    return read(text)


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


def statement(text: str, weight: Callable[[str, str], float], asked: Iterable[str] = ()) -> Statement:
    """A text as weighted words; one without words of content keeps its function words."""
    tokens = written(text).tokens
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


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    tokens = written(text).tokens
    found: list[str] = []
    first = 0
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or tokens[at].sentence != tokens[first].sentence:
            found.append(text[tokens[first].start : tokens[at - 1].end])
            first = at
    return found
