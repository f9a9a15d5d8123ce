"""The canonical pixels of a scene: whole-number arithmetic only, so the same scene has the same bytes on every machine.

A figure is cut by four lines a pixel row; along each line its cover is exact (to 1/256 pixel). No torch, no numpy.
"""

from __future__ import annotations

from itertools import accumulate
from math import isqrt
from typing import NamedTuple

from labs.scenes import font
from labs.scenes.drawing import BOX, CIRCLE, CROSS, RHOMBUS, SIN60, STAR, STAR_INNER, TEXT, TRIANGLE, UNIT, Mark, cosine, lit, marks, sine
from labs.scenes.scene import Scene

LINES = 4  # a pixel row
STEP = UNIT // LINES
FULL = LINES * UNIT  # the cover of a pixel that is wholly inside

Point = tuple[int, int]


class Cover(NamedTuple):
    """How much of each pixel a mark covers, 0..FULL: rows from `top` on, each from column `left` on."""

    left: int
    top: int
    rows: list[list[int]]


def rasterise(scene: Scene) -> bytes:
    """The picture as size x size x 3 bytes, row by row, red green blue."""
    size = scene["size"]
    pixels = bytearray(bytes(lit(scene["background"], scene.get("light", 1.0))) * (size * size))
    for mark in marks(scene):
        _paint(pixels, size, cover(mark, size), mark.colour)
    for _ in range(scene.get("blur", 0)):
        pixels = _blurred(pixels, size)
    return bytes(pixels)


