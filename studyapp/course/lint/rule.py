"""What a rule is, and what it looks at: one card, or the course as a whole.

A rule has an id that stays (an author looks it up, a script counts it), says what a good course does, and what to do about a warning.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from studyapp.course.answers import NumberAnswer
from studyapp.course.cloze import with_blanks
from studyapp.course.compile import siblings_of
from studyapp.course.drawcheck import draws_of
from studyapp.course.draws import Numbers
from studyapp.course.load import LoadedCourse, LoadedItem
from studyapp.course.marked_yaml import DataPath
from studyapp.course.problems import Problem
from studyapp.course.schema import Case, Cloze
from studyapp.course.template import fill
from studyapp.errors import BadInput

OWN_KINDS = ("basic", "cloze", "short")  # what `studyapp add` and `studyapp import` write

STOP_WORDS = frozenset(
    word
    for words in (
        "a an the this that these those it its here there who what which when where why how",
        "of in on at to by for from with into than as and or but so if then very also just",
        "is are was were be been being do does did has have had can could will would may might must should",
    )
    for word in words.split()
)

Found = Iterator[tuple[DataPath, str]]


@dataclass(frozen=True)
class Rule:
    """`own`: it is asked of a learner's own cards too. A rule whose breach is an error has no check here: load.py sees to it."""

    id: str
    wants: str
    advice: str
    own: bool = True
    on_card: Callable[[Card], Found] | None = None
    on_course: Callable[[View], Iterator[Problem]] | None = None

    @property
    def is_error(self) -> bool:
        return self.on_card is None and self.on_course is None


def card_rule(id: str, wants: str, advice: str, own: bool = True) -> Callable[[Callable[[Card], Found]], Rule]:
    """Makes a rule of a function that yields path and message for a card."""
    return lambda check: Rule(id, wants, advice, own, on_card=check)


def course_rule(id: str, wants: str, advice: str, own: bool = True) -> Callable[[Callable[[View], Iterator[Problem]]], Rule]:
    """Makes a rule of a function that yields the problems of a course."""
    return lambda check: Rule(id, wants, advice, own, on_course=check)


@dataclass(frozen=True)
class Card:
    """An item as rules see it. `own`: a short card of somebody's own, in a folder that is not made for others."""

    item: LoadedItem
    own: bool

    @property
    def id(self) -> str:
        return self.item.model.id

    @property
    def model(self) -> Any:
        return self.item.model

    @property
    def part(self) -> Any:
        """What is answered: the item itself, of a case its `then`."""
        return self.model.then if isinstance(self.model, Case) else self.model

    def at(self, *path: str | int) -> DataPath:
        """The path of an answer field."""
        return ("then", *path) if isinstance(self.model, Case) else path

    @cached_property
    def draws(self) -> list[Numbers]:
        """The draws of a number item, none where they cannot be made (which is an error of its own)."""
        if not isinstance(self.part, NumberAnswer):
            return []
        try:
            return list(draws_of(self.part))
        except BadInput:
            return []

    @cached_property
    def cue(self) -> str:
        """The question as a learner meets it: blanks as blanks, the numbers of one draw filled in."""
        ask: str = self.model.ask or ""
        if isinstance(self.model, Cloze):
            return with_blanks(ask)
        if self.draws:
            try:
                return fill(ask, self.draws[0])
            except BadInput:
                pass  # an error of the loader's
        return ask


@dataclass(frozen=True)
class View:
    """The course as rules see it."""

    loaded: LoadedCourse
    as_published: bool = False

    @cached_property
    def published(self) -> bool:
        """A course with a map of its facts, or with pages, is made for others; a deck of short cards need not be."""
        return self.as_published or self.loaded.facts is not None or bool(self.loaded.pages)

    @cached_property
    def cards(self) -> list[Card]:
        return [Card(item, not self.published and item.model.kind in OWN_KINDS) for item in self.loaded.items]

    @property
    def all_own(self) -> bool:
        return all(card.own for card in self.cards)

    @cached_property
    def siblings(self) -> dict[str, set[str]]:
        """By id, those that never come on the same day."""
        return siblings_of([card.model for card in self.cards])

    @cached_property
    def groups(self) -> dict[str, set[str]]:
        """By id, the groups of confusables that an item is in."""
        found: dict[str, set[str]] = defaultdict(set)
        for group in self.loaded.course.confusables:
            for member in group.items:
                found[member].add(group.id)
        return found

    @cached_property
    def by_fact(self) -> dict[str, list[Card]]:
        """The cards that test a fact, in file order."""
        found: dict[str, list[Card]] = defaultdict(list)
        for card in self.cards:
            for fact in dict.fromkeys(card.model.facts):
                found[fact].append(card)
        return found

    @cached_property
    def importance(self) -> dict[str, str]:
        """Of each fact of facts.yaml: core, useful or detail."""
        return {fact.id: fact.importance for fact in self.loaded.facts.entries} if self.loaded.facts else {}

    def course_problem(self, field: str, message: str) -> Problem:
        """A problem of course.yaml."""
        return Problem(self.loaded.course_file.file, self.loaded.course_file.line((field,)), field, message)

    def fact_problem(self, fact: str, message: str) -> Problem:
        """A problem with a fact, at its place in facts.yaml."""
        index = list(self.importance).index(fact)
        marked = self.loaded.facts_file
        return Problem(marked.file, marked.line(("entries", index)), fact, message) if marked else self.course_problem("sections", message)


def words(text: str) -> list[str]:
    """The words of a text as an author counts them: marks of Markdown and lone signs are none."""
    return [word for word in re.findall(r"\S+", text) if re.search(r"\w", word)]


def plain(text: str) -> str:
    """The words of a text in small letters, with one space between: for comparing."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def contains(text: str, form: str) -> bool:
    """Whether a form stands in a text as whole words, whatever the case."""
    return re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text, re.IGNORECASE) is not None
