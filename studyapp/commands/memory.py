"""`studyapp memory --batch FILE|-`: the memory model on review histories, one JSON line in, one out."""

from __future__ import annotations

import json

import click

from studyapp.commands.common import example, read_lines


@click.command(epilog=example('echo \'{"history": [[0, 3], [5, 3]], "elapsed": 5, "last_ivl": 5}\' | studyapp memory --batch -'))
@click.option(
    "--batch", metavar="FILE|-", required=True, help="JSON lines: {history: [[days_since_previous, rating 1-4], ...], elapsed, last_ivl}."
)
@click.option("--json", "as_json", is_flag=True, help="The output is JSON lines in any case.")
def command(batch: str, as_json: bool) -> int:
    """FSRS-6 with default parameters and fuzz off: {s, d, hard_good_easy} a line.

    A line that cannot be read gives {error}, and exit code 2 at the end.
    """
    from studyapp.errors import BadInput
    from studyapp.memory.batch import memory_line

    failed = 0
    for number, line in read_lines(batch):
        try:
            out = memory_line(json.loads(line))
        except (ValueError, RecursionError, BadInput) as error:  # JSONDecodeError is a ValueError
            out, failed = {"error": f"line {number}: {error}"}, failed + 1
        click.echo(json.dumps(out))
    if failed:
        click.echo(f"studyapp: {failed} line(s) of {batch} could not be read", err=True)
    return 2 if failed else 0
