"""Rules of good items that a program can judge, as warnings. What breaks studying is an error of load.py instead.

The limits are the authors' guide's: CONTRIBUTING names them too.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from studyapp.course.answers import ChoiceAnswer, ListAnswer, NumberAnswer
from studyapp.course.cloze import with_blanks
from studyapp.course.contradictions import accepted_forms
from studyapp.course.drawcheck import draws_of
from studyapp.course.draws import value_of
from studyapp.course.lint_course import lint_course
from studyapp.course.load import LoadedCourse, LoadedItem
from studyapp.course.marked_yaml import DataPath
from studyapp.course.problems import Problem
from studyapp.course.quantity import agrees, tolerance_of
from studyapp.course.schema import Basic, Case, LabItem
from studyapp.errors import BadInput

CUE_WORDS, CASE_WORDS = 25, 60
BASIC_WORDS, FORM_WORDS, WHY_WORDS = 30, 6, 70
NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

Found = Iterator[tuple[DataPath, str]]


def lint(loaded: LoadedCourse) -> list[Problem]:
    """All warnings of a course that loaded, in file order."""
    found = [item.problem(path, message) for item in loaded.items for rule in RULES for path, message in rule(item.model, _part(item))]
    return sorted([*found, *lint_course(loaded), *loaded.clashes], key=lambda problem: (problem.file, problem.line))


def _part(item: LoadedItem) -> Any:
    return item.model.then if isinstance(item.model, Case) else item.model


def words(text: str) -> list[str]:
    """The words of a text as an author counts them: marks of Markdown and lone signs are none."""
    return [word for word in re.findall(r"\S+", text) if re.search(r"\w", word)]


def cue_length(model: Any, part: Any) -> Found:
    limit = CASE_WORDS if isinstance(model, Case) else CUE_WORDS
    count = len(words(with_blanks(model.ask or "")))
    if count > limit:
        yield ("ask",), f"the cue has {count} words; at most {limit}"


def answer_length(model: Any, part: Any) -> Found:
    if isinstance(model, Basic) and len(words(model.answer)) > BASIC_WORDS:
        yield ("answer",), f"the answer has {len(words(model.answer))} words; at most {BASIC_WORDS}"
    for form in accepted_forms(part):
        if len(words(form)) > FORM_WORDS:
            yield _at(model, "accept"), f"the form {form!r} has {len(words(form))} words; at most {FORM_WORDS} can be typed reliably"


def has_reason(model: Any, part: Any) -> Found:
    if isinstance(model, LabItem):
        return
    if model.why is None:
        yield ("why",), "there is no `why`: say the reason, and its source"
        return
    count = len(words(model.why))
    if count > WHY_WORDS:
        yield ("why",), f"the reason has {count} words; at most {WHY_WORDS}, so that it fits on a small terminal"
    answer = _answer_text(part)
    said = {word.casefold() for word in re.findall(r"\w+", answer)}
    reason = {word.casefold() for word in re.findall(r"\w+", re.sub(r"\([^()]*\)", "", model.why))}
    if len(reason) > 3 and len(reason - said) <= len(reason) // 5:
        yield ("why",), "the reason only repeats the answer"


def no_leak(model: Any, part: Any) -> Found:
    """The cue (or the hint) must not contain what is asked for."""
    cue = with_blanks(model.ask or "")
    for name, text in (("ask", cue), ("hint", getattr(model, "hint", None) or "")):
        for form in accepted_forms(part):
            if len(form) >= 4 and re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text, re.IGNORECASE):
                yield (name,), f"gives the answer away: {form!r}"
                break


def says_everywhere(model: Any, part: Any) -> Found:
    for name in ("options", "traps"):
        for index, entry in enumerate(getattr(part, name, ())):
            if entry.say is None:
                yield (*_at(model, name), index), "has no `say`: one sentence on why it is right or wrong"
            if name == "options" and not entry.right and entry.concept is None:
                yield (*_at(model, name), index), "a wrong option without a `concept`: name the misconception that makes it attractive"


def list_length_known(model: Any, part: Any) -> Found:
    if isinstance(part, ListAnswer) and not _names_number(model.ask, part.slots):
        yield ("ask",), f"does not say how many are asked for ({part.slots})"


def how_many_right(model: Any, part: Any) -> Found:
    if isinstance(part, ChoiceAnswer):
        right = sum(option.right for option in part.options)
        if right > 1 and not _names_number(model.ask, right):
            yield ("ask",), f"{right} options are right, and the cue does not say so"


def traps_distinct(model: Any, part: Any) -> Found:
    """Two misconceptions that give the same number cannot be told apart."""
    if not isinstance(part, NumberAnswer):
        return
    draws = list(itertools.islice(draws_of(part), 100))
    for (first, one), (second, other) in itertools.combinations(enumerate(part.traps), 2):
        for draw in draws:
            try:
                one_value, other_value = value_of(one.value, draw), value_of(other.value, draw)
            except BadInput:
                break  # an error of the loader's
            if agrees(one_value, other_value, tolerance_of(part.tolerance, other_value)):
                shown = ", ".join(f"{name} = {value}" for name, value in draw.items())
                yield (*_at(model, "traps"), second, "value"), f"gives the same number as traps[{first}] ({one_value}) for {shown}"
                break


def clean_text(model: Any, part: Any) -> Found:
    for path, text in _texts(model.model_dump(exclude_none=True)):
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text):
            yield path, "contains a control character"
        elif re.search(r"</?[a-z]+[^<>]*/?>", text):
            yield path, "contains HTML, which is shown as it stands; use Markdown"


def _names_number(ask: str, number: int) -> bool:
    said = words(ask.casefold())
    plain = {re.sub(r"\W", "", word) for word in said}
    return str(number) in plain or (number <= len(NUMBER_WORDS) and NUMBER_WORDS[number - 1] in plain) or (number == 2 and "both" in plain)


def _answer_text(part: Any) -> str:
    if isinstance(part, ChoiceAnswer):
        return " ".join(option.text for option in part.options if option.right)
    return getattr(part, "answer", "") if isinstance(getattr(part, "answer", ""), str) else ""


def _at(model: Any, name: str) -> DataPath:
    return ("then", name) if isinstance(model, Case) else (name,)


def _texts(value: Any, path: DataPath = ()) -> Iterator[tuple[DataPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict | list):
        pairs: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
        for name, child in pairs:
            yield from _texts(child, (*path, name))


RULES: tuple[Callable[[Any, Any], Found], ...] = (
    cue_length,
    answer_length,
    has_reason,
    no_leak,
    says_everywhere,
    list_length_known,
    how_many_right,
    traps_distinct,
    clean_text,
)
