"""The form for a card of the learner's own: its fields, its kinds, how it is painted. No Textual here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from studyapp.tui.text.edit import Edit
from studyapp.tui.text.ink import Block, Line, Piece, clean, lay

if TYPE_CHECKING:
    from studyapp.api.card_check import Advice, CardCheck

KINDS = {
    "basic": "you say the answer to yourself, and rate it",
    "short": "you type the answer, a word or a few",
    "cloze": "the question has blanks: {{answer}} or {{answer|also right}}",
}
LABEL = 13  # cells


class Field(NamedTuple):
    """`lines`: a text of several lines may stand in it. `kinds`: those that have it."""

    name: str
    label: str
    placeholder: str
    lines: bool = False
    kinds: tuple[str, ...] = tuple(KINDS)


FIELDS = (
    Field("ask", "Question", "one idea, one right answer", True),
    Field("answer", "Answer", "as short as it can be", True, ("basic", "short")),
    Field("accept", "Also right", "other forms that count, with ; between", False, ("short",)),
    Field("why", "Why", "the reason, and where you have it from", True),
    Field("hint", "Hint", "optional: a help before the answer", False),
    Field("section", "Section", "", False),
)


class Form:
    """What was typed so far. `at` is the field under the cursor."""

    def __init__(self, written: Mapping[str, str], sections: Sequence[str]) -> None:
        kind = written.get("kind", "")
        self.kind = kind if kind in KINDS else next(iter(KINDS))
        self.edits = {field.name: Edit(written.get(field.name, ""), field.lines, field.placeholder) for field in FIELDS}
        known = ", ".join(clean(title) for title in sections)
        self.edits["section"].placeholder = f"yours: {known}; a new name makes one" if known else "optional: a new name makes one"
        self.at = "ask"

    @property
    def edit(self) -> Edit:
        """The field under the cursor."""
        return self.edits[self.at]

    def fields(self) -> list[Field]:
        """Those that this kind of card has."""
        return [field for field in FIELDS if self.kind in field.kinds]

    def step(self, by: int) -> None:
        """To the next field, or the one before; round at the ends."""
        names = [field.name for field in self.fields()]
        self.at = names[(names.index(self.at) + by) % len(names)]

    def next_kind(self) -> None:
        """Another kind; what was typed into fields that it lacks stays for when it comes back."""
        kinds = list(KINDS)
        self.kind = kinds[(kinds.index(self.kind) + 1) % len(kinds)]
        if self.at not in [field.name for field in self.fields()]:
            self.at = "ask"

    def written(self) -> dict[str, str]:
        """All of it as text; empty where nothing was typed, whatever the kind."""
        texts = {name: edit.text for name, edit in self.edits.items() if edit.text.strip()}
        return {"kind": self.kind, **texts} if texts else {}

    def card(self) -> dict[str, Any]:
        """The card as `Study.add_card` takes it."""
        texts = {field.name: self.edits[field.name].text.strip() for field in self.fields()}
        forms = [form.strip() for form in texts.pop("accept", "").split(";") if form.strip()]
        return {"kind": self.kind, "accept": forms, **texts}

    # painting

    def lines(self, width: int) -> tuple[list[Line], int]:
        """The form as lines of `width` cells, and on which of them the field under the cursor begins."""
        rows, here = [*lay(self._kind_lines(), width), ()], 0
        for number, field in enumerate(self.fields()):
            if field.name == self.at:
                here = len(rows)
            rows += self._field(field, width, number)
        return rows, here

    def _kind_lines(self) -> list[Block]:
        pieces: list[Piece] = []
        for kind in KINDS:
            role = "chosen" if kind == self.kind else "button"
            pieces += [Piece(f" {kind} ", role, f"form.kind:{kind}"), Piece(" ")]
        pad = (Piece(" " * LABEL),)
        return [Block(tuple(pieces), first=(Piece(f"  {'Kind':<{LABEL - 2}}", "dim"),)), Block((Piece(KINDS[self.kind], "dim"),), pad, pad)]

    def _field(self, field: Field, width: int, number: int) -> list[Line]:
        here, edit, click = field.name == self.at, self.edits[field.name], f"form.field:{number}"
        label = Piece(f"{'▸ ' if here else '  '}{field.label:<{LABEL - 2}}", "key" if here else "dim", click)
        if here:
            painted = edit.painted(width - LABEL)
        else:
            text = clean(edit.text)
            shown = [Block((Piece(line, "", click),)) for line in text.split("\n")] if text else [Block((Piece("·", "dim", click),))]
            painted = [(Piece("  "), *line) for line in lay(shown, width - LABEL - 2)]
        pad = Piece(" " * LABEL)
        return [(label if row == 0 else pad, *line) for row, line in enumerate(painted)]


NAMES = {field.name: field.label.lower() for field in FIELDS}


def advice_blocks(check: CardCheck | None) -> list[Block]:
    """What there is to say of the card: what keeps it from being saved, then what would make it better."""
    if check is None:
        return []
    rows = [_advice(one, "✗ ", "bad") for one in check.errors] + [_advice(one, "! ", "warn") for one in check.warnings]
    return rows or [Block((Piece("nothing to object to", "dim"),), first=(Piece("✓ ", "good"),))]


def _advice(advice: Advice, sign: str, role: str) -> Block:
    name = advice.field.partition("[")[0]
    label = (Piece(f"{NAMES.get(name, name)}: ", "dim"),) if name else ()
    return Block((*label, Piece(clean(advice.text))), first=(Piece(sign, role),), rest=(Piece("  "),))
