"""A lab: predict (sealed), run, compare, explain, keep, chapter by chapter. The worker loads while the learner thinks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual.message import Message

from studyapp.errors import EnvironmentProblem, StudyError
from studyapp.tui.lab import drafts
from studyapp.tui.lab.coding import CodingScreen
from studyapp.tui.lab.frame import COMPARE, COST, FAILED, OPENING, PREDICT, RETRY, RUNNING, RUNTIME, STOPPED
from studyapp.tui.sheets.base import Sheet

if TYPE_CHECKING:
    from studyapp.labkit.api import Event, Verdict
    from studyapp.labkit.run_state import StageView


class LabScreen(CodingScreen):
    """`run` resumes that run; else the unfinished run of the lab goes on, else a new one of `seed` starts."""

    class Happened(Message):
        """An event of the run, from its thread."""

        def __init__(self, event: Event) -> None:
            super().__init__()
            self.event = event

    class Finished(Message):
        """A background call is over: its result, or what went wrong."""

        def __init__(self, then: Callable[[Any], None], result: Any, error: StudyError | None) -> None:
            super().__init__()
            self.then, self.result, self.error = then, result, error

    def __init__(
        self,
        lab: str,
        seed: int | None = None,
        backend: str | None = None,
        run: str | None = None,
        download: bool = False,
        max_calls: int | None = None,
    ) -> None:
        super().__init__(lab)
        self._lab, self._seed, self._backend, self._run_id = lab, seed, backend, run
        self._download, self._max_calls = download, max_calls
        self._drawing = False  # the library that draws pictures is on its way

    # opening and leaving

    async def opened(self) -> None:
        self.draw()
        self.call_after_refresh(self._open)

    def _open(self) -> None:
        row = next((row for row in self.study.labs() if row.id == self._lab), None)
        self.lab_title = row.title if row is not None else self._lab
        if row is not None and row.state == "broken":
            self._stop(f"This lab is broken: {row.reason}")
            return
        if row is not None and row.state == "needs-runtime" and (self._backend or "tiny").partition(":")[0] in ("tiny", "hf"):
            self.step = STOPPED if "none" in row.backends else FAILED  # there it can be played without
            self.problem = f"This lab runs a real model, and its runtime is not installed. Add it with `{RUNTIME}`."
            self.draw()
            return
        resume = self._run_id or (row.run if row and self._seed is None and self._backend is None else None)
        try:
            self.desk = self.study.lab(self._lab, self._seed, self._backend, resume, self._download, self._max_calls)
        except StudyError as error:
            self._stop(str(error))
            return
        stage = drafts.load(self.desk.folder).get(drafts.COMPARING)
        judged = self.desk.judged(stage) if isinstance(stage, int) else []
        if judged:
            self._show_verdicts(judged)
        else:
            self._chapter_opens()

    def on_unmount(self) -> None:
        if self.desk is None:
            return
        self._keep()
        if self.busy:
            self._cancel()
        self.desk.finish()

    def _stop(self, problem: str) -> None:
        self.step, self.problem = FAILED, problem
        self.draw()

    # background calls

    def background(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do something that waits for the worker in a thread; `then` gets the result here."""
        self.busy = True
        self.done, self.log_line = 0.0, ""

        def body() -> None:
            try:
                result = work()
            except StudyError as error:
                self.post_message(self.Finished(then, None, error))
            except Exception as error:  # a lab may come from anyone: its mistake must not end the session
                problem = EnvironmentProblem(f"the lab failed by a mistake of its own ({type(error).__name__}: {error})")
                self.post_message(self.Finished(then, None, problem))
            else:
                self.post_message(self.Finished(then, result, None))

        self.run_worker(body, thread=True)

    def _tell(self, event: Event) -> None:
        """From the run's thread."""
        self.post_message(self.Happened(event))

    def on_lab_screen_happened(self, message: Happened) -> None:
        say = getattr(message.event, "say", "")  # of Progress and Log
        self.done = getattr(message.event, "done", self.done)
        self.log_line = say or self.log_line
        if self.step in (OPENING, RUNNING):
            self.draw(top=None)

    def on_lab_screen_finished(self, message: Finished) -> None:
        self.busy = False
        if message.error is None:
            message.then(message.result)
        elif self.step in (OPENING, RUNNING):
            self._stop(str(message.error))
        else:
            self.say(str(message.error), "bad")

    # chapters

    def _chapter_opens(self) -> None:
        assert self.desk is not None
        desk = self.desk
        if desk.run.stage is None:
            self._show_verdicts(list(desk.run.state.verdicts.values()))
            return
        if desk.must_agree:
            self.step = COST
            self.show_sheet()
            return
        self.step, self.sheet, self.chapter = OPENING, None, None
        self.show_sheet()
        self.background(lambda: desk.view(self._tell), self._predict)

    def _predict(self, view: StageView) -> None:
        from studyapp.tui.lab.chapter import Chapter

        assert self.desk is not None
        self.desk.warm()  # the model loads while the learner thinks; the page did not have to wait for it
        self.chapter = Chapter(view, drafts.load(self.desk.folder), time.monotonic())
        if self.desk.run.state.phase == "decide":  # sealed before an interruption
            self._decide()
            return
        self.step = PREDICT
        self.turn()
        self._prepare_pictures()

    def turn(self) -> None:
        """Show the question in play, or the overview."""
        assert self.chapter is not None
        self.sheet, self.checked = self.chapter.sheet, None
        self._keep()
        self.show_sheet()

    def _keep(self) -> None:
        if self.desk is not None and self.chapter is not None and self.step == PREDICT:
            drafts.save(self.desk.folder, self.chapter.kept())

    async def answered(self, sheet: Sheet) -> None:
        assert self.desk is not None
        if self.step == RETRY:
            await self._retried(sheet)
            return
        assert self.chapter is not None
        question, value = self.chapter.question, sheet.value()
        if question is not None and value is not None and not self.chapter.asking_reason:
            from studyapp.labkit.answers import read_value

            read_value(question, value)  # BadInput now, not when all are sealed
        self.chapter.answered(time.monotonic())
        self.turn()

    def keep_draft(self, text: str) -> None:
        self._keep()

    def do_lab_next(self, _: int) -> None:
        self._move(1)

    def do_lab_previous(self, _: int) -> None:
        self._move(-1)

    def _move(self, step: int) -> None:
        assert self.chapter is not None
        last = len(self.chapter.questions)
        here = last if self.chapter.at is None else self.chapter.at
        there = min(last, max(0, here + step))
        self.chapter.go(there if there < last else None, time.monotonic())
        self.turn()

    def do_lab_jump(self, at: int) -> None:
        if self.step == PREDICT and self.chapter is not None:
            self.chapter.go(at, time.monotonic())
            self.turn()

    def do_lab_hint(self, _: int) -> None:
        if self.chapter is not None and self.chapter.hint() is not None:
            self._keep()
            self.draw(top=None)
            self.do_read_end(0)

    def do_lab_run(self, _: int) -> None:
        assert self.chapter is not None
        assert self.desk is not None
        if self.chapter.at is not None:  # what is written but not entered counts as well
            sheet = self.chapter.sheet
            if sheet is not None and sheet.value() is not None and not self.chapter.asking_reason:
                self.chapter.answered(time.monotonic())
            self.chapter.go(None, time.monotonic())
            self.turn()
            return
        self.desk.seal(self.chapter.sealed())
        self._decide()

    def _decide(self) -> None:
        assert self.desk is not None
        desk = self.desk
        self.step, self.sheet = RUNNING, None
        self.kept_before = len(desk.kept)
        self.compared = self.chapter.view if self.chapter else None
        self.show_sheet()
        self.background(lambda: desk.decide(self._tell), self._compare)

    def do_lab_cancel(self, _: int) -> None:
        self._cancel()

    def _cancel(self) -> None:
        """Ending a process takes up to half a second, which the screen does not wait for."""
        if self.desk is not None:
            threading.Thread(target=self.desk.cancel).start()

    def do_lab_again(self, _: int) -> None:
        if self.desk is None:
            return
        self.desk.limit_calls()  # the setting may have been raised
        if self.desk.run.state.phase == "decide":
            self._decide()
        else:
            self._chapter_opens()

    def do_lab_agree(self, _: int) -> None:
        if self.desk is not None:
            self.desk.agree()
            self._chapter_opens()

    def do_lab_light(self, _: int) -> None:
        self._backend, self.step, self.problem = "none", OPENING, ""
        self._open()

    # after the run

    def _compare(self, verdicts: Sequence[Verdict]) -> None:
        """The chapter was judged just now; its comparison is there again if the app is left before the learner goes on."""
        assert self.desk is not None
        if verdicts:
            drafts.save(self.desk.folder, {drafts.COMPARING: self.desk.plan.question(verdicts[0].q).stage})
        self._show_verdicts(verdicts)

    def _show_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        self.verdicts = list(verdicts)
        self.step, self.sheet, self.chapter = COMPARE, None, None
        self.show_sheet()
        self._prepare_pictures()

    def do_lab_go(self, _: int) -> None:
        if self.step == PREDICT:
            self.do_lab_run(0)
        elif self.desk is not None and any(verdict.held for verdict in self.verdicts):  # the retry is not taken: now the truth can be seen
            self.desk.finish()
            self._show_verdicts([verdict.model_copy(update={"retried": verdict.held or verdict.retried}) for verdict in self.verdicts])
        elif self.desk is not None and self.desk.run.stage is not None:
            drafts.save(self.desk.folder, {})
            self._chapter_opens()
        else:
            self.do_app_back(0)

    def do_lab_retry(self, _: int) -> None:
        held = next((verdict for verdict in self.verdicts if verdict.held), None)
        if held is None or self.desk is None:
            return
        from studyapp.labkit.api import filled
        from studyapp.tui.lab.questions import sheet_of

        self.retrying = filled(self.desk.plan.question(held.q), self.desk.run.state.facts)
        self.step, self.sheet = RETRY, sheet_of(self.retrying)
        self.show_sheet()

    async def _retried(self, sheet: Sheet) -> None:
        assert self.desk is not None
        assert self.retrying is not None
        again = self.desk.retry(self.retrying.id, {"value": sheet.value()})
        self._show_verdicts([again if verdict.q == again.q else verdict for verdict in self.verdicts])

    # pictures

    def _prepare_pictures(self) -> None:
        """The library that draws takes a while to import: not when the key is pressed."""
        if self.drawn_pictures() and not self._drawing:
            from studyapp.tui.lab.images import prepare

            self._drawing = True
            self.run_worker(prepare, thread=True)

    def do_lab_pictures(self, _: int) -> None:
        from studyapp.tui.screens.pictures import PicturesScreen

        assert self.desk is not None
        desk, here = self.desk, self.pictures_here()
        drawn = [(picture, file) for picture in self.drawn_pictures() for file in picture.files]
        at = next((n for n, (picture, _) in enumerate(drawn) if picture.key in here), 0)
        if drawn:
            self.app.push_screen(PicturesScreen([(desk.picture_path(file), picture.alt) for picture, file in drawn], at))
