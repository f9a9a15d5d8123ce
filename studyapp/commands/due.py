"""`studyapp due`: how much waits. The usual forms are answered by quick.py; this one adds --help and what click says of bad use."""

from __future__ import annotations

import click

from studyapp.commands.common import Place, common_options, example
from studyapp.commands.due_text import text_of


@click.command(epilog=example("studyapp due --json"))
@click.option("--short", is_flag=True, help="Only the number that is due now.")
@common_options
def command(place: Place, short: bool) -> None:
    """How much is due now, and when the next card is."""
    with place.study() as study:
        due = study.due()
    click.echo(text_of(due, place.as_json, short))
