from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.course.items import KINDS
from studyapp.course.load import load_course
from studyapp.course.problems import CourseErrors
from studyapp.errors import BadInput

Write = Callable[..., Path]


def problems(folder: Path) -> list[str]:
    with pytest.raises(CourseErrors) as caught:
        load_course(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_every_kind_of_item_loads(sample: Path) -> None:
    loaded = load_course(sample)
    assert {item.model.kind for item in loaded.items} == set(KINDS)
    assert loaded.pages["s01"].startswith("# One")
    assert loaded.concepts == {"guess": "guessing", "swap": "swapping the two"}
    assert loaded.course.ready_by == "2027-01-31"


def test_an_item_knows_its_file_and_line(sample: Path) -> None:
    item = next(item for item in load_course(sample).items if item.model.id == "patches")
    problem = item.problem(("traps", 0, "say"), "is odd")
    assert str(problem) == f"{sample}/s02.yaml:14: patches.traps[0].say: is odd"


# What stands here is the inside of `- {id: a, ask: q, ...}`, or whole items where a text begins with "  -".
GOOD = {
    "no why, no facts": 'kind: short, accept: ["x"]',
    "folded text": "  - id: a\n    kind: basic\n    ask: >-\n      two\n      lines\n    answer: |\n      - a\n      - b\n",
    "two right options": "kind: choice, options: [{id: a, text: x, right: true}, {id: b, text: y, right: true}, {id: c, text: z}]",
    "a number trap without say": 'kind: number, params: {n: [1, 2]}, answer: "n", traps: [{value: "n + 1", concept: one}]',
    "an alias of YAML": "  - {id: a, kind: basic, ask: &q text, answer: *q}",
    "an empty section": "  []",
}


def whole(items: str) -> str:
    return items if items.startswith("  ") else f"  - {{id: a, ask: q, {items}}}"


@pytest.mark.parametrize("items", GOOD.values(), ids=GOOD.keys())
def test_good_files_load(write_course: Write, items: str) -> None:
    load_course(write_course(whole(items)))


NUMBER = "kind: number, params: {h: [1, 2, 3]}, answer: "
CHOICE = "kind: choice, options: "
BAD = {
    "unknown key": ('kind: basic, answr: "x"', "s01.yaml:3: a.answr: unknown key (did you mean `answer`?)"),
    "missing key": ("kind: basic", "s01.yaml:3: a.answer: is missing"),
    "number for text": ("kind: short, accept: [196]", "s01.yaml:3: a.accept[0]: must be text: put it in quotes"),
    "yes for text": ("kind: basic, answer: yes", "s01.yaml:3: a.answer: must be text"),
    "text for list": ("kind: short, accept: x", "a.accept: must be a list"),
    "the line of a nested field": (
        '  - id: a\n    kind: choice\n    ask: "q"\n    options:\n      - {id: a, text: x, right: true}\n      - {id: b, say: y}',
        "s01.yaml:8: a.options[1].text: is missing",
    ),
    "no kind": ("answer: x", "s01.yaml:3: a.kind: is missing"),
    "unknown kind": ("kind: quiz", "a.kind: the kind 'quiz' is not one of basic, cloze,"),
    "not an item": ("  - hello", "s01.yaml:3: items[0]: must be a mapping"),
    "bad id": ("  - {id: Bad_Id, kind: basic, ask: q, answer: x}", "Bad_Id.id: 'Bad_Id' is not allowed here"),
    "cloze without blank": ("kind: cloze", "a.ask: a cloze needs at least one blank"),
    "cloze with an empty form": ('  - {id: a, kind: cloze, ask: "{{x|}}"}', "a.ask: a blank has an empty form"),
    "missing without gap": ("kind: missing, shown: [x, y], accept: [z]", "a.shown: there must be one gap, written '___'"),
    "choice without right": (CHOICE + "[{id: a, text: x}, {id: b, text: y}]", "a.options: no option is marked"),
    "an option id twice": (CHOICE + "[{id: a, text: x, right: true}, {id: A, text: y}]", "a.options: the option id 'A' stands twice"),
    "equal options": (CHOICE + "[{id: a, text: x, right: true}, {id: b, text: X}]", "a.options[1].text: reads the same as 'a'"),
    "false without repair": ("kind: true-false-repair, truth: false", "a: `truth` is false, so `repair` must hold"),
    "more slots than members": ("kind: list, slots: 2, members: [{id: m, accept: [x]}]", "a: `slots` is 2 but there are only 1"),
    "a trap that is right": (
        'kind: short, accept: ["Patch  token"], traps: [{when: "patch token", concept: c}]',
        "a.traps[0].when: 'patch token' is also accepted as right",
    ),
    "unknown kind in then": ("kind: case, then: {kind: cloze}", "a.then: the kind 'cloze' is not one of"),
    "unknown key in then": ("kind: case, then: {kind: basic, answer: x, colour: red}", "a.then.colour: unknown key (there are answer,"),
    "no draw": (NUMBER + '"h", where: "h > 5"', "a.where: no combination of the params satisfies 'h > 5'"),
    "trap equals answer": (
        NUMBER + '"2 * h", traps: [{value: "h ** 2", concept: c}]',
        "a.traps[0].value: the trap equals the answer (4) for h = 2",
    ),
    "trap inside the tolerance": (
        NUMBER + '"h / 7", traps: [{value: "h / 7.01", concept: c}]',
        "a.traps[0].value: the trap equals the answer",
    ),
    "answer without value": (NUMBER + '"1 / (h - 2)"', "a.answer: division by zero (in '1 / (h - 2)', column 3), for h = 2"),
    "unknown parameter": (NUMBER + '"h * w"', "a: `answer` uses 'w', which is not in `params`"),
    "bad expression": (NUMBER + '"h *"', "a: `answer`: the expression ends too early (in 'h *', column 4)"),
    "bad text of a number item": (NUMBER + '"h", worked: "{w}"', "a.worked: 'w' is not a parameter"),
    "rounded out of tolerance": (NUMBER + '"h / 900", round: 2', "a.round: the shown answer 0.0 is outside the tolerance"),
    "a number that YAML reads as text": (NUMBER + '"h", tolerance: 1e-3', "a.tolerance: must be a number"),
    "difficulty out of range": ("kind: basic, answer: x, difficulty: 9", "a.difficulty: must be at most 5"),
    "a key twice": ("kind: basic, answer: x, ask: r", "s01.yaml:3: items[0].ask: the key stands twice in one mapping"),
    "a key that is no text": ("kind: basic, answer: x, 3: x", "the key 3 must be text"),
    "unknown sibling": ("kind: basic, answer: x, siblings: [b]", "a.siblings[0]: unknown sibling 'b'"),
    "a Python object": ("kind: basic, answer: x, hint: !!python/object:os.system {}", "items[0].hint: the tag"),
    "malformed YAML": ('  - {id: a, kind: basic\n  - x: "', "s01.yaml:4: is not valid YAML"),
}


@pytest.mark.parametrize(("items", "expected"), BAD.values(), ids=BAD.keys())
def test_each_mistake_is_named_with_file_line_and_field(write_course: Write, items: str, expected: str) -> None:
    found = problems(write_course(whole(items)))
    assert any(expected in line for line in found), found
    assert len(found) == 1, "one mistake is one line"


def test_a_duplicate_id_names_both_places(write_course: Write) -> None:
    folder = write_course('  - {id: a, kind: basic, ask: "q", answer: "x"}\n  - {id: a, kind: basic, ask: "r", answer: "y"}')
    assert problems(folder) == [f"s01.yaml:4: a.id: the id stands twice: first at {folder}/s01.yaml:3"]


def test_unknown_facts_are_errors_once_there_is_a_coverage_map(write_course: Write) -> None:
    item = '  - {id: a, kind: basic, facts: [f1, f2], ask: "q", answer: "x"}'
    load_course(write_course(item))
    facts = 'entries:\n  - {id: f1, section: "1", kind: why, importance: core, statement: "s"}\n'
    assert problems(write_course(item, {"facts.yaml": facts})) == ["s01.yaml:3: a.facts[1]: unknown fact 'f2': it is not in facts.yaml"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("spine: [a, zz]", "course.yaml:6: spine[1]: unknown item 'zz'"),
        ("spine: [a, a]", "course.yaml:6: spine[1]: the item 'a' stands twice"),
        ("confusables:\n  - {id: g, items: [a, zz]}", "course.yaml:7: confusables[0].items[1]: unknown item 'zz'"),
        ("aliases: {old: zz}", "course.yaml:6: aliases.old: unknown item 'zz'"),
        ("readiness: {ideas: [{id: i, title: t, items: [zz]}]}", "course.yaml:6: readiness.ideas[0].items[0]: unknown item 'zz'"),
        ("  - {id: s02, title: Two, file: no.yaml}", "course.yaml:6: sections[1].file: there is no file"),
        ("  - {id: s02, title: Two, page: ../../etc/passwd}", "course.yaml:6: sections[1].page:"),
        ("  - {id: s01, title: Two}", "course.yaml:6: sections[1].id: the section id 's01' stands twice"),
        ("colour: red", "course.yaml:6: colour: unknown key"),
        ("ready_by: soon", "course.yaml:6: ready_by: 'soon' is not allowed here: write it as 2026-12-24"),
    ],
)
def test_mistakes_in_course_yaml(write_course: Write, lines: str, expected: str) -> None:
    course = 'id: small\ntitle: "Small"\nformat_version: 1\nsections:\n  - {id: s01, title: "One", file: s01.yaml}\n' + lines
    found = problems(write_course('  - {id: a, kind: basic, ask: "q", answer: "x"}', {"course.yaml": course}))
    assert found[0].startswith(expected), found


