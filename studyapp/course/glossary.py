"""The glossary of a course, `glossary.yaml`: its terms by section, a line each.

It is read with the course, when that changed; what is shown are the rows that were kept then.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field

from studyapp.course.answers import Id, Model, Text
from studyapp.course.marked_yaml import read_yaml
from studyapp.course.problems import Problem
from studyapp.course.validate import model_from

GLOSSARY_FILE = "glossary.yaml"


class Term(Model):
    """`also`: other names under which the term is looked for."""

    term: Text
    section: Id
    say: Text
    also: list[Text] = Field([])


class GlossaryFile(Model):
    """glossary.yaml"""

    terms: list[Term]


def read_glossary(directory: Path, sections: Iterable[str]) -> tuple[list[Term], list[Problem]]:
    """The terms in the order of `sections` (ids), and what is wrong with the file; nothing of either where there is no file."""
    path = directory / GLOSSARY_FILE
    problems: list[Problem] = []
    marked = read_yaml(path, str(path), problems) if path.is_file() else None
    file = model_from(GlossaryFile, marked, problems) if marked else None
    if file is None or marked is None:
        return [], problems
    order = {section: place for place, section in enumerate(sections)}
    seen: dict[str, int] = {}  # name -> the entry that has it
    for index, entry in enumerate(file.terms):
        if entry.section not in order:
            problems.append(
                Problem(marked.file, marked.line(("terms", index, "section")), entry.term, f"unknown section {entry.section!r}")
            )
        for name in (entry.term, *entry.also):
            first = seen.setdefault(name.casefold(), index)
            if first != index:
                message = f"{name!r} is a name of {file.terms[first].term!r} already"
                problems.append(Problem(marked.file, marked.line(("terms", index)), entry.term, message))
    return sorted((term for term in file.terms if term.section in order), key=lambda term: order[term.section]), problems
