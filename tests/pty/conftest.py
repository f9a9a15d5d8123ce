from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import select
import signal
import sqlite3
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyte
import pytest

from studyapp.api import Study

ROOT = Path(__file__).parents[2]
NOW = "2026-03-02T09:00+01:00"
PATIENCE_S = 60.0
KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "space": " ",
    "tab": "\t",
    "backspace": "\x7f",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "f2": "\x1bOQ",
    "f10": "\x1b[21~",
}


class Terminal:
    """A program in a terminal of its own, in a process group that this object alone started and ends."""

    def __init__(self, argv: list[str], env: Mapping[str, str], cols: int = 80, rows: int = 24) -> None:
        self.screen = pyte.Screen(cols, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.exit_code: int | None = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(ROOT)
                self._size(0, cols, rows)
                os.execvpe(argv[0], argv, dict(env))
            finally:
                os._exit(127)
        self._size(self.fd, cols, rows)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @staticmethod
    def _size(fd: int, cols: int, rows: int) -> None:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, pattern: str) -> None:
        """Read until the pattern is on the screen."""
        self._until(lambda: re.search(pattern, self.text) is not None, f"{pattern!r} was not seen")

    def wait_gone(self, pattern: str) -> None:
        """Read until the pattern is no longer on the screen."""
        self._until(lambda: re.search(pattern, self.text) is None, f"{pattern!r} is still there")

    def settle(self, quiet_s: float = 0.2) -> None:
        """Read until nothing has come for a while: for counting what a key sends."""
        while select.select([self.fd], [], [], quiet_s)[0]:
            data = os.read(self.fd, 65536)
            self.raw += data
            self._stream.feed(_understood(data))

    def press(self, *keys: str) -> None:
        """Send keys by name, or any text as it is typed."""
        for key in keys:
            os.write(self.fd, KEYS.get(key, key).encode())

    def resize(self, cols: int, rows: int) -> None:
        self.screen.resize(rows, cols)
        self._size(self.fd, cols, rows)

    def wait_exit(self) -> int:
        """Read until the program ends; its exit code."""
        with contextlib.suppress(EOFError):
            self._until(lambda: False, "the program did not end")
        self._reap()
        assert self.exit_code is not None
        return self.exit_code

    def kill(self) -> None:
        """End the program at once, with nothing it could do about it."""
        if self.exit_code is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self._reap()

    def _reap(self) -> None:
        if self.exit_code is None:
            _, status = os.waitpid(self.pid, 0)
            self.exit_code = os.waitstatus_to_exitcode(status)
            os.close(self.fd)

    def _until(self, done: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"{complaint}; the screen is:\n{self.text}")
            if not select.select([self.fd], [], [], left)[0]:
                continue
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            if not data:
                raise EOFError(f"the program ended; the screen is:\n{self.text}")
            self.raw += data
            self._stream.feed(_understood(data))


def _understood(data: bytes) -> bytes:
    """Without sequences that pyte takes for text: mode queries, key protocols."""
    return re.sub(rb"\x1b\[[<>=?][0-9;]*[$ ]?[pqu]|\x1b\[[0-9;]*\$p|\x1bP.*?\x1b\\\\", b"", data)


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the shipped course, read once; its pages are seen."""
    home = tmp_path_factory.mktemp("made") / "home"
    with Study.open(home, now=NOW) as study:
        study.set_setting("confidence", "never")
        for course in study.courses():
            for section in course.sections:
                study.desk.page_seen(course.id, section.id)
    return home


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(made_home, tmp_path / "home"))


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Terminal]]:
    """Starts studyapp with these arguments in a terminal."""
    opened: list[Terminal] = []

    def run(*args: str, cols: int = 80, rows: int = 24, env: Mapping[str, str] | None = None) -> Terminal:
        full = {name: value for name, value in os.environ.items() if name not in ("TMUX", "NO_COLOR", "LINES", "COLUMNS", "STUDYAPP_HOME")}
        full |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **(env or {})}
        terminal = Terminal([sys.executable, "-m", "studyapp", "--home", str(home), "--now", NOW, *args], full, cols, rows)
        opened.append(terminal)
        return terminal

    yield run
    for terminal in opened:
        terminal.kill()


@pytest.fixture
def events(home: Path) -> Callable[[str], list[dict[str, Any]]]:
    """Payloads of the events of one kind in the log, oldest first."""

    def read(kind: str) -> list[dict[str, Any]]:
        conn = sqlite3.connect(home / "study.db")
        try:
            rows = conn.execute("SELECT payload FROM events WHERE kind = ? ORDER BY utc_ms, uuid", (kind,)).fetchall()
        finally:
            conn.close()
        return [json.loads(row[0]) for row in rows]

    return read
