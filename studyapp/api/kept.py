"""What is kept of a session between two sittings: where it stood, what was typed, and the way back from each of its answers.

It is local state, no part of the log. Between an answer's commit and this state's own a kill may come; so the item's review count
is kept too, and a card that was answered meanwhile (then, or by another front end) is not asked as if it had not been.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from studyapp.api.desk import Desk
from studyapp.course.items import Item
from studyapp.errors import BadInput
from studyapp.memory.state import Rating, Schedule
from studyapp.store import pending, schedule
from studyapp.study.session import Session, State

SESSION = "session"
BACK = "back"


class Scope(NamedTuple):
    """What a session was asked to be: a section (`course:section`), so many cards or minutes, reviews ahead of time."""

    section: str | None = None
    limit: int | None = None
    minutes: float | None = None
    ahead: bool = False


class Saved(NamedTuple):
    """An interrupted session. `day`: the study day on which it was left."""

    session: Session
    scope: Scope
    draft: str
    day: int


def session(desk: Desk) -> Saved | None:
    """The interrupted session; None where there is none, or one that cannot go on."""
    saved = pending.state(desk.conn, SESSION)
    if not saved:
        return None
    try:
        found = session_of(desk, saved["row"], saved["reps"])
        return Saved(found, Scope(*saved["scope"]), saved["draft"], saved["day"])
    except (BadInput, KeyError, TypeError):
        pending.keep_state(desk.conn, SESSION, None)
        return None


def keep_session(desk: Desk, session: Session, scope: Scope, draft: str) -> None:
    """Keep a session at this step; a finished one is forgotten."""
    if session.state is State.DONE:
        pending.keep_state(desk.conn, SESSION, None)
        return
    reps = desk.row(session.card.key).reps if session.card else None
    saved = {"row": session.to_row(), "scope": list(scope), "draft": draft, "day": today(desk), "reps": reps}
    pending.keep_state(desk.conn, SESSION, saved)


def session_of(desk: Desk, row: Mapping[str, Any], reps: int | None = None, suspended: bool = False) -> Session:
    """A session from its row, with its card if that can still be asked.

    The item must be in its course, not suspended (unless those are asked too), and at this review count where one is given.
    """

    def find(key: str) -> tuple[Item, Mapping[Rating, Schedule]] | None:
        there = desk.is_in_course(key) if suspended else desk.is_live(key)
        if not there or (reps is not None and desk.row(key).reps != reps):
            return None
        return desk.item(key), desk.previews(key, desk.clock.now())

    return Session.from_row(row, find)


def keep_way_back(desk: Desk, event: str, row: Mapping[str, Any]) -> None:
    """The session's row just before the answer of this event, for its undo."""
    pending.keep_state(desk.conn, f"{BACK}/{event}", row)


def way_back(desk: Desk, event: str, suspended: bool = False) -> Session | None:
    """The session as it was before the answer of an event that was undone, once."""
    row = pending.state(desk.conn, f"{BACK}/{event}")
    if row is None:
        return None
    pending.keep_state(desk.conn, f"{BACK}/{event}", None)
    try:
        return session_of(desk, row, suspended=suspended)
    except BadInput:
        return None


def forget_ways_back(desk: Desk) -> None:
    """A new session begins: what lies before it is undone without going back into the old one."""
    pending.drop_states(desk.conn, BACK + "/")


def today(desk: Desk) -> int:
    """The study day."""
    return schedule.today(desk.conn, desk.clock.now())
