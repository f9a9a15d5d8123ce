"""Cards of the learner's own: a file of `<home>/courses/own/` grows by an entry, and the card can be studied at once.

The course is read as it would be before anything is written, so that a bad card changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from studyapp.errors import BadInput, EnvironmentProblem
from studyapp.store import pending
from studyapp.store.db import write

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.course.load import LoadedCourse
    from studyapp.course.schema import SectionEntry

OWN = "own"
_DRAFT = "own-card-draft"  # name of local state
CARDS_FILE = "cards.yaml"


class Grown(NamedTuple):
    """Where new items went: the course's id, its folder, the file."""

    course: str
    folder: Path
    file: Path


def add_card(
    study: Study,
    ask: str,
    *,
    answer: str = "",
    kind: str = "",
    accept: Collection[str] = (),
    why: str = "",
    hint: str = "",
    section: str = "",
    id: str = "",
) -> dict[str, Any]:
    """The new item and its file. BadInput in one line where the card is not sound; then no file was changed.

    `section` is the id, the number or the title of a section of the own course; one that is not there yet is made.
    """
    from studyapp.course.own import card_fields, new_id

    fields = card_fields(ask, answer, kind, accept, why, hint)
    folder = study.home / "courses" / OWN
    with write(study.conn):  # one at a time: two programs that add a card must not overwrite each other's
        taken = taken_ids(read_course_at(folder))
        if id in taken:
            raise BadInput(f"the id {id!r} is taken in {folder}: give another --id, or none; nothing was written")
        fields["id"] = id or new_id(fields["ask"], taken)
        grown = grow(folder, (OWN, "My own cards"), section, [fields])
    sync_again(study)
    return {"item": f"{grown.course}:{fields['id']}", "file": str(grown.file)}


def grow(folder: Path, names: tuple[str, str], section: str, items: Collection[Mapping[str, Any]], without: Collection[str] = ()) -> Grown:
    """Add items to the course in this folder, which is made with `names` (its id and title) where there is none.

    `without`: ids of items that leave it in the same step. BadInput where the course would not be sound afterwards (nothing is
    written then), EnvironmentProblem where the disk refuses.
    """
    from studyapp.course.load import COURSE_FILE, read_course
    from studyapp.course.own import new_course, new_id, new_section, with_entries, without_entries

    loaded = read_course_at(folder)
    planned: dict[Path, str] = {}
    course_file = folder / COURSE_FILE
    known = _section(loaded, section)
    if known is not None and known.file is not None:
        file, section_id = folder / known.file, known.id
    else:
        sections = loaded.course.sections if loaded else []
        section_id = new_id(section, [one.id for one in sections]) if section else "cards"
        file = folder / (f"{section_id}.yaml" if section else CARDS_FILE)
        title = section.strip() or names[1]
        if loaded is None:
            planned[course_file] = new_course(*names, [(section_id, title, file.name)])
        else:
            entry = {"id": section_id, "title": title, "file": file.name}
            planned[course_file] = with_entries(_text(course_file), "sections", [entry], str(course_file))
    before = _text(file) if file.exists() else new_section(section_id)
    planned = {file: with_entries(before, "items", items, str(file)), **planned}  # course.yaml last: it brings the others to life
    for item in loaded.items if loaded else ():
        if item.model.id in without:
            place = Path(item.marked.file)
            planned[place] = without_entries(planned.get(place) or _text(place), "items", [item.model.id], str(place))
    _refuse(*read_course(folder, planned), [str(item["id"]) for item in items], folder)
    for path, text in planned.items():
        write_file(path, text)
    return Grown(loaded.course.id if loaded else names[0], folder, file)


def draft(study: Study) -> dict[str, str]:
    """What was written of a card and is not saved yet, by field; empty where nothing was."""
    return dict(pending.state(study.conn, _DRAFT) or {})


def keep_draft(study: Study, fields: Mapping[str, str]) -> None:
    """Keep this for the next time; empty fields alone forget it."""
    pending.keep_state(study.conn, _DRAFT, dict(fields) if any(fields.values()) else None)


def sync_again(study: Study) -> None:
    """Bring what was written into the database."""
    from studyapp.api.courses import sync

    study.notes = sync(study.conn, study.home, study.clock.now())
    study._desk = None  # it keeps what it knows of the courses


def write_file(path: Path, text: str) -> None:
    """Replace a file as a whole, or not at all; a link stays a link, and the permissions stay."""
    path = path.resolve()
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise EnvironmentProblem(f"{path} cannot be written: {error.strerror}") from None


def read_course_at(folder: Path) -> LoadedCourse | None:
    """The course as it stands, None where there is none yet; BadInput where it has errors, which come before any new card."""
    from studyapp.course.load import COURSE_FILE, read_course

    if not (folder / COURSE_FILE).is_file():
        return None
    loaded, problems = read_course(folder)
    if problems or loaded is None:
        raise BadInput(f"{problems[0]}; mend that first (studyapp course check {folder}): nothing was written")
    return loaded


def taken_ids(loaded: LoadedCourse | None) -> set[str]:
    """The ids that a new item of this course cannot have: those of its items, and their former ones."""
    if loaded is None:
        return set()
    return loaded.declared | set(loaded.course.aliases) | {old for item in loaded.items for old in item.model.aliases}


def _section(loaded: LoadedCourse | None, name: str) -> SectionEntry | None:
    """The section of this name, or the first that has a file where no name is given."""
    wanted = name.strip().casefold()
    for section in loaded.course.sections if loaded else ():
        if wanted in (section.id.casefold(), section.number.casefold(), section.title.casefold()) if wanted else section.file:
            return section
    return None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text; nothing was written") from None


def _refuse(loaded: LoadedCourse | None, problems: Collection[Any], ids: list[str], folder: Path) -> None:
    """Complain in one line, of the new items without a place: their lines are not in the file."""
    if not problems and loaded is not None:
        return
    for problem in problems:
        name, _, field = problem.field.partition(".")
        if name in ids:
            raise BadInput(f"the card {name} cannot be used: {field or 'id'}: {problem.message}; nothing was written")
    first = next(iter(problems), f"{folder}: cannot be read")
    raise BadInput(f"{first}; nothing was written")
