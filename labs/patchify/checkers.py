"""What decides the code tasks, called in the sandbox as `checker(namespace, args) -> CodeReport fields`. Imports torch only.

Every element of the input is its own address, on pictures that are not square, with more than one in the batch and other than three
channels; so a wrong result says by itself which axes went where. The first failing property is reported and no other.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, TypeAlias

import torch

from labs.patchify import permutations

Tensor: TypeAlias = torch.Tensor
Function = Callable[..., Any]
Size = tuple[int, int, int, int, int]  # B, C, h, w, p
Report = dict[str, Any]
SAMPLE: Size = (1, 3, 4, 6, 8)


class Failure(Exception):
    """The first property that does not hold."""

    def __init__(self, property: str, say: str, got: str | None = None, want: str | None = None, name: str | None = None) -> None:
        super().__init__(say)
        self.report: Report = {"ok": False, "first_failure": property, "say": say, "got": got, "want": want, "permutation": name}


def check_patchify(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 7."""

    def trial(call: Function, size: Size) -> str:
        x, p = addresses(size), size[4]
        out = called(call, x, (p,), size)
        order = permutations.legal_order(x, out, p)
        if order is None:
            want = permutations.patches(x, p, "bhwijc")
            raise wrong(out, want, size, permutations.of_patchify(x, out, p))
        return order

    report, found = _checked(space, args, trial)
    if report["ok"]:
        report["order"] = found
        report["say"] = ORDERS[str(found)]
    return _shown(report, space, args, lambda call: _tiles(call(sample(), SAMPLE[4])), _tiles(permutations.patches(sample(), SAMPLE[4])))


ORDERS = {
    "c p1 p2": (
        "You flattened each patch as (c p1 p2). That is Conv2d's order: its weight is (D, C, p, p), so row d of it is a kernel in just "
        "this order, "
        "and the weight of a convolution can be used as it is."
    ),
    "p1 p2 c": (
        "You flattened each patch as (p1 p2 c), the colours of a pixel together, as the ViT paper writes its length: P²·C. "
        "Conv2d's order is (c p1 p2), for its weight is (D, C, p, p): to use a convolution's weight with your patches, "
        "its axes must be moved first."
    ),
}


