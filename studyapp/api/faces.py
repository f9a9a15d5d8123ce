"""The two sides of any card, its hints and its judge: course items by the course and study rooms, lab cards by their lab."""

from __future__ import annotations

from typing import Any

from studyapp.course import view
from studyapp.course.draws import Draw
from studyapp.course.items import Item
from studyapp.course.view import Reveal, Shown
from studyapp.study.grading import Judgement, judge, parse_value
from studyapp.study.hints import Hint, hints_of

LAB = "lab"


def show(item: Item, draw: Draw) -> Shown:
    """The front."""
    if item.kind == LAB:
        from studyapp.api.lab_cards import lab_shown

        return lab_shown(item, draw)
    return view.show(item, draw)


def reveal(item: Item, draw: Draw) -> Reveal:
    """The back."""
    if item.kind == LAB:
        from studyapp.api.lab_cards import lab_reveal

        return lab_reveal(item, draw)
    return view.reveal(item, draw)


def hints(item: Item, draw: Draw) -> tuple[Hint, ...]:
    """The hint ladder."""
    if item.kind == LAB:
        from studyapp.api.lab_cards import lab_hints

        return lab_hints(item, draw)
    return hints_of(item, draw)


def judged(item: Item, draw: Draw, value: Any) -> Judgement:
    """The judgement of a value in the form of an answers file; BadInput where it is not of the form that is asked for."""
    if item.kind == LAB:
        from studyapp.api.lab_cards import lab_judge

        return lab_judge(item, draw, value)
    return judge(item, draw, value)


def typed(item: Item, draw: Draw, text: str) -> Any:
    """The value that a typed text stands for."""
    if item.kind == LAB:
        import json

        try:
            return json.loads(text)
        except ValueError:
            return text
    return parse_value(item, text)
