"""The worker's side of chapters 1 and 2: each producer yields the facts and pictures of its keys, with progress while it asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from labs.vlm_probes import made_up, pictures, selection, summary
from labs.vlm_probes.first_sheet import sheet
from labs.vlm_probes.probes import DIALS, FAMILIES, MAIN, NAMES, Dial
from labs.vlm_probes.recording import bundled
from labs.vlm_probes.speakers import world_of
from labs.vlm_probes.stage import Stage, main_cells, nothing, shown, skilled_probes
from labs.vlm_probes.switches import LIST_CELL, switch_cell
from labs.vlm_probes.tasks_break import EIGHT, FIVE, LISTED, causes
from studyapp.labkit.api import Event, Fact, Json

# Chapter 1


def show_sheet(stage: Stage) -> Iterator[Event]:
    """The twelve pictures; needs no model."""
    shots = sheet(stage.params.sheet, world_of(stage.plan.backend))
    yield pictures.contact_sheet("picture:sheet", "Twelve pictures, two of each probe", shots, 4)
    for letter, shot in shots.items():
        yield Fact(key=f"ask-{letter}", value=shot.question)


def judge_sheet(stage: Stage) -> Iterator[Event]:
    """What is right, what was said by whom, how long the learner took."""
    params, backend = stage.params, stage.plan.backend
    shots = sheet(params.sheet, world_of(backend))
    who, said = backend.name, {}
    if stage.offline:
        recording = bundled()
        who = "shapevlm, recorded"
        said = recording.sheet(params.sheet, {letter: shot.family for letter, shot in shots.items()}) if recording else {}
    else:
        bench = stage.bench
        yield from bench.ask_sheet(params.sheet)
        said = bench.sheets[params.sheet]
    right = {letter: said[letter].right(shot.answer) for letter, shot in shots.items() if letter in said}
    yours = stage.ctx.answers.get("q1")
    sealed = stage.ctx.sealed.get("q1")
    seconds = sealed.seconds if sealed else None
    fact: dict[str, Json] = {
        "truth": {letter: shot.answer.lower() for letter, shot in shots.items()},
        "family": {letter: shot.family for letter, shot in shots.items()},
        "said": {letter: said[letter].raw for letter in said},
        "model": right,
        "who": who,
        "seconds": seconds,
    }
    yield Fact(key="sheet", value=fact)
    rows = [("you", sum(yours.get(letter) == shot.answer.lower() for letter, shot in shots.items()), 12)] if yours else []
    rows += [(who, sum(right.values()), len(right))] if right else []
    yield pictures.you_and_it(rows, seconds if yours else None)


def families(stage: Stage) -> Iterator[Event]:
    """Each probe over its main dial."""
    bench = stage.bench
    yield from bench.measure(main_cells(bench))
    found = {family: summary.probe(MAIN[family], bench) for family in FAMILIES}
    yield Fact(key="families", value=found)
    yield Fact(key="kinds", value=summary.errors(bench))
    yield pictures.accuracy_bars(found, stage.params.family, stage.ctx.answers.get("q2"))
    yield pictures.families_table(found)
    yield pictures.counts_matrix(summary.confusion(bench)["table"])


# Chapter 2


def eight(stage: Stage) -> Iterator[Event]:
    """Eight pictures of which three fail, on probes that the model can do at the easy end."""
    bench = stage.bench
    yield from bench.measure(main_cells(bench))
    skilled = skilled_probes(bench)
    known = {cell: bench.couples(cell) for cell in main_cells(bench) if cell.family in skilled}
    chosen = selection.eight(known, stage.random("eight"), bench.speaker.world)
    if chosen is None:
        yield from nothing("eight", EIGHT, "Too few of its answers fail, or too few are right, to choose eight.")
        return
    shots = {letter: example.shot for letter, example in zip(EIGHT, chosen, strict=True)}
    yield pictures.contact_sheet("picture:eight", "Eight pictures, three of which it got wrong", shots, 4)
    for letter, shot in shots.items():
        yield Fact(key=f"eight-{letter}", value=shot.question)
    told = {letter: example.told for letter, example in zip(EIGHT, chosen, strict=True)}
    rows = {letter: {"truth": one.answer, "said": one.said.raw, "right": one.right} for letter, one in told.items()}
    yield Fact(key="eight", value=rows)
    lines = [
        [letter.upper(), shots[letter].question, one.answer, shown(one.said), "" if one.right else "fails"] for letter, one in told.items()
    ]
    yield pictures.answers_table("picture:eight-said", "What it said to the eight", lines)


def curve(stage: Stage) -> Iterator[Event]:
    """The first dial of the plan's order on which the model has skill; the last where it has none on any."""
    bench = stage.bench
    dials = [DIALS[key] for key in stage.params.dials if not bench.sparse or DIALS[key] is MAIN[DIALS[key].family]]
    found: dict[str, Json] = {}
    for dial in dials:
        yield from bench.measure(summary.levels(dial, bench))
        found = summary.curve(summary.probe(dial, bench))
        if found["status"] == "skill":
            break
    yield Fact(key="curve-ask", value=curve_ask(DIALS[found["dial"]], found))
    yield Fact(key="curve", value=found)
    guess = stage.ctx.answers.get("q5")
    yield pictures.curve(found, float(guess) if isinstance(guess, int | float) else None)


