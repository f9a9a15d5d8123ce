"""`studyapp suspend`, `unsuspend`, `flag`."""

from __future__ import annotations

import click

from studyapp.commands.common import Place, common_options, example


@click.command("suspend", epilog=example("studyapp suspend patch-token"))
@click.argument("item")
@common_options
def suspend_command(place: Place, item: str) -> None:
    """Take an item out of the schedule; its history stays."""
    with place.study() as study:
        place.emit(study.suspend(item), f"suspended: {item}")


@click.command("unsuspend", epilog=example("studyapp unsuspend patch-token"))
@click.argument("item")
@common_options
def unsuspend_command(place: Place, item: str) -> None:
    """Put a suspended item back on its schedule."""
    with place.study() as study:
        place.emit(study.unsuspend(item), f"back on the schedule: {item}")


@click.command("flag", epilog=example('studyapp flag patch-token --note "is this still true?"'))
@click.argument("item")
@click.option("--note", default="", help="What to look at.")
@common_options
def flag_command(place: Place, item: str, note: str) -> None:
    """Mark an item for a second look."""
    with place.study() as study:
        place.emit(study.flag(item, note), f"flagged: {item}")
