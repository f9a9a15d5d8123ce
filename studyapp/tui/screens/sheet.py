"""A screen with an answer sheet on it: actions and typing go to the sheet, a finished answer to the subclass."""

from __future__ import annotations

from studyapp.errors import StudyError
from studyapp.tui.actions import Action
from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.sheets.base import Sheet, Step
from studyapp.tui.text.edit import Edit
from studyapp.tui.text.ink import Line

MARK = " ▸ "  # stands before the option or entry in play
COUNTED = {"ask.choose", "ask.toggle", "ask.place", "rate.tick"}


class SheetScreen(KeyScreen):
    """`sheet` is the answer being made, None while nothing is asked."""

    DOCK_ROWS = 3

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.sheet: Sheet | None = None

    # what a subclass does

    async def answered(self, sheet: Sheet) -> None:
        """The learner has given the answer."""
        raise NotImplementedError

    def keep_draft(self, text: str) -> None:
        """Something was typed or placed: keep it for a resume."""

    def choices(self) -> int:
        """How many things the counted keys stand for here (1-4 choose)."""
        return 0

    # the sheet

    def show_sheet(self, top: int | None = 0) -> None:
        """Open the field where the sheet wants one, then paint."""
        sheet = self.sheet
        self.edit = Edit(sheet.field_text(), sheet.typing == "area", sheet.placeholder) if sheet and sheet.typing else None
        self.draw(top)

    def draw_paper(self, top: int | None = 0) -> None:
        """The option that is marked stays in sight."""
        super().draw_paper(top)
        cursor = getattr(self.sheet, "cursor", None)
        if cursor is not None:
            marks = (f"ask.choose:{cursor}", f"ask.toggle:{cursor}")
            rows = [n for n, line in enumerate(self.paper.lines) if any(piece.click in marks for piece in line)]
        else:
            marked = [n for n, line in enumerate(self.paper.lines) if any(piece.text == MARK for piece in line[:2])]
            rows = marked[:1] if top is None and self.sheet is not None else []
        if rows:
            self.paper.reveal_row(rows[0], len(rows))

    def typed(self) -> None:
        assert self.edit is not None
        assert self.sheet is not None
        self.sheet.typed(self.edit.text)
        self.keep_draft(self.sheet.draft())
        super().typed()

    async def act(self, action_id: str, position: int = 0) -> None:
        if not action_id.startswith(("ask.", "type.")) or self.sheet is None:
            await super().act(action_id, position)
            return
        self._said = ()
        if self.edit is not None:
            if action_id == "type.newline":
                self.edit.insert("\n")
                self.typed()
                return
            self.sheet.typed(self.edit.text)
        step = self.sheet.act(action_id, position)
        if step is Step.CHANGED:
            self.keep_draft(self.sheet.draft())
            self.show_sheet(top=None)  # who has scrolled down to the entries stays there
        elif step is Step.REVEAL:
            try:
                await self.answered(self.sheet)
            except StudyError as error:
                self.say(str(error), "bad")

    # the row of buttons

    def buttons(self) -> Line:
        return self.button_line() if self.sheet is not None else ()

    def button_line(self) -> Line:
        """The actions of `button_ids` as buttons."""
        return self.as_buttons(self.button_ids())

    def button_ids(self) -> list[str]:
        """Ids of the actions that make or give the answer."""
        if self.sheet is None:
            return []
        actions = self.study_app.keys.footer(self.contexts(), typing=self.edit is not None)
        return [action.id for action in actions if action.group in ("ask", "type")]

    def hidden_keys(self) -> frozenset[str]:
        return frozenset(self.button_ids())

    def key_text(self, action: Action) -> str:
        """As many keys as there are options, steps or points here."""
        count = self.choices()
        if action.id not in COUNTED or not count or not self.study_app.keys.is_default(action.id):
            return super().key_text(action)
        if count == 1:
            return action.keys[0]
        return f"{action.keys[0]}-{action.keys[min(count, len(action.keys)) - 1]}"
