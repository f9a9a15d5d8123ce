"""Charts: what was put in can be read off the drawing, the lines and the words."""

from __future__ import annotations

import io
import math
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageColor

from labs.figures import Bar, bars, curves, heat, scatter, table
from labs.figures.canvas import COLOURS, OWN, drawable
from studyapp.labkit.api import Picture

ROWS = [Bar("counting", 25, 2, 70), Bar("left or right", 50), Bar("letters", 100, 0, 40)]
LINES = {"tiny": [(0.0, 0.0, 0.1), (10.0, 1.0, 0.0)], "you": [(0.0, 0.5, 0.0), (5.0, 0.25, 0.0), (10.0, 0.75, 0.2)]}
MAKE: dict[str, Callable[[bool], Picture]] = {
    "bars": lambda png: bars("k", "Bars", ROWS, "%", 100, png),
    "curves": lambda png: curves("k", "Curves", LINES, "size", "share", [("your guess", 2.5)], png=png),
    "heat": lambda png: heat("k", "Heat", ["a", "b"], ["c", "d"], [[0, 0.25], [0.5, 1]], {(1, 1)}, png),
    "scatter": lambda png: scatter("k", "Points", {"a": [(0, 0), (1, 1)], "b": [(0, 1), (1, 0)]}, [("a", "b")], png=png),
}


def image(picture: Picture) -> Image.Image:
    assert picture.png is not None
    return Image.open(io.BytesIO(picture.png)).convert("RGB")


def places(drawn: Image.Image, colour: str, rows: range | None = None) -> list[tuple[int, int]]:
    """(x, y) of every pixel of exactly that colour."""
    ys, xs = np.nonzero((np.asarray(drawn) == ImageColor.getrgb(colour)).all(axis=2))
    inside = rows or range(drawn.height)
    return [(int(x), int(y)) for x, y in zip(xs, ys, strict=True) if y in inside]


