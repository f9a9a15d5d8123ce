"""What decides the code task, called in the sandbox as `checker(namespace, args) -> CodeReport fields`. The standard library alone.

A wrong pair of numbers is compared with what each known mistake would give for the very same table; so it says by itself what went wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from random import Random
from statistics import NormalDist
from typing import Any

Table = tuple[int, int, int, int]  # hits, misses, false alarms, correct rejections
Two = tuple[float, float]
Report = dict[str, Any]
CLOSE = 2e-4  # an approximation of z may be as far off
ROUND = {10, 20, 25, 30, 40, 50, 100}  # numbers of trials that someone may have taken for granted
SHOWN: tuple[Table, ...] = ((38, 2, 3, 37), (30, 10, 4, 36), (22, 18, 2, 38), (8, 32, 0, 40), (40, 0, 40, 0))

z, cdf = NormalDist().inv_cdf, NormalDist().cdf


class Failure(Exception):
    """The first property that does not hold."""

    def __init__(self, property: str, say: str, got: str | None = None, want: str | None = None, name: str | None = None) -> None:
        super().__init__(say)
        self.report: Report = {"ok": False, "first_failure": property, "say": say, "got": got, "want": want, "permutation": name}


def check_dprime(space: Mapping[str, Any], args: Mapping[str, Any]) -> Report:
    """Task 11."""
    call = space.get(args["entry"])
    if not callable(call):
        return {"ok": False, "first_failure": "defined", "say": f"There is no function {args['entry']} in it."}
    try:
        for table in tables(int(args["seed"])):
            _trial(call, table)
    except Failure as failure:
        if failure.report["first_failure"] == "runs" and failure.report["permutation"] is None:
            failure.report["permutation"] = _special_case(call)
        return _shown(failure.report, call)
    say = (
        "d' does not reward a habit: whoever always says yes, or always no, gets 0. c tells the habit: above 0 it is a no, the one with "
        "which small faults are called fine."
    )
    return _shown({"ok": True, "say": say}, call)


def reference(table: Table) -> Two:
    """(d', c) with the log-linear correction (Hautus 1995)."""
    h, m, f, r = table
    return _two((h + 0.5) / (h + m + 1), (f + 0.5) / (f + r + 1))


def tables(seed: int) -> list[Table]:
    """What is tried: tables of unequal numbers without zeros first, then with none or all of a kind, then one without any signal."""
    random = Random(f"tables/{seed}")
    found: list[Table] = []
    while len(found) < 4:
        n, m = random.sample(range(12, 50), 2)
        hits, alarms = random.randrange(n // 2 + 1, n - 1), random.randrange(1, m // 2 - 1)
        table = (hits, n - hits, alarms, m - alarms)
        if abs(n - m) >= 5 and hits / n - alarms / m > 0.2 and not {n, m, n + m} & ROUND and _diagnostic(table):
            found.append(table)
    n, m = random.sample(range(8, 30), 2)
    return [*found, (n, 0, 3, m - 3), (n - 2, 2, 0, m), (n, 0, 0, m), (0, n, 0, m), (n, 0, m, 0)]


def _diagnostic(table: Table) -> bool:
    """Whether no two known mistakes give the same for it."""
    made = [values for _, values in wrong(table) if values is not None]
    return all(not _near(one, other, 20 * CLOSE) for number, one in enumerate(made) for other in [*made[:number], reference(table)])


def _trial(call: Callable[..., Any], table: Table) -> None:
    out, want = _called(call, table), reference(table)
    if _near(out, want):
        return
    name = mistake(call, table, out)
    off = "d'" if abs(out[0] - want[0]) > CLOSE else "c"
    raise Failure(
        off,
        f"For {table[0]} hits, {table[1]} misses, {table[2]} false alarms and {table[3]} correct rejections it gives {_pair(out)}; "
        f"right is {_pair(want)}.",
        _pair(out),
        _pair(want),
        name,
    )


def _called(call: Callable[..., Any], table: Table) -> Two:
    """The learner's two numbers; raises Failure where it raises or gives something else."""
    where = f"for dprime{table}"
    try:
        out = call(*table)
    except NotImplementedError:
        raise Failure("written", "It is not written yet.") from None
    except MemoryError:
        raise
    except Exception as error:
        text = (str(error).strip().splitlines() or [""])[0]
        name = "uncorrected" if 0 in table and _works_without_zeros(call) else None
        raise Failure("runs", f"It raises {type(error).__name__} {where}: {text[:160]}", name=name) from None
    if _number(out):
        raise Failure("two numbers", f"It returns {out:.4g} {where}; a pair (d', c) is expected.", name="one-number")
    try:
        first, second = out
    except (TypeError, ValueError):
        raise Failure("two numbers", f"It returns {type(out).__name__} {where}; a pair (d', c) is expected.") from None
    if not (_number(first) and _number(second)):
        raise Failure("two numbers", f"It returns {_word(first)} and {_word(second)} {where}; two finite numbers are expected.")
    return float(first), float(second)


def _works_without_zeros(call: Callable[..., Any]) -> bool:
    try:
        call(30, 10, 5, 35)
    except Exception:
        return False
    return True


def mistake(call: Callable[..., Any], table: Table, out: Two) -> str | None:
    """The known mistake that gives exactly this, or None."""
    for name, made in wrong(table):
        if made is not None and _near(out, made):
            return _narrowed(call) if name == "uncorrected" else name
    return _special_case(call)


def wrong(table: Table) -> list[tuple[str, Two | None]]:
    """What each known mistake gives for a table; None where that has no value."""
    h, m, f, r = table
    hit, alarm = (h + 0.5) / (h + m + 1), (f + 0.5) / (f + r + 1)
    rates: list[tuple[str, float, float]] = [
        ("uncorrected", h / (h + m), f / (f + r)),
        ("numerator-only", (h + 0.5) / (h + m), (f + 0.5) / (f + r)),
        ("laplace", (h + 1) / (h + m + 2), (f + 1) / (f + r + 2)),
        ("sign-swapped", alarm, hit),
        ("misses-as-alarms", hit, (m + 0.5) / (h + m + 1)),
        ("rejections-as-alarms", hit, (r + 0.5) / (f + r + 1)),
        ("said-denominators", (h + 0.5) / (h + f + 1), (m + 0.5) / (m + r + 1)),
        ("said-denominators", (h + 0.5) / (h + f + 1), (f + 0.5) / (h + f + 1)),
        ("share-of-all", (h + 0.5) / (sum(table) + 1), (f + 0.5) / (sum(table) + 1)),
    ]
    found: list[tuple[str, Two | None]] = [(name, _safely(partial(_two, *pair))) for name, *pair in rates]
    d, c = _two(hit, alarm)
    more: list[tuple[str, Callable[[], Two]]] = [
        ("sum", lambda: (z(hit) + z(alarm), c)),
        ("cdf", lambda: (cdf(hit) - cdf(alarm), -(cdf(hit) + cdf(alarm)) / 2)),
        ("rates", lambda: (hit - alarm, -(hit + alarm) / 2)),
        ("z-of-difference", lambda: (z(hit - alarm), c)),
        ("root-two", lambda: (d / math.sqrt(2), c)),
        ("logit", lambda: (_logit(hit) - _logit(alarm), -(_logit(hit) + _logit(alarm)) / 2)),
        ("order", lambda: (c, d)),
        ("bias-sign", lambda: (d, -c)),
        ("bias-not-halved", lambda: (d, 2 * c)),
        ("bias-beta", lambda: (d, d * c)),
        ("bias-relative", lambda: (d, c / d)),
        ("bias-uncorrected", lambda: (d, _two(h / (h + m), f / (f + r))[1])),
    ]
    return [*found, *((name, _safely(make)) for name, make in more)]


def _narrowed(call: Callable[..., Any]) -> str:
    """Raw rates: none corrected, or those of 0 and 1 alone?"""
    try:
        d, c = call(20, 0, 3, 17)
    except Exception:
        return "uncorrected"
    return "only-at-extremes" if math.isfinite(d) and math.isfinite(c) else "uncorrected"


def _special_case(call: Callable[..., Any]) -> str | None:
    """Whether it does work for one number of trials: then that was taken for the rule."""
    cases: dict[str, tuple[Table, ...]] = {
        "equal-trials": ((14, 6, 3, 17), (20, 11, 8, 23)),
        **{f"hard-coded {n}": ((n - n // 4, n // 4, n // 10, n - n // 10),) for n in sorted(ROUND)},
    }
    for name, tried in cases.items():
        try:
            if all(_near(_called(call, table), reference(table)) for table in tried):
                return name.split(" ")[0]
        except Failure:
            continue
    return None


def _two(hit: float, alarm: float) -> Two:
    return z(hit) - z(alarm), -(z(hit) + z(alarm)) / 2


def _safely(make: Callable[[], Any]) -> Any:
    """None where a mistake has no value for a table."""
    try:
        return make()
    except (ValueError, ZeroDivisionError, ArithmeticError):
        return None


def _logit(p: float) -> float:
    return math.log(p / (1 - p))


def _near(one: Two, other: Two, close: float = CLOSE) -> bool:
    return all(abs(a - b) <= close for a, b in zip(one, other, strict=True))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _word(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else type(value).__name__


def _pair(values: Two) -> str:
    return f"({values[0]:.4f}, {values[1]:.4f})"


def _shown(report: Report, call: Callable[..., Any]) -> Report:
    """The report with the d' of five tables, "yours" beside "target"; None where yours has no number."""
    report["target"] = [[list(table), *(round(value, 4) for value in reference(table))] for table in SHOWN]
    yours = []
    for table in SHOWN:
        try:
            yours.append([list(table), *(round(value, 4) for value in _called(call, table))])
        except Failure:
            yours.append([list(table), None, None])
    report["yours"] = yours
    return report
