"""What decides the code tasks, called in the sandbox as `checker(namespace, args) -> CodeReport fields`. Imports torch only.

Features are random and of unequal lengths, sizes are all different, and each known mistake (mistakes.py) is worked out on the very same
features, so that a wrong result is called by its name. The first failing property is reported and no other.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import torch

from labs.clip_zero_shot import mistakes

Tensor: TypeAlias = torch.Tensor
Report = dict[str, Any]
TOLERANCE = 1e-4


class Failure(Exception):
    """The first property that does not hold."""

    def __init__(self, property: str, say: str, got: str | None = None, want: str | None = None, name: str | None = None) -> None:
        super().__init__(say)
        self.report: Report = {"ok": False, "first_failure": property, "say": say, "got": got, "want": want, "permutation": name}


def check_zero_shot(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 3: label numbers of random features that are not normalised."""
    trials = [("random features", mistakes.picks(int(args["seed"]), number)) for number in range(4)]
    say = "Every picture got its nearest label by angle, whatever the lengths of the vectors."
    report = _checked(space, args, trials, mistakes.zero_shot, mistakes.ZERO_SHOT, exact=True, say=say)
    sample = mistakes.picks(0, 2)
    return _shown(report, space, args, lambda call: _one_hot(call(*sample), sample), _one_hot(mistakes.zero_shot(*sample), sample))


