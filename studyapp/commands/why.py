"""`studyapp why ITEM`: why its date is what it is, in a sentence."""

from __future__ import annotations

import click

from studyapp.commands.common import Place, common_options, example


@click.command(epilog=example("studyapp why patch-token"))
@click.argument("item")
@common_options
def command(place: Place, item: str) -> None:
    """Why an item is due when it is."""
    with place.study() as study:
        document = study.why(item)
    place.emit(document, str(document["why"]))
