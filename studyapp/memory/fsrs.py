"""FSRS-6, computed by fsrs-rs (the Rust crate that Anki itself runs).

Stability s is the number of days in which the chance of recall falls to 90%; difficulty d is between 1 and 10.
Source: https://github.com/open-spaced-repetition/fsrs-rs. States are kept rounded (s to 4 decimals, d to 3), as Anki keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from studyapp.errors import BadInput
from studyapp.memory.state import Rating

if TYPE_CHECKING:
    from fsrs_rs_python import FSRS

S_DECIMALS = 4
D_DECIMALS = 3
PARAMETER_COUNT = 21
# w20 of the defaults: the decay of the forgetting curve. Repeated here so that retrievability never loads the library.
DEFAULT_DECAY = 0.15420000255107880


class Candidate(NamedTuple):
    """What one rating would lead to: the new memory state and the interval in days at the wanted retention, all unrounded."""

    s: float
    d: float
    interval: float


@lru_cache(maxsize=8)
def engine(parameters: tuple[float, ...] | None) -> FSRS:
    """The model for a set of parameters (None = the defaults of fsrs-rs). Raises BadInput for unusable ones."""
    import fsrs_rs_python

    if parameters is None:
        return fsrs_rs_python.FSRS(list(fsrs_rs_python.DEFAULT_PARAMETERS))
    if len(parameters) != PARAMETER_COUNT:
        raise BadInput(
            f"setting parameters: FSRS-6 has {PARAMETER_COUNT} parameters, got {len(parameters)}; reset them with `studyapp config`"
        )
    try:
        return fsrs_rs_python.FSRS(list(parameters))
    except ValueError as error:
        raise BadInput(f"setting parameters: not usable as FSRS-6 parameters ({error}); reset them with `studyapp config`") from error


@lru_cache(maxsize=512)  # the previews of a card pay for its answer
def next_states(
    s: float | None, d: float | None, elapsed_days: int, retention: float, parameters: tuple[float, ...] | None
) -> Mapping[Rating, Candidate]:
    """The outcome of each rating, `elapsed_days` study days after the last answer (s and d None: the first answer)."""
    import fsrs_rs_python

    state = None if s is None or d is None else fsrs_rs_python.MemoryState(s, d)
    states = engine(parameters).next_states(state, retention, elapsed_days)
    outcomes = zip(Rating, (states.again, states.hard, states.good, states.easy), strict=True)
    return MappingProxyType({rating: Candidate(o.memory.stability, o.memory.difficulty, o.interval) for rating, o in outcomes})


def state_after(history: Sequence[tuple[int, int]], parameters: tuple[float, ...] | None = None) -> tuple[float, float]:
    """Unrounded (s, d) after a whole history of (study days since the previous answer, rating 1-4), the oldest first."""
    import fsrs_rs_python

    reviews = [fsrs_rs_python.FSRSReview(rating, days) for days, rating in history]
    state = engine(parameters).memory_state(fsrs_rs_python.FSRSItem(reviews))
    return state.stability, state.difficulty


def recall_chance(s: float, elapsed_days: float, parameters: tuple[float, ...] | None = None) -> float:
    """FSRS-6's forgetting curve: the chance of recall `elapsed_days` after an answer that left stability `s`; 0.9 at s days."""
    decay = -(DEFAULT_DECAY if parameters is None else parameters[20])
    factor = 0.9 ** (1 / decay) - 1
    return float((1 + factor * max(elapsed_days, 0.0) / s) ** decay)
