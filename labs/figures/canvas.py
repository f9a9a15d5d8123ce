"""A dark sheet to draw on with Pillow, in pixels of the finished picture; drawn twice as large and reduced, so that edges are smooth."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from labs.figures.words import plain, wrapped

Point = tuple[float, float]

FINE = 2  # times as large while it is drawn
WIDTH = 880
TITLE, LABEL, SMALL = 30, 26, 22  # heights of letters
LINE = 1.35  # line height, of the letter's
PAPER, INK, DIM, RULE, OWN = "#14181d", "#eceff1", "#a9b4bd", "#414b55", "#ffffff"
COLOURS = ("#56b4e9", "#f5a623", "#2ecc8f", "#e58fc0", "#f0e442", "#ff6b4a")  # told apart by most eyes on dark paper
MARKERS = ("disc", "box", "triangle", "diamond", "cross", "ring")  # and without colour
KNOWN = set("±×–—…·°“”‘’")  # what Pillow's own font has beyond ASCII
GREEK = ("alpha", "beta", "gamma", "delta", "eps", "eta", "sigma", "theta", "lambda", "mu", "rho", "tau", "phi", "omega")
SPELT = {"−": "-", "→": "->", "←": "<-", "≤": "<=", "≥": ">=", "≈": "~", "²": "^2", "³": "^3", "√": "sqrt ", "•": "·", "µ": "u"}
SPELT["\u1fb1"] = "alpha-bar"  # not alpha: in diffusion models that is 1 - beta of a single step
SPELT |= dict(zip("αβγδεησθλμρτφω", GREEK, strict=True))


class Canvas:
    """Coordinates and sizes are pixels of the result; anchors are Pillow's ("lm" = left, middle)."""

    def __init__(self, width: float, height: float) -> None:
        from PIL import Image, ImageDraw

        self.width, self.height = round(width), round(height)
        self._image = Image.new("RGB", (self.width * FINE, self.height * FINE), PAPER)
        self._pen = ImageDraw.Draw(self._image)

    def line(self, points: Sequence[Point], colour: str, width: float = 2, dashed: float = 0) -> None:
        """`dashed` > 0 draws only every other stretch of that length (upright or level lines)."""
        if dashed:
            (x0, y0), (x1, y1) = points[0], points[-1]
            length = max(abs(x1 - x0), abs(y1 - y0))
            for n in range(0, int(length / dashed) + 1, 2):
                a, b = n * dashed / (length or 1), min(1.0, (n + 1) * dashed / (length or 1))
                self.line([(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)], colour, width)
            return
        self._pen.line([(x * FINE, y * FINE) for x, y in points], fill=colour, width=round(width * FINE), joint="curve")

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: str | None = None, edge: str | None = None, width: float = 2) -> None:
        """A rectangle that ends before x1 and y1."""
        if (right := round(x1 * FINE) - 1) >= (left := round(x0 * FINE)) and (bottom := round(y1 * FINE) - 1) >= (top := round(y0 * FINE)):
            self._pen.rectangle((left, top, right, bottom), fill=fill, outline=edge, width=round(width * FINE) if edge else 0)

    def marker(self, kind: str, x: float, y: float, radius: float, colour: str) -> None:
        x, y, r = x * FINE, y * FINE, radius * FINE
        if kind == "disc":
            self._pen.ellipse((x - r, y - r, x + r, y + r), fill=colour)
        elif kind == "ring":
            self._pen.ellipse((x - r, y - r, x + r, y + r), fill=PAPER, outline=colour, width=max(2, round(r / 2.5)))
        elif kind == "box":
            self._pen.rectangle((x - 0.9 * r, y - 0.9 * r, x + 0.9 * r, y + 0.9 * r), fill=colour)
        elif kind == "triangle":
            self._pen.polygon(((x, y - 1.2 * r), (x + 1.1 * r, y + 0.8 * r), (x - 1.1 * r, y + 0.8 * r)), fill=colour)
        elif kind == "diamond":
            self._pen.polygon(((x, y - 1.3 * r), (x + 1.3 * r, y), (x, y + 1.3 * r), (x - 1.3 * r, y)), fill=colour)
        else:
            for way in (1, -1):
                self._pen.line((x - r, y - way * r, x + r, y + way * r), fill=colour, width=max(2, round(0.6 * r)))

    def text(self, x: float, y: float, words: str, size: int = LABEL, colour: str = INK, anchor: str = "lm") -> None:
        self._pen.text((x * FINE, y * FINE), drawable(words), fill=colour, font=_font(size * FINE), anchor=anchor)

    def paste(self, rgb: bytes, size: tuple[int, int], x: float, y: float, side: tuple[float, float]) -> None:
        """Pixels of a picture of that size, shown at `side`: larger without smoothing, smaller by averaging."""
        from PIL import Image

        target = round(side[0]) * FINE, round(side[1]) * FINE  # whole pixels, so that none is mixed with its neighbour
        how = Image.Resampling.NEAREST if target[0] >= size[0] and target[1] >= size[1] else Image.Resampling.BOX
        self._image.paste(Image.frombytes("RGB", size, rgb).resize(target, how), (round(x) * FINE, round(y) * FINE))

    def png(self) -> bytes:
        stream = io.BytesIO()
        self._image.reduce(FINE).save(stream, "PNG")
        return stream.getvalue()


def drawable(words: str) -> str:
    """In the letters that Pillow's own font has: Greek spelt out, no accents, ? for what is left."""
    return "".join(c if c.isascii() or c in KNOWN else SPELT.get(c) or _bare(c) for c in plain(words))


def _bare(c: str) -> str:
    parts = unicodedata.normalize("NFKD", c)
    return "".join(SPELT.get(part, part if part.isascii() else "") for part in parts) or ("" if unicodedata.combining(c) else "?")


def wide(words: str, size: int = LABEL) -> float:
    """The width in pixels that a text takes."""
    return float(_font(size * FINE).getlength(drawable(words))) / FINE


def fitted(words: str, width: float, size: int = LABEL) -> str:
    """As much of a text as that width holds, … for the rest."""
    words = plain(words)
    if wide(words, size) <= width:
        return words
    while words and wide(words + "…", size) > width:
        words = words[:-1]
    return words.rstrip() + "…"


def title_lines(title: str) -> list[str]:
    """A title in lines that fit the sheet."""
    if wide(title, TITLE) <= WIDTH - 32:
        return [plain(title)]
    lines: list[str] = [""]
    for word in plain(title).split():
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], longer] if wide(longer, TITLE) <= WIDTH - 32 else [*lines, word]
    return [line for line in lines if line]


def headed(title: str, height: float, width: float = WIDTH) -> tuple[Canvas, float]:
    """A sheet with its title, and where the room of `height` pixels under it begins."""
    lines = title_lines(title)
    top = 16 + len(lines) * TITLE * LINE
    canvas = Canvas(width, top + height + 14)
    for n, line in enumerate(lines):
        canvas.text(16, 14 + (n + 0.5) * TITLE * LINE, line, TITLE)
    return canvas, top


def empty(title: str) -> bytes:
    """A sheet that says that there is nothing to show."""
    canvas, top = headed(title, 60)
    canvas.text(16, top + 30, "nothing to show", LABEL, DIM)
    return canvas.png()


def nothing(title: str) -> tuple[str, ...]:
    """The same in text."""
    return (*wrapped(title), "(nothing to show)")


@lru_cache(maxsize=16)
def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)
