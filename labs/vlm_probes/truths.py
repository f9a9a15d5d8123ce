"""From the facts of a run, or from the formulas of a made-up table, to what is right: pure, torch-free."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from labs.vlm_probes import summary, traps
from labs.vlm_probes.kinds import CLASSES
from labs.vlm_probes.params import Params, letter, shuffled
from labs.vlm_probes.probes import FAMILIES, NAMES
from labs.vlm_probes.scores import YesNo, Z
from labs.vlm_probes.tasks_break import LISTED, NOTHING, cause_of, causes
from labs.vlm_probes.tasks_scores import CLAIMS
from studyapp.labkit.api import Plan, Truth

ENOUGH = 100  # pictures that a compared figure should rest on
Found = Mapping[str, Any]
STATUS = {
    "prior": "At the easy end it does no better with the picture than with a grey one, and it says {word} in {often:.0f} % of all cases: "
    "that is a language prior, not a failure to see",
    "guessing": "At the easy end it does no better with the picture than with a grey one: it guesses, the skill is absent, and its errors "
    "are not called failures",
}


def you(found: Found) -> Truth:
    """Task 1: the generator's own truth."""
    model = found["model"]
    right = f"{found['who']} has {sum(model.values())} of {len(model)} right" if model else "No model answered them"
    pairs = _pairs_of(found)
    return Truth(value=found["truth"], why=f"{right}{pairs}.", evidence=("picture:you",))


def _pairs_of(found: Found) -> str:
    """How many of the six pairs the model has right in both."""
    if not found["model"]:
        return ""
    both = [all(found["model"][at] for at in found["family"] if found["family"][at] == family) for family in FAMILIES]
    return f", and {sum(both)} of the 6 pairs in both pictures"


def often(plan: Plan, families: Found) -> Truth:
    """Task 2: the share right of the family that was asked about."""
    family = Params.of(plan.params).family
    found = families[family]
    share = 100 * found["right"] / found["n"]
    why = (
        f"{found['right']:g} of {found['n']} right, {share:.1f} ± {100 * found['error']:.1f} % (one standard error); "
        f"{100 * found['grey'] / found['n']:.1f} % with a grey picture.{_say_status(found)}{_sources(plan, found)}"
    )
    return Truth(value=round(share, 2), why=why, evidence=("picture:bars",))


def hardest(plan: Plan, families: Found, kinds: Found | None) -> Truth:
    """Task 3: hardest first, by how far from grey to all right; what differs by less than two standard errors of the worst pair is a
    tie."""
    letters = shuffled(plan.seed, "order", FAMILIES)
    found = {at: summary.skill(families[name]) for at, name in letters.items()}
    noise = Z * max(math.hypot(a[1], b[1]) for one, a in found.items() for two, b in found.items() if one != two)
    order = sorted(found, key=lambda at: (found[at][0], at))
    told = "; ".join(f"{NAMES[letters[at]]} {found[at][0]:.2f} ± {found[at][1]:.2f}" for at in order)
    habits = [NAMES[name] for name in FAMILIES if families[name]["status"] != "skill"]
    habit = f" Not better than a grey picture at the easy end, so the skill is absent: {', '.join(habits)}." if habits else ""
    return Truth(
        value=order,
        scores={at: math.exp(found[at][0]) for at in order},  # so that the allowed difference is the same for all
        noise=1 - math.exp(-noise),
        why=f"From grey (0) to all right (1): {told}.{habit}{_kinds(kinds)}{_sources(plan, *families.values())}",
        evidence=("picture:families", "picture:counts"),
    )


def _kinds(kinds: Found | None) -> str:
    """What one share hides."""
    if not kinds or not kinds["covered"]:
        return ""
    return (
        f" Of objects wholly hidden it named a colour in {kinds['claimed']} of {kinds['covered']} cases; of visible ones it called "
        f"{kinds['overrefused']} of {kinds['visible']} unknown. Labels: {kinds['exact']} of {kinds['labels']} read exactly, "
        f"{kinds['contained']} contained in the reply. Not readable as an answer: {kinds['unparsed']}, refused: {kinds['refused']}, of "
        f"{kinds['asked']} replies."
    )


