"""Plain-text decks: every form of card, stable ids, and the line of what cannot be read."""

from __future__ import annotations

import pytest

from studyapp.errors import BadInput
from studyapp.interop.hashcards import is_deck, parse_deck

DECK = """\
# Notes that are no card

Q: What is the order of a group?
A: The cardinality of its
underlying set.

Q:
List the minerals.

A:

- ruthenium
- rhodium

C: [Paris] is the capital of [France].
---
Left out.
C: A token \\[x\\] like [[CLS]] and ![a](b.png).
C: The density [P(A|B)].
Q: What is the order of a group?
A: The cardinality of its
underlying set.
"""


def fields(text: str) -> list[tuple[str, ...]]:
    return [tuple(item[name] for name in ("kind", "ask", "answer") if name in item) for item in parse_deck(text, "d.md").items]


def test_every_form_of_card() -> None:
    assert fields(DECK) == [
        ("basic", "What is the order of a group?", "The cardinality of its\nunderlying set."),
        ("basic", "List the minerals.", "- ruthenium\n- rhodium"),
        ("cloze", "{{Paris}} is the capital of France."),
        ("cloze", "Paris is the capital of {{France}}."),
        ("cloze", "A token [x] like {{[CLS]}} and ![a](b.png)."),
        ("basic", "The density ____.", "P(A|B)"),
    ]


def test_the_deletions_of_one_text_are_siblings() -> None:
    items = parse_deck(DECK, "d.md").items
    assert items[2]["siblings"] == [items[3]["id"]]
    assert items[3]["siblings"] == [items[2]["id"]]
    assert "siblings" not in items[0]


def test_ids_hang_on_the_text_alone() -> None:
    first = parse_deck("Q: a\nA: b\n\nQ: c\nA: d", "d.md").items
    second = parse_deck("---\nname = 'x'\n---\nQ: new\nA: e\n---\nQ:  c \r\nA: d\r\n\r\nQ: a\nA: b\n\n", "other.txt").items
    assert [item["id"] for item in second[1:]] == [first[1]["id"], first[0]["id"]]
    assert first[0]["id"] == "card-" + first[0]["id"][5:]
    assert len({item["id"] for item in [*first, *second]}) == 3


@pytest.mark.parametrize(
    ("front", "name"),
    [
        ('---\nname = "My: deck"\n---\n', "My: deck"),
        ("+++\nother = 1\nname='x y'  # so\n+++\n", "x y"),
        ("---\nname = My deck\n---\n", "My deck"),
        ("---\n---\n", None),
        ("\ufeff---\nname = 'x'\n---\n", "x"),
        ("", None),
    ],
)
def test_the_name_of_the_deck(front: str, name: str | None) -> None:
    assert parse_deck(front + "Q: a\nA: b", "d.md").name == name


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A: b\n", 1),
        ("Q: a\n\nQ: b\nA: c", 1),
        ("Q: a\nA: b\nA: c", 3),
        ("Q: a\nA: b\n\nC: x [y]\nA: z", 5),
        ("Q: a\nA: b\nQ: c\n", 3),
        ("Q: a\n---\nA: b\n", 1),
        ("Q: a\nA:\n\n", 2),
        ("Q:\nA: b", 1),
        ("# t\n\nC: no deletion", 3),
        ("C: not [closed", 1),
        ("C: not] opened [x]", 1),
        ("C: empty []", 1),
        ("---\nname = 'x'\nQ: a\nA: b", 1),
        ("---\nname = 'x\n---\nQ: a\nA: b", 2),
    ],
)
def test_what_cannot_be_read_is_named_by_line(text: str, line: int) -> None:
    with pytest.raises(BadInput, match=rf"^d\.md:{line}: ") as told:
        parse_deck(text, "d.md")
    assert "\n" not in str(told.value)


def test_what_is_a_deck() -> None:
    assert is_deck("# x\n\nQ: a")
    assert is_deck("\ufeffC: [a] b")
    assert not is_deck("a\nquick: b\n")
    with pytest.raises(BadInput, match="no card"):
        parse_deck("# nothing", "d.md")
