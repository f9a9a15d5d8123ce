"""Code tasks of a lab: written here or in $EDITOR, checked as they stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studyapp.tui.lab.frame import LabFrame
from studyapp.tui.lab.questions import CodeSheet

if TYPE_CHECKING:
    from studyapp.labkit.api import Question, Verdict


class CodingScreen(LabFrame):
    """The part of the lab screen that code tasks need."""

    busy = False

    def background(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do something that waits for the worker in a thread; `then` gets the result here."""
        raise NotImplementedError

    def turn(self) -> None:
        """Show the question in play."""
        raise NotImplementedError

    def _code_task(self) -> tuple[Question, CodeSheet] | None:
        if self.chapter is None or self.chapter.question is None or not isinstance(self.chapter.sheet, CodeSheet):
            return None
        return self.chapter.question, self.chapter.sheet

    def do_lab_write(self, _: int) -> None:
        from studyapp.tui.screens.code import CodeScreen

        task, desk = self._code_task(), self.desk
        if task is not None and desk is not None:
            id = task[0].id
            self.app.push_screen(CodeScreen(task[0], task[1].source, lambda source: desk.try_code(id, source), self._written))

    def do_lab_edit(self, _: int) -> None:
        from studyapp.tui.editor import edit

        task = self._code_task()
        if task is None or self.desk is None:
            return
        file = self.desk.folder / f"{task[0].id}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(task[1].source, encoding="utf-8")
        edit(self.study_app, file)
        self._written(file.read_text(encoding="utf-8"))
        self.do_lab_check(0)

    def _written(self, source: str) -> None:
        task = self._code_task()
        if task is None or self.chapter is None:
            return
        question, sheet = task
        sheet.source = source
        value = sheet.value()
        if value is None:
            self.chapter.answers.pop(question.id, None)
        else:
            self.chapter.answers[question.id] = {"value": value}
        self.turn()

    def do_lab_check(self, _: int) -> None:
        task, desk = self._code_task(), self.desk
        if self.busy or task is None or desk is None:
            return
        id, source = task[0].id, task[1].source
        self.say("checking …")
        self.background(lambda: desk.try_code(id, source), self._checked)

    def _checked(self, verdict: Verdict) -> None:
        self.report = verdict.report
        right = verdict.outcome == "right"
        self.say("the checks pass" if right else "not yet", "good" if right else "warn")
        self.draw(top=None)
        self.do_read_end(0)
