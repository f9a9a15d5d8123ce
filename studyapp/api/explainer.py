"""The companion explainer, for learners who have it: the places that the course text names, cut out of their own copy.

It is not shipped. `explainer_path` names the file, or the folder that holds it; a place is found by the number in its heading
("2.1", "§2.1 ...", "Chapter 4: ..."). What cannot be found is said; our own page is always there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from studyapp.course.text import safe_text

FILE = "02_explainer.md"  # the name that the course text gives it
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_NUMBER = re.compile(r"^(?:chapter|section|§)?\s*(\d+(?:\.\d+)*)\b", re.IGNORECASE)
MOST_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the text names it ("2.1", "chapter 4"), and its Markdown, or the reason why there is none."""

    name: str
    markdown: str = ""
    reason: str = ""


def places(setting: str, names: tuple[str, ...]) -> tuple[Place, ...]:
    """The named places in the learner's copy."""
    if not names:
        return ()
    if not setting:
        return tuple(Place(name, reason="set explainer_path to your copy: studyapp config set explainer_path FILE") for name in names)
    if "://" in setting:
        return tuple(Place(name, reason=f"{setting} (look for {name})") for name in names)
    path = Path(setting).expanduser()
    path = path / FILE if path.is_dir() else path
    try:
        text = path.read_bytes()[:MOST_BYTES].decode("utf-8", "replace")
    except OSError as error:
        return tuple(Place(name, reason=f"explainer_path: {path}: {error.strerror}") for name in names)
    lines = safe_text(text).splitlines()
    return tuple(_place(lines, name, path) for name in names)


def _place(lines: list[str], name: str, path: Path) -> Place:
    wanted = _number(name)
    fenced = False
    start, depth = None, 0
    for at, line in enumerate(lines):
        fenced ^= line.lstrip().startswith("```")
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            continue
        if start is None and wanted is not None and _number(heading[2]) == wanted:
            start, depth = at, len(heading[1])
        elif start is not None and len(heading[1]) <= depth:
            return Place(name, "\n".join(lines[start:at]).strip())
    if start is None:
        return Place(name, reason=f"{path} has no heading numbered {wanted or name}")
    return Place(name, "\n".join(lines[start:]).strip())


def _number(text: str) -> str | None:
    match = _NUMBER.match(text.strip().strip("*_` "))
    return match[1] if match else None
