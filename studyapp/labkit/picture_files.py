"""PNG files of a run, named by their hash, so that a damaged or exchanged one is noticed."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


def keep_png(png: bytes, folder: Path) -> str:
    """Write once, atomically; the file's name in the folder: 64 hex digits of its sha256, and .png."""
    name = hashlib.sha256(png).hexdigest() + ".png"
    if not (folder / name).exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{name}.{os.getpid()}"
        part.write_bytes(png)
        part.replace(folder / name)
    return name