def check_ensemble(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 5: cosines of pictures with the mean prompt of each label."""
    trials = [("random features", mistakes.templates(int(args["seed"]), number)) for number in range(4)]
    say = "Normalise, average, normalise again: each label has one vector of length 1, and one matrix product scores all pictures."
    report = _checked(space, args, trials, mistakes.ensemble, mistakes.ENSEMBLE, exact=False, say=say)
    sample = mistakes.templates(0, 1)
    return _shown(report, space, args, lambda call: _heat(call(*sample)), _heat(mistakes.ensemble(*sample)))


def check_info_nce(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 7: the loss on random features at several scales, on equal ones, and at a scale where bare exponentials overflow."""
    seed = int(args["seed"])
    trials = [("random features", mistakes.batch(seed, number)) for number in range(4)]
    trials += [("features that are all equal", mistakes.alike(seed)), ("features at scale 100", mistakes.steep(seed))]
    say = "It agrees with the mean of both cross-entropies, gives log B where all features are equal, and holds at a scale of 100."
    report = _checked(space, args, trials, mistakes.info_nce, mistakes.INFO_NCE, exact=False, say=say)
    return _shown(report, space, args, _curve, _curve(mistakes.info_nce))


def _checked(
    space: Mapping[str, Any],
    args: Mapping[str, Any],
    trials: list[tuple[str, tuple[Any, ...]]],
    reference: Callable[..., Tensor],
    known: Mapping[str, Callable[..., Tensor]],
    exact: bool,
    say: str,
) -> Report:
    call = space.get(args["entry"])
    if not callable(call):
        return {"ok": False, "first_failure": "defined", "say": f"There is no function {args['entry']} in it."}
    try:
        for what, given in trials:
            want = reference(*given)
            out = called(call, given, what)
            if not _same(out, want, exact):
                raise _wrong(out, want, given, what, _named(out, given, known, exact))
    except Failure as failure:
        return failure.report
    return {"ok": True, "say": say}


def called(call: Callable[..., Any], given: tuple[Any, ...], what: str) -> Tensor:
    """The learner's result as a tensor; raises Failure where it raises, gives something else, or changes its input."""
    copies = tuple(value.clone() if isinstance(value, torch.Tensor) else value for value in given)
    shapes = ", ".join(str(tuple(value.shape)) for value in given if isinstance(value, torch.Tensor))
    where = f"on {what} of shape {shapes}"
    try:
        out = call(*copies)
    except NotImplementedError:
        raise Failure("written", "It is not written yet.") from None
    except MemoryError:
        raise
    except Exception as error:
        text = (str(error).strip().splitlines() or [""])[0]
        raise Failure("runs", f"It raises {type(error).__name__} {where}: {text[:200]}") from None
    if any(isinstance(value, torch.Tensor) and not torch.equal(value, copy) for value, copy in zip(given, copies, strict=True)):
        raise Failure("input", f"Its input was changed {where}.", name="input-changed")
    try:
        made = out.detach() if isinstance(out, torch.Tensor) else torch.as_tensor(out)
    except (TypeError, ValueError, RuntimeError):
        raise Failure("tensor", f"It returns {type(out).__name__} {where}, and a tensor is expected.") from None
    return made.to(torch.float64)


def _same(out: Tensor, want: Tensor, exact: bool) -> bool:
    if out.shape != want.shape:
        return False
    return bool(torch.equal(out, want.double()) if exact else torch.allclose(out, want.double(), rtol=TOLERANCE, atol=TOLERANCE))


def _named(out: Tensor, given: tuple[Any, ...], known: Mapping[str, Callable[..., Tensor]], exact: bool) -> str | None:
    """Which known mistake gives just this result."""
    for name, make in known.items():
        if _same_or_both_endless(out, make(*given).double(), exact):
            return name.partition(":")[0]
    return None


def _same_or_both_endless(out: Tensor, wrong: Tensor, exact: bool) -> bool:
    if out.shape == wrong.shape and not bool(torch.isfinite(wrong).all()):
        return not bool(torch.isfinite(out).all())
    return _same(out, wrong, exact)


def _wrong(out: Tensor, want: Tensor, given: tuple[Any, ...], what: str, name: str | None) -> Failure:
    """The failure of a result of another shape, or of the right one with other numbers."""
    if out.shape != want.shape:
        shapes = ", ".join(str(tuple(value.shape)) for value in given if isinstance(value, torch.Tensor))
        got, wanted = str(tuple(out.shape)), str(tuple(want.shape))
        return Failure("shape", f"For inputs of shape {shapes} the result has shape {got}, want {wanted}.", got, wanted, name)
    if want.ndim == 0:
        got, wanted = f"{out.item():.4f}", f"{want.item():.4f}"
        return Failure(
            "value", f"For {what} (B = {given[0].shape[0]}, scale {given[2]:g}) it gives {got}, want {wanted}.", got, wanted, name
        )
    off = (out - want.double()).abs()
    at = tuple(int(place) for place in (off > TOLERANCE).nonzero()[0]) if bool((off > TOLERANCE).any()) else (0,) * want.ndim
    got, wanted = f"{out[at].item():.4g}", f"{want[at].item():.4g}"
    place = at[0] if len(at) == 1 else at
    return Failure("value", f"For {what}, entry {place} is {got}, want {wanted}.", got, wanted, name)


def _shown(report: Report, space: Mapping[str, Any], args: Mapping[str, Any], yours: Callable[..., Report], target: Report) -> Report:
    """The report with "yours" beside "target", as far as yours can be drawn."""
    report["target"] = target
    try:
        report["yours"] = yours(space[args["entry"]])
    except Exception:  # what cannot be drawn is left out: the report says what is wrong
        report["yours"] = None
    return report


def _one_hot(said: Any, sample: tuple[Tensor, Tensor]) -> Report:
    """A row a picture, a column a label, the chosen one lit."""
    images, texts = sample
    board = torch.full((len(images), len(texts)), 0.15)
    board[torch.arange(len(images)), torch.as_tensor(said).long()] = 1.0
    return _bytes(board.repeat_interleave(4, 0).repeat_interleave(4, 1))


def _heat(matrix: Any) -> Report:
    made = torch.as_tensor(matrix).double()
    return _bytes((made * 0.5 + 0.5).repeat_interleave(4, 0).repeat_interleave(4, 1))


def _curve(call: Callable[..., Any]) -> Report:
    """The loss of one batch over the logit scale, 1 to 48 from left to right, 0 to 8 from the bottom up."""
    images, texts, _ = mistakes.batch(0, 0)
    board = torch.full((32, 48), 0.12)
    for column in range(48):
        value = float(torch.as_tensor(call(images.clone(), texts.clone(), float(column + 1))))
        if -1 < value < 9:
            board[min(31, max(0, 31 - int(value * 4))), column] = 1.0
    return _bytes(board)


def _bytes(board: Tensor) -> Report:
    """(rows, columns) in 0..1 as a grey picture in JSON."""
    levels = (board.clamp(0, 1) * 255).round().to(torch.uint8)[..., None].expand(-1, -1, 3).contiguous()
    return {"rows": levels.shape[0], "columns": levels.shape[1], "rgb": base64.b64encode(bytes(levels.flatten().tolist())).decode("ascii")}
