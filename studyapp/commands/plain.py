"""The study session and the quiz line by line, for screen readers and pipes: no cursor movement, no colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from studyapp.commands import plain_words
from studyapp.course.blocks import plain_text
from studyapp.course.text import safe_text
from studyapp.errors import BadInput
from studyapp.memory.state import Rating

if TYPE_CHECKING:
    from studyapp.api.reading import Task
    from studyapp.api.views import CardView, RevealView, Saved
    from studyapp.course.items import Section

HELP = """\
:h hint   :u undo   :n not now   :s suspend   :f NOTE flag   :w why this date   :p the section's page
:l right but by luck   :e end the quiz   :q leave (all is kept)   :? this help"""

RATINGS = {"1": Rating.AGAIN, "2": Rating.HARD, "3": Rating.GOOD, "4": Rating.EASY} | {r.word: r for r in Rating}
SURE = {"g": 25, "l": 60, "s": 95}  # guess, likely, sure

_TYPED = {
    "short": "your answer",
    "missing": "what is missing",
    "cloze": "fill the blanks (separate them by ;)",
    "number": "the number",
    "list": "your answers (separate them by ;)",
    "true-false-repair": "true, or false: the corrected statement",
    "explain": "explain in your words, which are read (Enter alone: answered aloud)",
    "contrast": "say the difference (Enter alone: answered aloud)",
    "basic": "answer in your head, then Enter",
    "order": "the numbers in order, as 3 1 2",
    "choice": "the number of your choice",
    "lab": "your answer",
}


IN_THE_HEAD = ("basic", "explain", "contrast")  # forms that may be answered without typing
RETRY = "Near, but not it: one more try."


class Run(Protocol):
    """What a session and a quiz have in common."""

    @property
    def card(self) -> CardView | None: ...
    @property
    def face(self) -> str: ...
    @property
    def revealed(self) -> RevealView | None: ...
    def hint(self) -> str | None: ...
    def submit_text(self, text: str, confidence: int | None = None) -> RevealView | None: ...
    def submit(self, value: Any, confidence: int | None = None) -> RevealView | None: ...
    @property
    def asked(self) -> tuple[str, ...]: ...
    def reading(self, value: Any) -> Task | None: ...
    def settle(self, said: bool) -> RevealView: ...
    def meant(self, yes: bool) -> RevealView: ...
    def tick(self, point: str, on: bool) -> RevealView: ...
    def grade(self, rating: Rating | None = None) -> Saved: ...
    def undo(self) -> bool: ...
    def suspend(self) -> None: ...
    def flag(self, note: str) -> None: ...
    def skip(self) -> None: ...
    def lucky(self, on: bool = True) -> None: ...
    def page(self) -> Section | None: ...
    def page_seen(self) -> None: ...
    def why(self) -> str: ...


class Leave(Exception):
    """The learner leaves, or the input ends."""


class PlainSession:
    """Asks on `write`, reads lines from `read` (None at the end of input). A quiz has a line above each question, and can be ended."""

    def __init__(
        self,
        run: Run,
        read: Callable[[], str | None],
        write: Callable[[str], None],
        above: Callable[[], str] | None = None,
        end: Callable[[], None] | None = None,
    ) -> None:
        self.run = run
        self.read = read
        self.write = write
        self.above = above
        self.end = end

    def play(self) -> bool:
        """Until nothing is left; False where the learner left before."""
        try:
            while (card := self.run.card) is not None:
                if card.page is not None:
                    self.write("\n" + plain_text(card.page.page) + "\n")
                    self.run.page_seen()
                self._one(card)
        except Leave:
            return False
        return True

    def _one(self, card: CardView) -> None:
        """One card, from where it stands: a resumed one may be answered already."""
        title = f"{self.above()} · {card.section_title}" if self.above else f"{card.section_title} · {card.turn}"
        self.write(f"\n[{title}] {card.id}")
        self.write(plain_text(card.shown.ask))
        self._choices(card)
        for hint in card.hints:
            self.write("hint: " + plain_text(hint))
        revealed = self.run.revealed if self.run.face == "reveal" else self._ask(card)
        if revealed is not None:  # else it was undone, skipped or suspended: the run has another card now
            self._show(revealed)
            self._rate()

    def _choices(self, card: CardView) -> None:
        shown = card.shown
        for number, (_, text) in enumerate(shown.options or shown.steps, 1):
            self.write(f"  {number}) {plain_text(text)}")
        if shown.shown:
            self.write("  " + " -> ".join(shown.shown))
        if shown.sides:
            self.write("  sides: " + " | ".join(shown.sides))
        if shown.slots:
            self.write(f"  {shown.slots} answers")

    def _ask(self, card: CardView) -> RevealView | None:
        """Ask until there is an answer to reveal; None when another card came up."""
        prompt = _TYPED.get(card.shown.form, "your answer")
        sure: int | None = None
        asked = not card.ask_confidence
        if card.draft:
            self.write(f"you had typed: {card.draft}")
        if self.run.asked:
            return plain_words.meant(self)
        if self.run.face == "retry":
            self.write(RETRY)
        while True:
            line = self._line(f"{prompt}: ")
            if line is None:
                return None
            try:
                picked = _picked(card, line)
                if not asked:
                    words = self.read_or_leave("how sure? g guess, l likely, s sure, Enter none: ")
                    sure, asked = SURE.get(words.strip().lower()[:1]), True
                in_head = picked is None and not line.strip()
                task = self.run.reading(line) if picked is None and not in_head else None
                if task is not None and not task.quick:
                    self.write(f"reading ... ({safe_text(task.judge)})")
                revealed = self.run.submit(picked, sure) if picked or in_head else self.run.submit_text(line.strip(), sure)
            except BadInput as error:
                self.write(str(error))
                continue
            if revealed is not None:
                return revealed
            if self.run.asked:
                return plain_words.meant(self)
            self.write(RETRY)

    def _show(self, revealed: RevealView) -> None:
        judgement = revealed.judgement
        if judgement.reading is not None:
            self.write(plain_words.VERDICTS[judgement.outcome.value])
        elif judgement.outcome.value != "self":
            self.write(judgement.outcome.value.upper())
        if judgement.trap is not None:
            self.write(plain_text(judgement.trap.say))
        elif judgement.say:
            self.write(plain_text(judgement.say))
        self.write("Answer: " + plain_text(revealed.reveal.answer))
        if revealed.reveal.worked:
            self.write(plain_text(revealed.reveal.worked))
        if revealed.reveal.why:
            self.write("Why: " + plain_text(revealed.reveal.why))
        self._ticks(revealed)

    def _ticks(self, revealed: RevealView) -> None:
        points = revealed.judgement.points
        if not points:
            return
        if revealed.judgement.reading is not None:
            plain_words.found(self, revealed, revealed.judgement.reading)
            return
        for number, point in enumerate(points, 1):
            self.write(f"  {number}) {plain_text(point.text)}{' (indispensable)' if point.indispensable else ''}")
        while True:
            line = self.read_or_leave("which of these did you have? numbers, all, or Enter for none: ").strip().lower()
            words = [str(n + 1) for n in range(len(points))] if line == "all" else line.replace(",", " ").split()
            if all(word.isdigit() and 1 <= int(word) <= len(points) for word in words):
                break
            self.write(f"give numbers from 1 to {len(points)}")
        for number, point in enumerate(points, 1):
            self.run.tick(point.id, str(number) in words)

    def _rate(self) -> None:
        while True:
            revealed = self.run.revealed
            if revealed is None:
                return
            buttons = "  ".join(f"{r.value} {r.word}" + (f" ({revealed.previews[r]})" if r in revealed.previews else "") for r in Rating)
            line = self._line(f"{buttons}\n{_accepting(revealed)}: ")
            if line is None:
                return
            word = line.strip().lower()
            if word and word not in RATINGS:
                self.write("give 1 again, 2 hard, 3 good, 4 easy, or Enter for what is proposed")
                continue
            try:
                saved = self.run.grade(RATINGS[word] if word else None)
            except BadInput as error:
                self.write(str(error))
                continue
            self.write(f"{saved.rating}; back in {saved.in_words}" if saved.in_words else "noted; no date changes")
            return

    def _line(self, prompt: str) -> str | None:
        """A line, with the commands that begin with a colon carried out; None where the card is no longer the same."""
        while True:
            line = self.read_or_leave(prompt)
            if not line.startswith(":"):
                return line
            name, _, rest = line[1:].strip().partition(" ")
            if self._command(name, rest):
                return None

    def _command(self, name: str, rest: str) -> bool:
        """Carry out a command; whether the card in play is another one now, or stands at its question again."""
        if name == "h":
            hint = self.run.hint() if self.run.face in ("ask", "retry") else None
            self.write("hint: " + plain_text(hint) if hint else "no more hints")
        elif name == "w":
            self.write(self.run.why())
        elif name == "p":
            page = self.run.page()
            self.write(plain_text(page.page) if page and page.page else "this section has no page")
        elif name == "f":
            self.run.flag(rest)
            self.write("flagged")
        elif name == "l" and self.run.face == "reveal":
            self.run.lucky()
            self.write("noted: right, but by luck")
        elif name == "n":
            self.run.skip()
            return True
        elif name == "s":
            self.run.suspend()
            self.write("suspended")
            return True
        elif name == "u":
            done = self.run.undo()
            self.write("undone" if done else "nothing to undo")
            return done
        elif name == "e" and self.end is not None:
            self.end()
            return True
        elif name == "q":
            raise Leave
        else:
            self.write(HELP)
        return False

    def read_or_leave(self, prompt: str) -> str:
        """One line; Leave at the end of input."""
        self.write(prompt)
        line = self.read()
        if line is None:
            raise Leave
        return line


def _picked(card: CardView, text: str) -> Any:
    """The option ids that the numbers of a line stand for; None where the item has no options. BadInput for a line that cannot be meant."""
    shown = card.shown
    listed = [name for name, _ in shown.options or shown.steps]
    if not listed:
        if not text.strip() and shown.form not in IN_THE_HEAD:
            raise BadInput("type an answer, or :? for help")
        return None
    words = text.replace(",", " ").split()
    if not words or not all(word.isascii() and word.isdigit() and 1 <= int(word) <= len(listed) for word in words):
        raise BadInput(f"give numbers from 1 to {len(listed)}, or :? for help")
    picked = [listed[int(word) - 1] for word in words]
    if shown.steps and sorted(picked) != sorted(listed):
        raise BadInput(f"give each number from 1 to {len(listed)} once")
    if not shown.steps and shown.choose == 1 and len(picked) > 1:
        raise BadInput("give one number")
    return picked if shown.steps or shown.choose > 1 else picked[0]


def _accepting(revealed: RevealView) -> str:
    if revealed.proposal is None:
        return "your rating"
    if revealed.needs_key:
        return f"{revealed.proposal.word} is proposed; your rating"
    return f"your rating, or Enter for {revealed.proposal.word}"


def reader() -> Callable[[], str | None]:
    """Lines of standard input; None at its end. Bytes that are no text come as replacement characters."""
    import io
    import sys

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")

    def read() -> str | None:
        line = sys.stdin.readline()
        return line.rstrip("\n") if line else None

    return read


def writer(as_json: bool) -> Callable[[str], None]:
    """Prompts and cards go to standard output, or to standard error where standard output is kept for one JSON object."""
    import click

    return lambda text: click.echo(text, err=as_json, nl=not text.endswith(": "))
