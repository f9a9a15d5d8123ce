"""The code that a lab shows, its stubs and its references, fits a terminal of 80 columns."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

import pytest

from studyapp.labkit.backends import parse_backend

ROOM = 80 - 2 * 2 - len("  ┃ ")  # within the margins, beside the bar that marks code
LABS = {entry.name: entry for entry in entry_points(group="studyapp.labs") if entry.value.startswith("labs.")}


@pytest.mark.parametrize("name", LABS)
def test_stubs_and_references_fit_80_columns(name: str) -> None:
    lab: Any = LABS[name].load()
    plan = lab.plan(7, parse_backend("tiny"))
    shown = {question.id: (question.stub, lab.solutions()[question.id][0]) for question in plan.questions if question.kind == "code"}
    assert shown
    cut = [line for sources in shown.values() for source in sources for line in source.split("\n") if len(line) > ROOM]
    assert not cut, "the end of these lines is not seen"
