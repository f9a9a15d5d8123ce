"""Every key of the screen one comes from, out of the registry."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.tui.actions import CONTEXT_WORDS, Action
from studyapp.tui.keymap import written
from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece

KEY_COLUMN = 16
WITH_IDS = 100  # columns from which the actions' ids stand beside them


class HelpScreen(KeyScreen):
    """`contexts` are those of the screen below: its keys come first, then what remains."""

    def __init__(self, contexts: Sequence[str], of: str | None) -> None:
        super().__init__("help")
        self._contexts, self._of = list(contexts), of

    def heading(self) -> tuple[Line, Line]:
        return (Piece("Keys", "strong"),), (Piece("change any of them by the setting keys.<action>", "dim"),)

    def blocks(self, width: int) -> Sequence[Block]:
        actions = list(self.study_app.keys.actions.values())
        here = [action for context in self._contexts for action in actions if action.context == context]
        rows = [
            BLANK,
            Block((Piece("Here and now", "head"),)),
            *(self._row(action) for action in here if action.group not in ("read", "app")),
        ]
        others = [action for action in actions if action not in here or action.group in ("read", "app")]
        for group in dict.fromkeys(action.group for action in [*(a for a in others if a in here), *others]):
            rows += [BLANK, Block((Piece(CONTEXT_WORDS.get(group, group), "head"),))]
            rows += [self._row(action) for action in others if action.group == group]
        for clash in self.study_app.keys.clashes():
            rows += [BLANK, Block((Piece(clash, "warn"),))]
        return rows

    def _row(self, action: Action) -> Block:
        keys = action.as_key or " ".join(written(key) for key in action.keys) or "none"
        head = Piece(f"  {keys:<{KEY_COLUMN}}", "key")
        wide = self.app.size.width >= WITH_IDS
        right = (Piece(action.id, "dim"),) if wide else ()
        return Block((Piece(action.help),), first=(head,), rest=(Piece(" " * (KEY_COLUMN + 2)),), right=right)
