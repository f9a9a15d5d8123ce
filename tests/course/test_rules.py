"""Every rule of `course check` against courses that break it and courses that keep it: tests/course/rules/*.yaml.

A fixture is the fields of one item (`kind: short, ask: "..."`, with `why` added), a list of items, or a mapping of what a small course has:
item or mix (with `times`), items, course, facts, page, own. The line of the warning is the item's, or the one marked `# here`, or `at`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from studyapp.course.check import check_course, rules
from studyapp.course.lint import RULES

FOLDER = Path(__file__).with_name("rules")
FIXTURES: dict[str, dict[str, list[Any]]] = {}
for _file in sorted(FOLDER.glob("*.yaml")):
    FIXTURES |= yaml.safe_load(_file.read_text("utf-8"))

COURSE = 'id: small\ntitle: "Small"\nformat_version: 1\nsections:\n  - {id: s01, title: "One", file: s01.yaml, page: p.md}\n'
SECTION = 'section: s01\nconcepts: {c1: "slip one", c2: "slip two", c3: "slip three", c4: "slip four"}\nitems:\n'
MACROS = {
    "$why": 'why: "There is a reason in words of its own. (Smith, 2020)"',
    "$right": '{id: a, text: "a cat", right: true, say: "It purrs."}',
    "$wrong": '{id: b, text: "a bird", concept: c1, say: "It flies."}, {id: c, text: "a fish", concept: c2, say: "It swims."}',
    "$trap": 'traps: [{value: "n + 7", concept: c1, say: "Seven too many."}]',
    "$worked": 'worked: "From {n} follows the answer."',
    "$n": "params: {n: [2, 3, 5, 8, 9, 11]}",
    "$points": "points: [{text: p, aliases: [q, r], indispensable: true}, {text: s, aliases: [t, u]}, {text: v, aliases: [w, x, y]}]",
    "$anti": 'anti: ["It flies.", "It swims.", "It sings."]',
}


def expand(text: str) -> str:
    text = re.sub(r"\$words\((\d+)\)", lambda match: " ".join(["word"] * int(match.group(1))), text)
    for name, meant in sorted(MACROS.items(), reverse=True):
        text = text.replace(name, meant)
    return text


def one_item(fields: str, number: int = 0) -> str:
    fields = expand(fields)
    why = "" if re.search(r"\bwhy:", fields) else f", {MACROS['$why']}"
    return f"- {{id: a{number}, {fields}{why}}}".replace("@n", str(number))


def texts(fixture: Any) -> dict[str, str]:
    """The files of the course that a fixture describes."""
    given: dict[str, Any] = fixture if isinstance(fixture, dict) else {"items" if fixture.startswith("- ") else "item": fixture}
    items = [expand(given["items"]).rstrip()] if "items" in given else []
    for part in [*given.get("mix", ()), *([given] if "item" in given else [])]:
        first = len(items)
        items += [one_item(part["item"], number) for number in range(first, first + part.get("times", 1))]
    section = SECTION + "".join(f"  {line}\n" for line in "\n".join(items).splitlines())
    course = (COURSE.replace(", page: p.md", "") if given.get("own") else COURSE) + given.get("course", "")
    files = {"course.yaml": course, "s01.yaml": given.get("section", section)}
    if not given.get("own"):
        files["p.md"] = expand(given.get("page", "A page."))
    if "facts" in given:
        files["facts.yaml"] = "entries:\n" + "".join(f"  {line}\n" for line in given["facts"].splitlines())
    return files


def place(fixture: Any, files: dict[str, str]) -> tuple[str, int]:
    """Where a warning is expected."""
    if isinstance(fixture, dict) and "at" in fixture:
        file, _, line = fixture["at"].partition(":")
        return file, int(line)
    marked = [(file, n) for file, text in files.items() for n, line in enumerate(text.splitlines(), 1) if "# here" in line]
    return marked[0] if marked else ("s01.yaml", SECTION.count("\n") + 1)


def found(fixture: Any, folder: Path) -> tuple[list[tuple[str, str, int]], dict[str, str]]:
    """Rule, file and line of all errors and warnings, and the files."""
    files = texts(fixture)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    report = check_course(folder)
    problems = report.errors or report.warnings
    assert all(problem.advice or problem.rule == "format" for problem in problems)
    return [(problem.rule, Path(problem.file).name, problem.line) for problem in problems], files


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(rule, fixture, id=f"{rule}-{number}")
        for rule, fixtures in FIXTURES.items()
        for number, fixture in enumerate(fixtures[kind], 1)
    ]


@pytest.mark.parametrize(("rule", "fixture"), cases("bad"))
def test_a_course_that_breaks_a_rule_has_that_warning_alone_and_at_its_line(rule: str, fixture: Any, tmp_path: Path) -> None:
    problems, files = found(fixture, tmp_path)
    assert problems == [(rule, *place(fixture, files))], files


@pytest.mark.parametrize(("rule", "fixture"), cases("good"))
def test_a_course_that_keeps_a_rule_has_no_such_warning(rule: str, fixture: Any, tmp_path: Path) -> None:
    problems, files = found(fixture, tmp_path)
    errors = {one.id for one in RULES if one.is_error}
    assert not [problem for problem in problems if problem[0] == rule or problem[0] in errors], files


def test_every_rule_has_five_good_and_five_bad_examples() -> None:
    assert [rule["rule"] for rule in rules()] == [rule.id for rule in RULES]
    assert FIXTURES.keys() == {rule.id for rule in RULES}
    few = {rule: kind for rule, fixtures in FIXTURES.items() for kind in ("good", "bad") if len(fixtures[kind]) < 5}
    assert not few


def test_every_rule_says_what_it_wants_and_what_to_do() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
        assert rule.wants.endswith(".")
        assert rule.advice or rule.id == "format"
        assert not rule.advice.endswith(".")
