"""Learning and relearning steps: the minutes before an item gets its first (or next) interval in days."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.memory.state import Rating

DAY_S = 86_400


def next_step(steps_s: Sequence[int], step: int, rating: Rating) -> tuple[int, int] | None:
    """(index of the step, delay in seconds) after an answer at step index `step`; None when the item leaves the steps.

    Again goes back to the first step, Hard repeats the step, Good goes on to the next, Easy leaves.
    """
    if not steps_s or rating is Rating.EASY:
        return None
    step = min(step, len(steps_s) - 1)  # the steps may have been shortened in the settings since
    if rating is Rating.AGAIN:
        return 0, steps_s[0]
    if rating is Rating.HARD:
        return step, _hard_delay(steps_s, step)
    return (step + 1, steps_s[step + 1]) if step + 1 < len(steps_s) else None


def _hard_delay(steps_s: Sequence[int], step: int) -> int:
    """Between the delays of Again and Good where the first step would make Hard the same as Again."""
    first = steps_s[0]
    if step > 0:
        return steps_s[step]
    if len(steps_s) > 1:
        return (first + max(first, steps_s[1])) // 2
    return min(first * 3 // 2, first + DAY_S)
