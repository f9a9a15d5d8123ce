"""The pictures of the lab, from labs.figures: contact sheets, bars, curves, tables, matrices. `png=False` gives the text form alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labs import figures
from labs.figures import Bar
from labs.scenes.png import scene_png
from labs.scenes.raster import rasterise
from labs.vlm_probes.probes import DIALS, NAMES, Shot
from labs.vlm_probes.scores import YesNo, share
from labs.vlm_probes.words import in_words
from studyapp.labkit.api import Json, Picture

STATUS = {"skill": "sees", "prior": "habit", "guessing": "guesses"}


def contact_sheet(key: str, title: str, shots: Mapping[str, Shot], columns: int, png: bool = True) -> Picture:
    """Pictures under their letters, and then each by itself: on a terminal that draws in half cells a sheet shows no detail. In words
    they are told as far as one has to look at them."""
    pixels = {letter: rasterise(shot.scene) for letter, shot in shots.items()}
    made = figures.sheet(key, title, pixels, columns=columns, say={letter: in_words(shot) for letter, shot in shots.items()}, png=png)
    if not png:
        return made
    return made.model_copy(update={"pngs": tuple(scene_png(shot.scene, max(1, 256 // shot.scene["size"])) for shot in shots.values())})


def you_and_it(rows: Sequence[tuple[str, int, int]], seconds: float | None, png: bool = True) -> Picture:
    """Bars of (who, right, of how many), never pooled; the learner's time in the title."""
    bars = []
    for who, right, n in rows:
        found = share(right, n)
        bars.append(Bar(who, round(100 * right / n, 1) if n else 0.0, round(100 * found.error, 1)))
    time = f", {seconds:.0f} s in all, {seconds / 12:.1f} s a picture for you" if seconds else ""
    return figures.bars("picture:you", f"The same twelve pictures{time}", bars, unit="%", top=100, png=png)


def accuracy_bars(found: Mapping[str, Mapping[str, Any]], family: str, guess: Sequence[float] | None, png: bool = True) -> Picture:
    """Each probe over its whole dial, with pictures and with grey ones; the middle of the learner's interval as a mark."""
    middle = sum(guess) / 2 if guess else None
    bars = [
        Bar(NAMES[name], _percent(row, "right"), _points(row["error"]), middle if name == family else None, "with the picture")
        for name, row in found.items()
    ]
    bars += [
        Bar(NAMES[name], _percent(row, "grey"), _points(row["grey_error"]), None, "with a grey picture") for name, row in found.items()
    ]
    return figures.bars(
        "picture:bars", "Right answers over the whole dial", bars, unit="%", top=100, png=png, mark="middle of your interval"
    )


def families_table(found: Mapping[str, Mapping[str, Any]]) -> Picture:
    """What each probe came to."""
    rows = [
        [
            NAMES[name],
            row["n"],
            _percent(row, "right"),
            _percent(row, "grey"),
            round(200 * row["both"] / row["n"], 1) if row["n"] else None,
            f"{row['word'] or '-'} {100 * row['often']:.0f}%",
            STATUS[row["status"]],
        ]
        for name, row in found.items()
    ]
    header = ["probe", "n", "right", "grey", "pairs", "says most", "easy end"]
    title = "Right answers, with a grey picture, and pairs with both right, in %; what it does at the easy end"
    return figures.table("picture:families", title, header, rows)


def counts_matrix(table: Sequence[Sequence[int]], png: bool = True) -> Picture:
    """What was said for each true count."""
    columns = [*(str(n) for n in range(10)), "other"]
    used = [n for n in range(9) if any(table[n])]
    marked = [(row, n + 1) for row, n in enumerate(used)]
    return figures.heat(
        "picture:counts",
        "Counting: a row for each true number, a column for what was said (right answers framed)",
        [str(n + 1) for n in used],
        columns,
        [table[n] for n in used],
        marked,
        png=png,
    )


