"""What a cosine of a given embedding model means: pairs of sentences that say the same, and everything else between them.

Models differ in scale: unrelated sentences have a cosine of about 0 with one and of 0.7 with another. So a cosine is read as a place
between the mean over unlike sentences (0) and the mean over like ones (1), and a model that cannot tell the two apart is no judge.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

APART = 3.0  # like and unlike must lie this many standard deviations (of the unlike) apart

LIKE = (
    ("The bridge was closed because its steel had rusted.", "Corrosion of the metal forced them to shut the crossing."),
    ("She learned to play the violin as a child.", "Already when she was a little girl she mastered the fiddle."),
    ("Cold water holds more oxygen than warm water.", "The hotter a lake gets, the less dissolved gas it can carry."),
    ("The price of bread doubled within a year.", "In twelve months a loaf came to cost two times as much."),
    ("A vaccine trains the immune system before an infection.", "Inoculation prepares the body's defences ahead of a disease."),
    ("The court found the driver not guilty.", "The motorist was acquitted by the judges."),
    ("An index finds rows without reading the whole table.", "A lookup structure locates records, so that no full scan is needed."),
    ("Trees lose their leaves in autumn to save water.", "Foliage is shed in the fall so that plants do not dry out."),
    ("The train was late because of heavy snow.", "A blizzard delayed the railway."),
    ("Small companies hire fewer people when taxes rise.", "Higher levies make little firms take on less staff."),
    ("The moon pulls the sea and so makes the tides.", "Ebb and flow come from lunar gravity acting on the ocean."),
    ("He repaired the broken chair with glue.", "The damaged seat was mended by him using adhesive."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """`unlike`, `like`: mean cosines of unrelated sentences and of those that say the same; `spread` of the unrelated ones."""

    unlike: float
    like: float
    spread: float

    @property
    def useful(self) -> bool:
        """Whether the model tells sentences that say the same from those that do not."""
        return self.like - self.unlike > max(0.02, APART * self.spread)

    def __call__(self, cosine: float) -> float:
        """0 for unrelated, 1 for saying the same; may lie outside."""
        return (cosine - self.unlike) / (self.like - self.unlike)


def sentences() -> list[str]:
    """What a model has to embed for its scale, in order."""
    return [text for pair in LIKE for text in pair]


def measured(cosines: Sequence[Sequence[float]]) -> Scale:
    """The scale from the square table of cosines of `sentences()`."""
    count = len(cosines)
    like = [cosines[i][k] for i, k in pairwise(range(count)) if i % 2 == 0]
    unlike = [cosines[i][k] for i in range(count) for k in range(i + 1, count) if i // 2 != k // 2]
    mean = sum(unlike) / len(unlike)
    return Scale(mean, sum(like) / len(like), math.sqrt(sum((c - mean) ** 2 for c in unlike) / len(unlike)))
