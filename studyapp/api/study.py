"""`Study`: the one door. Front ends, scripts and notebooks open it, ask it, close it; everything they get is plain data."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from studyapp.api.due import DueView, due_view
from studyapp.api.place import Clock, home_dir
from studyapp.store import settings_store as settings
from studyapp.store.db import StudyDb, connect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studyapp.api.card_check import CardChecker
    from studyapp.api.desk import Desk
    from studyapp.api.explainer import Place
    from studyapp.api.glossary import TermRow
    from studyapp.api.labs import LabDesk
    from studyapp.api.quiz import QuizRun
    from studyapp.api.reading import Reader
    from studyapp.api.reload import Reloaded
    from studyapp.api.run import StudyRun
    from studyapp.api.views import HomeView, LabRow
    from studyapp.course.items import CourseInfo, Section
    from studyapp.judges import Panel
    from studyapp.workers.pool import Workers


class Study:
    """An open data folder. Use it as a context manager, or call `close`."""

    def __init__(self, home: Path, conn: StudyDb, clock: Clock) -> None:
        self.home = home
        self.conn = conn
        self.clock = clock
        self._desk: Desk | None = None
        self._workers: Workers | None = None
        self._panel: Panel | None = None
        self.notes: list[str] = []  # one line each: a course that could not be read, ...

    @classmethod
    def open(cls, home: str | os.PathLike[str] | None = None, now: str | None = None, clock: Clock | None = None) -> Study:
        """Open (or make) the data folder; reads courses whose files changed. EnvironmentProblem in one line where it cannot be.

        `now` (ISO time) or a `clock` set the time from outside.
        """
        folder = home_dir(home)
        clock = clock or Clock(now)
        study = cls(folder, connect(folder), clock)
        try:
            zone = settings.get(study.conn, "zone")
            clock.use_zone(None if zone == "auto" else zone)
            if now:
                from studyapp.store.log import last_ms

                clock.not_before(last_ms(study.conn) or 0)
            from studyapp.api.courses import sync

            study.notes = sync(study.conn, folder, clock.now())
        except BaseException:
            study.conn.close()
            raise
        return study

    def close(self) -> None:
        """Close the database and the workers; afterwards nothing is locked and nothing runs."""
        if self._panel is not None:
            self._panel.close()
        if self._workers is not None:
            self._workers.close()
        self.conn.close()

    def __enter__(self) -> Study:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # What waits

    def due(self) -> DueView:
        """How much is due now, and when the next card is."""
        return due_view(self.conn, self.clock)

    def home_view(self) -> HomeView:
        """All of the home screen."""
        from studyapp.api.home import home_view

        return home_view(self)

    # Sessions

    def run(self, section: str | None = None, limit: int | None = None, minutes: float | None = None, ahead: bool = False) -> StudyRun:
        """The interrupted session where there is one and no other scope is asked for, else a new one."""
        from studyapp.api.kept import Scope
        from studyapp.api.run import StudyRun

        run = StudyRun.open(self.desk, Scope(None if section is None else self.section_id(section), limit, minutes, ahead))
        run.reader = self.reader()
        return run

    def quiz(self, kind: str = "self-check", section: str | None = None, minutes: float | None = None) -> QuizRun:
        """The self-check, a section, or an exam over everything; the interrupted one of the same kind goes on."""
        from studyapp.api.quiz import QuizRun

        run = QuizRun.begin(self.desk, kind, None if section is None else self.section_id(section), minutes)
        run.reader = self.reader()
        return run

    def reader(self) -> Reader:
        """Reads free text by the judge that is set (see api/reading.py)."""
        from studyapp.api.reading import Reader

        return Reader(self)

    def labs(self) -> list[LabRow]:
        """All labs that are installed, broken ones with their reason."""
        from studyapp.api.lab_reports import lab_rows

        return lab_rows(self)

    def lab(
        self,
        lab: str,
        seed: int | None = None,
        backend: str | None = None,
        run: str | None = None,
        download: bool = False,
        max_calls: int | None = None,
    ) -> LabDesk:
        """A lab's new run, or the `run` of that id to go on with it (see api/labs.py). `max_calls`: to an endpoint, in the whole run."""
        from studyapp.api.labs import LabDesk

        if run is not None:
            return LabDesk.resume(self, run, max_calls)
        return LabDesk.open(self, lab, seed, backend, download, max_calls)

    def workers(self) -> Workers:
        """The worker processes of this study, one per backend."""
        if self._workers is None:
            from studyapp.workers.pool import Workers

            self._workers = Workers()
        return self._workers

    def panel(self) -> Panel:
        """The judges of free text (see api/grading.py)."""
        if self._panel is None:
            from studyapp.judges import Panel

            self._panel = Panel(self.workers())
        return self._panel

    @property
    def desk(self) -> Desk:
        """The store as sessions see it; made when it is first needed, because `due` needs none."""
        if self._desk is None:
            self._desk = self.desk_of(self.conn)
        return self._desk

    def desk_of(self, conn: StudyDb) -> Desk:
        """A desk over another connection (labs store from threads)."""
        from studyapp.api.desk import Desk

        return self.desk if conn is self.conn and self._desk is not None else Desk(conn, self.clock)

    # Single items: see api/single.py

    def resolve(self, name: str) -> str:
        """The key of an item named `course:id`, or by its id where that is unique; BadInput names the nearest ones."""
        from studyapp.store.content import find_key

        return find_key(self.conn, name)

    def next_item(self, section: str | None = None) -> dict[str, Any] | None:
        """What the schedule serves next, as `show` gives it; None when nothing is due."""
        from studyapp.api.single import next_item

        return next_item(self, section)

    def show(self, name: str, reveal: bool = False) -> dict[str, Any]:
        """An item as the learner would see it, with its pending draw."""
        from studyapp.api.single import show

        return show(self, name, reveal)

    def answer(self, name: str, **how: Any) -> dict[str, Any]:
        """One durable review: rating=, text= or value=, draw=, confidence=, seconds=, accept= (see api/single.py)."""
        from studyapp.api.single import answer

        return answer(self, name, **how)

    def undo(self, count: int = 1) -> list[dict[str, Any]]:
        """Take back the last answers, newest first; fewer than asked where there are fewer."""
        from studyapp.api.single import undo

        return undo(self, count)

    def suspend(self, name: str) -> dict[str, Any]:
        """Out of the schedule."""
        return self._mark("suspend", name, {})

    def unsuspend(self, name: str) -> dict[str, Any]:
        """Back on the schedule."""
        return self._mark("unsuspend", name, {})

    def flag(self, name: str, note: str = "") -> dict[str, Any]:
        """Marked for a second look."""
        return self._mark("flag", name, {"note": note})

    def _mark(self, kind: str, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        from studyapp.store.apply import record

        key = self.resolve(name)
        event = record(self.conn, kind, key, payload, self.clock.now())
        return {"event": event.uuid, "item": key, "done": kind}

    def search(self, query: str, limit: int = 20) -> list[dict[str, Any]]:
        """Items by their words, best first."""
        from studyapp.api.single import search

        return search(self, query, limit)

    def glossary(self, query: str = "") -> list[TermRow]:
        """The terms of all courses by section; with a query those that have its words."""
        from studyapp.api.glossary import glossary

        return glossary(self, query)

    # The learner's own cards: see api/own_cards.py

    def add_card(self, ask: str, **card: Any) -> dict[str, Any]:
        """Write a card into the learner's own course: answer=, kind=, accept=, why=, hint=, section=, id=; it can be studied at once."""
        from studyapp.api.own_cards import add_card

        return add_card(self, ask, **card)

    def card_checker(self) -> CardChecker:
        """Says of a card that is being written what the course check would say of it."""
        from studyapp.api.card_check import CardChecker
        from studyapp.api.own_cards import OWN

        return CardChecker(self.home / "courses" / OWN)

    def card_draft(self) -> dict[str, str]:
        """A card that was left half written."""
        from studyapp.api.own_cards import draft

        return draft(self)

    def keep_card_draft(self, fields: Mapping[str, str]) -> None:
        """Keep a half written card for the next time; empty fields forget it."""
        from studyapp.api.own_cards import keep_draft

        keep_draft(self, fields)

    # Where the learner stands: see api/reports.py

    def why(self, name: str) -> dict[str, Any]:
        """Why an item is due when it is."""
        from studyapp.api.reports import why

        return why(self.desk, self.resolve(name))

    def stats(self) -> dict[str, Any]:
        """Answers, retention, streak, sections, misconceptions, calibration."""
        from studyapp.api.reports import stats_now

        return stats_now(self)

    def readiness(self) -> dict[str, Any]:
        """The ideas that must be automatic, by the rule in the course file."""
        from studyapp.api.reports import readiness

        return readiness(self)

    def misconceptions(self) -> list[dict[str, Any]]:
        """Those that were seen: how often, when last, where, how often beaten since (see api/insight.py)."""
        from studyapp.api.insight import misconception_rows

        return misconception_rows(self)

    def calibration(self) -> dict[str, Any]:
        """How well stated confidence matched what came of it: of all answers, and of the forecasts in labs."""
        from studyapp.api.insight import calibration

        return calibration(self)

    def mastery(self) -> list[dict[str, Any]]:
        """The concepts of the labs that were met: which are mastered, and what is missing."""
        from studyapp.api.insight import mastery

        return mastery(self)

    def forecast(self, days: int = 14) -> dict[str, Any]:
        """Reviews that wait in the coming days."""
        from studyapp.api.reports import forecast

        return forecast(self, days)

    # Courses

    def courses(self) -> list[CourseInfo]:
        """The courses that can be studied."""
        return self.desk.infos()

    def section_id(self, name: str) -> str:
        """`course:section` for a section's number or id, which may go without the course; BadInput where there is none."""
        from studyapp.api.courses import section_id

        return section_id(self.courses(), name)

    def page(self, name: str) -> Section:
        """A section with its page."""
        from studyapp.api.courses import find_section

        return find_section(self.courses(), name)

    def explainer(self, name: str) -> tuple[Place, ...]:
        """The places of the companion explainer that the text names for a section, from the learner's copy (`explainer_path`)."""
        from studyapp.api.explainer import places

        return places(str(settings.get(self.conn, "explainer_path")), self.page(name).explainer)

    def reload(self, course: str) -> Reloaded:
        """Read the courses again after `course` was edited; a session that is open takes it up by its own `reload`."""
        from studyapp.api.reload import reload

        return reload(self, course)

    def disputes(self, directory: Path | None = None) -> list[dict[str, Any]]:
        """Wordings of free text that the learner decided otherwise than a judge proposed, of the course in a folder or of all."""
        from studyapp.api.authoring import disputes

        return disputes(self, directory)

    def renamed(self) -> list[dict[str, Any]]:
        """Items that are gone with a history, each with the new item that is like it (see api/renames.py)."""
        from studyapp.api.renames import pairs

        return [pair._asdict() for pair in pairs(self.conn)]

    def accept_rename(self, old: str, new: str) -> dict[str, Any]:
        """The history of `old`, which is gone, goes to `new`."""
        from studyapp.api.renames import accept

        return accept(self, old, new)

    def reject_rename(self, old: str, new: str) -> dict[str, Any]:
        """`old`, which is gone, and `new` are two cards: nobody asks again."""
        from studyapp.api.renames import reject

        return reject(self, old, new)

    def put_off_rename(self, old: str, new: str) -> None:
        """The learner has seen the pair, and decides another time: the notes need not tell of it."""
        from studyapp.api.renames import forget_note

        forget_note(self, old, new)

    # Settings and care: see api/admin.py

    def preferences(self) -> dict[str, Any]:
        """The values of all settings, remapped keys included: what a front end reads when it starts."""
        return settings.all_values(self.conn)

    def settings(self) -> list[dict[str, Any]]:
        """Every setting: name, value, default, help."""
        from studyapp.api.admin import setting_rows

        return setting_rows(self)

    def setting(self, name: str) -> dict[str, Any]:
        """One setting; BadInput names the nearest for an unknown one."""
        from studyapp.api.admin import setting_row

        return setting_row(self, name)

    def check_setting(self, name: str, text: str) -> None:
        """BadInput where the setting would not take this value."""
        settings.check(name, text)

    def set_setting(self, name: str, text: str) -> dict[str, Any]:
        """Change a setting; the change is an event."""
        settings.set_value(self.conn, name, text, self.clock.now())
        return self.setting(name)

    def backup(self) -> Path:
        """A verified backup, now."""
        from studyapp.api.admin import backup_now

        return backup_now(self)

    def daily_care(self) -> str | None:
        """The day's backup, where it is due; a line when it failed. Call it when the learner is not waiting."""
        from studyapp.api.admin import daily_care

        return daily_care(self)

    def verify_log(self, rebuild: bool = False) -> dict[str, Any]:
        """Whether the log's chain is whole and the schedule is what the log says."""
        from studyapp.api.admin import verify_log

        return verify_log(self, rebuild)

    def export(self, form: str, file: str) -> dict[str, Any]:
        """The history as jsonl (all events, exact) or csv (a line a review)."""
        from studyapp.api.admin import export

        return export(self, form, file)

    def import_file(self, file: str) -> dict[str, Any]:
        """Events of a jsonl file, or a plain-text deck of `Q:` / `A:` / `C:` lines, by what stands in it (see api/decks.py)."""
        from studyapp.api.decks import import_file

        return import_file(self, file)

    def import_events(self, file: str) -> dict[str, Any]:
        """Merge the events of a jsonl file; a backup is made first."""
        from studyapp.api.admin import import_events

        return import_events(self, file)