def curve(found: Mapping[str, Any], guess: float | None, png: bool = True) -> Picture:
    """Accuracy against the dial, with the grey level, the half-way line and the learner's guess."""
    dial = DIALS[found["dial"]]
    points = [
        (float(step), round(100 * row["right"] / row["n"], 1), round(100 * row["error"], 1))
        for step, row in enumerate(found["levels"], start=1)
    ]
    ends = (1.0, float(len(points)))
    lines = {
        "right": points,
        "with grey": [(x, round(100 * found["grey"], 1), 0.0) for x in ends],
        "half-way": [(x, round(100 * found["half"], 1), 0.0) for x in ends],
    }
    last = len(points) + 1
    marks = [(name, x) for name, x in (("falls below half-way", found["step"]), ("your guess", guess)) if x is not None and 1 <= x <= last]
    settings = ", ".join(f"{step} = {row['level']}" for step, row in enumerate(found["levels"], start=1))
    title = f"{NAMES[dial.family].removesuffix('?').capitalize()}: {dial.titled}. Steps: {settings}"
    return figures.curves("picture:curve", title, lines, x="step of the dial", y="% right", marks=marks, png=png)


def switch_bars(found: Mapping[str, Mapping[str, Any]], words: Mapping[str, str], png: bool = True) -> Picture:
    """Each probe before and after its cause was removed."""
    bars = []
    for key, row in found.items():
        group = words[key].partition(":")[0] + (" (listing first)" if key == "list" else "")
        bars += [Bar(name, _percent(row, name), _points(row[f"{name}_error"]), None, group) for name in ("before", "after")]
    return figures.bars("picture:switches", "Before and after one cause was removed", bars, unit="%", top=100, png=png)


def answers_table(key: str, title: str, rows: Sequence[Sequence[str]]) -> Picture:
    """Letters with what was right and what was said."""
    return figures.table(key, title, ["", "asked", "right", "said", ""], rows)


def pairs_table(rows: Sequence[Sequence[str]]) -> Picture:
    """Ten pairs: what was right and what was said of each picture of a pair."""
    lines = [[str(number), a, b, c, d] for number, (a, b, c, d) in enumerate(rows, start=1)]
    header = ["pair", "right for A", "said to A", "right for B", "said to B"]
    return figures.table("picture:pairs", "Ten pairs of pictures, A and its twin B", header, lines)


def yes_table(table: YesNo) -> Picture:
    """The four counts, and answers that were neither."""
    rows: list[list[Any]] = [["true: yes", table.hits, table.misses], ["true: no", table.alarms, table.rejections]]
    header = ["", "said: yes", "said: no"]
    if sum(table.mute):
        rows = [[*row, mute] for row, mute in zip(rows, table.mute, strict=True)]
        header.append("neither")
    return figures.table("picture:table", f"{table.n} answers", header, rows)


def absence_table(rows: Sequence[Mapping[str, Any]]) -> Picture:
    """POPE's scores, one line for each choice of what is absent."""
    names = ("yes-ratio", "precision", "recall", "f1", "accuracy")
    lines = [
        [row["level"], row["n"], *(None if row[name] is None else round(100 * row[name], 1) for name in names), row["alarms"]]
        for row in rows
    ]
    header = ["absent", "n", *names, "false alarms"]
    title = (
        "Is it there? In %, by how the thing asked about is chosen where it is absent: any, a common one, or one whose colour and shape "
        "are both in the picture, on other things"
    )
    return figures.table("picture:absent", title, header, lines)


def signal_table(rows: Sequence[Mapping[str, Json]], unit: str) -> Picture:
    """d' and c along the dial of the defect probe."""
    lines = [
        [f"{row['level']} {unit}".strip(), row["hits"], row["misses"], row["alarms"], row["rejections"], row["d"], row["c"]] for row in rows
    ]
    header = ["setting", "hits", "misses", "false alarms", "rejections", "d'", "bias c"]
    title = (
        "Signal detection, burnt components: what is seen (d') and the habit (c, above 0 a no)"
        if unit
        else "Signal detection: d' and bias c"
    )
    return figures.table("picture:signal", title, header, lines)


def yours_and_target(yours: Sequence[Sequence[Any]], target: Sequence[Sequence[Any]], png: bool = True) -> Picture:
    """d' of five tables, by the learner's function and by the reference."""
    bars = []
    for name, rows in (("yours", yours), ("target", target)):
        for table, d, _ in rows:
            label = "/".join(str(count) for count in table)
            bars.append(Bar(label if d is not None else f"{label} (no number)", d if d is not None else 0.0, group=name))
    return figures.bars("picture:code:q11", "d' of five tables (hits/misses/false alarms/rejections)", bars, png=png)


def _percent(row: Mapping[str, Any], name: str) -> float:
    return round(100 * row[name] / row["n"], 1) if row["n"] else 0.0


def _points(share_: float) -> float:
    return round(100 * share_, 1)
