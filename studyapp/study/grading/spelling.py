"""What a misspelt word may be: one spelling for British and American words, opposites, and slips that give another word."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path

_WORDS = Path(__file__).parent / "free" / "data" / "words.txt.gz"
_VOWEL = "[aeiouy]"
# British spelling -> American, by how a word ends. Both sides of a comparison go through it, so a word that is not British loses nothing.
_RULES = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"(?<=\w{3})is(?=(e|ed|es|er|ers|ing|able|ation|ations|ational)$)", "iz"),
        (r"(?<=\w{2})ys(?=(e|ed|es|er|ers|ing)$)", "yz"),
        (r"(?<=\w{3})our(?=(s|ed|ing|al|able|ite|less|ful|hood|hoods)?$)", "or"),
        (r"(?<=\w{2})tre(?=(s|d)?$)", "ter"),
        (r"bre(?=s?$)", "ber"),
        (rf"(?<={_VOWEL})([^aeiouy]+{_VOWEL})ll(?=(ed|ing|er|ers)$)", r"\1l"),
        (r"(?<=\w{3})ogue(?=s?$)", "og"),
        (r"grey", "gray"),
        (r"programme(?=s?$)", "program"),
        (r"artefact", "artifact"),
        (r"judgement", "judgment"),
        (r"(?<=def|lic|off)ence(?=s?$)", "ense"),
    )
)
# Beginnings that turn a word into its opposite.
_OPPOSITES = (
    ("inter", "intra"),
    ("pre", "post"),
    ("under", "over"),
    ("en", "de"),
    ("in", "de"),
    ("in", "ex"),
    ("im", "ex"),
    ("inter", "extra"),
    ("intra", "extra"),
    ("macro", "micro"),
    ("hyper", "hypo"),
    ("min", "max"),
    ("up", "down"),
    ("super", "sub"),
    ("homo", "hetero"),
    ("mono", "multi"),
    ("uni", "multi"),
    ("uni", "bi"),
    ("for", "back"),
    ("as", "des"),
    ("con", "di"),
)
_DENIALS = ("un", "non", "in", "im", "ir", "il", "dis", "de", "anti", "mis", "a")
NEGATIONS = frozenset(re.findall(r"\w+", "not no non without never nor neither cannot cant dont doesnt isnt arent wont"))


@lru_cache(maxsize=2048)
def one_spelling(word: str) -> str:
    """The word in American spelling: normalised -> normalized, neighbour -> neighbor, labelled -> labeled."""
    for pattern, to in _RULES:
        word = pattern.sub(to, word, count=1)
    return word


def is_word(word: str) -> bool:
    """Whether it is a frequent English word: then it may be what the writer meant, and is no slip of the fingers."""
    return word in _frequent()


def opposed(one: str, other: str) -> bool:
    """Whether two words look alike because one is the opposite of the other: intramodal, intermodal; unfrozen, frozen; lossless, lossy."""
    return _by_beginning(one, other) or _by_beginning(other, one) or _by_end(one, other) or _by_end(other, one)


def _by_beginning(one: str, other: str) -> bool:
    for a, b in _OPPOSITES:
        if one.startswith(a) and other.startswith(b) and one[len(a) :][:3] == other[len(b) :][:3] and len(one) > len(a) + 1:
            return True
    return any(one.startswith(denial) and one[len(denial) :][:4] == other[:4] and not other.startswith(denial) for denial in _DENIALS)


def _by_end(one: str, other: str) -> bool:
    stem = one.removesuffix("less")
    return stem != one and other.startswith(stem) and not other[len(stem) :].startswith("l")


@lru_cache(maxsize=1)
def _frequent() -> frozenset[str]:
    """The forms of about 20,000 words; the table is shared with the grader of free text (free/data/README.md)."""
    with gzip.open(_WORDS, "rt", encoding="utf-8") as lines:
        return frozenset(form for line in lines for form in line.split()[3:])
