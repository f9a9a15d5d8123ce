"""What decides the code tasks, called in the sandbox as `checker(namespace, args) -> CodeReport fields`. Numpy only.

Features are random, of all lengths, some turned away from the first frame, so that every slip gives another number: a wrong result
says by itself which one it was. The first failing property is reported and no other.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from labs.video_drift import formulas, metrics

Array = Any
Report = dict[str, Any]
CLOSE = 1e-6
MUST_BE_LOW = ("good", "frozen", "identity", "flicker", "lighting")
MUST_BE_HIGH = ("teleport", "shuffled")


class Failure(Exception):
    """The first property that does not hold."""

    def __init__(self, property: str, say: str, got: str | None = None, want: str | None = None, name: str | None = None) -> None:
        super().__init__(say)
        self.report: Report = {"ok": False, "first_failure": property, "say": say, "got": got, "want": want, "permutation": name}


def check_consistency(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 5: `subject_consistency(features) -> float`; `args["features"]` are those of this run's drifting clip."""

    def trial(call: Callable[..., Any]) -> str:
        cases = trials(int(args["seed"]))
        outs = [number(called(call, features), features) for features in cases]
        wanted = [metrics.subject_consistency(features) for features in cases]
        compared(outs, wanted, formulas.SCORES, [(features,) for features in cases])
        run = np.array(args["features"])
        mine, right = number(called(call, run), run), metrics.subject_consistency(run)
        compared([mine], [right], formulas.SCORES, [(run,)])
        neighbours = float(metrics.at_gap(run, 1).mean())
        return (
            f"On this run's drifting clip it gives {mine:.4f}, as VBench's definition does. Its neighbours alone would have "
            f"{neighbours:.4f}: what sees the drift is the comparison with the first frame."
        )

    report = _tried(space, args, trial)
    cases = trials(int(args["seed"]))[:6]
    return _shown(report, space, args, lambda call: [float(call(f.copy())) for f in cases], [metrics.subject_consistency(f) for f in cases])


