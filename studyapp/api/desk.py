"""Finds the card that a session wants, and prepares it: its draw, its previews, whether its section's page opens first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from studyapp.api.due import limits, minutes_for
from studyapp.api.faces import CONTRAST, show
from studyapp.api.place import Clock, in_words, iso
from studyapp.course.draws import Draw, draw_for, fresh_token
from studyapp.course.items import CourseInfo, Item, Section
from studyapp.errors import BadInput
from studyapp.memory.policy import previews
from studyapp.memory.state import DAY_MS, MINUTE_MS, NEW, Moment, Phase, Rating, Schedule
from studyapp.store import cards, content, course_cache, lab_runs, owed, pending, schedule, stats
from studyapp.store import settings_store as settings
from studyapp.store.fold import Card, Owed
from studyapp.store.log import device_id
from studyapp.study.pace import asks_confidence
from studyapp.study.turns import Look, Presented, Turn, Want

if TYPE_CHECKING:
    from studyapp.store.db import StudyDb

SOME_DRAW = "00000000"  # a token like any other, for showing an item that nobody is asked
_TURN = {Phase.NEW: Turn.NEW, Phase.LEARNING: Turn.LEARNING, Phase.RELEARNING: Turn.LEARNING, Phase.REVIEW: Turn.REVIEW}


class Desk:
    """The store as a session sees it."""

    def __init__(self, conn: StudyDb, clock: Clock) -> None:
        self.conn = conn
        self.clock = clock
        self._sentences: frozenset[str] | None = None

    def item(self, key: str) -> Item:
        """An item by its key, archived ones too; BadInput where the content never had it."""
        row = content.item(self.conn, key)
        if row is None:
            raise BadInput(f"no item {key!r} in the courses")
        return Item.from_row(row)

    def reread(self) -> None:
        """The courses may have changed: forget what was read of them."""
        self._sentences = None

    def row(self, key: str) -> Schedule:
        """Its schedule; that of a new item where it was never answered."""
        card = cards.get(self.conn, key)
        return card.schedule if card else NEW

    def is_live(self, key: str) -> bool:
        """Whether it is in its course as it is now, and not suspended."""
        card = cards.get(self.conn, key)
        return card is not None and card.active

    def is_in_course(self, key: str) -> bool:
        """Whether it is in its course as it is now, suspended or not."""
        card = cards.get(self.conn, key)
        return card is not None and card.live

    def limits(self) -> schedule.Limits:
        """The daily limits in force."""
        return limits(self.conn)

    def counts(self) -> schedule.Counts:
        """What waits today."""
        return schedule.counts(self.conn, self.clock.now(), self.limits())

    def due_tomorrow(self) -> int:
        """Cards that wait tomorrow: its reviews, what is left over from today, and new ones up to the daily limit."""
        limits, counts = self.limits(), self.counts()
        tomorrow = schedule.forecast(self.conn, schedule.today(self.conn, self.clock.now()), 2)
        return min(sum(tomorrow), limits.reviews_per_day) + min(counts.new_total, limits.new_per_day)

    def draw(self, item: Item, token: str | None = None, contrast: bool | None = None) -> Draw:
        """The draw of a token, else the item's pending draw, which stays the same until the item is answered.

        `contrast`: two answers to be told apart, where the last miss of the item allows it; False: never so; None: what is pending.
        """
        kept = pending.draw(self.conn, item.key)
        asks = {} if kept is None else kept.get("asks", {})
        if token is not None:
            drawn = draw_for(item, token)  # BadInput where it is none
            return Draw.from_row(kept) if kept is not None and asks and kept["token"] == drawn.token else self._of_run(item, drawn)
        wanted = kept is not None and contrast in (None, CONTRAST in asks)
        if kept is not None and wanted and (item.kind == "lab" or asks or draw_for(item, kept["token"]).row() == kept):
            return Draw.from_row(kept)
        drawn = draw_for(item, fresh_token(item.key, self.row(item.key).reps, f"{device_id(self.conn)}/{self.clock.now().utc_ms}"))
        drawn = self._of_run(item, drawn)
        if contrast:
            from studyapp.api.contrast import contrasted

            drawn = contrasted(item, drawn, stats.history(self.conn, item.key), self.stored_run)
        pending.keep_draw(self.conn, item.key, drawn.row())
        return drawn

    def _of_run(self, item: Item, drawn: Draw) -> Draw:
        """A lab card asks about the newest run in which its task was judged, where it needs one."""
        if item.kind != "lab":
            return drawn
        run = lab_runs.newest_judged(self.conn, item.body["lab"], f"q{item.body['task']}")
        return drawn if run is None else replace(drawn, asks={"run": run})

    def stored_run(self, run: str) -> lab_runs.StoredRun | None:
        """The facts that a run left behind; None where they are gone."""
        return lab_runs.stored(self.conn, run)

    def keep_draw(self, presented: Presented) -> None:
        """The item waits with this draw again (its answer was undone)."""
        pending.keep_draw(self.conn, presented.item.key, presented.draw.row())

    def ask_of(self, key: str, token: str | None = None) -> str:
        """What an item asks, with the numbers of a draw, or of its pending or some draw; nothing is stored."""
        item = self.item(key)
        if token is None:
            token = (pending.draw(self.conn, key) or {}).get("token", SOME_DRAW)
        return show(item, self._of_run(item, draw_for(item, token)), self.stored_run).ask

    def previews(self, key: str, now: Moment) -> Mapping[Rating, Schedule]:
        """Where each of the four ratings would lead."""
        return previews(self.row(key), now, settings.memory_settings(self.conn), key)

    def look(self, want: Want, section: str | None, now: Moment) -> Presented | None:
        """The card for a want of the session, or None where there is none."""
        if want.look is Look.ITEM:
            assert want.key is not None
            return self.present(want.key, want.turn, now) if self.is_live(want.key) else None
        exclude = want.exclude if want.free_text else want.exclude | self._free_text()
        if want.look is Look.NEXT:
            today = schedule.today(self.conn, now)
            missed = owed.next_owed(self.conn, today, exclude | want.own_misses, section)
            if missed is not None:
                return self._owed(missed, today, now)
        if want.look is Look.EARLY:
            found = schedule.next_early(self.conn, now, exclude=exclude, section=section)
        else:
            ahead_ms = max(0, (want.until_ms or now.utc_ms) - now.utc_ms) if want.look is Look.AHEAD else 0
            found = schedule.next_due(self.conn, now, self.limits(), exclude=exclude, section=section, ahead_ms=ahead_ms)
        if found is None:
            return None
        return self.present(found.item, Turn.EARLY if want.look is Look.EARLY else None, now)

    def _owed(self, card: Card, today: int, now: Moment) -> Presented:
        """What a miss with confidence asks for: the card itself, or after a week two answers to be told apart. Of a card that is due
        a contrast is the review; else it is beside the schedule."""
        due = is_due(card.schedule, now, today)
        if card.owed is Owed.CONTRAST and CONTRAST in self.draw(self.item(card.item), contrast=True).asks:
            return self.present(card.item, None if due else Turn.CONTRAST, now, pays="contrast", contrast=True)
        early = card.schedule.phase is Phase.REVIEW and not due
        return self.present(card.item, Turn.EARLY if early else None, now, pays=card.owed.name.lower())

    def _free_text(self) -> frozenset[str]:
        """Keys of the items that ask for sentences."""
        if self._sentences is None:
            from studyapp.study.grading import FREE_TEXT

            self._sentences = content.keys_of_kinds(self.conn, FREE_TEXT)
        return self._sentences

    def left(self, section: str | None, now: Moment) -> int:
        """Cards that a session with this scope would still serve today."""
        due = self.counts().due_now
        return due if section is None else min(due, schedule.left_in_section(self.conn, now, section))

    def present(self, key: str, turn: Turn | None, now: Moment, pays: str | None = None, contrast: bool = False) -> Presented:
        """One item as a card; without a turn given, the one its schedule says."""
        item, row = self.item(key), self.row(key)
        turn = turn or _TURN[row.phase]
        asking = settings.get(self.conn, "confidence")
        return Presented(
            item=item,
            draw=self.draw(item, contrast=contrast),
            turn=turn,
            previews=previews(row, now, settings.memory_settings(self.conn), key),
            ask_confidence=asking == "always" or (asking == "usual" and asks_confidence(item, row.reps)),
            section_intro=item.section if turn is Turn.NEW and not self._page_seen(item) else None,
            pays=pays,
        )

    def infos(self) -> list[CourseInfo]:
        """The courses that can be studied."""
        return [CourseInfo.from_row(row) for row in course_cache.course_infos(self.conn)]

    def section(self, item: Item) -> Section | None:
        """The section of an item, with its page."""
        info = next((info for info in self.infos() if info.id == item.course), None)
        return next((section for section in info.sections if section.id == item.section), None) if info else None

    def items(self, section: str) -> list[Item]:
        """The items of `course:section`, in order of introduction."""
        course, _, name = section.partition(":")
        return [Item.from_row(row) for row in content.course_items(self.conn, course, name)]

    def page_seen(self, course: str, section: str) -> None:
        """The page of a section was opened: it does not open by itself again."""
        pending.keep_state(self.conn, f"page/{course}/{section}", True)

    def _page_seen(self, item: Item) -> bool:
        return bool(pending.state(self.conn, f"page/{item.course}/{item.section}"))

    def free(self, key: str) -> None:
        """The item was answered: its next asking gets a fresh draw."""
        pending.drop_draw(self.conn, key)

    def minutes_for(self, n: int) -> int:
        """An estimate for n cards, from the learner's own pace."""
        return minutes_for(self.conn, schedule.today(self.conn, self.clock.now()), n)


