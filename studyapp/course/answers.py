"""The course format, first half: the text types and the answer fields of each kind of item (DESIGN section 6).

Every `Text` is Markdown: bold, code, lists, tables, fenced code, Unicode mathematics; no HTML. Unknown keys are errors.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from studyapp.course.expr import FUNCTIONS, WORDS, ExprError, compile_expr

GAP = "___"


def listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _point(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), Field(description="Markdown text")]
ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80), Field(description="stable kebab-case id")]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80)]
Texts = Annotated[list[Text], Field(min_length=1)]
Ids = Annotated[list[Id], BeforeValidator(listed, json_schema_input_type=str | list[str])]
Number = int | float


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Trap(Model):
    """A wrong answer that has a name: what someone who believes `concept` writes."""

    when: Text
    concept: Id
    say: Text | None = None


class NumberTrap(Model):
    """As Trap, for numbers: a formula over the item's params, so that it holds for every draw."""

    value: str | Number
    concept: Id
    say: Text | None = None


class Option(Model):
    id: Id
    text: Text
    right: bool = False
    concept: Id | None = Field(None, description="the misconception that makes this option attractive")
    say: Text | None = Field(None, description="one sentence on why it is right or wrong")


class Step(Model):
    id: Id
    text: Text


class Member(Model):
    id: Id
    accept: Texts


class Side(Model):
    name: Text
    points: Texts


class Point(Model):
    """One key point of a free-text answer."""

    text: Text
    aliases: list[Text] = []
    indispensable: bool = False


# The answer fields of each kind; `case` reuses them under `then`.


class BasicAnswer(Model):
    answer: Text


class ShortAnswer(Model):
    accept: Texts
    near: list[Text] = Field([], description="close: gets a free retry")
    traps: list[Trap] = []


class ChoiceAnswer(Model):
    options: Annotated[list[Option], Field(min_length=2, max_length=8)]

    @field_validator("options")
    @classmethod
    def _one_right(cls, options: list[Option]) -> list[Option]:
        _unique([option.id for option in options], "option")
        if not any(option.right for option in options):
            raise ValueError("no option is marked `right: true`")
        if all(option.right for option in options):
            raise ValueError("every option is marked right; at least one must be wrong")
        return options


class RepairAnswer(Model):
    truth: bool
    repair: list[Text] = Field([], description="wordings of the corrected statement; needed when truth is false")
    traps: list[Trap] = []

    @model_validator(mode="after")
    def _false_needs_repair(self) -> RepairAnswer:
        if not self.truth and not self.repair:
            raise ValueError("`truth` is false, so `repair` must hold the corrected statement")
        return self


class OrderAnswer(Model):
    steps: Annotated[list[Step], Field(min_length=2, max_length=10, description="in the right order")]

    @field_validator("steps")
    @classmethod
    def _distinct(cls, steps: list[Step]) -> list[Step]:
        _unique([step.id for step in steps], "step")
        return steps


class ListAnswer(Model):
    slots: Annotated[int, Field(ge=1, le=20)]
    members: Annotated[list[Member], Field(min_length=1)]
    near: list[Text] = []
    traps: list[Trap] = []

    @model_validator(mode="after")
    def _enough(self) -> ListAnswer:
        _unique([member.id for member in self.members], "member")
        if self.slots > len(self.members):
            raise ValueError(f"`slots` is {self.slots} but there are only {len(self.members)} members")
        return self


class MissingAnswer(Model):
    shown: Annotated[list[Text], Field(min_length=2)]
    accept: Texts
    near: list[Text] = []
    traps: list[Trap] = []

    @field_validator("shown")
    @classmethod
    def _one_gap(cls, shown: list[str]) -> list[str]:
        gaps = sum(text.count(GAP) for text in shown)
        if gaps != 1:
            raise ValueError(f"there must be one gap, written {GAP!r}; found {gaps}")
        return shown


class ContrastAnswer(Model):
    sides: Annotated[list[Side], Field(min_length=2, max_length=4)]


class NumberAnswer(Model):
    params: Annotated[dict[str, Annotated[list[Number], Field(min_length=1)]], Field(min_length=1)]
    where: Text | None = Field(None, description="condition on the params that every draw satisfies")
    answer: str | Number
    unit: Text | None = None
    tolerance: Annotated[Number, Field(ge=0, lt=1, description="relative; without it whole numbers are exact, others 0.01")] | None = None
    round: Annotated[int, Field(ge=0, le=12, description="decimals shown")] | None = None
    worked: Text | None = None
    traps: list[NumberTrap] = []

    @field_validator("params")
    @classmethod
    def _names(cls, params: dict[str, list[Number]]) -> dict[str, list[Number]]:
        for name in params:
            if not (name.isidentifier() and name.isascii()) or name in FUNCTIONS or name in WORDS:
                raise ValueError(f"{name!r} cannot be the name of a parameter")
        return params

    @model_validator(mode="after")
    def _expressions(self) -> NumberAnswer:
        fields = [("where", self.where), ("answer", self.answer), *((f"traps[{i}].value", trap.value) for i, trap in enumerate(self.traps))]
        for name, source in fields:
            try:
                unknown = compile_expr(source).names - set(self.params) if isinstance(source, str) else ()
            except ExprError as error:
                raise ValueError(f"`{name}`: {error}") from None
            if unknown:
                raise ValueError(f"`{name}` uses {min(unknown)!r}, which is not in `params`")
        return self


class ExplainAnswer(Model):
    reference: Text
    points: Annotated[list[Annotated[Point, BeforeValidator(_point, json_schema_input_type=str | Point)]], Field(min_length=1)]
    anti: list[Text] = Field([], description="what someone with a misconception would write")


def _unique(ids: list[str], what: str) -> None:
    for index, name in enumerate(ids):
        if name.casefold() in (other.casefold() for other in ids[:index]):
            raise ValueError(f"the {what} id {name!r} stands twice (ids are compared without case)")
