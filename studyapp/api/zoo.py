"""The zoo of small models, seen from outside: `python -m labs.zoo` in a process of its own, its events line by line.

This process imports no torch; labs are not imported either, so that a broken installation of them stays a message.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from studyapp.errors import EnvironmentProblem


class ZooRun:
    """One call of `python -m labs.zoo`; iterate over it for its events, then read `code`."""

    def __init__(self, arguments: Sequence[str]) -> None:
        if importlib.util.find_spec("labs") is None:
            raise EnvironmentProblem("the labs are not installed beside studyapp")
        self.arguments = tuple(arguments)
        self.code = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        child = subprocess.Popen(
            [sys.executable, "-m", "labs.zoo", "--events", *self.arguments], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
        )
        assert child.stdout is not None
        try:
            for line in child.stdout:
                try:
                    yield json.loads(line)
                except ValueError:  # a library that prints to stdout
                    yield {"event": "log", "text": line.rstrip()}
            self.code = child.wait()
        finally:
            if child.poll() is None:  # cancelled: let it write its last line, then end it
                child.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(5)
                child.kill()
                child.wait()
