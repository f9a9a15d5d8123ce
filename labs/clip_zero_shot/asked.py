"""What all measurements of a run share: the model, loaded once a process, the pictures as arrays, and what was found already."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from labs.clip_zero_shot import gallery, worlds
from labs.clip_zero_shot.params import Params
from labs.clip_zero_shot.seeing import usual, written
from labs.scenes.scene import Scene
from studyapp.errors import BadInput
from studyapp.labkit.api import BackendRef, Json, Picture, Plan

Array = Any  # numpy.ndarray; numpy is imported inside functions
Found = dict[str, Json | Picture]
Step = Generator[float, None, Found]  # yields how far it is, 0..1; returns what it found by key
T = TypeVar("T")
AT_ONCE = 64  # pictures between two reports of progress
UNTRAINED_SEED = 20210226


class Asked:
    """One plan's model and pictures. Cosines are rounded to four decimals, so that they are the same on any number of threads."""

    def __init__(self, params: Params, seed: int, backend: BackendRef) -> None:
        self.params, self.seed, self.backend = params, seed, backend
        self.guesses: Mapping[str, Json] = {}
        self._kept: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]  # type: ignore[no-any-return]

    def known(self, name: str) -> Any:
        return self._kept.get(name)

    def keep(self, name: str, value: T) -> T:
        self._kept[name] = value
        return value

    @property
    def clip(self) -> Any:
        """labs.zoo.load.Clip of the backend."""
        from labs.zoo import load

        return load.clip(self.backend)

    @property
    def twin(self) -> Any:
        """The zoo's CLIP after fine-tuning on swapped captions."""
        from labs.zoo import load

        return load.clip(self.backend, "shapeclip-swapped")

    @property
    def untrained(self) -> Any:
        """The same encoder with random weights."""
        return self.once("untrained", lambda: self.clip.untrained(UNTRAINED_SEED))

    def guess(self, id: str) -> float | None:
        """What the learner forecast, to be drawn into a chart."""
        said = self.guesses.get(id)
        return float(said) if isinstance(said, int | float) and not isinstance(said, bool) and abs(said) <= 100 else None

    def texts(self, labels: Sequence[str], template: str | None = None) -> Array:
        """Unit vectors of the prompts of labels."""
        return self.clip.text_vectors([written(template or usual(self.params), label) for label in labels])

    def four(self) -> tuple[list[Array], list[str]]:
        """The pictures of task 1 and their words."""
        if self.params.world == "shapes":
            scenes = self.once("four", lambda: worlds.four(self.params, self.seed))
            return [pixels(scene) for scene, _ in scenes], [say for _, say in scenes]
        return [self.file(place) for place in self.params.chosen], [self.words(place) for place in self.params.chosen]

    def outside(self) -> tuple[Array, str]:
        """The picture of task 8."""
        if self.params.world == "shapes":
            scene = self.once("outside", lambda: worlds.outside(self.params, self.seed))
            return pixels(scene), worlds.said(scene)
        place = self.places(self.params.outside)[0]
        return self.file(place), self.words(place)

    def own(self) -> tuple[list[Array], list[str]]:
        """A picture of each label, the labels of task 1 first."""
        if self.params.world == "shapes":
            return [pixels(scene) for scene in worlds.batch(self.params, self.seed)], list(self.params.labels)
        return [self.file(self.places(label)[0]) for label in self.params.labels], list(self.params.labels)

    def places(self, label: str) -> list[int]:
        """Numbers of the natural pictures of a label."""
        return [place for place, (_, own) in enumerate(self.params.files) if own == label]

    def words(self, place: int) -> str:
        """What a natural picture shows: in the words of its folder, else its label."""
        file, label = self.params.files[place]
        return self.once("described", lambda: gallery.described(self.params.folder)).get(file, label)

    def file(self, place: int) -> Array:
        """A natural picture; BadInput in a line for a file that is none."""
        return self.once(f"file/{place}", lambda: read(Path(self.params.folder) / self.params.files[place][0]))


def session(plan: Plan, guesses: Mapping[str, Json]) -> Asked:
    """The measurements of a plan, kept between the calls of one worker."""
    found = _session(json.dumps(plan.params, sort_keys=True), plan.seed, plan.backend.model_dump_json())
    found.guesses = {**found.guesses, **guesses}
    return found


@lru_cache(maxsize=1)
def _session(params: str, seed: int, backend: str) -> Asked:
    return Asked(Params.of(json.loads(params)), seed, BackendRef.model_validate_json(backend))


def pixels(scene: Scene) -> Array:
    """A drawn picture, uint8 H x W x 3, the rasteriser's own pixels."""
    import numpy as np

    from labs.scenes.raster import rasterise

    return np.frombuffer(rasterise(scene), np.uint8).reshape(scene["size"], scene["size"], 3)


def read(path: Path, longest: int = 512) -> Array:
    """A picture file, uint8 H x W x 3, made smaller where it is large."""
    import numpy as np
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
            picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
            return np.asarray(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput(f"{path}: this is no picture that can be read ({type(error).__name__})") from None


def rounded(matrix: Array) -> list[list[float]]:
    """Cosines as JSON."""
    return [[round(float(value), 4) for value in row] for row in matrix]


def vectors(asked: Asked, pictures: Sequence[Array], model: Any = None) -> Generator[float, None, Array]:
    """Unit vectors of many pictures, reporting progress."""
    import numpy as np

    made = []
    for start in range(0, len(pictures), AT_ONCE):
        made.append((model or asked.clip).image_vectors(pictures[start : start + AT_ONCE]))
        yield min(1.0, (start + AT_ONCE) / len(pictures))
    return np.concatenate(made)


def part(steps: Generator[float, None, T], begin: float, end: float) -> Generator[float, None, T]:
    """A part of a larger step: its progress scaled."""
    while True:
        try:
            done = next(steps)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        yield begin + (end - begin) * done
