"""The two sides of an item for one draw: what is shown before the answer, and what is revealed after it.

Everything is plain data with this draw's numbers filled in and made safe for a terminal (text.safe_text).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from studyapp.course.cloze import blanks, with_answers, with_blanks
from studyapp.course.draws import Draw, answer_part, value_of
from studyapp.course.items import Item
from studyapp.course.template import fill, formatted
from studyapp.course.text import safe_text

GAP = "___"
Fill = Callable[[str], str]
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """The front of an item; holds no answer. `form` is the kind that is judged: a case's `then`, else the kind itself."""

    key: str
    kind: str
    form: str
    section: str
    ask: str  # Markdown; blanks of a cloze as ____
    draw: str  # its token
    options: tuple[tuple[str, str], ...] = ()  # (id, text) in this draw's order
    steps: tuple[tuple[str, str], ...] = ()  # (id, text), shuffled
    choose: int = 1  # how many options are right
    blanks: int = 0  # how many texts a cloze wants
    slots: int = 0  # how many answers a list wants
    shown: tuple[str, ...] = ()  # a chain with a gap, ___
    sides: tuple[str, ...] = ()  # names of what is contrasted
    unit: str | None = None
    hint: str | None = None
    lab: str | None = None
    task: int | None = None

    def as_json(self) -> dict[str, Any]:
        """For `show --json` and `next --json`: what every kind has, then what this kind needs."""
        result: dict[str, Any] = {
            "item": self.key,
            "id": self.key.partition(":")[2],
            "kind": self.kind,
            "form": self.form,
            "section": self.section,
            "ask": self.ask,
            "draw": self.draw,
            "options": [{"id": name, "text": text} for name, text in self.options or self.steps],
            "hints": [self.hint] if self.hint else [],
        }
        extra = {
            "choose": self.choose if self.options else None,
            "blanks": self.blanks,
            "slots": self.slots,
            "shown": list(self.shown),
            "sides": list(self.sides),
            "unit": self.unit,
            "lab": self.lab,
            "task": self.task,
        }
        return result | {name: value for name, value in extra.items() if value}


@dataclass(frozen=True, slots=True)
class Reveal:
    """The back of an item. `value` is the right answer in the form of an answers file (DESIGN 7), None for lab items."""

    answer: str  # Markdown
    value: Any
    why: str = ""
    says: Mapping[str, str] = field(default_factory=dict)  # option id -> its sentence
    points: tuple[tuple[str, str, bool], ...] = ()  # (id, text, indispensable), to be ticked
    reference: str = ""
    worked: str = ""

    def as_json(self) -> dict[str, Any]:
        """For `show --reveal --json`."""
        return {
            "answer": self.answer,
            "value": self.value,
            "why": self.why,
            "says": dict(self.says),
            "points": [{"id": name, "text": text, "indispensable": needed} for name, text, needed in self.points],
            "reference": self.reference,
            "worked": self.worked,
        }


def show(item: Item, draw: Draw) -> Shown:
    """The front of an item with this draw's numbers and order."""
    form, body = answer_part(item)
    text = _filler(form, draw)
    options, steps = _texts(body, "options"), _texts(body, "steps")
    ask = body.get("ask") or ""
    return Shown(
        key=item.key,
        kind=item.kind,
        form=form,
        section=item.section,
        ask=text(with_blanks(ask) if form == "cloze" else ask),
        draw=draw.token,
        options=tuple((name, options[name]) for name in draw.order if name in options),
        steps=tuple((name, steps[name]) for name in draw.order if name in steps),
        choose=max(1, sum(bool(option.get("right")) for option in body.get("options", ()))),
        blanks=len(blanks(ask)) if form == "cloze" else 0,
        slots=body.get("slots", 0),
        shown=tuple(safe_text(part) for part in body.get("shown", ())),
        sides=tuple(safe_text(side["name"]) for side in body.get("sides", ())),
        unit=body.get("unit"),
        hint=text(body["hint"]) if body.get("hint") else None,
        lab=body.get("lab"),
        task=body.get("task"),
    )


def reveal(item: Item, draw: Draw) -> Reveal:
    """The back of an item with this draw's numbers."""
    form, body = answer_part(item)
    text = _filler(form, draw)
    answer, value = _ANSWERS[form](body, draw)
    return Reveal(
        answer=safe_text(answer),
        value=value,
        why=text(body.get("why") or ""),
        says={option["id"]: safe_text(option["say"]) for option in body.get("options", ()) if option.get("say")},
        points=_points(form, body),
        reference=safe_text(body.get("reference") or ""),
        worked=text(body.get("worked") or ""),
    )


