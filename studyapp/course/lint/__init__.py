"""`course check`: what makes good items and courses, as far as a program can judge it. Warnings; what breaks studying is load.py's error.

RULES is the list that authors see with `studyapp course check --rules`. Where a rule is wrong about a line, a comment on
that line or above it says so: `# check: allow answer-elsewhere`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from studyapp.course.lint import between, cues, numbers, reasons, replies, whole
from studyapp.course.lint.rule import Rule, View
from studyapp.course.load import LoadedCourse
from studyapp.course.problems import Problem

ERRORS = (
    Rule("format", "The files are YAML in the course format (`studyapp course schema`).", ""),
    Rule(
        "reference",
        "Every id that is named exists: facts, siblings, spine, confusables, readiness, aliases.",
        "Mend the spelling, or add it",
    ),
    Rule(
        "contradiction",
        "No answer is judged in two ways: a wrong one is not accepted as right, and options differ.",
        "Keep it in one place",
    ),
    Rule(
        "draws",
        "Every draw of a number item has an answer, and no trap ever equals it.",
        "Mend the formula, or exclude such draws in `where`",
    ),
)
RULES: tuple[Rule, ...] = (*ERRORS, *cues.RULES, *replies.RULES, *reasons.RULES, *numbers.RULES, *between.RULES, *whole.RULES)

_ALLOW = re.compile(r"#\s*check:\s*allow\s+([a-z, -]+)")


def lint(loaded: LoadedCourse, as_published: bool = False) -> list[Problem]:
    """All warnings of a course that loaded, in file order. `as_published`: cards of somebody's own are held to all rules too."""
    view = View(loaded, as_published)
    found = [replace(problem, rule=rule.id, advice=rule.advice) for rule in RULES for problem in _problems(rule, view)]
    allowed = {file: _allowances(file) for file in {problem.file for problem in found}}
    left = [problem for problem in found if problem.rule not in allowed[problem.file].get(problem.line, ())]
    return sorted(left, key=lambda problem: (problem.file, problem.line))


def _problems(rule: Rule, view: View) -> Iterator[Problem]:
    if rule.on_course and (rule.own or not view.all_own):
        yield from rule.on_course(view)
    if rule.on_card:
        for card in view.cards:
            if rule.own or not card.own:
                yield from (card.item.problem(path, message) for path, message in rule.on_card(card))


def _allowances(file: str) -> dict[int, set[str]]:
    """By line, the rules that an author has set aside there: the comment's own line and the one below it."""
    try:
        lines = Path(file).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[int, set[str]] = defaultdict(set)
    for number, line in enumerate(lines, 1):
        match = _ALLOW.search(line)
        for place in (number, number + 1) if match else ():
            found[place] |= set(re.findall(r"[a-z-]+", match.group(1))) if match else set()
    return found
