"""The parent's side of one worker process: spawn, submit a job, read its events, cancel within half a second."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studyapp.workers.problems import WorkerCancelled, WorkerFailed, failure

CHILD = Path(__file__).with_name("child.py")
TERM_GRACE_S = 0.25  # after SIGTERM; then SIGKILL
POLL_S = 0.05
STALE_S = 5.0  # how old the word of a process may be on what it had to wait for
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one job. The time limit starts when the job says that loading is over, and `load_s` holds until then. Time in which
    other processes had the core counts for neither (Linux tells)."""

    time_s: float = 60.0
    load_s: float = 300.0
    memory_mb: int | None = None
    hang_s: float = 30.0  # without any sign of life, heartbeat included


@dataclass(frozen=True, slots=True)
class Setup:
    """How workers are started. `threads` sets the thread count of numeric libraries in the child."""

    idle_s: float = 300.0
    beat_s: float = 0.5
    threads: int = 1
    environ: Mapping[str, str] = field(default_factory=dict)


class Worker:
    """One child process that does jobs one after another. It is started by the first `submit`, and again after it ended."""

    def __init__(self, name: str, setup: Setup | None = None) -> None:
        self.name = name
        self._setup = setup or Setup()
        self._process: subprocess.Popen[str] | None = None
        self._jobs: dict[int, Job] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._stderr: deque[str] = deque(maxlen=40)
        self._cancelled: subprocess.Popen[str] | None = None  # the process that was ended on request
        self.last_seen = 0.0
        self.waited = 0.0  # for a core, as the process told last

    @property
    def pid(self) -> int | None:
        """Process id while it lives."""
        return self._process.pid if self.alive and self._process else None

    @property
    def alive(self) -> bool:
        """Whether there is a process to give jobs to. One that was ended has no input; poll() may not have noticed its end yet."""
        process = self._process
        ended = process is None or process.stdin is None or process.stdin.closed
        return not ended and process is not None and process.poll() is None

    def start(self) -> None:
        """Spawn the process if there is none (a fresh interpreter, never a fork of this one)."""
        with self._lock:
            if self.alive:
                return
            self._stderr = deque(maxlen=40)
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(CHILD)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=self._environment(),
                start_new_session=True,  # Ctrl-C is the front end's; and the whole group can be ended at once
            )
            self.last_seen, self.waited = time.monotonic(), 0.0
            self._write(
                {"path": [os.path.abspath(entry) for entry in sys.path], "idle_s": self._setup.idle_s, "beat_s": self._setup.beat_s}
            )
            threading.Thread(target=self._read, args=(self._process,), daemon=True).start()
            threading.Thread(target=self._drain, args=(self._process, self._stderr), daemon=True).start()

    def submit(self, call: str, payload: Mapping[str, Any], limits: Limits | None = None) -> Job:
        """Queue a job (`call` = "module:function"); iterate the result for its events. Starts the process when needed."""
        job = Job(self, next(self._numbers), call, dict(payload), limits or Limits())
        self.send(job)
        return job

    def send(self, job: Job) -> None:
        """Give a job to the process, which is started where there is none."""
        with self._lock:
            for _ in range(2):  # an idle worker may leave between the check and the write
                self.start()
                job.process = self._process
                self._jobs[job.number] = job
                try:
                    self._write({"job": job.number, "call": job.call, "payload": job.payload, "memory_mb": job.limits.memory_mb})
                    return
                except (OSError, ValueError):  # it left, or was ended at this very moment
                    self._jobs.pop(job.number, None)
                    self._end()
        raise WorkerFailed(f"{self.name}: its process does not start", self.stderr_tail())

    def hint(self, call: str, payload: Mapping[str, Any]) -> None:
        """Queue a job that nobody waits for (loading ahead); what it finds is lost, and so is its failure."""
        self._jobs.pop(self.submit(call, payload).number, None)

    def cancel(self) -> float:
        """End the process and all it started: terminate, then kill. Returns the seconds until it was gone (at most 0.5)."""
        started = time.monotonic()
        self._cancelled = self._process
        self._end()  # without the lock: a submit that waits for a full pipe must not delay it
        return time.monotonic() - started

    def close(self) -> None:
        """End the process quietly (at exit)."""
        with self._lock:
            self._end()

    def stderr_tail(self) -> str:
        return "\n".join(self._stderr)

    def _end(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return  # its process group number may already be someone else's
        for step, grace in ((signal.SIGTERM, TERM_GRACE_S), (signal.SIGKILL, TERM_GRACE_S)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, step)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(grace)
                break
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # what it had started, if that outlived it
        if process.stdin:
            with contextlib.suppress(OSError):
                process.stdin.close()

    def _write(self, message: Message) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for text in process.stdout:
            seen = time.monotonic()
            try:
                message = json.loads(text)
            except ValueError:
                continue  # a half line of a killed process
            if process is self._process:
                self.waited, self.last_seen = message.get("waited", self.waited), seen
            job = self._jobs.get(message.get("job", 0))
            if job is not None:
                job.put(message)
        code = process.wait()
        for job in list(self._jobs.values()):
            if job.process is process:
                job.put({"gone": code})

    @staticmethod
    def _drain(process: subprocess.Popen[str], tail: deque[str]) -> None:
        assert process.stderr is not None
        for text in process.stderr:
            tail.append(text.rstrip())

    def _environment(self) -> dict[str, str]:
        threads = str(self._setup.threads)
        numeric = {name: threads for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")}
        quiet = {
            "HF_HUB_OFFLINE": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "TRANSFORMERS_VERBOSITY": "error",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "TOKENIZERS_PARALLELISM": "false",
        }
        return {**os.environ, **numeric, **quiet, "PYTHONUNBUFFERED": "1", **self._setup.environ}


class Job:
    """One submitted job. Iterating yields its events as they come and raises when it failed, died, hung or was cancelled."""

    def __init__(self, worker: Worker, number: int, call: str, payload: Message, limits: Limits) -> None:
        self.number = number
        self.call = call
        self.payload = payload
        self.limits = limits
        self.process: subprocess.Popen[str] | None = None
        self.result: Any = None
        self.seconds = 0.0  # from the end of loading to the job's end, without what other processes took of it
        self._worker = worker
        self._messages: queue.Queue[Message] = queue.Queue()

    def put(self, message: Message) -> None:
        self._messages.put(message)

    def __iter__(self) -> Iterator[Message]:
        try:
            yield from self._events()
        finally:
            self._worker._jobs.pop(self.number, None)

    def wait(self) -> Any:
        """Ignore the events; the job's result."""
        for _ in self:
            pass
        return self.result

    def _events(self) -> Iterator[Message]:
        begun, loading, fresh = self._now(), True, True
        deadline = begun + self.limits.load_s
        while True:
            try:
                message = self._messages.get(timeout=POLL_S)
            except queue.Empty:
                self._check(deadline, loading)
                continue
            if "begun" in message:
                begun, fresh = self._now(message), False
                deadline = begun + self.limits.load_s
            elif "event" in message:
                if message["event"].get("clock") == "start":
                    begun, loading = self._now(message), False
                    deadline = begun + self.limits.time_s
                    continue
                yield message["event"]
                self._check(deadline, loading)
            elif "end" in message:
                self.seconds = max(0.0, self._now(message) - begun)  # what it waited is told to the millisecond, no better
                if not message["end"]["ok"]:
                    raise failure(message["end"], self._worker.name)
                self.result = message["end"]["result"]
                return
            elif message["gone"] == 0 and fresh:
                self._worker.send(self)  # it was idle for so long that it left just before it saw this job
            else:
                raise self._death(message["gone"])

    def _now(self, message: Message | None = None) -> float:
        """Time as the process could use it: without that in which others had the core. Between its messages that is not known, for a
        while: as of the last one."""
        if message is not None:
            return time.monotonic() - float(message.get("waited", self._worker.waited))
        return max(self._worker.last_seen, time.monotonic() - STALE_S) - self._worker.waited

    def _check(self, deadline: float, loading: bool) -> None:
        now = time.monotonic()
        if self._now() > deadline:
            self._worker._end()
            allowed = self.limits.load_s if loading else self.limits.time_s
            what = "did not finish loading" if loading else "was stopped: it took longer than"
            raise WorkerFailed(f"{self._worker.name} {what} {'in ' if loading else ''}{allowed:g} s", self._worker.stderr_tail())
        silent = self.limits.hang_s * (3 if loading else 1)  # importing a large library can hold everything else up
        if self._worker.alive and now - self._worker.last_seen > silent:
            self._worker._end()
            raise WorkerFailed(
                f"{self._worker.name} gave no sign of life for {silent:g} s and was ended; try again", self._worker.stderr_tail()
            )

    def _death(self, code: int) -> Exception:
        if self.process is self._worker._cancelled:
            return WorkerCancelled(f"{self._worker.name} was cancelled")
        tail = self._worker.stderr_tail()
        if code < 0:
            with contextlib.suppress(ValueError):
                how = f"was ended by {signal.Signals(-code).name}" + (" (out of memory?)" if code == -signal.SIGKILL else "")
                return WorkerFailed(f"{self._worker.name}: its worker process {how}; try again", tail)
        last = f": {tail.splitlines()[-1][:200]}" if tail else ""
        return WorkerFailed(f"{self._worker.name}: its worker process ended with code {code}{last}; try again", tail)
