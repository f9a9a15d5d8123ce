"""Short typed answers compared as a fair examiner would: by words, not by characters.

Forgiven: case, accents, punctuation, hyphens and spaces between words, plural, article, numerals against number words, British and
American spelling, ways to write mathematics (ᾱ, alpha_bar; N², N^2; √), the order of words where it carries no direction, and small typos
in ordinary words. Not forgiven: anything in acronyms, names with inner capitals and numbers (DDPM is not DDIM, LLaVA is not LLaMA, 14 is
not 16), the first letter (encoder, decoder), a negation, an opposite (intermodal, intramodal). A slip that gives another English word
(nose for noise) is asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from studyapp.study.grading.spelling import NEGATIONS, is_word, one_spelling, opposed

MAX_TEXT = 400  # characters of a short answer that are read

_DASHES = re.compile(r"[‐‑‒–—−]")
_QUOTES = re.compile(r"['’‘`´\"“”]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_TIMES = re.compile(r"(?<=\d)\s*(?:[×xX*·⋅∙]|\bby\b)\s*(?=\d)")
_RAISED = re.compile(r"(?<=[^\s⁰¹²³⁴-⁹])([⁰¹²³⁴-⁹]+)")
_SQUARED = re.compile(r"(?<=\w)[\s-]+squared\b", re.IGNORECASE)
_POWER = re.compile(r"(?<=[^\W\d])\s*(?:\^|\*\*)\s*(?=\d)")  # N^2 as N²; 10^2 keeps its sign, for it is not 102
_ROOT = re.compile(r"\b(?:sqrt|(?:square )?root of)\b", re.IGNORECASE)
_BAR = re.compile(r"(?<=[α-ω])\u0304|(?<=[a-z])_bar\b")
_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ϵ": "epsilon",
    "η": "eta",
    "θ": "theta",
    "λ": "lambda",
    "μ": "mu",
    "π": "pi",
    "σ": "sigma",
    "τ": "tau",
    "φ": "phi",
    "ω": "omega",
}
_FRACTION = re.compile(r"(?<=\d)\s*[/⁄]\s*(?=\d)")  # 1/2 is not 12; any other slash only parts words
_PERCENT = re.compile(r"\bper\s?cent\b", re.IGNORECASE)
_TOKEN = re.compile(r"(?<![\w)\]}])-\d*\.?\d+|(?<![\w.])\.\d+|[^\W_]+(?<=\d)\.\d+|[^\W_]+|[%+=<>√±~^&→÷≤≥≠≈]")
_BARE_POINT = re.compile(r"^(-?)(?=\.)")  # .5 and -.5, to be read as 0.5 and -0.5
# With one of these in it, a phrase says something else when its words are swapped (text to image, image to text).
_DIRECTED = re.compile(r"to|from|into|onto|before|after|over|under|than|then|by|per|not|no|without|of|in|on|for|with|as|→|<|>|÷")
_IRREGULAR = {
    "matrices": "matrix",
    "indices": "index",
    "vertices": "vertex",
    "axes": "axis",
    "analyses": "analysis",
    "criteria": "criterion",
}
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_UNITS.split())}
_SMALL |= {word: 10 * value for value, word in enumerate(_TENS.split(), 2)}
_LARGE = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}


class Match(IntEnum):
    """How well a typed text fits a form; the lower the better."""

    EXACT = 0
    REORDERED = 1
    TYPO = 2
    CLOSE = 3
    NONE = 4


@dataclass(frozen=True, slots=True)
class Word:
    """`rigid`: an acronym, a name with inner capitals, a number: no typos are forgiven in it."""

    text: str
    rigid: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    words: tuple[Word, ...]
    joined: str  # without spaces and before number words are turned into numerals: pre-training, pre training, pretraining


@lru_cache(maxsize=512)
def phrase(text: str) -> Phrase:
    """A text as comparable words."""
    text = unicodedata.normalize("NFKC", _RAISED.sub(r"^\1", text[:MAX_TEXT]))
    text = _QUOTES.sub("", _DASHES.sub("-", text))
    text = _mathematics(text)
    text = _PERCENT.sub("%", _TIMES.sub(" x ", _FRACTION.sub(" ÷ ", _THOUSANDS.sub("", text))))
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    tokens = (_BARE_POINT.sub(r"\g<1>0", t) for t in _TOKEN.findall(text))
    words = [Word("and" if t == "&" else one_spelling(t.casefold()), _is_rigid(t)) for t in tokens]
    if len(words) > 1 and words[0].text in ("a", "an"):
        words = words[1:]
    words = [word for word in words if word.text != "the"] or words
    return Phrase(tuple(_with_numerals(words)), "".join(word.text for word in words))


def _mathematics(text: str) -> str:
    """One way to write powers, roots and Greek letters."""
    text = _POWER.sub("", _SQUARED.sub("^2", text))
    text = _BAR.sub(" bar ", _ROOT.sub("√", unicodedata.normalize("NFD", text)))
    return "".join(f" {_GREEK[c]} " if c in _GREEK else c for c in text)


def match(typed: Phrase, form: Phrase) -> tuple[Match, int]:
    """(how well, edits) a typed phrase fits an accepted form."""
    if not typed.words or not form.words:
        return Match.NONE, 0
    if typed.joined == form.joined or _all_same(typed.words, form.words) or _same(typed.joined, form.joined):
        return Match.EXACT, 0
    if _reordered(typed.words, form.words):
        return Match.REORDERED, 0
    return _typo(typed, form)


def _all_same(a: tuple[Word, ...], b: tuple[Word, ...]) -> bool:
    return len(a) == len(b) and all(_same(x.text, y.text) for x, y in zip(a, b, strict=True))


def _same(a: str, b: str) -> bool:
    return a == b or not _stems(a).isdisjoint(_stems(b))


@lru_cache(maxsize=2048)
def _stems(word: str) -> frozenset[str]:
    """The word and what it could be the plural of; two words are the same when these overlap."""
    stems = {word, _IRREGULAR.get(word, word)}
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        stems.add(word[:-1])
        if word.endswith("es"):
            stems.add(word[:-2])
        if word.endswith("ies"):
            stems.add(word[:-3] + "y")
    return frozenset(stems)


def _reordered(typed: tuple[Word, ...], form: tuple[Word, ...]) -> bool:
    if len(typed) != len(form) or any(_DIRECTED.fullmatch(word.text) for word in form):
        return False
    left = list(form)
    for word in typed:
        found = next((other for other in left if _same(word.text, other.text)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _typo(typed: Phrase, form: Phrase) -> tuple[Match, int]:
    if sum(w.text in NEGATIONS for w in typed.words) != sum(w.text in NEGATIONS for w in form.words):
        return Match.NONE, 0
    if len(typed.words) != len(form.words):
        rigid = any(word.rigid for word in form.words)
        return _slip(typed.joined, Word(form.joined, rigid))
    worst, edits, close = Match.TYPO, 0, 0
    for word, other in zip(typed.words, form.words, strict=True):
        if _same(word.text, other.text):
            continue
        level, distance = _slip(word.text, other)
        worst, edits, close = max(worst, level), edits + distance, close + (level is Match.CLOSE)
    return (worst, edits) if close <= 1 else (Match.NONE, 0)


def _slip(typed: str, word: Word) -> tuple[Match, int]:
    """A typo in one word: within what its length forgives, or one edit beyond. Where it gives another word, that may be what was meant."""
    if word.rigid or typed[0] != word.text[0] or abs(len(typed) - len(word.text)) > 4 or any(c.isdigit() for c in typed):
        return Match.NONE, 0
    from rapidfuzz.distance import OSA  # counts a swap of neighbours as one edit, as fingers do

    length = len(word.text)
    forgiven = 0 if length < 5 else 1 if length < 9 else 2
    distance = min(OSA.distance(a, b, score_cutoff=4) for a in _stems(typed) for b in _stems(word.text))
    if distance > forgiven + 1 or length < 4 or opposed(typed, word.text):
        return Match.NONE, 0
    beyond = (distance > forgiven) + is_word(typed)
    return ((Match.TYPO, Match.CLOSE)[beyond], distance) if beyond < 2 else (Match.NONE, 0)


def _is_rigid(token: str) -> bool:
    return any(c.isdigit() for c in token) or any(c.isupper() for c in token[1:])


def _with_numerals(words: list[Word]) -> Iterator[Word]:
    """Number words as numerals: twenty-one -> 21, two hundred and fifty six -> 256."""
    at = 0
    while at < len(words):
        value, used = _number(words[at:])
        if used:
            yield Word(str(value), True)
        else:
            yield words[at]
        at += max(used, 1)


def _number(words: list[Word]) -> tuple[int, int]:
    """(value, words used) of the number that the words begin with; 0 used for none."""
    total, group, used, last = 0, 0, 0, 0
    for index, word in enumerate(words):
        text = word.text
        if text in _SMALL and (last == 0 or last >= 100 or (last >= 20 and _SMALL[text] < 10)):
            last = _SMALL[text] or 1
            group += _SMALL[text]
        elif text in _LARGE and (used or index == 0):
            last = _LARGE[text]
            if last == 100:
                group = max(group, 1) * last
            else:
                total, group = total + max(group, 1) * last, 0
        elif text == "and" and used and last >= 100 and index + 1 < len(words) and words[index + 1].text in _SMALL:
            continue
        else:
            break
        used = index + 1
    return total + group, used
