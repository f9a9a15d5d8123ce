"""The course format (DESIGN section 6): one pydantic model a kind of item, and those of course.yaml and facts.yaml.

Every `Text` is Markdown. Unknown keys are errors. Rules that need more than one item (unique ids, references) are load.py's,
those that need the draws of a number item are drawcheck.py's.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, StringConstraints, field_validator

from studyapp.course.answers import (
    BasicAnswer,
    ChoiceAnswer,
    ContrastAnswer,
    ExplainAnswer,
    Id,
    Ids,
    ItemId,
    ListAnswer,
    MissingAnswer,
    Model,
    Number,
    NumberAnswer,
    OrderAnswer,
    RepairAnswer,
    ShortAnswer,
    Text,
    Trap,
    listed,
)
from studyapp.course.cloze import blanks


def _iso_date(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _number_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


# Items


class Links(Model):
    lab: Ids | None = None
    section: Id | None = None


class ItemBase(Model):
    id: ItemId
    facts: list[Id] = Field([], description="ids of facts.yaml, the main fact first")
    ask: Text
    why: Text | None = Field(None, description="the reason, with its source")
    hint: Text | None = None
    difficulty: Annotated[int, Field(ge=1, le=5)] = 3
    links: Links = Links()
    siblings: list[Id] = Field([], description="items never asked on the same day")
    aliases: list[Id] = Field([], description="former ids of this item")


class Basic(ItemBase, BasicAnswer):
    kind: Literal["basic"]


class Cloze(ItemBase):
    kind: Literal["cloze"]
    near: list[Text] = Field([])
    traps: list[Trap] = Field([])

    @field_validator("ask")
    @classmethod
    def _has_blanks(cls, ask: str) -> str:
        forms = blanks(ask)
        if not forms:
            raise ValueError("a cloze needs at least one blank, written {{answer}} or {{answer|accepted form}}")
        if any(not form for blank in forms for form in blank):
            raise ValueError("a blank has an empty form")
        return ask


class Short(ItemBase, ShortAnswer):
    kind: Literal["short"]


class Choice(ItemBase, ChoiceAnswer):
    kind: Literal["choice"]


class TrueFalseRepair(ItemBase, RepairAnswer):
    kind: Literal["true-false-repair"]


class Order(ItemBase, OrderAnswer):
    kind: Literal["order"]


class ListItem(ItemBase, ListAnswer):
    kind: Literal["list"]


class Missing(ItemBase, MissingAnswer):
    kind: Literal["missing"]


class Contrast(ItemBase, ContrastAnswer):
    kind: Literal["contrast"]


class NumberItem(ItemBase, NumberAnswer):
    kind: Literal["number"]


class Explain(ItemBase, ExplainAnswer):
    kind: Literal["explain"]


class ThenBasic(BasicAnswer):
    kind: Literal["basic"]


class ThenShort(ShortAnswer):
    kind: Literal["short"]


class ThenChoice(ChoiceAnswer):
    kind: Literal["choice"]


class ThenRepair(RepairAnswer):
    kind: Literal["true-false-repair"]


class ThenOrder(OrderAnswer):
    kind: Literal["order"]


class ThenList(ListAnswer):
    kind: Literal["list"]


class ThenMissing(MissingAnswer):
    kind: Literal["missing"]


class ThenContrast(ContrastAnswer):
    kind: Literal["contrast"]


class ThenNumber(NumberAnswer):
    kind: Literal["number"]


class ThenExplain(ExplainAnswer):
    kind: Literal["explain"]


Then = Annotated[
    ThenBasic | ThenShort | ThenChoice | ThenRepair | ThenOrder | ThenList | ThenMissing | ThenContrast | ThenNumber | ThenExplain,
    Field(discriminator="kind"),
]


class Case(ItemBase):
    """A situation; what is asked of it is of another kind."""

    kind: Literal["case"]
    then: Then


class LabItem(Model):
    """A lab's question, asked with a fresh seed; the lab supplies text and answer."""

    id: ItemId
    kind: Literal["lab"]
    lab: Id
    task: Annotated[int, Field(ge=1)]
    concept: Id | None = None
    ask: Text | None = None
    why: Text | None = None
    facts: list[Id] = Field([])
    difficulty: Annotated[int, Field(ge=1, le=5)] = 3
    links: Links = Links()
    siblings: list[Id] = Field([])
    aliases: list[Id] = Field([])


AnyItemModel = (
    Basic | Cloze | Short | Choice | TrueFalseRepair | Order | ListItem | Missing | Contrast | NumberItem | Explain | Case | LabItem
)
ITEM_MODELS: dict[str, type[AnyItemModel]] = {get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(AnyItemModel)}
AnyItem = Annotated[AnyItemModel, Field(discriminator="kind")]


# Files

Explainer = Annotated[list[Text], BeforeValidator(listed, json_schema_input_type=str | list[str])]


class SectionFile(Model):
    """One file of items: the items of one section."""

    section: Id
    concepts: dict[Id, Text] = Field({}, description="misconceptions that traps and options name: id -> label")
    items: list[AnyItem]


class SectionEntry(Model):
    id: Id
    number: Annotated[str, BeforeValidator(_number_text, json_schema_input_type=str | int)] = ""
    title: Text
    file: str | None = Field(None, description="the section's items; without it the section is a page only")
    page: str | None = Field(None, description="Markdown file: the section in one minute")
    explainer: Explainer = Field([])


class Confusable(Model):
    id: Id
    items: Annotated[list[Id], Field(min_length=2)]


class IdeaLab(Model):
    """Tasks of a lab that show an idea."""

    lab: Id
    tasks: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]


class Idea(Model):
    """One idea that must be automatic before the learner goes on, and the items that show it."""

    id: Id
    title: Text
    items: Annotated[list[Id], Field(min_length=1)]
    labs: list[IdeaLab] = Field([])


class Readiness(Model):
    ideas: list[Idea]
    reread: list[Text] = Field([], description="all the places that the text names for rereading")
    rule: dict[str, Number] = Field({}, description="thresholds, see `studyapp help readiness`")


class CourseFile(Model):
    """course.yaml"""

    id: ItemId
    title: Text
    format_version: Literal[1]
    ready_by: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = Field(None, description="a date, 2026-12-24")
    sections: Annotated[list[SectionEntry], Field(min_length=1)]
    spine: list[Id] = Field([], description="the items to meet first, in order")
    readiness: Readiness | None = None
    confusables: list[Confusable] = Field([])
    labs: list[Id] = Field([])
    aliases: dict[Id, Id] = Field({}, description="former item id -> id")
    concepts: dict[Id, Text] = Field({})
    synonyms: list[Annotated[list[Text], Field(min_length=2)]] = Field(
        [], description="groups of words that mean the same in this course: what the grader of free text goes by"
    )

    _date = field_validator("ready_by", mode="before")(_iso_date)


class Fact(Model):
    """One atomic fact of the text, as in the coverage map."""

    id: Id
    section: Annotated[str, BeforeValidator(_number_text, json_schema_input_type=str | int)]
    section_title: Text | None = None
    kind: Text
    importance: Literal["core", "useful", "detail"]
    statement: Text
    explainer_ref: Text | None = None
    implied: bool = False
    lab: Ids | None = None
    answered_by: list[Id] = Field([])
    accuracy_note: Text | None = None
    cite: list[Text] = Field([])
    card_only: bool = Field(False, description="no lab can check it")


class FactsFile(Model):
    """facts.yaml"""

    course: Text | None = None
    labs: list[Id] = Field([])
    entries: list[Fact]
