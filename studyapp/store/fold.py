"""The reducer of one item: what each event of the log does to it. Pure; used live, by undo and by replay alike.

Payloads: `answer` {rating 1-4, draw, value, outcome, seconds, confidence 0-100, hints, source, early, trap, points, quiz?,
reading? (what a judge proposed), disputes? (what the learner decided otherwise), sure_miss? (wrong, and sure of it),
pays? (it was asked because of such a miss: "first" or "contrast")} · `drill`,
`practice` the same, without effect on the schedule · `suspend`, `unsuspend`, `unflag` {} · `flag` {note} ·
`lab_verdict` {run, q, lab, outcome, rating?, confidence, trap, sure_miss?, ...}: a review of its card where it has an item and a rating.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from studyapp.memory.days import study_day
from studyapp.memory.policy import answer
from studyapp.memory.state import NEW, Phase, Rating, Schedule, Settings
from studyapp.store.log import Event

MATURE_DAYS = 21  # as in Anki: from this interval on an item counts as mature

# The columns of `days` that add up what was done, in the order of the lists in Tally.days.
DONE = (
    "answers",
    "introduced",
    "reviewed",
    "again",
    "hard",
    "good",
    "easy",
    "young",
    "young_recalled",
    "mature",
    "mature_recalled",
    "drills",
    "practice",
    "ms",
)
_ANSWERS, _INTRODUCED, _REVIEWED, _AGAIN, _YOUNG, _MATURE, _DRILLS, _PRACTICE, _MS = (
    DONE.index(name) for name in ("answers", "introduced", "reviewed", "again", "young", "mature", "drills", "practice", "ms")
)
_OPEN_OUTCOMES = ("void", "skipped")
CONTRAST_DAYS = 7  # from a miss that the learner was sure of to its contrast card


class Owed(IntEnum):
    """What a miss that the learner was sure of still asks for: to come first in the next session, later a contrast card."""

    NOTHING = 0
    FIRST = 1
    CONTRAST = 2


@dataclass(slots=True)
class Card:
    """Where one item stands: its place in the content, and everything the log says about it.

    `traps`: misconception -> [times seen, last seen ms, times beaten since, last beaten ms]. `flags`: [ms, note] of each open flag.
    `owed` from study day `owed_day` on. `log`: the row numbers of its surviving events, 8 bytes each; so the log needs no index by item.
    """

    item: str
    section: str = ""  # course:section
    position: int = 0
    group: str | None = None
    live: bool = False  # it is in the course as it is now; otherwise it is archived
    schedule: Schedule = NEW
    suspended: bool = False
    intro_day: int | None = None  # study day of the first answer
    traps: dict[str, list[int]] = field(default_factory=dict)
    flags: list[list[Any]] = field(default_factory=list)
    log: bytes = b""
    owed: Owed = Owed.NOTHING
    owed_day: int | None = None

    @property
    def active(self) -> bool:
        return self.live and not self.suspended

    @property
    def archived(self) -> bool:
        return not self.live

    @property
    def review_day(self) -> int | None:
        """The study day on which it counts as a due review, if any."""
        return self.schedule.due_day if self.live and not self.suspended and self.schedule.phase is Phase.REVIEW else None

    def forget(self) -> None:
        """Back to what an empty log says."""
        self.schedule, self.suspended, self.intro_day, self.traps, self.flags, self.log = NEW, False, None, {}, [], b""
        self.owed, self.owed_day = Owed.NOTHING, None


@dataclass(slots=True)
class Tally:
    """What events add to the sums by study day (columns DONE) and by confidence ([answers, hits])."""

    days: dict[int, list[int]] = field(default_factory=dict)
    calibration: dict[int, list[int]] = field(default_factory=dict)

    def on(self, day: int) -> list[int]:
        found = self.days.get(day)
        if found is None:
            found = self.days[day] = [0] * len(DONE)
        return found

    def guess(self, payload: Mapping[str, Any]) -> None:
        """Count an answer's confidence against what came of it."""
        confidence, right = payload.get("confidence"), hit(payload)
        if confidence is not None and right is not None:
            entry = self.calibration.setdefault(round(confidence), [0, 0])
            entry[0] += 1
            entry[1] += right


