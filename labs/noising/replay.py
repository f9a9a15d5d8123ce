"""Fresh questions over stored facts of task 7: what the three networks read at another step of an earlier run. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from labs.noising.words import ladder
from studyapp.errors import BadInput
from studyapp.labkit.api import BackendRef, Facts, NumberQuestion, Plan, Review, Trap, Truth

TASKS = ("q7", "q12", "q13", "7", "12", "13", "signal-vs-noise", "signal-is-gone")
CLEAR = 15  # percentage points that the two judges must differ by
POINTS = 1.0


def review(what: str, seed: int, facts: Facts) -> Review:
    """How much of the clean judge's loss at a drawn step cannot be lost signal. BadInput where the facts hold no such step."""
    if what not in TASKS:
        raise BadInput(f"noising has no stored facts for {what!r}")
    found: Mapping[str, Any] | None = facts.get("readers")
    rows = _rows(found) if found else []
    if not found or not rows:
        raise BadInput("that run of noising holds no step at which its two judges differ; play task 7 again")
    drawn = Random(f"noising/replay/{seed}")
    t, judge, twin, clean = drawn.choice(rows)
    lost = clean - judge
    question = NumberQuestion(
        id="q13",
        title="Lost, or only unread?",
        ask=(
            f"In an earlier run two networks of one kind read the same {found['n']} pictures. Clean, the one trained on clean "
            f"pictures names "
            f"colour and shape of {clean} % right. Noised to step {t} it names {judge} % right, its twin trained on noised "
            f"pictures {twin} %. "
            f"How many percentage points of the first network's loss cannot be lost signal?"
        ),
        unit="points",
        integer=False,
        abs_tol=POINTS,
        concept="signal-vs-noise",
        traps=tuple(trap for trap in _traps(judge, twin, clean) if abs(trap.value - (twin - judge)) > 2.2 * POINTS),
        hints=ladder(
            "Can a network read what is not in the picture?",
            "What one reader gets right, the picture still holds (section 10).",
            "the twin's share minus the first network's",
            "A sibling: clean 100 %, noised 30 % and 80 %: 80 − 30 = 50 points were there to be read; of the other 20 this says nothing.",
        ),
        difficulty=2,
    )
    why = (
        f"The twin read {twin} % of the very same pictures, so {twin} − {judge} = {twin - judge} points are there to be read; of the whole "
        f"loss of {lost} points only the other {lost - (twin - judge)} can be lost signal."
    )
    plan = Plan(lab="noising", version=1, seed=seed, backend=BackendRef(kind="tiny", name="tiny"), params={"t": t}, questions=(question,))
    return Review(plan=plan, questions=(question,), truth={"q13": Truth(value=twin - judge, why=why)})


def _rows(found: Mapping[str, Any]) -> list[tuple[int, int, int, int]]:
    """(step, the clean judge's share, its twin's, the clean judge's on clean pictures) in percent, where the judges clearly differ."""
    clean = round(100 * found["judge"]["clean"])
    steps = zip(found["steps"], found["judge"]["both"], found["twin"]["both"], strict=True)
    rows = [(t, round(100 * judge), round(100 * twin), clean) for t, judge, twin in steps]
    return [row for row in rows if row[2] - row[1] >= CLEAR and row[2] <= clean]


def _traps(judge: int, twin: int, clean: int) -> tuple[Trap, ...]:
    made = (
        Trap(
            value=clean - judge, concept="signal-is-gone", say="That is its whole loss; part of it is only an unfamiliar kind of picture."
        ),
        Trap(value=clean - twin, concept="gap-turned-round", say="That is what the twin lost too: at most that much is lost signal."),
    )
    return made[:1] if abs(made[0].value - made[1].value) <= 2.2 * POINTS else made
