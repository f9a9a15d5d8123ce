"""Whether a quote stands in an answer, where, and whether it can be evidence."""

from __future__ import annotations

import re
import unicodedata

from studyapp.study.grading.free.contract import Span

WORDS = 2  # a quote of fewer words
LETTERS = 5  # and fewer letters than these proves nothing, unless it is the whole answer

_LIKE = str.maketrans("’‘‛ʼ`´“”„‟«»‐‑‒–—−", "''''''\"\"\"\"\"\"------")
_EDGE = " \t\r\n\"'“”‘’«».…,;:"


def find_quote(quote: str, answer: str) -> Span | None:
    """Where the quote stands in the answer, as whole words; upper case, white space, accents and kinds of quotation marks may differ."""
    folded, where = _folded(answer)
    wanted = _folded(quote.strip(_EDGE))[0].strip()
    if not wanted:
        return None
    at = -1
    while (at := folded.find(wanted, at + 1)) >= 0:
        end = at + len(wanted)
        if not _inside_word(folded, at) and not _inside_word(folded, end):
            return where[at], where[end - 1] + 1
    return None


def telling(span: Span, answer: str) -> bool:
    """Whether the words are enough to say anything: two of them, or a long one, or all that was answered."""
    quoted = answer[span[0] : span[1]]
    letters = sum(c.isalnum() for c in quoted)
    return len(re.findall(r"\w+", quoted)) >= WORDS or letters >= LETTERS or letters == sum(c.isalnum() for c in answer)


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _folded(text: str) -> tuple[str, list[int]]:
    """Case-folded, without accents, white space as single blanks; and for each character where it came from."""
    out: list[str] = []
    where: list[int] = []
    for at, char in enumerate(text):
        for c in unicodedata.normalize("NFKD", char).casefold().translate(_LIKE):
            if unicodedata.combining(c) or not (c.isprintable() or c.isspace()):
                continue
            if c.isspace():
                if out and out[-1] == " ":
                    continue
                c = " "
            out.append(c)
            where.append(at)
    return "".join(out), where


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()
