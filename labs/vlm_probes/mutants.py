"""Wrong ways to write the code task, and the trap that must name each: the test data of the checker."""

from __future__ import annotations

from labs.vlm_probes.solutions import HEAD, N
from studyapp.labkit.api import Mutant

RATES = """    z = NormalDist().inv_cdf
    H = (hits + 0.5) / (hits + misses + 1)
    F = (false_alarms + 0.5) / (false_alarms + correct_rejections + 1)
"""
RIGHT = "return z(H) - z(F), -(z(H) + z(F)) / 2"


def _from(name: str, expects: str | None, hit: str, alarm: str, result: str = RIGHT) -> Mutant:
    """Two rates, then the right formula (or another)."""
    body = f"    z = NormalDist().inv_cdf\n    H = {hit}\n    F = {alarm}\n    {result}\n"
    return Mutant(name=name, source=N + HEAD + body, expects=expects)


def _ending(name: str, expects: str | None, result: str, head: str = N) -> Mutant:
    """The right rates, then another formula."""
    return Mutant(name=name, source=head + HEAD + RATES + f"    {result}\n", expects=expects)


ALARM = "(false_alarms + 0.5) / (false_alarms + correct_rejections + 1)"
HIT = "(hits + 0.5) / (hits + misses + 1)"
CLIPPED = """    z = NormalDist().inv_cdf
    n, m = hits + misses, false_alarms + correct_rejections
    H = min(max(hits / n, 1 / (2 * n)), 1 - 1 / (2 * n))
    F = min(max(false_alarms / m, 1 / (2 * m)), 1 - 1 / (2 * m))
    return z(H) - z(F), -(z(H) + z(F)) / 2
"""
EPSILON = """    z = NormalDist().inv_cdf
    H = min(max(hits / (hits + misses), 1e-6), 1 - 1e-6)
    F = min(max(false_alarms / (false_alarms + correct_rejections), 1e-6), 1 - 1e-6)
    return z(H) - z(F), -(z(H) + z(F)) / 2
"""

DPRIME = [
    _from("raw rates", "no-correction", "hits / (hits + misses)", "false_alarms / (false_alarms + correct_rejections)"),
    Mutant(name="corrected at the ends alone", source=N + HEAD + CLIPPED, expects="correction-only-at-extremes"),
    Mutant(name="clipped by a millionth", source=N + HEAD + EPSILON, expects="correction-only-at-extremes"),
    _from(
        "no one below", "half-correction", "(hits + 0.5) / (hits + misses)", "(false_alarms + 0.5) / (false_alarms + correct_rejections)"
    ),
    _from(
        "Laplace",
        "laplace-for-loglinear",
        "(hits + 1) / (hits + misses + 2)",
        "(false_alarms + 1) / (false_alarms + correct_rejections + 2)",
    ),
    _from("hits and alarms exchanged", "rates-swapped", ALARM, HIT),
    _ending("z of alarms less z of hits", "rates-swapped", "return z(F) - z(H), -(z(H) + z(F)) / 2"),
    _ending("sum", "sum-for-difference", "return z(H) + z(F), -(z(H) + z(F)) / 2"),
    _from(
        "divides by what was said",
        "denominators-of-said",
        "(hits + 0.5) / (hits + false_alarms + 1)",
        "(misses + 0.5) / (misses + correct_rejections + 1)",
    ),
    _from(
        "both of those that said yes",
        "denominators-of-said",
        "(hits + 0.5) / (hits + false_alarms + 1)",
        "(false_alarms + 0.5) / (hits + false_alarms + 1)",
    ),
    _from(
        "of all pictures",
        "share-of-all",
        "(hits + 0.5) / (hits + misses + false_alarms + correct_rejections + 1)",
        "(false_alarms + 0.5) / (hits + misses + false_alarms + correct_rejections + 1)",
    ),
    _from("misses as alarms", "misses-for-alarms", HIT, "(misses + 0.5) / (hits + misses + 1)"),
    _from("rejections as alarms", "rejections-for-alarms", HIT, "(correct_rejections + 0.5) / (false_alarms + correct_rejections + 1)"),
    _ending("the distribution function", "cdf-for-inverse", "p = NormalDist().cdf\n    return p(H) - p(F), -(p(H) + p(F)) / 2"),
    _ending("plain rates", "rates-not-z", "return H - F, -(H + F) / 2"),
    _ending("z of the difference", "z-of-difference", "return z(H - F), -(z(H) + z(F)) / 2"),
    _ending("root of two", "divided-by-root-two", "return (z(H) - z(F)) / 2 ** 0.5, -(z(H) + z(F)) / 2"),
    _ending(
        "log odds",
        "logit-for-z",
        "q = lambda p: math.log(p / (1 - p))\n    return q(H) - q(F), -(q(H) + q(F)) / 2",
        "import math\n" + N,
    ),
    _ending("the sign of c", "bias-sign", "return z(H) - z(F), (z(H) + z(F)) / 2"),
    _ending("c not halved", "bias-not-halved", "return z(H) - z(F), -(z(H) + z(F))"),
    _ending("log beta for c", "beta-for-c", "d, c = z(H) - z(F), -(z(H) + z(F)) / 2\n    return d, d * c"),
    _ending("relative bias", "relative-bias", "d, c = z(H) - z(F), -(z(H) + z(F)) / 2\n    return d, c / d if d else 0.0"),
    _ending(
        "c of the raw rates",
        "no-correction",
        "G, E = hits / (hits + misses), false_alarms / (false_alarms + correct_rejections)\n    return z(H) - z(F), -(z(G) + z(E)) / 2",
    ),
    _ending("d' alone", "one-number", "return z(H) - z(F)"),
    _ending("c first", "order-of-results", "return -(z(H) + z(F)) / 2, z(H) - z(F)"),
    _from("always fifty", "hard-coded-count", "(hits + 0.5) / 51", "(false_alarms + 0.5) / 51"),
    _from("one number of trials", "equal-trials", HIT, "(false_alarms + 0.5) / (hits + misses + 1)"),
    _ending("rounded", None, "return round(z(H) - z(F), 1), round(-(z(H) + z(F)) / 2, 1)"),
]

ALL = {"q11": DPRIME}
