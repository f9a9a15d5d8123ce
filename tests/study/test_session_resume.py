"""A session goes on where it was, from its JSON."""

import pytest

from studyapp.errors import BadInput
from studyapp.study.grading import Judgement, Outcome
from studyapp.study.session import Session, State
from studyapp.study.turns import Reason
from tests.study.sitting import AGAIN, HARD


@pytest.mark.parametrize("name", ["basic", "short", "number", "explain", "choice", "order", "lab"])
def test_it_goes_on_where_it_was_at_any_moment(sit, name):
    s = sit(cards=9)
    s.card(AGAIN, name="short")
    s.show(name)
    assert s.reopened() == s.session
    s.session.hint(s.now)
    assert s.reopened() == s.session
    s.session.submit(None, 60, s.now, Judgement(Outcome.RIGHT) if name == "lab" else None)
    if name == "explain":
        s.session.tick("p1", True)
    s.session.overrule(HARD)
    assert s.reopened() == s.session
    s.session.grade(None, s.now)
    assert s.reopened() == s.session
    s.session.end(Reason.LEFT)
    assert s.reopened() == s.session


def test_a_card_whose_item_is_gone_or_was_edited_is_asked_afresh(sit):
    s = sit()
    s.show("order")
    row = s.session.to_row()
    assert Session.from_row(row, lambda key: None).state is State.NEXT
    edited = s.items("order", steps=[{"id": "x", "text": "X"}, {"id": "y", "text": "Y"}])
    session = Session.from_row(row, lambda key: (edited, {}))
    assert (session.state, session.card) == (State.NEXT, None)


@pytest.mark.parametrize("row", [{}, {"shape": 99}, {"shape": 1, "config": {"hours": 3}}])
def test_a_row_that_cannot_be_read_says_so(row):
    with pytest.raises(BadInput, match="start a new one"):
        Session.from_row(row, lambda key: None)


def test_a_session_that_ended_can_go_on_after_an_undo(sit):
    s = sit()
    s.card()
    s.session.end(Reason.NOTHING_LEFT)
    s.session.reopen()
    assert (s.session.state, s.session.summary().reason) == (State.NEXT, None)
    s.show()
    s.session.reopen()
    assert (s.session.state, s.session.card) == (State.NEXT, None)
