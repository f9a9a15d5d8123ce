"""What decides the code tasks, called in the sandbox as `checker(namespace, args) -> CodeReport fields`. Imports torch only.

Inputs are random, each picture of a batch has a step of its own, and batches come in which the batch is as long as one of the other
axes: so that an alpha_bar which runs along the wrong axis cannot pass. The first failing property is reported and no other.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, TypeAlias

import torch

from labs.noising import formulas

Tensor: TypeAlias = torch.Tensor
Function = Callable[..., Any]
Size = tuple[int, int, int, int]  # B, C, H, W
Report = dict[str, Any]
SHOWN = 0.3  # alpha_bar of the pictures that are shown


class Failure(Exception):
    """The first property that does not hold."""

    def __init__(self, property: str, say: str, got: str | None = None, want: str | None = None, name: str | None = None) -> None:
        super().__init__(say)
        self.report: Report = {"ok": False, "first_failure": property, "say": say, "got": got, "want": want, "permutation": name}


def check_add_noise(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 3. `args`: entry, seed, picture (square rgb bytes in base64)."""
    report = _checked(space, args, formulas.add)
    if report["ok"]:
        report["say"] = "Each picture of the batch is mixed by its own step: √ᾱ of the picture, √(1 − ᾱ) of the noise."
    x, e, a = _sample(args)
    return _shown(report, space, args, lambda call: call(x.clone(), e.clone(), a.clone()), formulas.add(x, e, a.view(-1, 1, 1, 1)))


