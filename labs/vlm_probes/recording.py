"""The bundled replay: what the zoo's shapevlm answered to a hundred pairs of every setting, more than a live run has time for.

The file is made by `python -m labs.vlm_probes.record` and holds the hash of the weights that answered: with other weights it is not used.
Torch-free.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from labs.vlm_probes.first_sheet import LETTERS
from labs.vlm_probes.probes import SMALL, VERSION, Cell
from labs.vlm_probes.reading import Reading, read
from labs.vlm_probes.told import Couple, Told

FILE = Path(__file__).parent / "shapevlm.json.gz"
SCHEMA = 1
CHOICES = {
    "count": tuple(str(n) for n in range(10)),
    "leftright": ("left", "right"),
    "text": (),
    "defect": ("yes", "no"),
    "exist": ("yes", "no"),
}


@dataclass(frozen=True)
class Recording:
    """`weights` is the sha256 of the model file that answered, `pairs` how many pairs a setting has."""

    weights: str
    pairs: int
    cells: Mapping[str, Mapping[str, str]]
    switches: Mapping[str, Mapping[str, Mapping[str, str]]]
    sheets: tuple[str, ...]
    _read: dict[str, list[Couple]] = field(default_factory=dict, compare=False, repr=False)

    def couples(self, cell: Cell) -> list[Couple]:
        """The recorded answers of a setting, pair by pair; none where it was not recorded."""
        rows = self.cells.get(cell.key)
        if rows and cell.key not in self._read:
            self._read[cell.key] = _couples(cell, rows["truth"], rows["said"], rows["grey"])
        return self._read.get(cell.key, [])

    def changed(self, cell: Cell, switch: str) -> list[Couple]:
        """The same pairs asked again with a switch, in the same order."""
        rows = self.switches.get(switch, {}).get(cell.key)
        return _couples(cell, self.cells[cell.key]["truth"], rows["said"], None) if rows else []

    def sheet(self, number: int, families: Mapping[str, str]) -> dict[str, Reading]:
        """What was said to the twelve pictures of a sheet, by letter; `families` names the probe of each letter."""
        said = self.sheets[number].split(" ")
        return {letter: read(word, choices(families[letter]), "word") for letter, word in zip(LETTERS, said, strict=True)}


def choices(family: str) -> tuple[str, ...]:
    """All answers that make sense to a probe's question; none for a label."""
    if family == "hidden":
        from labs.scenes.questions import UNKNOWN
        from labs.scenes.vocabulary import COLOURS

        return (*COLOURS, UNKNOWN)
    return CHOICES[family]


def _couples(cell: Cell, truth: str, said: str, grey: str | None) -> list[Couple]:
    rows = zip(truth.split(" "), said.split(" "), (grey or said).split(" "), strict=True)
    told = [
        Told(
            f"{cell.key} {place // 2} {'ab'[place % 2]}",
            answer,
            read(word, choices(cell.family), "word"),
            read(dark, choices(cell.family), "word"),
        )
        for place, (answer, word, dark) in enumerate(rows)
    ]
    return list(zip(told[::2], told[1::2], strict=True))


def bundled(weights: str | None = None) -> Recording | None:
    """The shipped recording; None where there is none, or where it is of other draws or (if given) of other weights."""
    found = _bundled()
    return found if found is not None and weights in (None, found.weights) else None


@lru_cache(maxsize=1)
def _bundled() -> Recording | None:
    try:
        data: dict[str, Any] = json.loads(gzip.decompress(FILE.read_bytes()))
    except FileNotFoundError:
        return None
    if (data["schema"], data["version"], data["size"]) != (SCHEMA, VERSION, SMALL.size):
        return None
    return Recording(data["weights"], data["pairs"], data["cells"], data["switches"], tuple(data["sheets"]))


def hash_of(file: Path) -> str:
    """sha256 of a weights file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def shipped_weights() -> Path:
    """The weights of the zoo's shapevlm."""
    from labs.zoo.registry import WEIGHTS

    return WEIGHTS / "shapevlm" / "model.safetensors"
