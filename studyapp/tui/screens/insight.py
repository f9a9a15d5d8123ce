"""What the learner believes: misconceptions seen, confidence against what came of it, and the concepts that are mastered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.screens.rows import RowsScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean
from studyapp.tui.text.words import count, meter, share


class MisconceptionsScreen(RowsScreen):
    """Those that were seen, the latest first; Enter shows where."""

    def __init__(self) -> None:
        super().__init__("misconceptions")
        self._rows: list[dict[str, Any]] = []

    async def opened(self) -> None:
        self._rows = self.study.misconceptions()
        self.draw()

    def contexts(self) -> list[str]:
        return [*(["list"] if self._rows else []), "scroll", "app", "read"]

    def heading(self) -> tuple[Line, Line]:
        beaten = sum(row["beaten"] > 0 for row in self._rows)
        return (Piece("Misconceptions seen", "strong"),), (
            Piece(f"{beaten} of {len(self._rows)} beaten since" if self._rows else "", "dim"),
        )

    def blocks(self, width: int) -> Sequence[Block]:
        if not self._rows:
            return [BLANK, Block((Piece("None yet: wrong answers that have a name are counted here.", "dim"),))]
        rows: list[Block] = [BLANK]
        for n, row in enumerate(self._rows):
            here = n == self.at
            role = "good" if row["beaten"] else "warn"
            first, label = (Piece("▸ " if here else "  ", "key"), Piece("● ", role)), clean(row["label"])
            rest = clean(row["said"].removeprefix(row["label"]))
            body = (Piece(label, "strong" if here else ""), Piece(rest, "dim"))
            rows.append(Block(body, first=first, rest=(Piece("    "),), click=f"misconceptions.row:{n}"))
        return rows

    async def click(self, target: str) -> None:
        kind, _, row = target.partition(":")
        if kind == "misconceptions.row":
            self.at = int(row)
            await self.act("list.open")
        else:
            await super().click(target)

    def do_list_open(self, _: int) -> None:
        row = self._rows[self.at]
        places = "\n".join(f"- {place['ask']}" for place in row["places"])
        said = row["said"][:1].upper() + row["said"][1:]  # the rest keeps its capitals, as in [CLS]
        self.study_app.open("text", heading=row["label"], text=f"{said}.\n\nSeen at:\n\n{places}")


class CalibrationScreen(KeyScreen):
    """A line a fifth of confidence: how sure, and a bar of how often right that should end at the mark."""

    def __init__(self) -> None:
        super().__init__("calibration")
        self._data: Mapping[str, Any] = {}

    async def opened(self) -> None:
        self._data = self.study.calibration()
        self.draw()

    def heading(self) -> tuple[Line, Line]:
        return (Piece("Calibration", "strong"),), (Piece("do you know what you know?", "dim"),)

    def blocks(self, width: int) -> Sequence[Block]:
        if not self._data.get("all", {}).get("answers"):
            note = "Nothing to compare yet: answer with guess, likely or sure, here or in a lab."
            return [BLANK, Block((Piece(note, "dim"),))]
        rows = [*_part("All answers with a confidence", self._data["all"], width)]
        if self._data["forecasts"]["answers"]:
            rows += _part("Forecasts in labs", self._data["forecasts"], width)
        note = "A bar that ends left of its mark: surer than right. Right of it: you know more than you think. It never changes a grade."
        return [*rows, BLANK, Block((Piece(note, "dim"),))]


class MasteryScreen(KeyScreen):
    """The concepts that labs have asked for: stable cards, and fresh seeds right on two days."""

    def __init__(self) -> None:
        super().__init__("mastery")
        self._data: Sequence[Mapping[str, Any]] = ()

    async def opened(self) -> None:
        self._data = self.study.mastery()
        self.draw()

    def heading(self) -> tuple[Line, Line]:
        held = sum(bool(row["mastered"]) for row in self._data)
        return (Piece("Concepts of the labs", "strong"),), (Piece(f"{held} of {len(self._data)} mastered" if self._data else "", "dim"),)

    def blocks(self, width: int) -> Sequence[Block]:
        if not self._data:
            return [BLANK, Block((Piece("Nothing yet: each lab that you play brings its concepts.", "dim"),))]
        rows: list[Block] = []
        for row in self._data:
            sign = Piece("● ", "good") if row["mastered"] else Piece("○ ", "dim")
            days = "" if row["stability"] is None else f"weakest card {count(round(row['stability']), 'day')}"
            head = (Piece(clean(row["concept"]), "strong"), Piece(f"   {clean(', '.join(row['labs']))}", "dim"))
            rows += [BLANK, Block(head, first=(sign,), rest=(Piece("  "),), right=(Piece(days, "dim"),), wrap=False)]
            if row["missing"]:
                rows.append(Block((Piece(clean(row["missing"])),), first=(Piece("  "),), rest=(Piece("  "),)))
        return rows


def _part(title: str, found: Mapping[str, Any], width: int) -> list[Block]:
    score = f"Brier score {found['brier']:.2f} over {count(found['answers'], 'answer')}: 0 is perfect, always saying 50% gives 0.25"
    rows = [BLANK, Block((Piece(title, "head"),)), Block((Piece(score),)), BLANK]
    cells = max(10, min(40, width - 36))
    for row in found["bins"]:
        at = min(cells - 1, round(cells * row["confidence"]))
        bar = "".join(piece.text for piece in meter(row["right"], cells))
        marked = (Piece(bar[:at], "bar"), Piece("┃", "key"), Piece(bar[at + 1 :], "bar"))
        first = (Piece(f"  said {share(row['confidence']):>4}  right {share(row['right']):>4}  ", "dim"),)
        rows.append(Block(marked, first=first, right=(Piece(str(row["answers"]), "dim"),), wrap=False))
    return rows
