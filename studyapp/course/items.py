"""What the rest of the app knows of a course at run time: plain frozen data, no YAML, no pydantic.

`schema.py` validates the author's files; `compile.py` turns them into these rows; the store keeps the rows as JSON,
so that a start with unchanged content never parses a course file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = (
    "basic",
    "cloze",
    "short",
    "choice",
    "true-false-repair",
    "order",
    "list",
    "missing",
    "contrast",
    "number",
    "explain",
    "case",
    "lab",
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to remember.

    `key` is `course:id` and carries the history. `position` is the order of introduction (spine first, then course order).
    `body` holds the author's fields of this kind as validated (DESIGN section 6): ask, why, answer, options, ...
    """

    key: str
    kind: str
    section: str
    position: int
    facts: tuple[str, ...] = ()
    siblings: frozenset[str] = frozenset()  # keys; never on the same day
    group: str | None = None  # id of its confusable group: kept apart when new, mixed in review
    spine: bool = False
    difficulty: int = 3
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def course(self) -> str:
        return self.key.partition(":")[0]

    @property
    def id(self) -> str:
        return self.key.partition(":")[2]

    def row(self) -> dict[str, Any]:
        """JSON form, as stored; `Item.from_row` reads it back."""
        return {
            "key": self.key,
            "kind": self.kind,
            "section": self.section,
            "position": self.position,
            "facts": list(self.facts),
            "siblings": sorted(self.siblings),
            "group": self.group,
            "spine": self.spine,
            "difficulty": self.difficulty,
            "body": dict(self.body),
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Item:
        return cls(
            key=row["key"],
            kind=row["kind"],
            section=row["section"],
            position=row["position"],
            facts=tuple(row["facts"]),
            siblings=frozenset(row["siblings"]),
            group=row["group"],
            spine=bool(row["spine"]),
            difficulty=row["difficulty"],
            body=row["body"],
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a course: its one-minute page (Markdown) and the explainer places that the text names for it."""

    id: str
    number: str
    title: str
    page: str = ""
    explainer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseInfo:
    """All of a course but its items: what home, quiz, readiness and pages need.

    `readiness` and `aliases` are the author's data as validated; `concepts` maps a misconception's id to its label.
    """

    id: str
    title: str
    directory: str
    ready_by: str | None = None
    sections: tuple[Section, ...] = ()
    readiness: Mapping[str, Any] = field(default_factory=dict)
    confusables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    concepts: Mapping[str, str] = field(default_factory=dict)
    labs: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)  # old key -> key
    synonyms: tuple[tuple[str, ...], ...] = ()  # groups of words that mean the same here

    def row(self) -> dict[str, Any]:
        """JSON form, as stored; `CourseInfo.from_row` reads it back."""
        return {
            "id": self.id,
            "title": self.title,
            "directory": self.directory,
            "ready_by": self.ready_by,
            "sections": [[s.id, s.number, s.title, s.page, list(s.explainer)] for s in self.sections],
            "readiness": dict(self.readiness),
            "confusables": {name: list(keys) for name, keys in self.confusables.items()},
            "concepts": dict(self.concepts),
            "labs": list(self.labs),
            "aliases": dict(self.aliases),
            "synonyms": [list(group) for group in self.synonyms],
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> CourseInfo:
        return cls(
            id=row["id"],
            title=row["title"],
            directory=row["directory"],
            ready_by=row["ready_by"],
            sections=tuple(Section(i, n, t, p, tuple(e)) for i, n, t, p, e in row["sections"]),
            readiness=row["readiness"],
            confusables={name: tuple(keys) for name, keys in row["confusables"].items()},
            concepts=row["concepts"],
            labs=tuple(row["labs"]),
            aliases=row["aliases"],
            synonyms=tuple(tuple(group) for group in row.get("synonyms", ())),
        )
