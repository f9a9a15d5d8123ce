"""How pictures can be drawn here: kitty or sixel graphics where the terminal is known to have them, else half cells, without colour shades.

textual-image asks the terminal when it is imported, and Textual is reading the answers by then; so it is imported as if there were no
terminal, and what the terminal can do is taken from its own environment variables.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KITTY, SIXEL, HALF, SHADES = "TGPImage", "SixelImage", "HalfcellImage", "UnicodeImage"
SIXEL_PROGRAMS = ("WezTerm", "iTerm.app", "mintty", "contour", "rio")
_importing = threading.Lock()
SIXEL_TERMS = ("foot", "mlterm", "yaft", "xterm-sixel")


def way(env: Mapping[str, str], colour: bool) -> str:
    """The name of textual-image's widget for this terminal."""
    term, program = env.get("TERM", ""), env.get("TERM_PROGRAM", "")
    if not colour:
        return SHADES
    if env.get("TMUX") or term.startswith(("tmux", "screen")):
        return HALF  # graphics do not pass through
    if env.get("KITTY_WINDOW_ID") or term == "xterm-kitty":
        return KITTY
    if program in SIXEL_PROGRAMS or term.startswith(SIXEL_TERMS) or env.get("KONSOLE_VERSION"):
        return SIXEL
    return HALF


def prepare() -> None:
    """Import the library ahead, in a thread."""
    _library()


def image(path: Path, colour: bool) -> Any:
    """A widget with the picture, as good as this terminal can."""
    return getattr(_library(), way(os.environ, colour))(path)


def _library() -> Any:
    with _importing:
        if "textual_image.widget" not in sys.modules:
            terminal = sys.__stdout__
            setattr(sys, "__stdout__", io.StringIO())  # noqa: B010  (a constant for type checkers)
            try:
                import textual_image.widget
            finally:
                setattr(sys, "__stdout__", terminal)  # noqa: B010
            textual_image.widget.get_cell_size._result = _cell_size()
        return sys.modules["textual_image.widget"]


def _cell_size() -> Any:
    """Pixels of a cell, as the terminal's driver says; many say nothing."""
    from textual_image._terminal import CellSize

    try:
        import fcntl
        import struct
        import termios

        rows, columns, width, height = struct.unpack("HHHH", fcntl.ioctl(sys.__stdout__.fileno(), termios.TIOCGWINSZ, b"\0" * 8))  # type: ignore[union-attr]
        if rows and columns and width and height:
            return CellSize(width // columns, height // rows)
    except (ImportError, OSError, ValueError, AttributeError):
        pass
    return CellSize(10, 20)
