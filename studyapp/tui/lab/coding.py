"""Code tasks of a lab: written here or in $EDITOR, checked on each save; beside the verdict stand yours and the target, and after success
a way to write it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.tui.lab.frame import PREDICT, LabFrame
from studyapp.tui.lab.questions import CodeSheet

if TYPE_CHECKING:
    from textual.timer import Timer

    from studyapp.api.labs import LabDesk
    from studyapp.labkit.api import Event, Picture, Question, Verdict

LOOK_S = 0.25  # between two looks at a watched file


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check of a source gave."""

    verdict: Verdict
    pictures: tuple[Picture, ...] = ()


def check(desk: LabDesk, id: str, source: str) -> Checked:
    """Judge a source as it stands; blocks, so call it in a thread."""
    from studyapp.labkit.api import Picture

    pictures: list[Picture] = []

    def keep(event: Event) -> None:
        if isinstance(event, Picture):
            pictures.append(event)

    return Checked(desk.try_code(id, source, keep), tuple(pictures))


class CodingScreen(LabFrame):
    """The part of the lab screen that code tasks need."""

    busy = False
    _watched: tuple[str, Path] | None = None  # a task, and the file that its source is read from
    _stamp = 0
    _looking: Timer | None = None

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
            self._watched = None  # from now on the text is here
            self.app.push_screen(
                CodeScreen(task[0], task[1].source, lambda source: check(desk, id, source), self._written, desk.picture_path)
            )

    def do_lab_edit(self, _: int) -> None:
        """In the editor; when it has closed, the file is read at each save as long as the task is on the screen."""
        from studyapp.tui.editor import edit

        file = self._write_out()
        if file is not None:
            edit(self.study_app, file)
            self._read_in()

    def do_lab_watch(self, _: int) -> None:
        """Read the file at each save that any editor makes."""
        file = self._write_out()
        if file is not None:
            self.say(f"save {file} in any editor: each save is checked here")

    def _write_out(self) -> Path | None:
        """The source as a file, from now on watched."""
        task = self._code_task()
        if task is None or self.desk is None:
            return None
        file = self.desk.folder / f"{task[0].id}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(task[1].source, encoding="utf-8")
        self._watched, self._stamp = (task[0].id, file), file.stat().st_mtime_ns
        if self._looking is None:
            self._looking = self.set_interval(LOOK_S, self._look)
        return file

    def _look(self) -> None:
        task = self._code_task()
        if self._watched is None or self.step != PREDICT or task is None or task[0].id != self._watched[0] or self.app.screen is not self:
            return
        try:
            saved = self._watched[1].stat().st_mtime_ns != self._stamp
        except OSError:  # an editor may replace the file
            return
        if saved and not self.busy:
            self._read_in()

    def _read_in(self) -> None:
        """Take the file's text and check it."""
        assert self._watched is not None
        file = self._watched[1]
        self._stamp = file.stat().st_mtime_ns
        self._written(file.read_text(encoding="utf-8", errors="replace"))
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
        self.background(lambda: check(desk, id, source), self._checked)

    def _checked(self, found: Checked) -> None:
        self.checked = found
        right = found.verdict.outcome == "right"
        self.say("the checks pass" if right else "not yet", "good" if right else "warn")
        self.draw(top=None)
        self.do_read_end(0)
