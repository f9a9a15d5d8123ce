""" "Same card?": one that is gone and a new one like it, side by side. The learner decides whether the history goes along."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Any

from studyapp.tui.screens.base import KeyScreen
from studyapp.tui.text.ink import BLANK, Block, Line, Piece, beside, clean, lay
from studyapp.tui.text.md import inline
from studyapp.tui.text.words import count

SIDE_BY_SIDE = 60  # columns that two texts need to stand beside each other
BUTTONS = ("same.yes", "same.no", "same.later")


class SameScreen(KeyScreen):
    """`pairs` as `Study.renamed` gives them, one after the other; `done` gets what to tell when all are decided or put off."""

    DOCK_ROWS = 3

    def __init__(self, pairs: Sequence[dict[str, Any]], done: Callable[[str], None]) -> None:
        super().__init__("same")
        self._done = done
        self._pairs = list(pairs)
        self._at = 0

    def contexts(self) -> list[str]:
        return ["same", "scroll", "app", "read"]

    def heading(self) -> tuple[Line, Line]:
        number = f"{self._at + 1} of {len(self._pairs)}" if len(self._pairs) > 1 else ""
        return (Piece("The same card?", "strong"),), (Piece(number, "dim"),)

    def buttons(self) -> Line:
        return self.as_buttons(BUTTONS)

    def hidden_keys(self) -> frozenset[str]:
        return frozenset(BUTTONS)

    def blocks(self, width: int) -> Sequence[Block]:
        pair = self._pairs[self._at]
        course, _, old = pair["old"].partition(":")
        new = pair["new"].partition(":")[2]
        told = (
            f"In the course {course} a card is gone that you have answered ({count(pair['reviews'], 'review')}), and a new one is like it."
        )
        rows = [
            BLANK,
            Block((Piece(clean(told)),)),
            Block((Piece("If it is the same card, its history goes to the new text.", "dim"),)),
            BLANK,
        ]
        asks = marked(pair["old_ask"], pair["new_ask"])
        answers = marked(pair["old_answer"], pair["new_answer"])
        half = (width - 3) // 2 if width >= SIDE_BY_SIDE else width
        left, right = (
            lay([Block((Piece(f"{head}  {clean(id)}", "dim"),)), BLANK, *asks[side], BLANK, *answers[side]], half)
            for side, (head, id) in enumerate((("before", old), ("now", new)))
        )
        lines = beside(left, right, half) if width >= SIDE_BY_SIDE else [*left, (), *right]
        return [*rows, *(Block(line, wrap=False) for line in lines)]

    # what can be done

    def do_same_yes(self, _: int) -> None:
        pair = self._pairs[self._at]
        done = self.study.accept_rename(pair["old"], pair["new"])
        self._on(f"the history goes along: {count(done['reviews'], 'review')}")

    def do_same_no(self, _: int) -> None:
        pair = self._pairs[self._at]
        self.study.reject_rename(pair["old"], pair["new"])
        self._on("two cards: you are not asked again")

    def do_same_later(self, _: int) -> None:
        self._put_off(self._pairs[self._at])
        self._on("you are asked again at the next start")

    def do_app_back(self, _: int) -> None:
        for pair in self._pairs[self._at :]:
            self._put_off(pair)
        self._at = len(self._pairs) - 1
        self._on("you are asked again at the next start")

    def _put_off(self, pair: dict[str, Any]) -> None:
        self.study_app.put_off.add((pair["old"], pair["new"]))
        self.study.put_off_rename(pair["old"], pair["new"])

    def _on(self, said: str) -> None:
        """To the next pair, or back."""
        if self._at + 1 < len(self._pairs):
            self._at += 1
            self.draw()
            self.say(said, "good")
            return
        self.app.pop_screen()
        self._done(said)


def marked(old: str, new: str) -> tuple[list[Block], list[Block]]:
    """Both texts without their Markdown, a block a line, with the words that differ marked."""
    words: list[list[str]] = [re.findall(r"\s+|\S+", _bare(text)) for text in (old, new)]
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, a, b, c, d in SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes():
        for side, (start, end) in enumerate(((a, b), (c, d))):
            pieces[side].append(Piece("".join(words[side][start:end]), "" if tag == "equal" else "good" if side else "warn"))
    return _lines(pieces[0]), _lines(pieces[1])


def _bare(text: str) -> str:
    return "\n".join("".join(piece.text for piece in inline(line)) for line in clean(text).split("\n"))


def _lines(pieces: Sequence[Piece]) -> list[Block]:
    rows: list[list[Piece]] = [[]]
    for piece in pieces:
        for number, text in enumerate(piece.text.split("\n")):
            if number:
                rows.append([])
            if text:
                rows[-1].append(piece._replace(text=text))
    return [Block(tuple(row)) for row in rows]
