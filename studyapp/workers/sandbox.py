"""A learner's source is run in a further fresh interpreter, started ahead so that a re-check does not wait for imports."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studyapp.workers.problems import WorkerFailed

CHILD = Path(__file__).with_name("sandbox_child.py")
READY_S = 300.0  # for importing the large libraries on a busy machine
KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """What a learner's source may use: wall and CPU seconds, MB of memory beyond the libraries', MB of written files."""

    time_s: float = 10.0
    memory_mb: int = 1000
    file_mb: int = 1


class Sandbox:
    """One fresh interpreter (`python -I`) for one check. `ready()` waits for its imports; `run` uses it up."""

    def __init__(self, preload: Sequence[str] = ()) -> None:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        threads = {name: "1" for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=tempfile.gettempdir(),
            env={**kept, **threads},
        )
        self._send({"path": [os.path.abspath(entry) for entry in sys.path], "preload": list(preload)})
        self._ready = False
        self.offline = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def ready(self, timeout_s: float = READY_S) -> None:
        """Wait until the libraries are imported."""
        if self._ready:
            return
        text = self._line(timeout_s)
        if text is None:
            self.close()
            raise WorkerFailed("the interpreter for learner code did not start; try again")
        self._ready, self.offline = True, bool(json.loads(text)["offline"])

    def run(self, job: Mapping[str, Any], limits: CodeLimits) -> dict[str, Any]:
        """Run one check after `ready()`; the child's report, or `{"ok": False, "stage": "limit", "kind": "time" | "crash"}`."""
        started = time.monotonic()
        try:
            self._send({**job, "cpu_s": limits.time_s, "memory_mb": limits.memory_mb, "file_mb": limits.file_mb})
            text = self._line(limits.time_s)
            if text is not None:
                return {**json.loads(text)["done"], "seconds": time.monotonic() - started}
            code = self._process.wait()
            late = code == -signal.SIGXCPU or time.monotonic() - started >= limits.time_s
            say = f"it was stopped after {limits.time_s:g} s" if late else f"it ended the interpreter (code {code})"
            return {"ok": False, "stage": "limit", "kind": "time" if late else "crash", "say": say, "seconds": time.monotonic() - started}
        finally:
            self.close()

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _line(self, timeout_s: float) -> str | None:
        """The next line that the child writes; None when it ended or the time is up (the child is then killed)."""
        assert self._process.stdout is not None
        timer = threading.Timer(timeout_s, self._process.kill)
        timer.start()
        try:
            return self._process.stdout.readline() or None
        finally:
            timer.cancel()


class Shelf:
    """Keeps one sandbox started ahead, so that the next check begins at once while the libraries load during editing."""

    def __init__(self, preload: Sequence[str]) -> None:
        self._preload = tuple(preload)
        self._spare: Sandbox | None = None

    def stock(self) -> None:
        """Start the spare if there is none; returns at once."""
        if self._spare is None:
            self._spare = Sandbox(self._preload)

    def ready(self) -> None:
        """Wait until the spare has its libraries."""
        self.stock()
        assert self._spare is not None
        try:
            self._spare.ready()
        except WorkerFailed:
            self._spare = None
            raise

    def run(self, job: Mapping[str, Any], limits: CodeLimits) -> dict[str, Any]:
        """Use the spare for one check and start the next."""
        self.ready()
        sandbox, self._spare = self._spare, None
        assert sandbox is not None
        try:
            return sandbox.run(job, limits)
        finally:
            self.stock()

    def close(self) -> None:
        if self._spare is not None:
            self._spare.close()
            self._spare = None
