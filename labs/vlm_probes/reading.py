"""What a reply means: a value, nothing that can be read, or a refusal. Strict, so that a chatty reply is never silently wrong.

A model of the world is asked to write its answer in curly brackets, {3}; the zoo's own model answers one word, as it was trained to.
Three outcomes, each counted by itself: published parsers that must call everything yes or no (POPE's takes "I can't tell" for a yes)
measure themselves along with the model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from labs.scenes.vocabulary import NUMBERS

Outcome = Literal["value", "unparsed", "refused", "void"]
Form = Literal["word", "braces"]

BRACES = re.compile(r"\{([^{}]*)\}")
THOUGHT = re.compile(r"<think>.*?(</think>|\Z)", re.DOTALL | re.IGNORECASE)
REFUSAL = re.compile(
    r"\b(sorry|can\s?not|can['’]?t|could\s?n['’]?t|do(es)?\s?n['’]?t know|do not know|unable|not able|refuse|decline|unclear|uncertain)\b"
    r"|\b(impossible|no way) to (tell|say|know|determine)\b|\bnot (possible|visible|clear|sure|certain)\b",
    re.IGNORECASE,
)
EDGES = " \t\r\n.,;:!?\"'`*_()[]$\\"


@dataclass(frozen=True)
class Reading:
    """`value` is one of the choices (or a label) where the outcome is "value", else empty; `raw` the reply as it came."""

    outcome: Outcome
    value: str
    raw: str

    def right(self, answer: str) -> bool:
        """Whether it is this answer, exactly; whatever could not be read is not right."""
        return self.outcome == "value" and self.value == answer

    def contains(self, answer: str) -> bool:
        """Whether the answer stands anywhere in the reply: the lenient rule of OCR scores, shown beside the exact one."""
        return bool(self.raw) and answer.lower() in self.raw.lower()


VOID = Reading("void", "", "")  # asked three times, it did not say the same


def read(reply: str | None, choices: Sequence[str], form: Form = "braces") -> Reading:
    """Read a reply to a question with these choices (none: a label of capitals and digits).

    braces: the content of the one pair of brackets, or, without brackets, a reply that is a choice and nothing else. Two pairs that
    differ are unparsed: which one holds cannot be known. word: the first word.
    """
    if reply is None:
        return VOID
    text = THOUGHT.sub("", reply).strip()
    if form == "word":
        return _reading(_plain(text.partition(" ")[0], choices), reply)
    found = {_bare(content).lower(): content for content in BRACES.findall(text)}
    if len(found) == 1:
        [(bare, content)] = found.items()
        if bare in ("", "refused"):
            return Reading("refused", "", reply)
        return _reading(_choice(content, choices) if choices else _label(content), reply)
    if not found and (value := _plain(text, choices)) is not None:
        return Reading("value", value, reply)
    refused = not found and (not text or REFUSAL.search(text))
    return Reading("refused" if refused else "unparsed", "", reply)


def _reading(value: str | None, raw: str) -> Reading:
    return Reading("unparsed", "", raw) if value is None else Reading("value", value, raw)


def _plain(text: str, choices: Sequence[str]) -> str | None:
    """A reply without brackets that is an answer and nothing else; a label only where it is written in capitals and digits."""
    if choices:
        return _choice(text, choices)
    return _bare(text) if re.fullmatch(r"[A-Z0-9]{1,12}", _bare(text)) else None


def _choice(text: str, choices: Sequence[str]) -> str | None:
    """The choice that this text is; numbers may be words."""
    word = _bare(text).lower()
    if word in NUMBERS:
        word = str(NUMBERS.index(word))
    elif re.fullmatch(r"\d{1,9}", word, re.ASCII):
        word = str(int(word))
    return word if word in choices else None


def _label(text: str) -> str | None:
    """The sign or signs between brackets; spaces and hyphens between them do not count."""
    label = re.sub(r"[\s-]+", "", _bare(text)).upper()
    return label if re.fullmatch(r"[A-Z0-9]{1,12}", label) else None


def _bare(text: str) -> str:
    return text.strip(EDGES)
