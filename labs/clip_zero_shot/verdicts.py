"""From the facts of a run to the truth of each task, with the sentences that say why. Pure, and without torch."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from labs.clip_zero_shot import claims, traps
from labs.clip_zero_shot.params import Params
from labs.clip_zero_shot.seeing import written
from studyapp.labkit.api import Facts, Plan, Trap, Truth

CLEAR = 0.003  # how far ahead of the next the nearest pair of task 10 must be


def measured(plan: Plan, params: Params, facts: Facts) -> dict[str, Truth]:
    """The truth of every task whose facts are there."""
    seed = plan.seed
    make: dict[str, tuple[str, Callable[[Any], Truth]]] = {
        "q1": ("cosines", winners),
        "q2": ("row", share),
        "q4": ("templates", lambda fact: ranking(params.templates, fact)),
        "q6": ("batch", lambda fact: pairs(seed, params, fact)),
        "q8": ("outside", lambda fact: outside(seed, fact)),
        "q9": ("left-right", lambda fact: two_way(fact, "left-right")),
        "q10": ("gallery", nearest),
        "q11": ("goal", lambda fact: goal(seed, fact)),
        "q12": ("winning", lambda fact: winning(seed, fact)),
        "q13": ("space", lambda fact: space(seed, fact)),
        "q14": ("equal-loss", lambda fact: equal(params, fact)),
        "q15": ("random-loss", lambda fact: random(params, fact)),
        "q16": ("binding", lambda fact: two_way(fact, "binding")),
        "q17": ("left-right-twin", lambda fact: two_way(fact, "left-right-twin")),
        "q18": ("readouts", read_out),
        "q19": ("where", lambda fact: where(seed, fact)),
    }
    asked = {question.id for question in plan.questions}
    return {id: judge(facts[key]) for id, (key, judge) in make.items() if id in asked and key in facts}


def by_formula(seed: int, params: Params) -> dict[str, Truth]:
    """Tasks 6, 14 and 15 without a run."""
    B = params.batch
    return {
        "q6": pairs(seed, params, {"apart": B * B - B, "together": B, "targets": "own"}),
        "q14": equal(params, math.log(params.equal)),
        "q15": random(params, {"mean": traps.random_loss(params), "error": 0.0, "batches": 0}),
    }


def winners(fact: Facts) -> Truth:
    best = {}
    why = []
    for name, row in zip(fact["pictures"], fact["rows"], strict=True):
        first, second = sorted(range(len(row)), key=lambda number: -row[number])[:2]
        best[name] = str(first + 1)
        why.append(f"{name.upper()}: {fact['labels'][first]} {row[first]:.2f}, then {fact['labels'][second]} {row[second]:.2f}")
    return Truth(value=best, why="; ".join(why) + ".", evidence=("picture:similarity", "cosines"))


def share(fact: Facts) -> Truth:
    cosines, scale = fact["cosines"], fact["scale"]
    best = max(cosines)
    gaps = sorted((scale * (best - cosine) for cosine in cosines), reverse=False)[1:]
    terms = " + ".join(f"e^−{gap:.2f}" for gap in gaps)
    value = traps.best_share(cosines, scale)
    why = (
        f"The others lie {', '.join(f'{gap:.2f}' for gap in gaps)} logits below {fact['labels'][cosines.index(best)]}: 1 / (1 + {terms}) "
        f"= {value:.3f}."
    )
    return Truth(value=round(value, 5), traps=traps.shares(cosines, scale), why=why, evidence=("picture:temperature", "row"))


def ranking(templates: Sequence[str], fact: Facts) -> Truth:
    """Differences below two standard errors are ties; where all are, any order is right. The words name templates by their texts: their
    letters are nowhere on the screen."""
    n = fact["n"]
    scores = {id: hits / n for id, hits in fact["hits"].items()}
    order = sorted(scores, key=lambda id: (-scores[id], id))
    names = dict(zip("abc", map(written, templates), strict=True))
    told = ", ".join(f"“{names[id]}” {100 * scores[id]:.1f} %" for id in order)
    noise = 2 * max(fact["errors"].values())
    if all(abs(scores[a] - scores[b]) <= 2 * fact["errors"][f"{a}{b}"] for a, b in (("a", "b"), ("a", "c"), ("b", "c"))):
        why = f"With {n} pictures the three differ by less than two standard errors ({told}): ties, so any order is as good."
        return Truth(value=order, scores=scores, noise=1.0, why=why, evidence=("picture:templates", "templates"))
    relative = min(1.0, noise / max(max(scores.values()), 1e-9))
    why = f"{told} of {n} pictures; differences up to {100 * noise:.1f} points (two standard errors) count as ties."
    return Truth(value=order, scores=scores, noise=relative, why=why, evidence=("picture:templates", "templates"))


def pairs(seed: int, params: Params, fact: Facts) -> Truth:
    B = params.batch
    if fact["targets"] != "own":
        return Truth(value=fact["apart"], void="The gradient of this run names no target for each row: a bug of this lab.")
    why = f"{B} × {B} = {B * B:,} cells, {fact['together']} of them on the diagonal: {B * B:,} − {B} = {B * B - B:,} are pushed apart."
    return Truth(value=fact["apart"], reason=claims.letter(seed, "targets", claims.TARGETS, "own"), why=why, evidence=("batch",))


def outside(seed: int, fact: Facts) -> Truth:
    top, total = max(fact["probabilities"]), sum(fact["probabilities"])
    why = (
        f"“{fact['winner']}” came first with {100 * top:.0f} % of the probability, at a cosine of {fact['cosine']:.2f}; fitting pictures "
        "have "
        f"{fact['usual']:.2f} with their own label on average. All {len(fact['probabilities'])} probabilities together: {total:.2f}."
    )
    return claims.standing(seed, "outside", claims.OUTSIDE, claims.of_outside(fact), why, ("picture:outside-shares", "outside"))


def winning(seed: int, fact: Facts) -> Truth:
    why = (
        f"The {fact['scores'][0]} cosines add up to {fact['sum']:.2f}; without “{fact['winner']}” on the list “{fact['next']}” wins with "
        "its "
        f"{fact['next-cosine']:.2f}; {fact['prompts'][1]} prompts give {fact['scores'][1]} scores."
    )
    return claims.standing(seed, "winning", claims.WINNING, claims.of_winning(fact), why, ("picture:similarity", "winning"))


def nearest(fact: Facts) -> Truth:
    words = dict(zip("abcdefghijkl", fact["pictures"], strict=False))
    first, second = fact["pair"]
    why = f"{first.upper()} ({words[first]}) and {second.upper()} ({words[second]}): {_cosine(fact, fact['pair']):.3f}; next come "
    why += f"{' and '.join(name.upper() for name in fact['second'])} with {_cosine(fact, fact['second']):.3f}."
    found: tuple[Trap, ...] = ()
    if sorted(fact["pixels"]) != sorted(fact["pair"]):
        say = "Those two agree most in their pixels. The encoder looks past pixels to what is shown, and there they differ."
        found = (Trap(value=sorted(fact["pixels"]), concept="pixels-for-meaning", say=say),)
    void = "The two nearest pairs of this run are all but equally near, so nothing is judged." if fact["margin"] < CLEAR else None
    return Truth(value=sorted(fact["pair"]), traps=found, why=why, void=void, evidence=("picture:gallery-matrix", "gallery"))


def _cosine(fact: Facts, pair: list[str]) -> float:
    one, other = ("abcdefghijkl".index(name) for name in pair)
    return float(fact["cosines"][one][other])


def goal(seed: int, fact: Facts) -> Truth:
    raised = f"; with one wrong cosine raised by 0.5 it is {fact['raised']:.4f}" if "raised" in fact else ""
    why = (
        f"In this run the loss of the batch is {fact['loss']:.4f}{raised}; with 0.1 added to every cosine it is {fact['shifted']:.4f}, "
        f"with the pairs in another order {fact['permuted']:.4f}. Pair {fact['pair']} feels its row and its column."
    )
    truth = claims.standing(seed, "goal", claims.GOAL, claims.of_goal(fact), why, ("picture:batch", "goal"))
    if fact["touched"] not in claims.CROSSES:
        return truth.model_copy(update={"void": "The gradient of this run fits none of the reasons: a bug of this lab."})
    return truth.model_copy(update={"reason": claims.letter(seed, "crosses", claims.CROSSES, fact["touched"])})


def space(seed: int, fact: Facts) -> Truth:
    """The kind of pair with the highest mean cosine; void where it is not clearly ahead."""
    order = sorted(claims.SPACE, key=lambda name: -fact[name])
    first, second = order[:2]
    noise = 2 * math.hypot(fact["errors"][first], fact["errors"][second])
    told = f"picture and own caption {fact['matched']:.2f}, two pictures {fact['pictures']:.2f}, two captions {fact['captions']:.2f}"
    gap = " Pictures and captions lie in regions of their own: a modality gap." if first != "matched" else " No modality gap here."
    void = (
        f"The two highest means differ by less than their error ({told}), so nothing is judged."
        if fact[first] - fact[second] <= noise
        else None
    )
    why = f"Mean cosines: {told}; a picture and a wrong caption {fact['wrong']:.2f}.{gap}"
    return Truth(value=claims.letter(seed, "space", claims.SPACE, first), why=why, void=void, evidence=("picture:space", "space"))


def equal(params: Params, loss: float) -> Truth:
    B = params.equal
    return Truth(
        value=loss,
        why=f"Each caption gets a probability of 1/{B}, whichever side chooses: log {B} = {math.log(B):.3f}.",
        evidence=("equal-loss",),
    )


def random(params: Params, fact: Facts) -> Truth:
    B, D, s = params.random
    why = f"log {B} + {s:g}² / (2 · {D}) = {math.log(B):.2f} + {s * s / 2 / D:.2f} = {traps.random_loss(params):.2f}"
    why += f"; this run's {fact['batches']} batches gave {fact['mean']:.2f} on average." if fact["batches"] else "."
    return Truth(value=fact["mean"], why=why, evidence=("random-loss",))


WORDS = {
    "left-right": "the right left/right caption scored higher",
    "binding": "the caption with the right colours scored higher",
    "left-right-twin": "the twin, trained with swapped captions, scored the right left/right caption higher",
}


def two_way(fact: Facts, test: str) -> Truth:
    value, error = _percent(fact["share"], fact["n"])
    off = abs(value - 50) / max(error, 1e-9)
    coin = "no more than a coin's luck" if off < 2 else "more than luck" if value > 50 else "less than luck would give"
    found = traps.too_good(value)
    if test == "left-right-twin":
        say = (
            "Hard negatives teach the text side that order matters. This run says how far that carries when the picture's vector stays "
            "one vector."
        )
        found = tuple(trap.model_copy(update={"concept": "captions-cure", "say": say}) for trap in found)
    why = f"In {value:.1f} ± {error:.1f} % of {fact['n']} pictures {WORDS[test]}: {coin}."
    if "binding" in fact:
        why += f" Where colours were exchanged it got {100 * fact['binding']:.1f} %: a cure for one test is not one for another."
    return Truth(value=value, traps=found, why=why, evidence=("picture:two-way", test))


def read_out(fact: Facts) -> Truth:
    value, error = _percent(fact["tokens"], fact["n"])
    pooled, narrow = (_percent(fact[name], fact["n"])[0] for name in ("pooled", "tokens-narrow"))
    found: tuple[Trap, ...] = ()
    if value - 50 > 2.1 * traps.SHARE_TOL:
        say = (
            "You expected the encoder not to know. Its patch tokens do: each says what lies at its own place. It is the captions that do "
            "not get at it."
        )
        found = (Trap(value=50.0, concept="encoder-sees-no-places", say=say),)
    why = (
        f"{value:.1f} ± {error:.1f} % of {fact['n']} from all patch tokens; at {fact['width']} numbers each, {narrow:.1f} % from patch "
        "tokens "
        f"and {pooled:.1f} % from the pooled vector."
    )
    return Truth(value=value, traps=found, why=why, evidence=("picture:readouts", "readouts"))


def where(seed: int, fact: Facts) -> Truth:
    told = {name: _percent(fact[name], fact["n"])[0] for name in ("tokens-narrow", "pooled", "untrained-tokens-narrow", "untrained-pooled")}
    why = (
        f"At {fact['width']} numbers: patch tokens {told['tokens-narrow']:.1f} %, pooled vector {told['pooled']:.1f} %; of an untrained "
        "encoder "
        f"{told['untrained-tokens-narrow']:.1f} % and {told['untrained-pooled']:.1f} %. A bridge that hands on the tokens keeps what "
        "pooling loses."
    )
    return claims.standing(seed, "where", claims.WHERE, claims.of_where(fact), why, ("picture:readouts", "where"))


def _percent(share: float, n: int) -> tuple[float, float]:
    return 100 * share, 100 * math.sqrt(share * (1 - share) / n)
