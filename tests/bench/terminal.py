"""A program in a pseudo-terminal of its own, measured from outside: the CPU time it used, its memory, the bytes it wrote.

CPU time comes from the kernel (/proc), so a neighbour's load does not spoil it; Linux only.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyte

QUIET_S = 0.15  # nothing written for so long: it has settled


class Terminal:
    """Starts the program at once; use as a context manager. `cols` x `rows` cells."""

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str] | None = None, cols: int = 80, rows: int = 24, cwd: Path | None = None
    ) -> None:
        self.screen = pyte.Screen(cols, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.bytes = 0
        self.started = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            full = {k: v for k, v in os.environ.items() if k not in ("TMUX", "NO_COLOR", "LINES", "COLUMNS")}
            full |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **(env or {})}
            try:
                os.chdir(cwd or ".")
                os.execvpe(argv[0], list(argv), full)
            finally:
                os._exit(127)
        with contextlib.suppress(OSError):  # it may have ended already
            fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def wait_for(self, pattern: str, timeout: float = 60.0) -> float:
        """Seconds since the start until the pattern stands on the screen."""
        deadline = time.perf_counter() + timeout
        while time.perf_counter() < deadline:
            stamp = self._read(0.05)
            if re.search(pattern, "\n".join(self.screen.display)):
                return (stamp or time.perf_counter()) - self.started
        raise TimeoutError(f"{pattern!r} did not come in {timeout} s; the screen is:\n" + "\n".join(self.screen.display))

    def settle(self, limit: float = 5.0) -> None:
        """Until nothing has been written for a moment."""
        deadline = time.perf_counter() + limit
        while time.perf_counter() < deadline and self._read(QUIET_S) is not None:
            pass

    def press(self, keys: bytes) -> None:
        """Send keys and wait until the program is quiet again."""
        os.write(self.fd, keys)
        self.settle()

    def cpu(self) -> float:
        """CPU seconds of the program's threads so far."""
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{task}/schedstat") as handle:
                total += int(handle.read().split()[0])
        return total / 1e9

    def peak_mib(self) -> float:
        """The most memory that it held so far (VmHWM), in MiB."""
        with open(f"/proc/{self.pid}/status") as handle:
            return next(int(line.split()[1]) for line in handle if line.startswith("VmHWM")) / 1024

    def _read(self, timeout: float) -> float | None:
        if not select.select([self.fd], [], [], timeout)[0]:
            return None
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            data = b""
        if not data:
            raise EOFError("the program ended; the screen was:\n" + "\n".join(self.screen.display))
        self.bytes += len(data)
        self._stream.feed(data)
        return time.perf_counter()
