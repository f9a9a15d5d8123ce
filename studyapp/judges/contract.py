"""What a judge is and what asking one gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from studyapp.study.grading.free.contract import Graded, Question

DEFAULT = "default"


class NoVerdict(Exception):
    """The judge has none; the text says why, in a line. `down`: it was not able to try (not there, not ready, overloaded)."""

    def __init__(self, say: str, down: bool = False) -> None:
        super().__init__(say)
        self.down = down


@dataclass(frozen=True, slots=True)
class Judged:
    """A grade with the name of the judge who gave it, and a line on why it was not the one that was asked."""

    graded: Graded
    judge: str
    notice: str = ""


class Judge(Protocol):
    """`judge(question, answer)` grades or raises NoVerdict; it may block for `limit_s` seconds and is called from any thread."""

    name: str
    limit_s: float  # 0: it answers at once

    def __call__(self, question: Question, answer: str) -> Graded: ...

    def warm(self) -> None:
        """An answer is being written: get ready without blocking."""

    def close(self) -> None:
        """Let go of processes and connections."""


class Offline:
    """The default: the grader that needs no model."""

    name = DEFAULT
    limit_s = 0.0

    def __call__(self, question: Question, answer: str) -> Graded:
        return offline(question, answer)

    def warm(self) -> None:
        return

    def close(self) -> None:
        return


def offline(question: Question, answer: str) -> Graded:
    """The default's grade; its word tables are loaded on the first."""
    from studyapp.study.grading.free import grade

    return grade(question, answer)
