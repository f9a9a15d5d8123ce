"""All labs: what each is about, how long, what one did there last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studyapp.tui.lab.ahead import prepare
from studyapp.tui.screens.rows import RowsScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean

if TYPE_CHECKING:
    from studyapp.api.views import LabRow


class LabsScreen(RowsScreen):
    """A list with a cursor; Enter opens the lab."""

    def __init__(self) -> None:
        super().__init__("labs")
        self._rows: list[LabRow] = []

    async def opened(self) -> None:
        self._rows = self.study.labs()
        self.draw()
        self._prepare()

    def _go(self, step: int) -> None:
        super()._go(step)
        self._prepare()

    def _prepare(self) -> None:
        """The lab under the cursor is likely to be opened."""
        if self._rows and self._rows[self.at].state != "broken":
            prepare(self._rows[self.at].id)

    def contexts(self) -> list[str]:
        return ["list", "scroll", "app", "read"]

    def heading(self) -> tuple[Line, Line]:
        return (Piece("Labs", "strong"),), (Piece("predict, run a real model, compare", "dim"),)

    def blocks(self, width: int) -> Sequence[Block]:
        rows: list[Block] = []
        if not self._rows:
            return [BLANK, Block((Piece("No lab is installed.", "dim"),))]
        for n, row in enumerate(self._rows):
            here, click = n == self.at, f"labs.row:{n}"
            head = (Piece(clean(row.title), "strong" if here else ""), Piece(f"   {', '.join(row.sections)}", "dim"))
            right = (Piece(f"{row.minutes} min", "dim"),)
            rows += [BLANK, Block(head, first=(Piece("▸ " if here else "  ", "key"),), right=right, wrap=False, click=click)]
            rows.append(Block((state_of(row),), first=(Piece("  "),), rest=(Piece("  "),), click=click))
        return rows

    async def click(self, target: str) -> None:
        kind, _, row = target.partition(":")
        if kind == "labs.row":
            self.at = int(row)
            await self.act("list.open")
        else:
            await super().click(target)

    def do_list_open(self, _: int) -> None:
        if self._rows:
            self.study_app.open("lab", lab=self._rows[self.at].id)


def state_of(row: LabRow) -> Piece:
    """Where one stands in a lab, in a few words."""
    if row.state == "broken":
        return Piece(f"broken: {clean(row.reason)}", "bad")
    if row.run:
        return Piece("in the middle: go on", "accent")
    if row.last:
        return Piece(clean(row.last), "dim")
    return Piece("needs `make labs`" if row.state == "needs-runtime" else "not tried yet", "dim")
