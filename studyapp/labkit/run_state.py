"""What is known of a lab run between two steps: enough to resume it anywhere, as JSON; and where the runner reports each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from studyapp.labkit.api import SCHEMA, Answer, Chapter, Fact, Json, Picture, Plan, Question, Verdict, public

Phase = Literal["show", "answer", "decide", "done"]
EXIT_CODES = {"pass": 0, "fail": 1, "error": 3, "void": 4, "cancelled": 130, "open": 0}


class Asked(BaseModel):
    """What a run on an endpoint has asked: calls made, replies that were kept from before, tokens by the server's count. `limit` is the
    most calls that it may make in all (None = any number), `given` that limit where it was asked for and is no setting, `agreed` whether
    the learner has seen the cost and said yes."""

    model_config = ConfigDict(extra="forbid")

    calls: int = 0
    cached: int = 0
    tokens: int = 0
    limit: int | None = None
    given: int | None = None
    agreed: bool = False

    @property
    def left(self) -> int | None:
        """Calls that may still be made."""
        return None if self.limit is None else max(0, self.limit - self.calls)

    def plus(self, calls: int, cached: int, tokens: int) -> Asked:
        """With what a job has asked."""
        return self.model_copy(update={"calls": self.calls + calls, "cached": self.cached + cached, "tokens": self.tokens + tokens})


class RunState(BaseModel):
    """`stage` is the stage in play and `phase` what comes next in it: show its needs, take answers, decide; done after the last.
    `answers` holds what is sealed (None = skipped). `status` is open, pass, fail, void, cancelled or error."""

    model_config = ConfigDict(extra="forbid")

    stage: int = 0
    phase: Phase = "show"
    status: str = "open"
    message: str = ""
    answers: dict[str, Answer | None] = {}
    facts: dict[str, Json] = {}
    pictures: dict[str, Picture] = {}
    verdicts: dict[str, Verdict] = {}
    timings: dict[str, float] = {}
    versions: dict[str, str] = {}
    asked: Asked = Field(default_factory=Asked)


@dataclass(frozen=True)
class StageView:
    """A stage as it is shown: its questions with this run's values filled in, and the facts and pictures they need."""

    stage: int
    chapter: Chapter
    number: int  # 1..of
    of: int
    questions: tuple[Question, ...]
    facts: Mapping[str, Json]
    pictures: Mapping[str, Picture]

    def as_json(self, hints: bool = False) -> dict[str, Json]:
        """What `lab start` and `lab answer` print of it: public questions, shown facts, pictures as files with their words."""
        return {
            "stage": self.stage,
            "number": self.number,
            "of": self.of,
            "chapter": self.chapter.model_dump(mode="json"),
            "questions": [public(question, hints=hints) for question in self.questions],
            "facts": dict(self.facts),
            "pictures": [picture.model_dump(mode="json", exclude={"png", "pngs"}) for picture in self.pictures.values()],
        }


class Sink(Protocol):
    """Where the runner stores what happens, in this order; each call must be durable when it returns. An exception from `sealed`
    stops the run before anything is decided."""

    def sealed(self, stage: int, answers: Mapping[str, Answer | None]) -> None: ...
    def fact(self, fact: Fact) -> None: ...
    def picture(self, picture: Picture) -> None: ...
    def judged(self, stage: int, verdicts: Sequence[Verdict]) -> None: ...
    def status(self, status: str, message: str) -> None: ...


class Memory:
    """A sink that only remembers the order of calls (tests, previews)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []

    def sealed(self, stage: int, answers: Mapping[str, Answer | None]) -> None:
        self.calls.append(("sealed", dict(answers)))

    def fact(self, fact: Fact) -> None:
        self.calls.append(("fact", fact.key))

    def picture(self, picture: Picture) -> None:
        self.calls.append(("picture", picture.key))

    def judged(self, stage: int, verdicts: Sequence[Verdict]) -> None:
        self.calls.append(("judged", [verdict.q for verdict in verdicts]))

    def status(self, status: str, message: str) -> None:
        self.calls.append(("status", status))


def owners(plan: Plan, key: str) -> frozenset[str]:
    """Ids of the questions that a fact or picture would give away: those it decides, and those named in its key ("mosaic:q7").
    What only serves as a question's `needs` gives nothing away; what no question declares belongs to all of them."""
    deciding = {question.id for question in plan.questions if key in question.decided_by}
    named = set(key.split(":")) & {question.id for question in plan.questions}
    if deciding or named or any(key in question.needs for question in plan.questions):
        return frozenset(deciding | named)
    return frozenset(question.id for question in plan.questions)


def final_status(verdicts: Sequence[Verdict]) -> tuple[str, str]:
    """Status of a finished run and its line: skipped questions and missed forecasts do not count against it."""
    counted = [verdict for verdict in verdicts if verdict.outcome != "skipped" and not verdict.forecast]
    right = sum(verdict.outcome == "right" for verdict in counted)
    line = f"{right} of {len(counted)} right"
    if any(verdict.outcome in ("wrong", "near", "lucky") for verdict in counted):
        return "fail", line
    if void := [verdict.q for verdict in verdicts if verdict.outcome == "void"]:
        return "void", f"could not judge {', '.join(void)}"
    return "pass", line if counted else "nothing was answered"


def document(plan: Plan, state: RunState) -> dict[str, Json]:
    """The `--json` document of a run (LABS section 7). Facts of questions that are not sealed are not in the state, so not here either."""
    verdicts = [state.verdicts[question.id] for question in plan.questions if question.id in state.verdicts]
    concepts: dict[str, list[str]] = {}
    for verdict in verdicts:
        concepts.setdefault(verdict.concept, []).append(verdict.outcome)
    return {
        "schema": SCHEMA,
        "lab": plan.lab,
        "version": plan.version,
        "seed": plan.seed,
        "level": plan.level,
        "backend": plan.backend.name,
        "status": state.status,
        "message": state.message,
        "stage": state.stage if state.phase != "done" else None,
        "verdicts": [verdict.model_dump(mode="json") for verdict in verdicts],
        "facts": state.facts,
        "pictures": [picture.model_dump(mode="json", exclude={"png", "pngs"}) for picture in state.pictures.values()],
        "timings": {name: round(seconds, 3) for name, seconds in state.timings.items()},
        "versions": state.versions,
        "concepts": [{"concept": concept, "outcomes": outcomes} for concept, outcomes in concepts.items()],
    }
