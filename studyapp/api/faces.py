"""The two sides of any card, its hints and its judge: course items by the course and study rooms, lab cards by their lab, and two
answers to be told apart (a contrast) by contrast.py. `stored` finds the run of a lab that a card asks about."""

from __future__ import annotations

from typing import Any

from studyapp.course import view
from studyapp.course.draws import Draw
from studyapp.course.items import Item
from studyapp.course.view import Reveal, Shown
from studyapp.store.lab_runs import Stored
from studyapp.study.grading import Judgement, judge, parse_value
from studyapp.study.hints import Hint, hints_of

LAB, CONTRAST = "lab", "contrast"


def show(item: Item, draw: Draw, stored: Stored) -> Shown:
    """The front."""
    if CONTRAST in draw.asks:
        from studyapp.api.contrast import contrast_shown

        return contrast_shown(item, draw, stored)
    if item.kind == LAB:
        from studyapp.api.lab_cards import lab_shown

        return lab_shown(item, draw, stored)
    return view.show(item, draw)


def reveal(item: Item, draw: Draw, stored: Stored) -> Reveal:
    """The back."""
    if CONTRAST in draw.asks:
        from studyapp.api.contrast import contrast_reveal

        return contrast_reveal(item, draw, stored)
    if item.kind == LAB:
        from studyapp.api.lab_cards import lab_reveal

        return lab_reveal(item, draw, stored)
    return view.reveal(item, draw)


def hints(item: Item, draw: Draw, stored: Stored) -> tuple[Hint, ...]:
    """The hint ladder; of two answers there is nothing to hint at."""
    if CONTRAST in draw.asks:
        return ()
    if item.kind == LAB:
        from studyapp.api.lab_cards import lab_hints

        return lab_hints(item, draw, stored)
    return hints_of(item, draw)


def judged(item: Item, draw: Draw, value: Any, stored: Stored) -> Judgement:
    """The judgement of a value in the form of an answers file; BadInput where it is not of the form that is asked for."""
    if CONTRAST in draw.asks:
        from studyapp.api.contrast import contrast_judge

        return contrast_judge(item, draw, value, stored)
    if item.kind == LAB:
        from studyapp.api.lab_cards import lab_judge

        return lab_judge(item, draw, value, stored)
    return judge(item, draw, value)


def typed(item: Item, draw: Draw, text: str) -> Any:
    """The value that a typed text stands for."""
    if CONTRAST in draw.asks:
        return text.strip().lower()
    if item.kind == LAB:
        import json

        try:
            return json.loads(text)
        except ValueError:
            return text
    return parse_value(item, text)
