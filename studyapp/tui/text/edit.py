"""A small text editor without a widget: text, cursor, keys. It is painted as lines of the paper, so typing costs no layout."""

from __future__ import annotations

import re

from studyapp.tui.text.ink import Line, Piece, cell_width, clean

WORD_LEFT = re.compile(r"\w*\W*$")
WORD_RIGHT = re.compile(r"\W*\w*")


class Edit:
    """`lines` True allows new lines. `key` does one key; the caller keeps what it does not take."""

    def __init__(self, text: str = "", lines: bool = False, placeholder: str = "") -> None:
        self.text = text
        self.at = len(text)
        self.lines = lines
        self.placeholder = placeholder
        self._width = 40

    def key(self, key: str, character: str | None) -> bool:
        """Do a key; False when it is not the editor's."""
        if character is not None and character.isprintable():
            self.insert(character)
            return True
        if key == "enter" and self.lines:
            self.insert("\n")
            return True
        doing = self._KEYS.get(key)
        if doing is None or (key in ("up", "down") and not self.lines):
            return False
        doing(self)
        return True

    def insert(self, text: str) -> None:
        """Put text in at the cursor; a paste may bring control characters and, where lines are not wanted, new lines."""
        text = clean(text)
        text = text if self.lines else " ".join(text.split("\n"))
        self.text = self.text[: self.at] + text + self.text[self.at :]
        self.at += len(text)

    def painted(self, width: int) -> list[Line]:
        """The field as lines of exactly `width` cells; the cursor is a cell in reverse."""
        self._width = inner = max(8, width - 4)
        if not self.text:
            shown = (Piece(" ", "panel edit"), Piece(self.placeholder[: inner - 1], "panel dim"))
            return [self._framed(shown, width, True)]
        rows = self._rows(inner)
        painted = []
        for number, (start, row) in enumerate(rows):
            here = self.at - start
            last = number == len(rows) - 1
            if here >= 0 and (here < len(row) or (here == len(row) and (last or rows[number + 1][0] > self.at))):
                under = row[here] if here < len(row) else " "
                line: Line = (Piece(row[:here], "panel"), Piece(under, "panel edit"), Piece(row[here + 1 :], "panel"))
            else:
                line = (Piece(row, "panel"),)
            painted.append(self._framed(line, width, number == 0))
        return painted

    def _framed(self, line: Line, width: int, first: bool) -> Line:
        used = sum(cell_width(piece.text) for piece in line)
        return (Piece("› " if first else "  ", "key"), *line, Piece(" " * (width - 2 - used), "panel"))

    def _rows(self, width: int) -> list[tuple[int, str]]:
        """(offset, text) of each painted row; long lines are cut at spaces where they can be."""
        rows: list[tuple[int, str]] = []
        start = 0
        for line in self.text.split("\n"):
            offset = start
            rest = line
            while cell_width(rest) > width:
                cut = len(rest)
                while cell_width(rest[:cut]) > width:
                    cut -= 1
                space = rest.rfind(" ", 0, cut)
                cut = space + 1 if space > cut // 2 else cut
                rows.append((offset, rest[:cut]))
                offset, rest = offset + cut, rest[cut:]
            rows.append((offset, rest))
            start += len(line) + 1
        return rows

    def _left(self) -> None:
        self.at = max(0, self.at - 1)

    def _right(self) -> None:
        self.at = min(len(self.text), self.at + 1)

    def _home(self) -> None:
        self.at = self.text.rfind("\n", 0, self.at) + 1

    def _end(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def _word_left(self) -> None:
        self.at -= len(self._before_word())

    def _word_right(self) -> None:
        found = WORD_RIGHT.match(self.text[self.at :])
        self.at += found.end() if found else 0

    def _before_word(self) -> str:
        found = WORD_LEFT.search(self.text[: self.at])
        return found.group() if found else ""

    def _up(self) -> None:
        self._vertical(-1)

    def _down(self) -> None:
        self._vertical(1)

    def _vertical(self, step: int) -> None:
        rows = self._rows(self._width)
        here = max(number for number, (start, _) in enumerate(rows) if start <= self.at)
        column = self.at - rows[here][0]
        there = here + step
        if 0 <= there < len(rows):
            self.at = rows[there][0] + min(column, len(rows[there][1]))

    def _backspace(self) -> None:
        self._cut(max(0, self.at - 1), self.at)

    def _delete(self) -> None:
        self._cut(self.at, self.at + 1)

    def _kill_left(self) -> None:
        self._cut(self.text.rfind("\n", 0, self.at) + 1, self.at)

    def _kill_right(self) -> None:
        end = self.text.find("\n", self.at)
        self._cut(self.at, len(self.text) if end < 0 else end)

    def _kill_word(self) -> None:
        self._cut(self.at - len(self._before_word()), self.at)

    def _cut(self, start: int, end: int) -> None:
        self.text = self.text[:start] + self.text[end:]
        self.at = start

    _KEYS = {  # noqa: RUF012
        "left": _left,
        "right": _right,
        "home": _home,
        "end": _end,
        "ctrl+a": _home,
        "ctrl+e": _end,
        "ctrl+left": _word_left,
        "ctrl+right": _word_right,
        "up": _up,
        "down": _down,
        "backspace": _backspace,
        "delete": _delete,
        "ctrl+d": _delete,
        "ctrl+u": _kill_left,
        "ctrl+k": _kill_right,
        "ctrl+w": _kill_word,
        "ctrl+backspace": _kill_word,
        "alt+backspace": _kill_word,
    }
