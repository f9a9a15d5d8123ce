"""Rules on number items: fresh numbers that cannot be memorised, and a cue that says all that is needed to compute."""

from __future__ import annotations

import itertools
import re

from studyapp.course.answers import NumberAnswer
from studyapp.course.draws import value_of
from studyapp.course.expr import ExprError, compile_expr
from studyapp.course.lint.rule import Card, Found, card_rule
from studyapp.course.quantity import agrees, tolerance_of
from studyapp.errors import BadInput

MIN_DRAWS, MIN_ANSWERS = 6, 3

_VAGUE = re.compile(
    r"\b(sequence length|length of (the|its) (input )?sequence|how long is (the|its) (\w+ )?sequence"
    r"|how many (inputs|elements|units|pieces|embeddings|items)\b)",
    re.IGNORECASE,
)
_CLS = re.compile(r"\bCLS\b|\bclass token\b", re.IGNORECASE)
_CONVENTIONS = (
    (
        re.compile(r"\brecall ?@|\brecall at\b|\bR@", re.IGNORECASE),
        re.compile(
            r"convention|definition|hit[ -]rate|information[- ]retrieval|(?-i:\bIR\b)|benchmark"
            r"|(share|fraction|part|percentage) of|at least one",
            re.IGNORECASE,
        ),
        "Recall@K counts queries with a hit in benchmarks, but the share of the relevant items in information retrieval",
    ),
    (
        re.compile(r"\bn?DCG\b", re.IGNORECASE),
        re.compile(r"\bgains?\b|2\^rel|2\*\*rel|convention", re.IGNORECASE),
        "DCG is computed with linear or with exponential gains",
    ),
    (
        re.compile(r"\bhallucination rate\b|\bCHAIR\b", re.IGNORECASE),
        re.compile(
            r"\b(per|of|share of|fraction of) (\w+ ){0,3}(objects?|captions?|sentences?|answers?|claims?|mentions?|images?)\b|convention",
            re.IGNORECASE,
        ),
        "a hallucination rate is counted per object or per caption",
    ),
    (
        re.compile(r"\bF1\b|\bF-score\b|\bF-measure\b", re.IGNORECASE),
        re.compile(r"\bpositives?\b|\bmacro\b|\bmicro\b|\b(of|for) (the )?(class|\"|“|yes|no)\b|convention|precision", re.IGNORECASE),
        "F1 needs a positive class, or macro or micro averages",
    ),
)
_UNITS = {
    "%": r"%|per ?cent|percentage",
    "nats": r"\bnats?\b",
    "bits": r"\bbits?\b",
    "bytes": r"\bbytes?\b|\bB\b",
    "kB": r"\bkB\b|kilobytes?",
    "KB": r"\bKB\b|kilobytes?",
    "MB": r"\bMB\b|megabytes?",
    "MiB": r"\bMiB\b|mebibytes?",
    "GB": r"\bGB\b|gigabytes?",
    "GiB": r"\bGiB\b|gibibytes?",
    "ms": r"\bms\b|milliseconds?",
    "s": r"\bs\b|seconds?",
    "seconds": r"\bs\b|seconds?",
    "minutes": r"\bmin\b|minutes?",
    "hours": r"\bh\b|hours?",
    "px": r"\bpx\b|pixels?",
    "pixels": r"\bpx\b|pixels?",
}


@card_rule(
    "draws-few",
    f"A number item has at least {MIN_DRAWS} draws and {MIN_ANSWERS} different answers, so that they cannot be memorised.",
    "Give the params more values, or loosen `where`",
)
def draws_few(card: Card) -> Found:
    if not card.draws or not isinstance(card.part, NumberAnswer):
        return
    try:
        answers = {round(float(value_of(card.part.answer, draw)), 9) for draw in card.draws}
    except (BadInput, OverflowError):
        return  # an error of the loader's
    if len(card.draws) < MIN_DRAWS:
        yield card.at("params"), f"there are only {len(card.draws)} draws; at least {MIN_DRAWS}"
    elif len(answers) < MIN_ANSWERS:
        yield card.at("answer"), f"all {len(card.draws)} draws have one of {len(answers)} answers; at least {MIN_ANSWERS}"


@card_rule("cue-shows-numbers", "The cue shows every number that the answer depends on.", "Put it into the cue, in braces")
def cue_shows_numbers(card: Card) -> Found:
    if isinstance(card.part, NumberAnswer) and isinstance(card.part.answer, str):
        missing = _names(card.part.answer) - {name for piece in _pieces(card.model.ask) for name in _names(piece)}
        varying = sorted(name for name in missing if len(set(card.part.params[name])) > 1)
        if varying:
            yield ("ask",), f"does not show {varying[0]!r}, on which the answer depends"


