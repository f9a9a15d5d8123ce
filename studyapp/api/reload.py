"""Course files that were edited while the app runs: read again, and the session that is open shows the new text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from studyapp.course.draws import draw_for
from studyapp.errors import BadInput
from studyapp.store.apply import current_key
from studyapp.study.session import State

if TYPE_CHECKING:
    from studyapp.api.run import StudyRun
    from studyapp.api.study import Study
    from studyapp.study.grading import Judgement


class Trouble(NamedTuple):
    """Why a course cannot be read: `text` is one line, with the file's name in the course and the line number in front."""

    file: Path
    line: int
    text: str


class Reloaded(NamedTuple):
    """`changed`: other text than before is in use. `trouble`: the old text stays in use until this is mended."""

    changed: bool
    trouble: Trouble | None = None


def reload(study: Study, course: str) -> Reloaded:
    """Read the courses again, of which `course` was edited. Histories stay; a course with an error stays as it was."""
    from studyapp.api.own_cards import sync_again
    from studyapp.store.course_cache import cached_courses

    before = cached_courses(study.conn)[course]
    sync_again(study)
    after = cached_courses(study.conn)[course]
    folder = Path(after.directory)
    told = next((note for note in study.notes if note.startswith(str(folder))), None)
    return Reloaded(before.hash != after.hash, None if told is None else _trouble(folder, told))


def _trouble(folder: Path, told: str) -> Trouble:
    """The first thing that is wrong with a course, as `studyapp course check` finds it; else what was told at reading."""
    from studyapp.course.load import COURSE_FILE, read_course

    try:
        _, problems = read_course(folder)
    except BadInput as error:
        return Trouble(folder / COURSE_FILE, 1, str(error))
    if not problems:
        return Trouble(folder / COURSE_FILE, 1, told)
    first = min(problems, key=lambda problem: (problem.file, problem.line))
    file = Path(first.file)
    shown = replace(first, file=str(file.relative_to(folder))) if file.is_relative_to(folder) else first
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return Trouble(file, first.line, f"{shown}{more}")


def refresh(run: StudyRun) -> bool:
    """Give the card in play its new text; False where it is in its course no longer, and another card has come.

    What was typed or answered stays, under a new id too; an answer that the new text no longer takes is asked for again.
    The time away is not counted.
    """
    session, desk = run.session, run.desk
    desk.reread()
    run._shown = None
    session.resume(run._ms())
    session.rename(lambda key: current_key(run.conn, key))
    card = session.card
    if card is None:
        return True
    key = current_key(run.conn, card.key)
    if not (desk.is_in_course(key) if run.asks_suspended else desk.is_live(key)):
        session.reopen()
        session.forget(card.key)
        run._draft = ""
        run._advance()
        return False
    item, before = desk.item(key), card.presented
    if item != before.item:
        drawn = replace(draw_for(item, before.draw.token), asks=before.draw.asks)
        card.presented = replace(before, item=item, draw=drawn, previews=desk.previews(key, desk.clock.now()))
        desk.keep_draw(card.presented)
        if session.state in (State.RETRY, State.REVEAL):
            judgement = _judged_again(run) if drawn == before.draw else None
            if judgement is None:
                session.take_back(run._ms())
            else:
                session.rejudge(judgement)
    run._keep()
    return True


def _judged_again(run: StudyRun) -> Judgement | None:
    card = run.session.card
    assert card is not None
    try:
        task = run.reading(card.value)  # by the default: nobody asked for this reading, and nobody waits for it
        return run.judge(card.value, None if task is None else task.at_once())
    except BadInput:
        return None
