"""Opens files in the learner's editor while the screen stands aside."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from studyapp.errors import BadInput

if TYPE_CHECKING:
    from studyapp.tui.app import StudyApp


def edit_source(app: StudyApp, key: str) -> None:
    """Open the course file of an item at its line. BadInput where there is no such file, or no editor."""
    course, _, id = key.partition(":")
    info = next((info for info in app.study.courses() if info.id == course), None)
    if info is None:
        raise BadInput(f"the course of {key} is not here")
    edit(app, *find_item(Path(info.directory), id))


def find_item(folder: Path, id: str) -> tuple[Path, int]:
    """The file and line of an item's `id:`. The files need not be sound: this is how one gets at a mistake."""
    name = rf"id:\s*[\"']?{re.escape(id)}[\"']?\s*(?:[,}}#]|$)"
    files = [(file, file.read_text(encoding="utf-8", errors="replace").splitlines()) for file in sorted(folder.rglob("*.yaml"))]
    for pattern in (re.compile(rf"^\s*-\s*\{{?\s*{name}"), re.compile(rf"^\s*{name}")):
        for file, lines in files:
            for number, text in enumerate(lines, 1):
                if pattern.match(text):
                    return file, number
    raise BadInput(f"no file in {folder} has the item {id}")


def edit(app: StudyApp, file: Path, line: int = 1) -> None:
    """Run the editor (setting `editor`, $VISUAL, $EDITOR, else vi) and wait for it."""
    command = editor_command(str(app.study.setting("editor")["value"] or ""))
    try:
        with app.suspend():
            subprocess.run([*command, *_at_line(command[0], line), str(file)], check=False)
    except SuspendNotSupported:
        raise BadInput("this terminal cannot be handed over to an editor") from None
    except OSError as error:
        raise BadInput(f"the editor {command[0]!r} could not be started ({error.strerror}): set the setting `editor` or $EDITOR") from None


def editor_command(setting: str) -> list[str]:
    """The command and its arguments."""
    return shlex.split(setting or os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")


def _at_line(program: str, line: int) -> list[str]:
    """Most editors take +LINE."""
    return (
        [f"+{line}"] if Path(program).name in ("vi", "vim", "nvim", "nano", "emacs", "micro", "kak", "hx", "ne", "joe") and line > 1 else []
    )
