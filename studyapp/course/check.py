"""The author's gate: load, compile, lint and coverage in one report. `python -m studyapp.course.check DIR` prints it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from studyapp.course.compile import compile_course
from studyapp.course.coverage import coverage
from studyapp.course.lint import ERRORS, RULES, lint
from studyapp.course.load import LoadedCourse, read_course
from studyapp.course.problems import Problem
from studyapp.errors import StudyError


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Errors keep a course from being studied, warnings do not. `coverage` is None where there is no facts.yaml."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    items: int
    coverage: dict[str, Any] | None

    @property
    def ok(self) -> bool:
        return not self.errors

    def lines(self, shown: int = 20) -> list[str]:
        """The report for people: errors, warnings (each at most `shown`), and a summary."""
        lines = [*_told(self.errors, shown), *(f"warning: {line}" for line in _told(self.warnings, shown))]
        summary = f"{self.items} items, {len(self.errors)} errors, {len(self.warnings)} warnings"
        if self.coverage is not None:
            tested = "; core facts {core_covered}/{core_total}, in two forms {core_two_forms}; useful {useful_covered}/{useful_total}"
            summary += tested.format(**self.coverage)
            if self.coverage["missing"]:
                lines.append("core facts that no item tests: " + ", ".join(self.coverage["missing"]))
        return [*lines, summary]


def _told(problems: Sequence[Problem], shown: int) -> list[str]:
    lines = [problem.told() for problem in problems[:shown]]
    return [*lines, f"and {len(problems) - shown} more"] if len(problems) > shown else lines


def check_course(directory: Path, as_published: bool = False) -> CheckReport:
    """Everything that can be said about a course; raises BadInput when the directory is no course.

    `as_published`: a deck of somebody's own cards is held to the rules of published courses too.
    """
    loaded, errors = read_course(directory)
    advice = {rule.id: rule.advice for rule in ERRORS}
    told = [replace(problem, advice=advice[problem.rule]) for problem in errors]
    ordered = tuple(sorted(told, key=lambda problem: (problem.file, problem.line)))
    if loaded is None:
        return CheckReport(ordered, (), 0, None)
    if not errors:
        compile_course(loaded)
    return CheckReport(ordered, tuple(lint(loaded, as_published)), len(loaded.items), facts_coverage(loaded))


def facts_coverage(loaded: LoadedCourse) -> dict[str, Any] | None:
    """`coverage` of a loaded course, None where it has no facts.yaml."""
    if loaded.facts is None:
        return None
    return coverage([item.model for item in loaded.items], {fact.id: fact.importance for fact in loaded.facts.entries})


def rules() -> list[dict[str, Any]]:
    """Every rule of the check: its id, what it wants, what to do, whether a breach is an error, and whether own cards are held to it."""
    return [
        {
            "rule": rule.id,
            "level": "error" if rule.is_error else "warning",
            "own_cards": rule.own,
            "wants": rule.wants,
            "advice": rule.advice,
        }
        for rule in RULES
    ]


def main(arguments: list[str]) -> int:
    """Exit code 0 ok (warnings too), 1 errors found, 2 not a course. `--all` shows every problem."""
    directories = [Path(argument) for argument in arguments if argument != "--all"]
    if not directories:
        print("usage: python -m studyapp.course.check [--all] DIR...", file=sys.stderr)
        return 2
    code = 0
    for directory in directories:
        try:
            report = check_course(directory)
        except StudyError as error:
            print(error, file=sys.stderr)
            return error.exit_code
        print("\n".join(report.lines(10_000 if "--all" in arguments else 20)))
        code = max(code, 0 if report.ok else 1)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
