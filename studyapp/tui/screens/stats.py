"""Numbers: answers, retention, streak, sections, calibration, misconceptions, the coming days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, clean
from studyapp.tui.text.words import count, meter, share


class StatsScreen(KeyScreen):
    """One scrolling page."""

    def __init__(self) -> None:
        super().__init__("stats")
        self._data: Mapping[str, Any] = {}
        self._coming: Mapping[str, Any] = {}

    async def opened(self) -> None:
        self._data, self._coming = self.study.stats(), self.study.forecast(14)
        self.draw()

    def heading(self) -> tuple[Line, Line]:
        return (Piece("Statistics", "strong"),), ()

    def contexts(self) -> list[str]:
        return ["stats", "read", "scroll", "app"]

    def do_stats_misconceptions(self, _: int) -> None:
        self.study_app.open("misconceptions")

    def do_stats_calibration(self, _: int) -> None:
        self.study_app.open("calibration")

    def do_stats_mastery(self, _: int) -> None:
        self.study_app.open("mastery")

    def blocks(self, width: int) -> Sequence[Block]:
        data = self._data
        if not data:
            return ()
        if not data["answers"]:
            return [BLANK, Block((Piece("Nothing to count yet: answer a few cards first.", "head"),))]
        rows = [BLANK, Block((Piece(f"{count(data['answers'], 'answer')} on {count(data['days_studied'], 'day')}", "head"),)), BLANK]
        streak = f"{count(data['streak'], 'day')}" + (f"   {data['streak_note']}" if data["streak_note"] else "")
        rows += [_row("streak", streak), _row("time", count(round(data["minutes"]), "minute"))]
        rows.append(_row("today", f"{count(data['today']['answers'], 'answer')}, {data['today']['new']} new"))
        if data["retention"] is not None:
            goal = f"{share(data['retention'])} of {count(data['reviews'], 'review')}   you aim at {share(data['retention_goal'])}"
            rows.append(_row("recalled", goal))
        if data["brier"] is not None:
            rows.append(
                _row(
                    "calibration", f"Brier score {data['brier']:.2f} over {count(data['forecasts'], 'answer')} (0 is perfect, 0.25 a coin)"
                )
            )
        return [*rows, *self._sections(), *self._misconceptions(), *self._days(width)]

    def _sections(self) -> list[Block]:
        rows = [BLANK, Block((Piece("Sections", "head"),), right=(Piece("strength   started", "dim"),), wrap=False)]
        course = ""
        for row in self._data["sections"]:
            if row["course"] != course:
                course = row["course"]
                rows.append(Block((Piece(clean(course), "dim"),), first=(Piece("  "),), wrap=False))
            number = row["number"] if str(row["number"]).isdigit() else "·"
            right = (
                *meter(row["strength"], 8),
                Piece(f" {share(row['strength']):>4}", "dim"),
                Piece(f"{row['started']:>5}/{row['items']:<3}", "dim"),
            )
            rows.append(Block((Piece(clean(row["title"])),), first=(Piece(f"  {number:>2} ", "dim"),), right=right, wrap=False))
        return rows

    def _misconceptions(self) -> list[Block]:
        found = self._data["misconceptions"]
        if not found:
            return []
        rows = [BLANK, Block((Piece("Misconceptions", "head"),), right=(Piece("seen   beaten since", "dim"),), wrap=False)]
        for row in found:
            right = (Piece(f"{row['seen']:>3}x", "warn"), Piece(f"{row['beaten']:>12}x", "good" if row["beaten"] else "dim"))
            rows.append(Block((Piece(clean(row["label"])),), first=(Piece("  "),), right=right, wrap=False))
        return rows

    def _days(self, width: int) -> list[Block]:
        days = self._coming["days"]
        most = max([row["reviews"] for row in days] or [0]) or 1
        rows = [BLANK, Block((Piece("Reviews in the coming days", "head"),))]
        cells = max(8, min(40, width - 24))
        for row in days:
            bar = Piece("━" * round(cells * row["reviews"] / most), "accent")
            rows.append(Block((Piece(f"  {row['date']}  {row['reviews']:>4}  ", "dim"), bar), wrap=False))
        return rows


def _row(label: str, text: str) -> Block:
    return Block((Piece(clean(text)),), first=(Piece(f"  {label:<13}", "dim"),), rest=(Piece(" " * 15),))
