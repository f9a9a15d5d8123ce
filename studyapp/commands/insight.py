"""`studyapp misconceptions`, `calibration`, `mastery`: what the learner believes, how surely, and what they hold by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from studyapp.commands.common import Place, common_options, count, example
from studyapp.course.text import safe_text

CELLS = 40


@click.command("misconceptions", epilog=example("studyapp misconceptions --json"))
@common_options
def misconceptions_command(place: Place) -> None:
    """The misconceptions seen in cards, quizzes and labs: how often, when last, how often beaten since, and where."""
    with place.study() as study:
        rows = study.misconceptions()
    place.emit({"misconceptions": rows}, "\n".join(_misconception_text(row) for row in rows) or "no misconception was seen yet")


@click.command("calibration", epilog=example("studyapp calibration"))
@common_options
def calibration_command(place: Place) -> None:
    """How sure you said you were, against how often you were right: Brier score and reliability, of all answers and of lab forecasts."""
    with place.study() as study:
        document = study.calibration()
    place.emit(document, lambda: _calibration_text(document))


@click.command("mastery", epilog=example("studyapp mastery --json"))
@common_options
def mastery_command(place: Place) -> None:
    """The concepts that labs have asked for: mastered when their cards are stable and fresh seeds were right on two days."""
    with place.study() as study:
        rows = study.mastery()
    place.emit({"concepts": rows}, "\n".join(_mastery_text(row) for row in rows) or "no lab was played yet")


def _misconception_text(row: Mapping[str, Any]) -> str:
    return "\n".join([safe_text(row["said"]), *(f"    {safe_text(found['ask'])}" for found in row["places"][:3])])


def _calibration_text(document: Mapping[str, Any]) -> str:
    parts = [_part(name, document[key]) for name, key in (("all answers", "all"), ("forecasts in labs", "forecasts"))]
    return "\n\n".join(part for part in parts if part) or "no answer was given with a confidence yet"


def _part(name: str, found: Mapping[str, Any]) -> str:
    if not found["answers"]:
        return ""
    head = f"{name}: Brier score {found['brier']:.2f} over {count(found['answers'], 'answer')} (0 is perfect, always saying 50% gives 0.25)"
    return "\n".join([head, *_lines(found["bins"])])


def _lines(bins: Sequence[Mapping[str, Any]]) -> list[str]:
    """One line a fifth: how sure, a bar of how often right with a mark where it should end."""
    lines = []
    for row in bins:
        bar = "█" * round(CELLS * row["right"])
        at = min(CELLS - 1, round(CELLS * row["confidence"]))
        cells = f"{bar:<{CELLS}}"
        lines.append(f"  said {row['confidence']:4.0%}  right {row['right']:4.0%}  {cells[:at]}|{cells[at + 1 :]}  {row['answers']}")
    return lines


def _mastery_text(row: Mapping[str, Any]) -> str:
    held = "" if row["stability"] is None else f"  (weakest card: {row['stability']:.0f} days)"
    missing = f"\n      {row['missing']}" if row["missing"] else ""
    return f"[{'x' if row['mastered'] else ' '}] {safe_text(row['concept'])}{held}{missing}"
