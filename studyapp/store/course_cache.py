"""Which courses are compiled in the cache, and from which files: what every start asks before it parses anything."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from studyapp.store.db import StudyDb, write


class Cached(NamedTuple):
    """What the cache holds of a course: compare before parsing anything."""

    directory: str
    signature: str
    hash: str


def cached_courses(conn: StudyDb) -> dict[str, Cached]:
    """The cached courses by id."""
    return {row[0]: Cached(*row[1:]) for row in conn.execute("SELECT course, directory, signature, hash FROM courses ORDER BY course")}


def course_infos(conn: StudyDb) -> list[dict[str, Any]]:
    """Every cached course's info, as `CourseInfo.from_row` takes it."""
    return [json.loads(row[0]) for row in conn.execute("SELECT info FROM courses ORDER BY course")]


def touch(conn: StudyDb, course: str, signature: str) -> None:
    """Note a new file signature for content that turned out to be the same."""
    with write(conn):
        conn.execute("UPDATE courses SET signature = ? WHERE course = ?", (signature, course))
