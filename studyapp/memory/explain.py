"""Why an item is due when it is, in a sentence or two (`studyapp why ITEM`)."""

from __future__ import annotations

from collections.abc import Sequence

from studyapp.memory.days import day_date
from studyapp.memory.fsrs import recall_chance
from studyapp.memory.state import Phase, Rating, Schedule, Settings


def why_sentence(sched: Schedule, history: Sequence[tuple[int, Rating]], settings: Settings, today: int) -> str:
    """The reason for an item's date. `history`: its (study day, rating) answers, the oldest first; `today`: the study day now."""
    if sched.phase is Phase.NEW or sched.s is None or sched.last_day is None or not history:
        return "Never answered: it waits for its turn among the new items."
    last = f"Last answered {_ago(today - sched.last_day)} with {history[-1][1].word}{_record(history)}."
    if sched.phase is not Phase.REVIEW:
        word = "learning" if sched.phase is Phase.LEARNING else "relearning"
        steps = settings.learning_steps_s if sched.phase is Phase.LEARNING else settings.relearning_steps_s
        return f"{last} It is in {word} step {sched.step + 1} of {max(len(steps), sched.step + 1)}, which comes back in minutes, not days."
    return f"{last} {_date_reason(sched, settings)} {_now(sched, settings, today)}"


def _date_reason(sched: Schedule, settings: Settings) -> str:
    assert sched.s is not None
    wanted = f"{settings.retention:.0%}"
    then = recall_chance(sched.s, sched.interval, settings.parameters)
    reason = (
        f"Its stability is {_days(sched.s)} (recall then falls to 90%), so {_days(sched.interval)} later, "
        f"on {day_date(sched.due_day or 0).isoformat()}, your chance of recall is {then:.0%}; {wanted} is what you asked for."
    )
    if sched.interval >= settings.maximum_interval:
        return f"{reason} The maximum interval cut it short."
    if abs(then - settings.retention) >= 0.01:
        moved = "Rounding to whole days, spreading cards over neighbouring days" if settings.fuzz else "Rounding to whole days"
        return f"{reason} {moved} and never shortening a passed interval explain the difference."
    return reason


def _now(sched: Schedule, settings: Settings, today: int) -> str:
    assert sched.s is not None
    assert sched.last_day is not None
    assert sched.due_day is not None
    chance = f"{recall_chance(sched.s, today - sched.last_day, settings.parameters):.0%}"
    if today > sched.due_day:
        return f"It is {_days(today - sched.due_day)} overdue; today the chance is {chance}."
    if today == sched.due_day:
        return f"It is due today, at {chance}."
    return f"Today the chance is {chance}."


def _record(history: Sequence[tuple[int, Rating]]) -> str:
    again = sum(rating is Rating.AGAIN for _, rating in history)
    count = f"{len(history)} answer{'s' if len(history) != 1 else ''}"
    return f" ({count}, {again} again)" if again else f" ({count}, none again)"


def _ago(days: int) -> str:
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"


def _days(days: float) -> str:
    shown = f"{days:.1f}".removesuffix(".0") if days < 100 else f"{days:.0f}"
    return f"{shown} day{'' if shown == '1' else 's'}"
