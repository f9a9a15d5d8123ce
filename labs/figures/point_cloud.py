"""Points of several groups in a plane, pairs of two groups joined where asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from labs.figures import canvas as paper
from labs.figures.axes import CLASH, SIGNS, Scale, TextPlot, drawn_axes, widened
from labs.figures.numbers import finite, picked, said, span
from labs.figures.words import opened, plain, wrapped
from studyapp.labkit.api import Picture

Points = Sequence[tuple[float, float]]


def scatter(
    key: str,
    title: str,
    groups: Mapping[str, Points],
    joined: Collection[tuple[str, str]] = (),
    x: str = "",
    y: str = "",
    png: bool = True,
) -> Picture:
    """Points (x, y) by group; `joined` names pairs of groups whose points are joined one by one, the first with the first and so on.
    Raises ValueError for a number that is not finite, and where joined groups differ in length or are missing."""
    for name, points in groups.items():
        for point in points:
            finite(f"a point of {plain(name)}", *point)
    for a, b in joined:
        if a not in groups or b not in groups or len(groups[a]) != len(groups[b]):
            raise ValueError(f"{plain(str(a))} and {plain(str(b))} cannot be joined: both must be groups of as many points")
    every = [point for points in groups.values() for point in points]
    if not every:
        alt, drawn = f"{opened(title)} no points.", paper.empty(title) if png else None
        return Picture(key=key, png=drawn, grid=paper.nothing(title), alt=alt)
    across, up = widened(*span(p[0] for p in every), False), widened(*span(p[1] for p in every), False)
    drawn = _drawn(title, groups, joined, x, y, across, up) if png else None
    return Picture(key=key, png=drawn, grid=_text(title, groups, joined, x, y, across, up), alt=_alt(title, groups, joined))


def _alt(title: str, groups: Mapping[str, Points], joined: Collection[tuple[str, str]]) -> str:
    parts = []
    for name, points in groups.items():
        places = picked(len(points))
        some = f"{len(places)} of {len(points)} points" if len(places) < len(points) else f"{len(points)} points"
        middle = ""
        if len(points) > 1:
            mean = [sum(point[way] for point in points) / len(points) for way in (0, 1)]
            middle = f", mean ({said(mean[0])}, {said(mean[1])})"
        parts.append(f"{plain(name)} ({some}{middle}): {', '.join(f'({said(points[n][0])}, {said(points[n][1])})' for n in places)}")
    lines = f" Joined one by one: {', '.join(f'{plain(a)} with {plain(b)}' for a, b in joined)}." if joined else ""
    return f"{opened(title)} {'; '.join(parts)}.{lines}"


def _text(
    title: str, groups: Mapping[str, Points], joined: Collection[tuple[str, str]], x: str, y: str, across: Scale, up: Scale
) -> tuple[str, ...]:
    plot = TextPlot(across, up, 18)
    for a, b in joined:
        for p, q in zip(groups[a], groups[b], strict=True):
            plot.join(p, q)
    for n, points in enumerate(groups.values()):
        for point in points:
            plot.point(*point, SIGNS[n % len(SIGNS)])
    legend = [f"{SIGNS[n % len(SIGNS)]} {plain(name)}" for n, name in enumerate(groups)]
    legend += [f"{CLASH} points of two groups"] if plot.clashes else []
    return (*wrapped(title), *plot.rows(x, y), *wrapped(" · ".join(legend)))


def _drawn(
    title: str, groups: Mapping[str, Points], joined: Collection[tuple[str, str]], x: str, y: str, across: Scale, up: Scale
) -> bytes:
    looks = [(plain(name), paper.MARKERS[n % len(paper.MARKERS)], paper.COLOURS[n % len(paper.COLOURS)]) for n, name in enumerate(groups)]
    axes = drawn_axes(title, across, up, x, y, looks, 560)
    for a, b in joined:
        for p, q in zip(groups[a], groups[b], strict=True):
            axes.canvas.line([axes.at(*p), axes.at(*q)], paper.DIM, 2)
    for (_, marker, colour), points in zip(looks, groups.values(), strict=True):
        for point in points:
            axes.canvas.marker(marker, *axes.at(*point), 10, colour)
    return axes.canvas.png()
