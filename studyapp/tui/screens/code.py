"""The editor for a code task: the source above, what the checks say below; Ctrl+S checks, Esc keeps and goes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from studyapp.errors import StudyError
from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import Block, Line, Piece, clean
from studyapp.tui.text.md import inline

if TYPE_CHECKING:
    from studyapp.labkit.api import Question, Verdict


class Source(TextArea):
    """An editor that leaves Escape to its screen."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.prevent_default()  # of TextArea's own handler; the key still goes up to the screen


class CodeScreen(KeyScreen):
    """`check` judges a source (in a thread); `keep` gets the source when the learner goes back."""

    CSS = """
    CodeScreen Source, CodeScreen Source:focus {
        height: 2fr; border: none; padding: 0 1; background: $panel; scrollbar-size: 1 1; scrollbar-background: $panel;
    }
    CodeScreen #paper { height: 1fr; }
    """

    class Checked(Message):
        """The verdict on a source, or why there is none."""

        def __init__(self, verdict: Verdict | None, problem: str) -> None:
            super().__init__()
            self.verdict, self.problem = verdict, problem

    def __init__(self, question: Question, source: str, check: Callable[[str], Verdict], keep: Callable[[str], None]) -> None:
        super().__init__("code")
        self._question, self._check, self._keep = question, check, keep
        self._verdict: Verdict | None = None
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
        return ["code", "scroll", "app"]

    def heading(self) -> tuple[Line, Line]:
        return (Piece(clean(self._question.title), "strong"),), (Piece("checked by its properties, not by its text", "dim"),)

    def blocks(self, width: int) -> Sequence[Block]:
        from studyapp.tui.lab.paper import report_blocks

        if self._verdict is None:
            return [Block(tuple(inline(line))) for line in self._question.ask.split("\n")]
        word = Piece("✓ the checks pass", "good") if self._verdict.outcome == "right" else Piece("✗ not yet", "bad")
        rows = [Block((word,))]
        report = self._verdict.report
        if self._verdict.say and (report is None or report.say != self._verdict.say):
            rows.append(Block(tuple(inline(self._verdict.say, "note"))))
        return rows + (report_blocks(report) if report is not None else [])

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
                self.post_message(self.Checked(self._check(source), ""))
            except StudyError as error:
                self.post_message(self.Checked(None, str(error)))

        self.run_worker(body, thread=True)

    def on_code_screen_checked(self, message: Checked) -> None:
        self._busy = False
        self._verdict = message.verdict
        if message.verdict is None:
            self.say(message.problem, "bad")
        else:
            self.say("the checks pass" if message.verdict.outcome == "right" else "not yet: see below", "accent")
        self.draw()

    def do_app_back(self, _: int) -> None:
        self.app.pop_screen()
        self._keep(self.area.text)
