"""What is copied word for word needs no judgement: a point's own text, or the reference."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.study.grading.free.prepare import Prepared
from studyapp.study.grading.free.tokens import Text

SURE = 0.93
ENOUGH = 0.9  # share of the answer's words that the reference's make up, for the answer to be the reference


def copied_points(question: Prepared, text: Text) -> list[bool]:
    """For each point, whether its text stands in the answer, in full, in one piece, in no wider negation."""
    said = [(t.stem, t.negated) for t in text.tokens]
    out = []
    for words in question.verbatim[0]:
        out.append(len(words) > 1 and _inside(words, said))
    return out


def is_reference(question: Prepared, text: Text) -> bool:
    """Whether the answer is the reference, but for spelling marks and a few words more."""
    words = question.verbatim[1]
    said = [t.stem for t in text.tokens]
    return len(words) > 3 and len(words) >= ENOUGH * len(said) and _inside(words, said)


def _inside(words: Sequence[object], said: Sequence[object]) -> bool:
    if not words:
        return False
    return any(said[at] == words[0] and list(said[at : at + len(words)]) == list(words) for at in range(len(said) - len(words) + 1))
