from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyapp.course.expr import MAX_BITS, ExprError, compile_expr

PYTHON: dict[str, Any] = {
    "__builtins__": {},
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "floor": math.floor,
    "ceil": math.ceil,
    "min": min,
    "max": max,
    "abs": abs,
    "round": round,
}
PARAMS: dict[str, int | float] = {"h": 224, "p": 16, "x": 0.75}

leaves = st.one_of(
    st.integers(0, 300).map(str), st.sampled_from(["h", "p", "x"]), st.floats(0, 50, allow_nan=False).map(lambda value: f"{value:.3f}")
)


def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    spaces = st.sampled_from(["", " "])
    infix = st.sampled_from(["+", "-", "*", "/", "//", "%", "**", "<", "<=", ">", ">=", "==", "!=", " and ", " or "])
    return st.one_of(
        st.tuples(inner, spaces, infix, spaces, inner).map("".join),
        inner.map(lambda text: f"({text})"),
        st.tuples(st.sampled_from(["-", "+", "not "]), inner).map("".join),
        st.tuples(st.sampled_from(["sqrt", "exp", "log", "log2", "abs", "floor", "ceil", "round"]), inner).map(lambda p: f"{p[0]}({p[1]})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
    )


def python(source: str) -> Any:
    """Python's own answer, or None where it has none that the language would allow (or where it would take for ever)."""
    try:
        return eval(source, PYTHON, dict(PARAMS))
    except (ArithmeticError, ValueError, TypeError, SyntaxError, MemoryError):
        return None


def small(value: Any) -> bool:
    if isinstance(value, int):
        return value.bit_length() <= MAX_BITS
    return isinstance(value, float) and math.isfinite(value)


@given(st.recursive(leaves, deeper, max_leaves=8).filter(lambda text: text.count("**") <= 1))
def test_a_value_is_pythons_value(source: str) -> None:
    try:
        ours: Any = compile_expr(source).value(PARAMS)
    except ExprError:
        ours = None
    if ours is None:
        return  # narrower than Python is allowed; the next test says where it must not be
    theirs = python(source)
    assert type(ours) is type(theirs)
    assert ours == theirs


@given(st.recursive(leaves, deeper, max_leaves=6).filter(lambda text: "**" not in text))
def test_whatever_python_computes_within_bounds_has_a_value(source: str) -> None:
    theirs = python(source)
    try:
        ours: Any = compile_expr(source).value(PARAMS)
    except ExprError as error:
        ours = theirs if "out of range" in str(error) else None  # a step on the way was too large
    assert ours == theirs or (ours is None and not small(theirs))


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_column(source: str) -> None:
    column = 1
    try:
        compile_expr(source)
    except ExprError as error:
        column = error.column
    assert 1 <= column <= len(source) + 1


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("(h // p) ** 2", 196),
        ("-2 ** 2", -4),
        ("2 ** -1", 0.5),
        ("2 ** 3 ** 2", 512),
        ("7 - 2 - 1", 4),
        ("1 < 2 < 3", True),
        ("1 < 3 < 2", False),
        ("not h % p == 0", False),
        ("h > 5 and p != 0 and h % p == 0", True),
        ("p == 0 or h / p", 14.0),
        ("p != 16 and h / 0 > 1", False),
        ("round(2.345, 2)", 2.35),
        ("min(3, h, p)", 3),
        ("(1 - 0.02) ** 1000", 0.98**1000),
    ],
)
def test_precedence_is_pythons(source: str, value: float) -> None:
    assert compile_expr(source).value(PARAMS) == value


@pytest.mark.parametrize(
    ("source", "column"),
    [
        ("", 1),
        ("h +", 4),
        ("h @ p", 3),
        ("(h", 3),
        ("h p", 3),
        ("1 + not h", 5),
        ("eval(h)", 1),
        ("h.real", 2),
        ("h[0]", 2),
        ("'a'", 1),
        ("sqrt()", 6),
        ("sqrt(1, 2)", 1),
        ("lambda: 1", 7),
        ("__import__(h)", 1),
        ("__import__('os')", 12),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_column(source: str, column: int) -> None:
    with pytest.raises(ExprError) as caught:
        compile_expr(source)
    assert caught.value.column == column
    assert f"column {column}" in str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        *("1 / 0", "1 % 0", "log(0)", "sqrt(-1)", "(-8) ** 0.5", "0 ** -1", "w"),
        *("9 ** 9 ** 9", "2 ** 100000", "10.0 ** 400", "exp(1000)", "1e999", "round(5, -1000000000)", "9999999999 ** 40 ** 2"),
    ],
)
def test_what_has_no_value_within_bounds_is_refused(source: str) -> None:
    with pytest.raises(ExprError):
        compile_expr(source).value(PARAMS)


@pytest.mark.parametrize("source", ["(" * 400, "-" * 400 + "1", "not " * 120 + "1", "abs(" * 80 + "1" + ")" * 80, "1 ** " * 90 + "1"])
def test_nesting_is_bounded(source: str) -> None:
    with pytest.raises(ExprError, match="nested too deeply"):
        compile_expr(source)


def test_length_is_bounded() -> None:
    with pytest.raises(ExprError, match="longer than"):
        compile_expr("1+" * 400 + "1")


def test_a_chain_as_long_as_allowed_has_a_value() -> None:
    assert compile_expr("1+" * 249 + "1").value({}) == 250


def test_names_are_the_parameters_that_are_read() -> None:
    assert compile_expr("sqrt(h) + min(p, 2)").names == {"h", "p"}
