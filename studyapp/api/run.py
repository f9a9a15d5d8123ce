"""A study session joined with the store: what the learner does goes to the pure session, what follows from it to the disk.

An answer is committed before the next card is looked up. Everything else (the card in play, what was typed, the way back for undo)
is local state, saved at each step, so that a session resumes where it was left, also after a kill.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from studyapp.api import kept
from studyapp.api.desk import Desk
from studyapp.api.faces import hints, reveal, typed
from studyapp.api.kept import Scope
from studyapp.api.run_views import card_view, reveal_view, saved_view, summary_view
from studyapp.api.run_words import RunWords
from studyapp.api.views import CardView, RevealView, Saved, SummaryView
from studyapp.course.items import Section
from studyapp.errors import BadInput
from studyapp.memory.state import Moment, Rating
from studyapp.store import settings_store as settings
from studyapp.store.apply import record
from studyapp.store.db import reserve, write_lightly
from studyapp.store.undo import undo as undo_last
from studyapp.study.grading import is_free_text
from studyapp.study.session import Session, State
from studyapp.study.turns import Config, Graded, Look, Presented

if TYPE_CHECKING:
    from studyapp.api.grading import Judged


class StudyRun(RunWords):
    """One sitting, or the rest of an interrupted one. `card` is None when it is over."""

    source = "study"
    asks_suspended = False

    def __init__(self, desk: Desk, config: Config, scope: Scope) -> None:
        self.desk = desk
        self.conn = desk.conn
        self.scope = scope
        self.session = Session(config)
        self._draft = ""
        self._reserved = False
        self._shown: CardView | None = None

    @classmethod
    def open(cls, desk: Desk, scope: Scope) -> StudyRun:
        """The interrupted session where this scope is its own, or none is asked for; else a new one (an old one's answers are on disk)."""
        saved = kept.session(desk)
        if saved is not None and scope in (Scope(), saved.scope):
            return cls._resume(desk, saved)
        run = cls(desk, config_of(desk, scope), scope)
        kept.forget_ways_back(desk)
        run._advance()
        return run

    @classmethod
    def _resume(cls, desk: Desk, saved: kept.Saved) -> StudyRun:
        """Go on where it was left. On a later study day the budget begins anew, with the card that was in play."""
        run = cls(desk, config_of(desk, saved.scope), saved.scope)
        if saved.session.state is State.DONE or saved.day == kept.today(desk):
            run.session = saved.session
        elif saved.session.card is not None:
            run.session.present(desk.present(saved.session.card.key, None, desk.clock.now()), run._ms())
        run._draft = saved.draft if run.session.card is not None else ""
        run.session.resume(run._ms())
        if run.session.state is State.NEXT:
            run._advance()
        return run

    # What is to be seen

    @property
    def face(self) -> str:
        """ask, retry, reveal or done."""
        return self.session.state.value

    @property
    def card(self) -> CardView | None:
        """The card in play."""
        if self._shown is None:
            self._shown = card_view(self.desk, self.session, self._draft, self.scope.section)
        return self._shown

    @property
    def revealed(self) -> RevealView | None:
        """The other side of the card in play, once it was answered."""
        return reveal_view(self.desk, self.session)

    @property
    def value(self) -> Any:
        """What was answered to the card in play, for its reveal after a restart."""
        return self.session.card.value if self.session.card is not None else None

    def summary(self) -> SummaryView:
        """What was done, and what waits tomorrow."""
        return summary_view(self.desk, self.session)

    # What the learner does

    def hint(self) -> str | None:
        """The next hint of the card in play, None when there is no more."""
        card = self._card()
        ladder = hints(card.presented.item, card.presented.draw, self.desk.stored_run)
        taken = [hint for hint in ladder if hint.level <= card.hints]
        if len(taken) == len(ladder):
            return None
        following = ladder[len(taken)]
        while card.hints < following.level:
            self.session.hint(self._ms())
        self._shown = None
        self._keep()
        return following.text

    def draft(self, text: str) -> None:
        """What is typed so far, kept for a resume."""
        self._draft = text
        self._keep()

    def submit(self, value: Any, confidence: int | None = None, read: Judged | None = None) -> RevealView | None:
        """Answer in the JSON form of DESIGN 7 (None: in the head). None comes back for a near answer, which has one more try.

        `read` is what the task of `reading` gave; without it free text is read here, which may take its time.
        BadInput, and nothing changed, when the value is not of the form that the kind asks for.
        """
        self.session.submit(value, confidence, self._ms(), self.judge(value, read))
        self._keep()
        return self.revealed if self.session.state is State.REVEAL else None

    def submit_text(self, text: str, confidence: int | None = None) -> RevealView | None:
        """The same with the answer as it was typed."""
        return self.submit(typed(self._card().presented.item, self._card().presented.draw, text), confidence)

    def tick(self, point: str, on: bool) -> RevealView:
        """Tick or untick a key point; the proposal follows."""
        self.session.tick(point, on)
        self._keep()
        found = self.revealed
        assert found is not None
        return found

    def lucky(self, on: bool = True) -> None:
        """Right, but for the wrong reason."""
        self.session.lucky(on)
        self._keep()

    def grade(self, rating: Rating | None = None) -> Saved:
        """Record the answer (None accepts the proposal) and go on. It is on disk when this returns."""
        back = self.session.to_row()
        now = self.desk.clock.now()
        graded = self.session.grade(rating, now.utc_ms)
        try:
            event = self._record(graded, now)
        except BaseException:
            self.session = kept.session_of(self.desk, back, suspended=self.asks_suspended)
            raise
        saved = saved_view(self.desk, event.uuid, graded, now)
        self._draft = ""
        with write_lightly(self.conn):  # local state: one write, without waiting for the disk a second time
            kept.keep_way_back(self.desk, event.uuid, back)
            self.desk.free(graded.key)
            self._advance()
        return saved

    def undo(self) -> bool:
        """One step back: from the reveal to the question, else the previous answer, of whatever session. False: nothing to take back."""
        if self.session.take_back(self._ms()):
            self._shown = None
            self._keep()
            return True
        try:
            target = undo_last(self.conn, None, self.desk.clock.now()).target
        except BadInput:
            return False
        self._go_back(target.uuid, target.item)
        return True

    def skip(self) -> None:
        """Not now: it does not come again in this session, and nothing is recorded."""
        self.session.discard(self._ms())
        self._advance()

    def suspend(self) -> None:
        """Out of the schedule."""
        record(self.conn, "suspend", self._card().key, {}, self.desk.clock.now())
        self.skip()

    def flag(self, note: str = "") -> None:
        """Mark it for a second look."""
        record(self.conn, "flag", self._card().key, {"note": note}, self.desk.clock.now())

    def page_seen(self) -> None:
        """The section's page of this card was shown."""
        card = self._card()
        self.desk.page_seen(card.presented.item.course, card.presented.item.section)
        card.presented = dataclasses.replace(card.presented, section_intro=None)
        self._keep()
        if self._shown is not None:
            self._shown = dataclasses.replace(self._shown, page=None)

    def page(self) -> Section | None:
        """The section of the card in play, with its page."""
        return self.desk.section(self._card().presented.item)

    def why(self) -> str:
        """Why the card in play is due now."""
        from studyapp.api.reports import why

        return str(why(self.desk, self._card().key)["why"])

    def reload(self) -> bool:
        """The learner was elsewhere, and courses may have changed: the card in play has its new text, and the time away is not counted.

        False where the card is gone, and another one has come.
        """
        from studyapp.api.reload import refresh

        return refresh(self)

    def leave(self) -> None:
        """Keep everything for the next time; a finished session is forgotten."""
        self._keep()

    def prepare(self) -> None:
        """While the learner thinks: the other side of the card, and room in the log so that no answer waits for the file to grow."""
        if not self._reserved:
            self._reserved = True
            reserve(self.conn)
        card = self.session.card
        if card is not None:
            reveal(card.presented.item, card.presented.draw, self.desk.stored_run)

    # How it works

    def _advance(self) -> None:
        self._shown = None
        now = self.desk.clock.now()
        empty = 0
        while True:
            want = self.session.wants(now.utc_ms, empty)
            if want.look is Look.STOP:
                assert want.reason is not None
                self.session.end(want.reason)
                break
            found = self.desk.look(want, self.scope.section, now)
            if found is not None:
                self.session.present(found, now.utc_ms)
                break
            if want.look is Look.ITEM and want.key is not None:
                self.session.forget(want.key)
            else:
                empty += 1
        self._keep()

    def _record(self, graded: Graded, now: Moment) -> Any:
        payload = {**graded.payload, "rating": int(graded.rating), "source": self.source}
        return record(self.conn, graded.kind, graded.key, payload, now)

    def _go_back(self, event: str, key: str | None) -> None:
        """Stand again before the card whose answer was undone; sentences need not be written again."""
        written = None
        session = kept.way_back(self.desk, event, self.asks_suspended)
        self._shown = None
        if session is not None:
            self.session = session
            self.session.resume(self._ms())
            written = self.value if session.card is not None and is_free_text(session.card.presented.item) else None
            self.session.take_back(self._ms())
        else:  # of an earlier session: asked afresh
            self.session.reopen()
            if key is not None:
                self.session.forget(key)
        if self.session.card is None and key is not None:
            self.session.present(self._afresh(key), self._ms())
        if self.session.card is not None:
            self.desk.keep_draw(self.session.card.presented)
        self._draft = written or ""
        self._keep()

    def _afresh(self, key: str) -> Presented:
        return self.desk.present(key, None, self.desk.clock.now())

    def _card(self) -> Any:
        if self.session.card is None:
            raise BadInput("the session is over: there is no card")
        return self.session.card

    def _ms(self) -> int:
        return self.desk.clock.now().utc_ms

    def _keep(self) -> None:
        kept.keep_session(self.desk, self.session, self.scope, self._draft)


def config_of(desk: Desk, scope: Scope) -> Config:
    """The rules of a session; a number of cards asked for takes the place of the time budget."""
    minutes = scope.minutes
    if minutes is None and scope.limit is None:
        minutes = float(settings.get(desk.conn, "minutes"))
    return Config(minutes=minutes, cards=scope.limit, early=scope.ahead, free_text=int(settings.get(desk.conn, "free_text_per_15")))
