"""How a question is put: to the zoo's model as it was trained to be asked, to any other with the form of the answer asked for."""

from __future__ import annotations

import re

from labs.scenes.vocabulary import COLOURS, SHAPES
from labs.vlm_probes.probes import Shot
from labs.vlm_probes.reading import Form

FORMS = {
    "count": "Answer with the number alone, in curly brackets, such as {0}.",
    "leftright": "Answer {left} or {right}, in curly brackets, as seen by the viewer.",
    "text": "Answer with the characters alone, in curly brackets.",
    "defect": "Answer {yes} or {no}, in curly brackets.",
    "hidden": "Answer in curly brackets with one of {" + "} {".join(COLOURS) + "}, or {unknown} if that cannot be seen.",
    "exist": "Answer {yes} or {no}, in curly brackets.",
}
LIST = "Describe the scene."  # shapevlm's own way to list what there is
LISTED = (
    "First list every object in the picture, one a line, as: colour shape. Then count the lines that say {shape}, and end with that "
    "number in curly brackets."
)


def prompt(shot: Shot, form: Form) -> str:
    """The question of a shot in this form."""
    return shot.question if form == "word" else f"{shot.question} {FORMS[shot.family]}"


def list_prompt(shot: Shot, form: Form) -> str:
    """To list first and count then."""
    return LIST if form == "word" else f"{shot.question} {LISTED.replace('{shape}', shape_of(shot))}"


def count_listed(told: str, shape: str) -> str:
    """How often a shape stands in a description, as a word to be read."""
    return str(len(re.findall(rf"\b{shape}\b", told)))


def shape_of(shot: Shot) -> str:
    """The shape that a counting question asks for."""
    found = str(shot.scene["truth"]["shape"])
    assert found in SHAPES
    return found
