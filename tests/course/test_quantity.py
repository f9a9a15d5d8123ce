from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.course.quantity import Quantity, agrees, parse_quantity, tolerance_of
from studyapp.errors import BadInput


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("196", 196, None),
        (" 196 ", 196, None),
        ("14*14", 196, None),
        ("14 x 14", 196, None),
        ("14x14 patches", 196, "patches"),
        ("14 × 14", 196, None),
        ("14·14", 196, None),
        ("14**2", 196, None),
        ("14^2", 196, None),
        ("14²", 196, None),
        ("(224/16)^2", 196.0, None),
        ("2.4k", 2400, None),
        ("0.5M", 500_000, None),
        ("86M parameters", 86_000_000, "parameters"),
        ("86 million", 86_000_000, None),
        ("2k*3", 6000, None),
        ("1e-3", 0.001, None),
        ("3×10⁻³", 0.003, None),
        ("10^-3", 0.001, None),
        ("−5", -5, None),
        ("1,024", 1024, None),
        ("9,834,496", 9_834_496, None),
        ("1 024", 1024, None),
        ("1_024", 1024, None),
        ("0,5", 0.5, None),
        ("1,5", 1.5, None),
        ("0,123", 0.123, None),
        (".5", 0.5, None),
        ("50%", 50, "%"),
        ("50 %", 50, "%"),
        ("14.8x", 14.8, "x"),
        ("576 tokens", 576, "tokens"),
        ("3 MB", 3, "MB"),
        ("= 196", 196, None),
        ("≈196", 196, None),
        ("１９６", 196, None),
        ("١٩٦", 196, None),
        ("1/3", 1 / 3, None),
        ("sqrt(2)", 2**0.5, None),
    ],
)
def test_numbers_are_read_as_people_type_them(text: str, value: float, unit: str | None) -> None:
    quantity = parse_quantity(text)
    assert quantity.value == pytest.approx(value, rel=1e-12)
    assert isinstance(quantity.value, type(value))
    assert quantity.unit == unit


@pytest.mark.parametrize("text", ["", "many", "patches", "1..2", "14*", "1/0", "9**9**9", "__import__('os')", "2 > 1", "x" * 200, "1e999"])
def test_what_is_no_number_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(BadInput, match="number"):
        parse_quantity(text)


@given(st.text(max_size=60))
def test_any_text_gives_a_quantity_or_a_clear_error(text: str) -> None:
    with contextlib.suppress(BadInput):
        assert isinstance(parse_quantity(text), Quantity)


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_stay_exact_with_and_without_grouping(number: int) -> None:
    assert parse_quantity(str(number)) == Quantity(number)
    assert parse_quantity(f"{number:,}") == Quantity(number)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_read_as_python_writes_them(number: float) -> None:
    assert parse_quantity(repr(number)).value == pytest.approx(number)


@pytest.mark.parametrize(
    ("typed", "asked", "value"),
    [
        ("196", "patches", 196),
        ("196 patches", "patches", 196),
        ("196 patch", "patches", 196),
        ("1 Token", "tokens", 1),
        ("196 tokens", "patches", None),
        ("196 patches", None, 196),
        ("50%", "%", 50),
        ("50", "%", 50),
        ("50 percent", "%", 50),
        ("50%", None, 0.5),
        ("50%", "patches", None),
        ("14.8x", None, 14.8),
        ("14.8x", "times", 14.8),
    ],
)
def test_units_are_compared_without_case_and_plural(typed: str, asked: str | None, value: float | None) -> None:
    assert parse_quantity(typed).in_unit(asked) == value


def test_whole_numbers_are_exact_and_others_within_one_percent() -> None:
    assert tolerance_of(None, 196) == 0
    assert tolerance_of(None, 196.0) == 0
    assert tolerance_of(None, 0.125) == 0.01
    assert tolerance_of(0.2, 196) == 0.2
    assert not agrees(197, 196, 0)
    assert agrees(0.1 + 0.2, 0.3, 0)
    assert agrees(1.009, 1.0, 0.01)
    assert not agrees(1.02, 1.0, 0.01)
