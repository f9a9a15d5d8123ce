"""References inside a course: every id that is named must exist (that ids are unique, load.py sees while reading)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from studyapp.course.marked_yaml import DataPath
from studyapp.course.problems import Problem, field_name

if TYPE_CHECKING:
    from studyapp.course.load import LoadedCourse


def check_references(loaded: LoadedCourse) -> list[Problem]:
    """Unknown facts, siblings, spine, confusables, readiness items and aliases."""
    return [*_items(loaded), *_course(loaded)]


def _items(loaded: LoadedCourse) -> Iterator[Problem]:
    ids = loaded.declared
    facts = {fact.id for fact in loaded.facts.entries} if loaded.facts else None
    former: dict[str, str] = {}
    for item in loaded.items:
        model = item.model
        if facts is not None:
            for index, fact in enumerate(model.facts):
                if fact not in facts:
                    yield item.problem(("facts", index), f"unknown fact {fact!r}: it is not in facts.yaml")
        for index, sibling in enumerate(model.siblings):
            if sibling not in ids:
                yield item.problem(("siblings", index), f"unknown sibling {sibling!r}")
            elif sibling == model.id:
                yield item.problem(("siblings", index), "an item is no sibling of its own")
        for index, alias in enumerate(model.aliases):
            if alias in ids or former.setdefault(alias, model.id) != model.id:
                owner = "is the id of an item" if alias in ids else f"is already a former id of {former[alias]!r}"
                yield item.problem(("aliases", index), f"{alias!r} {owner}")


def _course(loaded: LoadedCourse) -> Iterator[Problem]:
    course = loaded.course
    ids = loaded.declared

    def problem(path: DataPath, message: str) -> Problem:
        return Problem(loaded.course_file.file, loaded.course_file.line(path), field_name("", path), message)

    def known(names: Iterable[str], path: DataPath) -> Iterator[Problem]:
        seen: set[str] = set()
        for index, name in enumerate(names):
            if name not in ids:
                yield problem((*path, index), f"unknown item {name!r}")
            elif name in seen:
                yield problem((*path, index), f"the item {name!r} stands twice")
            seen.add(name)

    sections: set[str] = set()
    for index, section in enumerate(course.sections):
        if section.id in sections:
            yield problem(("sections", index, "id"), f"the section id {section.id!r} stands twice")
        sections.add(section.id)
    yield from known(course.spine, ("spine",))
    for index, group in enumerate(course.confusables):
        yield from known(group.items, ("confusables", index, "items"))
    for index, idea in enumerate(course.readiness.ideas if course.readiness else ()):
        yield from known(idea.items, ("readiness", "ideas", index, "items"))
    for old, new in course.aliases.items():
        if new not in ids:
            yield problem(("aliases", old), f"unknown item {new!r}")
        if old in ids:
            yield problem(("aliases", old), f"{old!r} is the id of an item")
    for item in loaded.items:
        section_link = item.model.links.section
        if section_link is not None and section_link not in sections:
            yield item.problem(("links", "section"), f"unknown section {section_link!r}")
