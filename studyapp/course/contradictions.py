"""Items that contradict themselves: one answer that would be judged in two ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from studyapp.course.cloze import blanks
from studyapp.course.marked_yaml import DataPath
from studyapp.course.problems import Problem
from studyapp.course.schema import Case, Cloze

if TYPE_CHECKING:
    from studyapp.course.load import LoadedCourse


def check_contradictions(loaded: LoadedCourse) -> list[Problem]:
    """Wrong answers that are accepted, right ones that count for two members, options that read the same, repairs that change nothing."""
    found = []
    for item in loaded.items:
        model: Any = item.model
        prefix: DataPath = ("then",) if isinstance(model, Case) else ()
        part: Any = model.then if isinstance(model, Case) else model
        found += [item.problem((*prefix, *path), message) for path, message in _complaints(part, model.ask or "")]
    return found


def same(text: str) -> str:
    """A form as compared here: case and spacing do not matter."""
    return " ".join(text.casefold().split())


def _complaints(part: Any, ask: str) -> Iterator[tuple[DataPath, str]]:
    accepted = {same(form) for form in accepted_forms(part)}
    for index, form in enumerate(getattr(part, "near", ())):
        if same(form) in accepted:
            yield ("near", index), f"{form!r} is also accepted as right"
    for index, trap in enumerate(getattr(part, "traps", ())):
        if same(getattr(trap, "when", "")) in accepted:
            yield ("traps", index, "when"), f"{trap.when!r} is also accepted as right"
    for index, form in enumerate(getattr(part, "repair", ())):
        if same(form).rstrip(".") == same(ask).rstrip("."):
            yield ("repair", index), "the repaired statement reads the same as the false one"
    seen: dict[str, str] = {}
    for index, member in enumerate(getattr(part, "members", ())):
        for form in member.accept:
            if seen.setdefault(same(form), member.id) != member.id:
                yield ("members", index, "accept"), f"{form!r} is also accepted for {seen[same(form)]!r}"
    texts: dict[str, str] = {}
    for name in ("options", "steps"):
        for index, option in enumerate(getattr(part, name, ())):
            if texts.setdefault(same(option.text), option.id) != option.id:
                yield (name, index, "text"), f"reads the same as {texts[same(option.text)]!r}"


def accepted_forms(part: Any) -> list[str]:
    """Every wording that is right for an answer which is typed."""
    if isinstance(part, Cloze):
        return [form for blank in blanks(part.ask) for form in blank]
    members = [form for member in getattr(part, "members", ()) for form in member.accept]
    return [*getattr(part, "accept", ()), *members]
