"""All of the home screen in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studyapp.api.due import DueView
from studyapp.api.kept import SESSION
from studyapp.api.reports import section_rows, streak_note
from studyapp.api.views import HomeView, LabRow, SectionRow, Suggestion
from studyapp.store import pending, schedule, stats

if TYPE_CHECKING:
    from studyapp.api.study import Study


def home_view(study: Study) -> HomeView:
    """What is due, the streak, the sections with their strength, the labs, and the one suggested next thing."""
    today = schedule.today(study.conn, study.clock.now())
    due = study.due()
    labs = tuple(study.labs())
    resumable = pending.state(study.conn, SESSION) is not None
    day = stats.day(study.conn, today)
    courses = study.courses()
    return HomeView(
        title=courses[0].title if len(courses) == 1 else f"{len(courses)} courses",
        due=due,
        done_today=day.answers,
        streak=stats.streak(study.conn, today),
        streak_note=streak_note(study, today),
        sections=tuple(SectionRow(**row) for row in section_rows(study, today)),
        labs=labs,
        suggestion=_suggestion(due, labs, resumable, day.answers),
        resumable=resumable,
        notes=tuple(study.notes),
    )


def _suggestion(due: DueView, labs: tuple[LabRow, ...], resumable: bool, answered: int) -> Suggestion:
    if resumable:
        return Suggestion("study", "Go on where you left", f"{due.due_now} cards due")
    if due.learning + due.review and due.due_now:
        return Suggestion("study", "Review what is due", f"{due.due_now} cards, about {due.minutes} min")
    if due.due_now:
        return Suggestion("study", "Learn something new", f"{due.new} new cards, about {due.minutes} min")
    unfinished = next((lab for lab in labs if lab.run), None)
    if unfinished is not None:
        return Suggestion("lab", f"Finish the lab: {unfinished.title}", "where you left it", unfinished.id)
    untried = next((lab for lab in labs if lab.state == "ready" and not lab.last), None)
    if untried is not None:
        return Suggestion("lab", f"Try the lab: {untried.title}", f"about {untried.minutes} min", untried.id)
    if answered:
        return Suggestion("quiz", "Nothing is due: check yourself", "the self-check of the course", "self-check")
    return Suggestion("done", "Nothing is due", f"the next card comes {due.next_due}" if due.next_due else "")
