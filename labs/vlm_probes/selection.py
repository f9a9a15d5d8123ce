"""Which of a run's answers are shown: eight pictures of which three fail, five lines of several classes, ten pairs, tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from labs.vlm_probes import traps
from labs.vlm_probes.kinds import kind
from labs.vlm_probes.probes import Cell, Shot, World, pair
from labs.vlm_probes.scores import YesNo
from labs.vlm_probes.told import Couple, Told, yes_no

EIGHT, FAILING = 8, 3
LINES = 5
TEN = 10
TABLE = 40  # pairs of a yes-or-no table at most


@dataclass(frozen=True)
class Example:
    """An answer with its picture."""

    shot: Shot
    told: Told


def example(cell: Cell, told: Told, world: World) -> Example:
    """The picture that an answer is about, drawn again."""
    _, place, side = told.key.split(" ")
    return Example(pair(cell, int(place), world)["ab".index(side)], told)


def eight(cells: Mapping[Cell, Sequence[Couple]], rng: Random, world: World) -> list[Example] | None:
    """Three pictures that fail and five that do not, of as many settings as can be, one of a pair at most; None where the model fails
    too seldom, or nearly always."""
    failing, fine = [], []
    for cell, couples in cells.items():
        one = [rng.choice(couple) for couple in couples]
        failing += [(cell, told) for told in one if not told.right]
        fine += [(cell, told) for told in one if told.right]
    chosen = [*_spread(failing, FAILING, rng), *_spread(fine, EIGHT - FAILING, rng)]
    if len(chosen) < EIGHT:
        return None
    rng.shuffle(chosen)
    return [example(cell, told, world) for cell, told in chosen]


def _spread(pool: list[tuple[Cell, Told]], many: int, rng: Random) -> list[tuple[Cell, Told]]:
    """So many of a pool, its families in turn."""
    rng.shuffle(pool)
    chosen: list[tuple[Cell, Told]] = []
    while pool and len(chosen) < many:
        fewest = min(sum(c.family == cell.family for c, _ in chosen) for cell, _ in pool)
        entry = next(e for e in pool if sum(c.family == e[0].family for c, _ in chosen) == fewest)
        pool.remove(entry)
        chosen.append(entry)
    return chosen


def lines(cells: Mapping[Cell, Sequence[Couple]], skilled: Collection[str], rng: Random, world: World) -> list[tuple[Example, str]] | None:
    """Five answers, each with its class: one that is right, the others failures of different classes as far as there are, of probes on
    which the model has skill. None where there is no such failure, or where too few answers are right."""
    by: dict[str, list[tuple[Cell, Told]]] = {}
    for cell, couples in cells.items():
        for couple in couples:
            for told in couple:
                found = kind(cell.family, told.answer, told.said)
                if found and (found == "right" or cell.family in skilled):
                    by.setdefault(found, []).append((cell, told))
    classes = [name for name in by if name != "right"]
    if not classes:
        return None
    rng.shuffle(classes)
    wanted = [*classes, *classes][: LINES - 1]
    wanted += ["right"] * (LINES - len(wanted))
    chosen: list[tuple[Example, str]] = []
    for name in wanted:
        if not by.get(name):
            return None
        cell, told = by[name].pop(rng.randrange(len(by[name])))
        chosen.append((example(cell, told, world), name))
    rng.shuffle(chosen)
    return chosen


def ten(couples: Mapping[str, Sequence[Couple]], rng: Random) -> tuple[str, list[Couple]] | None:
    """Ten pairs of one probe whose group accuracy no misconception gives by luck; else the ten that come nearest to that."""
    best: tuple[int, str, list[Couple]] | None = None
    for family, known in couples.items():
        for _ in range(20 if len(known) >= TEN else 0):
            drawn = rng.sample(list(known), TEN)
            rights = [(a.right, b.right) for a, b in drawn]
            kept = len(traps.group(rights)) + len(traps.independent(rights))
            if best is None or kept > best[0]:
                best = kept, family, drawn
            if kept == traps.GROUP_TRAPS + traps.INDEPENDENT_TRAPS:
                return family, drawn
    return (best[1], best[2]) if best else None


def yes_table(couples: Mapping[str, Sequence[Couple]], metric: str, rng: Random) -> tuple[str, YesNo] | None:
    """A table of the answers of one probe in which the score that is asked for is told from the others as well as can be."""
    best: tuple[int, str, YesNo] | None = None
    for family, known in couples.items():
        for _ in range(20 if known else 0):
            drawn = rng.sample(list(known), min(TABLE, len(known)))
            table = yes_no([told for couple in drawn for told in couple])
            if table.scores()[metric] is None:
                continue
            kept = len(traps.yes_scores(table, metric))
            if best is None or kept > best[0]:
                best = kept, family, table
    return (best[1], best[2]) if best else None


def skewed(told: Sequence[Told], share: float) -> list[Told] | None:
    """A test set in which the answer that a grey picture gets is right as often as `share` says; None where that cannot be made."""
    words = {one.grey.value for one in told if one.grey.outcome == "value"}
    if len(words) != 1:
        return None
    [word] = words
    same, other = [one for one in told if one.answer == word], [one for one in told if one.answer != word]
    if not same or not other:
        return None
    many = min(80, len(same))
    return [*same[:many], *other[: max(1, round(many * (1 - share) / share))]]
