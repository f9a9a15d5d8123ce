"""Draws: the fresh numbers and the shuffled order with which one item is asked this time.

A draw is a pure function of the item and a token of 8 hex digits, so `show` and a later `answer --draw TOKEN` speak of
the same numbers. Randomness comes from SHA-256 of the token: the same in every Python and on every machine.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from studyapp.course.expr import Params, compile_expr
from studyapp.course.items import Item
from studyapp.errors import BadInput

T = TypeVar("T")
Numbers = dict[str, int | float]

TRIES = 64  # random picks before all combinations are gone through
_TOKEN = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Draw:
    """`params` are the numbers of this draw, `order` the ids of options or steps in the order in which they are shown.

    `asks` is what else decides the question: {"run": id} the stored run that a lab card asks about, {"contrast": {...}} two answers
    to be told apart.
    """

    token: str
    params: Mapping[str, int | float] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    asks: Mapping[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """JSON form, as stored with a pending draw or an event; `Draw.from_row` reads it back."""
        row = {"token": self.token, "params": dict(self.params), "order": list(self.order)}
        return {**row, "asks": dict(self.asks)} if self.asks else row

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Draw:
        return cls(row["token"], dict(row["params"]), tuple(row["order"]), dict(row.get("asks", {})))


def answer_part(item: Item) -> tuple[str, Mapping[str, Any]]:
    """The kind that is judged and all fields with it: for a `case` those of its `then`, joined with the case's own."""
    if item.kind != "case":
        return item.kind, item.body
    then = item.body["then"]
    return then["kind"], {**item.body, **then}


def fresh_token(key: str, reps: int, salt: str) -> str:
    """A token for the next asking of an item: differs with its review count and with the salt (device, session)."""
    return hashlib.sha256(f"{key}\0{reps}\0{salt}".encode()).hexdigest()[:8]


def draw_for(item: Item, token: str) -> Draw:
    """The draw of this token; raises BadInput when the token is not 8 hex digits."""
    token = token.strip().lower()
    if not _TOKEN.fullmatch(token):
        raise BadInput(f"{token!r} is not a draw: it must be the 8 hex digits that `studyapp show {item.key}` gives")
    kind, body = answer_part(item)
    dice = Dice(f"{item.key}\0{token}")
    if kind == "number":
        return Draw(token, numbers(body["params"], body.get("where"), dice))
    if kind == "choice":
        return Draw(token, {}, tuple(dice.shuffled([option["id"] for option in body["options"]])))
    if kind == "order":
        return Draw(token, {}, tuple(_out_of_order([step["id"] for step in body["steps"]], dice)))
    return Draw(token)


class Dice:
    """A stream of random numbers from a seed text."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1."""
        self._count += 1
        digest = hashlib.sha256(f"{self._seed}\0{self._count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % n

    def shuffled(self, things: Sequence[T]) -> list[T]:
        """A new list in random order (Fisher-Yates)."""
        result = list(things)
        for last in range(len(result) - 1, 0, -1):
            other = self.below(last + 1)
            result[last], result[other] = result[other], result[last]
        return result


def numbers(params: Mapping[str, Sequence[int | float]], where: str | None, dice: Dice) -> Numbers:
    """One combination that satisfies `where`; raises BadInput when there is none."""
    condition = compile_expr(where) if where else None
    for _ in range(TRIES):
        picked = {name: values[dice.below(len(values))] for name, values in params.items()}
        if condition is None or condition.value(picked):
            return picked
    possible = list(itertools.islice(combinations(params, where), 10_000))
    if not possible:
        raise BadInput(f"no numbers satisfy {where!r}")
    return possible[dice.below(len(possible))]


def combinations(params: Mapping[str, Sequence[int | float]], where: str | None) -> Iterator[Numbers]:
    """Every combination that satisfies `where`, in the author's order."""
    condition = compile_expr(where) if where else None
    for values in itertools.product(*params.values()):
        picked = dict(zip(params, values, strict=True))
        if condition is None or condition.value(picked):
            yield picked


def combination_count(params: Mapping[str, Sequence[int | float]]) -> int:
    """How many there are before `where`."""
    return math.prod(len(values) for values in params.values())


def value_of(source: str | int | float, params: Params) -> int | float:
    """A number field of an item (`answer`, a trap's `value`) for these numbers."""
    if isinstance(source, str):
        value = compile_expr(source).value(params)
        if isinstance(value, bool):
            raise BadInput(f"{source!r} is a comparison, not a number")
        return value
    return source


def _out_of_order(ids: list[str], dice: Dice) -> list[str]:
    """Shuffled, but never already right."""
    shuffled = dice.shuffled(ids)
    while shuffled == ids and len(ids) > 1:
        shuffled = dice.shuffled(ids)
    return shuffled
