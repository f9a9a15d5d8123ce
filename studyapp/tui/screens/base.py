"""What all screens share: a title line, a paper that scrolls, a dock with buttons and keys; keys and clicks become actions here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult, SystemCommand
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from studyapp.errors import StudyError
from studyapp.tui.actions import Action
from studyapp.tui.text.edit import Edit
from studyapp.tui.text.ink import Block, Line, Piece, cell_width, clean, heading, lay, rule
from studyapp.tui.widgets.paper import Bar, Paper

if TYPE_CHECKING:
    from studyapp.api import Study
    from studyapp.tui.app import StudyApp

MEASURE = 92  # the widest line of text that reads well


class KeyScreen(Screen[None]):
    """A screen whose keys come from the registry. Subclasses name their contexts and write `do_<action id>` methods."""

    AUTO_FOCUS = None
    DOCK_ROWS = 2  # a rule and the keys; card screens have a row of buttons between

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.top_bar = Bar(id="top")
        self.paper = Paper(id="paper")
        self.dock_bar = Bar(id="dock")
        self._said: Line = ()
        self._drawn_for: Size | None = None
        self.edit: Edit | None = None  # the field under the text, None while nothing is typed

    # what a subclass fills in

    def contexts(self) -> list[str]:
        """The contexts of the registry that hold now, the most particular first."""
        return ["read", "scroll", "app"]

    def heading(self) -> tuple[Line, Line]:
        """The first line, left and right."""
        return (Piece(self.name or ""),), ()

    def progress(self) -> float | None:
        """0..1 for the rule under the title, None for a plain rule."""
        return None

    def blocks(self, width: int) -> Sequence[Block]:
        """The text of the paper."""
        return ()

    def buttons(self) -> Line:
        """The row of buttons, where the dock has one."""
        return ()

    # the frame

    @property
    def study_app(self) -> StudyApp:
        return cast("StudyApp", self.app)

    @property
    def study(self) -> Study:
        return self.study_app.study

    def compose(self) -> ComposeResult:
        self.dock_bar.styles.height = self.DOCK_ROWS
        yield self.top_bar
        yield from self.body()
        yield self.dock_bar

    def body(self) -> Iterable[Widget]:
        """What stands between the title and the dock."""
        yield self.paper

    async def on_mount(self) -> None:
        await self.opened()

    async def opened(self) -> None:
        """The screen is there: fetch what it shows, and paint it."""
        self.draw()

    def on_resize(self, event: events.Resize) -> None:
        if event.size != self._drawn_for:
            self.call_after_refresh(self.resized)

    def resized(self) -> None:
        """The terminal has another size; the state stays."""
        self.draw(top=None)

    @property
    def measure(self) -> int:
        """Columns for text, the margins taken off."""
        return min(MEASURE, self.app.size.width - 2 * self.margin)

    @property
    def margin(self) -> int:
        """Columns left of the text: a narrow one on a narrow screen, the rest of a wide one shared by both sides."""
        width = self.app.size.width
        return max(1 if width < 60 else 2, (width - MEASURE) // 2)

    def draw(self, top: int | None = 0) -> None:
        """Paint everything anew; rows that did not change are not sent. `top` None keeps the place in the text."""
        self._drawn_for = self.app.size
        self.draw_top()
        self.draw_paper(top)
        self.draw_dock()

    def draw_top(self) -> None:
        left, right = self.heading()
        width = self.app.size.width
        room = width - 2 * self.margin
        self.top_bar.show([*lay([heading(left, right, room)], room, self.margin), rule(width, self.progress())])

    def draw_paper(self, top: int | None = 0) -> None:
        width = self.measure
        lines = lay(list(self.blocks(width)), width, self.margin)
        if self.edit is None:
            self.paper.show(lines, top)
            return
        pad = (Piece(" " * self.margin),)
        lines += [(), *(pad + line for line in self.edit.painted(width))]
        self.paper.show(lines, top)
        self.paper.reveal_row(len(lines) - 1)

    def draw_dock(self) -> None:
        width = self.app.size.width
        rows: list[Line] = [rule(width)]
        said = lay([Block(self._said)], width - 2 * self.margin, self.margin) if self._said else []
        room = self.DOCK_ROWS - 1  # a long message takes the row of buttons too
        if self.DOCK_ROWS > 2 and len(said) < room:
            rows.append((Piece(" " * self.margin), *self.buttons()))
        rows += said[:room] if said else [self._keys_line(width)]
        self.dock_bar.show(rows)

    def say(self, text: str, role: str = "accent") -> None:
        """One line in place of the keys, until the next key."""
        self._said = (Piece(clean(text), role),)
        self.draw_dock()

    def _keys_line(self, width: int) -> Line:
        """`key label` pairs that fit; help and back are always among them."""
        actions = self.study_app.keys.footer(self.contexts(), self.hidden_keys(), self.edit is not None)
        last = [action for action in actions if action.footer >= 90]
        line: list[Piece] = [Piece(" " * self.margin)]
        room = width - self.margin - sum(self._key_width(action) for action in last)
        for action in [*(a for a in actions if a.footer < 90), *last]:
            if action not in last:
                if self._key_width(action) > room:
                    continue
                room -= self._key_width(action)
            line += [Piece(self.key_text(action), "key", action.id), Piece(" " + self.label(action) + "   ", "dim", action.id)]
        return tuple(line)

    def _key_width(self, action: Action) -> int:
        return cell_width(self.key_text(action)) + cell_width(self.label(action)) + 4

    def key_text(self, action: Action) -> str:
        """How the footer writes an action's key here."""
        return self.study_app.keys.written(action.id, self.edit is not None)

    def label(self, action: Action) -> str:
        """How the footer calls an action here."""
        return action.label

    def as_buttons(self, ids: Iterable[str]) -> Line:
        """These actions as buttons, for the dock's row of them."""
        pieces: list[Piece] = []
        for id in ids:
            action = self.study_app.keys.actions[id]
            pieces += [
                Piece(f" {self.key_text(action)} ", "button key", id),
                Piece(f"{self.label(action)} ", "button", id),
                Piece("  "),
            ]
        return tuple(pieces)

    def hidden_keys(self) -> frozenset[str]:
        """Ids of actions that the footer leaves out, because buttons show them."""
        return frozenset()

    # keys, clicks and commands become actions

    async def on_key(self, event: events.Key) -> None:
        """A field takes the characters, then come the actions, then the field's other keys."""
        if self.keeps(event):
            return
        found = None
        if self.edit is None or not event.is_printable:
            found = self.study_app.keys.resolve(self.contexts(), event.key, event.character)
        if found is not None:
            event.stop()
            await self.act(found[0].id, found[1])
        elif self.type_key(event):
            event.stop()

    def keeps(self, event: events.Key) -> bool:
        """A focused widget of Textual's own has done this key already."""
        return False

    def type_key(self, event: events.Key) -> bool:
        """Give a key to the field; False where there is none, or it has no use for it."""
        if self.edit is None or not self.edit.key(event.key, event.character):
            return False
        self.typed()
        return True

    def on_paste(self, event: events.Paste) -> None:
        if self.edit is not None:
            event.stop()
            self.edit.insert(event.text)
            self.typed()

    def typed(self) -> None:
        """The field's text or cursor changed."""
        self.draw_paper(top=None)

    async def click(self, target: str) -> None:
        """A mouse click on a piece with this target: an action's id, with `:n` for its n-th key."""
        action, _, position = target.partition(":")
        await self.act(action, int(position or 0))

    async def act(self, action_id: str, position: int = 0) -> None:
        """Do one action; a problem is told in the line of keys and nothing is lost."""
        said, self._said = self._said, ()
        try:
            result = getattr(self, "do_" + action_id.replace(".", "_"))(position)
            if result is not None:
                await result
        except StudyError as error:
            self.say(str(error), "bad")
        if said and not self._said:
            self.draw_dock()

    def palette_commands(self) -> Iterable[SystemCommand]:
        """What the command palette offers on this screen."""
        keys = self.study_app.keys
        contexts = self.contexts()
        for action in keys.actions.values():
            if action.palette and action.context in contexts and hasattr(self, "do_" + action.id.replace(".", "_")):
                title = f"{action.label.capitalize()} ({keys.written(action.id)})"
                yield SystemCommand(title, action.help, partial(self.run_later, action.id))

    def run_later(self, action_id: str) -> None:
        """Do an action once the palette has closed."""
        self.call_later(self.act, action_id)

    # what every screen can do

    def do_app_help(self, _: int) -> None:
        self.study_app.open("help", contexts=self.contexts(), of=self.name)

    def do_app_palette(self, _: int) -> None:
        self.app.action_command_palette()

    def do_app_back(self, _: int) -> None:
        self.study_app.back()

    def do_app_leave(self, _: int) -> None:
        self.do_app_back(0)

    def do_app_theme(self, _: int) -> None:
        self.say(f"theme: {self.study_app.next_theme()}")

    def do_app_quit(self, _: int) -> None:
        self.app.exit(0)

    def do_own_add(self, _: int) -> None:
        self.study_app.open("add", done=self.back_from)

    def back_from(self, said: str) -> None:
        """A screen on top has closed; what to tell of it, if anything."""
        if said:
            self.say(said, "good")

    def do_read_down(self, _: int) -> None:
        self.paper.scroll_by(1)

    def do_read_up(self, _: int) -> None:
        self.paper.scroll_by(-1)

    def do_read_page_down(self, _: int) -> None:
        self.paper.scroll_by(max(1, self.paper.size.height - 2))

    def do_read_page_up(self, _: int) -> None:
        self.paper.scroll_by(-max(1, self.paper.size.height - 2))

    def do_read_top(self, _: int) -> None:
        self.paper.scroll_by(-(10**6))

    def do_read_end(self, _: int) -> None:
        self.paper.scroll_by(10**6)
