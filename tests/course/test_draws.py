from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.course.draws import Dice, Draw, combinations, draw_for, fresh_token
from studyapp.course.items import Item
from studyapp.errors import BadInput


def tokens(count: int) -> list[str]:
    return [fresh_token("sample:x", reps, "test") for reps in range(count)]


def test_a_draw_is_a_function_of_item_and_token(items: dict[str, Item]) -> None:
    for item in items.values():
        for token in tokens(5):
            assert draw_for(item, token) == draw_for(item, token.upper())


def test_a_draw_survives_json(items: dict[str, Item]) -> None:
    for item in items.values():
        draw = draw_for(item, "0123abcd")
        assert Draw.from_row(json.loads(json.dumps(draw.row()))) == draw


def test_every_draw_of_numbers_satisfies_where_and_all_occur(items: dict[str, Item]) -> None:
    seen = Counter(tuple(draw_for(items["patches"], token).params.items()) for token in tokens(400))
    body = items["patches"].body
    assert set(seen) == {tuple(draw.items()) for draw in combinations(body["params"], body["where"])}


def test_rare_combinations_are_found_too() -> None:
    item = Item("c:n", "number", "s", 0, body={"params": {"a": list(range(80)), "b": list(range(80))}, "where": "a == 79 and b == 79"})
    assert draw_for(item, "00000000").params == {"a": 79, "b": 79}


def test_options_come_in_every_position_equally_often(items: dict[str, Item]) -> None:
    first = Counter(draw_for(items["name-choice"], token).order[0] for token in tokens(600))
    expected = 600 / 3
    chi_square = sum((count - expected) ** 2 / expected for count in first.values())
    assert chi_square < 9.21  # 2 degrees of freedom, p = 0.01; the tokens are fixed, so this never flickers


def test_steps_are_never_shown_in_the_right_order(items: dict[str, Item]) -> None:
    orders = {draw_for(items["order"], token).order for token in tokens(200)}
    assert len(orders) == 5
    assert ("x", "y", "z") not in orders


def test_a_case_draws_for_what_it_asks(items: dict[str, Item]) -> None:
    assert draw_for(items["bill"], "00000001").params["n"] in (10, 20)
    assert sorted(draw_for(items["burned"], "00000001").order) == ["a", "b"]


@pytest.mark.parametrize("token", ["", "xyz", "123", "0123456789", "0123abcg"])
def test_a_bad_token_is_refused(items: dict[str, Item], token: str) -> None:
    with pytest.raises(BadInput, match="8 hex digits"):
        draw_for(items["patches"], token)


def test_tokens_differ_with_item_reps_and_salt() -> None:
    made = {fresh_token(key, reps, salt) for key in ("a", "b") for reps in range(50) for salt in ("x", "y")}
    assert len(made) == 200


@given(st.lists(st.integers(), unique=True), st.text())
def test_a_shuffle_keeps_everything(things: list[int], seed: str) -> None:
    assert sorted(Dice(seed).shuffled(things)) == sorted(things)
