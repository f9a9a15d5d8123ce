"""Answers in their JSON form as a learner reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studyapp.course.view import Shown


def said(value: Any, shown: Shown) -> list[str]:
    """What was answered, a line each: the texts of options and steps in place of their ids. Empty when nothing was given."""
    if value is None or value == "" or value == []:
        return []
    texts = dict(shown.options) | dict(shown.steps)
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, dict):
        repair = value.get("repair")
        return [*said(value.get("value"), shown), *([str(repair)] if repair else [])]
    if isinstance(value, list | tuple):
        return [texts.get(str(part), str(part)) for part in value]
    if isinstance(value, str):
        return [texts.get(value, value)]
    return [f"{value:,}" if isinstance(value, int) else f"{value:g}"]
