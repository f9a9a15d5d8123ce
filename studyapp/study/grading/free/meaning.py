"""The vector of a text: the weighted mean of its words' vectors."""

from __future__ import annotations

import math
from collections.abc import Sequence

from studyapp.study.grading.free.lexicon import Lexicon


def mean_vector(lexicon: Lexicon, stems: Sequence[str]) -> list[float] | None:
    """Unit vector in the direction of the mean, words weighted by rarity; None where no word has one."""
    total: list[float] | None = None
    for stem in stems:
        row = lexicon.row(stem)
        if row:
            weight = lexicon.idf(stem) ** 2
            total = [weight * x for x in row] if total is None else [t + weight * x for t, x in zip(total, row, strict=True)]
    if total is None:
        return None
    norm = math.sqrt(sum(x * x for x in total)) or 1.0
    return [x / norm for x in total]
