"""A quiz: the same cards as in study, over a fixed list of questions, with a result at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from studyapp.tui.screens.study import StudyScreen
from studyapp.tui.text.ink import Line, Piece, clean

if TYPE_CHECKING:
    from studyapp.api.quiz import QuizRun

NAMES = {"self-check": "Self-check", "section": "Section quiz", "exam": "Exam"}
CLOCK_EVERY_S = 5.0


class QuizScreen(StudyScreen):
    """`kind`: self-check, section or exam; `minutes` bounds an exam."""

    def __init__(self, kind: str = "self-check", section: str | None = None, minutes: float | None = None) -> None:
        super().__init__(name="quiz")
        self._kind, self._section, self._minutes = kind, section, minutes

    def begin(self) -> QuizRun:
        run = self.study.quiz(self._kind, self._section, self._minutes)
        if run.seconds_left is not None:
            self.set_interval(CLOCK_EVERY_S, self.draw_top)
        return run

    @property
    def quiz(self) -> QuizRun:
        return cast("QuizRun", self.run)

    def ended(self) -> None:
        self.study_app.turn_to("result", result=self.quiz.result())

    def contexts(self) -> list[str]:
        found = super().contexts()
        return [*found[:-1], "quiz", found[-1]]

    def heading(self) -> tuple[Line, Line]:
        if self.card is None:
            return (Piece(NAMES[self._kind], "strong"),), ()
        left = (Piece(NAMES[self._kind], "strong"), Piece(f"   {clean(self.card.section_title)}", "dim"))
        right = [Piece(f"{self.quiz.number} of {self.quiz.total}", "dim")]
        seconds = self.quiz.seconds_left
        if seconds is not None:
            right.insert(0, Piece(f"{int(seconds // 60)}:{int(seconds % 60):02d} left   ", "warn" if seconds < 60 else "dim"))
        return left, tuple(right)

    def progress(self) -> float | None:
        return None if self.card is None else (self.quiz.number - 1) / max(1, self.quiz.total)

    def do_quiz_end(self, _: int) -> Any:
        self.quiz.finish()
        return self._next()
