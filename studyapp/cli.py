"""The command line's front door: runs a command, and turns every error into one line and a documented exit code.

Exit codes (DESIGN section 7): 0 ok, 1 answered wrong or check failed, 2 bad use or bad input, 3 environment, 4 void, 130 cancelled.
stdout is data, stderr is narration, and no traceback reaches a user. The commands are in `commands/group.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

from studyapp.errors import StudyError


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with the documented code."""
    sys.exit(run(argv))


def run(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    args = sys.argv[1:] if argv is None else argv
    try:
        code = _run(args)
        sys.stdout.flush()  # here, where an error still gets its line and its code
        return code
    except KeyboardInterrupt:
        return 130
    except StudyError as error:
        return _say(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader of our output has gone (`studyapp course list | head`): nothing is wrong.
        _drop_output()
        return 0
    except Exception as error:
        from studyapp.commands.crash import report

        code = _say(report(error), 3)
        try:
            sys.stdout.flush()
        except OSError:
            _drop_output()
        return code


def _run(args: Sequence[str]) -> int:
    """What is typed every day goes without click, whose import would take longer than the answer."""
    from studyapp.commands.quick import quick

    code = quick(args)
    if code is not None:
        return code
    from studyapp.commands.group import run as run_command

    return run_command(args)


def _drop_output() -> None:
    """So that the interpreter does not complain when it flushes at exit."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str, code: int) -> int:
    print(f"studyapp: {message}", file=sys.stderr)
    return code
