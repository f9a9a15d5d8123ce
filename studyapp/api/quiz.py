"""Quizzes: the self-check, one section, or an exam over everything. Answers go to the same log, and feed the schedule once:
as a review of items that are due or in review, as practice (which leaves the schedule alone) of new or suspended ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from studyapp.api import kept
from studyapp.api.desk import Desk
from studyapp.api.kept import Scope
from studyapp.api.quiz_result import QuizResult, QuizRow, result_of
from studyapp.api.run import StudyRun
from studyapp.api.views import RevealView, Saved
from studyapp.errors import BadInput
from studyapp.memory.state import Moment, Phase, Rating
from studyapp.store import cards, pending, quizzes, schedule
from studyapp.store.apply import current_key, record
from studyapp.store.undo import last_undoable
from studyapp.study.session import State
from studyapp.study.turns import Config, Graded, Presented, Reason, Turn

if TYPE_CHECKING:
    from studyapp.api.grading import Judged

__all__ = ["QuizResult", "QuizRow", "QuizRun"]

SELF_CHECK = "self-check"
KINDS = ("self-check", "section", "exam")
SECTION_QUESTIONS = 15
EXAM_QUESTIONS = 40
EXAM_MINUTES = 45.0
_MARKS = ("suspend", "flag")


class QuizRun(StudyRun):
    """A quiz in play: the same steps as a study session, over a fixed list of questions."""

    source = "quiz"
    asks_suspended = True

    def __init__(self, desk: Desk, kind: str, section: str | None, keys: Sequence[str], quiz: str, minutes: float | None) -> None:
        super().__init__(desk, Config(minutes=None, free_text=len(keys)), Scope(section))
        self.kind = kind
        self.keys = list(keys)
        self.quiz = quiz
        self.minutes = minutes
        self.spent_ms = 0
        self._since_ms = desk.clock.now().utc_ms
        self._at = 0

    @classmethod
    def begin(cls, desk: Desk, kind: str, section: str | None, minutes: float | None) -> QuizRun:
        """Go on with the interrupted quiz of this kind, else begin one; BadInput for an unknown kind or an empty section."""
        if kind not in KINDS:
            raise BadInput(f"there is no quiz {kind!r}; there are {', '.join(KINDS)}")
        if (kind == "section") != (section is not None):
            raise BadInput("name the section: studyapp quiz section 2" if kind == "section" else f"the {kind} takes no section")
        saved = pending.state(desk.conn, _name(kind, section))
        return cls._resumed(desk, saved) if saved else cls._begun(desk, kind, section, minutes)

    @classmethod
    def _begun(cls, desk: Desk, kind: str, section: str | None, minutes: float | None) -> QuizRun:
        now = desk.clock.now()
        chance = random.Random(f"{kind}/{section}/{now.utc_ms}")
        keys = _questions(desk, kind, section, chance)
        if not keys:
            raise BadInput(f"there is nothing to ask in {section or kind}")
        minutes = EXAM_MINUTES if kind == "exam" and minutes is None else minutes
        quiz = f"{kind}-{now.utc_ms}"
        run = cls(desk, kind, section, keys, quiz, minutes)
        record(desk.conn, "quiz_start", None, {"quiz": quiz, "name": kind, "section": section, "items": keys, "minutes": minutes}, now)
        run._advance()
        return run

    @classmethod
    def _resumed(cls, desk: Desk, saved: dict[str, Any]) -> QuizRun:
        run = cls(desk, saved["kind"], saved["section"], saved["keys"], saved["quiz"], saved["minutes"])
        run._at, run.spent_ms = saved["at"], saved["spent_ms"]
        try:
            run.session = kept.session_of(desk, saved["row"], saved["reps"], suspended=True)
        except BadInput:
            run.session.reopen()
        if run.session.card is not None and run.session.card.key in run._answered():
            run.session.reopen()  # killed just after its answer was stored
        run.session.resume(run._since_ms)
        run._draft = saved["draft"] if run.session.card is not None else ""
        if run.session.state is State.NEXT:
            if run._at and run.keys[run._at - 1] not in run._answered():
                run._at -= 1  # its card was edited, or answered elsewhere, meanwhile: it is asked afresh
            run._advance()
        if run.seconds_left == 0.0:
            run.finish(Reason.MINUTES)
        return run

    @property
    def number(self) -> int:
        """Of the question in play, from 1."""
        return min(self._at, len(self.keys))

    @property
    def total(self) -> int:
        """How many questions there are."""
        return len(self.keys)

    @property
    def seconds_left(self) -> float | None:
        """Of the time box; None where there is none."""
        if self.minutes is None:
            return None
        return max(0.0, self.minutes * 60 - self._spent_ms() / 1000)

    def submit(self, value: Any, confidence: int | None = None, read: Judged | None = None) -> RevealView | None:
        """A near answer has no second try in a quiz; of a misspelt one the learner is asked what they meant."""
        found = super().submit(value, confidence, read)
        if found is not None or self.asked:
            return found
        return super().submit(value, confidence, read)

    def grade(self, rating: Rating | None = None) -> Saved:
        """Record the answer and go on; the time box ends the quiz after the question in play."""
        saved = super().grade(rating)
        if self.seconds_left == 0.0:
            self.finish(Reason.MINUTES)
        return saved

    def reload(self) -> bool:
        """As in a study session; questions that have another id now are asked, and counted, under that."""
        self.keys = [current_key(self.conn, key) for key in self.keys]
        return super().reload()

    def finish(self, reason: Reason = Reason.LEFT) -> None:
        """End the quiz now; questions that were not answered stay open."""
        if self.session.state is State.DONE:
            return
        self.session.end(reason)
        self._shown = None
        self._end()

    def undo(self) -> bool:
        """As in a study session, but never an answer that was not given in this quiz."""
        last = last_undoable(self.conn)
        in_play = self.session.state in (State.RETRY, State.REVEAL)
        own = last is not None and (last.payload.get("quiz") == self.quiz or (last.kind in _MARKS and last.item in self.keys))
        return super().undo() if in_play or own else False

    def result(self) -> QuizResult:
        """What was right and what to revisit, at any moment."""
        return result_of(self.desk, self.quiz, self.kind, self.keys, self._spent_ms() / 60_000)

    def _advance(self) -> None:
        self._shown = None
        answered = self._answered()
        while self._at < len(self.keys):
            key = self.keys[self._at]
            self._at += 1
            if self.desk.is_in_course(key) and key not in answered:
                self.session.present(self._afresh(key), self._ms())
                self._keep()
                return
        self.session.end(Reason.NOTHING_LEFT)
        self._end()

    def _afresh(self, key: str) -> Presented:
        """Due or in review: a review that counts, once a day. New, suspended or waiting for its step: practice."""
        now = self.desk.clock.now()
        card = cards.get(self.conn, key)
        turn = Turn.PRACTICE
        if card is not None and not card.suspended:
            at, today = card.schedule, schedule.today(self.conn, now)
            if at.phase is Phase.REVIEW and at.last_day != today:
                turn = Turn.REVIEW if at.due_day is not None and at.due_day <= today else Turn.EARLY
            elif at.phase in (Phase.LEARNING, Phase.RELEARNING) and at.due_ms is not None and at.due_ms <= now.utc_ms:
                turn = Turn.LEARNING
        return self.desk.present(key, turn, now)

    def _answered(self) -> set[str]:
        return {answer.item for answer in quizzes.quiz(self.conn, self.quiz).answers}

    def _record(self, graded: Graded, now: Moment) -> Any:
        payload = {**graded.payload, "rating": int(graded.rating), "source": self.source, "quiz": self.quiz}
        return record(self.conn, graded.kind, graded.key, payload, now)

    def _go_back(self, event: str, key: str | None) -> None:
        if key in self.keys:
            self._at = self.keys.index(key) + 1
        super()._go_back(event, key)

    def _keep(self) -> None:
        if self.session.state is State.DONE:
            return
        self._count_time()
        card = self.session.card
        saved = {
            "kind": self.kind,
            "section": self.scope.section,
            "keys": self.keys,
            "quiz": self.quiz,
            "minutes": self.minutes,
            "at": self._at,
            "spent_ms": self.spent_ms,
            "row": self.session.to_row(),
            "reps": self.desk.row(card.key).reps if card else None,
            "draft": self._draft,
        }
        pending.keep_state(self.conn, _name(self.kind, self.scope.section), saved)

    def _end(self) -> None:
        self._count_time()
        result = self.result()
        payload = {"quiz": self.quiz, "answered": result.answered, "right": result.right, "questions": len(self.keys)}
        record(self.conn, "quiz_end", None, payload, self.desk.clock.now())
        pending.keep_state(self.conn, _name(self.kind, self.scope.section), None)

    def _spent_ms(self) -> int:
        """Time in the quiz, without the time between two sittings."""
        return self.spent_ms + (0 if self.session.state is State.DONE else max(0, self._ms() - self._since_ms))

    def _count_time(self) -> None:
        now = self._ms()
        self.spent_ms += max(0, now - self._since_ms)
        self._since_ms = now


def _name(kind: str, section: str | None) -> str:
    """Of a quiz's local state: one of each kind, and of each section, may be open."""
    return f"quiz/{kind}/{section or ''}"


def _questions(desk: Desk, kind: str, section: str | None, chance: random.Random) -> list[str]:
    if kind == "self-check":
        return [item.key for info in desk.infos() for item in desk.items(f"{info.id}:{SELF_CHECK}")]
    if kind == "section":
        assert section is not None
        return _mixed([[item.key for item in desk.items(section) if item.kind != "lab"]], SECTION_QUESTIONS, chance)
    pools = [
        [item.key for item in desk.items(f"{info.id}:{part.id}") if item.kind not in ("lab", "explain")]
        for info in desk.infos()
        for part in info.sections
    ]
    return _mixed(pools, EXAM_QUESTIONS, chance)


def _mixed(pools: list[list[str]], most: int, chance: random.Random) -> list[str]:
    """At most so many, in turn from each pool so that all are met, in a random order."""
    for pool in pools:
        chance.shuffle(pool)
    picked: list[str] = []
    while len(picked) < most and any(pools):
        picked += [pool.pop() for pool in pools if pool]
    picked = picked[:most]
    chance.shuffle(picked)
    return picked
