"""The forms that are typed every day, without click: its import would take longer than the answer to `due`, and shows at a start.

`studyapp`, `studyapp study`, `studyapp due [--short] [--json]`, each with --home and --now; everything else is click's.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

_WITH_VALUE = {"--home": "home", "--now": "now"}
_FLAGS = {"due": {"--json", "--short"}, "study": set[str](), "": set[str]()}


def quick(args: Sequence[str]) -> int | None:
    """Carry the command out and return the exit code; None for anything that is not plainly one of these forms."""
    found = _parse(args)
    if found is None:
        return None
    command, options, flags = found
    home, now = options.get("home"), options.get("now")
    if command == "due":
        _due(home, now, flags)
        return 0
    from studyapp.commands.home import open_home, run_screen

    if command == "study":
        run_screen(home, now, "study", instead="studyapp study --plain")
    else:
        open_home(home, now)
    return 0


def _due(home: str | None, now: str | None, flags: set[str]) -> None:
    from studyapp.api.study import Study
    from studyapp.commands.due_text import text_of

    with Study.open(home, now=now) as study:
        for note in study.notes:
            print(f"studyapp: {note}", file=sys.stderr)
        print(text_of(study.due(), as_json="--json" in flags, short="--short" in flags))


def _parse(args: Sequence[str]) -> tuple[str, dict[str, str], set[str]] | None:
    command = ""
    options: dict[str, str] = {}
    flags: set[str] = set()
    rest = iter(args)
    for word in rest:
        name, equals, value = word.partition("=")
        if not command and word in ("due", "study"):
            command = word
        elif word in _FLAGS[command]:
            flags.add(word)
        elif name in _WITH_VALUE:
            given = value if equals else next(rest, None)
            if given is None:
                return None
            options[_WITH_VALUE[name]] = given
        else:
            return None
    return command, options, flags
