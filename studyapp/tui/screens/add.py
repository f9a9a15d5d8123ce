"""A card of the learner's own, written in the app: a form, and below it what the course check would say."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from studyapp.tui.cards.form import KINDS, Form, advice_blocks
from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import Line, Piece, lay

if TYPE_CHECKING:
    from textual.timer import Timer

    from studyapp.api.card_check import CardCheck, CardChecker

AFTER_S = 0.15  # after a key the draft is kept and the card is checked, once for a burst of keys


class AddScreen(KeyScreen):
    """`done` gets what to tell the learner when the form has closed."""

    DOCK_ROWS = 3

    class Checked(Message):
        """What there is to say of the card as it was at a check."""

        def __init__(self, number: int, check: CardCheck) -> None:
            super().__init__()
            self.number, self.check = number, check

    def __init__(self, done: Callable[[str], None]) -> None:
        super().__init__("add")
        self._done = done
        self._form = Form({}, ())
        self._before: dict[str, str] = {}
        self._leaving = False
        self._over = False
        self._timer: Timer | None = None
        self._checker: CardChecker | None = None
        self._checks = 0
        self._check: CardCheck | None = None

    async def opened(self) -> None:
        own = next((info for info in self.study.courses() if info.id == "own"), None)
        self._before = self.study.card_draft()
        self._form = Form(self._before, [section.title for section in own.sections] if own else ())
        self._checker = self.study.card_checker()
        self.edit = self._form.edit
        self.draw()
        self._ask_checker()
        if self._before:
            self.say("what you wrote before is still here")

    def on_unmount(self) -> None:
        if not self._over:
            self.study.keep_card_draft(self._form.written())

    # what is painted

    def heading(self) -> tuple[Line, Line]:
        return (Piece("A card of your own", "strong"),), (Piece("it goes into your own course", "dim"),)

    def contexts(self) -> list[str]:
        return ["leave", "app"] if self._leaving else ["form", "scroll", "app"]

    def draw_paper(self, top: int | None = 0) -> None:
        width = self.measure
        rows, here = self._form.lines(width)
        rows += [(), *lay(advice_blocks(self._check), width)]
        pad = (Piece(" " * self.margin),)
        self.paper.show([pad + row for row in rows], top)
        self.paper.reveal_row(here)

    def buttons(self) -> Line:
        if self._leaving:
            return (Piece("Keep what you wrote for the next time?  ", "strong"), *self.as_buttons(["leave.keep", "leave.drop"]))
        return self.as_buttons(["form.save"])

    def hidden_keys(self) -> frozenset[str]:
        return frozenset({"leave.keep", "leave.drop"} if self._leaving else {"form.save"})

    # typing, and what follows from it

    def type_key(self, event: events.Key) -> bool:
        """Up and down go from field to field where there is no line to go to."""
        edit = self.edit
        before = None if edit is None else (edit.at, edit.text)
        if edit is not None and event.key in ("up", "down"):
            edit.key(event.key, None)
            if (edit.at, edit.text) == before:
                self._go(1 if event.key == "down" else -1)
            else:
                self.draw_paper(top=None)
            return True
        return super().type_key(event)

    def typed(self) -> None:
        self.draw_paper(top=None)
        if self._said:
            self._said = ()
            self.draw_dock()
        if self._timer is None:
            self._timer = self.set_timer(AFTER_S, self._settled)

    def _settled(self) -> None:
        self._timer = None
        if not self._over:
            self.study.keep_card_draft(self._form.written())
            self._ask_checker()

    def _ask_checker(self) -> None:
        """Check the card in a thread: the rules take a moment to load the first time."""
        self._checks += 1
        number, checker, card = self._checks, self._checker, self._form.card()
        if checker is None or not self._form.written():
            self._check = None
            self.draw_paper(top=None)
            return
        self.run_worker(lambda: self.post_message(self.Checked(number, checker.check(**card))), thread=True, group="check")

    def on_add_screen_checked(self, message: Checked) -> None:
        if message.number == self._checks:
            self._check = message.check
            self.draw_paper(top=None)

    # actions

    def _go(self, by: int) -> None:
        self._form.step(by)
        self._show()

    def _show(self) -> None:
        self.edit = None if self._leaving else self._form.edit
        self.draw(top=None)

    def do_form_next(self, _: int) -> None:
        self._go(1)

    def do_form_previous(self, _: int) -> None:
        self._go(-1)

    def do_form_newline(self, _: int) -> None:
        if self._form.edit.lines:
            self._form.edit.insert("\n")
            self.typed()

    def do_form_kind(self, _: int) -> None:
        self._form.next_kind()
        self._show()
        self.typed()

    def do_form_field(self, number: int) -> None:
        self._form.at = self._form.fields()[number].name
        self._show()

    async def click(self, target: str) -> None:
        action, _, which = target.partition(":")
        if action == "form.kind" and which in KINDS:
            while self._form.kind != which:
                self.do_form_kind(0)
        else:
            await super().click(target)

    def do_form_save(self, _: int) -> None:
        made = self.study.add_card(**self._form.card())
        self.study.keep_card_draft({})
        self._close(f"{made['item']} is written; it comes up like any new card")

    def do_app_back(self, _: int) -> None:
        if self._form.written() in ({}, self._before):
            self._close("")
        else:
            self._leaving = True
            self._show()

    def do_leave_stay(self, _: int) -> None:
        self._leaving = False
        self._show()

    def do_leave_keep(self, _: int) -> None:
        self.study.keep_card_draft(self._form.written())
        self._close("what you wrote is kept for the next time")

    def do_leave_drop(self, _: int) -> None:
        self.study.keep_card_draft({})
        self._close("nothing was written")

    def _close(self, said: str) -> None:
        self._over = True
        self.app.pop_screen()
        self._done(said)
