"""A clip read without error, from the scenes themselves: what the worked siblings of the hints calculate with, no model needed.

A frame's features are then a mark for its colour and a mark for its shape, so two frames have similarity 0, 1/2 or 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from labs.scenes.clips import shown
from labs.scenes.scene import Scene

Name = tuple[str, str] | None  # colour and shape, None where nothing is shown


def names(frames: Sequence[Scene]) -> list[Name]:
    """What each frame shows."""
    return [shown(scene["objects"][0]) if scene["objects"] else None for scene in frames]


def alike(one: Name, other: Name) -> float:
    """The cosine of two frames; an empty one resembles only another empty one."""
    if one is None or other is None:
        return float(one is other)
    return sum(a == b for a, b in zip(one, other, strict=True)) / 2


def at_gap(seen: Sequence[Name], gap: int) -> float:
    """The mean similarity of frames that are `gap` apart."""
    pairs = [alike(one, other) for one, other in zip(seen, seen[gap:], strict=False)]
    return sum(pairs) / len(pairs)


def subject(seen: Sequence[Name]) -> float:
    """VBench's subject consistency."""
    return sum(alike(seen[n], seen[n - 1]) + alike(seen[n], seen[0]) for n in range(1, len(seen))) / 2 / (len(seen) - 1)


def curve(seen: Sequence[Name], longest: int = 16) -> list[float]:
    """The gap curve."""
    return [at_gap(seen, gap) for gap in range(1, longest + 1)]
