"""Free text in the session line by line: what a judge found in it, and the questions that only the learner can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studyapp.course.blocks import plain_text
from studyapp.course.text import safe_text

if TYPE_CHECKING:
    from studyapp.api.views import RevealView
    from studyapp.commands.plain import PlainSession
    from studyapp.study.grading import Reading

VERDICTS = {"right": "RIGHT", "partial": "PARTLY RIGHT", "wrong": "NOT FOUND IN IT"}


def meant(session: PlainSession) -> RevealView:
    """A misspelt answer: whether it was meant as what it is near to."""
    forms = " and ".join(safe_text(form) for form in session.run.asked)
    return session.run.meant(_yes(session, f"Close. Did you mean {forms}? y or n: ") is True)


def found(session: PlainSession, revealed: RevealView, reading: Reading) -> None:
    """What a judge found, point by point; then its doubt, and what the learner ticks or unticks."""
    points, write = revealed.judgement.points, session.write
    if reading.judge != "default":
        write(f"read by {safe_text(reading.judge)}")
    if reading.notice:
        write(safe_text(reading.notice))
    for number, (point, mark) in enumerate(zip(points, reading.marks, strict=True), 1):
        told = ", as you decided before" if mark.before is not None else ""
        needed = " (indispensable)" if point.indispensable else ""
        write(f"  {number}) {mark.shown}{told}: {plain_text(point.text)}{needed}")
        if mark.span and mark.shown != "missed":
            write(f'     in yours: "{safe_text(" ".join(reading.text[slice(*mark.span)].split()))}"')
    _doubt(session, reading)
    for number in _numbers(session, len(points)):
        point = points[number - 1]
        session.run.tick(point.id, not point.found)
    now = session.run.revealed
    if now is not None and now.judgement.outcome is not revealed.judgement.outcome:
        write(VERDICTS[now.judgement.outcome.value])


def _doubt(session: PlainSession, reading: Reading) -> None:
    doubt = reading.doubt
    if doubt is not None and doubt.said is None:
        said = _yes(session, f"{safe_text(doubt.question)} y or n, or Enter: ", may_stay_open=True)
        if said is not None:
            session.run.settle(said)
    elif doubt is not None and doubt.before:
        session.write(f"{safe_text(doubt.question)} no, as you decided before")


def _numbers(session: PlainSession, count: int) -> list[int]:
    while True:
        words = session.read_or_leave("numbers to tick or untick, or Enter: ").replace(",", " ").split()
        if all(word.isascii() and word.isdigit() and 1 <= int(word) <= count for word in words):
            return [int(word) for word in words]
        session.write(f"give numbers from 1 to {count}")


def _yes(session: PlainSession, prompt: str, may_stay_open: bool = False) -> bool | None:
    """Yes or no; None for neither, where the question may stay open."""
    while True:
        word = session.read_or_leave(prompt).strip().lower()
        if word in ("y", "yes", "n", "no"):
            return word[0] == "y"
        if may_stay_open and not word:
            return None
        session.write("give y or n")
