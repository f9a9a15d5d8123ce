"""Laws of the session, whatever the learner does."""

import json

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from studyapp.course.draws import draw_for
from studyapp.course.items import Item
from studyapp.errors import BadInput
from studyapp.memory.policy import previews
from studyapp.memory.state import NEW, Moment, Rating, Settings
from studyapp.study.session import Session, State
from studyapp.study.turns import Config, Look, Presented, Turn

T0 = 1_780_000_000_000
LIMIT = 8
OPTIONS = [{"id": "a", "text": "A", "right": True}, {"id": "b", "text": "B", "concept": "bee", "say": "No."}]
BODIES = {
    "basic": {"ask": "?", "answer": "!"},
    "choice": {"ask": "?", "options": OPTIONS},
    "short": {"ask": "?", "accept": ["patch token"], "near": ["token"]},
    "explain": {"ask": "?", "reference": "!", "points": [{"text": "one", "indispensable": True}, {"text": "two"}, {"text": "three"}]},
}
VALUES = {"basic": ["!", None], "choice": ["a", "b", "z", None], "short": ["patch token", "token", "no"], "explain": ["words", None]}
ITEMS = {f"c:{kind}{n}": Item(f"c:{kind}{n}", kind, "s", 0, body=body) for kind, body in BODIES.items() for n in range(2)}


def find(key):
    return ITEMS[key], previews(NEW, Moment(T0), Settings(), key)


class Sitting(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.session, self.now, self.log, self.owed = Session(Config(cards=LIMIT)), T0, [], set()

    @rule(seconds=st.integers(0, 900))
    def time_passes(self, seconds):
        self.now += seconds * 1000

    @precondition(lambda self: self.session.state is State.NEXT)
    @rule(key=st.sampled_from(sorted(ITEMS)), empty=st.integers(0, 4))
    def next_card(self, key, empty):
        want = self.session.wants(self.now, empty)
        if want.look is Look.STOP:
            self.session.end(want.reason)
            return
        key = want.key or key
        if want.look is not Look.ITEM and key in want.exclude:
            return
        item, foreseen = find(key)
        self.session.present(Presented(item, draw_for(item, "00000001"), want.turn or Turn.REVIEW, foreseen), self.now)

    @precondition(lambda self: self.session.state in (State.ASK, State.RETRY))
    @rule(data=st.data(), confidence=st.none() | st.integers(-5, 120), hint=st.booleans())
    def answers(self, data, confidence, hint):
        retrying = self.session.state is State.RETRY
        if hint:
            self.session.hint(self.now)
        try:
            self.session.submit(data.draw(st.sampled_from(VALUES[self.session.card.presented.item.kind])), confidence, self.now)
        except BadInput:
            return
        assert self.session.state is State.REVEAL or not retrying  # one retry, no more

    @precondition(lambda self: self.session.state is State.REVEAL and self.session.card.judgement.points)
    @rule(point=st.sampled_from(["p1", "p2", "p3"]), found=st.booleans())
    def ticks(self, point, found):
        self.session.tick(point, found)

    @precondition(lambda self: self.session.state is State.REVEAL)
    @rule(rating=st.none() | st.sampled_from(Rating))
    def grades(self, rating):
        card, proposal = self.session.card, self.session.proposal
        try:
            graded = self.session.grade(rating, self.now)
        except BadInput:
            assert rating is None
            assert proposal is None or card.judgement.points
            return
        assert graded.rating is (rating or proposal)
        assert rating is not None or graded.rating is not Rating.EASY
        assert (graded.kind == "drill") == (graded.turn is Turn.DRILL)
        self.log.append(graded)
        if graded.rating is Rating.AGAIN:
            self.owed.add(graded.key)
        else:
            self.owed.discard(graded.key)

    @precondition(lambda self: self.session.state in (State.ASK, State.RETRY, State.REVEAL))
    @rule()
    def skips(self):
        self.owed.discard(self.session.card.key)
        self.session.discard(self.now)

    @precondition(lambda self: self.session.state in (State.RETRY, State.REVEAL))
    @rule()
    def takes_back(self):
        self.session.take_back(self.now)

    @invariant()
    def resumes_as_it_was(self):
        row = json.loads(json.dumps(self.session.to_row()))
        assert Session.from_row(row, find) == self.session
        assert Session.from_row(row, find).to_row() == row

    @invariant()
    def owes_a_right_recall_for_every_miss(self):
        assert set(self.session.summary().open) == self.owed

    @invariant()
    def counts_what_was_graded(self):
        summary = self.session.summary()
        answers = [graded for graded in self.log if graded.turn is not Turn.DRILL]
        assert (summary.cards, summary.drills) == (len(answers), len(self.log) - len(answers))
        assert summary.cards <= LIMIT
        assert summary.right + summary.again == summary.cards
        assert summary.minutes <= 3 * (summary.cards + summary.drills + 50)


TestSitting = Sitting.TestCase
TestSitting.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
