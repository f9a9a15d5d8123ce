"""For authors: check, list, coverage, schema, new, disputes. Works on a folder, or on the courses that the app finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.api.place import home_dir
from studyapp.errors import BadInput

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.labkit.conformance import Finding


def check_course(directory: Path | None, home: str | None, as_published: bool = False, shown: int = 20) -> dict[str, Any]:
    """Errors and warnings of a course (file, line, field, rule, message, advice), and its number of items.

    `lines` is the report for people, with at most `shown` of each. BadInput where the folder is no course.
    """
    from studyapp.course.check import check_course as check

    folder = _one_folder(directory, home)
    report = check(folder, as_published)
    return {
        "course": str(folder),
        "items": report.items,
        "ok": report.ok,
        "errors": [problem.row() for problem in report.errors],
        "warnings": [problem.row() for problem in report.warnings],
        "lines": report.lines(shown),
    }


def check_labs(names: Sequence[str], seeds: int, tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """The twelve properties of the lab contract for each of these labs ("all": every installed one): lab, ok, findings (property, says,
    ok, reason, seconds). `tell` gets a line a property as it is done. BadInput for an unknown lab; one that is broken is not ok."""
    from studyapp.labkit.conformance import examine
    from studyapp.labkit.discover import entry, listing, verified

    entries = listing() if "all" in names else [entry(name) for name in names]
    reports = []
    for found in map(verified, entries):
        findings: list[Finding] = []
        reason = found.broken
        if reason is None:
            try:
                findings = examine(found.ref, seeds=seeds, tell=lambda finding, id=found.id: tell(_finding_text(id, finding)))  # type: ignore[misc]
            except ValueError as error:  # nothing to examine it on
                reason = str(error)
        if reason is not None:
            tell(f"{found.id}: {reason}")
        rows = [{"property": f.property, "says": f.says, "ok": f.ok, "reason": f.reason, "seconds": round(f.seconds, 2)} for f in findings]
        ok = reason is None and all(finding.ok for finding in findings)
        reports.append({"lab": found.id, "ok": ok, "reason": reason or "", "findings": rows})
    return reports


def _finding_text(lab: str, finding: Finding) -> str:
    sign = "ok    " if finding.ok else "BROKEN"
    reason = f"\n         {finding.reason}" if finding.reason else ""
    return f"{lab} {finding.property:>2} {sign} {finding.says}{reason}"


def check_rules() -> list[dict[str, Any]]:
    """The rules that `course check` judges by."""
    from studyapp.course.check import rules

    return rules()


def list_courses(directory: Path | None, home: str | None) -> dict[str, Any]:
    """`course list`: every course with its items; a broken one with its reason."""
    from studyapp.course.compile import compile_course
    from studyapp.course.load import load_course
    from studyapp.course.resources import CourseDir, course_dirs

    courses, items, broken = [], [], []
    for place in [CourseDir("given", directory)] if directory else course_dirs(home_dir(home)):
        if place.broken:
            broken.append({"source": place.source, "reason": place.broken})
            continue
        try:
            info, rows = compile_course(load_course(place.path))
        except BadInput as error:
            if directory:
                raise
            broken.append({"source": str(place.path), "reason": str(error).splitlines()[0]})
            continue
        courses.append({"id": info.id, "title": info.title, "items": len(rows), "source": place.source, "directory": str(place.path)})
        items += [
            {
                "id": item.id,
                "item": item.key,
                "kind": item.kind,
                "section": item.section,
                "facts": list(item.facts),
                "spine": item.spine,
                "difficulty": item.difficulty,
                "position": item.position,
            }
            for item in rows
        ]
    return {"courses": courses, "items": items, "broken": broken}


def course_coverage(directory: Path | None, home: str | None) -> dict[str, Any]:
    """Which facts of facts.yaml the items test (keys of DESIGN section 7)."""
    from studyapp.course.check import facts_coverage
    from studyapp.course.load import load_course

    folder = _one_folder(directory, home)
    found = facts_coverage(load_course(folder))
    if found is None:
        raise BadInput(f"{folder} has no facts.yaml, so there is nothing to cover")
    return found


def course_schema() -> str:
    """The JSON Schema of the course files."""
    from studyapp.course.schema_json import schema_json

    return schema_json()


def new_course(directory: Path) -> list[Path]:
    """A skeleton of three items; BadInput where the folder is not empty."""
    from studyapp.course.new import new_course as create

    return create(directory)


def new_lab(directory: Path) -> list[Path]:
    """A lab of two tasks in a package of its own; BadInput where the folder is not empty."""
    from studyapp.labkit.new_lab import new_lab as create

    return create(directory)


def disputes(study: Study, directory: Path | None) -> list[dict[str, Any]]:
    """What the learner decided against a judge of free text, in one course or in all: item, about, point, wording, proposed, decided.

    Of several decisions on the same wording of a point the newest is listed; one that agrees with the judge after all is not.
    """
    from studyapp.store.disputes import of_course
    from studyapp.study.decided import same_wording

    course = None if directory is None else _id_of(directory)
    kept: list[dict[str, Any]] = []
    for row in of_course(study.conn, course):
        known = any(
            one["item"] == row.item and one["about"] == row.about and one["point"] == row.text and same_wording(one["wording"], row.wording)
            for one in kept
        )
        if not known:
            kept.append(
                {
                    "item": row.item,
                    "about": row.about,
                    "point": row.text,
                    "wording": row.wording,
                    "answer": row.answer,
                    "proposed": row.proposed,
                    "decided": row.decided,
                    "event": row.event,
                }
            )
    return [row for row in kept if row["proposed"] != row["decided"]]


def _id_of(directory: Path) -> str:
    """The id of the course in a folder."""
    from studyapp.course.load import load_course

    return load_course(directory).course.id


def _one_folder(directory: Path | None, home: str | None) -> Path:
    """The folder given, else the only course that is found."""
    if directory is not None:
        return directory
    from studyapp.course.resources import course_dirs

    found = [place.path for place in course_dirs(home_dir(home)) if not place.broken]
    if len(found) != 1:
        raise BadInput("name the course's folder: " + (", ".join(map(str, found)) or "none was found"))
    return found[0]