def eight(found: Found) -> Truth:
    """Task 4: those that failed."""
    if "void" in found:
        return Truth(value=None, void=found["void"])
    failed = [at for at, row in found.items() if not row["right"]]
    why = "; ".join(f"{at.upper()}: {row['said']} for {row['truth']}" for at, row in found.items() if not row["right"])
    return Truth(value=failed, why=f"It said {why}.", evidence=("picture:eight-said",))


def curve(plan: Plan, found: Found) -> Truth:
    """Task 5: the step at which the share falls below half-way."""
    if found["status"] != "skill":
        return Truth(
            value=None, void="On no dial does this model beat a grey picture at the easy end, so there is nothing that could break."
        )
    last = len(found["levels"])

    def at(step: float) -> str:
        return f"at step {step:.1f}" if step <= last else "nowhere on this dial"

    why = (
        f"Best {100 * found['ceiling']:.0f} %, with grey {100 * found['grey']:.0f} %: half-way is {100 * found['half']:.0f} %, crossed "
        f"{at(found['step'])}; a fixed 75 % is crossed {at(found['step75'])}.{_sources(plan, found)}"
    )
    return Truth(value=found["step"], why=why, evidence=("picture:curve",))


def switched(plan: Plan, found: Found) -> Truth:
    """Task 9: what became better by more than two standard errors."""
    params = Params.of(plan.params)
    keys, words = cause_of(params, plan.seed), causes(params)
    better = sorted(at for at, key in keys.items() if key in found and summary.improves(found[key]))
    why = "; ".join(
        f"{words[key].partition(':')[0]}{' by listing' if key == LISTED else ''} {100 * row['before'] / row['n']:.0f} → "
        f"{100 * row['after'] / row['n']:.0f} % (± {100 * row['error']:.0f} of the change)"
        for key, row in found.items()
        if row["n"]
    )
    if "named" in (lists := found.get(LISTED, {})):
        why += f". Its lists name {lists['named']:.1f} of {lists['there']:.1f} such objects on average"
        why += ": it hardly lists, so there is little to count" if lists["named"] < lists["there"] / 2 else ""
    none = next(at for at, key in keys.items() if key == NOTHING)
    n = min(row["n"] for row in found.values())
    return Truth(value=better or [none], why=f"{why}.{_few(n)}", evidence=("picture:switches",))


def classes(plan: Plan, found: Found) -> Truth:
    """Task 10: the class of each answer, by the generator's truth."""
    if "void" in found:
        return Truth(value=None, void=found["void"])
    value = {at: letter(plan.seed, "kinds", CLASSES, row["class"]) for at, row in found.items()}
    why = "; ".join(f"{at.upper()}: right is {row['truth']}; {CLASSES[row['class']][1]}" for at, row in found.items())
    return Truth(value=value, why=f"{why}.", evidence=("picture:five",))


def group(rows: Sequence[Sequence[str]] | Found) -> Truth:
    """Task 6: percent of pairs with both answers right."""
    if isinstance(rows, Mapping):
        return Truth(value=None, void=rows["void"])
    rights = _rights(rows)
    both = sum(a and b for a, b in rights)
    why = (
        f"{both} of {len(rights)} pairs have both answers right: {traps.group_accuracy(rights)} %, where "
        f"{traps.question_accuracy(rights)} % "
        f"of the single answers are."
    )
    return Truth(value=traps.group_accuracy(rights), traps=traps.group(rights), why=why, evidence=("pairs",))


