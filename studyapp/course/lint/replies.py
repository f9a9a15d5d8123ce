"""Rules on what is answered: short enough to be typed or compared, worth recalling, not to be guessed."""

from __future__ import annotations

import re

from studyapp.course.answers import BasicAnswer, ChoiceAnswer, ListAnswer, OrderAnswer
from studyapp.course.cloze import blanks
from studyapp.course.contradictions import accepted_forms, same
from studyapp.course.lint.rule import STOP_WORDS, Card, Found, card_rule, plain, words
from studyapp.course.schema import Cloze

BASIC_WORDS, FORM_WORDS = 30, 6
MAX_SLOTS, MAX_BLANKS = 6, 3
MIN_STEPS, MAX_STEPS = 3, 7
MIN_OPTIONS = 3

_PLACE = re.compile(
    r"(first|second|third|next)(,|:| (the|a|an|it|we|you|comes|of all)\b)|step \d+\b|\d+[.)]\s"
    r"|(then|after that|afterwards|finally|lastly|at last|to begin|to start)(?![\w-])|.*\bthe (first|last|final|next) step\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(all|none|both|neither|either|any|some|most) of (the|these) (above|below|others?|options|answers|following)\b|\bboth above\b"
    r"|\b(all|none) of these\.?$|\b(both|neither|either) \(?[a-d]\)? (and|n?or) \(?[a-d]\)?(?!\w)"
    r"|\b(option|answer|choice) \(?([a-d]|\d)\)?(?!\w)",
    re.IGNORECASE,
)


@card_rule(
    "answer-length",
    f"The answer of a `basic` card has at most {BASIC_WORDS} words.",
    "Keep what must be recalled, and move the rest into `why`",
)
def answer_length(card: Card) -> Found:
    if isinstance(card.part, BasicAnswer) and len(words(card.part.answer)) > BASIC_WORDS:
        yield card.at("answer"), f"the answer has {len(words(card.part.answer))} words; at most {BASIC_WORDS}"


@card_rule("form-length", f"What must be typed has at most {FORM_WORDS} words.", "Ask for a shorter answer, or make it an `explain`")
def form_length(card: Card) -> Found:
    for form in accepted_forms(card.part):
        if len(words(form)) > FORM_WORDS:
            path = ("ask",) if isinstance(card.model, Cloze) else card.at("members" if isinstance(card.part, ListAnswer) else "accept")
            yield path, f"the form {form!r} has {len(words(form))} words; at most {FORM_WORDS} can be typed reliably"


@card_rule("blank-word", "The blank of a `cloze` is a word that carries the idea.", "Blank the word that the sentence is about", own=False)
def blank_word(card: Card) -> Found:
    for forms in blanks(card.model.ask) if isinstance(card.model, Cloze) else ():
        said = plain(forms[0]).split()
        if said and all(word in STOP_WORDS for word in said) and not forms[0].isupper():
            yield ("ask",), f"the blank {forms[0]!r} is no word to remember"


@card_rule(
    "blank-count",
    f"A `cloze` has at most {MAX_BLANKS} blanks, and as many words beside them.",
    "Split it, or leave more of the sentence to go by",
)
def blank_count(card: Card) -> Found:
    if isinstance(card.model, Cloze):
        count = len(blanks(card.model.ask))
        left = len([word for word in words(card.cue) if word.strip(".,;:!?()") != "____"])
        if count > MAX_BLANKS:
            yield ("ask",), f"there are {count} blanks; at most {MAX_BLANKS}"
        elif left < count:
            yield ("ask",), f"only {left} words are left to go by for {count} blanks"


@card_rule("list-slots", f"A `list` asks for at most {MAX_SLOTS} things.", "Split the list by what its members have in common")
def list_slots(card: Card) -> Found:
    if isinstance(card.part, ListAnswer) and card.part.slots > MAX_SLOTS:
        yield card.at("slots"), f"{card.part.slots} things are asked for; at most {MAX_SLOTS}"


@card_rule(
    "order-steps",
    f"An `order` has {MIN_STEPS} to {MAX_STEPS} steps.",
    "Of two steps ask which comes first, and why; split a longer chain",
)
def order_steps(card: Card) -> Found:
    if isinstance(card.part, OrderAnswer) and not MIN_STEPS <= len(card.part.steps) <= MAX_STEPS:
        yield card.at("steps"), f"there are {len(card.part.steps)} steps; {MIN_STEPS} to {MAX_STEPS}"


@card_rule("order-giveaway", "No step of an `order` tells its own place.", "Describe what the step does, not when")
def order_giveaway(card: Card) -> Found:
    for index, step in enumerate(getattr(card.part, "steps", ())):
        found = _PLACE.match(step.text)
        if found:
            yield card.at("steps", index), f"tells its place: {found.group()!r}"


@card_rule(
    "options-few",
    f"A `choice` has at least {MIN_OPTIONS} options.",
    "Add a misconception that people really have, or make it a `true-false-repair`",
)
def options_few(card: Card) -> Found:
    if isinstance(card.part, ChoiceAnswer) and len(card.part.options) < MIN_OPTIONS:
        yield card.at("options"), f"there are only {len(card.part.options)} options; at least {MIN_OPTIONS}"


@card_rule("option-refers", "No option speaks of the other options: they come in any order.", "Say what the option claims")
def option_refers(card: Card) -> Found:
    for index, option in enumerate(getattr(card.part, "options", ())):
        found = _OTHERS.search(option.text)
        if found:
            yield card.at("options", index), f"speaks of other options: {found.group()!r}"


@card_rule("say-missing", "Every option and every trap has its own sentence on why it is right or wrong.", "Add `say`, one sentence")
def say_missing(card: Card) -> Found:
    for name in ("options", "traps"):
        for index, entry in enumerate(getattr(card.part, name, ())):
            if entry.say is None:
                yield card.at(name, index), "has no `say`"


@card_rule(
    "concept-missing", "Every wrong option is a named misconception.", "Name with `concept` the misconception that makes it attractive"
)
def concept_missing(card: Card) -> Found:
    for index, option in enumerate(getattr(card.part, "options", ())):
        if not option.right and option.concept is None:
            yield card.at("options", index), "a wrong option without a `concept`"


@card_rule("concept-twice", "Two wrong options show two misconceptions.", "Let each stand for a misconception of its own, or drop one")
def concept_twice(card: Card) -> Found:
    seen: dict[str, int] = {}
    for index, option in enumerate(getattr(card.part, "options", ())):
        if option.concept is not None and not option.right and seen.setdefault(option.concept, index) != index:
            yield card.at("options", index), f"has the concept of options[{seen[option.concept]}], {option.concept!r}"


@card_rule("trap-twice", "A wrong answer is judged in one way.", "Keep the entry that says more")
def trap_twice(card: Card) -> Found:
    seen = {same(form): f"near[{index}]" for index, form in enumerate(getattr(card.part, "near", ()))}
    for index, trap in enumerate(getattr(card.part, "traps", ())):
        here = f"traps[{index}]"
        if hasattr(trap, "when") and seen.setdefault(same(trap.when), here) != here:
            yield card.at("traps", index), f"{trap.when!r} stands in {seen[same(trap.when)]} already"


RULES = (
    answer_length,
    form_length,
    blank_word,
    blank_count,
    list_slots,
    order_steps,
    order_giveaway,
    options_few,
    option_refers,
    say_missing,
    concept_missing,
    concept_twice,
    trap_twice,
)