def curve_ask(dial: Dial, found: Mapping[str, Any]) -> str:
    """The probe and the steps of its dial, for the text of task 5."""
    steps = ", ".join(f"{step}: {row['level']}" for step, row in enumerate(found["levels"], start=1))
    return f"*{NAMES[dial.family].removesuffix('?').capitalize()}*, dial: {dial.titled}. Its steps are {steps}."


def switches(stage: Stage) -> Iterator[Event]:
    """Every probe at a hard setting, before and after."""
    bench, params = stage.bench, stage.params
    cells = [(f"{params.switch}/{family}", switch_cell(family, bench.speaker.world), params.switch) for family in FAMILIES]
    cells.append((LISTED, LIST_CELL, "list"))
    yield from bench.measure([cell for _, cell, _ in cells])
    found = {}
    for number, (key, cell, switch) in enumerate(cells):
        yield from bench.turn(cell, switch, number / len(cells))
        before, after = bench.change(cell, switch)
        found[key] = summary.change(before, after) | {"setting": cell.key}
        if key == LISTED and bench.speaker.form == "word":
            found[key] |= summary.listed(after)
    yield Fact(key="switches", value=found)
    yield pictures.switch_bars(found, causes(params))


def lines(stage: Stage) -> Iterator[Event]:
    """Five answers with their classes; made up where no model answers."""
    if stage.offline:
        names = made_up.classes(stage.plan.seed)
        drawn = [made_up.line(stage.plan.seed, number, name) for number, name in enumerate(names)]
        rows = [(shot, said, name) for (_, shot, said), name in zip(drawn, names, strict=True)]
    else:
        bench = stage.bench
        yield from bench.measure(main_cells(bench))
        known = {cell: bench.couples(cell) for cell in main_cells(bench)}
        chosen = selection.lines(known, skilled_probes(bench), stage.random("lines"), bench.speaker.world)
        if chosen is None:
            yield from nothing(
                "five", FIVE, "It has no answers of both kinds: failures where it has the skill, and right ones.", "lines", "line"
            )
            return
        rows = [(example.shot, shown(example.told.said), name) for example, name in chosen]
    shots = {letter: shot for letter, (shot, _, _) in zip(FIVE, rows, strict=True)}
    yield pictures.contact_sheet("picture:five", "Five pictures that were asked about", shots, 3)
    for letter, (shot, said, _) in zip(FIVE, rows, strict=True):
        yield Fact(key=f"line-{letter}", value=f"{shot.question} Answer: {said}.")
    found = {letter: {"class": name, "truth": shot.answer, "said": said} for letter, (shot, said, name) in zip(FIVE, rows, strict=True)}
    yield Fact(key="lines", value=found)
