"""The hint ladder of a card."""

import pytest

from studyapp.study.hints import METHOD, NUDGE, WORKED, hints_of


@pytest.fixture
def ladder(items):
    def of(name, **change):
        item = items(name, **change)
        return [(hint.level, hint.text) for hint in hints_of(item, items.draw(item))]

    return of


def test_the_authors_nudge_comes_first_then_the_form_of_the_answer(ladder):
    assert ladder("short", hint="A piece.") == [(NUDGE, "A piece."), (METHOD, "It begins like this: p.... t....")]
    assert ladder("cloze")[-1] == (METHOD, "It begins like this: [....; f.......; p......")


def test_a_number_shows_the_same_question_worked_with_other_numbers(items):
    item = items("number")
    draw = items.draw(item)
    (worked,) = hints_of(item, draw)
    assert worked.level == WORKED
    assert f"{draw.params['h']} x {draw.params['h']}, patches of {draw.params['p']}" not in worked.text


def test_where_there_is_one_draw_only_its_answer_is_not_given_away(ladder):
    assert ladder("share") == []


def test_items_of_other_kinds_have_the_authors_hint_or_none(ladder):
    assert ladder("choice") == []
    assert ladder("explain", hint="Count them.") == [(NUDGE, "Count them.")]
    assert ladder("lab") == []
