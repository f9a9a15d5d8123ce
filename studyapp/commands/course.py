"""`studyapp course check|list|coverage|schema|new|disputes|renamed`: for authors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from studyapp.commands.common import Place, common_options, count, example
from studyapp.course.text import safe_text
from studyapp.errors import BadInput


@click.group(epilog=example("studyapp course check content/week-13"))
def command() -> None:
    """Courses: check, list, coverage, schema, new, disputes, renamed."""


@command.command(epilog=example("studyapp course check content/week-13"))
@click.argument("directory", type=click.Path(path_type=Path), required=False)
@click.option("--strict", is_flag=True, help="Warnings fail the check as well.")
@click.option("--all", "every", is_flag=True, help="Show every problem, not the first 20.")
@click.option("--published", is_flag=True, help="Hold a deck of your own cards to the rules for published courses too.")
@click.option("--rules", is_flag=True, help="List the rules instead of checking a course.")
@click.option("--lab", "labs", multiple=True, metavar="LAB", help="Hold a lab to the contract as well; all = every installed lab.")
@click.option("--seeds", type=click.IntRange(1, 10_000), default=200, show_default=True, help="Instances of a lab to look at.")
@common_options
def check(
    place: Place, directory: Path | None, strict: bool, every: bool, published: bool, rules: bool, labs: tuple[str, ...], seeds: int
) -> int:
    """Every mistake of a course in one go, with file, line, field, what to do, and in brackets the rule that found it.

    Exit code 1 where there is an error. A folder without facts.yaml and pages is a deck of your own: its short cards
    need no reason and no source. Where a rule is wrong about a line, write "# check: allow RULE" at its end or above it.

    With --lab the twelve properties of the lab contract are tested on real runs, which takes a minute or two a lab;
    without a folder nothing else is checked.
    """
    from studyapp.api.authoring import check_course, check_labs, check_rules

    if rules:
        listed = check_rules()
        place.emit({"rules": listed}, "\n".join(map(_rule_text, listed)))
        return 0
    report: dict[str, Any] = {}
    if directory is not None or not labs:
        report = check_course(directory, place.home, published, shown=1_000_000 if every else 20)
    lines = report.pop("lines", [])
    failed = bool(report) and bool(report["errors"] or (strict and report["warnings"]))
    if labs:
        report["labs"] = check_labs(labs, seeds, lambda line: click.echo(safe_text(line), err=True))
        lines += [_lab_text(row) for row in report["labs"]]
        failed = failed or not all(row["ok"] for row in report["labs"])
    place.emit(report, "\n".join(lines))
    return 1 if failed else 0


def _lab_text(row: Mapping[str, Any]) -> str:
    broken = [str(found["property"]) for found in row["findings"] if not found["ok"]]
    seconds = sum(found["seconds"] for found in row["findings"])
    if row["reason"]:
        return safe_text(f"lab {row['lab']}: {row['reason']}")
    return f"lab {row['lab']}: " + (f"breaks {', '.join(broken)}" if broken else f"conforms ({seconds:.0f} s)")


def _rule_text(rule: Mapping[str, Any]) -> str:
    held = "an error" if rule["level"] == "error" else "" if rule["own_cards"] else "published courses only"
    advice = f"\n    {rule['advice']}." if rule["advice"] else ""
    return f"{rule['rule']}{f' ({held})' if held else ''}: {rule['wants']}{advice}"


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
@click.option("--lab", is_flag=True, help="A new lab instead: a question, a code task, a trap, a mutant, in a package of its own.")
@common_options
def new(place: Place, directory: Path, lab: bool) -> None:
    """A new course of three items to start from, or a new lab."""
    from studyapp.api.authoring import new_course, new_lab

    files = new_lab(directory) if lab else new_course(directory)
    place.emit({"files": [str(f) for f in files]}, "\n".join(str(f) for f in files))


@command.command(epilog=example("studyapp course disputes content/week-13"))
@click.argument("directory", type=click.Path(path_type=Path), required=False)
@common_options
def disputes(place: Place, directory: Path | None) -> None:
    """Wordings of free text that you decided otherwise than was proposed: what an author could add as an alias, or make plainer."""
    with place.study() as study:
        found = study.disputes(directory)
    place.emit({"disputes": found}, "\n".join(_dispute_text(row) for row in found) or "no proposal was decided otherwise")


def _dispute_text(row: Mapping[str, Any]) -> str:
    what = f"{row['about']}: {row['point']}" if row["point"] else str(row["about"])
    lines = [row["item"], f"  {what}", f"  {row['proposed']} -> {row['decided']}", f'  "{" ".join(row["wording"].split())}"']
    return "\n".join(safe_text(line) for line in lines)


@command.command(
    epilog=example(
        "studyapp course renamed --accept own:old-name own:new-name\n         studyapp course renamed --reject own:old-name own:other-card"
    )
)
@click.option("--accept", nargs=2, metavar="OLD NEW", help="It is the same card: its history goes to the new id.")
@click.option("--reject", nargs=2, metavar="OLD NEW", help="They are two cards: you are not asked again.")
@common_options
def renamed(place: Place, accept: tuple[str, str] | None, reject: tuple[str, str] | None) -> None:
    """Cards that are gone although you learned them, each with a new card that is like it. The app asks the same on its home screen."""
    if accept and reject:
        raise BadInput("give either --accept or --reject")
    with place.study() as study:
        if accept:
            done = study.accept_rename(*accept)
            place.emit(done, f"{done['new']} has the history of {done['old']} ({count(done['reviews'], 'review')})")
            return
        if reject:
            done = study.reject_rename(*reject)
            place.emit(done, f"{done['old']} and {done['new']} are two cards: you are not asked again")
            return
        pairs = study.renamed()
    lines = [
        f"{pair['old']} -> {pair['new']}  ({pair['similarity']:.0%} alike, {count(pair['reviews'], 'review')})\n"
        f"    {pair['old_ask']}\n    {pair['new_ask']}"
        for pair in pairs
    ]
    place.emit({"pairs": pairs}, "\n".join(lines) or "no card looks renamed")
