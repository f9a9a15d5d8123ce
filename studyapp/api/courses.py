"""Brings the courses on disk into the database: nothing is parsed while their files are unchanged."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from studyapp.course.fingerprint import content_hash, stat_signature
from studyapp.course.resources import course_dirs
from studyapp.errors import BadInput
from studyapp.store import course_cache, pending

if TYPE_CHECKING:
    from studyapp.course.items import CourseInfo, Section
    from studyapp.memory.state import Moment
    from studyapp.store.db import StudyDb


BROKEN = "broken-courses"  # name of local state: directory -> [signature, line], so that a broken course is not parsed at each start


def sync(conn: StudyDb, home: Path, now: Moment) -> list[str]:
    """Compile what changed since the last start. A course that cannot be read stays as it was; its problem comes back as a line."""
    notes: list[str] = []
    known = course_cache.cached_courses(conn)
    before: dict[str, list[str]] = pending.state(conn, BROKEN) or {}
    broken: dict[str, list[str]] = {}
    used: set[str] = set()
    for place in course_dirs(home):
        if place.broken:
            notes.append(f"course {place.source}: {place.broken}")
            continue
        try:
            signature = stat_signature(place.path)
            line = before.get(str(place.path), ["", ""])
            if line[0] != signature:
                used.add(_sync_one(conn, place.path, signature, known, used, now, notes))
                continue
            said = line[1]
        except BadInput as error:
            lines = str(error).splitlines()
            more = f" (and {len(lines) - 1} more: studyapp course check {place.path})" if len(lines) > 1 else ""
            said = f"{lines[0]}{more}; the course stays as it was"
        except OSError as error:
            notes.append(f"{place.path}: {error.strerror}; the course stays as it was")
            continue
        broken[str(place.path)] = [signature, said]
        notes.append(said)
    for name, cached in known.items():
        if name not in used and not Path(cached.directory).exists():
            from studyapp.store import content

            content.forget_course(conn, name)
            notes.append(f"course {name}: its folder {cached.directory} is gone; its cards rest until it is back")
    if broken != before:
        pending.keep_state(conn, BROKEN, broken or None)
    return notes


def _sync_one(
    conn: StudyDb, path: Path, signature: str, known: dict[str, course_cache.Cached], used: set[str], now: Moment, notes: list[str]
) -> str:
    """The course's id; what looks like a rename is noted. Nothing is parsed where its files, or what stands in them, are as they were."""
    name, cached = next(((name, c) for name, c in known.items() if c.directory == str(path) and name not in used), (None, None))
    if cached and name and cached.signature == signature:
        return name
    digest = content_hash(path)
    if cached and name and cached.hash == digest:
        course_cache.touch(conn, name, signature)
        return name
    from studyapp.api.glossary import keep_terms
    from studyapp.course.compile import compile_course
    from studyapp.course.load import load_course
    from studyapp.store import content

    loaded = load_course(path)
    info, items = compile_course(loaded)
    if info.id in used:
        raise BadInput(f"{path}: another course has the id {info.id!r} already: give this one another id in its course.yaml")
    synced = content.sync_content(conn, info, items, signature, digest, now)
    keep_terms(conn, info.id, loaded.glossary)
    if synced.added or synced.archived:
        from studyapp.api import renames

        notes += renames.notes(conn, info.id)
    return info.id


def section_id(courses: Iterable[CourseInfo], name: str) -> str:
    """`course:section` for a number or an id of a section, with or without the course; BadInput where there is none or several."""
    course, section = _find(courses, name)
    return f"{course.id}:{section.id}"


def find_section(courses: Iterable[CourseInfo], name: str) -> Section:
    """The section itself."""
    return _find(courses, name)[1]


def _find(courses: Iterable[CourseInfo], name: str) -> tuple[CourseInfo, Section]:
    courses = list(courses)
    course_name, colon, rest = name.partition(":")
    wanted = rest if colon else name
    found = [
        (course, section)
        for course in courses
        for section in course.sections
        if (not colon or course.id == course_name) and wanted.strip().lower() in (section.id.lower(), section.number.lower())
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadInput(f"section {name!r} is in several courses: " + ", ".join(f"{c.id}:{s.id}" for c, s in found))
    known = ", ".join(f"{s.number or s.id}" for c in courses for s in c.sections)
    raise BadInput(f"there is no section {name!r}; sections are {known}")
