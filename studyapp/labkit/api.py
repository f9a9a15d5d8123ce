"""The lab protocol (LABS section 7): what a course author writes. Never imports torch.

A lab is one object with three functions: `plan` draws parameters and questions, `run` reports what a model or a
computation really does (in a worker process only), `truth` turns those facts into the value of each question.
Sealing, judging, cancelling and storing are the runner's (runner.py, judge.py), written once.
A lab imports this module and nothing else of the kit; the types are defined in questions.py and data.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from studyapp.labkit.asking import REFUSED, Asker, ask_thrice
from studyapp.labkit.data import (
    SCHEMA,
    Answer,
    BackendRef,
    Budget,
    Chapter,
    CodeReport,
    Event,
    Fact,
    Facts,
    Log,
    Mutant,
    Outcome,
    Picture,
    Plan,
    Progress,
    Review,
    Truth,
    Verdict,
)
from studyapp.labkit.questions import (
    ChoiceQuestion,
    CodeQuestion,
    ExplainQuestion,
    Frozen,
    Hint,
    IntervalQuestion,
    Json,
    MatchQuestion,
    MultiQuestion,
    NumberQuestion,
    Option,
    OrderQuestion,
    PickQuestion,
    Question,
    Reason,
    ShapeQuestion,
    TextQuestion,
    Trap,
    fill,
    filled,
    public,
)
from studyapp.labkit.reviewing import asked_for, concepts_of

__all__ = [
    "REFUSED",
    "SCHEMA",
    "Answer",
    "Asker",
    "BackendRef",
    "Budget",
    "Chapter",
    "ChoiceQuestion",
    "CodeChecker",
    "CodeQuestion",
    "CodeReport",
    "Event",
    "ExplainQuestion",
    "Fact",
    "Facts",
    "Frozen",
    "Hint",
    "IntervalQuestion",
    "Json",
    "Lab",
    "Log",
    "MatchQuestion",
    "MultiQuestion",
    "Mutant",
    "NumberQuestion",
    "Option",
    "OrderQuestion",
    "Outcome",
    "PickQuestion",
    "Picture",
    "Plan",
    "Progress",
    "Question",
    "Reason",
    "Review",
    "RunContext",
    "ShapeQuestion",
    "TextQuestion",
    "Trap",
    "Truth",
    "Verdict",
    "ask_thrice",
    "asked_for",
    "concepts_of",
    "fill",
    "filled",
    "public",
]


class CodeChecker(Protocol):
    """Runs a learner's source in a fresh sandbox: `checker` = "module:function" called there as `checker(namespace, args) -> dict`
    with the fields of CodeReport."""

    def __call__(self, question: CodeQuestion, source: str, checker: str, args: Mapping[str, Json]) -> CodeReport: ...


@dataclass(frozen=True)
class RunContext:
    """What a run is given. `want` names the questions whose deciding facts are needed, `show` the keys (facts, pictures) that must be
    shown before answers are sealed; `answers` holds what is sealed of `want`, and `sealed` all that is sealed so far, of earlier chapters
    too, with the seconds that each took (Answer.seconds, Answer.item_seconds): what a learner saw and said can be a fact like any other.
    `ask` asks the model behind an endpoint, or the transcript of a recording; None on other backends. `deadline` is in seconds of
    time.monotonic()."""

    backend: BackendRef
    workdir: Path
    deadline: float
    threads: int = 1
    want: frozenset[str] = frozenset()
    show: frozenset[str] = frozenset()
    answers: Mapping[str, Json] = field(default_factory=dict)
    check_code: CodeChecker | None = None
    sealed: Mapping[str, Answer] = field(default_factory=dict)
    ask: Asker | None = None

    def cancelled(self) -> bool:
        """Whether to stop early: the time is up. (A cancel by the learner ends the process itself.)"""
        import time

        return time.monotonic() > self.deadline

    def keys(self, plan: Plan) -> frozenset[str]:
        """Keys of everything this call must report."""
        return self.show.union(*(plan.question(id).decided_by for id in self.want))


@runtime_checkable
class Lab(Protocol):
    """What a course author writes. Optional methods that the kit uses where they exist:

    `closed_form(plan) -> Mapping[str, Truth]` (formulas only; where it disagrees with the run the verdict is void),
    `review(what, seed) -> Review` (`what` = a task's number or "q3", a concept, or a misconception: a fresh question whose truth is a
    formula, for a card; BadInput where there is none), `replay_review(what, seed, facts) -> Review` (the same for a task that only a run
    can decide: a question over the stored `facts` of the learner's own last run, by the seed about another picture, K or t than before;
    BadInput where those facts do not hold what it needs; neither may import what `plan` may not),
    `warm(backend)` (in the worker: import and load ahead),
    `solutions() -> Mapping[str, list[str]]` and `mutants() -> Mapping[str, list[Mutant]]` for code questions,
    `calls(plan, stage) -> int` (calls to an endpoint that a stage makes at most, the three askings of an item counted each; shown before
    the first one) and `picture_size(plan) -> (width, height)` in pixels of what is sent, for the estimate of tokens,
    `replay_plan(plan, facts, seed) -> Plan` (other questions over the facts of a recorded run; without it a recording is played with
    its own questions only).
    """

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def sections(self) -> tuple[str, ...]: ...
    @property
    def backends(self) -> tuple[str, ...]: ...
    @property
    def version(self) -> int: ...

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan:
        """Pure, deterministic, torch-free, under 50 ms."""
        ...

    def run(self, plan: Plan, ctx: RunContext) -> Iterator[Event]:
        """Called in a worker process only; may import anything."""
        ...

    def truth(self, plan: Plan, facts: Facts) -> Mapping[str, Truth]:
        """Pure and torch-free: the value of each question whose facts are there."""
        ...
