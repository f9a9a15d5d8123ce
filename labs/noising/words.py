"""Small helpers of the question texts: the four hints, and options in an order drawn for each seed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random

from labs.noising.params import VERSION
from studyapp.labkit.api import Hint, Option

Claim = tuple[str, str | None, str]  # text, misconception of who holds it (None: it may be right), its sentence


def ladder(nudge: str, concept: str, method: str, worked: str) -> tuple[Hint, ...]:
    """The four hints of a task."""
    return tuple(Hint(step=step, text=text) for step, text in enumerate((nudge, concept, method, worked), start=1))


def shuffled(seed: int, task: str, keys: Iterable[str]) -> dict[str, str]:
    """Letter -> key, in the order drawn for this seed."""
    names = sorted(keys)
    Random(f"noising/{VERSION}/{seed}/{task}").shuffle(names)
    return dict(zip("abcdef", names, strict=False))


def letter(seed: int, task: str, keys: Iterable[str], key: str) -> str:
    """The letter under which a key is shown."""
    return next(letter for letter, name in shuffled(seed, task, keys).items() if name == key)


def options(seed: int, task: str, claims: Mapping[str, Claim]) -> tuple[Option, ...]:
    """Claims as options in this seed's order."""
    return tuple(
        Option(id=letter, text=claims[key][0], concept=claims[key][1], say=claims[key][2])
        for letter, key in shuffled(seed, task, claims).items()
    )


def number(value: float, digits: int = 4) -> str:
    """A number in so many significant digits, without an exponent down to a ten-thousandth."""
    return f"{value:.{digits}g}"
