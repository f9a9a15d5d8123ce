"""The errors a user can meet; every room may import this file, and it imports nothing of ours.

Each carries the exit code of the command line (DESIGN section 7): 2 bad use or bad input, 3 environment.
The text is one line that names the file and line, or the option, and says what to do.
"""

from __future__ import annotations


class StudyError(Exception):
    """A problem that is shown as one clear line, never as a traceback."""

    exit_code = 2


class BadInput(StudyError):
    """What the user or an author gave cannot be used (exit code 2)."""

    exit_code = 2


class EnvironmentProblem(StudyError):
    """The machine cannot do it: no database, disk full, torch missing, a lab that failed (exit code 3)."""

    exit_code = 3
