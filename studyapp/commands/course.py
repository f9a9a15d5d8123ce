"""`studyapp course check|list|coverage|schema|new|renamed`: for authors."""

from __future__ import annotations

from pathlib import Path

import click

from studyapp.commands.common import Place, common_options, example


@click.group(epilog=example("studyapp course check content/week-13"))
def command() -> None:
    """Courses: check, list, coverage, schema, new, renamed."""


@command.command(epilog=example("studyapp course check content/week-13"))
@click.argument("directory", type=click.Path(path_type=Path), required=False)
@click.option("--strict", is_flag=True, help="Warnings fail the check as well.")
@common_options
def check(place: Place, directory: Path | None, strict: bool) -> int:
    """Every mistake of a course in one go, with file, line and field. Exit code 1 where there is an error."""
    from studyapp.api.authoring import check_course

    report = check_course(directory, place.home)
    lines = report.pop("lines")
    place.emit(report, "\n".join(lines))
    return 1 if report["errors"] or (strict and report["warnings"]) else 0


@command.command("list", epilog=example("studyapp course list --json"))
@click.argument("directory", type=click.Path(path_type=Path), required=False)
@common_options
def list_(place: Place, directory: Path | None) -> None:
    """The courses and their items."""
    from studyapp.api.authoring import list_courses

    document = list_courses(directory, place.home)
    lines = []
    for course in document["courses"]:
        lines.append(f"{course['id']}  {course['title']}  ({course['items']} items, {course['directory']})")
    lines += [f"broken: {row['source']}: {row['reason']}" for row in document["broken"]]
    place.emit(document, "\n".join(lines))


@command.command(epilog=example("studyapp course coverage content/week-13"))
@click.argument("directory", type=click.Path(path_type=Path), required=False)
@common_options
def coverage(place: Place, directory: Path | None) -> int:
    """Which facts the items test. Exit code 1 where a core fact is missing."""
    from studyapp.api.authoring import course_coverage

    document = course_coverage(directory, place.home)
    text = "\n".join(f"{name}: {', '.join(v) if isinstance(v, list) else v}" for name, v in document.items())
    place.emit(document, text)
    return 1 if document["missing"] or document["unknown"] else 0


@command.command(epilog=example("studyapp course schema > course.schema.json"))
@click.option("--json", "as_json", is_flag=True, help="It is JSON in any case.")
def schema(as_json: bool) -> None:
    """The JSON Schema of the course files, for an editor."""
    from studyapp.api.authoring import course_schema

    click.echo(course_schema())


@command.command(epilog=example("studyapp course new my-course"))
@click.argument("directory", type=click.Path(path_type=Path))
@common_options
def new(place: Place, directory: Path) -> None:
    """A new course of three items to start from."""
    from studyapp.api.authoring import new_course

    files = new_course(directory)
    place.emit({"files": [str(f) for f in files]}, "\n".join(str(f) for f in files))


@command.command(epilog=example("studyapp course renamed --accept own:old-name own:new-name"))
@click.option("--accept", nargs=2, metavar="OLD NEW", help="It is the same card: its history goes to the new id.")
@common_options
def renamed(place: Place, accept: tuple[str, str] | None) -> None:
    """Cards that are gone although you learned them, each with a new card that is like it."""
    with place.study() as study:
        if accept:
            done = study.accept_rename(*accept)
            place.emit(done, f"{done['new']} has the history of {done['old']} ({done['reviews']} reviews)")
            return
        pairs = study.renamed()
    lines = [
        f"{pair['old']} -> {pair['new']}  ({pair['similarity']:.0%} alike, {pair['reviews']} reviews)\n"
        f"    {pair['old_ask']}\n    {pair['new_ask']}"
        for pair in pairs
    ]
    place.emit({"pairs": pairs}, "\n".join(lines) or "no card looks renamed")
