"""The data that crosses the lab protocol: plans, events of a run, truths, answers, verdicts. Frozen, and JSON by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from studyapp.labkit.questions import Frozen, Json, Question, Trap, public

SCHEMA = 1
Outcome = Literal["right", "near", "lucky", "wrong", "void", "skipped"]
Facts = Mapping[str, Json]


class BackendRef(Frozen):
    """Which model a lab runs on. `name` is what the learner gave ("hf:models/vit"); `info` what its own files say of it
    (config, tensor shapes), read without torch, so that `plan` needs nothing but this value."""

    kind: Literal["none", "tiny", "hf", "openai", "replay", "human"]
    name: str
    target: str = ""  # directory, base URL, or run
    model: str = ""
    info: dict[str, Json] = Field(default_factory=dict)


class Budget(Frozen):
    """What a run may use: seconds after loading, and MB of memory."""

    seconds: float = 60.0
    memory_mb: int = 1500


class Chapter(Frozen):
    """One stage: its title, an honest time, and whether the hand-off needs it."""

    title: str
    minutes: float = 5.0
    needed: bool = True


class Plan(Frozen):
    """Everything that a seed decides: parameters and questions. Parameters whose name starts with "_" are not shown to learners."""

    schema_: int = Field(default=SCHEMA, alias="schema")
    lab: str
    version: int
    seed: int
    backend: BackendRef
    level: int = 1
    params: dict[str, Json] = Field(default_factory=dict)
    questions: tuple[Question, ...]
    chapters: tuple[Chapter, ...] = ()
    budget: Budget = Budget()

    def question(self, id: str) -> Question:
        """The question of that id; KeyError when there is none."""
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(id)

    def of_stage(self, stage: int) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.stage == stage)

    @property
    def stages(self) -> tuple[int, ...]:
        """Numbers of the stages that have questions, ascending."""
        return tuple(sorted({question.stage for question in self.questions}))

    def public(self, facts: Facts | None = None, hints: bool = False) -> dict[str, Json]:
        """What `lab plan --json` prints: the questions (values of later stages left open) and no truth."""
        row = self.model_dump(mode="json", exclude={"questions", "params", "budget"})
        row["backend"] = self.backend.name
        row["params"] = {name: value for name, value in self.params.items() if not name.startswith("_")}
        row["questions"] = [public(question, dict(facts or {}), hints) for question in self.questions]
        return row


class Fact(Frozen):
    """Something the run found: JSON, or a small array as nested lists."""

    key: str
    value: Json


class Picture(Frozen):
    """A picture with its text alternative. In the worker `png` holds bytes (or `pngs` those of several frames); the kit writes
    them into the run's folder under their hash and passes `files` on. `grid` is the picture as lines of text, `alt` says it in words."""

    key: str
    alt: str
    png: bytes | None = None
    pngs: tuple[bytes, ...] = ()
    files: tuple[str, ...] = ()
    grid: tuple[str, ...] = ()


class Progress(Frozen):
    """How far the run is: `done` 0..1 never falls and ends at 1; `eta` in seconds where known."""

    done: float = Field(ge=0, le=1)
    say: str = ""
    eta: float | None = None


class Log(Frozen):
    """A line for the run's log (versions, what was loaded)."""

    say: str
    data: dict[str, Json] = Field(default_factory=dict)


Event = Progress | Fact | Picture | Log


class CodeReport(Frozen):
    """What the checker found in a learner's source: the first failing property only. `permutation` names the mistake when it is
    a known one, `order` a legal choice that was made. `seconds` is the only field that may differ between two equal runs."""

    ok: bool
    first_failure: str | None = None
    say: str = ""
    permutation: str | None = None
    order: str | None = None
    got: str | None = None
    want: str | None = None
    line: int | None = None
    output: str = ""
    yours: Json = None  # for pictures beside `target`
    target: Json = None
    seconds: float = 0.0


class Truth(Frozen):
    """What is right, from the facts of this run, in the form of an answers file. Orders carry `scores` (by option id) and items whose
    scores differ by at most `noise` (relative) are ties. `traps` are those only the run can name. `void` says why nothing is judged."""

    value: Json
    noise: float = 0.0
    scores: dict[str, float] | None = None
    reason: str | None = None
    report: CodeReport | None = None
    traps: tuple[Trap, ...] = ()
    why: str = ""
    evidence: tuple[str, ...] = ()
    void: str | None = None

    @classmethod
    def of_code(cls, reference: str, report: Json, picture: str) -> Truth:
        """The reference source, and what the checker found in the learner's (the fact `report`), shown in `picture`, if there is one."""
        checked = CodeReport.model_validate(report) if report else None
        return cls(value={"source": reference}, report=checked, evidence=(picture,) if checked else ())


class Answer(Frozen):
    """What the learner committed to. `confidence` 0..100, `seconds` of thought, `hints` = the highest step taken; `ticked` are the
    points a learner found in their own free text; `item_seconds` the time of each part by its id (of a match, each left entry)."""

    value: Json
    reason: str | None = None
    confidence: float | None = Field(default=None, ge=0, le=100)
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    hints: int = Field(default=0, ge=0, le=4)
    ticked: tuple[str, ...] | None = None
    item_seconds: dict[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] | None = None


class Verdict(Frozen):
    """The comparison. `said` and `truth` are in the form of an answers file; `trap` is the misconception's id, `say` its sentence."""

    q: str
    outcome: Outcome
    said: Json = None
    truth: Json = None
    trap: str | None = None
    say: str = ""
    why: str = ""
    evidence: tuple[str, ...] = ()
    score: float = 0.0  # partial credit 0..1
    concept: str = ""
    forecast: bool = False
    practice: bool = False  # answered after the truth was shown: not graded
    retried: bool = False  # the free retry after a near answer was taken
    confidence: float | None = None
    seconds: float | None = None
    hints: int = 0
    report: CodeReport | None = None

    @property
    def held(self) -> bool:
        """Whether a front end must not show the truth yet, because a free retry waits. A forecast has none: nothing hangs on it."""
        return self.outcome == "near" and not (self.retried or self.practice or self.forecast)

    @property
    def graded(self) -> bool:
        """Whether it may touch the schedule."""
        return not (self.forecast or self.practice or self.outcome in ("void", "skipped"))


class Mutant(Frozen):
    """A wrong solution as test data, and the concept of the trap that must name it (None = none expected)."""

    name: str
    source: str
    expects: str | None


class Review(Frozen):
    """A torch-free instance for a lab card: one question (or several), its truth by formula, and pictures as text grids."""

    plan: Plan
    questions: tuple[Question, ...]
    truth: dict[str, Truth]
    pictures: tuple[Picture, ...] = ()
