"""Draws the natural pictures again: `python -m labs.natural.draw FOLDER [--only cat,dog] [--size 224]` writes one JPEG each.

Everything is calculated (numpy, seeded noise, rays marched along distances): no photograph and no model has a part in it.
"""

from __future__ import annotations

import argparse
import io
import zlib
from pathlib import Path

from labs.natural.catalogue import DRAWN
from labs.natural.film import developed
from labs.natural.noise import Array

SIZE, QUALITY = 224, 85


def pixels(name: str, size: int = SIZE) -> Array:
    """A picture by its name, uint8 (size, size, 3). KeyError for a name that is not in the catalogue."""
    return developed(DRAWN[name](size), zlib.crc32(name.encode()))


def encoded(picture: Array) -> bytes:
    """The pixels as the JPEG that is shipped."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=QUALITY, optimize=True)
    return stream.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the natural pictures.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="names, with commas between them")
    parser.add_argument("--size", type=int, default=SIZE)
    args = parser.parse_args()
    chosen = [name for name in args.only.split(",") if name] or list(DRAWN)
    for name in chosen:
        if name not in DRAWN:
            parser.error(f"there is no picture {name}; there are {', '.join(DRAWN)}")
    args.folder.mkdir(parents=True, exist_ok=True)
    for name in chosen:
        (args.folder / f"{name}.jpg").write_bytes(encoded(pixels(name, args.size)))
        print(name, flush=True)


if __name__ == "__main__":
    main()
