"""The worker's side of chapter 3: pairs, yes and no with signal detection, the grey picture."""

from __future__ import annotations

from collections.abc import Iterator

from labs.scenes.raster import rasterise
from labs.vlm_probes import made_up, pictures, selection, summary
from labs.vlm_probes.probes import DIALS, MAIN, NAMES, pair
from labs.vlm_probes.probes import grey as dark_twin
from labs.vlm_probes.stage import Stage, by_probe, main_cells, nothing, shown
from labs.vlm_probes.told import flat
from studyapp.labkit.api import Event, Fact

# Chapter 3


def pairs(stage: Stage) -> Iterator[Event]:
    """Ten pairs of one probe."""
    if stage.offline:
        rows: list[list[str]] = [list(row) for row in made_up.pairs(stage.plan.seed)]
        say = made_up.PAIRS_SAY
    else:
        bench = stage.bench
        yield from bench.measure(main_cells(bench))
        known = by_probe(bench)
        found = selection.ten({family: known[family] for family in stage.params.order}, stage.random("ten"))
        if found is None:
            yield from nothing("pairs", (), "Fewer than ten pairs were answered.")
            yield Fact(key="pairs-say", value="Fewer than ten pairs were answered.")
            yield Fact(key="pair-share", value=0)
            return
        family, chosen = found
        rows = [[a.answer, shown(a.said), b.answer, shown(b.said)] for a, b in chosen]
        say = f"Answers of {stage.plan.backend.name} to the probe *{NAMES[family]}*."
    right = sum((a == b) + (c == d) for a, b, c, d in rows)
    yield Fact(key="pairs-say", value=say)
    yield Fact(key="pair-share", value=5 * right)
    yield Fact(key="pairs", value=rows)
    yield pictures.pairs_table(rows)


def table(stage: Stage) -> Iterator[Event]:
    """The table of yes and no."""
    if stage.offline:
        made, say = made_up.table(stage.plan.seed, stage.params.metric), made_up.TABLE_SAY
    else:
        bench = stage.bench
        yield from bench.measure(main_cells(bench))
        known = by_probe(bench)
        found = selection.yes_table({family: known[family] for family in ("exist", "defect")}, stage.params.metric, stage.random("table"))
        if found is None:
            yield Fact(key="table-say", value="It never said yes.")
            yield from nothing("table", (), "It never said yes: the score divides by nothing, and there is no table to read it from.")
            return
        family, made = found
        say = f"Answers of {stage.plan.backend.name} to the probe *{NAMES[family]}*."
    yield Fact(key="table-say", value=say)
    yield Fact(key="table", value=[made.hits, made.misses, made.alarms, made.rejections, *made.mute])
    yield pictures.yes_table(made)


def grey(stage: Stage) -> Iterator[Event]:
    """A skewed test set with its pictures and with grey ones."""
    if stage.offline:
        dark = made_up.dark(stage.plan.seed)
        say, fact = dark.say, dark.fact()
    else:
        bench = stage.bench
        yield from bench.measure(main_cells(bench))
        random = stage.random("grey")
        told = selection.skewed(flat(by_probe(bench)["defect"]), random.choice((0.75, 0.8, 0.85)))
        if told is None:
            yield from nothing("grey", (), "With a grey picture it does not answer yes or no.")
            for key in ("grey-say", "grey-seen", "grey-n", "grey-share", "grey-chance"):
                yield Fact(key=key, value="")
            return
        n, word = len(told), told[0].grey.value
        seen, dark_right = (round(100 * sum(getattr(one, name) for one in told) / n) for name in ("right", "lucky"))
        state = "no burnt component" if word == "no" else "a burnt component"
        say = f"From this run a test set was taken in which {dark_right} % of the boards have {state}."
        greys = {rasterise(dark_twin(shot).scene) for cell in main_cells(bench) for shot in pair(cell, 0, bench.speaker.world)}
        fact = {"n": n, "seen": seen, "grey": dark_right, "chance": 50, "word": word, "pictures": len(greys)}
    yield Fact(key="grey", value=fact)
    for key, name in (("grey-seen", "seen"), ("grey-n", "n"), ("grey-share", "grey"), ("grey-chance", "chance")):
        yield Fact(key=key, value=fact[name])
    yield Fact(key="grey-say", value=say)


def signal(stage: Stage) -> Iterator[Event]:
    """d' and bias along the dial of the defect probe."""
    if stage.offline:
        rows = [summary.detected("the table", made_up.table(stage.plan.seed, stage.params.metric))]
        unit = ""
    else:
        bench = stage.bench
        cells = summary.levels(MAIN["defect"], bench)
        yield from bench.measure(cells)
        rows, unit = summary.detection(bench, cells), MAIN["defect"].unit
    yield Fact(key="signal", value=rows)
    yield pictures.signal_table(rows, unit)


def absent(stage: Stage) -> Iterator[Event]:
    """POPE's three ways to ask about what is not there; left out where asking costs money or no model answers."""
    if stage.offline or stage.bench.sparse:
        return
    bench = stage.bench
    cells = summary.levels(DIALS["exist/absent"], bench)
    yield from bench.measure(cells)
    rows = summary.claims_of_absence(bench, cells)
    yield Fact(key="absent", value=rows)
    yield pictures.absence_table(rows)
