"""The child's side of a worker: reads jobs as JSON lines from stdin, writes events as JSON lines to what was stdout.

Run by path (`python -P child.py`), so it imports the standard library only; a job names the function that does the work
("module:function"), and that function imports what it likes. Its parent's end of stdin is the lifeline: when it closes,
however the parent died, this process is gone at once.

A job is `{"job": id, "call": "module:function", "payload": {...}, "memory_mb": n}`; the function is called as
`function(payload, emit)` and every dict that it emits reaches the parent. `emit({"clock": "start"})` says that loading is
over and the job's time limit begins. What the function prints goes to stderr.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, TextIO

Message = dict[str, Any]


class Line:
    """Writes messages to the parent, one line each, from any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        text = json.dumps(message, separators=(",", ":"), allow_nan=False)
        with self._lock:
            try:
                self._stream.write(text + "\n")
                self._stream.flush()
            except (BrokenPipeError, ValueError):
                os._exit(0)  # nobody listens any more


def resident_mb() -> float:
    """Memory of this process in MB that is really in use (peak where the platform tells no better)."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def waited() -> float:
    """Seconds that the main thread was ready and another process had the core (Linux tells; 0 elsewhere)."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


class Child:
    """The loop: one thread reads stdin, one sends the heartbeat and watches the memory, the main thread works."""

    def __init__(self, line: Line, idle_s: float, beat_s: float) -> None:
        self._line = line
        self._idle_s = idle_s
        self._beat_s = beat_s
        self._jobs: queue.Queue[Message] = queue.Queue()
        self._current: Message | None = None

    def start(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._beat, daemon=True).start()

    def work(self) -> None:
        """Take jobs until none came for `idle_s` seconds."""
        while True:
            try:
                job = self._jobs.get(timeout=self._idle_s)
            except queue.Empty:
                self._line.send({"bye": "idle"})
                return
            self._current = job
            self._line.send({"job": job["job"], "end": self._done(job), "waited": waited()})
            self._current = None

    def _done(self, job: Message) -> Message:
        def emit(event: Message) -> None:
            clock = {"waited": waited()} if "clock" in event else {}
            self._line.send({"job": job["job"], "event": event, **clock})

        self._line.send({"job": job["job"], "begun": True, "waited": waited()})
        try:
            call = _function(job["call"])
            return {"ok": True, "result": call(job["payload"], emit)}
        except BaseException as error:  # a job may raise SystemExit or KeyboardInterrupt; the worker must live on
            say = str(error).strip().splitlines()
            return {
                "ok": False,
                "kind": type(error).__name__,
                "say": say[0] if say else type(error).__name__,
                "code": getattr(error, "exit_code", None),
                "traceback": traceback.format_exc(),
            }

    def _read(self) -> None:
        for text in sys.stdin:
            self._jobs.put(json.loads(text))
        os._exit(0)

    def _beat(self) -> None:
        pause = threading.Event()
        while True:
            job, used = self._current, resident_mb()
            self._line.send({"beat": round(used), "waited": waited()})
            limit = job.get("memory_mb") if job else None
            if job and limit and used > limit:
                say = f"it used {used:,.0f} MB of memory where {limit:,} MB are allowed"
                self._line.send({"job": job["job"], "end": {"ok": False, "kind": "Memory", "say": say, "code": 3, "traceback": ""}})
                os._exit(70)
            pause.wait(self._beat_s)


def _function(name: str) -> Callable[[Message, Callable[[Message], None]], Any]:
    module, _, attribute = name.partition(":")
    found: Any = importlib.import_module(module)
    for part in attribute.split("."):
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]


def main() -> None:
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # a library that prints must not break the protocol
    hello = json.loads(sys.stdin.readline() or "{}")
    sys.path[:] = hello.get("path") or sys.path
    child = Child(Line(stream), hello.get("idle_s", 300.0), hello.get("beat_s", 0.5))
    child.start()
    child.work()


if __name__ == "__main__":
    main()
