"""One chapter while its predictions are made: sheets, answers, hints, time, and what is kept of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from studyapp.tui.lab.questions import reason_sheet, sheet_of
from studyapp.tui.sheets.base import Sheet

if TYPE_CHECKING:
    from studyapp.labkit.api import Question
    from studyapp.labkit.run_state import StageView


class Chapter:
    """`at` is the question in play, None on the overview. Pure but for the clock that is passed in."""

    def __init__(self, view: StageView, kept: Mapping[str, Any], now_s: float) -> None:
        self.view = view
        self.questions = view.questions
        self.sheets: dict[str, Sheet] = {question.id: sheet_of(question) for question in self.questions}
        self.answers: dict[str, dict[str, Any]] = {}
        self.hints: dict[str, int] = {}
        self.asking_reason = False
        self._reason: Sheet | None = None
        self._seconds: dict[str, float] = {}
        self._since = now_s
        for question in self.questions:
            self._restore(question, kept.get(question.id) or {})
        self.at: int | None = None
        self.go(next((n for n, question in enumerate(self.questions) if self._is_open(question)), None), now_s)
        if self.question is not None and self.question.id in self.answers:  # left between the answer and its reason
            self._reason, self.asking_reason = reason_sheet(self.question), True

    @property
    def question(self) -> Question | None:
        return None if self.at is None else self.questions[self.at]

    @property
    def sheet(self) -> Sheet | None:
        """The sheet in play: of the answer, or of its reason."""
        if self.question is None:
            return None
        if self.asking_reason:
            return self._reason
        return self.sheets[self.question.id]

    def go(self, at: int | None, now_s: float) -> None:
        """Turn to a question, or to the overview."""
        self._count_time(now_s)
        self.asking_reason = False
        self.at = at if at is not None and 0 <= at < len(self.questions) else None
        if self.sheet is not None:
            self.sheet.started(now_s)

    def answered(self, now_s: float) -> None:
        """Take the answer of the sheet in play; then comes its reason, or the next question."""
        question, sheet = self.question, self.sheet
        assert question is not None
        assert sheet is not None
        self._count_time(now_s)
        if self.asking_reason:
            self.answers[question.id]["reason"] = sheet.value()
            self.go(self._next(), now_s)
            return
        value = sheet.value()
        if value is None:
            self.answers.pop(question.id, None)
            self.go(self._next(), now_s)
            return
        self.answers[question.id] = {"value": value, "confidence": sheet.confidence}
        if question.reason is not None:
            self._reason, self.asking_reason = reason_sheet(question), True
        else:
            self.go(self._next(), now_s)

    def hint(self) -> str | None:
        """The next hint of the question in play, None when there is no more."""
        if self.question is None or self.hints.get(self.question.id, 0) >= len(self.question.hints):
            return None
        taken = self.hints[self.question.id] = self.hints.get(self.question.id, 0) + 1
        return self.question.hints[taken - 1].text

    def taken_hints(self, question: Question) -> tuple[str, ...]:
        return tuple(hint.text for hint in question.hints[: self.hints.get(question.id, 0)])

    def sealed(self) -> dict[str, Any]:
        """All answers in the form of an answers file."""
        return {id: self._full(id, answer) for id, answer in self.answers.items()}

    def kept(self) -> dict[str, Any]:
        """What a resume needs, as JSON."""
        return {
            question.id: {
                "answer": self.answers.get(question.id),
                "draft": self.sheets[question.id].draft(),
                "hints": self.hints.get(question.id, 0),
                "seconds": self._seconds.get(question.id, 0.0),
            }
            for question in self.questions
        }

    def _restore(self, question: Question, kept: Mapping[str, Any]) -> None:
        if kept.get("draft"):
            self.sheets[question.id].restore(str(kept["draft"]))
        if kept.get("answer"):
            self.answers[question.id] = dict(kept["answer"])
        self.hints[question.id] = min(int(kept.get("hints", 0)), len(question.hints))
        self._seconds[question.id] = float(kept.get("seconds", 0.0))

    def _is_open(self, question: Question) -> bool:
        """Whether its answer, or the reason of it, is still to come."""
        given = self.answers.get(question.id)
        return given is None or (question.reason is not None and given.get("reason") is None)

    def _next(self) -> int | None:
        """The next open question after this one, None when all that follow are answered."""
        assert self.at is not None
        after = [n for n in range(self.at + 1, len(self.questions)) if self.questions[n].id not in self.answers]
        return after[0] if after else None

    def _full(self, id: str, answer: Mapping[str, Any]) -> dict[str, Any]:
        full: dict[str, Any] = {"value": answer["value"], "seconds": round(self._seconds.get(id, 0.0), 1), "hints": self.hints.get(id, 0)}
        if times := self.sheets[id].item_seconds():
            full["item_seconds"] = dict(times)
        return full | {name: answer[name] for name in ("confidence", "reason") if answer.get(name) is not None}

    def _count_time(self, now_s: float) -> None:
        if self.question is not None:
            self._seconds[self.question.id] = self._seconds.get(self.question.id, 0.0) + max(0.0, now_s - self._since)
        self._since = now_s
