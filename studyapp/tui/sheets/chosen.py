"""Sheets that are chosen: options, true or false, an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from studyapp.course.view import Shown
from studyapp.tui.sheets.base import CONFIDENCE, Sheet, Step, hint_line
from studyapp.tui.text.ink import BLANK, Block, Piece
from studyapp.tui.text.md import inline

SURE, LIKELY, GUESS = "qwert", "asdfg", "zxcvb"
ROOMY = 56  # cells from which the letters of confidence stand in columns of their own


class ChoiceSheet(Sheet):
    """A digit chooses and reveals. Where confidence is asked the letters beside each option choose with it."""

    prompt = ""

    def __init__(self, shown: Shown, ask_confidence: bool = False, letters: tuple[str, str, str] = (SURE, LIKELY, GUESS)) -> None:
        super().__init__(shown, ask_confidence)
        self.options = list(shown.options)
        self.letters = letters
        self.cursor: int | None = None
        self.chosen: int | None = None

    def contexts(self) -> list[str]:
        return [*(["choice-confidence"] if self.ask_confidence else []), "choice", "reveal"]

    @property
    def ready(self) -> bool:
        return self.chosen is not None

    def act(self, action: str, position: int) -> Step:
        if action in ("ask.next_option", "ask.previous_option"):
            step = 1 if action == "ask.next_option" else -1
            start = -1 if self.cursor is None and step > 0 else (0 if self.cursor is None else self.cursor)
            self.cursor = (start + step) % len(self.options)
            return Step.CHANGED
        if action == "ask.choose_here":
            return Step.REVEAL if self.cursor is None else self._choose(self.cursor, None)
        if action.startswith("ask.choose"):
            return self._choose(position, CONFIDENCE.get(action.removeprefix("ask.choose_")))
        return super().act(action, position)

    def _choose(self, position: int, confidence: int | None) -> Step:
        if position >= len(self.options):
            return Step.SAME
        self.chosen = self.cursor = position
        self.confidence = confidence
        return Step.REVEAL

    def blocks(self, width: int) -> Sequence[Block]:
        rows = [BLANK]
        letters = self.ask_confidence and len(self.options) <= len(SURE)
        gaps = ("  ", "     ", "  ") if width >= ROOMY else ("", " ", "")
        if letters:
            rows.append(Block((Piece(""),), right=(Piece(" sure  likely  guess" if width >= ROOMY else "sure, likely, guess", "dim"),)))
        for n, (_, text) in enumerate(self.options):
            here = n == self.cursor
            right: tuple[Piece, ...] = ()
            if letters:
                sure, likely, guess = (row[n] for row in self.letters)
                right = (
                    Piece(gaps[0] + sure, "key", f"ask.choose_sure:{n}"),
                    Piece(gaps[1] + likely + gaps[2], "key", f"ask.choose_likely:{n}"),
                    Piece(gaps[1] + guess + gaps[2], "key", f"ask.choose_guess:{n}"),
                )
            first = (Piece(" ▸ " if here else "   ", "key"), Piece(f"{n + 1}  ", "key"))
            click = f"ask.choose:{n}"
            body = tuple(Piece(p.text, ("strong " + p.role).strip() if here else p.role, click) for p in inline(text))
            rows.append(Block(body, first=tuple(p._replace(click=click) for p in first), rest=(Piece("      "),), right=right))
            if n < len(self.options) - 1:
                rows.append(BLANK)
        return rows

    def value(self) -> Any:
        return None if self.chosen is None else self.options[self.chosen][0]

    def draft(self) -> str:
        return "" if self.cursor is None else self.options[self.cursor][0]

    def restore(self, draft: str) -> None:
        self.cursor = next((n for n, (id, _) in enumerate(self.options) if id == draft), None)


class MultiSheet(ChoiceSheet):
    """Several options may hold: digits mark and unmark, Enter checks. `count` is how many, where that is said.

    Arrows and x reach options beyond the ninth.
    """

    def __init__(self, shown: Shown, ask_confidence: bool = False, count: int | None = None) -> None:
        super().__init__(shown, ask_confidence)
        self.marked: list[str] = []
        self.count = count

    def contexts(self) -> list[str]:
        return ["multi", *(["confidence"] if self.ask_confidence and self.ready else []), "reveal"]

    @property
    def ready(self) -> bool:
        return bool(self.marked)

    def act(self, action: str, position: int) -> Step:
        if action == "ask.toggle" and position < len(self.options):
            id = self.options[position][0]
            if id in self.marked:
                self.marked.remove(id)
            else:
                self.marked = [*self.marked, id] if self.count != 1 else [id]
            return Step.CHANGED
        if action in ("ask.mark_next", "ask.mark_previous"):
            return super().act("ask.next_option" if action == "ask.mark_next" else "ask.previous_option", position)
        if action == "ask.mark_here":
            return Step.SAME if self.cursor is None else self.act("ask.toggle", self.cursor)
        if action.startswith("ask.choose"):
            return self.act("ask.toggle", position)
        return Sheet.act(self, action, position)

    def blocks(self, width: int) -> Sequence[Block]:
        rows, wide = [BLANK], len(str(len(self.options)))
        for n, (id, text) in enumerate(self.options):
            box = Piece("[x] " if id in self.marked else "[ ] ", "key" if id in self.marked else "dim", f"ask.toggle:{n}")
            body = tuple(p._replace(click=f"ask.toggle:{n}") for p in inline(text))
            here = " ▸ " if n == self.cursor else "   "
            rows.append(Block(body, first=(Piece(f"{here}{n + 1:<{wide}}  ", "key"), box), rest=(Piece(" " * (9 + wide)),)))
        return rows + ([BLANK, hint_line("↓ and ↑ move, x marks: so for the tenth and those after it")] if wide > 1 else [])

    def value(self) -> Any:
        return [id for id, _ in self.options if id in self.marked] or None

    def draft(self) -> str:
        return "\n".join(self.marked)

    def restore(self, draft: str) -> None:
        known = {id for id, _ in self.options}
        self.marked = [id for id in draft.split("\n") if id in known]


class TrueFalseSheet(Sheet):
    """True or false; a false statement is then written right (optional)."""

    prompt = ""

    def __init__(self, shown: Shown, ask_confidence: bool = False) -> None:
        super().__init__(shown, ask_confidence)
        self.verdict: bool | None = None
        self.repair = ""

    placeholder = "write it right, or just Enter"

    @property
    def typing(self) -> str:  # type: ignore[override]
        return "line" if self.verdict is False else ""

    @property
    def ready(self) -> bool:
        return self.verdict is not None

    def contexts(self) -> list[str]:
        if self.verdict is False:
            return [*(["typing-confidence"] if self.ask_confidence else []), "typing"]
        if self.verdict is True:
            return ["true-false", "confidence", "reveal"]
        return ["true-false", "reveal"]

    def act(self, action: str, position: int) -> Step:
        if action == "ask.true":
            self.verdict = True
            return Step.CHANGED if self.ask_confidence else Step.REVEAL
        if action == "ask.false":
            self.verdict = False
            return Step.CHANGED
        if action == "type.previous":
            self.verdict = None
            return Step.CHANGED
        if action == "type.enter":
            return Step.REVEAL
        return super().act(action, position)

    def blocks(self, width: int) -> Sequence[Block]:
        rows = [BLANK]
        for n, (value, word, action) in enumerate(((True, "true", "ask.true"), (False, "false", "ask.false"))):
            here = self.verdict is value
            pieces = (Piece(" ▸ " if here else "   ", "key"), Piece(f"{n + 1}  ", "key"), Piece(word, "strong" if here else ""))
            rows.append(Block(pieces, click=action))
        if self.verdict is True:
            rows += [BLANK, hint_line("How sure are you?")]
        elif self.verdict is False:
            rows += [BLANK, hint_line("False: what would be right? (↑ goes back)")]
        return rows

    def typed(self, text: str) -> None:
        self.repair = text

    def enter(self, text: str) -> Step:
        self.repair = text
        return Step.REVEAL

    def field_text(self) -> str:
        return self.repair

    def value(self) -> Any:
        if self.verdict is False and self.repair.strip():
            return {"value": False, "repair": self.repair.strip()}
        return self.verdict

    def draft(self) -> str:
        return f"false\n{self.repair}" if self.verdict is False else ("true" if self.verdict else "")

    def restore(self, draft: str) -> None:
        word, _, self.repair = draft.partition("\n")
        self.verdict = False if word == "false" else None


class OrderSheet(Sheet):
    """Digits pick the next step; the last one falls into place; Backspace takes back, Shift+arrows move the marked one."""

    prompt = ""

    def __init__(self, shown: Shown, ask_confidence: bool = False, ends: tuple[str, str] | None = None) -> None:
        super().__init__(shown, ask_confidence)
        self.steps = list(shown.steps or shown.options)
        self.placed: list[int] = []
        self.mark: int | None = None  # place in `placed`
        self.ends = ends

    @property
    def ready(self) -> bool:
        return len(self.placed) == len(self.steps)

    def contexts(self) -> list[str]:
        return ["order", *(["confidence"] if self.ask_confidence and self.ready else []), "reveal"]

    def act(self, action: str, position: int) -> Step:
        if action == "ask.place":
            return self._place(position)
        if action == "ask.take_back":
            return self._take_back()
        if action in ("ask.mark_down", "ask.mark_up", "ask.move_down", "ask.move_up"):
            return self._shift(1 if action.endswith("down") else -1, move="move" in action)
        return super().act(action, position)

    def _place(self, step: int) -> Step:
        if step >= len(self.steps) or step in self.placed:
            return Step.SAME
        self.placed.append(step)
        if len(self.placed) == len(self.steps) - 1:
            self.placed += [n for n in range(len(self.steps)) if n not in self.placed]
        self.mark = None
        return Step.CHANGED

    def _take_back(self) -> Step:
        if not self.placed:
            return Step.SAME
        # The last two fell into place together.
        del self.placed[-2 if self.ready and len(self.steps) > 1 else -1 :]
        self.mark = None
        return Step.CHANGED

    def _shift(self, step: int, move: bool) -> Step:
        if not self.placed:
            return Step.SAME
        here = len(self.placed) - 1 if self.mark is None else self.mark
        there = here if self.mark is None and not move else here + step
        if not 0 <= there < len(self.placed):
            return Step.SAME
        if move:
            self.placed[here], self.placed[there] = self.placed[there], self.placed[here]
        self.mark = there
        return Step.CHANGED

    def blocks(self, width: int) -> Sequence[Block]:
        rows = [BLANK]
        first, last = self.ends or ("", "")
        if first:
            rows.append(hint_line(f"      1 = {first}, {len(self.steps)} = {last}"))
        for place, step in enumerate(self.placed):
            here = place == self.mark
            head = (Piece(" ▸ " if here else "   ", "key"), Piece(f"{place + 1}. ", "good"))
            rows.append(Block(tuple(inline(self.steps[step][1])), first=head, rest=(Piece("      "),)))
        if not self.ready:
            gap = Piece(f"   {len(self.placed) + 1}. ", "dim")
            rows.append(Block((Piece("which comes next?", "dim"),), first=(gap,)))
            rows.append(BLANK)
            for n, (_, text) in enumerate(self.steps):
                if n not in self.placed:
                    body = tuple(inline(text))
                    rows.append(Block(body, first=(Piece(f"   {n + 1}  ", "key"),), rest=(Piece("      "),), click=f"ask.place:{n}"))
        return rows

    def value(self) -> Any:
        return [self.steps[n][0] for n in self.placed] if self.ready else None

    def draft(self) -> str:
        return "\n".join(self.steps[n][0] for n in self.placed)

    def restore(self, draft: str) -> None:
        ids = {id: n for n, (id, _) in enumerate(self.steps)}
        self.placed = [ids[id] for id in dict.fromkeys(draft.split("\n")) if id in ids]
