"""What the learner believes: the misconceptions seen, how well confidence matches what comes of it, and which concepts are mastered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from studyapp.api.place import iso
from studyapp.course.items import Item
from studyapp.memory.days import study_day
from studyapp.memory.state import Moment
from studyapp.store import content, lab_runs, schedule, stats
from studyapp.store.log import Event
from studyapp.store.misconceptions import Misconception, misconceptions
from studyapp.store.timeline import timeline

if TYPE_CHECKING:
    from studyapp.api.study import Study

STABLE_DAYS = 21.0  # from this stability on a card counts as held; FSRS: recall is 90 % after so many days
SUCCESSES = 2  # right answers to fresh seeds, on as many days


def misconception_rows(study: Study) -> list[dict[str, Any]]:
    """Every misconception that was seen, the latest first: `said` is all of it in a line; `places` are items, or tasks of labs."""
    today, hour = schedule.today(study.conn, study.clock.now()), timeline(study.conn).last.rollover_hour
    offset = study.clock.now().offset_min
    labels = {name: label for info in study.courses() for name, label in info.concepts.items()}
    return [_row(study, row, labels, today - study_day(Moment(row.last_ms, offset), hour)) for row in misconceptions(study.conn)]


def calibration(study: Study) -> dict[str, Any]:
    """Brier score and reliability of all answers that were given with a confidence, and of the forecasts in labs alone."""
    return {"all": _reliability(stats.calibration(study.conn)), "forecasts": _reliability(stats.forecasts(study.conn))}


def mastery(study: Study) -> list[dict[str, Any]]:
    """The concepts that labs have asked for so far. One is mastered when its cards are stable (`stability`: days, of the weakest; None
    while one was never answered), and fresh seeds were answered right on two days at least."""
    conn, hour = study.conn, timeline(study.conn).last.rollover_hour
    tasks: dict[str, dict[tuple[str, int], None]] = {}
    for lab, q, concept in lab_runs.concepts_met(conn):
        tasks.setdefault(concept, {})[(lab, int(q[1:]))] = None
    items = [Item.from_row(row) for row in content.course_items(conn)]
    rows = []
    for concept, asked in tasks.items():
        lab_cards = [item for item in items if item.kind == "lab" and (item.body["lab"], item.body["task"]) in asked]
        facts = {(item.course, item.facts[0]) for item in lab_cards if item.facts}
        others = [item for item in items if item.kind != "lab" and item.facts and (item.course, item.facts[0]) in facts]
        strength = [study.desk.row(item.key).s for item in (*lab_cards, *others)]
        known = [s for s in strength if s is not None]
        stability = min(known) if known and len(known) == len(strength) else None
        days = {day for item in lab_cards for day in _right_days(stats.history(conn, item.key), hour)}
        rows.append(
            {
                "concept": concept,
                "labs": [f"{lab} {task}" for lab, task in asked],
                "cards": [item.key for item in (*lab_cards, *others)],
                "stability": stability,
                "right_days": len(days),
                "mastered": stability is not None and stability >= STABLE_DAYS and len(days) >= SUCCESSES,
                "missing": _missing(strength, stability, len(days)),
            }
        )
    return sorted(rows, key=lambda row: (row["mastered"], row["concept"]))


def times(n: int) -> str:
    """once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def _row(study: Study, row: Misconception, labels: Mapping[str, str], days: int) -> dict[str, Any]:
    label = labels.get(row.concept, row.concept)
    ago = "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
    since = f"beaten {times(row.beaten)} since" if row.beaten else "not beaten since"
    return {
        "concept": row.concept,
        "label": label,
        "seen": row.seen,
        "last": iso(row.last_ms, study.clock.now().offset_min),
        "days_ago": max(0, days),
        "beaten": row.beaten,
        "said": f"{label} {row.seen}x, last {ago}, {since}",
        "places": [_place(study, place) for place in row.places],
    }


def _place(study: Study, place: str | tuple[str, str]) -> dict[str, Any]:
    if isinstance(place, tuple):
        return {"item": None, "ask": f"lab {place[0]}, task {place[1][1:]}"}
    row = content.item(study.conn, place)
    if row is None:
        return {"item": place, "ask": place}
    return {"item": place, "ask": str(row["body"].get("ask", "")) if row["kind"] == "lab" else study.desk.ask_of(place)}


def _reliability(found: stats.Calibration) -> dict[str, Any]:
    return {"answers": found.answers, "brier": found.brier, "bins": [row._asdict() for row in found.bins]}


def _right_days(history: list[Event], hour: int) -> set[int]:
    """Study days on which a fresh seed of a task was answered right, in its lab or as a card."""
    return {
        study_day(event.now, hour)
        for event in history
        if event.kind in ("answer", "lab_verdict") and event.payload.get("outcome") == "right" and event.payload.get("rating") is not None
    }


def _missing(strength: list[float | None], stability: float | None, days: int) -> str:
    """What is still to be shown, in a few words."""
    parts = []
    if stability is None:
        new = sum(s is None for s in strength)
        parts.append(f"{new} of {len(strength)} cards not answered yet" if strength else "no card stands for it")
    elif stability < STABLE_DAYS:
        parts.append(f"its weakest card holds for {stability:.0f} of {STABLE_DAYS:.0f} days")
    if days < SUCCESSES:
        parts.append(f"fresh seeds right on {days} of {SUCCESSES} days")
    return "; ".join(parts)
