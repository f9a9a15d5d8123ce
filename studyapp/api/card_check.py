"""A card of the learner's own while it is being written: what `studyapp course check` would say of it. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from studyapp.errors import StudyError

if TYPE_CHECKING:
    from studyapp.course.load import LoadedCourse
    from studyapp.course.problems import Problem

_ID = "this-card"
_NOWHERE = Path("/own-card-being-written")  # a course that is only planned


class Advice(NamedTuple):
    """One thing to say: `field` as in the course format (ask, answer, accept, why, hint; empty where it is the card as a whole)."""

    field: str
    text: str


class CardCheck(NamedTuple):
    """Errors keep the card from being saved, warnings do not."""

    errors: tuple[Advice, ...] = ()
    warnings: tuple[Advice, ...] = ()


class CardChecker:
    """Judges cards that are to join the course in `folder`, which is read once. Touches no database: a thread may ask."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _own(self) -> LoadedCourse | None:
        from studyapp.api.own_cards import read_course_at

        return read_course_at(self._folder)

    def check(self, ask: str, **card: Any) -> CardCheck:
        """A card as `add_card` takes it, beside those that are there; its section and id do not count."""
        from studyapp.course.lint import lint

        card = {name: value for name, value in card.items() if name not in ("section", "id")}
        try:
            loaded, problems = _alone(ask, card)
            own = self._own
        except StudyError as error:
            return CardCheck((Advice("", str(error)),))
        if loaded is None or problems:
            return CardCheck(_advice(problems))
        if own is not None:
            loaded = replace(own, items=[*own.items, *loaded.items], declared=own.declared | loaded.declared)
        return CardCheck((), _advice(problem for problem in lint(loaded) if problem.field.partition(".")[0] == _ID))


def _alone(ask: str, card: dict[str, Any]) -> tuple[LoadedCourse | None, list[Problem]]:
    """A course of this card only."""
    from studyapp.course.load import COURSE_FILE, read_course
    from studyapp.course.own import card_fields, new_course, new_section, with_entries

    section = with_entries(new_section("cards"), "items", [card_fields(ask, **card) | {"id": _ID}], "the card")
    course = new_course("own", "Own", [("cards", "Cards", "cards.yaml")])
    return read_course(_NOWHERE, {_NOWHERE / COURSE_FILE: course, _NOWHERE / "cards.yaml": section})


def _advice(problems: Iterable[Problem]) -> tuple[Advice, ...]:
    return tuple(Advice(one.field.partition(".")[2], f"{one.message}. {one.advice}".removesuffix(". ")) for one in problems)
