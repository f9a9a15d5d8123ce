"""Is an idea automatic yet? The rule of course.yaml applied to what the learner showed; no thresholds live in code.

`rule` knows `retrievability` (the mean over the idea's items must reach it; one never answered counts 0), `last_right` (so many last
answers to each item, and to each lab task, must be right) and `days` (on so many different study days).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from studyapp.errors import BadInput

RULES = ("retrievability", "last_right", "days")

Answers = Sequence[tuple[int, bool]]  # (study day, right), the oldest first; drills do not count


@dataclass(frozen=True, slots=True)
class Shown:
    """What the learner showed on one item."""

    retrievability: float = 0.0
    answers: Answers = ()


@dataclass(frozen=True, slots=True)
class Part:
    """An item (`name` is its key) or a lab task (`lab` and number) of an idea; `last`: the answers that the rule looks at."""

    name: str
    met: bool
    retrievability: float | None
    last: tuple[tuple[int, bool], ...]
    missing: str


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea: `retrievability` is the mean over its items; `missing` says in sentences what is still to be shown."""

    id: str
    title: str
    met: bool
    retrievability: float
    items: tuple[Part, ...]
    labs: tuple[Part, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """All ideas; `reread` holds all the places that the text names, for every idea: it does not assign them, neither do we."""

    met: bool
    ideas: tuple[Idea, ...]
    reread: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For `studyapp readiness --json`."""
        return asdict(self)


def assess(
    readiness: Mapping[str, Any], items: Mapping[str, Shown], lab_tasks: Mapping[tuple[str, int], Answers] | None = None
) -> Readiness:
    """The report for a course's `readiness` data (`CourseInfo.readiness`).

    `items`: by key, what was shown so far; `lab_tasks`: by (lab, task number) its results. Raises BadInput for a rule that is not known.
    """
    rule = readiness.get("rule") or {}
    for name in rule:
        if name not in RULES:
            raise BadInput(f"course.yaml: readiness.rule: {name!r} is not known; there are {', '.join(RULES)}")
    ideas = tuple(_idea(entry, rule, items, lab_tasks or {}) for entry in readiness.get("ideas") or ())
    return Readiness(all(idea.met for idea in ideas), ideas, tuple(readiness.get("reread") or ()))


def _idea(
    entry: Mapping[str, Any], rule: Mapping[str, float], shown: Mapping[str, Shown], lab_tasks: Mapping[tuple[str, int], Answers]
) -> Idea:
    items = tuple(_part(key, shown.get(key, Shown()).answers, rule, shown.get(key, Shown()).retrievability) for key in entry["items"])
    tasks = [(lab["lab"], task) for lab in entry.get("labs") or () for task in lab["tasks"]]
    labs = tuple(_part(f"{lab} {task}", lab_tasks.get((lab, task), ()), rule) for lab, task in tasks)
    mean = sum(part.retrievability or 0.0 for part in items) / len(items)
    missing = []
    if mean < rule.get("retrievability", 0.0):
        missing.append(f"The chance of recall over its items is {mean:.0%}; {rule['retrievability']:.0%} is wanted.")
    missing += _open(items, "item", "items") + _open(labs, "lab task", "lab tasks")
    return Idea(entry["id"], entry["title"], not missing, mean, items, labs, tuple(missing))


def _part(name: str, answers: Answers, rule: Mapping[str, float], retrievability: float | None = None) -> Part:
    wanted, days = int(rule.get("last_right", 0)), int(rule.get("days", 0))
    # As many answers as `last_right` says, and on from there to the last wrong one: a run of right answers may span the days.
    run = _right_run(answers)
    last = tuple(answers[-max(wanted, len(run), 1) :])
    missing = ""
    if not answers and (wanted or days):
        missing = "not answered yet"
    elif len(run) < wanted:
        missing = f"right answers in a row: {len(run)} of {wanted}"
    elif len({day for day, _ in run}) < days:
        missing = f"different days with right answers: {len({day for day, _ in run})} of {days}"
    return Part(name, not missing, retrievability, last, missing)


def _right_run(answers: Answers) -> list[tuple[int, bool]]:
    """The right answers since the last wrong one."""
    run: list[tuple[int, bool]] = []
    for day, right in reversed(answers):
        if not right:
            break
        run.append((day, right))
    return run


def _open(parts: Sequence[Part], one: str, many: str) -> list[str]:
    """One sentence for the parts that fall short, if any."""
    short = [part for part in parts if not part.met]
    if not short:
        return []
    return [f"{len(short)} of {len(parts)} {one if len(parts) == 1 else many} still to be shown."]
