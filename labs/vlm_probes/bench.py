"""Asks a speaker what a run needs, a few questions at a time, and keeps the answers for the rest of the run.

Pictures asked live are drawn by the plan's own seed and are none of the recorded ones; where the speaker's very weights were recorded,
their answers are added and counted apart (`live`, `recorded`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from labs.vlm_probes.first_sheet import sheet
from labs.vlm_probes.probes import Cell, Shot, grey, pair
from labs.vlm_probes.prompts import count_listed, list_prompt, prompt, shape_of
from labs.vlm_probes.reading import VOID, Reading, read
from labs.vlm_probes.speakers import Speaker
from labs.vlm_probes.switches import switched
from labs.vlm_probes.told import Couple, Told, sound
from studyapp.labkit.api import Progress

LISTED = 1  # pairs that are listed live where others were recorded: a list takes as long as a hundred answers


@dataclass
class Bench:
    """`first` is the place of the first live pair of each cell, `pairs` how many of them are asked."""

    speaker: Speaker
    first: int
    pairs: int
    sparse: bool = False  # asking costs money: fewer settings
    live: dict[str, list[Couple]] = field(default_factory=dict)
    changed: dict[tuple[str, str], list[Couple]] = field(default_factory=dict)
    sheets: dict[int, dict[str, Reading]] = field(default_factory=dict)
    _dark: dict[str, Reading] = field(default_factory=dict)  # prompt -> what is said to a grey picture

    def couples(self, cell: Cell) -> list[Couple]:
        """All answers of a cell that was measured, live ones first; void ones are left out."""
        recording = self.speaker.recording
        return sound(self.live[cell.key]) + (recording.couples(cell) if recording else [])

    def change(self, cell: Cell, switch: str) -> tuple[list[Couple], list[Couple]]:
        """(before, after) of the same pairs, with and without a switch."""
        recording = self.speaker.recording
        after = list(self.changed[cell.key, switch])
        before = self.live[cell.key][: len(after)]
        if recording and (again := recording.changed(cell, switch)):
            before, after = before + recording.couples(cell), after + again
        kept = [(a, b) for a, b in zip(before, after, strict=True) if sound([a]) and sound([b])]
        return [a for a, _ in kept], [b for _, b in kept]

    def void(self, cell: Cell) -> int:
        """Pairs asked live whose answers were not stable."""
        return len(self.live[cell.key]) - len(sound(self.live[cell.key]))

    def measure(self, cells: Sequence[Cell]) -> Iterator[Progress]:
        """Ask the live pairs of these cells, and their questions with a grey picture."""
        open_ = [cell for cell in cells if cell.key not in self.live]
        for number, cell in enumerate(open_):
            pairs = self._pairs(cell)
            shots = [shot for both in pairs for shot in both]
            replies: list[Reading] = []
            yield from self._ask(shots, replies, number / len(open_), cell.key)
            yield from self._ask_grey(shots, number / len(open_))
            told = [
                Told(shot.key, shot.answer, reply, self._dark[prompt(shot, self.speaker.form)])
                for shot, reply in zip(shots, replies, strict=True)
            ]
            self.live[cell.key] = list(zip(told[::2], told[1::2], strict=True))

    def turn(self, cell: Cell, switch: str, share: float = 0.0) -> Iterator[Progress]:
        """Ask a cell's live pairs again with a switch ("crop", "double", "list")."""
        if (cell.key, switch) in self.changed:
            return
        pairs = self._pairs(cell)
        if switch == "list" and self.speaker.recording:
            pairs = pairs[:LISTED]
        shots = [shot for both in pairs for shot in both]
        replies: list[Reading] = []
        if switch == "list":
            yield from self._list(shots, replies, share)
        else:
            yield from self._ask([switched(shot, switch) for shot in shots], replies, share, f"{cell.key}, {switch}")
        told = [Told(f"{shot.key} {switch}", shot.answer, reply) for shot, reply in zip(shots, replies, strict=True)]
        self.changed[cell.key, switch] = list(zip(told[::2], told[1::2], strict=True))

    def ask_sheet(self, number: int) -> Iterator[Progress]:
        """Ask about the twelve pictures of task 1."""
        if number not in self.sheets:
            shots = sheet(number, self.speaker.world)
            replies: list[Reading] = []
            yield from self._ask(list(shots.values()), replies, 0.0, "your twelve pictures")
            self.sheets[number] = dict(zip(shots, replies, strict=True))

    def _pairs(self, cell: Cell) -> list[tuple[Shot, Shot]]:
        return [pair(cell, self.first + place, self.speaker.world) for place in range(self.pairs)]

    def _ask(self, shots: Sequence[Shot], into: list[Reading], share: float, say: str) -> Iterator[Progress]:
        form = self.speaker.form
        for start in range(0, len(shots), self.speaker.at_once):
            part = shots[start : start + self.speaker.at_once]
            replies = self.speaker.ask(part, [prompt(shot, form) for shot in part], False, say)
            into += [read(reply, shot.choices, form) for shot, reply in zip(part, replies, strict=True)]
            yield Progress(done=share, say=say)

    def _ask_grey(self, shots: Sequence[Shot], share: float) -> Iterator[Progress]:
        """A grey picture is the same for all, so each question is asked of it once."""
        fresh = {prompt(shot, self.speaker.form): shot for shot in shots}
        asked = [grey(shot) for words, shot in fresh.items() if words not in self._dark]
        replies: list[Reading] = []
        yield from self._ask(asked, replies, share, "the same questions with a grey picture")
        self._dark |= {prompt(shot, self.speaker.form): reply for shot, reply in zip(asked, replies, strict=True)}

    def _list(self, shots: Sequence[Shot], into: list[Reading], share: float) -> Iterator[Progress]:
        form = self.speaker.form
        for shot in shots:
            [told] = self.speaker.ask([shot], [list_prompt(shot, form)], True, "listing first")
            if told is None:
                into.append(VOID)
            else:
                into.append(read(count_listed(told, shape_of(shot)) if form == "word" else told, shot.choices, form))
            yield Progress(done=share, say="listing first, counting then")
