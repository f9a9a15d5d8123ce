"""Warnings about a course as a whole: its concepts, its labs, its pages, and what the position of answers gives away."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from studyapp.course.load import LoadedCourse
from studyapp.course.problems import Problem
from studyapp.course.schema import Case

LONGEST_MARGIN = 0.05  # above chance (LABS.md section 9, goal 5)
LONGEST_FROM = 20  # choice items, before which the share says little
BASIC_SHARE = 1 / 3
PAGE_WORDS = 260
DIAGRAM_COLUMNS = 72


def lint_course(loaded: LoadedCourse) -> list[Problem]:
    """All warnings that need more than one item."""
    return [*_concepts(loaded), *_labs(loaded), *_groups(loaded), *_facts(loaded), *_shares(loaded), *_pages(loaded)]


def _course_problem(loaded: LoadedCourse, field: str, message: str) -> Problem:
    return Problem(loaded.course_file.file, loaded.course_file.line((field,)), field, message)


def _concepts(loaded: LoadedCourse) -> Iterator[Problem]:
    for item in loaded.items:
        inside = isinstance(item.model, Case)
        part: Any = item.model.then if isinstance(item.model, Case) else item.model
        for name in ("options", "traps"):
            for index, entry in enumerate(getattr(part, name, ())):
                if entry.concept is not None and entry.concept not in loaded.concepts:
                    path = (*(("then",) if inside else ()), name, index, "concept")
                    yield item.problem(path, f"{entry.concept!r} has no label under `concepts`")


def _labs(loaded: LoadedCourse) -> Iterator[Problem]:
    known = {*loaded.course.labs, *(loaded.facts.labs if loaded.facts else ())}
    for item in loaded.items:
        for lab in item.model.links.lab or ():
            if known and lab not in known:
                yield item.problem(("links", "lab"), f"no lab {lab!r} is named in course.yaml or facts.yaml")


def _groups(loaded: LoadedCourse) -> Iterator[Problem]:
    groups: dict[str, list[str]] = defaultdict(list)
    for group in loaded.course.confusables:
        for member in group.items:
            groups[member].append(group.id)
    for member, names in groups.items():
        if len(names) > 1:
            yield _course_problem(loaded, "confusables", f"{member!r} is in several groups ({', '.join(names)}); the first counts")


def _facts(loaded: LoadedCourse) -> Iterator[Problem]:
    if loaded.facts is None:
        return
    for item in loaded.items:
        if not item.model.facts:
            yield item.problem(("facts",), "names no fact of facts.yaml")


def _shares(loaded: LoadedCourse) -> Iterator[Problem]:
    """Guessing by length must not pay, and rating oneself must not be most of the course."""
    parts: list[Any] = [item.model.then if isinstance(item.model, Case) else item.model for item in loaded.items]
    single = [part.options for part in parts if hasattr(part, "options") and sum(option.right for option in part.options) == 1]
    longest = sum(max(options, key=lambda option: len(option.text)).right for options in single)
    chance = sum(1 / len(options) for options in single) / max(1, len(single))
    if len(single) >= LONGEST_FROM and longest / len(single) > chance + LONGEST_MARGIN:
        message = f"the longest option is right in {longest} of {len(single)} choice items; by chance it would be {chance:.0%}"
        yield _course_problem(loaded, "sections", message)
    basic = sum(part.kind == "basic" for part in parts)
    if len(parts) >= LONGEST_FROM and basic > len(parts) * BASIC_SHARE:
        yield _course_problem(loaded, "sections", f"{basic} of {len(parts)} items are `basic`; at most a third")


def _pages(loaded: LoadedCourse) -> Iterator[Problem]:
    for section in loaded.course.sections:
        text = loaded.pages.get(section.id)
        if text is None:
            continue
        file = str(loaded.directory / (section.page or ""))
        count = len(re.findall(r"\w+", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))
        if count > PAGE_WORDS:
            yield Problem(file, 1, "", f"the page has {count} words outside its diagram; at most {PAGE_WORDS} can be read in a minute")
        fenced = False
        for number, line in enumerate(text.splitlines(), 1):
            fenced ^= line.startswith("```")
            if fenced and len(line) > DIAGRAM_COLUMNS:
                yield Problem(file, number, "", f"a line of the diagram has {len(line)} columns; at most {DIAGRAM_COLUMNS}")
            if not fenced and re.search(r"</?[a-z]+[^<>]*/?>", line):
                yield Problem(file, number, "", "contains HTML, which is shown as it stands; use Markdown")
