"""`studyapp search QUERY`."""

from __future__ import annotations

import click

from studyapp.commands.common import Place, common_options, example


@click.command(epilog=example('studyapp search "patch token"'))
@click.argument("query")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@common_options
def command(place: Place, query: str, limit: int) -> None:
    """Find items and terms of the glossary by their words, best first."""
    with place.study() as study:
        found = study.search(query, limit)
        terms = study.glossary(query)[:limit]
    lines = [*(f"{row.term}: {row.say}" for row in terms), *(f"{row['item']}  {row['ask']}" for row in found)]
    place.emit({"query": query, "found": found, "terms": [row.row() for row in terms]}, "\n".join(lines) or f"nothing found for '{query}'")
