"""What `studyapp due` prints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from studyapp.commands import SCHEMA

if TYPE_CHECKING:
    from studyapp.api.due import DueView


def text_of(due: DueView, as_json: bool, short: bool) -> str:
    """One JSON object, the bare number, or a line for people."""
    if as_json:
        return json.dumps({"schema": SCHEMA, **due._asdict()})
    if short:
        return str(due.due_now)
    if not due.due_now:
        return f"nothing is due; the next card comes {due.next_due}" if due.next_due else "nothing is due"
    return f"{due.due_now} due now, about {due.minutes} min: {due.learning} learning, {due.review} to review, {due.new} new"
