from __future__ import annotations

import json
from dataclasses import replace

import pytest

from studyapp.course.draws import draw_for
from studyapp.course.items import Item
from studyapp.course.view import Reveal, Shown, reveal, show

TOKEN = "0123abcd"


def sides(item: Item, token: str = TOKEN) -> tuple[Shown, Reveal]:
    draw = draw_for(item, token)
    return show(item, draw), reveal(item, draw)


EXPECTED = {
    "name-basic": ("The **model**.", "The **model**."),
    "name-cloze": ("A ViT adds a **[CLS]** token before **the encoder**.", ["[CLS]", "the encoder"]),
    "name-short": ("patch token", "patch token"),
    "name-choice": ("This", "a"),
    "repair-false": ("**False.** They are not.", False),
    "repair-true": ("**True.**", True),
    "order": ("1. first\n2. second\n3. third", ["x", "y", "z"]),
    "list": ("- MLP\n- Q-Former", ["MLP", "Q-Former"]),
    "any-list": ("Any 1 of:\n\n- MLP\n- Q-Former", ["MLP", "Q-Former"]),
    "missing": ("Image → **bridge** → LLM", "bridge"),
    "contrast": ("**GAN**\n- sharp\n\n**VAE**\n- soft\n- steady", "GAN: sharp; VAE: soft, steady"),
    "explain": ("So.", "So."),
    "lab-one": ("", None),
    "burned": ("Yes", "a"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_kind_shows_and_reveals(items: dict[str, Item], name: str) -> None:
    shown, back = sides(items[name])
    assert (back.answer, back.value) == EXPECTED[name]
    assert shown.draw == TOKEN
    json.dumps([shown.as_json(), back.as_json()])


def test_a_cloze_shows_blanks(items: dict[str, Item]) -> None:
    shown, _ = sides(items["name-cloze"])
    assert shown.ask == "A ViT adds a ____ token before ____."
    assert shown.blanks == 2


def test_numbers_of_the_draw_are_in_every_text(items: dict[str, Item]) -> None:
    item = items["patches"]
    draw = replace(draw_for(item, TOKEN), params={"h": 336, "p": 16})
    shown, back = show(item, draw), reveal(item, draw)
    assert shown.ask == "How many patches of 16 in 336 x 336? {literal}"
    assert (shown.hint, shown.unit) == ("336 / 16", "patches")
    assert (back.answer, back.value, back.why, back.worked) == ("441 patches", 441, "A grid of 21.", "(336 / 16)^2 = 441")


def test_a_case_fills_its_situation_and_rounds_its_answer(items: dict[str, Item]) -> None:
    draw = replace(draw_for(items["bill"], TOKEN), params={"n": 10})
    shown, back = show(items["bill"], draw), reveal(items["bill"], draw)
    assert (shown.kind, shown.form, shown.ask) == ("case", "number", "A bill of 10 dollars is shared.")
    assert back.answer == "3.33%"
    assert back.value == pytest.approx(10 / 3)


def test_options_stand_in_the_order_of_the_draw_with_their_sentences(items: dict[str, Item]) -> None:
    draw = draw_for(items["name-choice"], TOKEN)
    shown, back = show(items["name-choice"], draw), reveal(items["name-choice"], draw)
    assert tuple(name for name, _ in shown.options) == draw.order
    assert shown.choose == 1
    assert back.says == {"a": "Yes.", "b": "No.", "c": "No."}


def test_points_to_tick_are_numbered(items: dict[str, Item]) -> None:
    assert sides(items["explain"])[1].points == (("p1", "one", False), ("p2", "two", True))
    assert sides(items["contrast"])[1].points[2] == ("p3", "VAE: steady", False)
    assert sides(items["repair-false"])[1].points == (("p1", "They are not.", True),)
    assert sides(items["repair-true"])[1].points == ()


def test_the_front_holds_no_answer(items: dict[str, Item]) -> None:
    for item in items.values():
        front = json.dumps(sides(item)[0].as_json())
        for secret in ("right", "accept", "They are not.", "Q-Former", "patch token", "bridge", "sharp", "Yes."):
            assert secret not in front or (secret == "Yes." and item.id == "burned")


def test_json_has_the_fields_that_front_ends_rely_on(items: dict[str, Item]) -> None:
    row = sides(items["order"])[0].as_json()
    assert row["id"] == "order"
    assert row["item"] == "sample:order"
    assert row["hints"] == []
    assert sorted(option["id"] for option in row["options"]) == ["x", "y", "z"]
    assert sides(items["list"])[0].as_json()["slots"] == 2
    assert sides(items["lab-one"])[0].as_json()["task"] == 1


def test_texts_cannot_drive_the_terminal() -> None:
    item = Item("c:a", "basic", "s", 0, body={"ask": "a\x1b]0;x\x07b", "answer": "\x9bc\u202ed", "why": "e\rf"})
    shown, back = sides(item)
    assert (shown.ask, back.answer, back.why) == ("a]0;xb", "cd", "e\nf")
