"""A kitty terminal gets the pictures themselves: what is sent decodes to the run's file, and the cells point at all of it."""

from __future__ import annotations

import base64
import fcntl
import io
import re
import struct
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageStat

CELL = (9, 18)  # pixels
KITTY = {"TERM": "xterm-kitty", "KITTY_WINDOW_ID": "1"}
PLACEHOLDER = "\U0010eeee"


def test_a_picture_arrives_as_it_was_made(start: Callable[..., Any], home: Path) -> None:
    with start("lab", "run", "patchify", "--seed", "7", "--backend", "none", env=KITTY) as term:
        term.wait("How many patch tokens")
        fcntl.ioctl(term.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 80 * CELL[0], 24 * CELL[1]))
        term.press("4", "1", "9", "enter")
        term.wait("How long is one flattened patch")
        term.press("\x12")  # ctrl+r: the overview
        term.wait("Your predictions")
        term.press("enter")
        term.wait("not 419")
        term.press("v")
        term.wait(PLACEHOLDER)
        term.settle()
        sent = messages(term.raw)
        text = term.raw.decode("utf-8", "replace")
        term.press("\x11")
        assert term.wait_exit() == 0
    id, picture = picture_of(sent)
    columns, rows = placement(sent, id)
    assert all(abs(side - cells * cell) <= cell for side, cells, cell in zip(picture.size, (columns, rows), CELL, strict=True))
    assert min(difference(picture, file) for file in home.glob("runs/*/*.png")) < 2, "one of the run's own pictures, of its shape"
    assert f"38;2;{id >> 16 & 255};{id >> 8 & 255};{id & 255}" in text, "the colour of the cells is the picture's number"
    assert text.count(PLACEHOLDER) >= columns * rows


def messages(raw: bytes) -> list[tuple[dict[str, str], str]]:
    """What was sent by kitty's graphics protocol: keys and payload of each message."""
    found = re.findall(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\", raw)
    return [(dict(part.split("=", 1) for part in keys.decode().split(",")), payload.decode()) for keys, payload in found]


def picture_of(sent: list[tuple[dict[str, str], str]]) -> tuple[int, Image.Image]:
    """The first picture that was sent, and its number."""
    parts = [(keys, payload) for keys, payload in sent if keys.get("f") == "100"]
    id = parts[0][0]["i"]
    mine = [(keys, payload) for keys, payload in parts if keys["i"] == id]
    assert [keys["m"] for keys, _ in mine] == ["1"] * (len(mine) - 1) + ["0"], "chunks, and the last one says so"
    assert all(len(payload) <= 4096 for _, payload in mine)
    return int(id), Image.open(io.BytesIO(base64.b64decode("".join(payload for _, payload in mine), validate=True)))


def placement(sent: list[tuple[dict[str, str], str]], id: int) -> tuple[int, int]:
    """Columns and rows of its virtual placement."""
    keys = next(keys for keys, _ in sent if keys.get("a") == "p" and keys.get("i") == str(id))
    assert keys["U"] == "1"
    return int(keys["c"]), int(keys["r"])


def difference(picture: Image.Image, file: Path) -> float:
    """Mean difference of levels, the file brought to the same size; a picture of another shape is far off."""
    made = Image.open(file)
    if abs(made.width / made.height / (picture.width / picture.height) - 1) > 0.1:
        return 255.0
    return float(sum(ImageStat.Stat(ImageChops.difference(made.convert("RGB").resize(picture.size), picture.convert("RGB"))).mean) / 3)
