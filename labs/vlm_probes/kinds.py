"""What a single answer is called: right, or which failure of the glossary's list it is an example of."""

from __future__ import annotations

from labs.scenes.questions import UNKNOWN
from labs.vlm_probes.reading import Reading

# key -> (the class as it stands among the options, what it says of an answer of that class)
CLASSES = {
    "count": ("a wrong number of objects", "the number is not that of the objects"),
    "side": ("left and right mixed up", "the sides are exchanged"),
    "label": ("a label misread", "the label says something else"),
    "missed": ("what is there is overlooked", "it is there to be seen, and the answer denies it"),
    "claimed": ("something is reported that is not there", "nothing of the kind is there"),
    "hidden": ("a confident claim about what is hidden", "no pixel shows it, and still it is named"),
    "timid": ("a refusal where the answer can be seen", "a part of the object is in plain sight"),
    "right": ("no failure: the answer is right", "the answer is right"),
}


def kind(family: str, answer: str, said: Reading) -> str | None:
    """The class of an answer; None for one that fits none of them (a wrong colour, a reply that cannot be read)."""
    if said.right(answer):
        return "right"
    if said.outcome == "refused" and family == "hidden" and answer != UNKNOWN:
        return "timid"
    if said.outcome != "value":
        return None
    match family:
        case "count":
            return "count"
        case "leftright":
            return "side"
        case "text":
            return "label"
        case "hidden" if answer == UNKNOWN:
            return "hidden"
        case "hidden":
            return "timid" if said.value == UNKNOWN else None
        case _:
            return "missed" if answer == "yes" else "claimed"
