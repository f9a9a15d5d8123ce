"""Rules on the question: short, about one thing, to be understood on its own, and not giving its answer away."""

from __future__ import annotations

import re

from studyapp.course.answers import BasicAnswer, ChoiceAnswer, ContrastAnswer, ExplainAnswer, ListAnswer, RepairAnswer, ShortAnswer
from studyapp.course.contradictions import accepted_forms
from studyapp.course.lint.rule import Card, Found, card_rule, contains, words
from studyapp.course.marked_yaml import DataPath
from studyapp.course.schema import Case

CUE_WORDS, CASE_WORDS = 25, 60
SHORT_FORM = 4  # letters; a shorter answer stands in too many texts by accident
NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_ELSEWHERE = re.compile(
    r"\b(the|this|that) (above|below|previous|preceding) (card|question|item|section|page|example|figure|list|text)\b"
    r"|\b(the|this) (next|last) (card|question)\b|\b(card|question|item|section|page|example|figure|table|text|list) (above|below)\b"
    r"|\bas (we|you) (saw|have seen|learned|said|mentioned)\b|\b(as )?(mentioned|shown|described|explained) (above|below|earlier|before)\b"
    r"|\bsee (section|page|above|below)\b|\b(in|of|on) this (chapter|card|deck|page)\b",
    re.IGNORECASE,
)
_SET = re.compile(
    r"\b(name|list|give|state|enumerate|which|what are)(\s+(all|any|of|the|its|their))*"
    rf"\s+(({'|'.join(NUMBER_WORDS[1:])})(?=\s+[a-z])|[2-9](?=\s+[a-z]+s\b))|\b(name|list|enumerate) all\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:^|[.!?:,] )(is|are|was|were|do|does|did|has|have|had|can|could|will|would|may|might|must|should|shall)\b[^.!?]*\?", re.IGNORECASE
)
_YES_OR_NO = re.compile(r"(yes|no|true|false)\s*($|[.,;:!–—(]|- |because\b)", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|`[^`]*`')


@card_rule(
    "cue-length",
    f"A cue has at most {CUE_WORDS} words, {CASE_WORDS} in a `case`.",
    "Cut it to the one question, or tell the situation in a `case`",
)
def cue_length(card: Card) -> Found:
    limit = CASE_WORDS if isinstance(card.model, Case) else CUE_WORDS
    count = len(words(card.cue))
    if count > limit:
        yield ("ask",), f"the cue has {count} words; at most {limit}"


@card_rule(
    "cue-alone",
    "A cue can be understood without the page or the card that stood before it.",
    "Name the thing itself: cards come in any order",
)
def cue_alone(card: Card) -> Found:
    found = _ELSEWHERE.search(card.cue)
    if found:
        yield ("ask",), f"the cue points to another place: {found.group()!r}"


@card_rule("one-question", "A cue asks one thing.", "Make an item of each question")
def one_question(card: Card) -> Found:
    count = _QUOTED.sub("", card.cue).count("?")
    if count > 1 and not isinstance(card.part, ContrastAnswer | ExplainAnswer):
        yield ("ask",), f"the cue asks {count} questions"


@card_rule(
    "yes-no", "A question is not answered by yes or no.", "Make it a `true-false-repair`, or ask for the reason, the name or the number"
)
def yes_no(card: Card) -> Found:
    if not _ASKED.search(card.cue):
        return
    if isinstance(card.part, BasicAnswer) and _YES_OR_NO.match(card.part.answer.replace("*", "").strip()):
        yield card.at("answer"), "half of all guesses are right: the answer is yes or no"
    if isinstance(card.part, ShortAnswer) and {form.casefold() for form in card.part.accept} & {"yes", "no", "true", "false"}:
        yield card.at("accept"), "half of all guesses are right: the answer is yes or no"


@card_rule("statement", "What is judged true or false is a statement.", "Write it as a statement: the learner judges and repairs it")
def statement(card: Card) -> Found:
    if isinstance(card.part, RepairAnswer) and card.cue.rstrip("*_ )\"'").endswith("?"):
        yield ("ask",), "the cue is a question"


@card_rule(
    "set-of-things",
    "Several things are asked for by a `list` with numbered slots, not by one typed or self-rated answer.",
    "Make it a `list`, or a card for each of them",
)
def set_of_things(card: Card) -> Found:
    found = _SET.search(card.cue)
    if found and card.part.kind in ("basic", "short"):
        yield ("ask",), f"asks for several things at once: {found.group()!r}"


@card_rule("list-length", "A `list` says how many are asked for.", "Say the number of slots in the cue")
def list_length(card: Card) -> Found:
    if isinstance(card.part, ListAnswer) and not _names_number(card.cue, card.part.slots):
        yield ("ask",), f"does not say how many are asked for ({card.part.slots})"


@card_rule("right-count", "A `choice` with several right options says how many.", "Say the number in the cue")
def right_count(card: Card) -> Found:
    if isinstance(card.part, ChoiceAnswer):
        right = sum(option.right for option in card.part.options)
        if right > 1 and not _names_number(card.cue, right):
            yield ("ask",), f"{right} options are right, and the cue does not say so"


@card_rule("answer-in-cue", "Neither the cue nor the hint contains what is asked for.", "Say it in other words")
def answer_in_cue(card: Card) -> Found:
    part, right = card.part, accepted_forms(card.part)
    others = [*getattr(part, "near", ()), *(trap.when for trap in getattr(part, "traps", ()) if hasattr(trap, "when"))]
    others = [other for other in others if not any(contains(form, other) for form in right)]
    texts: list[tuple[DataPath, str]] = [(("ask",), card.cue), (("hint",), getattr(card.model, "hint", None) or "")]
    texts += [(card.at("shown", index), text) for index, text in enumerate(getattr(part, "shown", ()))]
    for path, text in texts:
        if any(contains(text, other) for other in others):
            continue  # alternatives to choose from
        found = next((form for form in right if len(form) >= SHORT_FORM and contains(text, form)), None)
        if found:
            yield path, f"gives the answer away: {found!r}"


def _names_number(ask: str, number: int) -> bool:
    said = {re.sub(r"\W", "", word) for word in words(ask.casefold())}
    return str(number) in said or (number <= len(NUMBER_WORDS) and NUMBER_WORDS[number - 1] in said) or (number == 2 and "both" in said)


RULES = (cue_length, cue_alone, one_question, yes_no, statement, set_of_things, list_length, right_count, answer_in_cue)
