"""Pixels as a PNG file, with the standard library alone, so that a card can show a scene without any other package."""

from __future__ import annotations

import struct
import zlib

from labs.scenes.raster import rasterise
from labs.scenes.scene import Scene


def to_png(pixels: bytes, width: int, height: int, scale: int = 1) -> bytes:
    """A PNG (W3C, "Portable Network Graphics", 8-bit truecolour) of width x height x 3 bytes, each pixel drawn `scale` times as large.
    Raises ValueError where the count of bytes is another. Compare pixels, not files: zlib's output may differ between versions."""
    if len(pixels) != width * height * 3:
        raise ValueError(f"{len(pixels)} bytes are not {width} x {height} pixels of three")
    lines = bytearray()
    for start in range(0, len(pixels), width * 3):
        row = pixels[start : start + width * 3]
        if scale > 1:
            row = b"".join(row[place : place + 3] * scale for place in range(0, len(row), 3))
        lines += (b"\0" + row) * scale
    head = struct.pack(">IIBBBBB", width * scale, height * scale, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(lines), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def scene_png(scene: Scene, scale: int = 1) -> bytes:
    """A scene as a PNG."""
    return to_png(rasterise(scene), scene["size"], scene["size"], scale)
