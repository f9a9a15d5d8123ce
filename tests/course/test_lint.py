from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.course.lint import lint
from studyapp.course.load import load_course

Write = Callable[..., Path]
WHY = 'why: "There is a reason with many words of its own. (A, 2020)"'
CLEAN = f'  - {{id: a, kind: short, ask: "Which unit?", accept: ["patch token"], {WHY}}}'

WARNED = {
    "a long cue": ('kind: basic, answer: "x", ' + WHY + f', ask: "{"word " * 26}"', "a.ask: the cue has 26 words; at most 25"),
    "a long situation": (f'kind: case, {WHY}, then: {{kind: basic, answer: "x"}}, ask: "{"word " * 61}"', "a.ask: the cue has 61 words"),
    "a long answer": (f'kind: basic, ask: "q", {WHY}, answer: "{"word " * 31}"', "a.answer: the answer has 31 words"),
    "a long form": (f'kind: short, ask: "q", {WHY}, accept: ["one two three four five six seven"]', "7 words; at most 6 can be typed"),
    "no why": ('kind: basic, ask: "q", answer: "x"', "a.why: there is no `why`"),
    "a why that repeats": (
        'kind: basic, ask: "q", answer: "The encoder turns patches into features", why: "Patches: the encoder turns into features. (A)"',
        "a.why: the reason only repeats the answer",
    ),
    "a leak": (
        f'kind: short, ask: "A Patch Token is what?", accept: ["patch token"], {WHY}',
        "a.ask: gives the answer away: 'patch token'",
    ),
    "a leak of a cloze": (f'kind: cloze, ask: "Patches: a {{{{patches}}}}.", {WHY}', "a.ask: gives the answer away: 'patches'"),
    "a leak in the hint": (f'kind: short, ask: "q", hint: "a bridge", accept: ["bridge"], {WHY}', "a.hint: gives the answer away"),
    "a trap without say": (
        f'kind: short, ask: "q", accept: ["x"], {WHY}, traps: [{{when: "y", concept: known}}]',
        "a.traps[0]: has no `say`",
    ),
    "an option without say": (
        f'kind: choice, ask: "q", {WHY}, options: [{{id: a, text: x, right: true, say: s}}, {{id: b, text: y, concept: known}}]',
        "a.options[1]: has no `say`",
    ),
    "a wrong option without concept": (
        f'kind: choice, ask: "q", {WHY}, options: [{{id: a, text: x, right: true, say: s}}, {{id: b, text: y, say: s}}]',
        "a.options[1]: a wrong option without a `concept`",
    ),
    "an unlabelled concept": (
        f'kind: short, ask: "q", accept: ["x"], {WHY}, traps: [{{when: "y", concept: other, say: s}}]',
        "a.traps[0].concept: 'other' has no label under `concepts`",
    ),
    "a list of unknown length": (
        f'kind: list, ask: "Name the bridges.", slots: 2, members: [{{id: a, accept: [x]}}, {{id: b, accept: [y]}}], {WHY}',
        "a.ask: does not say how many are asked for (2)",
    ),
    "how many are right": (
        f'kind: choice, ask: "Which?", {WHY}, options: [{{id: a, text: x, right: true, say: s}}, {{id: b, text: y, right: true, say: s}}, '
        "{id: c, text: z, concept: known, say: s}]",
        "a.ask: 2 options are right",
    ),
    "traps that give one number": (
        f'kind: number, ask: "{{n}}?", {WHY}, params: {{n: [2, 3]}}, answer: "n", '
        'traps: [{value: "n + 1", concept: known, say: s}, {value: "2 * n", concept: known, say: s}, '
        '{value: "n ** 2", concept: known, say: s}]',
        "a.traps[2].value: gives the same number as traps[1] (4) for n = 2",
    ),
    "a control character": (f'kind: basic, ask: "q\\x1b[2J", answer: "x", {WHY}', "a.ask: contains a control character"),
    "HTML": (f'kind: basic, ask: "q <b>x</b>", answer: "x", {WHY}', "a.ask: contains HTML"),
}


def warnings(folder: Path) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/") for problem in lint(load_course(folder))]


def write(write_course: Write, items: str, **files: str) -> Path:
    section = f'section: s01\nconcepts:\n  known: "a known slip"\nitems:\n{items}'
    return write_course(files={"s01.yaml": section, **{name.replace("_", "."): text for name, text in files.items()}})


def test_a_good_item_has_no_warning(write_course: Write) -> None:
    assert warnings(write(write_course, CLEAN)) == []


@pytest.mark.parametrize(("item", "expected"), WARNED.values(), ids=WARNED.keys())
def test_each_rule_warns_once_and_names_the_place(write_course: Write, item: str, expected: str) -> None:
    found = warnings(write(write_course, f"  - {{id: a, {item}}}"))
    assert len(found) == 1
    assert found[0].startswith("s01.yaml:5: ")
    assert expected in found[0]


def test_the_longest_option_must_not_be_right_too_often(write_course: Write) -> None:
    def items(right: str, wrong: str) -> str:
        options = f"options: [{{id: a, text: {right}, right: true, say: s}}, {{id: b, text: {wrong}, concept: known, say: s}}]"
        return "\n".join(f'  - {{id: a{n}, kind: choice, ask: "q", {WHY}, {options}}}' for n in range(20))

    assert any("the longest option is right in 20 of 20" in line for line in warnings(write(write_course, items("longer", "x"))))
    assert warnings(write(write_course, items("x", "longer"))) == []


def test_a_course_of_self_rated_items_is_noticed(write_course: Write) -> None:
    items = "\n".join(f'  - {{id: a{n}, kind: basic, ask: "q", answer: "x", {WHY}}}' for n in range(20))
    assert any("20 of 20 items are `basic`" in line for line in warnings(write(write_course, items)))


def test_pages_are_looked_at_too(write_course: Write) -> None:
    course = (
        'id: small\ntitle: "Small"\nformat_version: 1\nsections:\n  - {id: s01, title: "One", file: s01.yaml, page: p.md}\n'
        "confusables:\n  - {id: g, items: [a, b]}\n  - {id: h, items: [b, a]}\n"
    )
    page = f"word\n\n```\n{'x' * 73}\n```\n\n<br>\n"
    items = CLEAN + "\n" + CLEAN.replace("id: a", "id: b, links: {lab: nowhere}")
    folder = write(write_course, items, course_yaml=course + "labs: [patchify]\n", p_md=page)
    assert warnings(folder) == [
        "course.yaml:6: confusables: 'a' is in several groups (g, h); the first counts",
        "course.yaml:6: confusables: 'b' is in several groups (g, h); the first counts",
        "p.md:4: a line of the diagram has 73 columns; at most 72",
        "p.md:7: contains HTML, which is shown as it stands; use Markdown",
        "s01.yaml:6: b.links.lab: no lab 'nowhere' is named in course.yaml or facts.yaml",
    ]
