"""Texts with a draw's numbers in them: `{h}`, `{h // p}`, `{n ** 2:,}`, `{x:.3g}`; `{{` and `}}` are literal braces."""

from __future__ import annotations

import re
from functools import lru_cache

from studyapp.course.expr import Expr, ExprError, Params, Value, compile_expr
from studyapp.errors import BadInput

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_FORMAT = re.compile(r"[+]?,?(\.\d{1,2})?[dfge%]?")


def fill(template: str, params: Params) -> str:
    """The text for these numbers; raises BadInput (with the column) for an expression that cannot be read or computed."""
    return "".join(
        piece if isinstance(piece, str) else formatted(piece[0].value(params), piece[1], piece[0].source) for piece in _pieces(template)
    )


def formatted(value: Value, spec: str = "", source: str = "") -> str:
    """A number as text: whole numbers without a point, others with up to six significant digits, or as `spec` says."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 and spec in ("", ",", "d", ",d"):
        value = int(value)
    try:
        return format(value, spec) if spec or isinstance(value, int) else f"{value:.6g}"
    except (ValueError, OverflowError):
        raise BadInput(f"{{{source}:{spec}}} cannot show {value}; use a format like , or .3g or .2f") from None


@lru_cache(maxsize=4096)
def _pieces(template: str) -> tuple[str | tuple[Expr, str], ...]:
    pieces: list[str | tuple[Expr, str]] = []
    end = 0
    for match in _PIECE.finditer(template):
        pieces.append(template[end : match.start()])
        end = match.end()
        found = match.group()
        if found in ("{{", "}}"):
            pieces.append(found[0])
        elif match.group(1) is None:
            raise ExprError(template, match.start() + 1, f"a single {found} (write {found * 2} for the character itself)")
        else:
            source, _, spec = match.group(1).partition(":")
            if not _FORMAT.fullmatch(spec):
                raise ExprError(template, match.start() + 1, f"the number format {spec!r} is not known; use one like , or .3g or .2f")
            pieces.append((compile_expr(source.strip()), spec))
    pieces.append(template[end:])
    return tuple(piece for piece in pieces if piece)
