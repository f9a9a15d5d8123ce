"""The kinds of question a lab can ask (LABS section 4), as frozen data discriminated by `kind`.

A question carries no answer: what is right follows from the facts of the run. Its traps say what someone with a named
misconception would answer for these very parameters.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Json = Any  # what json.dumps accepts


class Frozen(BaseModel):
    """Base of all types here: immutable, no unknown fields, JSON by field alias."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)


class Trap(Frozen):
    """A misconception as a formula's result: the `value` someone who holds it would answer here, or the option id or
    permutation name (`code`). `say` may contain {truth} and {said}, filled when it is shown."""

    value: Json = None
    code: str | None = None
    concept: str
    say: str


class Hint(Frozen):
    """Step 1 nudge, 2 concept, 3 method, 4 worked sibling (the same task with the next seed, fully solved)."""

    step: int = Field(ge=1, le=4)
    text: str


class Option(Frozen):
    """Something to choose, order or match. `say` is shown with the verdict; `concept` names the misconception of a wrong one."""

    id: str
    text: str
    concept: str | None = None
    say: str = ""


class Reason(Frozen):
    """The second tier of a question: why? A right answer with a wrong reason is only lucky."""

    ask: str
    options: tuple[Option, ...]


class _Question(Frozen):
    """What every kind has. `needs`: keys of facts and pictures that are shown with it; `decided_by`: keys of the facts that
    decide it, withheld until its answer is sealed. `ask` and option texts may contain {fact:key}, filled from `needs`."""

    id: str = Field(pattern=r"^q\d+$")
    title: str
    ask: str
    concept: str
    stage: int = 0
    needs: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    traps: tuple[Trap, ...] = ()
    hints: tuple[Hint, ...] = ()
    reason: Reason | None = None
    forecast: bool = False  # a forecast feeds calibration only, never the schedule
    confidence: bool = False  # ask how sure
    difficulty: int = Field(default=2, ge=1, le=5)
    importance: int = Field(default=3, ge=1, le=5)
    minutes: float = 1.0


class NumberQuestion(_Question):
    """A number. Whole ones are compared exactly, others within `abs_tol` + `rel_tol` * |truth|; `near` widens that band for a retry."""

    kind: Literal["number"] = "number"
    unit: str = ""
    integer: bool = True
    abs_tol: float = 0.0
    rel_tol: float = 0.0
    near: float = 3.0  # times the tolerance


class IntervalQuestion(_Question):
    """Two ends that should contain the truth with probability `level`; feeds calibration only."""

    kind: Literal["interval"] = "interval"
    unit: str = ""
    level: float = 0.8
    width: float = 1.0  # of the whole scale, to judge how narrow an answer is


class ShapeQuestion(_Question):
    """A tensor shape: whole numbers, or symbols bound to this plan ("B N+1 D")."""

    kind: Literal["shape"] = "shape"
    axes: tuple[str, ...]  # what each axis is, in words
    symbols: dict[str, int] = {}


class ChoiceQuestion(_Question):
    """One of the options (already in the order in which they are shown)."""

    kind: Literal["choice"] = "choice"
    options: tuple[Option, ...]


class ExplainQuestion(_Question):
    """The explain step: which sentence gives the reason? Judged like a choice, asked after the comparison."""

    kind: Literal["explain"] = "explain"
    options: tuple[Option, ...]


class MultiQuestion(_Question):
    """All options that hold, in any order."""

    kind: Literal["multi"] = "multi"
    options: tuple[Option, ...]


class OrderQuestion(_Question):
    """Put the options in order; `first` and `last` say in words which end is which."""

    kind: Literal["order"] = "order"
    options: tuple[Option, ...]
    first: str
    last: str


class PickQuestion(_Question):
    """Pick `count` of the pictures (options carry the picture key as text when `pictures`). With `line` the options stand in a line, as the
    frames of a clip do: one is picked, Truth.noise says how many places beside the right one are as good, and credit falls by places."""

    kind: Literal["pick"] = "pick"
    options: tuple[Option, ...]
    count: int = 1
    line: bool = False


class MatchQuestion(_Question):
    """Give each left entry its right one."""

    kind: Literal["match"] = "match"
    left: tuple[Option, ...]
    right: tuple[Option, ...]


class CodeQuestion(_Question):
    """Write `entry`. `imports` are the modules that may be imported; `forbid` names calls that would defeat the exercise."""

    kind: Literal["code"] = "code"
    entry: str
    stub: str
    imports: tuple[str, ...] = ("torch", "einops", "math")
    forbid: tuple[str, ...] = ()
    time_s: float = 10.0


class TextQuestion(_Question):
    """Free text, compared by the learner with `points` that are shown afterwards."""

    kind: Literal["text"] = "text"
    points: tuple[Option, ...] = ()


Question = Annotated[
    NumberQuestion
    | IntervalQuestion
    | ShapeQuestion
    | ChoiceQuestion
    | ExplainQuestion
    | MultiQuestion
    | OrderQuestion
    | PickQuestion
    | MatchQuestion
    | CodeQuestion
    | TextQuestion,
    Field(discriminator="kind"),
]

PLACE = re.compile(r"\{fact:([\w:.-]+)\}")


def fill(text: str, facts: dict[str, Json]) -> str:
    """Put facts into {fact:key}; one that is not known yet is shown as an ellipsis."""

    def value(match: re.Match[str]) -> str:
        known = facts.get(match.group(1))
        if isinstance(known, bool) or known is None:
            return "…" if known is None else str(known).lower()
        if isinstance(known, int):
            return f"{known:,}"
        return f"{known:.6g}" if isinstance(known, float) else str(known)

    return PLACE.sub(value, text)


def filled(question: Question, facts: dict[str, Json]) -> Question:
    """The question with this run's values in its texts."""
    changes: dict[str, Any] = {"ask": fill(question.ask, facts)}
    for name in ("options", "left", "right"):
        if (options := getattr(question, name, None)) is not None:
            changes[name] = tuple(option.model_copy(update={"text": fill(option.text, facts)}) for option in options)
    return question.model_copy(update=changes)


def public(question: Question, facts: dict[str, Json] | None = None, hints: bool = False) -> dict[str, Json]:
    """The question as a front end or script may see it before it is answered: no traps, no sentences of the verdict."""
    row = filled(question, facts or {}).model_dump(mode="json", exclude={"traps", "decided_by"})
    row["hints"] = row["hints"] if hints else len(row["hints"])
    for name in ("options", "left", "right", "points"):
        if name in row:
            row[name] = [{"id": option["id"], "text": option["text"]} for option in row[name]]
    if row.get("reason"):
        row["reason"] = {"ask": row["reason"]["ask"], "options": [{"id": o["id"], "text": o["text"]} for o in row["reason"]["options"]]}
    if "symbols" in row:
        row["symbols"] = sorted(row["symbols"])
    if row["kind"] == "text":
        row.pop("points")
    return {key: value for key, value in row.items() if value is not None}
