"""The two widgets that paint lines: Paper scrolls, Bar does not. No layout, no markup: a new card repaints only the rows that differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from studyapp.tui.text.ink import Line, Piece, line_text, width_of

if TYPE_CHECKING:
    from studyapp.tui.app import StudyApp
    from studyapp.tui.screens.base import KeyScreen


class Bar(Widget):
    """Fixed lines: title, rules, buttons, keys. A click on a piece does its action on the screen."""

    DEFAULT_CSS = "Bar { height: 1; width: 100%; }"
    ALLOW_SELECT = False

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Line] = []

    @property
    def lines(self) -> Sequence[Line]:
        return self._lines

    def show(self, lines: Sequence[Line]) -> None:
        """Paint these lines from now on."""
        old, self._lines = self._lines, list(lines)
        self._repaint(old, 0, 0)

    def _repaint(self, old: Sequence[Line], old_top: int, top: int) -> None:
        """Mark the rows whose line has changed."""
        changed = [y for y in range(self.size.height) if _at(old, old_top + y) != _at(self._lines, top + y)]
        if changed:
            width = self.size.width
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def render_line(self, y: int) -> Strip:
        return paint(_at(self._lines, y), self.size.width, self._paints())

    def _paints(self) -> Paints:
        return cast("StudyApp", self.app).paints

    async def _on_click(self, event: events.Click) -> None:
        click = piece_at(_at(self._lines, self._row(event.y)), event.x).click
        if click:
            event.stop()
            await cast("KeyScreen", self.screen).click(click)

    def _row(self, y: int) -> int:
        return y


class Paper(Bar):
    """Lines that scroll inside their own area; the last column shows where one is when there is more than fits."""

    DEFAULT_CSS = "Paper { height: 1fr; width: 100%; }"

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.top = 0

    def show(self, lines: Sequence[Line], top: int | None = 0) -> None:
        """Paint these lines; `top` is the first row shown, None keeps the place."""
        old, self._lines = self._lines, list(lines)
        old_top = self.top
        self.top = self._clamped(old_top if top is None else top)
        if len(old) != len(self._lines) and max(len(old), len(self._lines)) > self.size.height:
            self.refresh()  # the thumb moves
        else:
            self._repaint(old, old_top, self.top)

    @property
    def overflows(self) -> bool:
        """There is more than fits."""
        return len(self._lines) > self.size.height

    def scroll_by(self, rows: int) -> None:
        """Move the view by rows; stops at the ends."""
        top = self._clamped(self.top + rows)
        if top != self.top:
            self.top = top
            self.refresh()

    def reveal_row(self, row: int, height: int = 1) -> None:
        """Scroll as little as needed to show `height` rows from `row`."""
        if not self.size.height:
            return
        if row < self.top:
            self.scroll_by(row - self.top)
        elif row + height > self.top + self.size.height:
            self.scroll_by(row + height - self.top - self.size.height)

    def render_line(self, y: int) -> Strip:
        width, height, paints = self.size.width, self.size.height, self._paints()
        if not self.overflows:
            return paint(_at(self._lines, y), width, paints)
        thumb = max(1, height * height // len(self._lines))
        start = round((height - thumb) * self.top / (len(self._lines) - height))
        mark = ("┃", "accent") if start <= y < start + thumb else ("│", "rule")
        body = paint(_at(self._lines, self.top + y), width - 1, paints)
        return Strip([*body, Segment(mark[0], paints.style(mark[1]))], width)

    def _row(self, y: int) -> int:
        return self.top + y

    def _clamped(self, top: int) -> int:
        return max(0, min(top, len(self._lines) - self.size.height))

    def _on_resize(self, event: events.Resize) -> None:
        self.scroll_by(0)

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_by(3)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_by(-3)


BLANK_ALIKE = frozenset({"dim", "strong", "code", "head", "accent", "key", "good", "warn", "bad", "note", "rule", "bar"})


class Paints:
    """role -> Style for the theme in use, joined roles included; made anew when the theme changes."""

    def __init__(self, roles: dict[str, Style]) -> None:
        self._roles = roles
        self._known: dict[str, Style] = {}

    def style(self, role: str) -> Style:
        known = self._known.get(role)
        if known is None:
            known = self._roles[""]
            for part in role.split():
                known = known + self._roles[part]
            self._known[role] = known
        return known


def paint(line: Line, width: int, paints: Paints) -> Strip:
    """One row of `width` cells; what is longer is cut. Neighbours that look alike are sent as one."""
    runs: list[tuple[str, Style]] = []
    for piece in line:
        style = paints.style("" if piece.role in BLANK_ALIKE and piece.text.isspace() else piece.role)
        if runs and runs[-1][1] is style:
            runs[-1] = (runs[-1][0] + piece.text, style)
        elif piece.text:
            runs.append((piece.text, style))
    used, ground = width_of(line), paints.style("")
    if used < width:
        if runs and runs[-1][1] is ground:
            runs[-1] = (runs[-1][0] + " " * (width - used), ground)
        else:
            runs.append((" " * (width - used), ground))
    return Strip([Segment(text, style) for text, style in runs], max(used, width)).crop(0, width)


def piece_at(line: Line, x: int) -> Piece:
    """The piece under column x."""
    for piece in line:
        x -= width_of((piece,))
        if x < 0:
            return piece
    return Piece("", "", line[-1].click if line and all(piece.click == line[-1].click for piece in line if piece.click) else "")


def plain(lines: Sequence[Line]) -> str:
    """The bare text, for the clipboard and for tests."""
    return "\n".join(line_text(line).rstrip() for line in lines)


def _at(lines: Sequence[Line], row: int) -> Line:
    return lines[row] if 0 <= row < len(lines) else ()


__all__: list[Any] = ["Bar", "Paints", "Paper", "paint", "plain"]
