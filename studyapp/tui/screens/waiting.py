"""Waiting for a judge that takes its time: it reads in a thread of its own, and the learner need not wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studyapp.api.grading import Judged
    from studyapp.api.reading import Task
    from studyapp.tui.screens.card import CardScreen


class Waiting:
    """`done` is called in the UI's thread, once, unless the screen has gone on meanwhile."""

    def __init__(self, screen: CardScreen, task: Task, done: Callable[[Judged], None]) -> None:
        self._screen, self._task, self._done = screen, task, done

    @property
    def judge(self) -> str:
        """Who is asked."""
        return self._task.judge

    def start(self) -> None:
        """Begin; a daemon thread, so that leaving the app waits for nobody."""
        threading.Thread(target=self._work, name="free text", daemon=True).start()

    def no_more(self) -> None:
        """The learner does not want to wait: the default reads it now."""
        self._take(self._task.at_once())

    def _work(self) -> None:
        judged = self._task()
        try:
            self._screen.app.call_from_thread(self._take, judged)
        except Exception:  # the app has ended meanwhile: the answer is a draft, and is read when it is given again
            return

    def _take(self, judged: Judged) -> None:
        if self._screen.waiting is self and self._screen.is_attached:
            self._done(judged)
