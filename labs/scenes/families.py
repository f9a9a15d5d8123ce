"""Every sampler by name, and the one way to draw scene number n of a family: the same on every machine."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from labs.scenes import sampling, sampling_detail
from labs.scenes.scene import Scene

FAMILIES: dict[str, Callable[..., Scene]] = {
    "single": sampling.single,
    "pair": sampling.pair,
    "crowd": lambda rng, n=4, **dials: sampling.crowd(rng, n, **dials),
    "count": sampling.count,
    "relation": sampling.relation,
    "exist": sampling.exist,
    "text": sampling_detail.text,
    "defect": sampling_detail.defect,
    "hidden": sampling_detail.hidden,
}
PROBES = ("count", "relation", "text", "defect", "hidden", "exist")  # those with a dial that makes them hard


def draw(family: str, seed: int | str, **dials: Any) -> Scene:
    """Scene `seed` of a family. Raises ValueError for a family that there is not, or a dial out of its range."""
    if family not in FAMILIES:
        raise ValueError(f"no family {family}: {', '.join(FAMILIES)}")
    return FAMILIES[family](Random(f"scenes/{family}/{seed}"), **dials)
