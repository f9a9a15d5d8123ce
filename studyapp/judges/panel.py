"""Asking a judge: within a time limit, and with the default where the judge has no verdict."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType

from studyapp.course.text import safe_text
from studyapp.errors import StudyError
from studyapp.judges.contract import DEFAULT, Judge, Judged, NoVerdict, Offline, offline
from studyapp.judges.registry import resolve
from studyapp.study.grading.free.contract import Graded, Question
from studyapp.workers.pool import Workers

PATIENCE = 3  # failures in a row after which a judge that does not work is left alone
REST_S = 60.0  # for so long


@dataclass
class Seat:
    """A judge and how it has been doing."""

    judge: Judge
    failures: int = 0
    rest_until: float = 0.0
    last: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def resting(self) -> str | None:
        """Why it is not asked now, or None."""
        with self.lock:
            if time.monotonic() < self.rest_until:
                return f"not asked again for {REST_S:g} s after {self.failures} failures in a row: {self.last}"
        return None

    def note(self, failure: NoVerdict | None) -> None:
        with self.lock:
            if failure is None or not failure.down:
                self.failures = 0
                return
            self.failures, self.last = self.failures + 1, str(failure)
            if self.failures >= PATIENCE:
                self.rest_until = time.monotonic() + REST_S


class Panel:
    """The judges in use, by their spec, kept between answers. Close it, or use it as a context manager."""

    def __init__(self, workers: Workers | None = None) -> None:
        self._own = workers is None
        self._workers = workers or Workers()
        self._seats: dict[str, Seat] = {}
        self._lock = threading.Lock()

    def seat(self, spec: str) -> Seat:
        """The judge of a spec; BadInput where the spec is none. Touches no model and no network."""
        with self._lock:
            if spec not in self._seats:
                self._seats[spec] = Seat(resolve(spec, self._workers))
            return self._seats[spec]

    def grade(self, spec: str, question: Question, answer: str, limit_s: float | None = None) -> Judged:
        """Grade one answer; blocks for at most `limit_s` seconds (default: the judge's own limit). Raises BadInput for a bad spec only."""
        seat = self.seat(spec)
        judge = seat.judge
        reason = seat.resting()
        if reason is None:
            try:
                graded = _within(seat, question, answer, judge.limit_s if limit_s is None else min(limit_s, judge.limit_s))
                return Judged(graded, judge.name)
            except NoVerdict as error:
                reason = " ".join(safe_text(str(error)).split())
        return Judged(offline(question, answer), DEFAULT, f"{judge.name}: {reason}; graded by the default")

    def warm(self, spec: str) -> None:
        """The learner is writing: let the judge get ready. Never raises."""
        try:
            self.seat(spec).judge.warm()
        except (StudyError, NoVerdict, OSError):
            return  # grading will say it

    def close(self) -> None:
        with self._lock:
            for seat in self._seats.values():
                seat.judge.close()
            self._seats.clear()
        if self._own:
            self._workers.close()

    def __enter__(self) -> Panel:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _within(seat: Seat, question: Question, answer: str, limit_s: float) -> Graded:
    """The judge's grade. It works in a thread of its own, because a server may send a byte a second for ever; one that is late goes on
    (a model may still be loading for the next answer), and nobody waits for it."""
    if isinstance(seat.judge, Offline):
        return seat.judge(question, answer)
    done: queue.SimpleQueue[Graded | NoVerdict] = queue.SimpleQueue()

    def work() -> None:
        try:
            result: Graded | NoVerdict = seat.judge(question, answer)
        except NoVerdict as error:
            result = error
        except Exception as error:  # of a library; its text may hold anything, so only its kind is told
            result = NoVerdict(f"it failed ({type(error).__name__})")
        done.put(result)

    threading.Thread(target=work, name=f"judge {seat.judge.name}", daemon=True).start()
    try:
        result = done.get(timeout=limit_s)
    except queue.Empty:
        result = NoVerdict(f"no verdict within {limit_s:g} s", down=True)
    seat.note(result if isinstance(result, NoVerdict) else None)
    if isinstance(result, NoVerdict):
        raise result
    return result
