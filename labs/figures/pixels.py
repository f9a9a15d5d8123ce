"""Pictures as the labs hold them, and as characters: half blocks where there is a plain background, else shades."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from math import isqrt
from typing import Any, NamedTuple

Pixels = Any  # see frame(); numpy is not imported here, so its arrays cannot be named
Cell = tuple[int, ...]  # the mean colour of a part

RAMP = " .:-=+*#%@"  # dark to light
PLAIN, FAR = 0.3, 40  # share of cells that makes a background; steps of a channel that make ink
SAMPLES = 3  # pixels of a cell that are looked at, a side


class Frame(NamedTuple):
    """A picture: width x height x 3 bytes, row by row, red green blue."""

    width: int
    height: int
    rgb: bytes


def frame(pixels: Pixels) -> Frame:
    """From a Frame, a numpy uint8 array (H, W, 3), nested rows of (r, g, b), the bytes of a square picture (labs.scenes.raster),
    or JSON {"rows", "columns", "rgb": base64}. Raises ValueError in one line for anything else."""
    if isinstance(pixels, Frame):
        return pixels
    if isinstance(pixels, bytes | bytearray):
        side = isqrt(len(pixels) // 3)
        return _sized(side, side, bytes(pixels))
    if isinstance(pixels, Mapping):
        return _sized(int(pixels["columns"]), int(pixels["rows"]), base64.b64decode(pixels["rgb"]))
    if hasattr(pixels, "dtype"):
        if str(pixels.dtype) != "uint8" or len(pixels.shape) != 3 or pixels.shape[2] != 3:
            raise ValueError(f"a picture must be a uint8 array (H, W, 3), not {pixels.dtype} {tuple(pixels.shape)}")
        return _sized(int(pixels.shape[1]), int(pixels.shape[0]), pixels.tobytes())
    rows = list(pixels)
    try:
        flat = bytes(value for row in rows for pixel in row for value in pixel)
    except (TypeError, ValueError) as error:
        raise ValueError("a picture's rows must hold (r, g, b) of whole numbers 0..255") from error
    return _sized(len(rows[0]) if rows else 0, len(rows), flat)


def _sized(width: int, height: int, rgb: bytes) -> Frame:
    if not width or not height or len(rgb) != width * height * 3:
        raise ValueError(f"{len(rgb)} values are not {width} x {height} pixels of three")
    return Frame(width, height, rgb)


def in_text(pictures: Sequence[Frame], columns: int) -> list[list[str]]:
    """Each picture as lines of `columns` characters, all in the same way; a character is taken to be twice as high as wide."""
    cells = [_cells(picture, columns, 2 * max(1, round(columns * picture.height / picture.width / 2))) for picture in pictures]
    grounds = [_ground([cell for row in rows for cell in row]) for rows in cells]
    return [_lines(rows, ground if all(grounds) else None) for rows, ground in zip(cells, grounds, strict=True)]


def _ground(flat: list[Cell]) -> Cell | None:
    """The background, where one colour covers enough."""
    ground, times = Counter(tuple(v >> 4 for v in cell) for cell in flat).most_common(1)[0]
    return next(cell for cell in flat if tuple(v >> 4 for v in cell) == ground) if times >= PLAIN * len(flat) else None


def _lines(cells: list[list[Cell]], paper: Cell | None) -> list[str]:
    lines, columns = len(cells) // 2, len(cells[0])
    if paper is None:
        return ["".join(_shade(cells[2 * y][x], cells[2 * y + 1][x]) for x in range(columns)) for y in range(lines)]
    ink = [[max(abs(a - b) for a, b in zip(cell, paper, strict=True)) >= FAR for cell in row] for row in cells]
    return ["".join(" ▄▀█"[2 * ink[2 * y][x] + ink[2 * y + 1][x]] for x in range(columns)) for y in range(lines)]


def _shade(*cells: Cell) -> str:
    light = sum(299 * r + 587 * g + 114 * b for r, g, b in cells) / len(cells) / 1000
    return RAMP[min(len(RAMP) - 1, int(light * len(RAMP) / 256))]


def _cells(picture: Frame, columns: int, rows: int) -> list[list[Cell]]:
    """Mean colours of rows x columns parts."""
    width, height, rgb = picture
    across, down = _places(width, columns), _places(height, rows)
    made = []
    for ys in down:
        row = []
        for xs in across:
            found = [3 * (y * width + x) for y in ys for x in xs]
            row.append(tuple(sum(rgb[place + channel] for place in found) // len(found) for channel in range(3)))
        made.append(row)
    return made


def _places(length: int, parts: int) -> list[list[int]]:
    """Up to SAMPLES pixels of each part."""
    return [sorted({min(length - 1, int((part + (n + 0.5) / SAMPLES) * length / parts)) for n in range(SAMPLES)}) for part in range(parts)]