@card_rule(
    "worked-missing",
    "A number item has a worked solution with the numbers of its draw.",
    "Write `worked` with the params in braces",
)
def worked_missing(card: Card) -> Found:
    if isinstance(card.part, NumberAnswer):
        if card.part.worked is None:
            yield card.at("worked"), "there is no `worked`"
        elif not _pieces(card.part.worked):
            yield card.at("worked"), "the worked solution shows none of the draw's numbers"


@card_rule("trap-missing", "A number item knows at least one wrong way to compute.", "Add to `traps` the formula of a misconception")
def trap_missing(card: Card) -> Found:
    if isinstance(card.part, NumberAnswer) and not card.part.traps:
        yield card.at("traps"), "there are no `traps`"


@card_rule(
    "trap-same",
    "Two misconceptions never give the same number: they could not be told apart.",
    "Exclude such draws in `where`, or drop one of the traps",
)
def trap_same(card: Card) -> Found:
    if not isinstance(card.part, NumberAnswer):
        return
    for (first, one), (second, other) in itertools.combinations(enumerate(card.part.traps), 2):
        for draw in card.draws:
            try:
                one_value, other_value = value_of(one.value, draw), value_of(other.value, draw)
            except BadInput:
                break  # an error of the loader's
            if agrees(one_value, other_value, tolerance_of(card.part.tolerance, other_value)):
                shown = ", ".join(f"{name} = {value}" for name, value in draw.items())
                yield card.at("traps", second, "value"), f"gives the same number as traps[{first}] ({one_value}) for {shown}"
                break


@card_rule(
    "tokens-or-patches",
    "A cue that asks for a count says what is counted, tokens or patches, and whether a class token is among them.",
    'Say "patches", or "tokens" with or without [CLS]',
)
def tokens_or_patches(card: Card) -> Found:
    if not isinstance(card.part, NumberAnswer):
        return
    unit = next((word for word in ("tokens", "patches") if word in (card.part.unit or "").casefold()), None)
    if unit and not re.search(rf"\b{unit}\b", card.cue, re.IGNORECASE):
        yield ("ask",), f"does not say that {unit} are counted"
    elif _VAGUE.search(card.cue) and re.search(r"\b(patch|patches|tokens?|ViT)\b", card.cue) and not _CLS.search(card.cue):
        yield ("ask",), f"{_VAGUE.search(card.cue).group()!r} can mean patches or tokens"  # type: ignore[union-attr]  # searched above
    elif unit == "tokens" and _one_apart(card) and not _CLS.search(card.cue):
        yield ("ask",), "does not say whether a class token is counted, and a trap is one apart"


@card_rule(
    "metric-convention",
    "A number item on a metric that has several definitions says which one is meant.",
    "Name the convention in the cue",
)
def metric_convention(card: Card) -> Found:
    if isinstance(card.part, NumberAnswer):
        for metric, said, why in _CONVENTIONS:
            if metric.search(card.cue) and not said.search(card.cue):
                yield ("ask",), f"names no convention: {why}"


@card_rule("unit-said", "The cue says in which unit the answer is wanted.", "Say the unit in the cue")
def unit_said(card: Card) -> Found:
    if isinstance(card.part, NumberAnswer) and card.part.unit in _UNITS and not re.search(_UNITS[card.part.unit], card.cue):
        yield ("ask",), f"does not say that the answer is wanted in {card.part.unit}"


def _one_apart(card: Card) -> bool:
    """Whether some trap is one more or one less than the answer, whatever is drawn."""
    try:
        return any(
            all(abs(value_of(trap.value, draw) - value_of(card.part.answer, draw)) == 1 for draw in card.draws) for trap in card.part.traps
        )
    except BadInput:
        return False


def _names(source: str) -> frozenset[str] | set[str]:
    try:
        return compile_expr(source).names
    except ExprError:
        return set()


def _pieces(text: str) -> list[str]:
    """The expressions in braces of a text with numbers in it."""
    return [piece.partition(":")[0].strip() for piece in re.findall(r"\{([^{}]+)\}", re.sub(r"\{\{|\}\}", "", text))]


RULES = (
    draws_few,
    cue_shows_numbers,
    worked_missing,
    trap_missing,
    trap_same,
    tokens_or_patches,
    metric_convention,
    unit_said,
)
