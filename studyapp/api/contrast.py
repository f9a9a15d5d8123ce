"""Contrast cards: a week after a miss that the learner was sure of, the right answer and the one of that misconception stand side by
side, with fresh numbers where the question has numbers. Which one is right is not said; telling them apart is the question.

A pair is made from what the author wrote for the misconception (a trap, an option, a lab's mutant). Where nothing was written for the
mistake there is none, and the card comes as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from studyapp.course.draws import Dice, Draw, answer_part, value_of
from studyapp.course.items import Item
from studyapp.course.template import fill, formatted
from studyapp.course.text import safe_text
from studyapp.course.view import Reveal, Shown
from studyapp.course.view import reveal as back
from studyapp.course.view import show as front
from studyapp.errors import BadInput
from studyapp.store.fold import trap_concept
from studyapp.store.lab_runs import Stored
from studyapp.store.log import Event
from studyapp.study.grading import Judgement, Outcome, Trap

CONTRAST = "contrast"
QUESTION = "One of these two answers is right. Say to yourself when each of them would be; then choose."


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers to one question. `say` is what there is to say to who chooses the wrong one, `why` the reason of the right one."""

    ask: str
    right: str
    wrong: str
    concept: str | None
    say: str
    why: str


def contrasted(item: Item, drawn: Draw, history: Iterable[Event], stored: Stored) -> Draw:
    """The draw as a contrast of the last miss with confidence, or unchanged where there is no pair to be made."""
    missed = [event.payload for event in history if event.payload.get("sure_miss")]
    if not missed:
        return drawn
    draw = replace(drawn, asks={**drawn.asks, CONTRAST: {"trap": trap_concept(missed[-1]), "said": missed[-1].get("value")}})
    return drawn if pair_of(item, draw, stored) is None else draw


def pair_of(item: Item, draw: Draw, stored: Stored) -> Pair | None:
    """The pair of a contrast draw; None where the author's text has none (any more)."""
    missed = draw.asks[CONTRAST]
    kind, body = answer_part(item)
    if kind == "lab":
        from studyapp.api.lab_contrast import lab_pair

        return lab_pair(item, draw, missed["trap"], missed["said"], stored)
    if kind == "choice":
        return _of_choice(item, draw, body, missed["said"])
    return _of_number(item, draw, body, missed["trap"]) if kind == "number" else None


def contrast_shown(item: Item, draw: Draw, stored: Stored) -> Shown:
    """The front: the question and the two answers, in an order of this draw."""
    pair = _pair(item, draw, stored)
    letters = _letters(draw)
    texts = {letters[0]: pair.right, letters[1]: pair.wrong}
    ask = f"{pair.ask}\n\n{QUESTION}"
    if any("\n" in text for text in texts.values()):  # lists and programs: shown one under the other, chosen by their letters
        ask += "".join(f"\n\n**{letter.upper()}**\n{texts[letter]}" for letter in sorted(texts))
        texts = {letter: letter.upper() for letter in texts}
    plain = replace(front(item, replace(draw, asks={})), options=(), steps=(), shown=(), unit=None, hint=None, choose=1)
    return replace(
        plain,
        form="choice",
        ask=ask,
        options=tuple((letter, texts[letter]) for letter in sorted(texts)),
    )


def contrast_reveal(item: Item, draw: Draw, stored: Stored) -> Reveal:
    """The back: the right one, and what the other one was."""
    pair = _pair(item, draw, stored)
    right, _ = _letters(draw)
    return Reveal(answer=pair.right, value=right, why=" ".join(part for part in (pair.say, pair.why) if part))


def contrast_judge(item: Item, draw: Draw, value: Any, stored: Stored) -> Judgement:
    """Judge a choice between the two; in the head (None) the learner rates."""
    pair = _pair(item, draw, stored)
    right, wrong = _letters(draw)
    if value is None:
        return Judgement(Outcome.SELF, expected=right)
    if value not in (right, wrong):
        raise BadInput(f"{item.key}: {value!r} is none of a, b")
    if value == right:
        return Judgement(Outcome.RIGHT, 1.0, say=pair.say, expected=right)
    return Judgement(Outcome.WRONG, 0.0, Trap(pair.concept, pair.say) if pair.say or pair.concept else None, pair.say, expected=right)


def _pair(item: Item, draw: Draw, stored: Stored) -> Pair:
    found = pair_of(item, draw, stored)
    if found is not None:
        return found
    answer = back(item, replace(draw, asks={}))  # the course was edited since: the answer alone is left
    return Pair(front(item, replace(draw, asks={})).ask, answer.answer or "as the lab says", "something else", None, "", answer.why)


def _letters(draw: Draw) -> tuple[str, str]:
    """Of the right and of the wrong answer."""
    return ("a", "b") if Dice(f"contrast/{draw.token}").below(2) else ("b", "a")


def _of_choice(item: Item, draw: Draw, body: Mapping[str, Any], said: Any) -> Pair | None:
    """The right option, and the one that was chosen."""
    chosen = said[0] if isinstance(said, list) and len(said) == 1 else said
    right = [option for option in body["options"] if option.get("right")]
    wrong = next((option for option in body["options"] if option["id"] == chosen and not option.get("right")), None)
    if wrong is None or len(right) != 1:
        return None
    shown = front(item, replace(draw, asks={}))
    texts = (safe_text(right[0]["text"]), safe_text(wrong["text"]))
    return Pair(shown.ask, *texts, wrong.get("concept"), safe_text(wrong.get("say") or ""), safe_text(body.get("why") or ""))


def _of_number(item: Item, draw: Draw, body: Mapping[str, Any], concept: str | None) -> Pair | None:
    """The right number of these parameters, and the one of the misconception."""
    trap = next((trap for trap in body.get("traps", ()) if trap.get("concept") == concept and trap.get("value") is not None), None)
    if concept is None or trap is None:
        return None
    plain = replace(draw, asks={})
    answer = back(item, plain)
    number = value_of(trap["value"], draw.params)
    if number == answer.value:
        return None
    grouped = "," if float(number).is_integer() and abs(number) >= 10_000 else ""
    wrong = f"{number:,.{body['round']}f}" if body.get("round") is not None else formatted(number, grouped)
    unit = body.get("unit")
    wrong += (unit if unit == "%" else f" {unit}") if unit else ""
    if wrong == answer.answer:
        return None
    return Pair(front(item, plain).ask, answer.answer, wrong, concept, safe_text(fill(trap.get("say") or "", draw.params)), answer.why)
