"""The small expression language of number items: parsed by hand, never by Python's `eval`.

Python's own meaning and precedence for + - * / // % **, comparisons (chained too), and / or / not, parentheses,
numbers, names and a few functions. Sizes are bounded, so that no text can make it slow.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from studyapp.errors import BadInput

Value = int | float | bool
Params = Mapping[str, int | float]
Node = Callable[[Params], Value]

MAX_SOURCE = 500
MAX_DEPTH = 40
MAX_BITS = 4096  # of any integer on the way


def _round(value: Value, digits: Value = 0) -> Value:
    if not isinstance(digits, int) or abs(digits) > 20:  # a huge negative one would build a huge power of ten
        raise ValueError
    return round(value, digits) if digits else round(value)


FUNCTIONS: dict[str, tuple[Callable[..., Any], int, int]] = {  # name: function, fewest and most arguments
    "sqrt": (math.sqrt, 1, 1),
    "exp": (math.exp, 1, 1),
    "log": (math.log, 1, 1),
    "log2": (math.log2, 1, 1),
    "min": (min, 2, 9),
    "max": (max, 2, 9),
    "abs": (abs, 1, 1),
    "round": (_round, 1, 2),
    "floor": (math.floor, 1, 1),
    "ceil": (math.ceil, 1, 1),
}
WORDS = frozenset({"and", "or", "not"})

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<op>\*\*|//|<=|>=|==|!=|[-+*/%()<>,]))",
    re.ASCII,
)
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
}
# How strongly an operator binds its left operand; `not` is 3, the unary signs 7.
_STRENGTH = {"or": 1, "and": 2, **dict.fromkeys(_COMPARE, 4), "+": 5, "-": 5, "*": 6, "/": 6, "//": 6, "%": 6, "**": 8}
_NOT, _ABOVE_COMPARE, _SIGN = 3, 5, 8


class ExprError(BadInput):
    """The expression cannot be read or has no value here; `column` counts from 1."""

    def __init__(self, source: str, column: int, message: str) -> None:
        self.column = column
        shown = source if len(source) <= 80 else source[:80] + "..."
        super().__init__(f"{message} (in {shown!r}, column {column})")


@dataclass(frozen=True, slots=True)
class Expr:
    """A parsed expression; `names` are the parameters that it reads."""

    source: str
    names: frozenset[str]
    node: Node

    def value(self, params: Params) -> Value:
        """Its value for these parameters; raises ExprError where there is none (division by zero, log of 0, overflow)."""
        return self.node(params)


@lru_cache(maxsize=4096)
def compile_expr(source: str) -> Expr:
    """Parse; raises ExprError with the column of what cannot be read."""
    parser = _Parser(source)
    node = parser.expression(0, 0)
    parser.end()
    return Expr(source, frozenset(parser.names), node)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # number, name, op, end
    text: str
    column: int


class _Parser:
    """Precedence climbing: one call a nesting level, so that depth is easy to bound."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.names: set[str] = set()
        if len(source) > MAX_SOURCE:
            raise ExprError(source, 1, f"the expression is longer than {MAX_SOURCE} characters")
        self.tokens = self.split()
        self.at = 0

    def split(self) -> list[_Token]:
        tokens, position, end = [], 0, len(self.source.rstrip())
        while position < end:
            match = _TOKEN.match(self.source, position)
            if match is None:
                position += len(self.source[position:]) - len(self.source[position:].lstrip())
                raise ExprError(self.source, position + 1, f"{self.source[position]!r} is not part of the expression language")
            kind = match.lastgroup or ""
            text = match.group(kind)
            if kind == "name" and text in WORDS:
                kind = "op"
            tokens.append(_Token(kind, text, match.start(match.lastgroup or 0) + 1))
            position = match.end()
        tokens.append(_Token("end", "", end + 1))
        return tokens

    def fail(self, token: _Token, message: str) -> ExprError:
        return ExprError(self.source, token.column, message)

    def take(self) -> _Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def expect(self, text: str) -> None:
        token = self.take()
        if token.text != text or token.kind != "op":
            raise self.fail(token, f"{text!r} expected")

    def end(self) -> None:
        token = self.take()
        if token.kind != "end":
            raise self.fail(token, f"{token.text!r} was not expected here")

    def expression(self, least: int, depth: int) -> Node:
        """Everything from here that binds at least as strongly as `least`."""
        left = self.prefix(least, depth)
        while True:
            token = self.tokens[self.at]
            strength = _STRENGTH.get(token.text, -1) if token.kind == "op" else -1
            if strength < least or strength < 0:
                return left
            if token.text in _COMPARE:
                left = self.comparison(left, depth)
                continue
            self.take()
            right = self.expression(strength if token.text == "**" else strength + 1, depth + 1)
            left = self.logic(token, left, right) if token.text in WORDS else self.binary(token, left, right)

    def prefix(self, least: int, depth: int) -> Node:
        token = self.take()
        if depth > MAX_DEPTH:
            raise self.fail(token, "the expression is nested too deeply")
        if token.kind == "number":
            return self.number(token)
        if token.kind == "name":
            return self.name(token, depth)
        if token.text == "(":
            inner = self.expression(0, depth + 1)
            self.expect(")")
            return inner
        if token.text in ("-", "+"):
            operand = self.expression(_SIGN, depth + 1)
            return self.guarded(token, operator.neg if token.text == "-" else operator.pos, (operand,))
        if token.text == "not" and least <= _NOT:
            operand = self.expression(_NOT, depth + 1)
            return lambda params: not operand(params)
        raise self.fail(token, f"a number, a name or '(' expected before {token.text!r}" if token.text else "the expression ends too early")

    def number(self, token: _Token) -> Node:
        value: Value = int(token.text) if token.text.isdigit() else float(token.text)
        if not _sane(value):
            raise self.fail(token, f"{token.text} is too large")
        return lambda params: value

    def name(self, token: _Token, depth: int) -> Node:
        name = token.text
        if name in FUNCTIONS:
            return self.call(token, depth)
        if self.tokens[self.at].text == "(":
            raise self.fail(token, f"{name!r} is no function; there are {', '.join(FUNCTIONS)}")
        self.names.add(name)

        def read(params: Params) -> Value:
            if name not in params:
                raise self.fail(token, f"{name!r} is not a parameter")
            return params[name]

        return read

    def call(self, token: _Token, depth: int) -> Node:
        function, fewest, most = FUNCTIONS[token.text]
        self.expect("(")
        arguments = [self.expression(0, depth + 1)]
        while self.tokens[self.at].text == ",":
            self.take()
            arguments.append(self.expression(0, depth + 1))
        self.expect(")")
        if not fewest <= len(arguments) <= most:
            raise self.fail(token, f"{token.text} takes {fewest if fewest == most else f'{fewest} to {most}'} values")
        return self.guarded(token, function, tuple(arguments))

    def binary(self, token: _Token, left: Node, right: Node) -> Node:
        return self.guarded(token, _power if token.text == "**" else _BINARY[token.text], (left, right))

    def logic(self, token: _Token, left: Node, right: Node) -> Node:
        if token.text == "and":
            return lambda params: left(params) and right(params)
        return lambda params: left(params) or right(params)

    def comparison(self, first: Node, depth: int) -> Node:
        """`a < b <= c` as Python reads it: each pair, from the left, until one fails."""
        links: list[tuple[Callable[[Any, Any], Any], Node]] = []
        while self.tokens[self.at].text in _COMPARE:
            compare = _COMPARE[self.take().text]
            links.append((compare, self.expression(_ABOVE_COMPARE, depth + 1)))

        def holds(params: Params) -> Value:
            left = first(params)
            for compare, node in links:
                right = node(params)
                if not compare(left, right):
                    return False
                left = right
            return True

        return holds

    def guarded(self, token: _Token, function: Callable[..., Any], arguments: tuple[Node, ...]) -> Node:
        """Apply; whatever Python raises, and values beyond the bounds, become an ExprError at the operator."""

        def apply(params: Params) -> Value:
            values = [argument(params) for argument in arguments]
            try:
                result = function(*values)
            except ZeroDivisionError:
                raise self.fail(token, "division by zero") from None
            except (OverflowError, ValueError, TypeError):
                raise self.fail(token, f"{token.text!r} has no value for {', '.join(map(str, values))}") from None
            if not _sane(result):
                raise self.fail(token, f"the result of {token.text!r} is out of range")
            return result  # type: ignore[no-any-return]  # _sane let only numbers through

        return apply


def _sane(value: Any) -> bool:
    """A finite real number of bounded size (a power of a negative base may be complex)."""
    if isinstance(value, int):
        return value.bit_length() <= MAX_BITS
    return isinstance(value, float) and math.isfinite(value)


def _power(base: Value, exponent: Value) -> Any:
    if isinstance(base, int) and isinstance(exponent, int) and max(1, base.bit_length() - 1) * abs(exponent) > MAX_BITS and abs(base) > 1:
        raise OverflowError
    return base**exponent
