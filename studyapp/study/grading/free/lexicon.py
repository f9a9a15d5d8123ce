"""What words mean to each other: stems, how common they are, synonyms, opposites, and nearness in a small table of word vectors.

The data files and where they come from: data/README.md. Loaded once, when the first answer is graded.
"""

from __future__ import annotations

import gzip
import json
from array import array
from collections.abc import Iterable
from functools import lru_cache
from operator import mul
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
RARE = 16.0  # log2 of the rank given to a word that is not in the table
SAME = 1.0
COURSE = 0.95  # a synonym that the course declares
EVERYDAY = 0.85  # a synonym of the hand-written table
WORDNET = 0.7
CLOSE = 0.36  # cosines below this say nothing
# a stem's line (-1: none), its hand-written opposites and groups, its opposites and synonyms in WordNet, its vector
Entry = tuple[int, frozenset[str], frozenset[int], frozenset[int], frozenset[int], list[int]]


class Lexicon:
    """The tables. Stems are indexed by their line in words.txt.gz."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.form: dict[str, int] = {}  # word form -> line
        self.rank: list[float] = []
        self.verb: list[bool] = []
        self.words: list[str] = []  # frequent forms, what a misspelt word may be meant to be
        for number, line in enumerate(_read("words.txt.gz").decode().splitlines()):
            stem, tenths, flag, *forms = line.split(" ")
            self.index[stem] = number
            self.rank.append(int(tenths) / 10)
            self.verb.append(flag == "v")
            for form in forms:
                self.form[form] = number
            if self.rank[-1] < 13.4:
                self.words.extend(form for form in forms if len(form) > 4)
        self.stems = list(self.index)
        self._entries: dict[str, Entry] = {}
        self.vectors = array("b", _read("vectors.bin.gz"))
        self.dims = len(self.vectors) // len(self.stems)
        relations = json.loads(_read("wordnet.json.gz"))
        self.same = {first: frozenset(others) for first, *others in relations["same"]}
        self.opposite = {first: frozenset(others) for first, *others in relations["opposite"]}
        everyday = json.loads((DATA / "everyday.json").read_text(encoding="utf-8"))
        self.groups = _groups(everyday["same"])
        self.opposed = _pairs(everyday["opposite"], self.groups)

    def idf(self, stem: str) -> float:
        """Weight of a word by its rarity in general English: about 0.15 (the) to 1 (not in the table)."""
        line = self.index.get(stem)
        return min(1.0, max(0.15, (self.rank[line] if line is not None else RARE) / RARE))

    def is_verb(self, stem: str) -> bool:
        line = self.index.get(stem)
        return line is not None and self.verb[line]

    def cosine(self, a: str, b: str) -> float:
        """-1 to 1; 0 where one of the stems is not in the table."""
        i, j = self.index.get(a), self.index.get(b)
        if i is None or j is None:
            return 0.0
        return self._cosine(i, j)

    def _cosine(self, i: int, j: int) -> float:
        total: int = sum(map(mul, self._row(i), self._row(j)))
        return total / 16129  # 127 squared

    def _row(self, line: int) -> list[int]:
        row = _ROWS.get(line)
        if row is None:
            row = _ROWS[line] = self.vectors[line * self.dims : (line + 1) * self.dims].tolist()
        return row

    def row(self, stem: str) -> list[int] | None:
        """The word's vector (ints of -127 to 127), None where it has none."""
        line = self.index.get(stem)
        return None if line is None else self._row(line)

    def related(self, a: str, b: str) -> tuple[float, int]:
        """(how near in meaning, 0 to 1; the sense: 1 alike, -1 opposite) of two stems."""
        near, sense, _ = self.measured(a, b)
        return near, sense

    def measured(self, a: str, b: str) -> tuple[float, int, float]:
        """As `related`, and the cosine of the two, 0 where the rest decides without it."""
        if a == b:
            return SAME, 1, 1.0
        i, opposed, groups, opposite, same, row = self._entries.get(a) or self._entry(a)
        j, _, other_groups, _, other_same, other_row = self._entries.get(b) or self._entry(b)
        if b in opposed:
            return EVERYDAY, -1, 0.0
        if groups and other_groups and not groups.isdisjoint(other_groups):
            return EVERYDAY, 1, 0.0
        if i < 0 or j < 0:
            return _shape(a, b), 1, 0.0
        if j in opposite:
            return WORDNET, -1, 0.0
        cosine = sum(map(mul, row, other_row)) / 16129
        near = max(0.0, (cosine - CLOSE) / (1 - CLOSE))
        if j in same or i in other_same:
            return max(WORDNET, near), 1, cosine
        return max(near * 0.9, _shape(a, b)), 1, cosine

    def _entry(self, stem: str) -> Entry:
        line = self.index.get(stem, -1)
        opposed, groups = self.opposed.get(stem, _NO_WORDS), self.groups.get(stem, _NONE)
        found = (line, opposed, groups, self.opposite.get(line, _NONE), self.same.get(line, _NONE), self._row(line) if line >= 0 else [])
        if len(self._entries) < 20_000:
            self._entries[stem] = found
        return found