def step(card: Card, event: Event, settings: Settings, tally: Tally, *, undone: bool = False) -> None:
    """Let one event of the item change its card, and add what it counts for to the tally.

    An undone lab verdict still shows and still names its misconception; only its card is as if it had never been answered.
    """
    kind, payload = event.kind, event.payload
    card.log += event.seq.to_bytes(8, "big")
    if kind in ("answer", "lab_verdict"):
        if payload.get("rating") is not None and not undone:
            _review(card, event, settings, tally)
            _owe(card, event, settings)
        _learn(card, event, tally)
    elif kind in ("drill", "practice"):
        done = tally.on(study_day(event.now, settings.rollover_hour))
        done[_DRILLS if kind == "drill" else _PRACTICE] += 1
        done[_MS] += _milliseconds(payload)
        if kind == "practice":
            _learn(card, event, tally)
        else:
            _owe(card, event, settings)
    elif kind in ("suspend", "unsuspend"):
        card.suspended = kind == "suspend"
    elif kind == "flag":
        card.flags = [*card.flags, [event.utc_ms, payload.get("note")]]
    elif kind == "unflag":
        card.flags = []


def hit(payload: Mapping[str, Any]) -> bool | None:
    """Whether the learner was right, as far as calibration goes; None where nothing was judged."""
    outcome, rating = payload.get("outcome"), payload.get("rating")
    if outcome in _OPEN_OUTCOMES:
        return None
    if outcome is None or outcome == "self":
        return None if rating is None else rating > Rating.AGAIN
    return bool(outcome == "right")


def trap_concept(payload: Mapping[str, Any]) -> str | None:
    """The misconception that an answer fell for: `trap` is its id, or an object with `concept`."""
    trap = payload.get("trap")
    concept = trap.get("concept") if isinstance(trap, Mapping) else trap
    return concept if isinstance(concept, str) else None


def _review(card: Card, event: Event, settings: Settings, tally: Tally) -> None:
    now, rating, before = event.now, Rating(event.payload["rating"]), card.schedule
    day = study_day(now, settings.rollover_hour)
    done = tally.on(day)
    done[_ANSWERS] += 1
    done[_AGAIN + rating - 1] += 1
    done[_MS] += _milliseconds(event.payload)
    if card.intro_day is None:
        card.intro_day = day
        done[_INTRODUCED] += 1
    if before.phase is Phase.REVIEW:
        done[_REVIEWED] += 1
        if before.last_day is not None and day > before.last_day:  # only then does it test what a night has left
            column = _MATURE if before.interval >= MATURE_DAYS else _YOUNG
            done[column] += 1
            done[column + 1] += rating > Rating.AGAIN
    # The fuzz depends on the name under which the event was written, so that a later alias moves no date.
    card.schedule = answer(before, rating, now, settings, event.item or card.item, day)


def _owe(card: Card, event: Event, settings: Settings) -> None:
    """A miss that the learner was sure of is owed twice: first in the next session, and after a week as a contrast card."""
    if event.payload.get("sure_miss"):
        card.owed, card.owed_day = Owed.FIRST, study_day(event.now, settings.rollover_hour)
    elif event.payload.get("pays") == "first" and card.owed is Owed.FIRST:
        card.owed, card.owed_day = Owed.CONTRAST, (card.owed_day or 0) + CONTRAST_DAYS
    elif event.payload.get("pays") == "contrast" and card.owed is Owed.CONTRAST:
        card.owed, card.owed_day = Owed.NOTHING, None


def _learn(card: Card, event: Event, tally: Tally) -> None:
    payload = event.payload
    if payload.get("confidence") is not None:
        tally.guess(payload)
    concept = trap_concept(payload)
    if concept is not None:
        seen, _, beaten, beaten_ms = card.traps.get(concept, (0, 0, 0, 0))
        card.traps = {**card.traps, concept: [seen + 1, event.utc_ms, beaten, beaten_ms]}
    elif card.traps and hit(payload):
        card.traps = {name: [seen, seen_ms, beaten + 1, event.utc_ms] for name, (seen, seen_ms, beaten, _) in card.traps.items()}


def _milliseconds(payload: Mapping[str, Any]) -> int:
    return round((payload.get("seconds") or 0) * 1000)
