"""`studyapp` alone: the home screen, or one clear line where there is no terminal to draw it on."""

from __future__ import annotations

import os
import sys
from typing import Any

from studyapp.errors import BadInput


def open_home(home: str | None, now: str | None) -> None:
    """Open the home screen."""
    run_screen(home, now, "home", instead="studyapp due, or studyapp study --plain")


def run_screen(home: str | None, now: str | None, start: str, *, instead: str, **args: Any) -> None:
    """Run the terminal UI at a screen; BadInput (exit 2) says what to use `instead` where it cannot be drawn."""
    reason = screen_problem()
    if reason:
        raise BadInput(f"{reason}; use {instead}")
    from studyapp.api import Study
    from studyapp.tui.app import run_app

    study = Study.open(home, now=now)
    try:
        code = run_app(study, start=start, **args)
    finally:
        study.close()
    if code:
        raise SystemExit(code)


def screen_problem() -> str | None:
    """Why the screen cannot be drawn here, or None."""
    from studyapp.tui.fit import can_run

    return can_run(sys.stdin, sys.stdout, os.environ)
