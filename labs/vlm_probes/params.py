"""What a seed decides: which sheet, which probe, which dials, which switch, and (where no model answers) a made-up table of answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from labs.vlm_probes.first_sheet import SHEETS
from labs.vlm_probes.probes import CURVES, FAMILIES, VERSION
from labs.vlm_probes.switches import SWITCHES
from studyapp.labkit.api import BackendRef

LIVE = 1_000_000  # live pairs are drawn from this place on: the recorded ones have the places 0 to 99
PAIRS = {"tiny": 2, "hf": 3, "openai": 4, "replay": 4}  # live pairs a setting, at level 1
PAID = ("openai", "replay")  # asked about three settings of a dial: the easiest, a middling and a hard one
METRICS = ("yes-ratio", "precision", "recall", "f1")


@dataclass(frozen=True)
class Params:
    """One instance. `family` is asked about in task 2, `dials` are tried in this order for task 5, `orders` likewise for tasks that
    need a probe on which the model is better than blind; `first` is the place of the first live pair and `pairs` their number."""

    sheet: int
    family: str
    dials: tuple[str, ...]
    order: tuple[str, ...]
    switch: str
    metric: str
    first: int
    pairs: int

    def row(self) -> dict[str, Any]:
        """As stored in a plan."""
        return asdict(self) | {"dials": list(self.dials), "order": list(self.order)}

    @classmethod
    def of(cls, row: dict[str, Any]) -> Params:
        return cls(**(row | {"dials": tuple(row["dials"]), "order": tuple(row["order"])}))


def draw(seed: int, backend: BackendRef, level: int = 1) -> Params:
    """The instance of a seed."""
    random = Random(f"vlm-probes/{VERSION}/{seed}" if level == 1 else f"vlm-probes/{VERSION}/{seed}/{level}")
    dials, order = list(CURVES), list(FAMILIES)
    random.shuffle(dials)
    random.shuffle(order)
    sheet, family, metric = random.randrange(SHEETS), random.choice(FAMILIES), random.choice(METRICS)
    switch = random.choice(SWITCHES.get(backend.kind, ("crop",)))
    first = LIVE + random.randrange(1_000_000) * 1000
    return Params(sheet, family, tuple(dials), tuple(order), switch, metric, first, PAIRS.get(backend.kind, 0) * (1 if level == 1 else 6))


def shuffled(seed: int, task: str, keys: Iterable[str]) -> dict[str, str]:
    """Letter -> key, in the order drawn for this seed."""
    names = sorted(keys)
    Random(f"vlm-probes/{VERSION}/{seed}/{task}").shuffle(names)
    return dict(zip("abcdefghi", names, strict=False))


def letter(seed: int, task: str, keys: Iterable[str], key: str) -> str:
    """The letter under which a key is shown."""
    return next(letter for letter, name in shuffled(seed, task, keys).items() if name == key)
