"""`studyapp grade`: free text by key points, one answer to an item, or lines of JSON on questions it has never seen."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from studyapp.commands.common import Place, common_options, example

if TYPE_CHECKING:
    from studyapp.api.grading import Judged
    from studyapp.study.grading.free.contract import Question

MARK = {"found": "✓", "unsure": "?", "missed": "·"}


@click.command(
    epilog=example('studyapp grade --item sc-why-patches "a pixel alone means nothing, and one token a pixel would cost too much"')
)
@click.argument("answer", required=False)
@click.option("--item", metavar="ID", help="Grade ANSWER (or standard input) as an answer to this item; nothing is recorded.")
@click.option("--batch", metavar="FILE|-", help="JSON lines: {question, reference, key_points, anti_points?, answer}; a line out for each.")
@click.option("--judge", metavar="JUDGE", default="default", help="default (offline), embed:<dir>, openai:<url>#<model>.")
@common_options
def command(place: Place, answer: str | None, item: str | None, batch: str | None, judge: str) -> int:
    """Which key points a free answer says, whether it has an error, and a verdict: correct, partial or incorrect.

    A line of a batch that cannot be read gives {error}, the rest is graded, and the exit code is 2.

    A judge other than the default is named on the result, and where it has no verdict the default grades, with a notice. The key of an
    endpoint comes from the environment: STUDYAPP_JUDGE_KEY or OPENAI_API_KEY. More: studyapp help judges
    """
    if (item is None) == (batch is None):
        raise click.UsageError("give either --item ID or --batch FILE")
    if batch is not None:
        if answer is not None:
            raise click.UsageError("the answers of a batch stand in its lines")
        return _batch(batch, judge)
    assert item is not None
    return _one(place, item, answer, judge)


def _batch(path: str, spec: str) -> int:
    from studyapp.api.grading import Panel
    from studyapp.errors import BadInput
    from studyapp.study.grading.free.batch import as_line, parse_line
    from studyapp.study.grading.free.grade import ready

    failed = 0
    told = ""
    with Panel() as panel:
        panel.seat(spec)  # a bad spec is told before anything is read
        panel.warm(spec)
        ready()  # the word tables, so that no line pays for them
        for number, line in _lines(path):
            try:
                question, answer = parse_line(line)
            except BadInput as error:
                failed += 1
                click.echo(json.dumps({"error": f"line {number}: {error}"}))
                continue
            start = time.perf_counter()
            judged = panel.grade(spec, question, answer)
            if judged.notice and judged.notice != told:
                told = judged.notice
                click.echo(f"studyapp: line {number}: {told}", err=True)
            out = as_line(judged.graded, time.perf_counter() - start)
            asked = {} if spec == "default" else {"judge": judged.judge, "notice": judged.notice or None}
            click.echo(json.dumps(out | asked))
    if failed:
        click.echo(f"studyapp: {failed} line(s) of {path} could not be read", err=True)
    return 2 if failed else 0


def _lines(path: str) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, one by one as they come, with their numbers; bytes, so that a bad one spoils no other."""
    from studyapp.errors import BadInput

    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb") as lines:
            yield from ((n, line) for n, line in enumerate(lines, 1) if line.strip())
    except OSError as error:
        raise BadInput(f"{path}: {os.strerror(error.errno or 0)}") from None


def _one(place: Place, name: str, answer: str | None, spec: str) -> int:
    from studyapp.api.grading import Panel
    from studyapp.errors import BadInput
    from studyapp.study.grading.free.batch import question_of

    with place.study() as study:
        item = study.desk.item(study.resolve(name))
    if item.kind != "explain":
        raise BadInput(f"{item.key} is a {item.kind} item; only explain items are graded as free text")
    question = question_of(item.body)
    if answer is None:
        answer = sys.stdin.buffer.read().decode("utf-8", "replace")
    with Panel() as panel:
        judged = panel.grade(spec, question, answer)
    document = _document(item.key, question, answer, judged)
    place.emit(document, lambda: _text(document))
    return 0


def _document(key: str, question: Question, answer: str, judged: Judged) -> dict[str, Any]:
    graded = judged.graded
    states = zip(question.points, graded.points, strict=True)
    return {
        "item": key,
        "judge": judged.judge,
        "notice": judged.notice or None,
        "verdict": graded.verdict,
        "confidence": graded.confidence,
        "points": [
            {
                "text": point.text,
                "indispensable": point.indispensable,
                "state": found.state,
                "probability": found.probability,
                "span": found.span,
                "quote": answer[slice(*found.span)] if found.span else None,
            }
            for point, found in states
        ],
        "suspicions": [{"text": s.text, "probability": s.probability, "span": s.span} for s in graded.suspicions],
    }


def _text(document: dict[str, Any]) -> str:
    from studyapp.course.text import safe_text

    lines = [f"{document['verdict']} (confidence {document['confidence']:.0%}, judge: {document['judge']})", ""]
    for point in document["points"]:
        lines.append(f"{MARK[point['state']]} {point['text']}" + ("" if point["indispensable"] else "  (optional)"))
        if point["quote"] is not None:
            lines.append(f"    in yours: {' '.join(point['quote'].split())}")
    for suspicion in document["suspicions"]:
        lines += ["", f"Did you mean: {suspicion['text']}"]
    if document["notice"]:
        lines += ["", document["notice"]]
    return "\n".join(safe_text(line) for line in lines)