def cover(mark: Mark, size: int) -> Cover:
    """The part of a mark that lies inside a picture of this size."""
    if mark.kind == BOX and mark.sin == 0:
        return _upright(mark, size)
    polygons: list[list[Point]] = []
    if mark.kind == CIRCLE:
        left, right, top, bottom = mark.x - mark.a, mark.x + mark.a, mark.y - mark.a, mark.y + mark.a
    else:
        polygons = outlines(mark)
        across, down = [p[0] for polygon in polygons for p in polygon], [p[1] for polygon in polygons for p in polygon]
        left, right, top, bottom = min(across, default=0), max(across, default=0), min(down, default=0), max(down, default=0)
    first, last = max(0, top // UNIT), min(size - 1, bottom // UNIT)
    start, end = max(0, left // UNIT), min(size - 1, right // UNIT)
    if first > last or start > end:
        return Cover(0, 0, [])
    sums = [[0] * (end - start + 3) for _ in range(first, last + 1)]
    spans = _circle_spans(mark, first, last) if mark.kind == CIRCLE else _polygon_spans(polygons, first, last)
    zero, limit = start * UNIT, (end - start + 1) * UNIT
    for line, begin, stop in spans:
        begin, stop = min(max(begin - zero, 0), limit), min(max(stop - zero, 0), limit)
        row, place, part = sums[line // LINES - first], begin >> 8, begin & 255
        row[place] += UNIT - part
        row[place + 1] += part
        place, part = stop >> 8, stop & 255
        row[place] -= UNIT - part
        row[place + 1] -= part
    rows = [list(accumulate(row[:-2])) for row in sums]
    if mark.kind == TEXT:  # turned, the runs of ink overlap by a hair where their corners were rounded
        rows = [[min(part, FULL) for part in row] for row in rows]
    return Cover(start, first, rows)


def _upright(mark: Mark, size: int) -> Cover:
    """A rectangle that is not turned: its cover is exact in both directions."""
    across, down = (_slab(middle, half, size) for middle, half in ((mark.x, mark.a), (mark.y, mark.b)))
    return Cover(across[0], down[0], [[wide * high * FULL >> 16 for wide in across[1]] for high in down[1]])


def _slab(middle: int, half: int, size: int) -> tuple[int, list[int]]:
    """The first pixel that the interval middle +- half touches, and how much (0..256) it takes of that one and the next ones."""
    low, high = max(0, middle - half), min(size * UNIT, middle + half)
    first = low // UNIT
    return first, [min(high, (place + 1) * UNIT) - max(low, place * UNIT) for place in range(first, -(-high // UNIT))]


def _circle_spans(mark: Mark, first: int, last: int) -> list[tuple[int, int, int]]:
    found = []
    for line in range(first * LINES, (last + 1) * LINES):
        off = line * STEP + STEP // 2 - mark.y
        rest = mark.a * mark.a - off * off
        if rest > 0:
            half = isqrt(rest)
            found.append((line, mark.x - half, mark.x + half))
    return found


def _polygon_spans(polygons: list[list[Point]], first: int, last: int) -> list[tuple[int, int, int]]:
    """(line, from x, to x) of the inside of simple polygons; polygons do not overlap."""
    low, high = first * LINES, (last + 1) * LINES - 1
    found = []
    for polygon in polygons:
        crossings: dict[int, list[int]] = {}
        x1, y1 = polygon[-1]
        for x2, y2 in polygon:
            xa, ya, xb, yb = (x1, y1, x2, y2) if y1 < y2 else (x2, y2, x1, y1)
            x1, y1 = x2, y2
            for line in range(max(low, -((STEP // 2 - ya) // STEP)), min(high, (yb - STEP // 2 - 1) // STEP) + 1):
                x = xa + (line * STEP + STEP // 2 - ya) * (xb - xa) // (yb - ya)
                crossings.setdefault(line, []).append(x)
        for line, places in crossings.items():
            places.sort()
            found += [(line, places[i], places[i + 1]) for i in range(0, len(places) - 1, 2)]
    return found


def outlines(mark: Mark) -> list[list[Point]]:
    """The corners of a figure with straight edges; letters are one rectangle a run of ink."""
    a, b = mark.a, mark.b
    if mark.kind == TEXT:
        edges = [-a + 2 * b * column // font.ROWS for column in range(font.columns(mark.text) + 1)]
        heights = [-b + 2 * b * row // font.ROWS for row in range(font.ROWS + 1)]
        plain = [
            [(edges[start], heights[row]), (edges[end], heights[row]), (edges[end], heights[row + 1]), (edges[start], heights[row + 1])]
            for row, start, end in font.runs(mark.text)
        ]
    else:
        plain = [_figure(mark.kind, a, b)]
    cos, sin, x, y = mark.cos, mark.sin, mark.x, mark.y
    return [[(x + ((u * cos - v * sin) >> 14), y + ((u * sin + v * cos) >> 14)) for u, v in polygon] for polygon in plain]


def _figure(kind: int, a: int, b: int) -> list[Point]:
    if kind == BOX:
        return [(-a, -b), (a, -b), (a, b), (-a, b)]
    if kind == RHOMBUS:
        return [(0, -b), (a, 0), (0, b), (-a, 0)]
    if kind == TRIANGLE:
        wide = a * SIN60 >> 14
        return [(0, -a), (wide, a // 2), (-wide, a // 2)]
    if kind == CROSS:
        return [(-b, -a), (b, -a), (b, -b), (a, -b), (a, b), (b, b), (b, a), (-b, a), (-b, b), (-a, b), (-a, -b), (-b, -b)]
    if kind == STAR:
        radii = (a, a * STAR_INNER >> 14)
        return [(radii[k % 2] * sine(36 * k) >> 14, -radii[k % 2] * cosine(36 * k) >> 14) for k in range(10)]
    raise ValueError(f"no figure of kind {kind}")


def _paint(pixels: bytearray, size: int, covered: Cover, colour: tuple[int, int, int]) -> None:
    full = bytes(colour)
    for down, row in enumerate(covered.rows):
        start = ((covered.top + down) * size + covered.left) * 3
        inside = row.count(FULL)
        first = row.index(FULL) if inside else len(row)
        if row[first : first + inside].count(FULL) < inside:  # the inside is in pieces: a star's points
            inside, first = 0, len(row)
        if inside:
            pixels[start + first * 3 : start + (first + inside) * 3] = full * inside
        _blend(pixels, start, row[:first], colour)
        _blend(pixels, start + (first + inside) * 3, row[first + inside :], colour)


def _blend(pixels: bytearray, place: int, row: list[int], colour: tuple[int, int, int]) -> None:
    """Mix a colour into consecutive pixels, as much of it as each is covered."""
    red, green, blue = colour
    for part in row:
        if part:
            rest = FULL - part
            pixels[place] = (pixels[place] * rest + red * part + FULL // 2) // FULL
            pixels[place + 1] = (pixels[place + 1] * rest + green * part + FULL // 2) // FULL
            pixels[place + 2] = (pixels[place + 2] * rest + blue * part + FULL // 2) // FULL
        place += 3


def _blurred(pixels: bytearray, size: int) -> bytearray:
    """One pass of a 1-2-1 filter along rows and along columns; the rim is repeated."""
    made, wide = bytearray(), size * 3
    for start in range(0, len(pixels), wide):
        row = pixels[start : start + wide]
        before, after = row[:3] + row[:-3], row[3:] + row[-3:]
        made += bytes((p + 2 * q + r + 2) >> 2 for p, q, r in zip(before, row, after, strict=True))
    before, after = made[:wide] + made[:-wide], made[wide:] + made[-wide:]
    return bytearray((p + 2 * q + r + 2) >> 2 for p, q, r in zip(before, made, after, strict=True))


def visible_shares(scene: Scene) -> list[float]:
    """For each object the share of its own area that nothing in front of it covers, 0..1."""
    size = scene["size"]
    things = len(scene["objects"])
    bare: Scene = {**scene, "labels": scene.get("labels", []), "clutter": []}
    bare.pop("grid", None)
    covers = [cover(mark, size) for mark in marks(bare)]
    open_ = [1.0] * (size * size)  # how much of each pixel is not yet covered, from the front to the back
    shares: list[float] = []
    for number in range(len(covers) - 1, -1, -1):
        whole = seen = 0.0
        left, top, rows = covers[number]
        for down, row in enumerate(rows):
            place = (top + down) * size + left
            for part in row:
                if part:
                    whole += part
                    seen += part * open_[place]
                    open_[place] *= 1 - part / FULL
                place += 1
        if number < things:
            shares.append(seen / whole if whole else 0.0)
    return shares[::-1]
