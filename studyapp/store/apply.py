"""Apply an event to every derived table, in the transaction that wrote it.

The live path, replay and undo share one reducer for items (`fold.step`) and one for the rest (`views.show`). An event that does not
come last in the replay order (a clock was set back) has its item folded anew from the log, so that replay always agrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studyapp.memory.state import Moment
from studyapp.store import cards, views
from studyapp.store.db import StudyDb, write
from studyapp.store.fold import DONE, Card, Tally, step
from studyapp.store.log import ITEM_KINDS, Event, append, came_last, events_at, find_event
from studyapp.store.timeline import MEMORY_SETTINGS, timeline

ADD_DONE = (
    f"INSERT INTO days (day, due, {', '.join(DONE)}) VALUES (?, ?{', ?' * len(DONE)})"
    " ON CONFLICT (day) DO UPDATE SET due = due + excluded.due, " + ", ".join(f"{name} = {name} + excluded.{name}" for name in DONE)
)
ADD_DUE = "INSERT INTO days (day, due) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET due = due + excluded.due"


def record(conn: StudyDb, kind: str, item: str | None, payload: Mapping[str, Any], now: Moment) -> Event:
    """Write one event and all that follows from it, durably, in one transaction. Raises EnvironmentProblem; then nothing is stored."""
    with write(conn):
        if item is None or kind not in ITEM_KINDS:
            event = append(conn, kind, item, payload, now)
            apply(conn, event)
        else:
            key = current_key(conn, item)
            card = cards.get(conn, key) or Card(key)
            event = append(conn, kind, item, payload, now, cards.before_text(card))
            _apply_to_item(conn, event, card)
    return event


def apply(conn: StudyDb, event: Event) -> None:
    """Update every derived table for an event that `append` just wrote; call it in the same transaction."""
    if event.item is not None and event.kind in ITEM_KINDS:
        key = current_key(conn, event.item)
        _apply_to_item(conn, event, cards.get(conn, key) or Card(key))
    elif event.kind == "alias":
        _apply_alias(conn, event)
    elif event.kind == "undo":
        _apply_undo(conn, event)
    else:
        views.show(conn, event)
        if event.kind == "setting":
            conn.memo.pop("settings", None)
        if event.kind == "setting" and event.payload["name"] in MEMORY_SETTINGS:
            conn.memo.pop("timeline", None)
            if not came_last(conn):
                _rebuild(conn)


def current_key(conn: StudyDb, key: str) -> str:
    """The key that an item has now: aliases followed to their end."""
    memo = conn.memo
    if "aliases" not in memo:
        memo["aliases"] = dict(conn.execute("SELECT old, new FROM aliases"))
    return follow(memo["aliases"], key)


def follow(aliases: Mapping[str, str], key: str) -> str:
    """The end of a chain of aliases; a circle is left where it would close."""
    passed = {key}
    while (key_now := aliases.get(key, key)) not in passed:
        passed.add(key_now)
        key = key_now
    return key


def retract(conn: StudyDb, card: Card) -> None:
    """Take out of the sums what the card's events count for, and empty the card (its row is left for `refill`)."""
    tally = Tally()
    copy = Card(card.item)
    _fold(conn, copy, cards.seqs(card.log), tally)
    _add(conn, tally, -1, card.review_day, None)
    card.forget()


def refill(conn: StudyDb, card: Card, seqs: list[int]) -> None:
    """Fold these events into an emptied card, add what they count for to the sums, and store the row."""
    tally = Tally()
    _fold(conn, card, seqs, tally)
    _add(conn, tally, 1, None, card.review_day)
    if card.log or card.live or conn.execute("SELECT 1 FROM items WHERE key = ?", (card.item,)).fetchone():
        cards.put(conn, card)
    else:
        conn.execute("DELETE FROM schedule WHERE item = ?", (card.item,))


def _apply_to_item(conn: StudyDb, event: Event, card: Card) -> None:
    if came_last(conn):
        due_before = card.review_day
        tally = Tally()
        step(card, event, timeline(conn).last, tally)
        cards.put(conn, card)
        _add(conn, tally, 1, due_before, card.review_day)
    else:
        seqs = [*cards.seqs(card.log), event.seq]
        retract(conn, card)
        refill(conn, card, seqs)
    views.show_answer(conn, event, card.item)
    if event.kind == "lab_verdict":
        views.show(conn, event)


def _apply_alias(conn: StudyDb, event: Event) -> None:
    old, new = event.payload["old"], event.payload["new"]
    known = conn.execute("SELECT new FROM aliases WHERE old = ?", (old,)).fetchone()
    before = {old: current_key(conn, old), new: current_key(conn, new)}
    views.show(conn, event)
    conn.memo.pop("aliases", None)
    if known or before != {old: old, new: new} or current_key(conn, old) != new:
        _rebuild(conn)  # renamed before, or in a chain or circle: rare, and sorted out there
        return
    source = cards.get(conn, old)
    if source is not None and source.log:
        target = cards.get(conn, new) or Card(new)
        seqs = cards.seqs(target.log) + cards.seqs(source.log)
        retract(conn, source)
        refill(conn, source, [])
        retract(conn, target)
        refill(conn, target, seqs)
        conn.execute("UPDATE quiz_answers SET item = ? WHERE item = ?", (new, old))
        conn.execute("UPDATE disputes SET item = ? WHERE item = ?", (new, old))


def _apply_undo(conn: StudyDb, event: Event) -> None:
    """Make the derived rows what they would be had the target never happened; of a lab verdict only its card is taken back."""
    target = find_event(conn, event.payload["target"])
    if target is None or target.item is None or target.kind not in ITEM_KINDS:
        views.show(conn, event)
        return
    key = current_key(conn, target.item)
    card = cards.get(conn, key) or Card(key)
    seqs = [seq for seq in cards.seqs(card.log) if seq != target.seq or target.kind == "lab_verdict"]
    retract(conn, card)
    views.show(conn, event)
    refill(conn, card, seqs)
    views.hide_answer(conn, target, key)


def _fold(conn: StudyDb, card: Card, seqs: list[int], tally: Tally) -> None:
    settings = timeline(conn)
    for event in events_at(conn, seqs):
        undone = event.kind == "lab_verdict" and conn.execute("SELECT 1 FROM undone WHERE target = ?", (event.uuid,)).fetchone()
        step(card, event, settings.at(*event.place), tally, undone=bool(undone))


def _add(conn: StudyDb, tally: Tally, sign: int, due_before: int | None, due_after: int | None) -> None:
    """Add a tally to the sums, and move one due review from a day to another."""
    due: dict[int, int] = {}
    if due_before != due_after:
        if due_before is not None:
            due[due_before] = -1
        if due_after is not None:
            due[due_after] = 1
    for day, done in tally.days.items():
        conn.execute(ADD_DONE, (day, due.pop(day, 0), *(done if sign > 0 else [-n for n in done])))
    for day, n in due.items():
        conn.execute(ADD_DUE, (day, n))
    views.add_calibration(conn, tally, sign)


def _rebuild(conn: StudyDb) -> None:
    from studyapp.store.replay import rebuild  # late: replay builds on this module

    rebuild(conn)
