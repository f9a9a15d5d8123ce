"""The words of the picture world stay apart from each other, on the screen and in the split."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from labs.scenes.drawing import UNIT
from labs.scenes.font import GLYPHS, columns, runs, strip
from labs.scenes.raster import FULL, cover
from labs.scenes.sampling import single
from labs.scenes.vocabulary import BACKGROUNDS, COLOURS, COMBINATIONS, DIGITS, HELD_OUT, LETTERS, POPULAR, SEEN, SHAPES, held_out_split


def lab(colour: tuple[int, int, int]) -> tuple[float, float, float]:
    """CIELAB under D65, from sRGB (IEC 61966-2-1)."""
    linear = [v / 255 / 12.92 if v / 255 <= 0.04045 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in colour]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    x, y, z = (sum(a * b for a, b in zip(row, linear, strict=True)) for row in rows)
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x / 0.9505, y, z / 1.089))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def apart(one: tuple[int, int, int], two: tuple[int, int, int]) -> float:
    return sum((a - b) ** 2 for a, b in zip(lab(one), lab(two), strict=True)) ** 0.5


def test_colours_stay_apart_from_each_other_and_from_every_background():
    assert min(apart(a, b) for a, b in combinations(COLOURS.values(), 2)) > 35
    assert min(apart(a, b) for a in COLOURS.values() for b in BACKGROUNDS.values()) > 35


def test_no_object_is_grey():
    assert all(max(colour) - min(colour) > 100 for colour in COLOURS.values())


@pytest.mark.parametrize("seed", range(6))
def test_a_held_out_split_keeps_every_word_common(seed: int):
    held = held_out_split(seed)
    assert len(held) == 8
    assert Counter(colour for colour, _ in held) == dict.fromkeys(COLOURS, 1)
    shapes = Counter(shape for _, shape in held)
    assert set(shapes) == set(SHAPES)
    assert max(shapes.values()) <= 2


def test_the_parts_of_the_split_are_all_there_is():
    assert len(COMBINATIONS) == 48
    assert HELD_OUT == held_out_split(0) != held_out_split(1)
    assert set(SEEN) | HELD_OUT == set(COMBINATIONS)
    assert not set(SEEN) & HELD_OUT
    assert set(POPULAR) < set(SEEN)


def test_shapes_differ_at_ten_pixels_however_they_are_turned():
    """Two shapes of one size, both turned by whatever is drawn, share at most nine tenths of their area."""
    from random import Random

    from labs.scenes.drawing import marks

    size, half = 24, 12 * UNIT
    masks: dict[str, list[list[int]]] = {shape: [] for shape in SHAPES}
    for shape in SHAPES:
        for seed in range(8):
            scene = single(Random(seed), "red", shape, size=size, radius=(5 / size, 5 / size))
            [mark] = marks(scene)
            found = cover(mark._replace(x=half, y=half), size)
            mask = [0] * (size * size)
            for down, row in enumerate(found.rows):
                for across, part in enumerate(row):
                    mask[(found.top + down) * size + found.left + across] = part
            masks[shape].append(mask)
    for one, two in combinations(SHAPES, 2):
        for a in masks[one]:
            for b in masks[two]:
                both, either = sum(map(min, a, b)), sum(map(max, a, b))
                assert both / either < 0.88, (one, two)
                assert either > 30 * FULL


def test_every_letter_has_a_glyph_of_its_own():
    signs = LETTERS + DIGITS
    assert len({GLYPHS[sign] for sign in signs}) == len(signs) == 36
    cells = {sign: "".join(GLYPHS[sign]) for sign in signs}
    assert all(len(cell) == 35 for cell in cells.values())
    assert min(sum(p != q for p, q in zip(cells[a], cells[b], strict=True)) for a, b in combinations(signs, 2)) >= 3


def test_runs_of_ink_are_the_strip():
    text = "A7 Q"
    drawn = [["."] * columns(text) for _ in range(7)]
    for row, start, end in runs(text):
        for column in range(start, end):
            assert drawn[row][column] == "."
            drawn[row][column] = "#"
    assert tuple("".join(row) for row in drawn) == strip(text)
