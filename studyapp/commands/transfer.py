"""`studyapp import FILE` and `studyapp export --to jsonl|csv FILE`."""

from __future__ import annotations

import click

from studyapp.commands.common import Place, common_options, example


@click.command("import", epilog=example("studyapp import geography.md"))
@click.argument("file")
@common_options
def import_command(place: Place, file: str) -> None:
    """Read the events of `studyapp export --to jsonl` (after a backup), or a deck of plain text into a course of your own.

    A deck has `Q:` and `A:` lines, and `C:` lines with [deletions], as in hashcards. Nothing is written twice; a card that
    you edited in the deck takes the place of its old text.
    """
    with place.study() as study:
        told = set(study.notes)
        report = study.import_file(file)
        for note in study.notes:
            if note not in told:
                click.echo(f"studyapp: {note}", err=True)
    what = f"cards added to {report['directory']}" if "course" in report else "events added"
    text = f"{report['added']} {what}, {report['known']} were here already"
    place.emit(report, text + (f", {report['replaced']} took the place of their old text" if report.get("replaced") else ""))


@click.command("export", epilog=example("studyapp export --to jsonl history.jsonl"))
@click.option("--to", "form", type=click.Choice(["jsonl", "csv"]), required=True, help="jsonl: every event, exact. csv: one line a review.")
@click.argument("file", metavar="FILE|-")
@common_options
def export_command(place: Place, form: str, file: str) -> None:
    """Write the learning history."""
    with place.study() as study:
        report = study.export(form, file)
    if file != "-":
        place.emit(report, f"{report['rows']} rows written to {file}")
