"""What is wrong with a course's files: one `Problem` a line, `CourseErrors` for all of them in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from studyapp.errors import BadInput

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect in one place; `line` counts from 1, `field` is the path an author would look for (`vit-unit.accept[0]`).

    `rule` is the id of the rule that found it (`studyapp course check --rules` lists them), `advice` what to do.
    """

    file: str
    line: int
    field: str
    message: str
    rule: str = ""
    advice: str = ""

    def __str__(self) -> str:
        field = f"{self.field}: " if self.field else ""
        return f"{self.file}:{self.line}: {field}{self.message}"

    def told(self) -> str:
        """The line for an author: with what to do, and the rule's id."""
        advice = f". {self.advice}" if self.advice else ""
        return f"{self}{advice} [{self.rule}]" if self.rule else f"{self}{advice}"

    def row(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)


class CourseErrors(BadInput):
    """Everything that keeps a course from being studied; `problems` has all of it, the text the first 20."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line)))
        super().__init__("\n".join(listing(self.problems)))


def tagged(problems: Iterable[Problem], rule: str) -> list[Problem]:
    """The problems as found by a rule, where they name none yet."""
    return [problem if problem.rule else replace(problem, rule=rule) for problem in problems]


def listing(problems: Sequence[Problem], shown: int = SHOWN) -> list[str]:
    """The first problems as lines, and how many more there are."""
    lines = [str(problem) for problem in problems[:shown]]
    if len(problems) > shown:
        lines.append(f"and {len(problems) - shown} more")
    return lines


def field_name(root: str, path: Iterable[str | int]) -> str:
    """`field_name("vit-unit", ("accept", 0))` is `vit-unit.accept[0]`."""
    name = root
    for part in path:
        if isinstance(part, int):
            name += f"[{part}]"
        else:
            name += f".{part}" if name else part
    return name