def is_due(sched: Schedule, now: Moment, today: int) -> bool:
    """Whether the schedule asks for it by now."""
    if sched.phase is Phase.REVIEW:
        return sched.due_day is not None and sched.due_day <= today
    return sched.due_ms is not None and sched.due_ms <= now.utc_ms


def due_ms(sched: Schedule, now: Moment, rollover_hour: int) -> int | None:
    """When a schedule falls due, in ms of UTC: its step, or the start of its study day in the zone of `now`."""
    if sched.phase in (Phase.LEARNING, Phase.RELEARNING):
        return sched.due_ms
    if sched.phase is Phase.REVIEW and sched.due_day is not None:
        return sched.due_day * DAY_MS + rollover_hour * 60 * MINUTE_MS - now.offset_min * MINUTE_MS
    return None


def due_iso(sched: Schedule, now: Moment, rollover_hour: int) -> str | None:
    """The same as ISO time."""
    at = due_ms(sched, now, rollover_hour)
    return None if at is None else iso(at, now.offset_min)


def interval_words(sched: Schedule, now: Moment) -> str:
    """When it comes back, as on a button: 10 m, 3 d."""
    if sched.phase is Phase.REVIEW:
        return in_words(sched.interval * 86_400)
    return in_words(max(0, (sched.due_ms or now.utc_ms) - now.utc_ms) / 1000)