def independent(rows: Sequence[Sequence[str]] | Found) -> Truth:
    """Task 12: what independence would give."""
    if isinstance(rows, Mapping):
        return Truth(value=None, void=rows["void"])
    rights = _rights(rows)
    mean, counted, expected = traps.question_accuracy(rights), traps.group_accuracy(rights), traps.expected(rights)
    if counted < expected - 5:
        then = "fewer than that: right in one picture is often paid for in the other, as with an answer that does not follow the picture"
    elif counted > expected + 5:
        then = "more than that: some pairs are easy and some are hard, in both pictures alike"
    else:
        then = "about as many as that"
    why = f"{mean / 100:g} × {mean / 100:g} = {expected / 100:g}, so {expected:g} %. Counted were {counted} %, {then}."
    return Truth(value=expected, traps=traps.independent(rights), why=why, evidence=("pairs",))


def yes_score(metric: str, counts: Sequence[int] | Found) -> Truth:
    """Task 7: one score of the table."""
    if isinstance(counts, Mapping):
        return Truth(value=None, void=counts["void"])
    hits, misses, alarms, rejections, *mute = counts
    table = YesNo(hits, misses, alarms, rejections, (mute[0], mute[1]))
    all_ = {name: 100 * value for name, value in table.scores().items() if value is not None}
    if metric not in all_:
        return Truth(value=None, void="This score divides by nothing here.")
    how = {
        "yes-ratio": f"({hits} + {alarms}) / {table.n}",
        "precision": f"{hits} / ({hits} + {alarms})",
        "recall": f"{hits} / {table.positives}",
        "f1": f"2 × {hits} / ({hits + alarms} + {table.positives})",
    }[metric]
    others = ", ".join(f"{name} {value:.1f} %" for name, value in all_.items() if name != metric)
    return Truth(
        value=round(all_[metric], 4),
        traps=traps.yes_scores(table, metric),
        why=f"{how} = {all_[metric]:.1f} %. The others: {others}.",
        evidence=("table", "picture:absent", "picture:signal"),
    )


def grey(plan: Plan, found: Found) -> Truth:
    """Task 8: the one claim that the numbers leave standing."""
    if "void" in found:
        return Truth(value=None, void=found["void"])
    noise = 100 * Z * math.sqrt(0.25 / found["n"])
    fallen = {
        "habit": found["grey"] < found["chance"] + noise,  # a habit that pays nothing
        "coin": found["grey"] > found["chance"] + noise,
        "zero": found["grey"] > 0,
        "traces": found["pictures"] == 1,
    }
    standing = [key for key, down in fallen.items() if not down]
    if len(standing) != 1:
        return Truth(value=None, void="With a grey picture it is not clearly better than a coin here, so there is nothing to conclude.")
    added = found["seen"] - found["grey"]
    worth = f"add {added} points, not {found['seen'] - found['chance']}" if added > 0 else "add nothing to that"
    why = f"With a grey picture it says {found['word']} to every board, and that is right in {found['grey']} %. The pictures {worth}."
    return Truth(value=letter(plan.seed, "grey", CLAIMS, standing[0]), why=why, evidence=("grey",))


def _rights(rows: Sequence[Sequence[str]]) -> list[tuple[bool, bool]]:
    return [(a == b, c == d) for a, b, c, d in rows]


def _say_status(found: Found) -> str:
    if found["status"] == "skill":
        return ""
    return f" {STATUS[found['status']].format(word=found['word'] or 'nothing', often=100 * found['often'])}."


def _sources(plan: Plan, *found: Found) -> str:
    """Where the answers come from, and whether they are enough; of several probes, all their answers, and the fewest of a setting."""
    live, recorded = (sum(one[name] for one in found) for name in ("live", "recorded"))
    if recorded:
        return f" {live} answers of this run and {recorded} recorded ones of the same weights."
    return f" {live} answers of this run on {plan.backend.name}.{_few(min(one['live'] // max(1, len(one['levels'])) for one in found))}"


def _few(n: int) -> str:
    return f" That is {n} pictures a setting, fewer than {ENOUGH}: a sketch." if n < ENOUGH else ""
