"""What warnings say, whom they are for, and how an author sets one aside; tests/course/rules has examples of every rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studyapp.course.check import check_course
from studyapp.course.compile import compile_course
from studyapp.course.lint import lint
from studyapp.course.load import load_course
from studyapp.course.own import new_course, new_section, with_entries

Write = Callable[..., Path]
CONTENT = Path(__file__).resolve().parents[2] / "content" / "week-13"
WHY = 'why: "There is a reason with many words of its own. (A, 2020)"'
CLEAN = f'  - {{id: a, kind: short, ask: "Which unit?", accept: ["patch token"], {WHY}}}'
LONG = "word " * 26

SAID = {
    "a long cue": (
        f'kind: basic, answer: "x", {WHY}, ask: "{LONG}"',
        "s01.yaml:5: a.ask: the cue has 26 words; at most 25. Cut it to the one question, or tell the situation in a `case` [cue-length]",
    ),
    "no why": (
        'kind: contrast, ask: "q", sides: [{name: A, points: [p]}, {name: B, points: [q]}]',
        "s01.yaml:5: a.why: there is no `why`. Say the reason and the common wrong answer in `why`, and end with the source [why-missing]",
    ),
    "a leak": (
        f'kind: short, ask: "A Patch Token is what?", accept: ["patch token"], {WHY}',
        "s01.yaml:5: a.ask: gives the answer away: 'patch token'. Say it in other words [answer-in-cue]",
    ),
    "a list of unknown length": (
        f'kind: list, ask: "Name the bridges.", slots: 2, members: [{{id: a, accept: [x]}}, {{id: b, accept: [y]}}], {WHY}',
        "s01.yaml:5: a.ask: does not say how many are asked for (2). Say the number of slots in the cue [list-length]",
    ),
    "traps that give one number": (
        f'kind: number, ask: "{{n}}?", {WHY}, params: {{n: [2, 3, 4, 5, 6, 7]}}, answer: "n", worked: "{{n}}", '
        'traps: [{value: "n + 1", concept: known, say: s}, {value: "2 * n", concept: known, say: s}, '
        '{value: "n ** 2", concept: known, say: s}]',
        "s01.yaml:5: a.traps[2].value: gives the same number as traps[1] (4) for n = 2. "
        "Exclude such draws in `where`, or drop one of the traps [trap-same]",
    ),
}


def warnings(folder: Path, as_published: bool = False) -> list[str]:
    return [problem.told().removeprefix(f"{folder}/") for problem in lint(load_course(folder), as_published)]


def write(write_course: Write, items: str, **files: str) -> Path:
    section = f'section: s01\nconcepts:\n  known: "a known slip"\nitems:\n{items}'
    return write_course(files={"s01.yaml": section, **{name.replace("_", "."): text for name, text in files.items()}})


def test_a_good_item_has_no_warning(write_course: Write) -> None:
    assert warnings(write(write_course, CLEAN)) == []


@pytest.mark.parametrize(("item", "expected"), SAID.values(), ids=SAID.keys())
def test_a_warning_says_where_what_and_what_to_do(write_course: Write, item: str, expected: str) -> None:
    assert warnings(write(write_course, f"  - {{id: a, {item}}}")) == [expected]


def test_warnings_come_in_the_order_of_the_files(write_course: Write) -> None:
    course = (
        'id: small\ntitle: "Small"\nformat_version: 1\nsections:\n  - {id: s01, title: "One", file: s01.yaml, page: p.md}\n'
        "confusables:\n  - {id: g, items: [a, b]}\n  - {id: h, items: [b, a]}\n"
    )
    page = f"word\n\n```\n{'x' * 73}\n```\n\n<br>\n"
    items = CLEAN + "\n" + CLEAN.replace("id: a", "id: b, links: {lab: nowhere}")
    folder = write(write_course, items, course_yaml=course + "labs: [patchify]\n", p_md=page)
    assert [line.partition(" ")[0] + line.rpartition(" ")[2] for line in warnings(folder)] == [
        "course.yaml:6:[group-twice]",
        "course.yaml:6:[group-twice]",
        "p.md:4:[page-width]",
        "p.md:7:[page-html]",
        "s01.yaml:6:[same-cue]",
        "s01.yaml:6:[lab-unknown]",
    ]


@pytest.mark.parametrize(
    "items",
    [
        f'  - {{id: a, kind: basic, answer: x, {WHY}, ask: "{LONG}"}}  # check: allow cue-length',
        f'  # Long, as it must be. # check: allow cue-length\n  - {{id: a, kind: basic, answer: x, {WHY}, ask: "{LONG}"}}',
        f"  - id: a\n    kind: basic\n    answer: x\n    {WHY}\n    ask: >-  # check: allow why-source, cue-length\n      {LONG}",
    ],
    ids=["at its end", "above it", "among others"],
)
def test_a_comment_on_the_line_or_above_it_sets_a_rule_aside(write_course: Write, items: str) -> None:
    assert warnings(write(write_course, items)) == []
    assert len(warnings(write(write_course, items.replace("allow", "mind")))) == 1


def test_a_comment_sets_no_other_rule_and_no_other_line_aside(write_course: Write) -> None:
    item = f'  - {{id: a, kind: basic, answer: x, {WHY}, ask: "{LONG}"}}'
    assert len(warnings(write(write_course, f"{item}  # check: allow answer-length"))) == 1
    assert len(warnings(write(write_course, f"  # check: allow cue-length\n\n{item}"))) == 1


OWN = [
    {"id": "capital", "kind": "basic", "ask": "What is the capital of France?", "answer": "Paris"},
    {"id": "tile", "kind": "short", "ask": "What does a ViT cut an image into?", "accept": ["patches"]},
    {"id": "sea", "kind": "cloze", "ask": "The sea is {{blue}}."},
]


def own_deck(tmp_path: Path, cards: list[dict[str, object]]) -> Path:
    """As `studyapp add` and `studyapp import` write it."""
    (tmp_path / "course.yaml").write_text(new_course("own", "My own cards", [("cards", "My own cards", "cards.yaml")]))
    (tmp_path / "cards.yaml").write_text(with_entries(new_section("cards"), "items", cards, "cards.yaml"))
    return tmp_path


def test_short_cards_of_ones_own_are_not_asked_for_reasons_and_sources(tmp_path: Path) -> None:
    assert warnings(own_deck(tmp_path, OWN)) == []
    many = [OWN[0] | {"id": f"c{n}", "ask": f"What is {n} times {n}?", "answer": str(n * n)} for n in range(60)]
    assert warnings(own_deck(tmp_path, many)) == []


def test_cards_of_ones_own_can_be_held_to_all_rules(tmp_path: Path) -> None:
    assert [line.rpartition(" ")[2] for line in warnings(own_deck(tmp_path, OWN), as_published=True)] == ["[why-missing]"] * 3


def test_what_is_wrong_with_any_card_is_said_of_ones_own_too(tmp_path: Path) -> None:
    bad = [
        {"id": "a", "kind": "basic", "ask": "Name the three primary colours", "answer": "red, green, blue"},
        {"id": "b", "kind": "short", "ask": "What is a patch token?", "accept": ["a patch token"]},
        {"id": "c", "kind": "basic", "ask": LONG, "answer": "x"},
    ]
    assert [line.rpartition(" ")[2] for line in warnings(own_deck(tmp_path, bad))] == ["[set-of-things]", "[answer-in-cue]", "[cue-length]"]


def test_the_shipped_course_has_no_warning() -> None:
    report = check_course(CONTENT)
    assert [problem.told() for problem in report.errors + report.warnings] == []


def test_the_shipped_course_says_which_facts_no_lab_can_run() -> None:
    facts = load_course(CONTENT).facts
    assert facts is not None
    declared = {fact.statement.casefold() for fact in facts.entries if fact.card_only}
    for word in ("interpolat", "frame", "style", "domain", "editab"):
        assert any(word in statement for statement in declared), word


def test_two_forms_of_a_core_fact_and_a_list_with_its_members_are_siblings_in_the_shipped_course() -> None:
    loaded = load_course(CONTENT)
    items = {item.id: item for item in compile_course(loaded)[1]}
    core = [fact.id for fact in (loaded.facts.entries if loaded.facts else ()) if fact.importance == "core"]
    assert core
    for fact in core:
        forms = [item for item in items.values() if fact in item.facts]
        assert any(other.key in one.siblings for one in forms for other in forms if other.kind != one.kind), fact
        main = [item for item in forms if item.facts[0] == fact]
        assert all(other.key in one.siblings for one in main for other in main if other is not one), fact
