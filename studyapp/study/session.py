"""The study session as a pure state machine: no clock, no store, no screen.

NEXT -> ASK -> (RETRY after a near answer) -> REVEAL -> graded, NEXT again -> ... -> DONE. All times are ms of UTC, given by the
caller. `to_row` is JSON at any moment, and `from_row` goes on from it: that is how a session resumes, and how a step is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from studyapp.course.draws import Draw, draw_for
from studyapp.course.items import Item
from studyapp.errors import BadInput
from studyapp.memory.state import Rating, Schedule
from studyapp.study.card import Card
from studyapp.study.grading import Judgement, Outcome, is_free_text, judge
from studyapp.study.pace import IDLE_CAP_MS
from studyapp.study.turns import Config, Graded, Look, Miss, Presented, Reason, Summary, Turn, Want

ASKED_AGAIN_AFTER = 3  # other cards between a miss and its drill
FREE_TEXT_WINDOW_MS = 15 * 60_000
SHAPE = 1  # of the row

Find = Callable[[str], tuple[Item, Mapping[Rating, Schedule]] | None]


class State(StrEnum):
    NEXT = "next"
    ASK = "ask"
    RETRY = "retry"
    REVEAL = "reveal"
    DONE = "done"


@dataclass(slots=True)
class Session:
    """One sitting. The caller asks `wants`, looks that up, `present`s it, passes on what the learner does, stores what `grade` gives."""

    config: Config = field(default_factory=Config)
    state: State = State.NEXT
    card: Card | None = None
    misses: list[Miss] = field(default_factory=list)
    reason: Reason | None = None
    _excluded: set[str] = field(default_factory=set)
    _free_text_ms: list[int] = field(default_factory=list)
    _last_key: str | None = None
    _cards: int = 0
    _drills: int = 0
    _right: int = 0
    _again: int = 0
    _active_ms: int = 0
    _new: list[str] = field(default_factory=list)
    _missed: list[str] = field(default_factory=list)

    # Which card comes next

    def wants(self, now_ms: int, empty: int = 0) -> Want:
        """What to look up for the next card; `empty`: how many of the wants before it led to nothing. The last is always STOP."""
        self._must_be(State.NEXT, State.DONE)
        wants = list(self._in_order(now_ms))
        return wants[min(empty, len(wants) - 1)]

    def present(self, presented: Presented, now_ms: int) -> None:
        """Show a card."""
        self._must_be(State.NEXT)
        if is_free_text(presented.item) and presented.turn is not Turn.DRILL:
            self._free_text_ms.append(now_ms)
        self.card = Card(presented, touched_ms=now_ms)
        self.state = State.ASK

    def discard(self, now_ms: int) -> None:
        """Drop the current card without a record (skipped, suspended, void); it does not come again in this session."""
        card = self._current(State.ASK, State.RETRY, State.REVEAL)
        self._active_ms += card.stay(now_ms)
        self.forget(card.key)
        self._excluded.add(card.key)
        self.card, self.state = None, State.NEXT

    def forget(self, key: str) -> None:
        """A missed item need not be asked again (it was suspended, or is gone)."""
        self.misses = [miss for miss in self.misses if miss.key != key]

    def rename(self, now_called: Callable[[str], str]) -> None:
        """Items may have other keys from now on."""
        for miss in self.misses:
            miss.key = now_called(miss.key)

    def end(self, reason: Reason) -> None:
        """The session is over; a card that was shown is not recorded."""
        self.card, self.state, self.reason = None, State.DONE, reason

    def reopen(self) -> None:
        """Go on after an end, or put the card in play aside as if it had not been shown (an earlier answer was undone)."""
        self.card, self.state, self.reason = None, State.NEXT, None

    # What the learner does with it

    def hint(self, now_ms: int) -> int:
        """Take one more hint; returns how many were taken."""
        card = self._current(State.ASK, State.RETRY)
        card.stay(now_ms)
        card.hints += 1
        return card.hints

    def submit(self, value: Any, confidence: int | None, now_ms: int, judgement: Judgement | None = None) -> Judgement:
        """The learner's answer (None: in the head). A first near answer leads to RETRY, everything else to REVEAL.

        `judgement` is for items that are judged elsewhere (in a lab). Raises BadInput, and changes nothing, when the value cannot be read.
        """
        card = self._current(State.ASK, State.RETRY)
        if confidence is not None and not 0 <= confidence <= 100:
            raise BadInput(f"confidence must be from 0 to 100, got {confidence}")
        judged = judgement or judge(card.presented.item, card.presented.draw, value)
        card.answered(value, confidence, judged, now_ms, retried=self.state is State.RETRY)
        self.state = State.RETRY if judged.outcome is Outcome.NEAR and not card.retried else State.REVEAL
        return judged

    def take_back(self, now_ms: int) -> bool:
        """From the reveal back to the question, as if nothing had been answered; False when there is nothing to take back."""
        if self.state not in (State.RETRY, State.REVEAL) or self.card is None:
            return False
        self.card.unanswered(now_ms)
        self.state = State.ASK
        return True

    def tick(self, point_id: str, found: bool) -> Judgement:
        """Tick or untick a key point; the proposal follows. Raises BadInput for an unknown point."""
        return self._current(State.REVEAL).tick(point_id, found)

    def settle(self, said: bool) -> Judgement:
        """The learner's answer to the doubt of a reading; the proposal follows."""
        return self._current(State.REVEAL).settle(said)

    def meant(self, yes: bool, now_ms: int) -> Judgement:
        """The learner's answer to "did you mean ...?" after a misspelt answer."""
        card = self._current(State.RETRY)
        if card.judgement is None or not card.judgement.meant:
            raise BadInput("nothing was asked: try once more")
        card.stay(now_ms)
        self.state = State.REVEAL
        return card.meant(yes)

    def rejudge(self, judgement: Judgement) -> None:
        """The item's text was edited after the answer: this is what it comes to now. Ticks stay where the points do."""
        card = self._current(State.RETRY, State.REVEAL)
        card.rejudged(judgement)
        self.state = State.RETRY if judgement.outcome is Outcome.NEAR and not card.retried else State.REVEAL

    def lucky(self, lucky: bool = True) -> None:
        """The learner says: right, but for the wrong reason."""
        self._current(State.REVEAL).lucky = lucky

    def overrule(self, rating: Rating) -> None:
        """The learner's own rating stands instead of the proposal; `grade` writes it."""
        self._current(State.REVEAL).overrule = rating

    @property
    def proposal(self) -> Rating | None:
        """What the accepting key would write; None before the reveal, and where the learner rates alone or ticks first."""
        return self.card.proposal() if self.card is not None and self.state is State.REVEAL else None

    @property
    def needs_key(self) -> bool:
        """Whether `again` is proposed for the learner's own words: then it takes their `again` key, `grade(None)` is refused."""
        return self.card is not None and self.state is State.REVEAL and self.card.needs_key()

    def grade(self, rating: Rating | None, now_ms: int) -> Graded:
        """Grade the card (None accepts the proposal) and be ready for the next. Raises BadInput where None is not enough."""
        card = self._current(State.REVEAL)
        card.stay(now_ms)
        graded = card.graded(rating)
        self._active_ms += min(card.spent_ms, IDLE_CAP_MS)
        self._count(graded)
        self._remember(graded, card)
        self._last_key = card.key
        self.card, self.state = None, State.NEXT
        return graded

    # Where it stands

    @property
    def cards(self) -> int:
        """Cards graded so far, drills not counted."""
        return self._cards

    def minutes_left(self) -> float | None:
        """Minutes of the budget that are left, not counting the current card; None without a budget."""
        return None if self.config.minutes is None else max(0.0, self.config.minutes - self._active_ms / 60_000)

    def summary(self) -> Summary:
        """What was done; at any moment."""
        return Summary(
            cards=self._cards,
            drills=self._drills,
            minutes=self._active_ms / 60_000,
            new=tuple(self._new),
            right=self._right,
            again=self._again,
            missed=tuple(self._missed),
            open=tuple(miss.key for miss in self.misses),
            reason=self.reason,
        )

    def resume(self, now_ms: int) -> None:
        """The learner is back: the time away is not counted."""
        if self.card is not None:
            self.card.touched_ms = now_ms

    # As data

    def to_row(self) -> dict[str, Any]:
        """JSON form of everything."""
        return {
            "shape": SHAPE,
            "config": asdict(self.config),
            "state": self.state.value,
            "card": self.card.row() if self.card else None,
            "misses": [asdict(miss) for miss in self.misses],
            "reason": self.reason.value if self.reason else None,
            "excluded": sorted(self._excluded),
            "free_text_ms": self._free_text_ms.copy(),
            "last_key": self._last_key,
            "counts": [self._cards, self._drills, self._right, self._again, self._active_ms],
            "new": self._new.copy(),
            "missed": self._missed.copy(),
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any], find: Find) -> Session:
        """Go on from a row. `find` gives an item and its previews now; a card whose item is gone or was edited is asked afresh.

        Raises BadInput for a row that this version cannot read.
        """
        try:
            if row["shape"] != SHAPE:
                raise ValueError(row["shape"])
            session = cls(
                config=Config(**row["config"]),
                state=State(row["state"]),
                card=_card(row["card"], find),
                misses=[Miss(**miss) for miss in row["misses"]],
                reason=Reason(row["reason"]) if row["reason"] else None,
                _excluded=set(row["excluded"]),
                _free_text_ms=list(row["free_text_ms"]),
                _last_key=row["last_key"],
                _new=list(row["new"]),
                _missed=list(row["missed"]),
            )
            session._cards, session._drills, session._right, session._again, session._active_ms = row["counts"]
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(f"the saved session cannot be read ({error!r}); start a new one") from None
        if session.card is None and session.state is not State.DONE:
            session.state = State.NEXT
        return session

    # The rules behind

    def _in_order(self, now_ms: int) -> Iterator[Want]:
        if self.reason is not None:
            yield Want(Look.STOP, reason=self.reason)
            return
        if self.config.minutes is not None and self._active_ms >= self.config.minutes * 60_000:
            yield Want(Look.STOP, reason=Reason.MINUTES)
            return
        due_for_drill = sorted(self.misses, key=lambda miss: (miss.key == self._last_key, -miss.since))
        if self.config.cards is not None and self._cards >= self.config.cards:
            yield from (self._again_want(miss, now_ms) for miss in due_for_drill)
            yield Want(Look.STOP, reason=Reason.CARDS)
            return
        free_text = sum(at > now_ms - FREE_TEXT_WINDOW_MS for at in self._free_text_ms) < self.config.free_text
        excluded = frozenset(self._excluded)
        ripe = [miss for miss in due_for_drill if miss.since >= ASKED_AGAIN_AFTER and (free_text or not miss.free_text)]
        yield from (self._again_want(miss, now_ms) for miss in ripe[:1])
        yield Want(Look.NEXT, exclude=excluded, free_text=free_text, own_misses=frozenset(self._missed))
        yield from (self._again_want(miss, now_ms) for miss in due_for_drill)
        just_seen = {self._last_key} if self._last_key else set()
        yield Want(Look.AHEAD, exclude=excluded | just_seen, free_text=free_text, until_ms=now_ms + self.config.learn_ahead_ms)
        if self.config.early:
            yield Want(Look.EARLY, exclude=excluded | just_seen, free_text=free_text)
        yield Want(Look.STOP, reason=Reason.NOTHING_LEFT)

    def _again_want(self, miss: Miss, now_ms: int) -> Want:
        due = miss.due_ms is not None and miss.due_ms <= now_ms
        return Want(Look.ITEM, key=miss.key, turn=Turn.LEARNING if due else Turn.DRILL)

    def _count(self, graded: Graded) -> None:
        if graded.turn is Turn.DRILL:
            self._drills += 1
            return
        self._cards += 1
        self._again += graded.rating is Rating.AGAIN
        self._right += graded.rating is not Rating.AGAIN
        if graded.turn is Turn.NEW:
            self._new.append(graded.key)
        if graded.rating is Rating.AGAIN and graded.key not in self._missed:
            self._missed.append(graded.key)

    def _remember(self, graded: Graded, card: Card) -> None:
        """A miss is owed one right recall; any other card is one more between."""
        before = next((miss for miss in self.misses if miss.key == graded.key), None)
        self.forget(graded.key)
        if graded.turn is not Turn.DRILL:  # drills alone would go round in a circle and keep all other cards out
            for miss in self.misses:
                miss.since += 1
        if graded.rating is not Rating.AGAIN or graded.turn is Turn.PRACTICE:
            return
        due_ms = before.due_ms if before and graded.turn is Turn.DRILL else card.due_after_again()
        self.misses.append(Miss(graded.key, due_ms, is_free_text(card.presented.item)))

    def _current(self, *states: State) -> Card:
        self._must_be(*states)
        assert self.card is not None
        return self.card

    def _must_be(self, *states: State) -> None:
        if self.state not in states:
            raise RuntimeError(f"not possible now: the session is at {self.state.value}, not at {' or '.join(states)}")


def _card(row: Mapping[str, Any] | None, find: Find) -> Card | None:
    found = find(row["key"]) if row else None
    if row is None or found is None:
        return None
    item, previews = found
    draw = Draw.from_row(row["draw"])
    try:
        if item.kind != "lab" and not draw.asks and draw_for(item, draw.token).row() != draw.row():
            return None  # the author changed its options or numbers meanwhile
    except BadInput:
        return None
    return Card.from_row(row, item, draw, previews)
