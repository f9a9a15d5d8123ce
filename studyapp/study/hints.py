"""The hint ladder of a card: nudge, then something near the method, then the worked solution.

The level decides the grade (rating.py): from level 3 on a right answer is hard, at level 4 it is again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studyapp.course.draws import Draw, answer_part, draw_for, fresh_token
from studyapp.course.items import Item
from studyapp.course.view import reveal, show

NUDGE, METHOD, WORKED = 1, 3, 4


@dataclass(frozen=True, slots=True)
class Hint:
    """`level` as in LABS 2: 1 nudge, 2 concept, 3 method, 4 worked sibling."""

    level: int
    text: str


def hints_of(item: Item, draw: Draw) -> tuple[Hint, ...]:
    """All hints of an item for one draw, weakest first; they come from what the author wrote, and from the form of the answer."""
    if item.kind == "lab":
        return ()
    found = []
    shown = show(item, draw)
    if shown.hint:
        found.append(Hint(NUDGE, shown.hint))
    kind, _ = answer_part(item)
    if kind in ("short", "missing", "cloze", "list"):
        found.append(Hint(METHOD, "It begins like this: " + _first_letters(reveal(item, draw).value)))
    if kind == "number":
        sibling = _sibling(item, draw)
        if sibling:
            found.append(Hint(WORKED, sibling))
    return tuple(found)


def _first_letters(value: Any) -> str:
    texts = value if isinstance(value, list) else [value]
    return "; ".join(" ".join(word[0] + "." * (len(word) - 1) for word in str(text).split()) for text in texts)


def _sibling(item: Item, draw: Draw) -> str | None:
    """The same question with other numbers, fully worked; None where every draw has these numbers."""
    for n in range(20):
        other = draw_for(item, fresh_token(item.key, n, "sibling" + draw.token))
        if other.params != draw.params:
            back = reveal(item, other)
            return f"With other numbers: {show(item, other).ask}\n\n{back.worked or back.answer}\n\nAnswer: {back.answer}"
    return None
