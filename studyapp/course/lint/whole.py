"""Rules on a course as a whole: its facts, its concepts and labs, its pages, and what can be guessed without knowing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studyapp.course.answers import ChoiceAnswer, RepairAnswer
from studyapp.course.lint.reasons import has_html
from studyapp.course.lint.rule import View, course_rule
from studyapp.course.problems import Problem

LONGEST_MARGIN = 0.05  # above chance (LABS.md section 9, goal 5)
SHARE_FROM = 20  # items of a kind, before which a share says little
TRUTH_FROM, TRUTH_SHARE = 10, 0.25
BASIC_SHARE = 1 / 3
PAGE_WORDS = 260
DIAGRAM_COLUMNS = 72


@course_rule("concept-label", "Every misconception that an item names has a label.", "Add it under `concepts`, or mend the spelling")
def concept_label(view: View) -> Iterator[Problem]:
    for card in view.cards:
        for name in ("options", "traps"):
            for index, entry in enumerate(getattr(card.part, name, ())):
                if entry.concept is not None and entry.concept not in view.loaded.concepts:
                    yield card.item.problem(card.at(name, index, "concept"), f"{entry.concept!r} has no label under `concepts`")


@course_rule("concept-clash", "A misconception has one label in the whole course.", "Use the label that stands first, or another id")
def concept_clash(view: View) -> Iterator[Problem]:
    yield from view.loaded.clashes


@course_rule("facts-missing", "Where there is a facts.yaml, every item names the facts that it tests.", "Add `facts`, the main one first")
def facts_missing(view: View) -> Iterator[Problem]:
    for card in view.cards:
        if view.loaded.facts is not None and not card.model.facts:
            yield card.item.problem(("facts",), "names no fact of facts.yaml")


@course_rule(
    "detail-scheduled",
    "A fact of importance `detail` is not on the schedule: it stands in explanations and on pages.",
    "Drop the item, or give the fact more importance",
)
def detail_scheduled(view: View) -> Iterator[Problem]:
    for card in view.cards:
        if card.model.facts and all(view.importance.get(fact) == "detail" for fact in card.model.facts):
            yield card.item.problem(("facts",), "tests only facts of importance `detail`")


@course_rule("core-two-kinds", "Every core fact is tested by items of two kinds.", "Write an item of a further kind that tests it")
def core_two_kinds(view: View) -> Iterator[Problem]:
    for fact, importance in view.importance.items():
        kinds = sorted({card.model.kind for card in view.by_fact.get(fact, ())})
        if importance == "core" and len(kinds) < 2:
            yield view.fact_problem(fact, f"a core fact, tested only as `{kinds[0]}`" if kinds else "a core fact that no item tests")


@course_rule("useful-once", "Every useful fact is tested by an item.", "Write an item that tests it, or call it a detail")
def useful_once(view: View) -> Iterator[Problem]:
    for fact, importance in view.importance.items():
        if importance == "useful" and fact not in view.by_fact:
            yield view.fact_problem(fact, "a useful fact that no item tests")


@course_rule("card-only-lab", "A fact is card-only, or a lab checks it, not both.", "Take away `card_only` or the lab")
def card_only_lab(view: View) -> Iterator[Problem]:
    for fact in view.loaded.facts.entries if view.loaded.facts else ():
        if fact.card_only and fact.lab:
            yield view.fact_problem(fact.id, f"is card-only, and names the lab {fact.lab[0]!r}")
        elif fact.card_only and any(card.model.kind == "lab" for card in view.by_fact.get(fact.id, ())):
            card = next(card for card in view.by_fact[fact.id] if card.model.kind == "lab")
            yield card.item.problem(("facts",), f"a lab task on {fact.id!r}, which is card-only")


@course_rule(
    "lab-unknown", "A lab that an item links to is named in course.yaml or facts.yaml.", "Mend the spelling, or name the lab there"
)
def lab_unknown(view: View) -> Iterator[Problem]:
    known = {*view.loaded.course.labs, *(view.loaded.facts.labs if view.loaded.facts else ())}
    for card in view.cards:
        for lab in card.model.links.lab or ():
            if known and lab not in known:
                yield card.item.problem(("links", "lab"), f"no lab {lab!r} is named in course.yaml or facts.yaml")


@course_rule(
    "longest-option",
    f"Over the course the longest option is right no more often than by chance and {LONGEST_MARGIN:.0%}.",
    "Shorten right options, or say more in wrong ones",
)
def longest_option(view: View) -> Iterator[Problem]:
    parts = [card.part for card in view.cards if isinstance(card.part, ChoiceAnswer)]
    single = [part.options for part in parts if sum(option.right for option in part.options) == 1]
    right = 0.0
    for options in single:
        longest = [option for option in options if len(option.text) == max(len(other.text) for other in options)]
        right += sum(option.right for option in longest) / len(longest)  # someone who goes by length picks one of them
    chance = sum(1 / len(options) for options in single) / max(1, len(single))
    if len(single) >= SHARE_FROM and right / len(single) > chance + LONGEST_MARGIN:
        message = f"the longest option is right in {right:.0f} of {len(single)} choice items; by chance it would be {chance:.0%}"
        yield view.course_problem("sections", message)


@course_rule(
    "truth-balance", "Of the statements to judge, a quarter to three quarters are true.", "Write some statements the other way round"
)
def truth_balance(view: View) -> Iterator[Problem]:
    truths = [card.part.truth for card in view.cards if isinstance(card.part, RepairAnswer)]
    if len(truths) >= TRUTH_FROM and not TRUTH_SHARE <= sum(truths) / len(truths) <= 1 - TRUTH_SHARE:
        yield view.course_problem("sections", f"{sum(truths)} of {len(truths)} statements are true: guessing pays")


@course_rule(
    "basic-share",
    "At most a third of the items are `basic`, which learners rate themselves.",
    "Make some of them `short`, `choice` or `cloze`",
    own=False,
)
def basic_share(view: View) -> Iterator[Problem]:
    basic = sum(card.part.kind == "basic" for card in view.cards)
    if len(view.cards) >= SHARE_FROM and basic > len(view.cards) * BASIC_SHARE:
        yield view.course_problem("sections", f"{basic} of {len(view.cards)} items are `basic`; at most a third")


@course_rule(
    "page-length", f"A section's page has at most {PAGE_WORDS} words beside its diagram.", "Cut it to what can be read in a minute"
)
def page_length(view: View) -> Iterator[Problem]:
    for file, text in _pages(view):
        count = len(re.findall(r"\w+", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))
        if count > PAGE_WORDS:
            yield Problem(file, 1, "", f"the page has {count} words outside its diagram; at most {PAGE_WORDS}")


@course_rule("page-width", f"A line of a diagram has at most {DIAGRAM_COLUMNS} columns.", "Draw it narrower")
def page_width(view: View) -> Iterator[Problem]:
    for file, text in _pages(view):
        for number, line, fenced in _lines(text):
            if fenced and len(line) > DIAGRAM_COLUMNS:
                yield Problem(file, number, "", f"a line of the diagram has {len(line)} columns; at most {DIAGRAM_COLUMNS}")


@course_rule("page-html", "A page is Markdown without HTML, which a terminal shows as it stands.", "Use Markdown, or put it in `code`")
def page_html(view: View) -> Iterator[Problem]:
    for file, text in _pages(view):
        for number, line, fenced in _lines(text):
            if not fenced and has_html(line):
                yield Problem(file, number, "", "contains HTML")


def _pages(view: View) -> Iterator[tuple[str, str]]:
    """File and text of every page."""
    for section in view.loaded.course.sections:
        if section.id in view.loaded.pages:
            yield str(view.loaded.directory / (section.page or "")), view.loaded.pages[section.id]


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Number and text of every line, and whether it is inside a fenced block."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        fenced ^= line.startswith("```")
        yield number, line, fenced


RULES = (
    concept_label,
    concept_clash,
    facts_missing,
    detail_scheduled,
    core_two_kinds,
    useful_once,
    card_only_lab,
    lab_unknown,
    longest_option,
    truth_balance,
    basic_share,
    page_length,
    page_width,
    page_html,
)
