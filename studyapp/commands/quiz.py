"""`studyapp quiz`: the self-check, one section, or an exam; on the screen or line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from studyapp.commands.common import Place, common_options, example
from studyapp.errors import BadInput

if TYPE_CHECKING:
    from studyapp.api.quiz import QuizResult, QuizRun

KINDS = ("self-check", "section", "exam")


@click.command(epilog=example("studyapp quiz section 2"))
@click.argument("kind", default="self-check", metavar="[self-check|section N|exam]")
@click.argument("section", required=False)
@click.option("--minutes", type=click.FloatRange(0.1), help="Time box (an exam has one anyway).")
@click.option("--plain", is_flag=True, help="Line by line, for screen readers and pipes.")
@common_options
def command(place: Place, kind: str, section: str | None, minutes: float | None, plain: bool) -> None:
    """Check yourself. Answers on items that you have in review count once as reviews; on new ones they are practice."""
    if kind not in KINDS:
        raise BadInput(f"there is no quiz {kind!r}; there are {', '.join(KINDS)}")
    if (kind == "section") != (section is not None):
        raise BadInput("name the section: studyapp quiz section 2" if kind == "section" else f"the {kind} takes no section")
    if not plain and not place.as_json:
        from studyapp.commands.home import run_screen

        run_screen(place.home, place.now, "quiz", instead="studyapp quiz --plain", kind=kind, section=section, minutes=minutes)
        return
    from studyapp.commands.plain import PlainSession, reader, writer

    with place.study() as study:
        run = study.quiz(kind, section, minutes)
        finished = PlainSession(run, reader(), writer(place.as_json), lambda: _where(run), run.finish).play()
        if not finished:
            run.leave()
        result = run.result()
    place.emit(result.as_json(), lambda: as_text(result))


def _where(run: QuizRun) -> str:
    left = run.seconds_left
    return f"question {run.number} of {run.total}" + ("" if left is None else f", {int(left // 60)}:{int(left % 60):02d} left")


def as_text(result: QuizResult) -> str:
    """The result page in words."""
    lines = ["", f"{result.right} of {result.answered} right, {len(result.rows)} questions, {result.minutes:.0f} minutes"]
    for row in result.rows:
        lines.append(f"  {row.outcome:<8} {row.id}")
        lines += [f"           missed: {point}" for point in row.missed if row.outcome != "right"]
    if result.sections:
        lines.append("revisit: " + "; ".join(f"{title} ({name})" for name, title in result.sections))
    if result.explainer:
        lines.append("in the companion explainer: " + ", ".join(result.explainer))
    if result.labs:
        lines.append("labs: " + ", ".join(result.labs))
    return "\n".join(lines)
