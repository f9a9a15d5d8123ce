"""The letters of the world: capitals and digits on a grid of five columns and seven rows, drawn for this project."""

from __future__ import annotations

from functools import cache

ROWS, COLUMNS, ADVANCE = 7, 5, 6  # a glyph's cells, and the columns from one glyph to the next

_DRAWN = """
A .###. #...# #...# ##### #...# #...# #...#
B ####. #...# #...# ####. #...# #...# ####.
C .###. #...# #.... #.... #.... #...# .###.
D ###.. #..#. #...# #...# #...# #..#. ###..
E ##### #.... #.... ####. #.... #.... #####
F ##### #.... #.... ####. #.... #.... #....
G .###. #...# #.... #.### #...# #...# .###.
H #...# #...# #...# ##### #...# #...# #...#
I .###. ..#.. ..#.. ..#.. ..#.. ..#.. .###.
J ..### ...#. ...#. ...#. ...#. #..#. .##..
K #...# #..#. #.#.. ##... #.#.. #..#. #...#
L #.... #.... #.... #.... #.... #.... #####
M #...# ##.## #.#.# #.#.# #...# #...# #...#
N #...# ##..# ##..# #.#.# #..## #..## #...#
O .###. #...# #...# #...# #...# #...# .###.
P ####. #...# #...# ####. #.... #.... #....
Q .###. #...# #...# #...# #.#.# #..#. .##.#
R ####. #...# #...# ####. #.#.. #..#. #...#
S .#### #.... #.... .###. ....# ....# ####.
T ##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..
U #...# #...# #...# #...# #...# #...# .###.
V #...# #...# #...# #...# .#.#. .#.#. ..#..
W #...# #...# #...# #.#.# #.#.# ##.## #...#
X #...# #...# .#.#. ..#.. .#.#. #...# #...#
Y #...# #...# .#.#. ..#.. ..#.. ..#.. ..#..
Z ##### ....# ...#. ..#.. .#... #.... #####
0 .###. #..## #..## #.#.# ##..# ##..# .###.
1 ..#.. .##.. #.#.. ..#.. ..#.. ..#.. #####
2 .###. #...# ....# ..##. .#... #.... #####
3 ####. ....# ....# .###. ....# ....# ####.
4 ...#. ..##. .#.#. #..#. ##### ...#. ...#.
5 ##### #.... ####. ....# ....# #...# .###.
6 ..##. .#... #.... ####. #...# #...# .###.
7 ##### ....# ...#. ...#. ..#.. ..#.. ..#..
8 .###. #...# #...# .###. #...# #...# .###.
9 .###. #...# #...# .#### ....# ...#. .##..
"""

GLYPHS: dict[str, tuple[str, ...]] = {" ": ("." * COLUMNS,) * ROWS}
GLYPHS.update({line[0]: tuple(line[2:].split()) for line in _DRAWN.strip().splitlines()})


def columns(text: str) -> int:
    """The width of a text in cells: five a glyph and one between two."""
    return max(0, ADVANCE * len(text) - (ADVANCE - COLUMNS))


@cache
def strip(text: str) -> tuple[str, ...]:
    """The seven rows of a whole text, one column of space between glyphs."""
    return tuple(".".join(GLYPHS[letter][row] for letter in text) for row in range(ROWS))


@cache
def runs(text: str) -> tuple[tuple[int, int, int], ...]:
    """The ink of a text as (row, first column, column after the last), one entry a horizontal run; runs never overlap."""
    found = []
    for row, cells in enumerate(strip(text)):
        start = None
        for column, cell in enumerate(cells + "."):
            if cell == "#" and start is None:
                start = column
            elif cell != "#" and start is not None:
                found.append((row, start, column))
                start = None
    return tuple(found)
