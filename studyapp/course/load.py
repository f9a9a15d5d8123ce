"""A course directory as validated models. Reads everything before it complains, so that an author sees all errors at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studyapp.course.answers import NumberAnswer
from studyapp.course.contradictions import check_contradictions
from studyapp.course.drawcheck import check_draws
from studyapp.course.glossary import GLOSSARY_FILE, Term, read_glossary
from studyapp.course.marked_yaml import DataPath, Marked, parse_yaml, read_yaml
from studyapp.course.problems import CourseErrors, Problem, field_name, tagged
from studyapp.course.references import check_references
from studyapp.course.schema import ITEM_MODELS, AnyItemModel, Case, CourseFile, FactsFile, NumberItem, SectionEntry
from studyapp.course.validate import model_from
from studyapp.errors import BadInput

COURSE_FILE, FACTS_FILE = "course.yaml", "facts.yaml"


@dataclass(frozen=True, slots=True)
class LoadedItem:
    """One item, its section's id, and where it stands."""

    model: AnyItemModel
    section: str
    marked: Marked
    path: DataPath

    def problem(self, path: DataPath, message: str) -> Problem:
        """A problem in one of its fields."""
        return Problem(self.marked.file, self.marked.line(self.path + path), field_name(self.model.id, path), message)


@dataclass(frozen=True, slots=True)
class LoadedCourse:
    """All of a course as the author wrote it. `facts` is None where the course has no facts.yaml."""

    directory: Path
    course: CourseFile
    course_file: Marked
    items: list[LoadedItem]
    pages: dict[str, str]  # section id -> Markdown
    concepts: dict[str, str]
    declared: set[str]  # the ids of all items in the files, also of those with errors
    facts: FactsFile | None = None
    clashes: list[Problem] = field(default_factory=list)  # one concept, two labels: a warning
    facts_file: Marked | None = None
    glossary: list[Term] = field(default_factory=list)


def load_course(directory: Path) -> LoadedCourse:
    """Read and validate a course; raises CourseErrors with all problems (the text shows 20), BadInput where there is none."""
    loaded, problems = read_course(directory)
    if problems or loaded is None:
        raise CourseErrors(problems)
    return loaded


def read_course(directory: Path, planned: Mapping[Path, str] | None = None) -> tuple[LoadedCourse | None, list[Problem]]:
    """What could be read, and everything that is wrong with it. None when not even course.yaml could be used.

    `planned` holds texts of files that are about to be written: the course is read as if they stood there already.
    """
    directory = Path(directory)
    reader = _Reader(directory, planned or {})
    if not reader.is_file(directory / COURSE_FILE):
        raise BadInput(f"{directory} is not a course: it has no {COURSE_FILE} (`studyapp course new DIR` writes one)")
    loaded, problems = reader.read()
    return loaded, tagged(problems, "format")