def answer_text(body: Body, params: Mapping[str, int | float]) -> str:
    """The answer of a number item as people read it: rounded as the author says, thousands grouped, with its unit."""
    value = value_of(body["answer"], params)
    decimals = body.get("round")
    if decimals is not None:
        shown = f"{value:,.{decimals}f}"
    else:
        shown = formatted(value, "," if float(value).is_integer() and abs(value) >= 10_000 else "")
    unit = body.get("unit")
    return shown if not unit else shown + (unit if unit == "%" else f" {unit}")


def _filler(form: str, draw: Draw) -> Fill:
    """Only number items have expressions in their texts; in others a brace is a brace."""
    if form == "number":
        return lambda text: safe_text(fill(text, draw.params))
    return safe_text


def _texts(body: Body, name: str) -> dict[str, str]:
    return {entry["id"]: safe_text(entry["text"]) for entry in body.get(name, ())}


def _points(form: str, body: Body) -> tuple[tuple[str, str, bool], ...]:
    """Ids p1, p2, ... in the author's order, as grading numbers them."""
    found: list[tuple[str, bool]] = []
    if form == "explain":
        found = [(point["text"], bool(point.get("indispensable"))) for point in body["points"]]
    elif form == "contrast":
        found = [(f"{side['name']}: {text}", False) for side in body["sides"] for text in side["points"]]
    elif form == "true-false-repair" and not body["truth"]:
        found = [(body["repair"][0], True)]
    return tuple((f"p{number}", safe_text(text), needed) for number, (text, needed) in enumerate(found, 1))


def _basic(body: Body, draw: Draw) -> tuple[str, Any]:
    return body["answer"], body["answer"]


def _cloze(body: Body, draw: Draw) -> tuple[str, Any]:
    forms = [accepted[0] for accepted in blanks(body["ask"])]
    return with_answers(body["ask"]), forms if len(forms) > 1 else forms[0]


def _typed(body: Body, draw: Draw) -> tuple[str, Any]:
    first = body["accept"][0]
    if "shown" in body:
        return " → ".join(part.replace(GAP, f"**{first}**") for part in body["shown"]), first
    return first, first


def _choice(body: Body, draw: Draw) -> tuple[str, Any]:
    right = [option for option in body["options"] if option.get("right")]
    ids = sorted(option["id"] for option in right)
    texts = [option["text"] for option in right]
    return texts[0] if len(texts) == 1 else "\n".join(f"- {text}" for text in texts), ids if len(ids) > 1 else ids[0]


def _repair(body: Body, draw: Draw) -> tuple[str, Any]:
    return "**True.**" if body["truth"] else f"**False.** {body['repair'][0]}", body["truth"]


def _order(body: Body, draw: Draw) -> tuple[str, Any]:
    steps = body["steps"]
    return "\n".join(f"{number}. {step['text']}" for number, step in enumerate(steps, 1)), [step["id"] for step in steps]


def _list(body: Body, draw: Draw) -> tuple[str, Any]:
    firsts = [member["accept"][0] for member in body["members"]]
    head = f"Any {body['slots']} of:\n\n" if body["slots"] < len(firsts) else ""
    return head + "\n".join(f"- {first}" for first in firsts), firsts


def _contrast(body: Body, draw: Draw) -> tuple[str, Any]:
    lines = [f"**{side['name']}**\n" + "\n".join(f"- {point}" for point in side["points"]) for side in body["sides"]]
    return "\n\n".join(lines), "; ".join(f"{side['name']}: {', '.join(side['points'])}" for side in body["sides"])


def _number(body: Body, draw: Draw) -> tuple[str, Any]:
    value = value_of(body["answer"], draw.params)
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    return answer_text(body, draw.params), int(value) if whole else value


def _explain(body: Body, draw: Draw) -> tuple[str, Any]:
    return body["reference"], body["reference"]


def _lab(body: Body, draw: Draw) -> tuple[str, Any]:
    return "", None  # the lab part fills it in from the run


_ANSWERS: dict[str, Callable[[Body, Draw], tuple[str, Any]]] = {
    "basic": _basic,
    "cloze": _cloze,
    "short": _typed,
    "choice": _choice,
    "true-false-repair": _repair,
    "order": _order,
    "list": _list,
    "missing": _typed,
    "contrast": _contrast,
    "number": _number,
    "explain": _explain,
    "lab": _lab,
}