def _shape(a: str, b: str) -> float:
    """Nearness by letters: shared beginning (normalise, normaliser) or one word within the other (pretrain, train)."""
    if len(a) > len(b):
        a, b = b, a
    if len(a) < 4 or len(b) < 5:
        return 0.0
    if a[0] != b[0]:
        return 0.6 if len(a) > 4 and b.endswith(a) else 0.0
    if b.startswith(a) and len(a) >= 0.55 * len(b):
        return 0.85 if len(a) > 4 else 0.6
    if b.endswith(a) and len(a) > 4:
        return 0.6
    shared = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        shared += 1
    return 0.7 if shared >= 5 and shared >= 0.7 * len(b) else 0.0


_ROWS: dict[int, list[int]] = {}
_NONE: frozenset[int] = frozenset()
_NO_WORDS: frozenset[str] = frozenset()


def _read(name: str) -> bytes:
    return gzip.decompress((DATA / name).read_bytes())


def _groups(lines: Iterable[str]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(lines):
        for word in line.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def _pairs(lines: Iterable[str], groups: dict[str, frozenset[int]]) -> dict[str, frozenset[str]]:
    """Opposites of every word: "up rise | down fall" opposes each word left to each word right."""
    found: dict[str, set[str]] = {}
    for line in lines:
        left, right = ([stem(word) for word in side.split()] for side in line.split("|"))
        for a in left:
            for b in right:
                found.setdefault(a, set()).add(b)
                found.setdefault(b, set()).add(a)
    return {word: frozenset(others) for word, others in found.items()}


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


_IRREGULAR = {
    "matrices": "matrix", "indices": "index", "vertices": "vertex", "axes": "axis", "analyses": "analysis", "criteria": "criterion",
    "learnt": "learn", "learned": "learn", "froze": "freeze", "frozen": "freeze", "freezing": "freeze", "grew": "grow", "grown": "grow",
    "shrank": "shrink", "shrunk": "shrink", "kept": "keep", "told": "tell", "said": "say", "saw": "see", "seen": "see", "made": "make",
    "went": "go", "gone": "go", "goes": "go", "gave": "give", "given": "give", "took": "take", "taken": "take", "wrote": "write",
    "written": "write", "knew": "know", "known": "know", "drew": "draw", "drawn": "draw", "hid": "hide", "hidden": "hide",
    "rose": "rise", "risen": "rise", "fell": "fall", "fallen": "fall", "won": "win", "lost": "lose", "fed": "feed", "held": "hold",
    "sent": "send", "built": "build", "chose": "choose", "chosen": "choose", "thrown": "throw", "threw": "throw", "broke": "break",
    "broken": "break", "forgot": "forget", "forgotten": "forget", "came": "come", "stood": "stand", "understood": "understand",
    "found": "find", "began": "begin", "begun": "begin", "became": "become", "meant": "mean", "left": "left", "spent": "spend",
    "taught": "teach", "thought": "think", "bigger": "big", "biggest": "big", "larger": "large", "largest": "large", "faster": "fast",
    "slower": "slow", "smaller": "small", "smallest": "small", "cheaper": "cheap", "longer": "long", "shorter": "short", "higher": "high",
    "highest": "high", "lower": "low", "lowest": "low", "closer": "close", "nearer": "near", "better": "better", "worse": "worse",
    "easier": "easy", "harder": "hard", "ran": "run", "got": "get", "paid": "pay", "cost": "cost", "split": "split", "shown": "show",
    "children": "child", "vae": "vae", "vaes": "vae",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a lower-case word (Snowball English), irregular forms first."""
    known = _LINES.get(word)
    if known is not None:
        return known
    return str(_stemmer().stemWord(_IRREGULAR.get(word, word)))


_LINES: dict[str, str] = {}


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return Lexicon()
