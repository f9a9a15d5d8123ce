"""Misspelt words: repaired against the question's own words first, then against common English; a known word is never touched."""

from __future__ import annotations

import re
from collections.abc import Iterable

from studyapp.study.grading.free.lexicon import Lexicon, stem

SHORTEST = 4
CACHE = 4000
_WORD = re.compile(r"[^\W\d_]{3,}")


class Repairer:
    """Called with a lower-case word, gives the word that is meant (the word itself where in doubt)."""

    def __init__(self, texts: Iterable[str], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        words = {word.lower() for text in texts for word in _WORD.findall(text)}
        self.own = sorted(word for word in words if len(word) >= SHORTEST)
        self.known = words
        self.stems = {stem(word) for word in words}
        self.cache: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        found = self.cache.get(word)
        if found is None:
            found = self._repaired(word)
            if len(self.cache) < CACHE:
                self.cache[word] = found
        return found

    def _repaired(self, word: str) -> str:
        if len(word) < SHORTEST or len(word) > 24 or word[0].isdigit() or word in self.known or word in self.lexicon.form:
            return word
        base = stem(word)
        if base in self.stems or base in self.lexicon.index:
            return word
        joined = self._compound(word)
        if joined:
            return joined
        return _nearest(word, self.own) or (_nearest(word, self.lexicon.words) if len(word) > 4 else None) or word

    def _compound(self, word: str) -> str | None:
        """patchbased is patch: the longer half that is a word of the question, where both halves are words."""
        for cut in range(4, len(word) - 2):
            left, right = word[:cut], word[cut:]
            if (left in self.known or right in self.known) and left in self.lexicon.form and right in self.lexicon.form:
                return left if left in self.known else right
        return None


def _nearest(word: str, words: list[str]) -> str | None:
    """The nearest word within one edit (two from eight letters on); it must begin alike."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA  # a swap of neighbours is one edit

    most = 1 if len(word) < 8 else 2
    found = process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=4)
    for other, _, _ in found:
        if other[0] == word[0] or sorted(other[:2]) == sorted(word[:2]):
            return str(other)
    return None
