"""Lines of text: cut and filled to a width, and wrapped."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

COLUMNS = 76  # of the text form of every figure
SHADES = " ░▒▓█"


def plain(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def cut(text: str, width: int) -> str:
    """At most `width` characters, with … where some were left out."""
    text = plain(text)
    return text if len(text) <= width else text[: max(0, width - 1)].rstrip() + "…"[:width]


def wrapped(text: str) -> list[str]:
    return textwrap.wrap(plain(text), COLUMNS) or [""]


def listed(parts: Sequence[str]) -> str:
    """a, b and c."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1] if parts else "nothing"


def letter(place: int) -> str:
    """A, B, ... Z, AA, AB ..."""
    return (letter(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


def opened(title: str, end: str = ":") -> str:
    """A title as the beginning of a sentence: with a colon, unless it ends by itself."""
    title = plain(title)
    return title if title.endswith((".", "!", "?", ":")) else title + end


def ended(text: str) -> str:
    """A sentence with its full stop."""
    return text if text.endswith((".", "!", "?")) else text + "."