def check_gap_curve(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 6: `gap_curve(features, longest) -> longest numbers`."""

    def trial(call: Callable[..., Any]) -> str:
        for features, longest in curve_trials(int(args["seed"])):
            out = numbers(called(call, features, longest), features, longest)
            want = np.array(metrics.gap_curve(features, longest))
            if len(out) != len(want):
                name = _named([out], formulas.CURVES, [(features, longest)])
                say = f"For longest = {longest} it gives {len(out)} numbers; {longest} were asked for."
                raise Failure("length", say, str(len(out)), str(longest), name)
            compared([out], [want], formulas.CURVES, [(features, longest)])
        run = np.array(args["features"])
        mine = numbers(called(call, run, 16), run, 16)
        compared([mine], [np.array(metrics.gap_curve(run, 16))], formulas.CURVES, [(run, 16)])
        return f"This run's drifting clip: {mine[0]:.3f} for neighbours, {mine[7]:.3f} at gap 8, {mine[15]:.3f} at gap 16."

    report = _tried(space, args, trial)
    run = np.array(args["features"])
    return _shown(report, space, args, lambda call: [float(v) for v in call(run.copy(), 16)], metrics.gap_curve(run, 16))


def check_motion(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 8: `motion_score(frames) -> float`; `args["clips"]` is an .npz file with an array (seeds, T, H, W, 3) for each kind."""
    with np.load(args["clips"]) as stored:
        clips = {kind: stored[kind] for kind in stored.files}
    drawn: list[dict[str, float]] = []

    def trial(call: Callable[..., Any]) -> str:
        for seed in range(len(clips["good"])):
            found = {kind: number(called(call, clips[kind][seed]), clips[kind][seed]) for kind in clips}
            drawn.append(found)
            _ranked(found, seed)
        gap = min(min(f[kind] for kind in MUST_BE_HIGH) - max(f[kind] for kind in MUST_BE_LOW) for f in drawn)
        return (
            f"On {len(drawn)} seeds both clips that jump are above the five that do not, by {gap:.3g} at least. No score of appearance "
            "could do that: their objects are the same in every frame."
        )

    report = _tried(space, args, trial)
    target = {kind: metrics.largest_step(clips[kind][0]) for kind in clips}
    report["target"] = target
    report["yours"] = drawn[0] if drawn else None
    return report


@lru_cache(maxsize=4)
def trials(seed: int) -> list[Array]:
    """Features to try: rows of many lengths; every case has frames turned away from the first and from each other."""
    random = np.random.default_rng(seed)
    found: list[Array] = []
    while len(found) < 8:
        features = random.normal(size=(int(random.integers(5, 10)), int(random.integers(3, 7)))) + random.normal(size=1) * 0.6
        features *= random.uniform(0.2, 3.0, size=(len(features), 1))
        before, first = formulas.cosines(features), formulas.firsts(features)
        apart = (before < -0.1).any() and (first < -0.1).any() and ((before > 0.1) & (first < -0.1) | (before < -0.1) & (first > 0.1)).any()
        if apart and _told_apart(features):
            found.append(features)
    return found


def _told_apart(features: Array) -> bool:
    """Whether each known slip gives a number of its own here."""
    values = [
        metrics.subject_consistency(features),
        *(float(slip(features)) for name, slip in formulas.SCORES.items() if name != "clamped-last"),
    ]
    values.sort()
    return all(b - a > 1e-4 for a, b in itertools.pairwise(values))


def curve_trials(seed: int) -> list[tuple[Array, int]]:
    """Features and longest gaps to try; the clip is always longer than the gap."""
    random = np.random.default_rng(seed + 1)
    found = []
    for frames in (6, 9, 12, 20):
        features = random.normal(size=(frames, 5)) + 0.3
        features *= random.uniform(0.2, 3.0, size=(frames, 1))
        found.append((features, int(random.integers(3, frames - 1))))
    return found


def compared(outs: Sequence[Any], wanted: Sequence[Any], slips: Mapping[str, Callable[..., Any]], cases: Sequence[tuple[Any, ...]]) -> None:
    """Raise the failure of the first result that is not the wanted one, under the name of the slip that gives just these results."""
    for out, want in zip(outs, wanted, strict=True):
        wrong = np.atleast_1d(np.abs(np.asarray(out) - np.asarray(want)) > CLOSE)
        if not wrong.any():
            continue
        at = int(wrong.argmax())
        got, right = float(np.atleast_1d(out)[at]), float(np.atleast_1d(want)[at])
        where = f"At gap {at + 1} it" if wrong.size > 1 else "It"
        raise Failure("values", f"{where} gives {got:.6g}, want {right:.6g}.", f"{got:.6g}", f"{right:.6g}", _named(outs, slips, cases))


def _named(outs: Sequence[Any], slips: Mapping[str, Callable[..., Any]], cases: Sequence[tuple[Any, ...]]) -> str | None:
    for name, slip in slips.items():
        made = [np.asarray(slip(*case)) for case in cases]
        if all(m.shape == np.shape(o) and np.allclose(m, o, atol=CLOSE, rtol=1e-5) for m, o in zip(made, outs, strict=True)):
            return name
    return None


def _ranked(found: Mapping[str, float], seed: int) -> None:
    """Both jumping clips above all the others, or the symptom that names what was measured instead."""
    missed = [(a, b) for a in MUST_BE_HIGH for b in MUST_BE_LOW if found[a] <= found[b]]
    if not missed:
        return
    a, b = missed[0]
    say = f"Seed {seed}: the {a} clip gets {found[a]:.6g}, the {b} clip {found[b]:.6g}; it must get more."
    raise Failure("ranking", say, f"{found[a]:.6g}", f"more than {found[b]:.6g}", _symptom(found))


def _symptom(found: Mapping[str, float]) -> str | None:
    """What was measured instead, by which clips came out alike or too high."""
    high = max(found[kind] for kind in MUST_BE_HIGH)
    good, clearly = found["good"], 1.1
    if len(set(found.values())) == 1:
        return "constant"
    if found["frozen"] >= high or high < min(found[kind] for kind in MUST_BE_LOW):
        return "turned-round"
    if max(found["flicker"], found["lighting"]) > clearly * max(high, good):
        return "light-for-motion"
    if math.isclose(found["shuffled"], good, rel_tol=1e-6):
        return "order-blind"
    if found["identity"] > clearly * max(high, good):
        return "appearance-for-motion"
    if good / 2 < found["teleport"] < 2 * good and found["shuffled"] > good / clearly:  # it may go on at another even pace
        return "typical-step"
    return "amount-for-plausibility" if min(found[kind] for kind in MUST_BE_HIGH) < good else None


def called(call: Callable[..., Any], *given: Any) -> Any:
    """The function's result on copies; a failure that names what it was given where it raises or changes its input."""
    copies = [value.copy() if isinstance(value, np.ndarray) else value for value in given]
    shape = getattr(given[0], "shape", ())
    try:
        out = call(*copies)
    except NotImplementedError:
        raise Failure("written", "It is not written yet.") from None
    except Exception as error:
        raise Failure("runs", f"{type(error).__name__} on an input of shape {tuple(shape)}: {str(error)[:160]}") from None
    if any(isinstance(value, np.ndarray) and not np.array_equal(copy, value) for copy, value in zip(copies, given, strict=True)):
        raise Failure("input", f"It changes its own input (shape {tuple(shape)}).", name="input-changed")
    return out


def number(out: Any, features: Array) -> float:
    """The result as one finite number."""
    if np.ndim(out) != 0 or isinstance(out, str | bool) or out is None:
        what = f"an array of shape {np.shape(out)}" if np.ndim(out) else type(out).__name__
        raise Failure("number", f"It gives {what}; one number was asked for.", what, "a number", "per-frame" if np.ndim(out) else None)
    if not np.isfinite(float(out)):
        raise Failure(
            "finite", f"It gives {float(out)} on an input of shape {features.shape}.", str(float(out)), "a finite number", "not-finite"
        )
    return float(out)


def numbers(out: Any, features: Array, longest: int) -> Array:
    """The result as a row of numbers."""
    try:
        row = np.asarray(out, dtype=np.float64)
    except (TypeError, ValueError):
        raise Failure("numbers", f"It gives {type(out).__name__}; {longest} numbers were asked for.") from None
    if row.ndim != 1:
        raise Failure("numbers", f"It gives shape {row.shape}; {longest} numbers in a row were asked for.", str(row.shape), f"({longest},)")
    if not np.isfinite(row).all():
        raise Failure("finite", f"It gives numbers that are not finite on an input of shape {features.shape}.", name="not-finite")
    return row


def _tried(space: Mapping[str, Any], args: Mapping[str, Any], trial: Callable[[Callable[..., Any]], str]) -> Report:
    call = space.get(args["entry"])
    if not callable(call):
        return {"ok": False, "first_failure": "defined", "say": f"There is no function {args['entry']} in it."}
    try:
        return {"ok": True, "say": trial(call)}
    except Failure as failure:
        return failure.report


def _shown(
    report: Report, space: Mapping[str, Any], args: Mapping[str, Any], yours: Callable[[Any], list[float]], target: list[float]
) -> Report:
    """The report with "yours" beside "target", as far as yours can be drawn."""
    report["target"] = target
    try:
        found = yours(space[args["entry"]])
        report["yours"] = found if len(found) == len(target) and np.isfinite(found).all() else None
    except Exception:  # what cannot be drawn is left out: the report says what is wrong
        report["yours"] = None
    return report
