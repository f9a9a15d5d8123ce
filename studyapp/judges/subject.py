"""Whether a passage shares a word with a question's rubric."""

from __future__ import annotations

from studyapp.study.grading.free.contract import Question
from studyapp.study.grading.free.prepare import prepared
from studyapp.study.grading.free.tokens import read


def names_the_subject(question: Question, passage: str) -> bool:
    """Whether any of its words of content (by stem) stands in the question, the reference, a key point, an alias or a false statement."""
    own = prepared(question).own
    return any(token.stem in own for token in read(passage).tokens if token.content)
