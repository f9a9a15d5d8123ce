"""Names for what can be wrong with a mix of picture and noise. Used in the sandbox, so: torch only.

Each candidate is what a known mistake gives for the same inputs; a result that equals it has that name.
x picture or noised picture, e noise, both (B, C, H, W); a alpha_bar, (B,).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import torch

Tensor: TypeAlias = torch.Tensor
Mix = Callable[[Tensor, Tensor, Tensor], Tensor]  # x, e, and a as (B, 1, 1, 1)
CLOSE = 2e-5


def add(x: Tensor, e: Tensor, a: Tensor) -> Tensor:
    """DDPM's x_t (arXiv:2006.11239, equation 4)."""
    return a.sqrt() * x + (1 - a).sqrt() * e


def back(x: Tensor, e: Tensor, a: Tensor) -> Tensor:
    """x_0 from x_t and its noise."""
    return (x - (1 - a).sqrt() * e) / a.sqrt()


ADD: dict[str, Mix] = {
    "root-forgotten": lambda x, e, a: a * x + (1 - a) * e,
    "signal-root-forgotten": lambda x, e, a: a * x + (1 - a).sqrt() * e,
    "noise-root-forgotten": lambda x, e, a: a.sqrt() * x + (1 - a) * e,
    "swapped": lambda x, e, a: (1 - a).sqrt() * x + a.sqrt() * e,
    "only-adds": lambda x, e, a: x + (1 - a).sqrt() * e,
    "sum-to-one": lambda x, e, a: a.sqrt() * x + (1 - a.sqrt()) * e,
    "noise-unscaled": lambda x, e, a: a.sqrt() * x + e,
    "sign": lambda x, e, a: a.sqrt() * x - (1 - a).sqrt() * e,
    "noise-forgotten": lambda x, e, a: a.sqrt() * x,
    "signal-forgotten": lambda x, e, a: (1 - a).sqrt() * e,
}
MORE_ADD: dict[str, tuple[Mix, ...]] = {
    "swapped": (lambda x, e, a: (1 - a) * x + a * e,),
    "only-adds": (lambda x, e, a: x + e, lambda x, e, a: x + (1 - a) * e),
    "sum-to-one": (lambda x, e, a: (1 - (1 - a).sqrt()) * x + (1 - a).sqrt() * e,),
    "noise-forgotten": (lambda x, e, a: x, lambda x, e, a: a * x),
    "clamped": (lambda x, e, a: add(x, e, a).clamp(-1, 1),),
    "noise-unscaled": (lambda x, e, a: a * x + e,),
}
BACK: dict[str, Mix] = {
    "root-forgotten": lambda x, e, a: (x - (1 - a) * e) / a,
    "signal-root-forgotten": lambda x, e, a: (x - (1 - a).sqrt() * e) / a,
    "noise-root-forgotten": lambda x, e, a: (x - (1 - a) * e) / a.sqrt(),
    "swapped": lambda x, e, a: (x - a.sqrt() * e) / (1 - a).sqrt(),
    "not-divided": lambda x, e, a: x - (1 - a).sqrt() * e,
    "multiplied": lambda x, e, a: (x - (1 - a).sqrt() * e) * a.sqrt(),
    "divided-first": lambda x, e, a: x / a.sqrt() - (1 - a).sqrt() * e,
    "sign": lambda x, e, a: (x + (1 - a).sqrt() * e) / a.sqrt(),
    "sum-to-one": lambda x, e, a: (x - (1 - a.sqrt()) * e) / a.sqrt(),
    "noise-unscaled": lambda x, e, a: (x - e) / a.sqrt(),
    "noise-forgotten": lambda x, e, a: x / a.sqrt(),
    "mixed-again": add,
}
MORE_BACK: dict[str, tuple[Mix, ...]] = {
    "not-divided": (lambda x, e, a: x - e, lambda x, e, a: x - (1 - a) * e),
    "swapped": (lambda x, e, a: (x - a * e) / (1 - a),),
    "clamped": (lambda x, e, a: back(x, e, a).clamp(-1, 1), lambda x, e, a: (x - (1 - a).sqrt() * e) / a.sqrt().clamp(min=0.5)),
    "sum-to-one": (lambda x, e, a: (x - (1 - a).sqrt() * e) / (1 - (1 - a).sqrt()),),
}


def mistake(out: Tensor, x: Tensor, e: Tensor, a: Tensor, right: Mix) -> str | None:
    """The mistake in a result of the right shape."""
    named, more = (ADD, MORE_ADD) if right is add else (BACK, MORE_BACK)
    across = a.view(-1, 1, 1, 1)
    for name, mix in named.items():
        if same(out, mix(x, e, across)):
            return name
    for name, mixes in more.items():
        if any(same(out, mix(x, e, across)) for mix in mixes):
            return name
    if any(same(out, right(x, e, one)) for one in (a[0], a[-1], a.mean(), a.max(), a.min())):
        return "one-step-for-all"
    if any(same(out, right(x, e, twice.view(-1, 1, 1, 1))) for twice in (a.cumprod(0), (1 - a).cumprod(0))):
        return "accumulated-twice"
    return None


def along_wrong_axis(out: Tensor, x: Tensor, e: Tensor, a: Tensor, right: Mix) -> bool:
    """Whether a result has abar along channels, rows or columns (only possible where that axis is as long as the batch)."""
    shapes = ((1, -1, 1, 1), (1, 1, -1, 1), (1, 1, 1, -1))
    return any(len(a) == x.shape[axis] and same(out, right(x, e, a.view(shape))) for axis, shape in zip((1, 2, 3), shapes, strict=True))


def draws_its_own(call: Callable[..., Any], x: Tensor, e: Tensor, a: Tensor) -> bool:
    """Whether a result differs from call to call."""
    return not torch.equal(call(x, e, a), call(x, e, a))


def same(out: Tensor, want: Tensor) -> bool:
    """Equal but for rounding."""
    return out.shape == want.shape and bool(torch.allclose(out.double(), want.double(), rtol=CLOSE, atol=CLOSE))
