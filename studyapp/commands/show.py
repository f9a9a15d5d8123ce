"""`studyapp next` and `studyapp show`: an item as the learner would see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from studyapp.commands.common import Place, common_options, example


@click.command("next", epilog=example("studyapp next --json"))
@click.option("--section", metavar="N", help="Only this section.")
@common_options
def next_command(place: Place, section: str | None) -> None:
    """The next due item, as the learner would see it."""
    with place.study() as study:
        document = study.next_item(section)
        if document is None:
            due = study.due()
            text = f"nothing is due; the next card comes {due.next_due}" if due.next_due else "nothing is due"
            place.emit({"item": None, "next_due": due.next_due}, text)
            return
    place.emit(document, lambda: as_text(document))


@click.command("show", epilog=example("studyapp show patch-token --reveal"))
@click.argument("item")
@click.option("--reveal", is_flag=True, help="The answer and the reason as well.")
@common_options
def show_command(place: Place, item: str, reveal: bool) -> None:
    """One item as the learner would see it: what it asks, its options, its draw of numbers."""
    with place.study() as study:
        document = study.show(item, reveal=reveal)
    place.emit(document, lambda: as_text(document))


def as_text(document: Mapping[str, Any]) -> str:
    """An item document (of `show --json`) for people."""
    lines = [f"{document['item']} · {document['kind']}", "", document["ask"]]
    for option in document.get("options") or document.get("steps") or []:
        lines.append(f"  {option['id']}) {option['text']}")
    if document.get("shown"):
        lines.append("  " + " → ".join(document["shown"]))
    if document.get("slots"):
        lines.append(f"  ({document['slots']} answers)")
    if document.get("sides"):
        lines.append("  " + " | ".join(document["sides"]))
    if "answer" in document:
        lines += ["", f"Answer: {document['answer']}", "", document.get("why", "")]
    return "\n".join(lines).rstrip()
