"""What several tasks say in the same words, and how options get their letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from labs.video_drift.reel import rng
from studyapp.labkit.api import BackendRef, Hint, Json, Option, Trap

LETTERS = "abcdefghi"
SUBJECT = (
    "Subject consistency, as VBench defines it: for every frame after the first, take the mean of its cosine similarity to the frame "
    "before and to the first frame; then take the mean over those frames."
)


def ladder(nudge: str, concept: str, method: str, worked: str) -> tuple[Hint, ...]:
    """The four hints of a task."""
    return tuple(Hint(step=step, text=text) for step, text in enumerate((nudge, concept, method, worked), start=1))


def shuffled(seed: int, task: str, keys: Iterable[str]) -> dict[str, str]:
    """Letter -> key, in the order drawn for this seed."""
    names = sorted(keys)
    rng(seed, "letters", task).shuffle(names)
    return dict(zip(LETTERS, names, strict=False))


def letter(letters: dict[str, str], key: str) -> str:
    """The letter under which a key is shown."""
    return next(letter for letter, name in letters.items() if name == key)


def options(letters: dict[str, str], texts: dict[str, str]) -> tuple[Option, ...]:
    """Plain options that carry neither sentence nor misconception."""
    return tuple(Option(id=letter, text=texts[key]) for letter, key in letters.items())


def telling(truth: Json, traps: Sequence[Trap]) -> tuple[Trap, ...]:
    """The traps whose values differ from the truth and from each other, the first of each value."""
    kept: dict[str, Trap] = {str(truth): Trap(concept="", say="")}
    for trap in traps:
        kept.setdefault(str(trap.value), trap)
    return tuple(kept.values())[1:]


def features(backend: BackendRef) -> str:
    """What the features of this run are, in a sentence."""
    if backend.kind == "hf":
        return f"The features are the pooled vectors of {backend.name}, which may see where things are as well as what they are."
    return (
        "The features of this run are the probabilities that a small network gives to eight colours and six shapes: they say what is "
        "seen, wherever it is."
    )
