"""What a run found, as small facts: each probe along its dial, what its failures may be called, a curve, the effect of a switch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from labs.vlm_probes import scores
from labs.vlm_probes.bench import Bench
from labs.vlm_probes.probes import MAIN, Cell, Dial, Level, cells
from labs.vlm_probes.recording import choices
from labs.vlm_probes.told import Couple, commonest, flat, seen, unseen, yes_no
from studyapp.labkit.api import Json

FEW = 6  # pairs of the easiest setting below which the next one is added
PRIOR = 0.8  # share of one answer from which a probe without skill is called a language prior


def levels(dial: Dial, bench: Bench) -> tuple[Cell, ...]:
    """The settings of a dial that this run asks about: all, or an easy, a middling and a hard one where asking costs money."""
    found = cells(dial, bench.speaker.world)
    kept = (0, len(found) // 2, len(found) - 2) if bench.sparse else range(len(found))
    return tuple(found[step] for step in kept)


def probe(dial: Dial, bench: Bench) -> dict[str, Json]:
    """One dial: counts of every level, of all together, and what the model's failures on it may be called."""
    settings = levels(dial, bench)
    parts = [bench.couples(cell) for cell in settings]
    couples = [couple for part in parts for couple in part]
    word, often = commonest(flat(couples))
    live = sum(2 * len(bench.live[cell.key]) for cell in settings)
    whole, dark = seen(couples), unseen(couples)
    return {
        "dial": dial.key,
        "levels": [_level(cell, part) for cell, part in zip(settings, parts, strict=True)],
        "n": whole.n,
        "right": whole.right,
        "error": round(whole.error, 6),
        "grey": dark.right,
        "grey_error": round(dark.error, 6),
        "chance": round(1 / (len(choices(dial.family)) or 36), 6),
        "both": scores.both([(a.right, b.right) for a, b in couples]),
        "word": word,
        "often": round(often, 6),
        "live": live,
        "recorded": whole.n + 2 * sum(bench.void(cell) for cell in settings) - live,
        "void": sum(2 * bench.void(cell) for cell in settings),
        "status": status(parts, often),
    }


def _level(cell: Cell, couples: Sequence[Couple]) -> dict[str, Json]:
    here, dark = seen(couples), unseen(couples)
    return {"level": cell.level, "n": here.n, "right": here.right, "error": round(here.error, 6), "grey": dark.right}


def status(parts: Sequence[Sequence[Couple]], often: float) -> str:
    """skill: at the easy end it beats the grey picture by more than the noise, so that its failures are failures. prior: it does not,
    and says one thing nearly always. guessing: neither. The easy end is the first setting; the first two where that has few pictures."""
    easy = list(parts[0] if len(parts[0]) >= FEW or len(parts) == 1 else [*parts[0], *parts[1]])
    if not easy:
        return "guessing"
    here, dark = seen(easy), unseen(easy)
    if here.share - dark.share > scores.Z * (here.error**2 + dark.error**2) ** 0.5:
        return "skill"
    return "prior" if often >= PRIOR else "guessing"


def skill(found: Mapping[str, Any]) -> tuple[float, float]:
    """(how far a probe's share lies between grey and all right, the standard error of that)."""
    right, dark = found["right"] / found["n"], found["grey"] / found["n"]
    return scores.above(right, dark), found["error"] / (1 - dark) if dark < 1 else 1.0


def curve(found: Mapping[str, Any]) -> dict[str, Json]:
    """Where a probe's accuracy falls below half-way between grey and its own best, and below 75 %, in steps of its dial from 1; one
    more than there are steps where it never does."""
    heights = [level["right"] / level["n"] for level in found["levels"]]
    ceiling, ground = max(heights), found["grey"] / found["n"]
    half = (ceiling + ground) / 2
    end = len(heights) + 1.0
    return {
        "dial": found["dial"],
        "levels": found["levels"],
        "grey": round(ground, 6),
        "ceiling": round(ceiling, 6),
        "half": round(half, 6),
        "step": round(crossed, 4) if (crossed := scores.crossing(heights, half)) is not None else end,
        "step75": round(crossed, 4) if (crossed := scores.crossing(heights, 0.75)) is not None else end,
        "status": found["status"],
        "live": found["live"],
        "recorded": found["recorded"],
    }


