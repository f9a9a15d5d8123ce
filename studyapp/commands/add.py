"""`studyapp add`: a card of the learner's own, from options or from a form in the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from studyapp.commands.common import Place, common_options, example
from studyapp.errors import BadInput

if TYPE_CHECKING:
    from studyapp.api import Study

DRAFT = "card-draft.txt"  # in the data folder: a form that could not be used waits there
HELP = """\
# A card of your own: fill in, save, leave. Leave `ask:` empty to add nothing. A text may go on over several lines.
# kind: basic (you rate yourself), short (typed; each line of `accept:` is right too), cloze (blanks in `ask:`, {{answer|also right}}).
"""
FIELDS = ("ask", "answer", "kind", "accept", "why", "hint", "section", "id")


@click.command(epilog=example('studyapp add --ask "What does CLIP align?" --answer "images and texts"'))
@click.option("--ask", default="", metavar="TEXT", help="What is asked; a cloze has its blanks in it: {{answer}}.")
@click.option("--answer", default="", metavar="TEXT", help="The answer.")
@click.option("--kind", type=click.Choice(["basic", "cloze", "short"]), metavar="basic|cloze|short", help="Else: as it fits.")
@click.option("--accept", multiple=True, metavar="TEXT", help="Also right, for a short answer; may be given several times.")
@click.option("--why", default="", metavar="TEXT", help="The reason, shown with the answer.")
@click.option("--hint", default="", metavar="TEXT", help="A help that the learner may ask for before the answer.")
@click.option("--section", default="", metavar="NAME", help="A section of your own course; a new one is made.")
@click.option("--id", "id_", default="", metavar="ID", help="A stable kebab-case name; else it is made from what is asked.")
@common_options
def command(place: Place, ask: str, answer: str, accept: tuple[str, ...], id_: str, kind: str | None, **more: str) -> None:
    """Write a card into your own course; without a text, $EDITOR opens with a form. It can be studied at once."""
    card: dict[str, Any] = {"ask": ask, "answer": answer, "accept": accept, "id": id_, "kind": kind or "", **more}
    with place.study() as study:
        made = study.add_card(**card) if ask or answer or accept else _from_editor(study, card)
    if made is None:
        place.emit({"item": None, "file": None}, "nothing added")
    else:
        place.emit(made, f"{made['item']} added to {made['file']}")


def _from_editor(study: Study, card: dict[str, Any]) -> dict[str, Any] | None:
    """The card that the learner wrote, None for none. What cannot be used is kept, and is in the form the next time."""
    draft = study.home / DRAFT
    form = draft.read_text(encoding="utf-8") if draft.exists() else HELP + "".join(f"{name}: {card.get(name) or ''}\n" for name in FIELDS)
    text = click.edit(form, editor=str(study.setting("editor")["value"] or "") or None, extension=".txt")
    if text is None:
        return None
    try:
        written = parse_form(text)
        made = study.add_card(**written) if any(written[name] for name in ("ask", "answer", "accept")) else None
    except BadInput as error:
        draft.write_text(text, encoding="utf-8")
        raise BadInput(f"{error}; your text is kept, `studyapp add` opens it again") from None
    draft.unlink(missing_ok=True)
    return made


def parse_form(text: str) -> dict[str, Any]:
    """The fields of the form: what stands after `name:`, and the lines up to the next field."""
    found: dict[str, list[str]] = {name: [] for name in FIELDS}
    here: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if line in HELP.splitlines():
            continue
        name, colon, rest = line.partition(":")
        if colon and name.lower() in FIELDS:
            here = found[name.lower()]
            here.append(rest.strip())
        elif here is not None:
            here.append(line)
        elif line.strip():
            raise BadInput(f"line {number} of the form belongs to no field: begin with `ask:`")
    texts: dict[str, Any] = {name: "\n".join(lines).strip() for name, lines in found.items()}
    return texts | {"accept": [form for form in texts["accept"].splitlines() if form.strip()]}
