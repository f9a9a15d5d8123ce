"""The study session on the screen: ask, reveal, grade, next. Each answer is on disk before the next card is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from studyapp.tui.cards.points import TICK_KEYS
from studyapp.tui.screens.card import CardScreen
from studyapp.tui.sheets.base import Sheet
from studyapp.tui.text.ink import Line, Piece, clean

if TYPE_CHECKING:
    from textual.timer import Timer

    from studyapp.api.grading import Judged
    from studyapp.api.reload import Trouble
    from studyapp.api.run import StudyRun
    from studyapp.memory.state import Rating

TURNS = {
    "new": "new",
    "learning": "learning",
    "review": "review",
    "early": "early review",
    "drill": "until it is right once",
    "contrast": "two answers, one is right",
    "practice": "practice",
}


class StudyScreen(CardScreen):
    """`scope`: section, limit, minutes, ahead, as Study.run takes them."""

    def __init__(self, name: str = "study", **scope: Any) -> None:
        super().__init__(name)
        self._scope = scope
        self._ended = False
        self._pages_seen: set[str] = set()
        self._draft = ""
        self._lucky = False
        self._draft_timer: Timer | None = None
        self._troubles: dict[str, Trouble] = {}  # by course: why its edited files are not in use yet

    async def opened(self) -> None:
        self.run = self.begin()
        await self._next()

    def begin(self) -> StudyRun:
        """The run to go through."""
        return self.study.run(**self._scope)

    def ended(self) -> None:
        """The run is over: show how it went."""
        self.study_app.turn_to("summary", summary=self.run.summary())

    def on_unmount(self) -> None:
        self._write_draft()
        if not self._ended:
            self.run.leave()

    async def _next(self) -> None:
        """Show what the run has now: a card, or the end."""
        card = self.run.card
        if card is None:
            self._ended = True
            self.ended()
            return
        self._lucky = False
        self.take(card)
        if self.run.asked:
            self.ask_meant(self.run.asked, self.run.value)
        elif self.run.face == "retry":
            self.try_again(RETRY)
        elif self.run.revealed is not None:
            self.reveal(self.run.revealed, self.run.value)
        if card.page is not None and card.page.id not in self._pages_seen and self.sheet is not None:
            self._pages_seen.add(card.page.id)
            self.run.page_seen()
            self.study_app.open("page", section=f"{card.key.partition(':')[0]}:{card.page.id}", intro=True)
        self.call_after_refresh(self.run.prepare)

    # the frame

    def heading(self) -> tuple[Line, Line]:
        card = self.card
        if card is None:
            return (Piece("Study"),), ()
        counts = f"{card.done} done, {card.left} left"
        if card.minutes_left is not None:
            counts += f", {max(0, round(card.minutes_left))} min"
        if self.app.size.width < 60:
            counts = f"{card.done}/{card.done + card.left}"
        return (Piece(clean(card.section_title), "strong"), Piece(f"   {TURNS.get(card.turn, card.turn)}", "dim")), (Piece(counts, "dim"),)

    def progress(self) -> float | None:
        if self.card is None:
            return None
        return self.card.done / max(1, self.card.done + self.card.left)

    # answering and grading

    async def answered(self, sheet: Sheet) -> None:
        self._write_draft()
        value, confidence = sheet.value(), sheet.confidence
        task = self.run.reading(value)
        if task is None or task.quick:
            self._turn(value, confidence)
        else:
            self.wait(task, value, lambda judged: self._turn(value, confidence, judged))

    def _turn(self, value: Any, confidence: int | None, read: Judged | None = None) -> None:
        view = self.run.submit(value, confidence, read)
        if view is not None:
            self.reveal(view, value)
        elif self.run.asked:
            self.ask_meant(self.run.asked, value)
        else:
            self.try_again(RETRY)

    def do_meant_yes(self, _: int) -> None:
        self.reveal(self.run.meant(True), self.given)

    def do_meant_no(self, _: int) -> None:
        self.reveal(self.run.meant(False), self.given)

    def do_doubt_yes(self, _: int) -> None:
        self.view = self.run.settle(True)
        self.draw(top=None)

    def do_doubt_no(self, _: int) -> None:
        self.view = self.run.settle(False)
        self.draw(top=None)

    async def rate(self, rating: Rating | None) -> None:
        self.run.grade(rating)
        await self._next()

    def keep_draft(self, text: str) -> None:
        """Kept a moment later, once for a burst of keys."""
        self._draft = text
        if self.sheet is not None and self.sheet.typing == "area":
            self.run.writing()
        if self._draft_timer is None:
            self._draft_timer = self.set_timer(DRAFT_AFTER_S, self._write_draft)

    def _write_draft(self) -> None:
        if self._draft_timer is not None:
            self._draft_timer.stop()
            self._draft_timer = None
            if self.sheet is not None and self.run.card is not None:
                self.run.draft(self._draft)

    async def do_rate_tick(self, position: int) -> None:
        assert self.view is not None
        points = self.view.judgement.points
        if position >= min(len(points), len(TICK_KEYS)):
            return
        point = points[position]
        self.view = self.run.tick(point.id, not self.view.ticks.get(point.id, point.found))
        self.draw(top=None)

    def do_rate_lucky(self, _: int) -> None:
        self._lucky = not self._lucky
        self.run.lucky(self._lucky)
        self.view = self.run.revealed
        self.draw(top=None)
        self.say("right, but for a wrong reason" if self._lucky else "not lucky after all")

    # the other keys of a card

    async def do_card_undo(self, _: int) -> None:
        if self.run.undo():
            await self._next()
        else:
            self.say("there is nothing to take back")

    async def do_card_hint(self, _: int) -> None:
        if self.sheet is not None and self.run.hint() is not None:
            self.card = self.run.card
            self.show_sheet(top=None)

    def do_card_why(self, _: int) -> None:
        assert self.card is not None
        self.study_app.open("text", heading="Why then", text=self.run.why())

    def do_card_page(self, _: int) -> None:
        assert self.card is not None
        self.study_app.open("page", section=f"{self.card.key.partition(':')[0]}:{self.card.section}")

    def do_card_flag(self, _: int) -> None:
        self.study_app.ask_line("What is wrong with this card, or what do you want to look at again?", self._flag)

    def _flag(self, note: str) -> None:
        self.run.flag(note)
        self.say("flagged")

    async def do_card_suspend(self, _: int) -> None:
        self.run.suspend()
        await self._next()
        self.say("suspended: it does not come again until `studyapp unsuspend`")

    async def do_card_skip(self, _: int) -> None:
        self.run.skip()
        await self._next()

    async def do_card_edit(self, _: int) -> None:
        """Edit the card's source; the new text is in use when the editor closes, or what is wrong with it is told."""
        from studyapp.tui.editor import edit, edit_source

        assert self.card is not None
        self._write_draft()
        course = self.card.key.partition(":")[0]
        trouble = self._troubles.pop(course, None)
        if trouble is None:
            edit_source(self.study_app, self.card.key)
        else:
            edit(self.study_app, trouble.file, trouble.line)
        read = self.study.reload(course)
        if read.trouble is not None:
            self._troubles[course] = read.trouble
            again = self.study_app.keys.written("card.edit", typing=self.edit is not None)
            self.say(f"{read.trouble.text}; the old text stays in use, {again} goes on editing", "bad")
        elif read.changed:
            self.study_app.look_for_renames = True
            gone = [pair for pair in self.study.renamed() if pair["old"] == self.card.key]
            if gone:  # the card in play itself: there is no answer to be in the middle of
                self.study_app.open("same", pairs=gone, done=self.back_from)
            else:
                await self._take_up()
        else:
            self.say("nothing was changed")

    async def _take_up(self, said: str = "the new text is in use, the history stays") -> None:
        """The courses have another text: show it where the learner is."""
        self._write_draft()
        lucky = self._lucky
        there = self.run.reload()
        await self._next()
        self._lucky = lucky and there
        if not there:
            self.say("that id is gone from its course; here is the next card", "warn")
        elif said:
            self.say(said, "good")

    def back_from(self, said: str) -> None:
        """A screen on top may have changed the courses, and has closed."""
        self.call_later(self._take_up, said)


RETRY = "Close, but not there yet. Try once more; this try is free."
DRAFT_AFTER_S = 0.25
