"""What a reply means: strict, three outcomes, nothing silently wrong."""

from __future__ import annotations

import pytest

from labs.scenes.vocabulary import COLOURS
from labs.vlm_probes.reading import VOID, read

YES_NO = ("yes", "no")
COUNTS = tuple(str(n) for n in range(10))
SIDES = ("left", "right")
HIDDEN = (*COLOURS, "unknown")


@pytest.mark.parametrize(
    ("reply", "choices", "value"),
    [
        ("{3}", COUNTS, "3"),
        ("There are {3} circles.", COUNTS, "3"),
        ("{three}", COUNTS, "3"),
        ("{03}", COUNTS, "3"),
        (r"$\boxed{3}$", COUNTS, "3"),
        ("{3} ... so {3}.", COUNTS, "3"),
        ("3", COUNTS, "3"),
        ("3.", COUNTS, "3"),
        ("{Left}", SIDES, "left"),
        ("**{left}**", SIDES, "left"),
        ("Right!", SIDES, "right"),
        ("{YES}", YES_NO, "yes"),
        ("No.", YES_NO, "no"),
        ("{unknown}", HIDDEN, "unknown"),
        ("<think>it may be {red}</think>{blue}", HIDDEN, "blue"),
        ("{K7}", (), "K7"),
        ("{k 7}", (), "K7"),
        ("The label reads {K-7}", (), "K7"),
        ("K7", (), "K7"),
    ],
)
def test_an_answer_in_the_form_asked_for_is_a_value(reply: str, choices: tuple[str, ...], value: str) -> None:
    found = read(reply, choices)
    assert (found.outcome, found.value) == ("value", value)
    assert found.right(value)


@pytest.mark.parametrize(
    "reply",
    [
        "I can't tell.",
        "I cannot determine that from the picture",
        "Sorry, I am unable to help",
        "It is not clear",
        "",
        "{}",
        "{refused}",
        "It is impossible to say",
        "I don't know",
    ],
)
def test_a_refusal_is_neither_yes_nor_no(reply: str) -> None:
    assert read(reply, YES_NO).outcome == "refused"


@pytest.mark.parametrize(
    ("reply", "choices"),
    [
        ("Yes, there is one", YES_NO),
        ("No doubt, yes", YES_NO),
        ("There isn't any", YES_NO),
        ("{yes} or {no}", YES_NO),
        ("{left} I mean {right}", SIDES),
        ("{12}", COUNTS),
        ("{about 3}", COUNTS),
        ("{a red one}", HIDDEN),
        ("three circles", COUNTS),
        ("I see K", ()),
        ("The label says K7", ()),
        ("k7", ()),
        ("<think>{yes}", YES_NO),
    ],
)
def test_what_is_not_in_the_form_is_not_guessed_at(reply: str, choices: tuple[str, ...]) -> None:
    found = read(reply, choices)
    assert found.outcome in ("unparsed", "refused")
    assert found.value == ""
    assert not any(found.right(choice) for choice in choices)


def test_the_zoos_model_answers_a_bare_word() -> None:
    assert read("unknown", HIDDEN, "word").value == "unknown"
    assert read("6", COUNTS, "word").value == "6"
    assert read("circle", COUNTS, "word").outcome == "unparsed"
    assert read("<end>", (), "word").outcome == "unparsed"


def test_an_unstable_reply_is_void_and_never_right() -> None:
    assert read(None, YES_NO) is VOID
    assert not VOID.right("")


def test_the_lenient_rule_is_kept_apart_from_the_exact_one() -> None:
    found = read("{1112}", ())
    assert found.contains("12")
    assert not found.right("12")
