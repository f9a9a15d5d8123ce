"""`order`: steps put into their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from studyapp.errors import BadInput
from studyapp.study.grading.result import Judgement, Outcome


def judge_order(body: Mapping[str, Any], value: Any) -> Judgement:
    """`value`: the ids of all steps in the order given. The score is Kendall's tau, never below 0.

    One swap of neighbours is partial; everything else that is not exact is wrong.
    """
    expected = [step["id"] for step in body["steps"]]
    given = ordered_ids(body, value)
    if given == expected:
        return Judgement(Outcome.RIGHT, 1.0)
    score = max(0.0, kendall_tau(given, expected))
    if len(expected) > 2 and _discordant(given, expected) == 1:
        first, second = next((a, b) for a, b in pairwise(given) if expected.index(a) > expected.index(b))
        texts = {step["id"]: step["text"] for step in body["steps"]}
        say = f"Two neighbours are swapped: “{texts[second]}” comes before “{texts[first]}”."
        return Judgement(Outcome.PARTIAL, score, say=say)
    return Judgement(Outcome.WRONG, score)


def ordered_ids(body: Mapping[str, Any], value: Any) -> list[str]:
    """The ids in `value`, which must be every step once; raises BadInput."""
    ids = [step["id"] for step in body["steps"]]
    if not isinstance(value, list | tuple) or sorted(map(str, value)) != sorted(ids):
        raise BadInput(f"the answer must name every step once, in order: {', '.join(sorted(ids))}")
    return list(value)


def kendall_tau(given: Sequence[str], expected: Sequence[str]) -> float:
    """Kendall's rank correlation of two orders of the same things: 1 the same, -1 reversed (1 for fewer than two)."""
    pairs = len(expected) * (len(expected) - 1) // 2
    return 1 - 2 * _discordant(given, expected) / pairs if pairs else 1.0


def _discordant(given: Sequence[str], expected: Sequence[str]) -> int:
    place = {name: index for index, name in enumerate(expected)}
    return sum(place[a] > place[b] for a, b in combinations(given, 2))
