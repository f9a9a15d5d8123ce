"""`studyapp log verify [--rebuild]` and `studyapp log merge FILE`."""

from __future__ import annotations

import click

from studyapp.commands.common import Place, common_options, example


@click.group(epilog=example("studyapp log verify --rebuild"))
def command() -> None:
    """The append-only event log, which is the truth about your learning."""


@command.command(epilog=example("studyapp log verify"))
@click.option("--rebuild", is_flag=True, help="Rebuild the schedule and all counts from the log.")
@common_options
def verify(place: Place, rebuild: bool) -> int:
    """Check the hash chain, and that the schedule is what the log says. Exit code 1 where it is not."""
    with place.study() as study:
        report = study.verify_log(rebuild=rebuild)
    lines = [f"{report['events']} events of {report['devices']} device(s)"]
    lines += [f"problem: {p}" for p in report["problems"]] or ["the chain is whole and the schedule is what the log says"]
    if rebuild:
        lines.append("rebuilt from the log" + (": nothing changed" if not report["changed"] else ": the schedule was corrected"))
    place.emit(report, "\n".join(lines))
    return 1 if report["problems"] else 0


@command.command(epilog=example("studyapp log merge other-laptop.jsonl"))
@click.argument("file")
@common_options
def merge(place: Place, file: str) -> None:
    """Merge the history of another machine (a file of `studyapp export --to jsonl`)."""
    with place.study() as study:
        report = study.import_events(file)
    place.emit(report, f"{report['added']} events added, {report['known']} were here already")