def test_a_section_file_must_belong_to_its_section(write_course: Write) -> None:
    folder = write_course(files={"s01.yaml": "section: s09\nitems: []\nextra: 1\n"})
    assert problems(folder) == [
        "s01.yaml:1: section: unknown section 's09': course.yaml gives this file to the section 's01'",
        "s01.yaml:3: extra: unknown key (a section file has section, concepts and items)",
    ]


def test_a_broken_item_does_not_make_its_id_unknown(write_course: Write) -> None:
    folder = write_course('  - {id: a, kind: basic, ask: "q"}\n  - {id: b, kind: basic, ask: "q", answer: "x", siblings: [a]}')
    assert problems(folder) == ["s01.yaml:3: a.answer: is missing"]


def test_all_problems_come_in_one_go_and_twenty_are_shown(write_course: Write) -> None:
    folder = write_course("".join(f'  - {{id: a{n}, kind: basic, ask: "q"}}\n' for n in range(25)))
    with pytest.raises(CourseErrors) as caught:
        load_course(folder)
    assert len(caught.value.problems) == 25
    assert caught.value.exit_code == 2
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 5 more"


def test_an_alias_bomb_is_refused(write_course: Write) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    assert "repeats itself through aliases" in problems(write_course(files={"s01.yaml": bomb}))[0]


def test_text_that_is_not_utf8_is_named(write_course: Write) -> None:
    folder = write_course()
    (folder / "s01.yaml").write_bytes(b"section: s01\nitems: [\xff]\n")
    assert problems(folder) == ["s01.yaml:2: is not UTF-8 text"]


def test_a_folder_without_course_yaml_is_no_course(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"has no course\.yaml"):
        load_course(tmp_path)
