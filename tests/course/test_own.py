"""The text of own cards: whatever a learner types comes back as typed, and what stood in the file stays."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from studyapp.course.marked_yaml import parse_yaml
from studyapp.course.own import card_fields, entry, new_course, new_id, new_section, scalar, with_entries, without_entries
from studyapp.course.text import safe_text
from studyapp.errors import BadInput

CARD = {"id": "one", "kind": "basic", "ask": "What?", "answer": "That."}


@pytest.mark.parametrize(
    ("ask", "made"),
    [
        ("What does `[CLS]` stand for?", "what-does-cls-stand-for"),
        ("Don't stop", "dont-stop"),
        ("A ViT adds a {{[CLS]|class token}} token", "a-vit-adds-a-token"),
        ("Où est la bibliothèque ?", "ou-est-la-bibliotheque"),
        ("何ですか", "card"),
        ("x" * 60, "card"),
        ("word " * 40, "-".join(["word"] * 9)),
    ],
)
def test_an_id_is_made_from_the_cue(ask: str, made: str) -> None:
    assert new_id(ask, ()) == made


def test_an_id_that_is_taken_gets_a_number() -> None:
    assert new_id("What?", ["what"]) == "what-2"
    assert new_id("What?", ["what", "what-2", "what-3"]) == "what-4"


@pytest.mark.parametrize(
    "text",
    [
        'say "it": now',
        "it's",
        "[CLS] token",
        "{{x}} and {y}",
        "a\nb: c\n\n  d # e",
        "- x",
        "123",
        "true",
        "null",
        "no",
        "2026-01-02",
        "~",
        "#",
        "\\n",
    ],
)
def test_what_is_typed_comes_back_as_typed(text: str) -> None:
    fields = {**CARD, "ask": text, "why": f"{text}!"}
    assert yaml.safe_load("items:\n" + entry(fields)) == {"items": [fields]}


@given(st.text())
def test_any_safe_text_comes_back_from_both_parsers(text: str) -> None:
    text = safe_text(text).strip()
    fields = {"id": "x", "ask": text, "accept": [text, text + "x"]}
    for style in (entry(fields), entry(fields, 0), entry(fields, 6)):
        marked = parse_yaml("items:\n" + style, "f", problems := [])
        assert marked is not None, problems
        assert marked.data == {"items": [fields]}
        assert yaml.safe_load("items:\n" + style) == {"items": [fields]}


def test_an_id_that_yaml_would_not_read_as_text_is_quoted() -> None:
    assert [scalar(text) for text in ("vit-unit", "196", "yes", "cards.yaml", "1e3")] == [
        "vit-unit",
        '"196"',
        '"yes"',
        "cards.yaml",
        '"1e3"',
    ]


HAND = "# mine\nsection:   own   # here\nitems:\n{items}"


@pytest.mark.parametrize(
    "before",
    [
        "section: own\nitems:\n",
        "section: own\nitems:   # none yet",
        "section: own\nitems: []\n",
        "section: own\nitems:\n  - {id: a, kind: basic, ask: 'A?', answer: 'a'}  # a comment\n",
        "section: own\nitems:\n  - {id: a, kind: basic, ask: 'A?', answer: 'a'}",
        "section: own\nitems:\n- id: a\n  kind: basic\n  ask: >\n    folded\n    text\n  answer: |\n    # no comment\n\n",
        "section: own\nitems:\n    - id: a\n      answer: 'x'\n\n\n# the last line is the learner's\n",
        "items:\n  - id: a\n    answer: x\n\n# about the section\nsection: own\n",
        "items: [{id: a, answer: x}]\nsection: own\n",
        "\ufeffsection: own\r\nitems:\r\n  - id: a\r\n    answer: x\r\n",
        "---\nsection: own\nitems:\n  - id: a\n",
    ],
)
def test_an_entry_is_added_and_every_line_by_hand_stays(before: str) -> None:
    after = with_entries(before, "items", [CARD, {**CARD, "id": "two", "ask": "A\nB"}], "cards.yaml")
    old, new = (yaml.safe_load(text.removeprefix("\ufeff")) for text in (before, after))
    assert new == {**old, "items": [*(old["items"] or []), CARD, {**CARD, "id": "two", "ask": "A\nB"}]}
    rest = iter(after)
    assert all(sign in rest for sign in before)  # nothing was taken away, nothing moved
    assert ("\r\n" in before) == ("\r\n" in after)


@pytest.mark.parametrize(
    "before", ["", "items: 3\n", "section: own\n", "- a\n", "items: [\n", "items:\n  a: b\n", "items:\n  - a\n...\n# end\n"]
)
def test_a_file_that_cannot_be_added_to_is_named(before: str) -> None:
    with pytest.raises(BadInput, match=r"^cards\.yaml: cannot be added to"):
        with_entries(before, "items", [CARD], "cards.yaml")


def test_a_new_course_is_text_that_can_be_added_to() -> None:
    text = with_entries(
        new_course("own", 'My "cards"', [("own", "My cards", "cards.yaml")]), "sections", [{"id": "x", "title": "X: y"}], "f"
    )
    data = yaml.safe_load(text)
    assert (data["id"], data["title"], [s["id"] for s in data["sections"]]) == ("own", 'My "cards"', ["own", "x"])
    assert yaml.safe_load(new_section("own")) == {"section": "own", "items": None}


@pytest.mark.parametrize(
    ("given_fields", "kind"),
    [
        ({"ask": "A?", "answer": "a"}, "basic"),
        ({"ask": "A {{b}}"}, "cloze"),
        ({"ask": "What does {{ x }} mean in Jinja?", "answer": "a value"}, "basic"),
        ({"ask": "A?", "answer": "a", "accept": ["b", "a"]}, "short"),
        ({"ask": "A?", "answer": "a", "kind": "short"}, "short"),
    ],
)
def test_the_kind_follows_from_what_is_given(given_fields: dict, kind: str) -> None:
    fields = card_fields(**given_fields)
    assert fields["kind"] == kind
    if kind == "short":
        assert fields["accept"][0] == "a"
        assert len(fields["accept"]) == len(set(fields["accept"]))


@pytest.mark.parametrize(
    "given_fields",
    [
        {"ask": " ", "answer": "a"},
        {"ask": "A?"},
        {"ask": "A {{b}}", "answer": "b", "kind": "cloze"},
        {"ask": "A?", "answer": "a", "kind": "basic", "accept": ["b"]},
        {"ask": "A?", "answer": "a", "kind": "number"},
    ],
)
def test_parts_that_do_not_fit_are_told(given_fields: dict) -> None:
    with pytest.raises(BadInput):
        card_fields(**given_fields)


PARTS = {
    "head": "section: s   # mine\nitems:\n  # about one\n",
    "one": '  - id: one\n    kind: basic\n    ask: "What?"\n\n    answer: |-\n      That\n\n      and this\n',
    "between": "  # about two\n\n",
    "two": '  - {id: two, kind: basic, ask: "Two?", answer: "2"}   # beside\n',
    "three": '  - id: three\n    kind: cloze\n    ask: "{{3}}"\n',
    "end": "    # after three\n",
}
BLOCKS = "".join(PARTS.values())


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ids", [["one"], ["two"], ["three"], ["one", "three"], ["one", "two"], ["two", "three"]])
def test_entries_are_taken_out_and_all_else_stays(ids: list[str], newline: str, mark: str) -> None:
    left = without_entries(mark + BLOCKS.replace("\n", newline), "items", ids, "f.yaml")
    assert left == mark + "".join(part for name, part in PARTS.items() if name not in ids).replace("\n", newline)


@pytest.mark.parametrize("ids", [["one", "two", "three"], ["nobody"]])
def test_none_left_or_none_there(ids: list[str]) -> None:
    if ids == ["nobody"]:
        assert without_entries(BLOCKS, "items", ids, "f.yaml") == BLOCKS
    else:
        with pytest.raises(BadInput, match=r"f\.yaml"):
            without_entries(BLOCKS, "items", ids, "f.yaml")


@pytest.mark.parametrize("text", ["items: [{id: one}, {id: two}]\n", "items:\n", "other: 1\n", "items: [\n", "- a\n", ""])
def test_a_list_in_another_style_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="one"):
        without_entries(text, "items", ["one"], "f.yaml")


def test_a_hint_is_a_field_of_the_card() -> None:
    assert card_fields("What?", "That", hint=" think ") == {"kind": "basic", "ask": "What?", "answer": "That", "hint": "think"}
