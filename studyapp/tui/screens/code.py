"""The editor for a code task: the source above, what the checks say below; Ctrl+S checks at once, Esc keeps and goes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events
from textual.actions import parse
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from studyapp.errors import StudyError
from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import Block, Line, Piece, clean
from studyapp.tui.text.md import inline

if TYPE_CHECKING:
    from studyapp.labkit.api import Question
    from studyapp.tui.lab.coding import Checked


BOUND = {key: binding.action for binding in TextArea.BINDINGS if isinstance(binding, Binding) for key in binding.key.split(",")}


class Source(TextArea):
    """An editor that leaves Escape and the screen's keys to its screen, and takes all others in the order in which they come.

    Textual does a letter at once and a binding (Backspace, arrows) only after the key went up to the app; so of keys that arrive
    together, as over a slow line, the letter would come first.
    """

    async def _on_key(self, event: events.Key) -> None:
        screen = self.screen
        assert isinstance(screen, KeyScreen)
        if event.key == "escape":
            event.prevent_default()  # of TextArea's own handler; the key still goes up to the screen
        elif event.key in BOUND and screen.study_app.keys.resolve(screen.contexts(), event.key, event.character) is None:
            event.stop()
            event.prevent_default()
            _, name, arguments = parse(BOUND[event.key])
            getattr(self, f"action_{name}")(*arguments)


class CodeScreen(KeyScreen):
    """`check` judges a source (in a thread); `keep` gets the source when the learner goes back."""

    CSS = """
    CodeScreen Source, CodeScreen Source:focus {
        height: 2fr; border: none; padding: 0 1; background: $panel; scrollbar-size: 1 1; scrollbar-background: $panel;
    }
    CodeScreen #paper { height: 1fr; }
    """

    class Found(Message):
        """What a check of the source gave, or why it gave nothing."""

        def __init__(self, checked: Checked | None, problem: str) -> None:
            super().__init__()
            self.checked, self.problem = checked, problem

    def __init__(
        self,
        question: Question,
        source: str,
        check: Callable[[str], Checked],
        keep: Callable[[str], None],
        path_of: Callable[[str], Path],
    ) -> None:
        super().__init__("code")
        self._question, self._check, self._keep, self._path_of = question, check, keep, path_of
        self._found: Checked | None = None
        self._busy = False
        self.area = Source(source, tab_behavior="indent", show_line_numbers=True, soft_wrap=False, compact=True, id="code")
        self.area.cursor_blink = False

    def body(self) -> Iterable[Widget]:
        yield self.area
        yield self.paper

    async def opened(self) -> None:
        self.set_focus(self.area)
        self.draw()

    def contexts(self) -> list[str]:
        drawn = self._found is not None and any(picture.files for picture in self._found.pictures)
        return ["code", *(["code-pictures"] if drawn else []), "scroll", "app"]

    def heading(self) -> tuple[Line, Line]:
        return (Piece(clean(self._question.title), "strong"),), (Piece("checked by its properties, not by its text", "dim"),)

    def blocks(self, width: int) -> Sequence[Block]:
        from studyapp.tui.lab.paper import checked_blocks

        if self._found is None:
            return [Block(tuple(inline(line))) for line in self._question.ask.split("\n")]
        return checked_blocks(self._found.verdict, self._found.pictures, width, key="F8")

    def keeps(self, event: events.Key) -> bool:
        return event.is_printable  # it is typed into the editor

    def do_code_check(self, _: int) -> None:
        if self._busy:
            return
        self._busy = True
        source = self.area.text
        self.say("checking …")

        def body() -> None:
            try:
                self.post_message(self.Found(self._check(source), ""))
            except StudyError as error:
                self.post_message(self.Found(None, str(error)))

        self.run_worker(body, thread=True)

    def on_code_screen_found(self, message: Found) -> None:
        self._busy = False
        if message.checked is None:
            self.say(message.problem, "bad")
        else:
            self._found = message.checked
            self.area.styles.height = "1fr"  # what was found needs room too
            right = message.checked.verdict.outcome == "right"
            self.say("the checks pass" if right else "not yet: see below", "good" if right else "warn")
        self.draw()

    def do_lab_pictures(self, _: int) -> None:
        self.do_code_pictures(0)

    def do_code_pictures(self, _: int) -> None:
        from studyapp.tui.screens.pictures import PicturesScreen

        found = self._found.pictures if self._found is not None else ()
        if files := [(self._path_of(file), picture.alt) for picture in found for file in picture.files]:
            self.app.push_screen(PicturesScreen(files))

    def do_app_back(self, _: int) -> None:
        self.app.pop_screen()
        self._keep(self.area.text)
