"""Rules on `why` and on the longer texts: the reason, its source, what a free answer is compared with, and what a terminal can show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from studyapp.course.answers import ChoiceAnswer, ExplainAnswer, NumberAnswer
from studyapp.course.lint.rule import Card, Found, card_rule, words
from studyapp.course.marked_yaml import DataPath
from studyapp.course.schema import LabItem

WHY_WORDS = 70
POINTS, ALIASES, ANTI = (3, 5), (2, 3), (3, 5)

_AGEING = re.compile(
    r"\bdominant(?! (colou?r|eigen\w+|term|frequenc\w+|gene|allele|hand|eye|peak|mode|direction|singular|factor|class|orientation))\b"
    r"|(?<!pareto )(?<!efficient )(?<!decision )\bfrontier\b|\bstate[- ]of[- ]the[- ]art\b|\bSOTA\b|\bnowadays\b|\btoday's\b"
    r"|\bbest[- ]performing\b|\bbest published\b|\bnewest\b|\bcurrently (the )?(best|most|leading|largest|fastest)\b"
    r"|\bmost (popular|capable|powerful|accurate|widely used)\b|\blatest (model|version|generation|system|release)s?\b"
    r"|\bleading (\w+ )?(model|method|system|approach|lab|generator|provider)s?\b",
    re.IGNORECASE,
)
_BENCHMARK = r"\b(ImageNet|COCO|VQA\w*|MMMU|MMLU|MMVP|VBench|benchmark|leaderboard|top-[15])\b"
_FIGURE = r"\d(\.\d+)?\s?(%|percent\b|points?\b)"
_SCORE = re.compile(rf"{_FIGURE}[^.;?]{{0,60}}{_BENCHMARK}|{_BENCHMARK}[^.;?]{{0,60}}{_FIGURE}", re.IGNORECASE)
_DATED = re.compile(r"\b(19|20)\d\d\b|arXiv:\s?\d{4}\.\d", re.IGNORECASE)
_TAG = re.compile(
    r"</?(a|b|i|u|p|em|strong|br|hr|div|span|img|sup|sub|table|thead|tbody|tr|td|th|ul|ol|li|h[1-6]|code|pre|font|center|kbd|mark|small|details|summary)"
    r"(\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_LAST_BRACKETS = re.compile(r"[(\[]((?:[^()\[\]]|\([^()]*\)|\[[^\[\]]*\])*)[)\]][\s.*_]*$")
_SOURCE = re.compile(
    r"arXiv|doi|https?://|§|\b(19|20)\d\d\b|\b(?-i:[A-Z])[\w.'’-]+[^,;]*, |\b(definition|chapter|sections?|book|paper|report|course text)"
    r"|\b(model card|system card|appendix|manual|documentation|pages? \d|pp?\. ?\d|vol\. ?\d)|\b(comput|calculat|measur)ed\b",
    re.IGNORECASE,
)
_LINK_AT_END = re.compile(r"(https?://|doi:|arXiv:)\S+$|\bsources?:[^.]+\S.*$", re.IGNORECASE)


@card_rule("why-missing", "Every item says why.", "Say the reason and the common wrong answer in `why`, and end with the source", own=False)
def why_missing(card: Card) -> Found:
    if not isinstance(card.model, LabItem) and card.model.why is None:
        yield ("why",), "there is no `why`"


@card_rule(
    "why-source",
    "`why` ends with its source in brackets: paper and place, book, or how it was computed.",
    'End it with something like "(ViT, arXiv:2010.11929, §3.1)"',
    own=False,
)
def why_source(card: Card) -> Found:
    why = card.model.why
    if why is not None and not isinstance(card.model, LabItem) and not _source(why):
        yield ("why",), "the reason names no source at its end"


@card_rule(
    "why-length", f"`why` has at most {WHY_WORDS} words, so that it fits on a small terminal.", "Keep the reason and the common slip"
)
def why_length(card: Card) -> Found:
    count = len(words(card.model.why or ""))
    if count > WHY_WORDS:
        yield ("why",), f"the reason has {count} words; at most {WHY_WORDS}"


@card_rule(
    "why-repeats", "`why` gives a reason, not the answer again.", "Say what makes it so, and where the common wrong answer comes from"
)
def why_repeats(card: Card) -> Found:
    said = {word.casefold() for word in re.findall(r"\w+", _answer_text(card.part))}
    reason = {word.casefold() for word in re.findall(r"\w+", re.sub(r"\([^()]*\)", "", card.model.why or ""))}
    if len(reason) > 3 and len(reason - said) <= len(reason) // 5:
        yield ("why",), "the reason only repeats the answer"


@card_rule(
    "ageing-claim",
    "A claim that ages (dominant, frontier, state of the art, a benchmark figure) carries its year and paper in `why`.",
    "Name the paper and its year in `why`, or test the mechanism instead",
    own=False,
)
def ageing_claim(card: Card) -> Found:
    dated = card.model.why is not None and _DATED.search(card.model.why)
    if dated or isinstance(card.model, LabItem):
        return
    for path, text in _claims(card):
        found = _AGEING.search(text) or (None if isinstance(card.part, NumberAnswer) else _SCORE.search(text))
        if found:
            yield path, f"{found.group()!r} ages, and `why` names no year"
            return


@card_rule("explain-points", f"An `explain` has {POINTS[0]} to {POINTS[1]} key points.", "One point for each idea that a full answer holds")
def explain_points(card: Card) -> Found:
    if isinstance(card.part, ExplainAnswer) and not POINTS[0] <= len(card.part.points) <= POINTS[1]:
        yield card.at("points"), f"has {_counted(card.part.points, 'key point')}; {POINTS[0]} to {POINTS[1]}"


@card_rule("explain-aliases", f"Each key point has {ALIASES[0]} or {ALIASES[1]} aliases.", "Write it as other learners would say it")
def explain_aliases(card: Card) -> Found:
    for index, point in enumerate(card.part.points if isinstance(card.part, ExplainAnswer) else ()):
        if not ALIASES[0] <= len(point.aliases) <= ALIASES[1]:
            yield card.at("points", index), f"has {_counted(point.aliases, 'alias')}; {ALIASES[0]} or {ALIASES[1]}"


@card_rule(
    "explain-indispensable", "An `explain` says which key points a right answer must hold.", "Mark at least one with `indispensable: true`"
)
def explain_indispensable(card: Card) -> Found:
    if isinstance(card.part, ExplainAnswer) and not any(point.indispensable for point in card.part.points):
        yield card.at("points"), "no key point is indispensable"


@card_rule(
    "explain-anti",
    f"An `explain` has {ANTI[0]} to {ANTI[1]} anti-points: what someone with a misconception would write.",
    "Write each as a sentence that a learner in error would write",
)
def explain_anti(card: Card) -> Found:
    if isinstance(card.part, ExplainAnswer) and not ANTI[0] <= len(card.part.anti) <= ANTI[1]:
        yield card.at("anti"), f"has {_counted(card.part.anti, 'anti-point')}; {ANTI[0]} to {ANTI[1]}"


@card_rule("control-character", "No text holds a control character, which could drive the terminal.", "Delete it")
def control_character(card: Card) -> Found:
    for path, text in _texts(card.model.model_dump(exclude_none=True)):
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text):
            yield path, "contains a control character"


@card_rule("html", "Texts are Markdown without HTML, which a terminal shows as it stands.", "Use Markdown, or put it in `code`")
def html(card: Card) -> Found:
    for path, text in _texts(card.model.model_dump(exclude_none=True)):
        if has_html(text):
            yield path, "contains HTML"


def has_html(text: str) -> bool:
    """Whether a text holds a tag of HTML outside of code; `<image>` and `<bos>` are words of the field, not tags."""
    return _TAG.search(re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)) is not None


def _source(why: str) -> bool:
    last = _LAST_BRACKETS.search(why.strip())
    return (last is not None and _SOURCE.search(last.group(1)) is not None) or _LINK_AT_END.search(why.strip().rstrip(".)")) is not None


def _answer_text(part: Any) -> str:
    if isinstance(part, ChoiceAnswer):
        return " ".join(option.text for option in part.options if option.right)
    return getattr(part, "answer", "") if isinstance(getattr(part, "answer", ""), str) else ""


def _claims(card: Card) -> Iterator[tuple[DataPath, str]]:
    """The texts that claim something: not the hint, nor what is said of wrong answers."""
    for path, text in _texts(card.model.model_dump(exclude_none=True)):
        if not {"hint", "anti", "traps", "near", "concept", "id", "facts", "links", "siblings", "aliases", "kind"} & set(path):
            yield path, text


def _counted(things: Iterable[Any], name: str) -> str:
    count = len(list(things))
    return f"{count or 'no'} {name}" + ("" if count == 1 else "es" if name.endswith("s") else "s")


def _texts(value: Any, path: DataPath = ()) -> Iterator[tuple[DataPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict | list):
        pairs: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value)
        for name, child in pairs:
            yield from _texts(child, (*path, name))


RULES = (
    why_missing,
    why_source,
    why_length,
    why_repeats,
    ageing_claim,
    explain_points,
    explain_aliases,
    explain_indispensable,
    explain_anti,
    control_character,
    html,
)
