"""Curves over one quantity, with standard errors at their points and upright marks such as the learner's guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

from labs.figures import canvas as paper
from labs.figures.axes import CLASH, MARK, SIGNS, Axes, Scale, TextPlot, drawn_axes, widened
from labs.figures.numbers import checked_error, finite, picked, said, span, with_error
from labs.figures.words import opened, plain, wrapped
from studyapp.labkit.api import Picture

Curve = Sequence[tuple[float, float, float]]
MANY = 24  # points of a curve that get a marker each


def curves(
    key: str,
    title: str,
    lines: Mapping[str, Curve],
    x: str = "",
    y: str = "",
    marks: Sequence[tuple[str, float]] = (),
    log: bool | Literal["x", "y", "both"] = False,
    png: bool = True,
) -> Picture:
    """Lines by name, each of points (x, y, standard error of y) joined from left to right; `marks` are upright lines (name, x).
    `log` = True or "y" makes the upright axis logarithmic, "x" the level one. Raises ValueError for numbers that cannot be drawn."""
    logs = (log in ("x", "both"), log in ("y", "both", True))
    sorted_lines = {plain(name): sorted(points) for name, points in lines.items()}
    _check(sorted_lines, marks, logs)
    points = [point for line in sorted_lines.values() for point in line]
    if not points:
        alt, drawn = f"{opened(title)} no points.", paper.empty(title) if png else None
        return Picture(key=key, png=drawn, grid=paper.nothing(title), alt=alt)
    across = widened(*_span([p[0] for p in points] + [place for _, place in marks], logs[0]), logs[0], 0.02)
    ends = [p[1] + way * p[2] for p in points for way in (1, -1)]
    up = widened(*_span([end for end in ends if not logs[1] or end > 0], logs[1]), logs[1])
    drawn = _drawn(title, sorted_lines, x, y, marks, across, up) if png else None
    text = _text(title, sorted_lines, x, y, marks, across, up)
    return Picture(key=key, png=drawn, grid=text, alt=_alt(title, sorted_lines, x, y, marks))


def _check(lines: Mapping[str, Curve], marks: Sequence[tuple[str, float]], logs: tuple[bool, bool]) -> None:
    for name, points in lines.items():
        for x, y, error in points:
            finite(f"a point of {name}", x, y)
            checked_error(f"a point of {name}", error)
            if (logs[0] and x <= 0) or (logs[1] and y <= 0):
                raise ValueError(f"a point of {name} at ({said(x)}, {said(y)}) has no place on a logarithmic axis")
    for name, place in marks:
        finite(f"the mark {plain(name)}", place)
        if logs[0] and place <= 0:
            raise ValueError(f"the mark {plain(name)} at {said(place)} has no place on a logarithmic axis")


def _span(values: Sequence[float], log: bool) -> tuple[float, float]:
    low, high = span(values)
    return (low, high) if low > 0 or not log else (high / 10, high)


def _alt(title: str, lines: Mapping[str, Curve], x: str, y: str, marks: Sequence[tuple[str, float]]) -> str:
    parts = []
    for name, points in lines.items():
        ys = [point[1] for point in points]
        telling = (ys.index(min(ys)), ys.index(max(ys))) if ys else ()
        places = picked(len(points), telling)
        some = f" (some of {len(points)} points)" if len(places) < len(points) else ""
        row = ", ".join(f"{with_error(points[n][1], points[n][2])} at {said(points[n][0])}" for n in places)
        parts.append(f"{name}{some}: {row or 'no points'}")
    axes = f" ({plain(y) or 'value'} at {plain(x) or 'x'})" if x or y else ""
    told = f"{opened(plain(title) + axes)} {'; '.join(parts)}."
    if any(point[2] for points in lines.values() for point in points):
        told += " ± is one standard error."
    return told + (f" Marked: {', '.join(f'{plain(name)} at {said(place)}' for name, place in marks)}." if marks else "")


def _text(
    title: str, lines: Mapping[str, Curve], x: str, y: str, marks: Sequence[tuple[str, float]], across: Scale, up: Scale
) -> tuple[str, ...]:
    plot = TextPlot(across, up)
    for _, place in marks:
        plot.mark(place)
    for points in lines.values():
        for a, b in pairwise(points):
            plot.join(a[:2], b[:2])
    for n, points in enumerate(lines.values()):
        for point in points:
            plot.point(point[0], point[1], SIGNS[n % len(SIGNS)])
    legend = [f"{SIGNS[n % len(SIGNS)]} {name}" for n, name in enumerate(lines)]
    legend += [f"{MARK} {plain(name)} ({said(place)})" for name, place in marks] + ([f"{CLASH} two lines"] if plot.clashes else [])
    return (*wrapped(title), *plot.rows(x, y), *wrapped(" · ".join(legend)))


def _drawn(title: str, lines: Mapping[str, Curve], x: str, y: str, marks: Sequence[tuple[str, float]], across: Scale, up: Scale) -> bytes:
    colours, markers = paper.COLOURS, paper.MARKERS
    legend = [(name, markers[n % len(markers)], colours[n % len(colours)]) for n, name in enumerate(lines)]
    legend += [(f"{plain(name)}: {said(place)}", "own", paper.OWN) for name, place in marks]
    axes = drawn_axes(title, across, up, x, y, legend)
    for _, place in marks:
        at = axes.at(place, up.low)[0]
        axes.canvas.line([(at, axes.top), (at, axes.bottom)], paper.OWN, 5, dashed=12)
    for n, points in enumerate(lines.values()):
        _line(axes, points, colours[n % len(colours)], markers[n % len(markers)], n)
    return axes.canvas.png()


def _line(axes: Axes, points: Curve, colour: str, marker: str, number: int) -> None:
    places = [axes.at(px, py) for px, py, _ in points]
    if len(places) > 1:
        axes.canvas.line(places, colour, 5)
    for (px, py, error), (at, _) in zip(points, places, strict=True):
        if error:
            low = axes.at(px, max(py - error, axes.up.low) if axes.up.log else py - error)[1]
            high = axes.at(px, py + error)[1]
            axes.canvas.line([(at, low), (at, high)], colour, 3)
            for level in (low, high):
                axes.canvas.line([(at - 8, level), (at + 8, level)], colour, 3)
    every = max(1, -(-len(places) // MANY))
    for at, level in places[(number * every // 3) % every :: every]:
        axes.canvas.marker(marker, at, level, 9, colour)
