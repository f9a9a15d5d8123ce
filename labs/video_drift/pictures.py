"""The pictures of video-drift: filmstrips with a drift meter, gap curves, the table of metrics, each with its numbers in words.

Pixels come from labs.scenes (no torch), charts from labs.figures; with png=False nothing but text is made, for reviews.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labs import figures
from labs.figures import canvas as paper
from labs.figures.pixels import Frame, frame
from labs.scenes.raster import rasterise
from labs.scenes.scene import Scene
from labs.video_drift import eye, reel, sums
from labs.video_drift.reel import NAMES
from labs.video_drift.sums import LONGER, METRICS, Scores
from studyapp.labkit.api import Picture

SHORT = {
    "flicker": "flicker",
    "neighbours": "neighb.",
    "subject": "subject",
    "gap4": "gap 4",
    "gap8": "gap 8",
    "gap16": "gap 16",
    "moving": "moving",
    "step": "step",
}
METER = 74  # pixels of a meter's height
CAP = 999.0  # standard deviations that the picture of the table goes up to


def pixels(scene: Scene) -> Frame:
    """A scene as the charts take it."""
    return Frame(scene["size"], scene["size"], rasterise(scene))


def filmstrip(key: str, title: str, scenes: Sequence[Scene], png: bool = True, headed: bool = False) -> Picture:
    """Numbered frames; the text says of each what it shows, as exactly as its pixels do. `headed`: under its title, where a question
    shows several clips."""
    lines, alt = (*((title,) if headed else ()), *eye.in_words(scenes)), f"{title} Frame {reel.told(scenes)}."
    if not png:
        return Picture(key=key, grid=lines, alt=alt)
    drawn = figures.strip(key, title, [pixels(scene) for scene in scenes], names=[str(n) for n in range(1, len(scenes) + 1)])
    return drawn.model_copy(update={"grid": lines, "alt": alt})


def film(
    key: str,
    title: str,
    frames: Sequence[Frame],
    first: Sequence[float],
    before: Sequence[float],
    broken: int | None = None,
    yours: int | None = None,
) -> Picture:
    """A filmstrip with a drift meter under each frame: similarity to the first frame, and to the one before (0 .. 1). `broken` is
    the place where identity breaks, `yours` where the learner marked it."""
    lines = ["frame  like the first  like the one before"]
    for n, (one, other) in enumerate(zip(first, before, strict=True)):
        notes = [note for note, place in (("identity breaks", broken), ("your mark", yours)) if place == n]
        lines.append(f"{n + 1:>5}  {_gauge(one)} {one:.2f}  {_gauge(other)} {other:.2f}{'  ' + ', '.join(notes) if notes else ''}")
    alt = f"{title}: " + "; ".join(
        f"frame {n + 1}: {one:.3f} to the first, {other:.3f} to the one before"
        for n, (one, other) in enumerate(zip(first, before, strict=True))
    )
    alt += f". Identity breaks in frame {broken + 1}" if broken is not None else ""
    alt += f"; your mark is frame {yours + 1}" if yours is not None else ""
    return Picture(key=key, png=_film(title, frames, first, before, broken, yours), grid=tuple(lines), alt=alt + ".")


def _gauge(value: float) -> str:
    return ("█" * round(10 * value)).ljust(10, "·")


def _film(
    title: str, frames: Sequence[Frame], first: Sequence[float], before: Sequence[float], broken: int | None, yours: int | None
) -> bytes:
    columns = min(len(frames), 12)
    cell = (paper.WIDTH - 24) / columns
    side, rows = cell - 8, -(-len(frames) // columns)
    tall = side * max(f.height / f.width for f in frames)
    high = 30 + tall + METER + 26
    canvas, top = paper.headed(title, rows * high + 84)
    for n, shown in enumerate(frames):
        x, y = 12 + n % columns * cell, top + n // columns * high
        mark = " *" if n == broken else ""
        canvas.text(x + 2, y + 14, f"{n + 1}{mark}", paper.SMALL, paper.COLOURS[1] if mark else paper.INK)
        canvas.paste(shown.rgb, (shown.width, shown.height), x, y + 30, (side, side * shown.height / shown.width))
        if n == broken:
            canvas.box(x - 3, y + 27, x + side + 3, y + 33 + tall, edge=paper.COLOURS[1], width=4)
        if n == yours:
            canvas.marker("diamond", x + side - 8, y + 14, 8, paper.OWN)
        bottom = y + 30 + tall + METER + 8
        canvas.line([(x, bottom), (x + side, bottom)], paper.RULE, 2)
        canvas.line([(x, bottom - METER), (x + side, bottom - METER)], paper.RULE, 1)
        for place, (value, colour) in enumerate(((first[n], paper.COLOURS[0]), (before[n], paper.COLOURS[2]))):
            left = x + side * (0.12 + 0.42 * place)
            canvas.box(left, bottom - METER * min(1.0, value), left + side * 0.34, bottom, colour)
    y = top + rows * high + 18
    for row, (words, colour) in enumerate(
        (("likeness to frame 1, full height is 1", paper.COLOURS[0]), ("likeness to the frame before", paper.COLOURS[2]))
    ):
        canvas.box(16, y + row * 32 - 9, 36, y + row * 32 + 9, colour)
        canvas.text(46, y + row * 32, words, paper.SMALL)
    notes = (["* identity breaks"] if broken is not None else []) + (["diamond: your mark"] if yours is not None else [])
    canvas.text(paper.WIDTH / 2 + 60, y, ", ".join(notes), paper.SMALL, paper.DIM)
    return canvas.png()


def clips(key: str, title: str, shown: Mapping[str, Sequence[Scene]]) -> Picture:
    """Clips under each other, six frames of each."""
    rows = {NAMES[kind]: _row([scenes[n * (len(scenes) - 1) // 5] for n in range(6)]) for kind, scenes in shown.items()}
    made = figures.sheet(key, title, rows, columns=2)
    lines = [f"{NAMES[kind]}: {TOLD[kind]}" for kind in shown]
    alt = f"{title}, all of the same object: {reel.words(shown['good'][0])}."
    return made.model_copy(update={"grid": tuple(lines), "alt": alt})


TOLD = {
    "good": "one object on one even way",
    "frozen": "its first frame again and again",
    "identity": "colour and shape turn into others",
    "vanish": "gone for a third of the clip, then back",
    "flicker": "the light changes in every frame",
    "teleport": "three times suddenly elsewhere",
    "shuffled": "the good clip's frames in another order",
    "wobble": "size and angle tremble",
    "lighting": "it slowly grows darker",
}


def _row(scenes: Sequence[Scene]) -> Frame:
    """Frames side by side with a gap of a pixel."""
    size, gap = scenes[0]["size"], 1
    pictures = [rasterise(scene) for scene in scenes]
    lines = []
    for y in range(size):
        lines.append((b"\x14\x18\x1d" * gap).join(picture[y * size * 3 : (y + 1) * size * 3] for picture in pictures))
    return Frame(len(scenes) * size + (len(scenes) - 1) * gap, size, b"".join(lines))


def score_table(key: str, scores: Scores, good: int, own: Mapping[str, Any] | None = None) -> Picture:
    """Every kind under every metric; * where a metric catches it. `good`: how many other good clips the kinds are held against."""
    title = f"Which metric catches what? (* more than 3 sd short of {good} good clips)"
    rows: list[list[str]] = []
    for kind in NAMES:
        caught = {metric: sums.off(scores, kind, metric) > sums.CATCH for metric in METRICS}
        rows.append([kind, *(f"{scores['clips'][kind][metric][0]:.3f}{'*' if caught[metric] else ''}" for metric in METRICS)])
    if own:
        rows.append(["yours", *(f"{own[metric]:.3f}" if own.get(metric) is not None else "" for metric in METRICS)])
    rows.append([f"{good} good", *(f"{scores['good'][metric][0]:.3f}" for metric in METRICS)])
    rows.append(["their sd", *(f"{scores['good'][metric][1]:.3f}" for metric in METRICS)])
    text = figures.table(key, title, ["clip", *(SHORT[metric] for metric in METRICS)], rows)
    values = [[max(0.0, min(CAP, sums.off(scores, kind, metric))) for metric in METRICS] for kind in NAMES]
    marked = {(r, c) for r, row in enumerate(values) for c, value in enumerate(row) if value > sums.CATCH}
    drawn = figures.heat(
        key,
        f"Standard deviations short of good clips (framed: beyond 3; {CAP:g} or more is shown as {CAP:g})",
        [NAMES[kind] for kind in NAMES],
        [LONGER[metric] for metric in METRICS],
        [[round(value, 1) for value in row] for row in values],
        marked,
    )
    told = []
    for kind in NAMES:
        row = scores["clips"][kind]
        parts = [f"{SHORT[metric]} {row[metric][0]:.3f}" for metric in METRICS if sums.off(scores, kind, metric) > sums.CATCH]
        told.append(f"{NAMES[kind]} by {', '.join(parts) or 'none'}")
    return text.model_copy(update={"png": drawn.png, "alt": f"What catches each kind of clip: {'; '.join(told)}."})


def gap_curves(key: str, curves: Mapping[str, Sequence[float]]) -> Picture:
    """The gap curves of all kinds; kinds whose curves are the same line share one."""
    lines: dict[str, list[tuple[float, float, float]]] = {}
    seen: dict[tuple[float, ...], list[str]] = {}
    for kind, curve in curves.items():
        seen.setdefault(tuple(round(value, 2) for value in curve), []).append(NAMES.get(kind, kind))
    for curve, kinds in seen.items():
        lines[" = ".join(kinds)] = [(float(gap), value, 0.0) for gap, value in enumerate(curve, start=1)]
    return figures.curves(key, "Mean similarity of frames that are so far apart", lines, x="gap in frames", y="cosine, clamped at 0")


def one_curve(
    key: str, curve: Sequence[float], bound: float, answer: tuple[str, float] | None = None, png: bool = True, of: str = ""
) -> Picture:
    """A single gap curve with its values, and the bound that half-life is about; `of`: of which clips, where not of the drifting ones."""
    title = f"Gap curve of {of}; the bound is {bound:g}" if of else f"Gap curve of the drifting clips; half-way is {bound:g}"
    grid = []
    for span in (range(1, 9), range(9, 17)):
        grid += [" ".join(f"{word:>5}" for word in ("gap", *span)), " ".join(["alike", *(f"{curve[gap - 1]:.3f}" for gap in span)])]
    alt = f"{title}: " + ", ".join(f"gap {gap} {value:.3f}" for gap, value in enumerate(curve, start=1)) + "."
    if not png:
        return Picture(key=key, grid=tuple(grid), alt=alt)
    points = {
        "drifting clips": [(float(gap), value, 0.0) for gap, value in enumerate(curve, start=1)],
        "half-way": [(1.0, bound, 0.0), (float(len(curve)), bound, 0.0)],
    }
    drawn = figures.curves(key, title, points, x="gap in frames", y="similarity", marks=[answer] if answer else ())
    return drawn.model_copy(update={"grid": tuple(grid), "alt": alt})


def wall(key: str, levels: Sequence[int], png: bool = True) -> Picture:
    """The frames of the grey wall."""
    title = "Eight frames of a grey wall"
    lines = ["frame " + " ".join(f"{n:>4}" for n in range(1, len(levels) + 1)), "level " + " ".join(f"{level:>4}" for level in levels)]
    alt = f"{title}, their levels {', '.join(map(str, levels))} of 255."
    if not png:
        return Picture(key=key, grid=tuple(lines), alt=alt)
    drawn = figures.strip(
        key, title, [frame(bytes([level] * 3) * 256) for level in levels], names=[str(n) for n in range(1, len(levels) + 1)]
    )
    return drawn.model_copy(update={"grid": tuple(lines), "alt": alt})


def errors(key: str, found: Mapping[str, Sequence[float]], asked: str, guess: float | None) -> Picture:
    """The error of each age of the model over the frames of its own making, with the learner's forecast."""
    lines = {
        f"{age}{' (asked)' if age == asked else ''}": [(float(n), value, 0.0) for n, value in enumerate(row, start=1)]
        for age, row in found.items()
    }
    row = found[asked]
    slope = (row[3] - row[0]) / 3
    lines["straight on from frames 1 to 4"] = [(1.0, row[0], 0.0), (16.0, row[3] + 12 * slope, 0.0)]
    if guess is not None:
        lines["your forecast"] = [(16.0, guess, 0.0)]
    return figures.curves(key, "Mean error of the model's own frames", lines, x="frame of its own making", y="levels of 255")
