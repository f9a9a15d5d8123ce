"""A rubric with an answer, and the verdicts that a chat server may reply."""

from __future__ import annotations

import json
from typing import Any

from studyapp.study.grading.free import KeyPoint, Question

QUESTION = Question(
    question="Why does a vision transformer cut an image into patches?",
    reference="A single pixel carries little meaning, and attention compares every token with every other, so a token for each pixel "
    "would be far too expensive. Patches make the sequence short.",
    points=(
        KeyPoint(
            "attention over every pixel would be far too expensive", ("the cost grows with the square of the number of tokens",), True
        ),
        KeyPoint("a single pixel carries little meaning"),
        KeyPoint("patches make the sequence short"),
    ),
    anti=("patches are cut because a GPU cannot hold the image",),
)
ANSWER = (
    "One pixel says next to nothing on its own. Attention over all of them would cost far too much, so patches keep the sequence short."
)


def verdicts(*quotes: str | None, false: tuple[str | None, ...] = (None,), other: str | None = None) -> str:
    """A reply of the right form: for each point the quote that is claimed, None where it is not said."""

    def rows(found: tuple[str | None, ...]) -> list[dict[str, Any]]:
        return [{"n": n, "said": quote is not None, "quote": quote or ""} for n, quote in enumerate(found, 1)]

    found = {"points": rows(quotes), "false_statements": rows(false), "other_error": {"said": other is not None, "quote": other or ""}}
    return json.dumps(found)
