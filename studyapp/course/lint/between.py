"""Rules on items beside each other: what must not meet on one day, and what one cue gives away of another's answer."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from studyapp.course.answers import ListAnswer
from studyapp.course.cloze import blanks
from studyapp.course.contradictions import accepted_forms, same
from studyapp.course.lint.rule import STOP_WORDS, Card, View, course_rule, plain
from studyapp.course.problems import Problem
from studyapp.course.schema import Cloze

SHORT_FORM = 4  # letters
COMMON, COMMON_SHARE = 4, 0.02  # a form that stands in more cues than this is the course's vocabulary
ALIKE, ALIKE_WORDS = 0.6, 3  # of the words of a cue that carry meaning

_TYPED = ("short", "cloze", "list", "missing")


@course_rule(
    "answer-elsewhere",
    "No cue gives away the answer of another item on the same fact: the two could come in one session.",
    "Reword one of them, or name one under the `siblings` of the other",
)
def answer_elsewhere(view: View) -> Iterator[Problem]:
    cues = {card.id: f" {plain(card.cue)} " for card in view.cards}  # with spaces at the ends: whole words are found as ` form `
    limit = max(COMMON, round(len(cues) * COMMON_SHARE))
    for asked in view.cards:
        if asked.part.kind not in _TYPED:
            continue
        forms = {f" {plain(form)} ": form for form in _telling(asked)}
        told = {form: {id for id, cue in cues.items() if form in cue} for form in forms}
        told = {form: ids for form, ids in told.items() if len(ids) <= limit}
        tellers = {id for ids in told.values() for id in ids}
        for card in view.cards if tellers - {asked.id} else ():
            if card.id not in tellers or card.id == asked.id or asked.id in view.siblings[card.id] or not _near(card, asked, cues):
                continue
            found = next((form for form, ids in told.items() if card.id in ids), None)
            if found:
                yield card.item.problem(("ask",), f"gives away {forms[found]!r}, an answer of {asked.id!r}")


@course_rule(
    "forms-apart",
    "Two forms of one core fact never come on the same day.",
    "Name the fact first in both items, or name one under the `siblings` of the other",
)
def forms_apart(view: View) -> Iterator[Problem]:
    for fact, cards in view.by_fact.items():
        pairs = [(one, other) for one, other in itertools.combinations(cards, 2) if one.model.kind != other.model.kind]
        if view.importance.get(fact) == "core" and pairs and not any(other.id in view.siblings[one.id] for one, other in pairs):
            one, other = pairs[0]
            index = other.model.facts.index(fact)
            yield other.item.problem(("facts", index), f"tests {fact!r} as {one.id!r} does, and the two can come on one day")


@course_rule(
    "list-siblings",
    "A list and an item that asks for one of its members never come on the same day.",
    "Name the list under the item's `siblings`",
)
def list_siblings(view: View) -> Iterator[Problem]:
    for whole in view.cards:
        if not isinstance(whole.part, ListAnswer):
            continue
        members = {same(form): member.id for member in whole.part.members for form in member.accept}
        for card in view.cards:
            if card.id == whole.id or whole.id in view.siblings[card.id] or not set(card.model.facts) & set(whole.model.facts):
                continue
            asked = [members[same(form)] for form in accepted_forms(card.part) if same(form) in members]
            if asked:
                yield card.item.problem(("siblings",), f"asks for {asked[0]!r}, a member of the list {whole.id!r}")


@course_rule(
    "confusable-missing",
    "Two items on one fact, where a wrong answer of one is the right answer of the other, are declared as confusable.",
    "Put both into a group of `confusables` in course.yaml, or make them `siblings`",
)
def confusable_missing(view: View) -> Iterator[Problem]:
    for cards in view.by_fact.values():
        for card, other in itertools.permutations(cards, 2):
            if other.id in view.siblings[card.id] or view.groups.get(card.id, set()) & view.groups.get(other.id, set()):
                continue
            right = {same(form) for form in accepted_forms(other.part)}
            for index, trap in enumerate(getattr(card.part, "traps", ())):
                if hasattr(trap, "when") and same(trap.when) in right:
                    yield card.item.problem(card.at("traps", index), f"{trap.when!r} is the right answer of {other.id!r}")
                    break


@course_rule(
    "group-twice", "An item is in one group of confusables: only the first counts.", "Take it out of the others, or make one group of them"
)
def group_twice(view: View) -> Iterator[Problem]:
    listed: dict[str, list[str]] = defaultdict(list)
    for group in view.loaded.course.confusables:
        for member in group.items:
            listed[member].append(group.id)
    for member, names in listed.items():
        if len(names) > 1:
            yield view.course_problem("confusables", f"{member!r} is in several groups ({', '.join(names)})")


@course_rule("same-cue", "No two items ask the same in the same words.", "Reword one so that it is clear which answer is meant, or drop it")
def same_cue(view: View) -> Iterator[Problem]:
    first: dict[tuple[str, bool], Card] = {}
    for card in view.cards:
        if card.model.kind in ("lab", "case") or card.part.kind in ("choice", "order", "missing"):
            continue  # what differs stands below the cue
        before = first.setdefault((re.sub(r"\s+", " ", card.cue).casefold().strip(" ?.!"), card.part.kind == "cloze"), card)
        if before is not card:
            yield card.item.problem(("ask",), f"asks the same as {before.id!r}")


def _telling(card: Card) -> list[str]:
    """The forms that give an answer away where they are read: those that are shown, and others of several words; no bare numbers."""
    part = card.part
    shown = (
        [forms[0] for forms in blanks(card.model.ask)]
        if isinstance(part, Cloze)
        else [form for forms in _accepted(part) for form in forms[:1]]
    )
    told = [*shown, *(form for form in accepted_forms(part) if " " in plain(form))]
    return [form for form in told if len(plain(form)) >= SHORT_FORM and re.search(r"[^\W\d_]", form)]


def _accepted(part: Any) -> list[list[str]]:
    return [member.accept for member in part.members] if isinstance(part, ListAnswer) else [part.accept]


def _near(card: Card, asked: Card, cues: dict[str, str]) -> bool:
    """Whether two items are about the same thing: by their facts, or by the words of their cues."""
    if set(card.model.facts) & set(asked.model.facts):
        return True
    wanted = Counter(word for word in cues[asked.id].split() if word not in STOP_WORDS)
    shared = wanted.keys() & set(cues[card.id].split())
    return len(shared) >= ALIKE_WORDS and len(shared) >= ALIKE * len(wanted)


RULES = (answer_elsewhere, forms_apart, list_siblings, confusable_missing, group_twice, same_cue)
