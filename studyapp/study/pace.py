"""How long an item may take before an answer counts as slow, and whether it asks how sure the learner is."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from studyapp.course.draws import answer_part
from studyapp.course.items import Item

IDLE_CAP_MS = 180_000  # no more is counted for one card: the learner may have gone to the door
WORDS_A_SECOND = 3

# Seconds to think and write, for difficulty 3; reading time comes on top.
_THINKING = {
    "basic": 20,
    "cloze": 30,
    "short": 30,
    "missing": 30,
    "choice": 30,
    "true-false-repair": 60,
    "order": 60,
    "list": 60,
    "number": 90,
    "contrast": 120,
    "explain": 150,
    "lab": 180,
}
_ALWAYS_CONFIDENCE = frozenset({"choice", "number"})
_ONE_IN = 5


def time_box_s(item: Item) -> float:
    """Seconds within which a right answer counts as in time: reading and thinking, longer for difficult items."""
    if item.kind == "lab":
        return _THINKING["lab"]
    kind, body = answer_part(item)
    return _THINKING[kind] * (0.7 + 0.1 * item.difficulty) + _words(body) / WORDS_A_SECOND


def asks_confidence(item: Item, reps: int) -> bool:
    """Choice and number items always ask; of the others one asking in five, fixed by the item and its review count."""
    if item.kind == "lab":
        return False
    if answer_part(item)[0] in _ALWAYS_CONFIDENCE:
        return True
    return int.from_bytes(blake2b(f"{item.key}/{reps}/confidence".encode(), digest_size=4).digest()) % _ONE_IN == 0


def _words(body: Mapping[str, Any]) -> int:
    texts = [str(body.get("ask", "")), *(entry["text"] for name in ("options", "steps") for entry in body.get(name, ()))]
    return sum(len(text.split()) for text in texts)
