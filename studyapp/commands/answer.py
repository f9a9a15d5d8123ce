"""`studyapp answer` and `studyapp undo`: one durable review without a user interface, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from studyapp.commands.common import Place, common_options, example
from studyapp.course.text import safe_text


@click.command("answer", epilog=example("studyapp answer patch-token --rating good"))
@click.argument("item")
@click.option("--rating", type=click.Choice(["again", "hard", "good", "easy"]), help="Rate it yourself; overrules the judge.")
@click.option("--answer", "value", metavar="VALUE", help="Let the app judge this answer (forms: studyapp help answers).")
@click.option("--draw", metavar="D", help="The draw that `next` or `show` returned; without it the pending one.")
@click.option("--confidence", type=click.IntRange(0, 100), help="How sure you were, in percent.")
@click.option("--seconds", type=click.FloatRange(0), help="How long it took.")
@click.option("--accept", is_flag=True, help="On free text: accept the proposed rating.")
@common_options
def answer_command(
    place: Place,
    item: str,
    rating: str | None,
    value: str | None,
    draw: str | None,
    confidence: int | None,
    seconds: float | None,
    accept: bool,
) -> int:
    """Record one review. Exit code 0 right or rated, 1 answered wrong."""
    with place.study() as study:
        document = study.answer(item, rating=rating, text=value, draw=draw, confidence=confidence, seconds=seconds, accept=accept)
    place.emit(document, lambda: _as_text(document))
    written = document["event"] is not None
    return 1 if written and document.get("outcome") in ("wrong", "partial") and rating is None else 0


@click.command("undo", epilog=example("studyapp undo 2"))
@click.argument("count", type=click.IntRange(1), default=1)
@common_options
def undo_command(place: Place, count: int) -> None:
    """Take back the last COUNT answers, of any session."""
    with place.study() as study:
        undone = study.undo(count)
    text = "\n".join(f"undone: {row['item']} ({row['rating'] or row['kind']})" for row in undone) or "nothing to undo"
    place.emit({"undone": undone}, text)


def _as_read(proposed: Mapping[str, Any]) -> list[str]:
    """What a judge found, point by point."""
    by = "" if proposed["judge"] == "default" else f", judge: {proposed['judge']}"
    lines = [f"{proposed['verdict']} (confidence {proposed['confidence']:.0%}{by})"]
    if proposed["notice"]:
        lines.append(proposed["notice"])
    for point in proposed["points"]:
        told = " (as you decided before)" if point["as_decided_before"] else ""
        lines.append(f"  {point['state']:<7} {point['text']}{'' if point['indispensable'] else ' (optional)'}{told}")
        if point["quote"]:
            lines.append(f'          "{" ".join(point["quote"].split())}"')
    lines += [f"did you mean: {text}" for text in proposed["misconceptions"][:1]]
    return [safe_text(line) for line in lines]


def _as_text(document: Mapping[str, Any]) -> str:
    lines = []
    outcome = document.get("outcome")
    if isinstance(document.get("proposed"), Mapping):
        lines += _as_read(document["proposed"])
        if isinstance(document["expected"], str):
            lines.append(f"answer: {document['expected']}")
    elif outcome == "self":
        lines.append(f"compare with: {document['expected']}")
        lines += [f"  - {point['text']}{' (indispensable)' if point['indispensable'] else ''}" for point in document["points"]]
    elif outcome is not None:
        lines += [f"{outcome}: {document['say']}" if document["say"] else str(outcome), f"answer: {document['expected']}"]
    if document["event"]:
        lines.append(f"{document['rating']}; back in {document['in_words']}")
    elif document["proposed"]:
        rating = document["proposed"]["rating"]
        before = ", as you decided before" if document["proposed"]["as_decided_before"] else ""
        lines.append(f"proposed: {rating}{before}; nothing is written yet: add --accept, or --rating again|hard|good|easy")
    else:
        lines.append("nothing is written yet: add --rating again|hard|good|easy")
    return "\n".join(lines)
