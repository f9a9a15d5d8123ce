"""Forty-two natural-looking pictures that may be shipped, each with a label: everyday things for models that know real photographs.

`labels.json` holds file, label, caption and what a person sees; `draw.py` made the files. Nothing heavy is imported here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Natural:
    """One picture: its file, a label of one to three words, a caption, and a sentence of what a person sees."""

    file: str
    label: str
    caption: str
    sees: str

    @property
    def path(self) -> Path:
        return FOLDER / self.file


@lru_cache(maxsize=1)
def pictures() -> tuple[Natural, ...]:
    """All of them, in the order of labels.json."""
    return tuple(Natural(**row) for row in json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))["pictures"])