def check_unpatchify(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 8: addresses, then the round trip on twelve random shapes."""

    def trial(call: Function, size: Size) -> str:
        x, (_, _, h, w, p) = addresses(size), size
        out = called(call, permutations.patches(x, p), (p, h, w), size)
        if tuple(out.shape) != tuple(x.shape) or not torch.equal(out, x):
            raise wrong(out, x, size, permutations.of_unpatchify(x, out, p))
        return "round trip"

    report, _ = _checked(space, args, trial, shapes=12)
    if report["ok"]:
        report["say"] = "Cutting and putting together again gives the very picture, on all twelve shapes: patchify loses nothing."
    tokens = permutations.patches(sample(), SAMPLE[4])
    return _shown(report, space, args, lambda call: _picture(call(tokens, SAMPLE[4], SAMPLE[2], SAMPLE[3])), _picture(sample()))


def check_linear(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 9: addresses, then agreement to 1e-5 on the weights of this run (`args["weights"]`: a safetensors file with `weight`)."""

    def trial(call: Function, size: Size) -> str:
        D, C, p = size[2] * size[3], size[1], size[4]
        weight = torch.arange(1, D * C * p * p + 1, dtype=torch.float32).reshape(D, C, p, p)
        out = called(call, weight, (), (D, C, p, p))
        if tuple(out.shape) != (D, C * p * p) or not torch.equal(out, weight.reshape(D, -1)):
            raise wrong(out, weight.reshape(D, -1), (D, C, p, p), permutations.of_linear(weight, out))
        return "matrix"

    weight = _weights(args)
    report, _ = _checked(space, args, trial, last=lambda call: _agreement(call, weight))
    if report["ok"]:
        report["say"] = (
            "On this run's weights the linear layer and the convolution give the same tokens: patch embedding is one matrix product."
        )
    x = torch.rand(1, weight.shape[1], 2 * weight.shape[2], 3 * weight.shape[2], generator=torch.Generator().manual_seed(0))
    return _shown(report, space, args, lambda call: _heat(_linear(call(weight.clone()), x)), _heat(_conv(weight, x)))


def _agreement(call: Function, weight: Tensor) -> None:
    x = torch.rand(2, weight.shape[1], 3 * weight.shape[2], 2 * weight.shape[2], generator=torch.Generator().manual_seed(1))
    off = (_linear(call(weight.clone()), x) - _conv(weight, x)).abs().max().item()
    if not off < 1e-5:
        raise Failure("agreement", f"On this run's weights the two differ by up to {off:.2g}; 1e-5 is allowed.")


def _conv(weight: Tensor, x: Tensor) -> Tensor:
    """(B, N, D) in double precision, so that rounding plays no part."""
    return torch.nn.functional.conv2d(x.double(), weight.double(), stride=weight.shape[2]).flatten(2).transpose(1, 2)


def _linear(matrix: Tensor, x: Tensor) -> Tensor:
    if matrix.ndim != 2:
        raise ValueError("no matrix")
    p = int((matrix.shape[1] // x.shape[1]) ** 0.5)
    return torch.nn.functional.unfold(x.double(), p, stride=p).transpose(1, 2) @ matrix.double().T


def addresses(size: Size) -> Tensor:
    """(B, C, h*p, w*p) in which every element is its own address, from 1 on (so that a forgotten zero shows)."""
    B, C, h, w, p = size
    return torch.arange(1, B * C * h * p * w * p + 1, dtype=torch.float32).reshape(B, C, h * p, w * p)


def called(call: Function, x: Tensor, more: tuple[int, ...], size: tuple[int, ...]) -> Tensor:
    """The learner's result as a tensor; raises Failure where it raises, gives something else, or changes its input."""
    given = x.clone()
    where = f"on an input of shape {tuple(x.shape)}" + (f" with p = {more[0]}" if more else "")
    try:
        out = call(given, *more)
    except NotImplementedError:
        raise Failure("written", "It is not written yet.") from None
    except MemoryError:
        raise
    except Exception as error:
        text = (str(error).strip().splitlines() or [""])[0]
        raise Failure("runs", f"It raises {type(error).__name__} {where}: {text[:200]}") from None
    if not isinstance(out, torch.Tensor):
        raise Failure("tensor", f"It returns {type(out).__name__} {where}, and a tensor is expected.")
    if not torch.equal(given, x):
        raise Failure("input", f"Its input was changed {where}.", name="input-changed")
    return out.detach().to(torch.float32) if out.dtype != torch.float32 else out.detach()


def wrong(out: Tensor, want: Tensor, size: tuple[int, ...], name: str | None) -> Failure:
    """The failure of a result with a wrong shape, or with a right one and wrong places."""
    got_shape, want_shape = tuple(out.shape), tuple(want.shape)
    if got_shape != want_shape:
        say = f"With (B, C, h, w, p) = {size}" if len(size) == 5 else f"For a weight of shape {size}"
        return Failure("shape", f"{say} the result has shape {got_shape}, want {want_shape}.", str(got_shape), str(want_shape), name)
    at = tuple(int(place) for place in (out != want).nonzero()[0])
    got, expected = out[at].item(), want[at].item()
    return Failure(
        "addresses",
        f"Of shape {want_shape}, element {at} should be input number {expected:g} and is {got:g}.",
        f"{got:g}",
        f"{expected:g}",
        name,
    )


def _checked(
    space: Mapping[str, Any], args: Mapping[str, Any], trial: Callable[[Function, Size], str], shapes: int = 6, last: Function | None = None
) -> tuple[Report, str | None]:
    """Try the drawn shapes in turn; the report, and what the trials found in common."""
    call = space.get(args["entry"])
    if not callable(call):
        return {"ok": False, "first_failure": "defined", "say": f"There is no function {args['entry']} in it."}, None
    found = None
    try:
        for size in sizes(int(args["seed"]), shapes):
            found = trial(call, size)
        if last is not None:
            last(call)
    except Failure as failure:
        if failure.report["permutation"] in (None, "values-changed") and failure.report["first_failure"] not in ("written", "agreement"):
            failure.report["permutation"] = _narrow(call, trial) or failure.report["permutation"]
        return failure.report, None
    return {"ok": True}, found


def _narrow(call: Function, trial: Callable[[Function, Size], str]) -> str | None:
    """Whether it does work in one special case: then that case was taken for the rule."""
    cases: dict[str, Size] = {
        "assumes-square": (2, 4, 3, 3, 4),
        "hard-coded-channels": (2, 3, 2, 3, 4),
        "hard-coded-patch": (2, 4, 2, 3, 16),
        "one-picture": (1, 4, 2, 3, 4),
    }
    for name, size in cases.items():
        try:
            trial(call, size)
        except Failure:
            continue
        return name
    return None


def sizes(seed: int, count: int) -> list[Size]:
    """Shapes to try: never square, more than one picture, never three channels, small patches; the last is a usual one."""
    random = Random(f"shapes/{seed}")
    found: list[Size] = []
    for _ in range(count - 1):
        h, w = random.sample((2, 3, 4, 5), 2)
        B = random.randrange(2, 4)
        C = random.choice([C for C in (2, 4, 5) if C != B])  # else a lost batch looks like a lost channel
        found.append((B, C, h, w, random.choice((2, 3, 4, 5))))
    return [*found, (2, 3, 2, 3, 16)]


def sample() -> Tensor:
    """A small picture (1, 3, 32, 48): colours that run from side to side, and a disc, so that every misplaced patch is seen."""
    _, _, h, w, p = SAMPLE
    rows, columns = torch.meshgrid(torch.linspace(0, 1, h * p), torch.linspace(0, 1, w * p), indexing="ij")
    disc = ((rows - 0.45) ** 2 * 0.6 + (columns - 0.4) ** 2 < 0.06).float()
    return torch.stack((columns, rows, 0.25 + 0.75 * disc)).unsqueeze(0)


def _shown(report: Report, space: Mapping[str, Any], args: Mapping[str, Any], yours: Function, target: Report) -> Report:
    """The report with "yours" beside "target", as far as yours can be drawn."""
    report["target"] = target
    try:
        report["yours"] = yours(space[args["entry"]])
    except Exception:  # what cannot be drawn is left out: the report says what is wrong
        report["yours"] = None
    return report


def _tiles(tokens: Tensor) -> Report:
    """A token sequence of the sample drawn as tiles with gaps between them; (p1 p2 c) vectors are recognised by being smoother."""
    _, C, h, w, p = SAMPLE
    vectors = tokens.reshape(h * w, p * p * C)
    as_chw, as_hwc = vectors.reshape(-1, C, p, p), vectors.reshape(-1, p, p, C).permute(0, 3, 1, 2)
    tiles = min((as_chw, as_hwc), key=lambda t: float((t[..., 1:] - t[..., :-1]).abs().sum()))
    gapped = torch.nn.functional.pad(tiles, (0, 2, 0, 2), value=1.0)
    return _bytes(gapped.reshape(h, w, C, p + 2, p + 2).permute(2, 0, 3, 1, 4).reshape(C, h * (p + 2), w * (p + 2)))


def _picture(x: Tensor) -> Report:
    return _bytes(x.reshape(3, SAMPLE[2] * SAMPLE[4], SAMPLE[3] * SAMPLE[4]))


def _heat(tokens: Tensor) -> Report:
    """(1, N, D) tokens as a grey map, a row a token, at most 32 columns."""
    grey = tokens[0, :, :32].float()
    return _bytes((grey * 0.5 + 0.5).expand(3, -1, -1))


def _bytes(image: Tensor) -> Report:
    """(3, rows, columns) in 0..1 as JSON."""
    levels = (image.clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous()
    return {"rows": levels.shape[0], "columns": levels.shape[1], "rgb": base64.b64encode(bytes(levels.flatten().tolist())).decode("ascii")}


def _weights(args: Mapping[str, Any]) -> Tensor:
    from safetensors.torch import load_file

    return load_file(args["weights"])["weight"]
