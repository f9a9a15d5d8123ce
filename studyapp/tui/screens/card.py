"""A screen with a card on it: the question with its sheet, the reveal with its buttons. Study and quiz differ in what they do with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from studyapp.memory.state import Rating
from studyapp.tui.cards.ask import ask_blocks, meant_blocks, waiting_blocks
from studyapp.tui.cards.make import sheet_for
from studyapp.tui.screens.sheet import SheetScreen
from studyapp.tui.text.ink import Block, Line, Piece, lay
from studyapp.tui.widgets.paper import plain

if TYPE_CHECKING:
    from studyapp.api.grading import Judged
    from studyapp.api.reading import Task
    from studyapp.api.views import CardView, RevealView
    from studyapp.tui.screens.waiting import Waiting

WITH_INTERVALS = 64  # columns that four buttons with their intervals need


class CardScreen(SheetScreen):
    """The card under study. Subclasses give it by `take`, and say in `answered` and `rate` what happens with it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.card: CardView | None = None
        self.view: RevealView | None = None  # of the reveal face
        self.given: Any = None  # what was answered, on the reveal face
        self.note = ""
        self.asking: tuple[str, ...] = ()  # "did you mean ...?": what the typed answer is near to
        self.waiting: Waiting | None = None  # for a judge to read free text

    async def rate(self, rating: Rating | None) -> None:
        """The learner accepts the proposal (None) or rates; then comes the next card."""
        raise NotImplementedError

    # faces

    def take(self, card: CardView) -> None:
        """Show a card's question."""
        self.card, self.view, self.note = card, None, ""
        self.asking, self.waiting = (), None
        self.sheet = sheet_for(card)
        self.show_sheet()

    def reveal(self, view: RevealView, given: Any) -> None:
        """Turn the card."""
        self.view, self.given, self.note = view, given, ""
        self.asking, self.waiting = (), None
        self.sheet = None
        self.show_sheet()

    def try_again(self, note: str) -> None:
        """A near miss: the same question, one more try."""
        self.note = note
        self.show_sheet()

    def ask_meant(self, forms: tuple[str, ...], given: Any) -> None:
        """A misspelt answer: ask whether it was meant as what it is near to."""
        self.asking, self.given = forms, given
        self.sheet = None
        self.show_sheet()

    def wait(self, task: Task, given: Any, done: Callable[[Judged], None]) -> None:
        """A judge reads the answer, in a thread of its own; `done` gets what it found."""
        from studyapp.tui.screens.waiting import Waiting

        self.given, self.sheet = given, None
        self.waiting = Waiting(self, task, done)
        self.waiting.start()
        self.show_sheet()

    def contexts(self) -> list[str]:
        if self.card is None:
            return ["read", "scroll", "app"]
        if self.waiting is not None:
            return ["reading", "read", "scroll", "app"]
        if self.asking:
            return ["meant", "read", "scroll", "app"]
        if self.sheet is None:
            points = ["points"] if self.view and self.view.judgement.points else []
            reading = self.view.judgement.reading if self.view else None
            doubt = ["doubt"] if reading is not None and reading.doubt is not None else []
            return [*doubt, *points, "rate", "revealed", "card", "own", "read", "scroll", "app"]
        hint = ["hint"] if self.card.more_hints else []
        return [*self.sheet.contexts(), *hint, "card", "own", *(["read"] if self.edit is None else []), "scroll", "app"]

    def blocks(self, width: int) -> Sequence[Block]:
        if self.card is None:
            return ()
        if self.sheet is not None:
            return ask_blocks(self.card, self.sheet, width, self.note)
        if self.waiting is not None:
            return waiting_blocks(self.card, self.given, self.waiting.judge, width)
        if self.asking:
            return meant_blocks(self.card, self.given, self.asking, width)
        if self.view is None:
            return ()
        from studyapp.tui.cards.reveal import reveal_blocks

        return reveal_blocks(self.card, self.given, self.view, width)

    def choices(self) -> int:
        if self.card is None:
            return 0
        return len(self.view.judgement.points) if self.view else len(self.card.shown.options or self.card.shown.steps)

    def text(self) -> str:
        """The card as it stands, as plain text."""
        return plain(lay(list(self.blocks(self.measure)), self.measure))

    # the dock

    def buttons(self) -> Line:
        if self.asking:
            return self.as_buttons(["meant.yes", "meant.no"])
        return super().buttons() if self.view is None else self._rating_buttons(self.view)

    def _rating_buttons(self, view: RevealView) -> Line:
        """The four grades, each with its interval; the proposed one is marked."""
        keys, width = self.study_app.keys, self.app.size.width
        pieces: list[Piece] = []
        for rating in Rating:
            id = f"rate.{rating.word}"
            proposed = rating == view.proposal
            role = "chosen" if proposed else "button"
            pieces.append(Piece(f"{'▸' if proposed else ' '}{keys.written(id)} {rating.word} ", role, id))
            if view.previews.get(rating) and width >= WITH_INTERVALS:
                pieces.append(Piece(f"{view.previews[rating]} ", role if proposed else "button dim", id))
            pieces.append(Piece("  " if width >= WITH_INTERVALS + 8 else " " if width >= WITH_INTERVALS else ""))
        return tuple(pieces)

    def hidden_keys(self) -> frozenset[str]:
        if self.view is not None and (self.view.proposal is None or self.view.needs_key):
            return frozenset({"rate.accept"})
        return frozenset({"meant.yes", "meant.no"}) if self.asking else super().hidden_keys()

    # actions

    def do_app_back(self, _: int) -> None:
        self.waiting = None  # what was written is kept, and read when it is given again
        super().do_app_back(0)

    def do_reading_now(self, _: int) -> None:
        if self.waiting is not None:
            self.waiting.no_more()

    async def do_rate_accept(self, _: int) -> None:
        await self.rate(None)

    async def do_rate_again(self, _: int) -> None:
        await self.rate(Rating.AGAIN)

    async def do_rate_hard(self, _: int) -> None:
        await self.rate(Rating.HARD)

    async def do_rate_good(self, _: int) -> None:
        await self.rate(Rating.GOOD)

    async def do_rate_easy(self, _: int) -> None:
        await self.rate(Rating.EASY)

    def do_card_copy(self, _: int) -> None:
        self.app.copy_to_clipboard(self.text())
        self.say("copied")
