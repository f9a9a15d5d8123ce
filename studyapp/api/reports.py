"""Where the learner stands: why a date, statistics, readiness, forecast. Plain dictionaries, as the commands print them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from studyapp.api.desk import Desk, due_iso
from studyapp.api.insight import misconception_rows
from studyapp.memory.days import day_date, study_day
from studyapp.memory.explain import why_sentence
from studyapp.memory.policy import retrievability
from studyapp.memory.state import Rating
from studyapp.store import cards, schedule, stats
from studyapp.store import settings_store as settings
from studyapp.store.fold import Owed
from studyapp.store.log import Event

if TYPE_CHECKING:
    from studyapp.api.study import Study

_STREAK_MEMORY = 400  # days looked at


def why(desk: Desk, key: str) -> dict[str, Any]:
    """Why an item is due when it is, with what the sentence rests on."""
    now = desk.clock.now()
    rules = settings.memory_settings(desk.conn)
    today = study_day(now, rules.rollover_hour)
    row = desk.row(key)
    answers = [
        (study_day(event.now, rules.rollover_hour), Rating(event.payload["rating"]))
        for event in stats.history(desk.conn, key)
        if _counts(event)
    ]
    card = cards.get(desk.conn, key)
    sentence = why_sentence(row, answers, rules, today)
    if card is not None and card.owed is Owed.FIRST:
        sentence = "You missed it and were sure of it, so it comes first in the next session. " + sentence
    elif card is not None and card.owed is Owed.CONTRAST and card.owed_day is not None:
        day = day_date(card.owed_day).isoformat()
        sentence = f"You missed it and were sure of it, so from {day} on the two answers come side by side, once. {sentence}"
    if card is not None and card.suspended:
        sentence = "It is suspended, so it is not asked; `studyapp unsuspend` puts it back. " + sentence
    return {
        "item": key,
        "why": sentence,
        "phase": row.phase.name.lower(),
        "due": due_iso(row, now, rules.rollover_hour),
        "interval_days": row.interval,
        "s": row.s,
        "d": row.d,
        "retrievability": retrievability(row, today, rules) if row.s is not None else None,
        "reps": row.reps,
        "lapses": row.lapses,
        "suspended": bool(card and card.suspended),
    }


def stats_now(study: Study) -> dict[str, Any]:
    """Answers, retention, streak, sections, misconceptions, calibration."""
    conn = study.conn
    today = schedule.today(conn, study.clock.now())
    done = stats.days(conn, 0, today)
    this_day = stats.day(conn, today)
    recall = stats.retention(conn, 0, today)
    guess = stats.calibration(conn)
    return {
        "answers": sum(day.answers for day in done),
        "reviews": recall.reviews,
        "days_studied": len(done),
        "minutes": round(sum(day.ms for day in done) / 60_000),
        "today": {"answers": this_day.answers, "new": this_day.introduced, "minutes": round(this_day.ms / 60_000, 1)},
        "streak": stats.streak(conn, today),
        "streak_note": streak_note(study, today),
        "retention": recall.share,
        "retention_young": recall.young,
        "retention_mature": recall.mature,
        "retention_goal": settings.memory_settings(conn).retention,
        "forecasts": guess.answers,
        "brier": guess.brier,
        "calibration": [row._asdict() for row in guess.bins],
        "sections": section_rows(study, today),
        "misconceptions": misconception_rows(study),
        "weakest": [card.item for card in stats.weakest(conn, today, 5)],
        "suspended": [card.item for card in stats.suspended(conn)],
        "flagged": [{"item": card.item, "notes": [note for _, note in card.flags]} for card in stats.flagged(conn)],
        "days": [{"date": day_date(day.day).isoformat(), "answers": day.answers, "again": day.again} for day in done[-30:]],
    }


def section_rows(study: Study, today: int) -> list[dict[str, Any]]:
    """Every section with items, in the order of its course; `course` is its title where there are several courses, else empty."""
    found = {row.section: row for row in stats.sections(study.conn, today)}
    due = schedule.due_by_section(study.conn, study.clock.now())
    rows = []
    courses = study.courses()
    for info in courses:
        for section in info.sections:
            row = found.get(f"{info.id}:{section.id}")
            if row is not None:
                rows.append(
                    {
                        "id": f"{info.id}:{section.id}",
                        "course": info.title if len(courses) > 1 else "",
                        "number": section.number or section.id,
                        "title": section.title,
                        "items": row.items,
                        "started": row.started,
                        "due": due.get(f"{info.id}:{section.id}", 0),
                        "strength": row.retention,
                    }
                )
    return rows


def streak_note(study: Study, today: int) -> str:
    """Says where a missed day was forgiven."""
    run = stats.streak(study.conn, today)
    done = {day.day for day in stats.days(study.conn, today - _STREAK_MEMORY, today)}
    span = sorted(done)[-run:] if run else []
    missed = (span[-1] - span[0] + 1 - len(span)) if span else 0
    return "" if missed <= 0 else "one missed day forgiven" if missed == 1 else f"{missed} missed days forgiven"


def readiness(study: Study) -> dict[str, Any]:
    """The ideas that must be automatic, by the rule in each course's file."""
    from studyapp.study.readiness import Shown, assess

    conn = study.conn
    rules = settings.memory_settings(conn)
    today = study_day(study.clock.now(), rules.rollover_hour)
    ideas: list[dict[str, Any]] = []
    reread: list[str] = []
    met = True
    for info in study.courses():
        if not info.readiness:
            continue
        keys = dict.fromkeys(key for idea in info.readiness["ideas"] for key in idea["items"])
        shown = {key: Shown(retrievability(study.desk.row(key), today, rules), _answers(study, key, rules.rollover_hour)) for key in keys}
        tasks = {
            (lab["lab"], task): _task_answers(study, info.id, lab["lab"], task, rules.rollover_hour)
            for idea in info.readiness["ideas"]
            for lab in idea.get("labs") or ()
            for task in lab["tasks"]
        }
        report = assess(info.readiness, shown, tasks).as_json()
        ideas += [{"course": info.id, **idea} for idea in report["ideas"]]
        reread += report["reread"]
        met = met and report["met"]
    return {"met": met and bool(ideas), "ideas": ideas, "reread": list(dict.fromkeys(reread))}


def forecast(study: Study, days: int) -> dict[str, Any]:
    """Reviews due on each of the coming days; the first holds what is overdue as well."""
    today = schedule.today(study.conn, study.clock.now())
    due = schedule.forecast(study.conn, today, days)
    return {"days": [{"date": day_date(today + n).isoformat(), "reviews": count} for n, count in enumerate(due)]}


def _counts(event: Event) -> bool:
    return event.kind in ("answer", "lab_verdict") and event.payload.get("rating") is not None


def _answers(study: Study, key: str, hour: int) -> list[tuple[int, bool]]:
    """(study day, right) of an item's answers, quiz practice included, the oldest first."""
    return [
        (study_day(event.now, hour), event.payload["rating"] > Rating.AGAIN)
        for event in stats.history(study.conn, key)
        if event.kind in ("answer", "practice", "lab_verdict") and event.payload.get("rating") is not None
    ]


def _task_answers(study: Study, course: str, lab: str, task: int, hour: int) -> list[tuple[int, bool]]:
    from studyapp.api.lab_cards import item_of_task

    key = item_of_task(study.desk, course, lab, task)
    return [] if key is None else _answers(study, key, hour)
