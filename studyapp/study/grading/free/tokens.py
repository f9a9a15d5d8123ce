"""A typed text as tokens that know where they stand: words, numbers, arrows; clauses, sentences; what is negated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from studyapp.study.grading.free.lexicon import stem
from studyapp.study.grading.free.smallwords import BREAK, CLAUSE, LIGHT, META, NOT, NUMBERS, SHORT, STOP, UN

MAX_TEXT = 1800  # characters that are read: this many from the beginning and 600 from the end of a longer text
MAX_TAIL = 600

_TOKEN = re.compile(r"[^\W\d_²]+(?:['’ʼ][^\W\d_²]+)*|\d+(?:[.,]\d+)*|->|=>|[→⇒²&+×≠≈∞%^*/=<>]")
_ENDS = re.compile(r"[.!?;:\n•]+(?=\s|$)|\n|[;•]| [-–—] |—")
_COMMA = re.compile(r"[,()]")


@dataclass(frozen=True, slots=True)
class Token:
    """`start`, `end`: characters of the text as typed. `negated`: an odd number of negations reach it."""

    word: str
    stem: str
    start: int
    end: int
    clause: int
    sentence: int
    content: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class Text:
    tokens: tuple[Token, ...]
    clauses: tuple[tuple[int, int], ...]  # first token and last + 1
    commas: int


Repair = Callable[[str], str]


def read(text: str, repair: Repair | None = None) -> Text:
    """Tokens of a text; `repair` maps a misspelt word to the one that is meant."""
    if len(text) > MAX_TEXT + MAX_TAIL:
        text = text[:MAX_TEXT] + " " * (len(text) - MAX_TEXT - MAX_TAIL) + text[-MAX_TAIL:]  # offsets stay true
    folded, where = _folded(text)
    raw: list[tuple[str, int, int, int, int]] = []
    clause = sentence = 0
    last = 0
    fresh = True  # nothing in this clause yet
    for found in _TOKEN.finditer(folded):
        between = folded[last : found.start()]
        if not fresh and _ENDS.search(between + " "):
            clause, sentence, fresh = clause + 1, sentence + 1, True
        elif not fresh and _COMMA.search(between):
            clause, fresh = clause + 1, True
        last = found.end()
        for word in _words(found.group(), folded, found.start(), repair):
            if word in CLAUSE and not fresh:
                clause, fresh = clause + 1, True
            raw.append((word, where[found.start()], where[found.end() - 1] + 1, clause, sentence))
            fresh = False
    spoken_to = _spoken_to(folded, where, raw)
    negated = _negated([(word, c, s) for word, _, _, c, s in raw])
    tokens = []
    for (word, start, end, clause, sentence), flag in zip(raw, negated, strict=True):
        base, inner = _base(word)
        content = (word not in STOP or word in LIGHT) and sentence not in spoken_to
        tokens.append(Token(word, base, start, end, clause, sentence, content, flag != inner))
    return Text(tuple(tokens), _clauses(tokens), len(_COMMA.findall(folded)))


# A sentence that asks the grader for a mark says nothing about the question, whatever words it shares with it.
_ASKS_FOR_MARKS = re.compile(
    r"\b(?:(?:full|top|maximum) (?:marks?|credit|score|points)|(?:mark|grade|rate|count|score) (?:this|it|me|my answer)\b|dear grader|"
    r"ignore (?:all |any |the |your |previous |above |these )*(?:instructions?|key points?|rubric|prompt))"
)


def _spoken_to(folded: str, where: list[int], raw: list[tuple[str, int, int, int, int]]) -> set[int]:
    """Numbers of the sentences that speak to the grader."""
    at = [where[found.start()] for found in _ASKS_FOR_MARKS.finditer(folded)]
    return {sentence for _, start, end, _, sentence in raw if any(start <= place < end for place in at)}


def _folded(text: str) -> tuple[str, list[int]]:
    """Lower case without accents, and for each of its characters where it came from."""
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    out: list[str] = []
    where: list[int] = []
    for at, char in enumerate(text):
        plain = char if char in "²→" else unicodedata.normalize("NFKD", char).lower()
        for c in plain:
            if not unicodedata.combining(c):
                out.append("'" if c in "’ʼ`´" else "-" if c in "‐‑‒−" else c)
                where.append(at)
    where.append(len(text))
    return "".join(out), where


def _words(word: str, text: str, at: int, repair: Repair | None) -> Iterable[str]:
    if word[0].isdecimal():
        return (re.sub(r",(?=\d{3})", "", word).rstrip(".,"),)
    if word in ("->", "=>", "⇒"):
        return ("to",)
    if word in "×*^/=<>%":
        return ()
    if word == "w" and text[at : at + 3] == "w/o":
        return ("without",)
    if word == "o" and text[at - 2 : at] == "w/":
        return ()
    word = SHORT.get(word, word)
    word = NUMBERS.get(word, word)
    if word.endswith("n't"):
        return (word[:-3] if word != "can't" else "can", "not")
    if word == "cannot":
        return ("can", "not")
    if "'" in word:
        word = word.split("'")[0] or word.strip("'")
    if word in STOP or repair is None:
        return (word,)
    return (repair(word),)


def _base(word: str) -> tuple[str, bool]:
    """(stem, whether a prefix negates it): untrained is train, negated."""
    if word in UN:
        return stem(word[2:]), True
    return stem(word), False


def _negated(words: list[tuple[str, int, int]]) -> list[bool]:
    """Which words a negation reaches: from the negator to the end of its clause, or to a turn (but, rather, because)."""
    out = [False] * len(words)
    for at, (word, clause, sentence) in enumerate(words):
        after = words[at + 1][0] if at + 1 < len(words) else ""
        if word not in NOT and not (word == "rather" and after == "than"):
            continue
        if word in ("not", "no") and after in ("only", "just", "merely", "matter", "longer"):
            continue  # "not only X but Y"
        if word == "instead" and after != "of":
            continue
        meta = word in META or (word in ("wrong", "false", "incorrect") and after in ("that", "to"))
        if word in ("wrong", "false", "incorrect", "zero", "fail", "fails", "failed") and not meta:
            continue
        for to in range(at + 1, len(words)):
            other, c, s = words[to]
            if s != sentence or (not meta and (c != clause or (other in BREAK and not (other == "that" and to == at + 1)))):
                break
            out[to] = not out[to]
    return out


def _clauses(tokens: list[Token]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    first = 0
    for at in range(1, len(tokens) + 1):
        if at == len(tokens) or tokens[at].clause != tokens[first].clause:
            found.append((first, at))
            first = at
    return tuple(found)
