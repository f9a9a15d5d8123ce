"""`studyapp stats`, `readiness`, `forecast`: where the learner stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from studyapp.commands.common import Place, common_options, count, example
from studyapp.course.text import safe_text


@click.command("stats", epilog=example("studyapp stats --json"))
@common_options
def stats_command(place: Place) -> None:
    """Answers, retention, streak, and the strength of each section."""
    with place.study() as study:
        document = study.stats()
    place.emit(document, lambda: _stats_text(document))


@click.command("readiness", epilog=example("studyapp readiness"))
@common_options
def readiness_command(place: Place) -> None:
    """The four ideas of the hand-off: which are automatic yet, and what is missing."""
    with place.study() as study:
        document = study.readiness()
    place.emit(document, lambda: _readiness_text(document))


@click.command("forecast", epilog=example("studyapp forecast --days 14"))
@click.option("--days", type=click.IntRange(1, 365), default=14, show_default=True)
@common_options
def forecast_command(place: Place, days: int) -> None:
    """Reviews that wait in the coming days, if you keep up."""
    with place.study() as study:
        document = study.forecast(days)
    most = max([row["reviews"] for row in document["days"]] or [0]) or 1
    lines = [f"{row['date']}  {row['reviews']:4d}  {'█' * round(30 * row['reviews'] / most)}" for row in document["days"]]
    place.emit(document, "\n".join(lines))


def _stats_text(document: Mapping[str, Any]) -> str:
    lines = [
        f"{count(document['answers'], 'answer')} on {count(document['days_studied'], 'day')}, "
        + f"{count(document['minutes'], 'minute')} in all",
        f"streak {count(document['streak'], 'day')}" + (f" ({document['streak_note']})" if document["streak_note"] else ""),
        f"today {count(document['today']['answers'], 'answer')}, {document['today']['new']} new",
    ]
    if document["retention"] is not None:
        lines.append(f"recalled {document['retention']:.0%} of {document['reviews']} reviews (aim {document['retention_goal']:.0%})")
    if document["brier"] is not None:
        lines.append(f"calibration: Brier score {document['brier']:.2f} over {document['forecasts']} answers with a confidence")
    lines.append("")
    course = ""
    for row in document["sections"]:
        if row["course"] != course:
            course = row["course"]
            lines.append(course)
        strength = "  -  " if row["strength"] is None else f"{row['strength']:4.0%} "
        lines.append(f"{row['number']:>12}  {strength} {row['started']:3d}/{row['items']:<3d} {row['title']}")
    if document["misconceptions"]:
        lines.append("")
        lines += [safe_text(row["said"]) for row in document["misconceptions"]]
    return "\n".join(lines)


def _readiness_text(document: Mapping[str, Any]) -> str:
    lines = []
    for idea in document["ideas"]:
        lines.append(f"[{'x' if idea['met'] else ' '}] {idea['title']}  (recall now {idea['retrievability']:.0%})")
        lines += [f"      {missing}" for missing in idea["missing"]]
    if document["reread"]:
        lines.append("to reread in the companion explainer: " + ", ".join(document["reread"]))
    return "\n".join(lines)
