"""A learner at a session, for the tests of the session."""

import json

from studyapp.memory.policy import previews
from studyapp.memory.state import NEW, Moment, Phase, Rating, Schedule, Settings
from studyapp.study.session import Session
from studyapp.study.turns import Config, Look, Presented, Turn

AGAIN, HARD, GOOD, EASY = Rating
T0 = 1_780_000_000_000
REVIEWED = Schedule(Phase.REVIEW, 0, 8.0, 5.0, T0 - 8 * 86_400_000, T0 // 86_400_000 - 8, None, T0 // 86_400_000, 8, 3, 0)


class Sitting:
    """A learner at a session: a clock, and one call for a whole card."""

    def __init__(self, items, **config):
        self.items, self.now, self.session = items, T0, Session(Config(**config))

    def show(self, name="basic", turn=Turn.REVIEW, key=None):
        item = self.items(name, key)
        foreseen = previews(NEW if turn is Turn.NEW else REVIEWED, Moment(self.now), Settings(fuzz=False), item.key)
        self.session.present(Presented(item, self.items.draw(item), turn, foreseen), self.now)
        return self.session

    def wait(self, seconds):
        self.now += int(seconds * 1000)

    def card(self, rating=GOOD, name="basic", turn=Turn.REVIEW, key=None, seconds=5.0):
        self.show(name, turn, key)
        self.wait(seconds)
        self.session.submit(None, None, self.now)
        return self.session.grade(rating, self.now)

    def answer(self, value, name, seconds=5.0, **kwargs):
        self.show(name, **kwargs)
        self.wait(seconds)
        return self.session.submit(value, None, self.now)

    def wants(self):
        """Everything it would want, in order, if each one led to nothing."""
        found = []
        while not found or found[-1].look is not Look.STOP:
            found.append(self.session.wants(self.now, len(found)))
        return found

    def reopened(self):
        """The same session from its JSON."""
        row = json.loads(json.dumps(self.session.to_row()))
        return Session.from_row(row, lambda key: (self.items(key[2:]), previews(REVIEWED, Moment(self.now), Settings(fuzz=False), key)))


def looks(wants):
    return [(want.look, want.key) if want.key else want.look for want in wants]
