"""`number`: a quantity against this draw's answer, and the wrong answers that have a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from studyapp.course.draws import value_of
from studyapp.course.quantity import Quantity, agrees, parse_quantity, tolerance_of
from studyapp.course.template import fill
from studyapp.errors import BadInput
from studyapp.study.grading.result import Judgement, Outcome, Trap

Params = Mapping[str, int | float]

# Slips that any number item knows, beside those that its author names; ids and labels for the learner's list of misconceptions.
SLIPS = {
    "wrong-unit": "giving a number in another unit than was asked for",
    "scale-1000": "being off by a factor of a thousand",
    "percent-or-share": "mixing up a share and a percentage",
    "complement": "giving the rest of a share instead of the share",
}
NEAR_BAND = 3  # times the tolerance
LARGEST = 1e100


def judge_number(body: Mapping[str, Any], params: Params, value: Any) -> Judgement:
    """`value`: a number, or a text like `14*14`, `2.4k`, `50%`, `196 patches`. Whole numbers must be exact."""
    unit = body.get("unit")
    said = quantity(value, unit)
    expected = value_of(body["answer"], params)
    tolerance = tolerance_of(body.get("tolerance"), expected)
    number = said.in_unit(unit)
    if number is None:
        return _other_unit(said, expected, tolerance, unit)
    if agrees(number, expected, tolerance) or _shown_alike(number, expected, body.get("round")):
        return Judgement(Outcome.RIGHT, 1.0)
    trap = next(_traps(body, params, number, expected, tolerance), None)
    if trap is not None:
        return Judgement(Outcome.WRONG, trap=trap, say=trap.say)
    if tolerance and agrees(number, expected, NEAR_BAND * tolerance):
        return Judgement(Outcome.NEAR, 0.5, say="Close, but outside the tolerance.")
    return Judgement(Outcome.WRONG)


def quantity(value: Any, unit: str | None = None) -> Quantity:
    """The quantity of a JSON number or a typed text, which may end with the asked `unit` however that is written; raises BadInput."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadInput("the answer must be a number like 196, 14*14, 2.4k, 1e-3 or 50%")
    said = Quantity(value) if not isinstance(value, str) else _read(value.strip(), unit or "")
    try:
        small = abs(float(said.value)) < LARGEST
    except OverflowError:
        small = False
    if not small:
        raise BadInput("that number is too large to be meant, or is none")
    return said


def _read(text: str, unit: str) -> Quantity:
    try:
        return parse_quantity(text)
    except BadInput:
        if not unit or not text.endswith(unit):
            raise
    return Quantity(parse_quantity(text.removesuffix(unit)).value, unit)  # units that are no words, like ×


def _traps(body: Mapping[str, Any], params: Params, number: float, expected: float, tolerance: float) -> Iterator[Trap]:
    for trap in body.get("traps", ()):
        if agrees(number, value_of(trap["value"], params), tolerance):
            yield Trap(trap["concept"], fill(trap.get("say") or "", params))
    yield from _slips(number, expected, tolerance, body.get("unit"))


def _slips(number: float, expected: float, tolerance: float, unit: str | None) -> Iterator[Trap]:
    if expected == 0:
        return
    for factor in (1000, 1_000_000):
        if agrees(number, expected * factor, tolerance) or agrees(number * factor, expected, tolerance):
            yield Trap("scale-1000", f"The digits are right, the scale is off by {factor:,}.")
    if unit == "%":
        if agrees(number * 100, expected, tolerance):
            yield Trap("percent-or-share", "That is the share; percent is asked for.")
    elif 0 < expected < 1:
        if agrees(number, expected * 100, tolerance):
            yield Trap("percent-or-share", "That is the percentage; a share between 0 and 1 is asked for.")
        if agrees(number, 1 - expected, tolerance):
            yield Trap("complement", "That is the rest: one minus the share that is asked for.")


def _other_unit(said: Quantity, expected: float, tolerance: float, unit: str | None) -> Judgement:
    right = " The number itself is right." if agrees(said.value, expected, tolerance) else ""
    say = f"You gave {said.unit}, but {unit} are asked for.{right}"
    return Judgement(Outcome.WRONG, trap=Trap("wrong-unit", say), say=say)


def _shown_alike(number: float, expected: float, decimals: int | None) -> bool:
    """Right when it is what the reveal shows: the answer rounded to the author's decimals."""
    return decimals is not None and abs(number - expected) <= 0.5 * 10.0**-decimals * (1 + 1e-9)