def change(before: Sequence[Couple], after: Sequence[Couple]) -> dict[str, Json]:
    """What a switch did to the same pairs."""
    first, then = seen(before), seen(after)
    mean, error = scores.change_of_pairs([(a.right, b.right) for a, b in before], [(a.right, b.right) for a, b in after])
    return {
        "n": first.n,
        "before": first.right,
        "before_error": round(first.error, 6),
        "after": then.right,
        "after_error": round(then.error, 6),
        "change": round(mean, 6),
        "error": round(error, 6),
    }


def listed(couples: Sequence[Couple]) -> dict[str, Json]:
    """How many of the objects in question a list names on average, and how many there are."""
    told = [one for one in flat(couples) if one.said.outcome == "value"]
    n = max(1, len(told))
    return {"named": round(sum(int(one.said.value) for one in told) / n, 2), "there": round(sum(int(one.answer) for one in told) / n, 2)}


def improves(found: Mapping[str, Any]) -> bool:
    """Better by more than the noise."""
    return bool(found["change"] > scores.Z * found["error"])


def errors(bench: Bench) -> dict[str, Json]:
    """The kinds of answers that one share hides: claims about what cannot be seen and refusals where it can, labels right exactly and
    as a part of the reply, replies that could not be read."""
    told = {family: flat(c for cell in levels(MAIN[family], bench) for c in bench.couples(cell)) for family in MAIN}
    covered = [one for one in told["hidden"] if one.answer == "unknown"]
    open_ = [one for one in told["hidden"] if one.answer != "unknown"]
    outcomes = Counter(one.said.outcome for row in told.values() for one in row)
    return {
        "covered": len(covered),
        "claimed": sum(one.said.outcome == "value" and one.said.value != "unknown" for one in covered),
        "visible": len(open_),
        "overrefused": sum(one.said.value == "unknown" or one.said.outcome == "refused" for one in open_),
        "labels": len(told["text"]),
        "exact": sum(one.right for one in told["text"]),
        "contained": sum(one.said.contains(one.answer) for one in told["text"]),
        "asked": sum(outcomes.values()),
        "unparsed": outcomes["unparsed"],
        "refused": outcomes["refused"],
    }


def detection(bench: Bench, settings: Sequence[Cell]) -> list[dict[str, Json]]:
    """d' and bias of the defect probe at each level of its dial."""
    return [detected(cell.level, yes_no(flat(bench.couples(cell)))) for cell in settings]


def detected(level: Level, table: scores.YesNo) -> dict[str, Json]:
    """One table with its d' and bias."""
    d, c = scores.signal(table.hits, table.misses, table.alarms, table.rejections)
    counts = {"hits": table.hits, "misses": table.misses, "alarms": table.alarms, "rejections": table.rejections}
    return {"level": level, **counts, "d": round(d, 4), "c": round(c, 4)}


def claims_of_absence(bench: Bench, settings: Sequence[Cell]) -> list[dict[str, Json]]:
    """POPE's scores for each way to choose what is asked about when it is absent."""
    found: list[dict[str, Json]] = []
    for cell in settings:
        told = flat(bench.couples(cell))
        table = yes_no(told)
        shares = {name: None if value is None else round(value, 6) for name, value in table.scores().items()}
        found.append({"level": cell.level, "n": table.n, "alarms": table.alarms, "absent": table.n - table.positives, **shares})
    return found


def confusion(bench: Bench) -> dict[str, Json]:
    """Counts said by counts shown: rows are the truth 1 to 9, columns what was said, 0 to 9 and anything else."""
    told = flat(couple for cell in levels(MAIN["count"], bench) for couple in bench.couples(cell))
    table = [[0] * 11 for _ in range(9)]
    for one in told:
        column = int(one.said.value) if one.said.outcome == "value" else 10
        table[int(one.answer) - 1][column] += 1
    return {"table": table}
