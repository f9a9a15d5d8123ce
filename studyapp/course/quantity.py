"""Numbers as people type them: `196`, `14*14`, `2.4k`, `1e-3`, `50%`, `1,024`, `3×10⁻³`, `576 tokens`. No `eval`."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

from studyapp.course.expr import ExprError, compile_expr
from studyapp.errors import BadInput

MAX_TEXT = 100
LOOSE = 0.01  # relative tolerance of answers that are no whole numbers, where the author names none

_SCALE = {"k": 3, "K": 3, "M": 6, "G": 9, "B": 9, "T": 12, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_SUPERSCRIPT = {code: digit for code, digit in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True)}
_SIGNS = str.maketrans(
    {"×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "⁄": "/", "−": "-", "–": "-", "—": "-", "٫": ".", "٬": ",", "^": "**"}
)
_POWER = re.compile(rf"(?<=[\d)])([{''.join(_SUPERSCRIPT)}]+)")
_UNIT = re.compile(r"(?<=[\d).%])\s*([^\W\d_][^\d()*+]*|%)$")
_BETWEEN = re.compile(r"(?<=[\d)])\s*[xX]\s*(?=[\d(.])")
_SCALED = re.compile(r"(?<![A-Za-z\d])(\d+(?:\.\d+)?|\.\d+)(?:([kKMGBT])|\s+(thousand|million|billion|trillion)s?)(?![A-Za-z])")
_GROUPS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:([,  ' _])\d{3})(?:\1\d{3})*(?![\d,])")
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d+),(\d+)(?![\d.,])")
_TIMES = frozenset({"x", "times", "fold"})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and the unit that was typed after it (`50%` is 50 of unit `%`; `2.4k` is 2400 of none)."""

    value: float | int
    unit: str | None = None

    def in_unit(self, unit: str | None) -> float | int | None:
        """The value in the unit that was asked for; None where another unit was typed (`196 tokens` for patches).

        A percentage is turned into a share where no percentage was asked for. Without a typed unit the asked one is meant.
        """
        typed, asked = _plain_unit(self.unit), _plain_unit(unit)
        if typed == asked or typed == "":
            return self.value
        if typed == "%":
            return self.value / 100 if asked == "" else None
        if asked == "":
            return self.value
        return None


def parse_quantity(text: str) -> Quantity:
    """Read a typed number; raises BadInput with a hint on how to write it."""
    try:
        cleaned = _cleaned(text)
        body, unit = _split_unit(cleaned)
        value = compile_expr(_SCALED.sub(_scaled, body)).value({})
    except (ExprError, ValueError, KeyError):
        shown = text if len(text) <= 40 else text[:40] + "..."
        raise BadInput(f"{shown!r} cannot be read as a number; write it like 196, 14*14, 2.4k, 1e-3 or 50%") from None
    if isinstance(value, bool):
        raise BadInput(f"{text!r} is a comparison, not a number")
    return Quantity(value, unit)


def tolerance_of(declared: float | int | None, answer: float | int) -> float:
    """The relative tolerance in force: the author's; else 0 for whole numbers and 1 % for others."""
    if declared is not None:
        return float(declared)
    return 0.0 if float(answer).is_integer() else LOOSE


def agrees(said: float | int, answer: float | int, tolerance: float) -> bool:
    """Whether `said` is the answer within a relative tolerance (floating-point noise is always forgiven)."""
    return math.isclose(said, answer, rel_tol=1e-9, abs_tol=1e-12) or abs(said - answer) <= tolerance * abs(answer)


def _cleaned(text: str) -> str:
    """One spelling for signs, digits, powers and digit groups."""
    if len(text) > MAX_TEXT:
        raise ValueError
    text = _POWER.sub(lambda match: "**(" + "".join(_SUPERSCRIPT[sign] for sign in match.group(1)) + ")", text.strip())
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    text = text.lstrip("=≈~ ").replace("*****", "**")
    text = _GROUPS.sub(lambda match: re.sub(r"\D", "", match.group()), text)
    text = _DECIMAL_COMMA.sub(r"\1.\2", text)
    return _BETWEEN.sub("*", text)


def _split_unit(text: str) -> tuple[str, str | None]:
    match = _UNIT.search(text)
    if match is None:
        return text, None
    unit = match.group(1).strip()
    word, _, rest = unit.partition(" ")
    attached = not match.group()[0].isspace()
    if word.rstrip("s") in _SCALE and (len(word) > 1 or attached):  # 86M parameters, 86 million parameters
        return text[: match.start()] + ("" if attached else " ") + word, rest.strip() or None
    return text[: match.start()], unit.rstrip(".") or None


def _scaled(match: re.Match[str]) -> str:
    """`2.4k` as a literal: shifted as text, so that it stays exact."""
    digits, scale = match.group(1), _SCALE[match.group(2) or match.group(3)]
    whole, _, fraction = digits.partition(".")
    shifted = whole + fraction[:scale].ljust(scale, "0")
    rest = fraction[scale:]
    return f"{shifted}.{rest}" if rest else shifted


def _plain_unit(unit: str | None) -> str:
    """Units compared without case and plural; `x` and `times` count as none."""
    plain = (unit or "").casefold().strip().removesuffix(".")
    if plain in _TIMES:
        return ""
    if plain in ("percent", "per cent"):
        return "%"
    if plain.endswith("ches") or plain.endswith("sses") or plain.endswith("xes"):  # patches, passes, boxes
        return plain[:-2]
    return plain[:-1] if len(plain) > 2 and plain.endswith("s") and not plain.endswith("ss") else plain
