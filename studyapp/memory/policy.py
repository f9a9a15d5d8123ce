"""THE transition of an item's schedule by one answer, used live and in replay: pure, and the same every time.

FSRS-6 gives the memory state at every answer (on the same day by its short-term rule); the steps decide whether the item comes
back in minutes; the interval rule gives the day.
"""

from __future__ import annotations

from collections.abc import Mapping

from studyapp.memory.days import study_day
from studyapp.memory.fsrs import D_DECIMALS, S_DECIMALS, Candidate, next_states, recall_chance
from studyapp.memory.intervals import fuzz_uniform, intervals, round_half_up
from studyapp.memory.state import Moment, Phase, Rating, Schedule, Settings
from studyapp.memory.steps import next_step

_PASSES = (Rating.HARD, Rating.GOOD, Rating.EASY)


def answer(sched: Schedule, rating: Rating, now: Moment, settings: Settings, key: str, day: int | None = None) -> Schedule:
    """The schedule of item `key` after an answer at `now`; `day` is the study day if it is known already."""
    day = study_day(now, settings.rollover_hour) if day is None else day
    return _transition(sched, rating, _candidates(sched, day, settings), now, settings, key, day)


def previews(sched: Schedule, now: Moment, settings: Settings, key: str) -> dict[Rating, Schedule]:
    """What each of the four ratings would lead to; `answer` with that rating at that moment gives exactly this."""
    day = study_day(now, settings.rollover_hour)
    candidates = _candidates(sched, day, settings)
    return {rating: _transition(sched, rating, candidates, now, settings, key, day) for rating in Rating}


def retrievability(sched: Schedule, now_day: int, settings: Settings | None = None) -> float:
    """The chance of recall on a study day; 0 for an item that was never answered."""
    if sched.s is None or sched.last_day is None:
        return 0.0
    return recall_chance(sched.s, now_day - sched.last_day, settings.parameters if settings else None)


def _candidates(sched: Schedule, day: int, settings: Settings) -> Mapping[Rating, Candidate]:
    # A clock set back, or a flight west over midnight, must not give a negative time.
    elapsed = 0 if sched.last_day is None else max(0, day - sched.last_day)
    return next_states(sched.s, sched.d, elapsed, settings.retention, settings.parameters)


def _transition(
    sched: Schedule, rating: Rating, candidates: Mapping[Rating, Candidate], now: Moment, settings: Settings, key: str, day: int
) -> Schedule:
    chosen = candidates[rating]
    reviewed = sched.phase is Phase.REVIEW
    lapses = sched.lapses + 1 if reviewed and rating is Rating.AGAIN else sched.lapses
    relearning = lapses > sched.lapses or sched.phase is Phase.RELEARNING
    steps = settings.relearning_steps_s if relearning else settings.learning_steps_s
    stay = None if reviewed and not relearning else next_step(steps, sched.step, rating)
    phase, step, due_ms, due_day = Phase.REVIEW, 0, None, None
    if stay is None:
        in_steps = bool(steps) and not reviewed
        interval = _interval(sched, rating, candidates, settings, key, in_steps)
        due_day = day + interval
    else:
        phase = Phase.RELEARNING if relearning else Phase.LEARNING
        step, delay_s = stay
        due_ms = now.utc_ms + delay_s * 1000
        interval = _lapsed_interval(chosen, settings) if relearning else 0
    return Schedule(
        phase=phase,
        step=step,
        s=round(chosen.s, S_DECIMALS),
        d=round(chosen.d, D_DECIMALS),
        last_ms=now.utc_ms,
        last_day=day,
        due_ms=due_ms,
        due_day=due_day,
        interval=interval,
        reps=sched.reps + 1,
        lapses=lapses,
    )


def _interval(sched: Schedule, rating: Rating, candidates: Mapping[Rating, Candidate], settings: Settings, key: str, in_steps: bool) -> int:
    """Days until the next review, for an answer that leaves the item in review or brings it there."""
    if rating is Rating.AGAIN:  # no steps are configured
        return _lapsed_interval(candidates[rating], settings)
    # In the steps Hard never leads to a day, so it must not push Good and Easy a day on.
    buttons = _PASSES[in_steps : _PASSES.index(rating) + 1]
    last = sched.interval if sched.phase is Phase.REVIEW else 0
    uniform = fuzz_uniform(key, sched.reps) if settings.fuzz else None
    return intervals([candidates[b].interval for b in buttons], last, settings.maximum_interval, uniform)[-1]


def _lapsed_interval(candidate: Candidate, settings: Settings) -> int:
    return min(max(1, round_half_up(candidate.interval)), settings.maximum_interval)
