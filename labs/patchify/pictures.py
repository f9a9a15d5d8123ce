"""The pictures of patchify, drawn by Pillow in the worker, each with the same as lines of text and in words."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random
from typing import Any

from labs.patchify import choices
from labs.patchify.params import Params
from studyapp.labkit.api import Picture

Image = Any  # PIL.Image.Image; Pillow is imported when something is drawn
Source = Callable[[int, int, int], tuple[int, int, int]]  # (row, column, channel) of the result -> of the original
LARGEST = 480  # pixels of a drawn side
PICK = (4, 6, 8)  # rows and columns of patches, patch size, of the reconstructions


def scene(H: int, W: int, seed: int) -> Image:
    """A picture in which every place looks different: colours that run across it, and three shapes."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (W, H))
    across, down = Image.linear_gradient("L").rotate(90).resize((W, H)), Image.linear_gradient("L").resize((W, H))
    picture = Image.merge("RGB", (across.point(lambda v: 40 + v * 3 // 5), down.point(lambda v: 60 + v // 2), Image.new("L", (W, H), 150)))
    random, pen = Random(f"scene/{seed}"), ImageDraw.Draw(picture)
    for color, shape in (("#f2c14e", "disc"), ("#d1495b", "box"), ("#1b4965", "triangle")):
        size = min(H, W) * random.uniform(0.22, 0.34)
        x, y = random.uniform(0.05, 0.95) * (W - size), random.uniform(0.05, 0.95) * (H - size)
        if shape == "disc":
            pen.ellipse((x, y, x + size, y + size), fill=color)
        elif shape == "box":
            pen.rectangle((x, y, x + size, y + size * 0.8), fill=color)
        else:
            pen.polygon(((x, y + size), (x + size / 2, y), (x + size, y + size)), fill=color)
    return picture


def grid(params: Params, seed: int) -> Picture:
    """The picture with its patches and token ids; what no patch covers is dimmed."""
    from PIL import Image, ImageDraw

    H, W, p, h, w = params.H, params.W, params.p, params.h, params.w
    scale = min(4.0, LARGEST / max(H, W))
    picture = scene(H, W, seed).resize((round(W * scale), round(H * scale)), Image.Resampling.BICUBIC)
    pen, cell = ImageDraw.Draw(picture, "RGBA"), p * scale
    right, bottom = max(w * cell, picture.width), max(h * cell, picture.height)  # rounding may leave the picture a little smaller
    if W % p:
        pen.rectangle((w * cell, 0, right, bottom), fill=(0, 0, 0, 150))
    if H % p:
        pen.rectangle((0, h * cell, w * cell, bottom), fill=(0, 0, 0, 150))
    for row in range(h + 1):
        pen.line((0, row * cell, w * cell, row * cell), fill=(255, 255, 255, 200))
    for column in range(w + 1):
        pen.line((column * cell, 0, column * cell, h * cell), fill=(255, 255, 255, 200))
    for row in range(h):
        for column in range(w):
            if cell >= 22 or (row + column) % 4 == 0:
                pen.text((column * cell + 2, row * cell + 1), str(row * w + column), fill="white")
    left = f" {H - h * p} rows and {W - w * p} columns of pixels are left over (dimmed)." if params.rest else ""
    alt = (
        f"{H} × {W} pixels cut into {h} rows and {w} columns of patches, numbered row by row from 0 to {params.N - 1}: {params.N} "
        f"tokens.{left}"
    )
    return Picture(key="picture:grid", png=_png(picture), grid=_ids(h, w), alt=alt)


def _ids(h: int, w: int) -> tuple[str, ...]:
    """Token ids as a table; long rows and columns are shortened in the middle."""
    columns: list[int | None] = [*range(w)] if w <= 12 else [0, 1, 2, 3, 4, None, *range(w - 5, w)]
    rows: list[int | None] = [*range(h)] if h <= 10 else [0, 1, 2, None, *range(h - 3, h)]
    width = len(str(h * w - 1)) + 1
    return tuple(
        "".join((str(row * w + column) if row is not None and column is not None else "…").rjust(width) for column in columns)
        for row in rows
    )


def patch(params: Params, seed: int) -> Picture:
    """One patch zoomed, pixel by pixel."""
    from PIL import Image, ImageDraw

    p, C = params.p, params.C
    picture = scene(params.H, params.W, seed)
    tiles = {
        (row, column): picture.crop((column * p, row * p, (column + 1) * p, (row + 1) * p))
        for row in range(params.h)
        for column in range(params.w)
    }
    (row, column), tile = max(tiles.items(), key=lambda entry: len(entry[1].getcolors(p * p) or ()))  # the most telling one
    cell = max(8, 320 // p)
    picture = tile.resize((p * cell, p * cell), Image.Resampling.NEAREST)
    pen = ImageDraw.Draw(picture, "RGBA")
    for line in range(p + 1):
        pen.line((0, line * cell, p * cell, line * cell), fill=(255, 255, 255, 90))
        pen.line((line * cell, 0, line * cell, p * cell), fill=(255, 255, 255, 90))
    alt = (
        f"Patch {row * params.w + column} zoomed: {p} rows of {p} pixels, each pixel {C} numbers: {p} × {p} × {C} = {params.length} in all."
    )
    lines = (f"{p} × {p} pixels × {C} channels", f"vector: {params.length} numbers", f"projected: {params.D} numbers")
    return Picture(key="picture:patch", png=_png(picture), grid=lines, alt=alt)


def reconstruction(seed: int, letter: str | None) -> Picture:
    """The picture of task 10 (letter None), or what one of the four wrong programs made of it."""
    from PIL import Image

    h, w, p = PICK
    original = scene(h * p, w * p, seed)
    name = choices.shuffled(seed, "pick", choices.RECONSTRUCTIONS)[letter] if letter else "target"
    made = Image.new("RGB", original.size)
    made.putdata([_pixel(original, SOURCES[name], row, column) for row in range(h * p) for column in range(w * p)])
    drawn = _png(made.resize((w * p * 5, h * p * 5), Image.Resampling.NEAREST))
    return reconstruction_text(seed, letter).model_copy(update={"png": drawn})


def reconstruction_text(seed: int, letter: str | None) -> Picture:
    """The same without Pillow: its text and words only."""
    name = choices.shuffled(seed, "pick", choices.RECONSTRUCTIONS)[letter] if letter else "target"
    title = "The original picture" if letter is None else f"Reconstruction {letter.upper()}"
    lines, words = _told(SOURCES[name])
    return Picture(key=f"picture:pick-{letter or 'target'}", grid=(f"{title}:", *lines), alt=f"{title}: {words}")


def _pixel(original: Image, source: Source, row: int, column: int) -> tuple[int, ...]:
    values = []
    for channel in range(3):
        from_row, from_column, from_channel = source(row, column, channel)
        values.append(original.getpixel((from_column, from_row))[from_channel])
    return tuple(values)


def _column_major(row: int, column: int, channel: int) -> tuple[int, int, int]:
    h, w, p = PICK
    token = (column // p) * h + row // p
    return (token // w) * p + row % p, (token % w) * p + column % p, channel


def _transposed(row: int, column: int, channel: int) -> tuple[int, int, int]:
    _, _, p = PICK
    return row // p * p + column % p, column // p * p + row % p, channel


def _channels_last(row: int, column: int, channel: int) -> tuple[int, int, int]:
    _, _, p = PICK
    place = ((row % p) * p + column % p) * 3 + channel
    from_channel, rest = divmod(place, p * p)
    return row // p * p + rest // p, column // p * p + rest % p, from_channel


def _reshaped(row: int, column: int, channel: int) -> tuple[int, int, int]:
    _, w, p = PICK
    token, place = divmod((row * w * p + column) * 3 + channel, p * p * 3)
    inside = place // 3
    return (token // w) * p + inside // p, (token % w) * p + inside % p, place % 3


SOURCES: dict[str, Source] = {
    "target": lambda row, column, channel: (row, column, channel),
    "column-major": _column_major,
    "transposed": _transposed,
    "channels-last": _channels_last,
    "reshaped": _reshaped,
}


def _told(source: Source) -> tuple[tuple[str, ...], str]:
    """Which original patch is seen at each place (or mix), and where the first pixels of the first patch come from."""
    h, w, p = PICK
    rows = []
    for top in range(h):
        names = []
        for left in range(w):
            seen = {_patch_of(source(top * p + i, left * p + j, 0)) for i in range(p) for j in range(p)}
            names.append(str(seen.pop()) if len(seen) == 1 else "mix")
        rows.append("".join(name.rjust(4) for name in names))
    places = [source(0, column, 0) for column in range(4)]
    top_row = ", ".join(f"({row % p}, {column % p})" for row, column, _ in places)
    words = (
        "the table names the original patch seen at each place; the first four pixels of the first patch, in red, "
        f"were (row, column) {top_row} of their patch."
    )
    return (*rows, f"first pixels: {top_row}"), words


def _patch_of(place: tuple[int, int, int]) -> int:
    _, w, p = PICK
    return place[0] // p * w + place[1] // p


def _png(picture: Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
