"""Whether a screen can be drawn here at all. Imports nothing of Textual, so that a command can ask before it loads the terminal UI."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import IO, Any

MIN_COLUMNS, MIN_ROWS = 40, 10  # below this only the line that asks for more room is shown
ASK_COLUMNS, ASK_ROWS = 40, 12


def can_run(stdin: IO[Any] | None, stdout: IO[Any] | None, env: Mapping[str, str], stderr: IO[Any] | None = sys.__stderr__) -> str | None:
    """Why the terminal UI cannot run here, in a clause, or None when it can. (Textual paints on standard error.)"""
    if stdin is None or not stdin.isatty():
        return "standard input is not a terminal"
    if stdout is None or not stdout.isatty():
        return "standard output is not a terminal"
    term = env.get("TERM", "")
    if term == "dumb":
        return "TERM=dumb cannot draw screens"
    if term == "unknown":
        return "the terminal's type is unknown (TERM=unknown)"
    if stderr is None or not stderr.isatty():
        return "standard error is not a terminal"
    return None


def too_small(columns: int, rows: int) -> str | None:
    """The line to show instead of a screen, or None when there is room."""
    if columns >= MIN_COLUMNS and rows >= MIN_ROWS:
        return None
    return f"the terminal is too small ({columns}x{rows}): make it at least {ASK_COLUMNS}x{ASK_ROWS}"