def check_predict_x0(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 10. As above, and `bars`: alpha_bar of this run's schedule; the picture must come back at each of its steps."""
    report = _checked(space, args, formulas.back)
    x, e, a = _sample(args)
    if report["ok"]:
        try:
            report["say"] = _round_trip(space[args["entry"]], x, [float(bar) for bar in args["bars"]])
        except Failure as failure:
            report = failure.report
    mixed = formulas.add(x, e, a.view(-1, 1, 1, 1))
    return _shown(report, space, args, lambda call: call(mixed.clone(), e.clone(), a.clone()), x)


def _round_trip(call: Function, x: Tensor, bars: list[float]) -> str:
    """With the true noise the picture comes back at every step but for rounding; the sentence tells the largest error."""
    worst, at = 0.0, 0
    for start in range(0, len(bars), 64):
        a = torch.tensor(bars[start : start + 64])
        e = torch.randn(len(a), *x.shape[1:], generator=torch.Generator().manual_seed(start))
        many = x.expand(len(a), -1, -1, -1)
        errors = (call(formulas.add(many, e, a.view(-1, 1, 1, 1)), e, a) - many).abs().flatten(1).max(1).values
        allowed = 1e-5 + 1e-5 / a.sqrt()  # rounding of float32, about 1e-7 of numbers up to 5, divided by the picture's factor
        bad = (~(errors <= allowed)).nonzero()
        if len(bad):
            step = int(bad[0])
            raise Failure("round trip", f"At step {start + step} (ᾱ = {bars[start + step]:.2g}) x0 is off by {float(errors[step]):.2g}.")
        if float(errors.max()) > worst:
            worst, at = float(errors.max()), start + int(errors.argmax())
    return (
        f"With the true noise the picture comes back at every step of this schedule. The largest error is {worst:.1g}, at t = {at}: "
        f"float32's rounding, divided by √ᾱ = {math.sqrt(bars[at]):.2g}."
    )


def _checked(space: Mapping[str, Any], args: Mapping[str, Any], right: formulas.Mix) -> Report:
    """Try the drawn shapes in turn."""
    call = space.get(args["entry"])
    if not callable(call):
        return {"ok": False, "first_failure": "defined", "say": f"There is no function {args['entry']} in it."}
    try:
        for number, size in enumerate(sizes(int(args["seed"]))):
            _trial(call, size, number, right)
    except Failure as failure:
        if failure.report["permutation"] is None and failure.report["first_failure"] != "written":
            failure.report["permutation"] = _narrow(call, right)
        return failure.report
    return {"ok": True}


def _trial(call: Function, size: Size, number: int, right: formulas.Mix) -> None:
    x, e, a = inputs(size, number)
    out = _called(call, x, e, a)
    want = right(x.double(), e.double(), a.double().view(-1, 1, 1, 1))
    if out.shape != want.shape:
        say = f"For pictures of shape {tuple(x.shape)} the result has shape {tuple(out.shape)}."
        raise Failure("shape", say, str(tuple(out.shape)), str(tuple(want.shape)))
    if formulas.same(out, want):
        return
    name = formulas.mistake(out, x, e, a, right)
    if name is None and formulas.along_wrong_axis(out, x, e, a, right):
        name = "wrong-axis"
    if name is None and formulas.draws_its_own(call, x, e, a):
        name = "own-noise"
    at = _place(out, want)
    got, expected = float(out[at]), float(want[at])
    say = f"For pictures of shape {tuple(x.shape)}, element {at} should be {expected:.4g} and is {got:.4g}."
    raise Failure("values", say, f"{got:.4g}", f"{expected:.4g}", name)


def _place(out: Tensor, want: Tensor) -> tuple[int, ...]:
    """Where a result is farthest off."""
    flat = int((out.double() - want).abs().nan_to_num(1e9).argmax())
    return tuple(int(place) for place in torch.unravel_index(torch.tensor(flat), want.shape))


def _narrow(call: Function, right: formulas.Mix) -> str | None:
    """Whether it works, or goes through under a known name, in one special case: then that case was taken for the rule."""
    for size in ((3, 2, 4, 3), (3, 2, 3, 4), (3, 3, 2, 4)):  # the batch as long as columns, rows, channels
        x, e, a = inputs(size, 0)
        try:
            out = _called(call, x, e, a)
        except Failure:
            continue
        if out.shape == x.shape and formulas.along_wrong_axis(out, x, e, a, right):
            return "wrong-axis"
    try:
        _trial(call, (1, 2, 3, 4), 0, right)
    except Failure:
        return None
    return "one-picture"


def _called(call: Function, x: Tensor, e: Tensor, a: Tensor) -> Tensor:
    """The learner's result as a tensor; raises Failure where it raises, gives something else, or changes its input."""
    given = x.clone(), e.clone(), a.clone()
    where = f"on pictures of shape {tuple(x.shape)}"
    try:
        out = call(*given)
    except NotImplementedError:
        raise Failure("written", "It is not written yet.") from None
    except MemoryError:
        raise
    except Exception as error:
        text = (str(error).strip().splitlines() or [""])[0]
        raise Failure("runs", f"It raises {type(error).__name__} {where}: {text[:200]}") from None
    if not isinstance(out, torch.Tensor):
        raise Failure("tensor", f"It returns {type(out).__name__} {where}, and a tensor is expected.")
    if not all(torch.equal(now, before) for now, before in zip(given, (x, e, a), strict=True)):
        raise Failure("input", f"Its input was changed {where}.", name="input-changed")
    return out.detach()


def inputs(size: Size, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Random pictures in -1..1, noise, and an alpha_bar for each picture, all apart from each other and from one half."""
    B = size[0]
    generator = torch.Generator().manual_seed(seed)
    x, e = torch.rand(size, generator=generator) * 2 - 1, torch.randn(size, generator=generator)
    places = torch.randperm(B, generator=generator) + 0.3 + 0.2 * torch.rand(B, generator=generator)
    a = 0.08 + 0.84 * places / B
    return x, e, torch.where((a - 0.5).abs() < 0.03, a + 0.06, a)


def sizes(seed: int) -> list[Size]:
    """Shapes to try: first with four different lengths, then the batch as long as columns, rows or channels; one usual one."""
    random = Random(f"shapes/{seed}")
    B, C, H, W = random.sample((2, 3, 4, 5, 6), 4)
    return [(B, C, H, W), (B, C, H, B), (B, C, B, W), (B, B, H, W), (1, 3, 8, 8), (4, 3, 16, 16)]


def _sample(args: Mapping[str, Any]) -> tuple[Tensor, Tensor, Tensor]:
    """This run's picture as (1, 3, H, W) in -1..1, noise, and one alpha_bar."""
    data = base64.b64decode(args["picture"])
    side = math.isqrt(len(data) // 3)
    x = torch.tensor(list(data), dtype=torch.float32).view(side, side, 3).permute(2, 0, 1)[None] * 2 / 255 - 1
    return x, torch.randn(x.shape, generator=torch.Generator().manual_seed(0)), torch.tensor([SHOWN])


def _shown(report: Report, space: Mapping[str, Any], args: Mapping[str, Any], yours: Function, target: Tensor) -> Report:
    """The report with "yours" beside "target", as far as yours can be drawn."""
    report["target"] = _bytes(target)
    try:
        report["yours"] = _bytes(yours(space[args["entry"]]))
    except Exception:  # what cannot be drawn is left out: the report says what is wrong
        report["yours"] = None
    return report


def _bytes(picture: Tensor) -> Report:
    """(1, 3, H, W) in -1..1 as JSON, cut to what can be shown."""
    levels = ((picture[0].nan_to_num(0).clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(1, 2, 0).contiguous()
    return {"rows": levels.shape[0], "columns": levels.shape[1], "rgb": base64.b64encode(bytes(levels.flatten().tolist())).decode("ascii")}
