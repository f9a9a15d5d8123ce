"""Who answers: the zoo's model, a model directory, or whatever the run was given to ask. Torch is imported by the loader alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from labs.scenes.png import scene_png
from labs.scenes.raster import rasterise
from labs.vlm_probes.probes import SMALL, WIDE, Shot, World
from labs.vlm_probes.reading import Form, read
from labs.vlm_probes.recording import Recording, bundled, hash_of, shipped_weights
from labs.vlm_probes.switches import SWITCHES
from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import Asker, BackendRef, ask_thrice

ANSWER, LIST = 16, 80  # tokens of an answer at most, and of a list
END = "<end>"  # of what the zoo's model tells


@dataclass(frozen=True)
class Speaker:
    """`ask(shots, prompts, listing, say)` gives one reply a shot, None for one that was not stable over three askings. `recording` is
    what is known of this very model already."""

    ask: Callable[[Sequence[Shot], Sequence[str], bool, str], list[str | None]]
    form: Form
    world: World
    say: str
    switches: tuple[str, ...]
    at_once: int  # questions between two lines of progress
    recording: Recording | None = None


def speaker(backend: BackendRef, ask: Asker | None) -> Speaker:
    """The speaker of a backend. Raises EnvironmentProblem where it cannot be loaded."""
    if ask is not None:
        return _asked(backend, ask)
    if backend.kind == "tiny":
        return _tiny()
    if backend.kind == "hf":
        return _directory(backend.model_dump_json())
    raise EnvironmentProblem(f"--backend {backend.name}: there is no model behind it that could be asked")


def world_of(backend: BackendRef) -> World:
    """How large the pictures of a backend are."""
    return WIDE if backend.kind in ("hf", "openai", "replay") else SMALL


@lru_cache(maxsize=1)
def _tiny() -> Speaker:
    from labs.zoo import load

    model = load.vlm(BackendRef(kind="tiny", name="tiny"))

    def ask(shots: Sequence[Shot], prompts: Sequence[str], listing: bool, say: str) -> list[str | None]:
        if listing:
            return [*_listed(model, shots, prompts)]
        return [*model.answers(_arrays(shots), prompts, 1)]

    return Speaker(ask, "word", SMALL, model.say, SWITCHES["tiny"], 24, bundled(hash_of(shipped_weights())))


def _listed(model: Any, shots: Sequence[Shot], prompts: Sequence[str]) -> list[str]:
    """What the zoo's model tells word by word, until it ends: each next word is asked for with all before it."""
    pictures, told = _arrays(shots), ["" for _ in shots]
    open_ = list(range(len(shots)))
    for _ in range(LIST if shots else 0):
        words = model.answers([pictures[at] for at in open_], [f"{prompts[at]}{told[at]}" for at in open_], 1)
        for at, word in zip(list(open_), words, strict=True):
            if word == END:
                open_.remove(at)
            else:
                told[at] += f" {word}"
        if not open_:
            break
    return [text.strip() for text in told]


@lru_cache(maxsize=1)
def _directory(reference: str) -> Speaker:
    from labs.zoo import load

    model = load.vlm(BackendRef.model_validate_json(reference))

    def ask(shots: Sequence[Shot], prompts: Sequence[str], listing: bool, say: str) -> list[str | None]:
        return [*model.answers(_arrays(shots), prompts, LIST if listing else ANSWER)]

    return Speaker(ask, "braces", WIDE, model.say, SWITCHES["hf"], 1)


def _asked(backend: BackendRef, asker: Asker) -> Speaker:
    def ask(shots: Sequence[Shot], prompts: Sequence[str], listing: bool, say: str) -> list[str | None]:
        said: list[str | None] = [None] * len(shots)
        for choices in dict.fromkeys(shot.choices for shot in shots):  # what a reply means depends on what it may be
            places = [place for place, shot in enumerate(shots) if shot.choices == choices]
            pictures, asked = [scene_png(shots[place].scene) for place in places], [prompts[place] for place in places]
            replies = ask_thrice(asker, pictures, asked, say, partial(_meaning, choices))
            for place, reply in zip(places, replies, strict=True):
                said[place] = reply
        return said

    return Speaker(ask, "braces", WIDE, backend.model or backend.name, SWITCHES["openai"], 24)


def _meaning(choices: Sequence[str], reply: str) -> tuple[str, str]:
    """What is compared between askings: what is read, not the words around it."""
    found = read(reply, choices)
    return found.outcome, found.value


def _arrays(shots: Sequence[Shot]) -> list[Any]:
    """The canonical pixels of shots as uint8 arrays (H, W, 3)."""
    import numpy as np

    return [np.frombuffer(rasterise(shot.scene), np.uint8).reshape(shot.scene["size"], shot.scene["size"], 3) for shot in shots]
