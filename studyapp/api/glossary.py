"""The terms of all courses by section, and a search over them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studyapp.store import pending

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.course.glossary import Term
    from studyapp.course.items import CourseInfo
    from studyapp.store.db import StudyDb


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term with its line; `section` is `course:section`, `number` and `title` are the section's."""

    course: str  # its title
    section: str
    number: str
    title: str
    term: str
    say: str
    also: tuple[str, ...] = ()

    def row(self) -> dict[str, str]:
        """JSON form."""
        return {"section": self.section, "term": self.term, "say": self.say}


def keep_terms(conn: StudyDb, course: str, terms: Iterable[Term]) -> None:
    """Keep what a course's glossary says, apart from what every start reads."""
    rows = [[term.term, term.section, term.say, term.also] for term in terms]
    pending.keep_state(conn, _name(course), rows or None)


def has_glossary(study: Study) -> bool:
    """Whether there is anything to look up."""
    return any(pending.state(study.conn, _name(info.id)) for info in study.courses())


def glossary(study: Study, query: str = "") -> list[TermRow]:
    """The terms in course order; with a query those in which each of its words begins a word, by name first."""
    rows = [row for info in study.courses() for row in _rows(study.conn, info)]
    wanted = _words(query)
    if not wanted:
        return rows
    named = [row for row in rows if _fits(wanted, " ".join((row.term, *row.also)))]
    return [*named, *(row for row in rows if row not in named and _fits(wanted, " ".join((row.term, *row.also, row.say))))]


def _name(course: str) -> str:
    return f"glossary/{course}"


def _rows(conn: StudyDb, info: CourseInfo) -> list[TermRow]:
    sections = {section.id: section for section in info.sections}
    return [
        TermRow(info.title, f"{info.id}:{name}", sections[name].number, sections[name].title, term, say, tuple(also))
        for term, name, say, also in pending.state(conn, _name(info.id)) or ()
        if name in sections
    ]


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.findall(r"\w+", plain.casefold())


def _fits(wanted: list[str], text: str) -> bool:
    words = _words(text)
    return all(any(word.startswith(start) for word in words) for start in wanted)