def runs(drawn: Image.Image, colour: str) -> list[tuple[int, int, int]]:
    """(first x, last x, middle y) of every bar of that colour, from the top down."""
    found: dict[int, list[int]] = {}
    for x, y in places(drawn, colour):
        found.setdefault(y, []).append(x)
    bands: list[list[int]] = []
    for y in sorted(found):
        if bands and bands[-1][-1] == y - 1:
            bands[-1].append(y)
        else:
            bands.append([y])
    return [(min(found[b[1]]), max(found[b[1]]), (b[0] + b[-1]) // 2) for b in bands if len(b) > 25]


def blob(drawn: Image.Image, colour: str, near: Callable[[int, int], bool]) -> tuple[float, float]:
    found = [(x, y) for x, y in places(drawn, colour) if near(x, y)]
    return sum(x for x, _ in found) / len(found), sum(y for _, y in found) / len(found)


@pytest.mark.parametrize("name", MAKE)
def test_the_text_form_is_the_same_without_drawing_and_fits_the_screen(name: str) -> None:
    drawn, told = MAKE[name](True), MAKE[name](False)
    assert told.png is None
    assert (drawn.grid, drawn.alt, drawn.key) == (told.grid, told.alt, "k")
    assert max(map(len, told.grid)) <= 76
    assert "\n" not in "".join(told.grid)
    assert MAKE[name](True).png == drawn.png


def test_the_text_form_needs_neither_pillow_nor_numpy() -> None:
    code = """
import sys
from labs.figures import *
bars("k", "t", [Bar("a", 1, 0.1, 2)], png=False)
curves("k", "t", {"a": [(0, 1, 0.1), (1, 2, 0)]}, marks=[("your guess", 0.5)], png=False)
heat("k", "t", ["a"], ["b"], [[1]], png=False)
scatter("k", "t", {"a": [(0, 1)]}, png=False)
square = [[(0, 0, 0), (255, 0, 0)], [(0, 0, 0), (0, 0, 0)]]
sheet("k", "t", {"a": square}, png=False); strip("k", "t", [square], png=False); beside("k", "t", square, None, png=False)
table("k", "t", ["a"], [[1]])
print([name for name in ("PIL", "numpy", "torch") if name in sys.modules])
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_bars_are_as_long_as_their_values_and_guesses_stand_at_their_place() -> None:
    drawn = image(MAKE["bars"](True))
    first, second, third = runs(drawn, COLOURS[0])
    start, full = third[0], third[1] - third[0] + 1
    assert {first[0], second[0]} == {start}
    assert first[1] - start + 1 == pytest.approx(0.25 * full, abs=2)
    assert second[1] - start + 1 == pytest.approx(0.5 * full, abs=2)
    for (_, _, y), guess in ((first, 70), (third, 40)):
        marks = [x for x, _ in places(drawn, OWN, range(y + 10, y + 20))]
        assert sum(marks) / len(marks) == pytest.approx(start + guess / 100 * full, abs=1.5)


def test_a_standard_error_reaches_one_error_to_both_sides() -> None:
    drawn = image(bars("k", "t", [Bar("a", 50, 20), Bar("b", 100)], top=100))
    (start, _, y), (_, end, _) = runs(drawn, COLOURS[0])
    ends = [x for x, _ in places(drawn, "#eceff1", range(y - 1, y + 2)) if x > start + 5]
    full = end - start + 1
    inside = [x for x in ends if x <= start + 0.75 * full]
    assert min(inside) == pytest.approx(start + 0.3 * full, abs=4)
    assert max(inside) == pytest.approx(start + 0.7 * full, abs=4)


def test_bars_in_text_are_as_long_as_their_values() -> None:
    lengths = [line.count("█") for line in MAKE["bars"](False).grid[1:4]]
    assert lengths[0] == pytest.approx(lengths[2] / 4, abs=1)
    assert lengths[1] == pytest.approx(lengths[2] / 2, abs=1)
    assert "┃" in MAKE["bars"](False).grid[1]


def test_bars_below_zero_go_to_the_other_side() -> None:
    up, down = bars("k", "t", [Bar("a", 0.5), Bar("b", -0.5)], png=False).grid[1:3]
    assert up.index("█") > down.rindex("█", 0, 60)
    (first, _, _), (_, last, _) = runs(image(bars("k", "t", [Bar("a", 0.5), Bar("b", -0.5)])), COLOURS[0])
    assert abs(first - last) <= 4


def test_groups_have_headings_and_a_colour_each() -> None:
    picture = bars("k", "t", [Bar("a", 1, group="model"), Bar("b", 2, group="model"), Bar("a", 3, group="you")])
    assert [line for line in picture.grid if line in ("model", "you")] == ["model", "you"]
    drawn = image(picture)
    assert [len(runs(drawn, colour)) for colour in COLOURS[:3]] == [2, 1, 0]
    assert picture.alt == "t: model: a 1; b 2; you: a 3."


def test_the_words_of_bars_hold_every_number() -> None:
    alt = MAKE["bars"](False).alt
    assert alt == (
        "Bars: counting 25 ± 2 % (your guess 70 %); left or right 50 %; letters 100 % (your guess 40 %). ± is one standard error."
    )


def test_points_and_marks_of_curves_lie_where_their_numbers_say() -> None:
    drawn = image(MAKE["curves"](True))
    body = range(120, drawn.height)
    xs = [x for x, _ in places(drawn, COLOURS[0], body)]
    left, right = min(xs) + 9, max(xs) - 9  # the middles of the two outer markers
    marks = {x for x, y in places(drawn, OWN, range(160, drawn.height - 100))}
    assert (min(marks) + max(marks)) / 2 == pytest.approx(left + 0.25 * (right - left), abs=2.5)
    low = blob(drawn, COLOURS[0], lambda x, y: y in body and x < left + 4 and x > left - 4)[1]
    high = blob(drawn, COLOURS[0], lambda x, y: y in body and x > right)[1]
    middle = blob(drawn, COLOURS[1], lambda x, y: y in body and abs(x - (left + right) / 2) < 9)[1]
    assert middle == pytest.approx(low + 0.25 * (high - low), abs=4)


def test_the_words_of_curves_hold_every_number_of_short_lines_and_both_ends_and_extremes_of_long_ones() -> None:
    alt = MAKE["curves"](False).alt
    assert alt == (
        "Curves (share at size): tiny: 0 ± 0.1 at 0, 1 at 10; you: 0.5 at 0, 0.25 at 5, 0.75 ± 0.2 at 10. "
        "± is one standard error. Marked: your guess at 2.5."
    )
    long = curves("k", "t", {"a": [(t, (t - 37) ** 2, 0) for t in range(100)]}, png=False).alt
    assert "some of 100 points" in long
    assert all(words in long for words in ("1,369 at 0", "0 at 37", "3,844 at 99"))


def test_a_logarithmic_axis_gives_equal_ratios_equal_room() -> None:
    drawn = image(curves("k", "t", {"a": [(0, 0.01, 0), (1, 1, 0), (2, 100, 0)]}, log=True))
    found = places(drawn, COLOURS[0], range(110, drawn.height))
    left, right = min(x for x, _ in found) + 9, max(x for x, _ in found) - 9
    heights = [blob(drawn, COLOURS[0], lambda x, y, at=at: abs(x - at) < 4 and y > 110)[1] for at in (left, (left + right) / 2, right)]
    assert heights[0] - heights[1] == pytest.approx(heights[1] - heights[2], abs=3)
    with pytest.raises(ValueError, match="no place on a logarithmic axis"):
        curves("k", "t", {"a": [(0, 0, 0)]}, log=True)
    with pytest.raises(ValueError, match="no place on a logarithmic axis"):
        curves("k", "t", {"a": [(1, 1, 0)]}, marks=[("guess", 0)], log="x")


def test_curves_in_text_show_each_line_by_its_own_sign_and_the_guess_as_a_column() -> None:
    picture = MAKE["curves"](False)
    text = "\n".join(picture.grid)
    assert "● tiny · ■ you · ┊ your guess (2.5)" in text
    columns = {line.index("┊") for line in picture.grid if "┊" in line and "guess" not in line}
    assert len(columns) == 1
    signs = [n for line in picture.grid[:-1] for n, sign in enumerate(line) if sign in "●■"]
    assert columns.pop() == pytest.approx(min(signs) + (max(signs) - min(signs)) / 4, abs=1)


def test_cells_of_a_heat_map_brighten_with_their_numbers_and_marked_ones_are_framed() -> None:
    picture = MAKE["heat"](True)
    drawn = image(picture)
    frame = places(drawn, OWN, range(150, drawn.height - 80))
    assert min(x for x, _ in frame) > drawn.width / 2
    light = []
    for x, y in ((160, 115), (600, 115), (160, 205), (600, 205)):
        red, green, blue = drawn.getpixel((x, y))
        light.append(0.3 * red + 0.6 * green + 0.1 * blue)
    assert light == sorted(light)
    assert len(set(light)) == 4
    assert "[1]" in picture.grid[3]
    assert picture.alt == "Heat: a: c 0, d 0.25; b: c 0.5, d 1. Marked: b / d 1."


def test_a_large_heat_map_keeps_to_its_width_and_says_the_extremes_of_its_rows() -> None:
    values = [[math.sin(row * column) for column in range(100)] for row in range(12)]
    picture = heat("k", "t", [f"row {n}" for n in range(12)], [f"column {n}" for n in range(100)], values, {(3, 99)}, png=False)
    assert max(map(len, picture.grid)) <= 76
    assert "row 11: from" in picture.alt
    assert "row 3 / column 99" in picture.alt
    assert "(12 x 100 cells, highest and lowest of 8 rows)" in picture.alt, "not all of them are read out"
    assert "of each row)" in heat("k", "t", ["a", "b"], [f"c{n}" for n in range(100)], values[:2], png=False).alt


def test_points_of_a_cloud_lie_where_their_numbers_say() -> None:
    points = [(0.0, 0.0), (4.0, 1.0), (1.0, 4.0)]
    drawn = image(scatter("k", "t", {"a": points}))
    found = places(drawn, COLOURS[0], range(100, drawn.height))
    left, right = min(x for x, _ in found) + 10, max(x for x, _ in found) - 10
    bottom, top = max(y for _, y in found) - 10, min(y for _, y in found) + 10
    x, y = left + (right - left) / 4, bottom + (top - bottom) / 4
    assert any(abs(a - left) < 2 and abs(b - bottom) < 2 for a, b in found)
    assert any(abs(a - right) < 2 and abs(b - y) < 2 for a, b in found)
    assert any(abs(a - x) < 2 and abs(b - top) < 2 for a, b in found)
    assert not any(abs(a - right) < 12 and abs(b - top) < 12 for a, b in found)


def test_joined_groups_must_match_point_by_point() -> None:
    with pytest.raises(ValueError, match="cannot be joined"):
        scatter("k", "t", {"a": [(0, 0)], "b": []}, [("a", "b")], png=False)
    assert "Joined one by one: a with b." in MAKE["scatter"](False).alt


def test_a_table_holds_its_cells_and_cuts_only_the_widest_column() -> None:
    picture = table("k", "Metrics", ["clip", "flicker", "why"], [["frozen", 1.0, "x" * 90], ["drift", 0.9942, None]])
    assert picture.png is None
    assert picture.grid[1].startswith("clip    flicker  why")
    assert picture.grid[3].startswith("frozen        1  xxx")
    assert picture.grid[3].endswith("…")
    assert len(picture.grid[3]) == 76
    assert picture.alt == f"Metrics: clip frozen, flicker 1, why {'x' * 90}; clip drift, flicker 0.9942."
    assert table("k", "Said", ["", "asked"], [["A", "how many?"]]).alt == "Said: A, asked how many?", "a column without a name"


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_number_that_is_none_is_refused_in_one_line(bad: float) -> None:
    for make in (
        lambda: bars("k", "t", [Bar("a\nb", bad)]),
        lambda: bars("k", "t", [Bar("a", 1, bad)]),
        lambda: bars("k", "t", [Bar("a", 1, mark=bad)]),
        lambda: bars("k", "t", [Bar("a", 1)], top=bad),
        lambda: curves("k", "t", {"a": [(0, bad, 0)]}),
        lambda: curves("k", "t", {"a": [(0, 0, bad)]}),
        lambda: curves("k", "t", {"a": [(0, 0, 0)]}, marks=[("m", bad)]),
        lambda: heat("k", "t", ["a"], ["b"], [[bad]]),
        lambda: scatter("k", "t", {"a": [(bad, 0)]}),
        lambda: table("k", "t", ["a"], [[bad]]),
    ):
        with pytest.raises(ValueError, match="cannot be drawn") as raised:
            make()
        assert "\n" not in str(raised.value)


def test_an_error_below_zero_and_rows_of_wrong_length_are_refused() -> None:
    with pytest.raises(ValueError, match="less than 0"):
        bars("k", "t", [Bar("a", 1, -1)])
    with pytest.raises(ValueError, match="do not fit"):
        heat("k", "t", ["a"], ["b", "c"], [[1]])
    with pytest.raises(ValueError, match="no cell 1, 0 to mark"):
        heat("k", "t", ["a"], ["b"], [[1]], {(1, 0)})
    with pytest.raises(ValueError, match="does not fit a header"):
        table("k", "t", ["a"], [[1, 2]])


def test_nothing_and_one_thing_can_be_drawn() -> None:
    for picture in (
        bars("k", "t", []),
        curves("k", "t", {}),
        curves("k", "t", {"a": []}),
        heat("k", "t", [], [], []),
        scatter("k", "t", {}),
    ):
        assert image(picture).width > 100
        assert picture.grid == ("t", "(nothing to show)")
        assert picture.alt.startswith("t: no ")
    assert table("k", "t", ["a"], []).alt == "t: no rows."
    for picture in (
        bars("k", "t", [Bar("a", 0)]),
        bars("k", "t", [Bar("", -3, mark=-3)]),
        curves("k", "t", {"a": [(3, 3, 0)]}),
        heat("k", "t", ["a"], ["b"], [[0]]),
        scatter("k", "t", {"a": [(3, 3)]}),
    ):
        assert image(picture).width > 100
        assert max(map(len, picture.grid)) <= 76


def test_long_names_and_odd_characters_stay_inside() -> None:
    name = "a very long name of a model that does not fit\x1b[31m at all, whatever one does with it, anywhere on the screen"
    for picture in (
        bars(name, name, [Bar(name, 1e9, 1e6, 3, name)], name, mark=name),
        curves("k", name, {name: [(0, 1e-9, 0), (1, 1e9, 0)]}, name, name, [(name, 0.5)]),
        heat("k", name, [name] * 3, [name] * 3, [[1e9] * 3] * 3, {(0, 0)}),
        scatter("k", name, {name: [(1e9, -1e9)]}),
        table("k", name, [name] * 30, [[name] * 30]),
    ):
        assert max(map(len, picture.grid)) <= 76
        assert "\x1b" not in "".join(picture.grid) + picture.alt
    assert drawable("ᾱ ≥ 2² – é → \u4e2d") == "alpha-bar >= 2^2 – e -> ?"
    assert drawable("1 − α_t") == "1 - alpha_t"