class _Reader:
    def __init__(self, directory: Path, planned: Mapping[Path, str]) -> None:
        self.directory = directory
        self.planned = planned
        self.facts_file = directory / FACTS_FILE
        self.marked_facts: Marked | None = None
        self.problems: list[Problem] = []
        self.items: list[LoadedItem] = []
        self.concepts: dict[str, str] = {}
        self.declared: dict[str, str] = {}  # item id -> file:line
        self.clashes: list[Problem] = []
        self.pages: dict[str, str] = {}

    def is_file(self, path: Path) -> bool:
        return path in self.planned or path.is_file()

    def read_yaml(self, path: Path) -> Marked | None:
        if path in self.planned:
            return parse_yaml(self.planned[path].removeprefix("\ufeff"), str(path), self.problems)
        return read_yaml(path, str(path), self.problems)

    def read(self) -> tuple[LoadedCourse | None, list[Problem]]:
        marked = self.read_yaml(self.directory / COURSE_FILE)
        course = model_from(CourseFile, marked, self.problems) if marked else None
        facts = self.read_facts()
        if course is None or marked is None:
            for path in sorted(self.directory.glob("*.yaml")):  # their errors are worth knowing all the same
                if path.name not in (COURSE_FILE, self.facts_file.name, GLOSSARY_FILE):
                    self.read_section(path, None)
            return None, self.problems
        self.add_concepts(course.concepts, marked, ("concepts",))
        for index, section in enumerate(course.sections):
            if section.file is not None:
                self.read_section(self.directory / section.file, section, marked, ("sections", index, "file"))
            if section.page is not None:
                self.read_page(section, marked, ("sections", index, "page"))
        terms, wrong = read_glossary(self.directory, (section.id for section in course.sections))
        self.problems += wrong
        loaded = LoadedCourse(
            self.directory,
            course,
            marked,
            self.items,
            self.pages,
            self.concepts,
            set(self.declared),
            facts,
            self.clashes,
            self.marked_facts,
            terms,
        )
        self.problems += [*tagged(check_references(loaded), "reference"), *tagged(check_contradictions(loaded), "contradiction")]
        return loaded, self.problems

    def read_facts(self) -> FactsFile | None:
        if not self.facts_file.is_file():
            return None
        marked = self.marked_facts = read_yaml(self.facts_file, str(self.facts_file), self.problems)
        facts = model_from(FactsFile, marked, self.problems) if marked else None
        seen: dict[str, int] = {}
        for index, fact in enumerate(facts.entries if facts and marked else ()):
            line = marked.line(("entries", index)) if marked else 1
            if fact.id in seen:
                message = f"the fact {fact.id!r} stands twice (first on line {seen[fact.id]})"
                self.problems.append(Problem(str(self.facts_file), line, f"entries[{index}].id", message))
            seen.setdefault(fact.id, line)
        return facts

    def read_section(self, path: Path, section: SectionEntry | None, course: Marked | None = None, at: DataPath = ()) -> None:
        if course is not None and not self.inside(path, course, at):
            return
        marked = self.read_yaml(path)
        if marked is None:
            return
        if not isinstance(marked.data, dict) or not isinstance(marked.data.get("items"), list):
            self.problems.append(Problem(marked.file, 1, "items", "must be a list of items"))
            return
        for key in marked.data.keys() - {"section", "concepts", "items"}:
            self.problems.append(
                Problem(marked.file, marked.line((key,)), key, "unknown key (a section file has section, concepts and items)")
            )
        named = marked.data.get("section")
        if section is not None and named != section.id:
            expected = f"course.yaml gives this file to the section {section.id!r}"
            message = "is missing" if named is None else f"unknown section {named!r}"
            self.problems.append(Problem(marked.file, marked.line(("section",)), "section", f"{message}: {expected}"))
        self.add_concepts(marked.data.get("concepts") or {}, marked, ("concepts",))
        for index, data in enumerate(marked.data["items"]):
            self.read_item(marked, index, data, section.id if section else str(named))

    def read_item(self, marked: Marked, index: int, data: Any, section: str) -> None:
        path: DataPath = ("items", index)
        name = f"items[{index}]"
        if not isinstance(data, dict):
            self.problems.append(Problem(marked.file, marked.line(path), name, "must be a mapping (key: value)"))
            return
        if isinstance(data.get("id"), str):
            name = data["id"]
            here = f"{marked.file}:{marked.line(path)}"
            first = self.declared.setdefault(name, here)
            if first != here:
                self.problems.append(
                    Problem(marked.file, marked.line((*path, "id")), f"{name}.id", f"the id stands twice: first at {first}")
                )
        kind = data.get("kind")
        if kind not in ITEM_MODELS:
            message = "is missing" if kind is None else f"the kind {kind!r} is not one of {', '.join(ITEM_MODELS)}"
            self.problems.append(Problem(marked.file, marked.line((*path, "kind")), f"{name}.kind", message))
            return
        model = model_from(ITEM_MODELS[kind], marked, self.problems, path, name)
        if model is None:
            return
        item = LoadedItem(model, section, marked, path)
        self.items.append(item)
        self.problems += tagged((item.problem(where, message) for where, message in draw_complaints(model)), "draws")

    def read_page(self, section: SectionEntry, course: Marked, at: DataPath) -> None:
        path = self.directory / (section.page or "")
        if not self.inside(path, course, at):
            return
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            self.problems.append(Problem(str(path), 1, "", "is not UTF-8 text"))
            return
        if not text.strip():
            self.problems.append(Problem(str(path), 1, "", "the page is empty"))
        self.pages[section.id] = text.strip()

    def inside(self, path: Path, course: Marked, at: DataPath) -> bool:
        """Whether a file that course.yaml names is there, and inside the course (a course must be movable)."""
        message = ""
        if not path.resolve().is_relative_to(self.directory.resolve()):
            message = f"{path} lies outside the course"
        elif not self.is_file(path):
            message = f"there is no file {path}"
        if message:
            self.problems.append(Problem(course.file, course.line(at), field_name("", at), message))
        return not message

    def add_concepts(self, concepts: Any, marked: Marked, at: DataPath) -> None:
        if not isinstance(concepts, dict):
            self.problems.append(Problem(marked.file, marked.line(at), "concepts", "must be a mapping of id: label"))
            return
        for name, label in concepts.items():
            here = (*at, name)
            if not isinstance(label, str) or not label.strip():
                self.problems.append(Problem(marked.file, marked.line(here), field_name("", here), "must be a label, a text in quotes"))
            elif self.concepts.setdefault(name, label.strip()) != label.strip():
                message = f"has another label elsewhere: {self.concepts[name]!r}"
                self.clashes.append(Problem(marked.file, marked.line(here), field_name("", here), message))


def draw_complaints(model: AnyItemModel) -> list[tuple[DataPath, str]]:
    """Problems with the draws of a number item, also of one inside a case; none for other kinds."""
    prefix: DataPath
    answer: NumberAnswer
    if isinstance(model, NumberItem):
        prefix, answer = (), model
    elif isinstance(model, Case) and isinstance(model.then, NumberAnswer):
        prefix, answer = ("then",), model.then
    else:
        return []
    own: dict[DataPath, str | None] = {("ask",): model.ask, ("why",): model.why, ("hint",): model.hint}
    inner: dict[DataPath, str | None] = {("worked",): answer.worked}
    inner |= {("traps", index, "say"): trap.say for index, trap in enumerate(answer.traps)}
    texts = {**own, **{(*prefix, *path): text for path, text in inner.items()}}
    return [(path if path in texts else (*prefix, *path), message) for path, message in check_draws(answer, texts)]
