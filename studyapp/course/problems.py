"""What is wrong with a course's files: one `Problem` a line, `CourseErrors` for all of them in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studyapp.errors import BadInput

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect in one place; `line` counts from 1, `field` is the path an author would look for (`vit-unit.accept[0]`)."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        field = f"{self.field}: " if self.field else ""
        return f"{self.file}:{self.line}: {field}{self.message}"


class CourseErrors(BadInput):
    """Everything that keeps a course from being studied; `problems` has all of it, the text the first 20."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line)))
        super().__init__("\n".join(listing(self.problems)))


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
