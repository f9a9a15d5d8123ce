"""What front ends see: plain frozen data.

A front end shows these and calls `Study`, `StudyRun`, `QuizRun`, `LabDesk`; it knows nothing of SQL or of scheduling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from studyapp.api.due import DueView

if TYPE_CHECKING:
    from studyapp.course.items import Section
    from studyapp.course.view import Reveal, Shown
    from studyapp.memory.state import Rating
    from studyapp.study.grading import Judgement


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section on the home screen. `strength` is the mean retrievability now over its started items, None before any.

    `course` is the title of its course where there are several, else empty.
    """

    id: str
    course: str
    number: str
    title: str
    items: int
    started: int
    due: int
    strength: float | None


@dataclass(frozen=True, slots=True)
class LabRow:
    """One lab: `state` is ready, needs-runtime (torch is not installed), or broken; `reason` says why in a line."""

    id: str
    title: str
    sections: tuple[str, ...]
    minutes: int
    state: str
    reason: str = ""
    last: str = ""  # what the learner did there last, in words: "3 of 4 right, yesterday"
    run: str | None = None  # an unfinished run to resume
    backends: tuple[str, ...] = ()  # kinds that it can use; every lab can be replayed


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A card that a lab's verdict scheduled: when it comes back, in words, and the question it stands for."""

    item: str
    rating: str
    in_words: str
    q: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The one suggested next thing. `action` is study, quiz, lab, page or done; `target` its argument."""

    action: str
    label: str
    detail: str = ""
    target: str | None = None


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything the home screen shows."""

    title: str
    due: DueView
    done_today: int
    streak: int  # days
    streak_note: str  # "one missed day forgiven", or empty
    sections: tuple[SectionRow, ...]
    labs: tuple[LabRow, ...]
    suggestion: Suggestion
    resumable: bool  # a session was left in the middle
    notes: tuple[str, ...] = ()  # one line each: a course that could not be read, a backup that failed


@dataclass(frozen=True, slots=True)
class CardView:
    """The card to show. `turn` is new, learning, review, early or drill. `draft` is what was typed before an interruption."""

    key: str
    id: str
    kind: str
    section: str
    section_title: str
    turn: str
    shown: Shown
    ask_confidence: bool
    draft: str = ""
    page: Section | None = None  # its section's page, to open before the section's first new card
    hints: tuple[str, ...] = ()  # those already taken
    more_hints: bool = False
    done: int = 0  # cards graded in this session
    left: int = 0  # cards that the store would still serve
    minutes_left: float | None = None


@dataclass(frozen=True, slots=True)
class RevealView:
    """The other side. `previews` holds, per rating, when the card would come back: "10 m", "3 d", "1.4 mo"."""

    judgement: Judgement
    reveal: Reveal
    proposal: Rating | None  # what Enter accepts; None where the learner rates alone (basic) or ticks first
    previews: Mapping[Rating, str]
    ticks: Mapping[str, bool] = field(default_factory=dict)
    needs_key: bool = False  # `again` is proposed for the learner's own words: Enter does not write it, their key does


@dataclass(frozen=True, slots=True)
class Saved:
    """One recorded answer. `due` is ISO time; `in_words` when it comes back."""

    event: str
    item: str
    rating: str | None  # None for a drill or practice
    due: str | None
    interval_days: float
    s: float | None
    d: float | None
    in_words: str = ""


@dataclass(frozen=True, slots=True)
class SummaryView:
    """The end of a session: "14 cards, 9 minutes", what was learned, what waits tomorrow."""

    cards: int
    minutes: float
    new: int
    right: int
    again: int
    missed: tuple[Mapping[str, Any], ...]  # {id, ask}
    tomorrow: int
    tomorrow_minutes: int
    next_due: str | None
    why: str  # why it ended: minutes, cards, nothing-left, left
