"""What a seed decides for clip-zero-shot: labels, templates, batch sizes; redrawn until no misconception gives a right number by luck."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from itertools import combinations
from random import Random
from typing import Any

from labs.clip_zero_shot import gallery
from labs.scenes.vocabulary import COLOURS, SHAPES
from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import BackendRef

VERSION = 1
FAMILIES = ("clip", "siglip", "siglip2")
ASKED = 8  # labels that the pictures of task 1 are given
TINY_SIDE, LARGEST_SIDE = 32, 224
BATCHES = (12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512)
WIDTHS = (64, 96, 128, 160, 192, 256, 320, 384, 512)

# A template in which a label stands as it is ({plain}) or with its article ({phrase}): how captions speak, the bare label, and oddities.
SHAPE_TEMPLATES = {
    "usual": ("a photo of {phrase}", "there is {phrase}", "a picture with {phrase}", "a drawing of {phrase}", "we see {phrase}"),
    "bare": ("{plain}",),
    "odd": (
        "below {phrase}",
        "{phrase} left of",
        "right of {phrase}",
        "a photo of {phrase} and {phrase}",
        "a photo of a drawing with {phrase} above",
    ),
}
NATURAL_TEMPLATES = {
    "usual": ("a photo of {phrase}", "a picture of {phrase}", "an image of {phrase}"),
    "bare": ("{plain}",),
    "odd": ("a bad photo of {phrase}", "no {plain} at all", "the opposite of {phrase}", "a word for {phrase}", "something near {phrase}"),
}


@dataclass(frozen=True)
class Params:
    """One instance. `labels` are all labels of the run and `asked` those of task 1; `missing` and `outside` are drawn but no label.

    batch: pairs of task 6; equal: of task 14; random: (B, D, s) of task 15; pair: of task 11, from 1; side: pixels of drawn pictures.
    folder, files, chosen: of natural pictures (file, label), and the four of task 1 among them.
    """

    world: str  # "shapes" or "natural"
    labels: tuple[str, ...]
    asked: tuple[str, ...]
    missing: str
    outside: str
    templates: tuple[str, str, str]
    batch: int
    equal: int
    random: tuple[int, int, float]
    pair: int
    side: int
    siglip: bool = False
    folder: str = ""
    files: tuple[tuple[str, str], ...] = ()
    chosen: tuple[int, ...] = ()

    @property
    def twin(self) -> bool:
        """Whether there is a second model, fine-tuned on swapped captions, to compare with."""
        return self.world == "shapes"

    def row(self) -> dict[str, Any]:
        """As stored in a plan; which label belongs to which picture is not shown."""
        row: dict[str, Any] = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        row["files"] = [list(entry) for entry in self.files]
        return {f"_{name}" if name in ("files", "chosen", "missing", "outside") else name: value for name, value in row.items()}

    @classmethod
    def of(cls, row: dict[str, Any]) -> Params:
        plain: dict[str, Any] = {name.removeprefix("_"): tuple(value) if isinstance(value, list) else value for name, value in row.items()}
        B, D, s = plain.pop("random")
        files = tuple((file, label) for file, label in plain.pop("files"))
        return cls(**plain, random=(int(B), int(D), float(s)), files=files)


def draw(seed: int, backend: BackendRef, level: int = 1) -> Params:
    """The instance of a seed: the first draw that tells every misconception apart."""
    random = Random(f"clip-zero-shot/{VERSION}/{seed}" + (f"/{level}" if level > 1 else ""))
    natural = backend.kind == "hf"
    side = side_of(backend)
    pictures = _natural(random) if natural else _shapes(random, level)
    templates = [random.choice(pool) for pool in (NATURAL_TEMPLATES if natural else SHAPE_TEMPLATES).values()]
    random.shuffle(templates)
    first, second, third = templates
    pair = random.randrange(1, len(pictures["asked"]) + 1)
    while True:
        batch, equal = random.sample(BATCHES, 2)
        params = Params(
            templates=(first, second, third), batch=batch, equal=equal, random=_features(random), pair=pair, side=side,
            siglip=natural and "siglip" in model_type(backend), **pictures,
        )  # fmt: skip
        if diagnostic(params):
            return params


def diagnostic(params: Params) -> bool:
    """Whether truths and misconceptions of the numbers of chapter 3 are all apart, by more than three tolerances."""
    from labs.clip_zero_shot import traps

    pairs = ((a, b, apart) for values, apart in traps.wrong_values(params) for a, b in combinations(values, 2))
    return all(abs(a - b) > apart for a, b, apart in pairs)


def model_type(backend: BackendRef) -> str:
    return str(backend.info.get("config", {}).get("model_type", ""))


def side_of(backend: BackendRef) -> int:
    """Pixels of the pictures that are drawn for a model; EnvironmentProblem for a model that is no CLIP or SigLIP."""
    if backend.kind != "hf":
        return TINY_SIDE
    config = backend.info.get("config", {})
    vision = config.get("vision_config")
    if model_type(backend) not in FAMILIES or not isinstance(vision, dict):
        raise EnvironmentProblem(
            f"--backend {backend.name}: its model_type is {model_type(backend) or 'not given'}; this lab needs an image and a text encoder "
            f"in one space ({', '.join(FAMILIES)})"
        )
    size = vision.get("image_size") or LARGEST_SIDE
    return max(TINY_SIDE, min(LARGEST_SIDE, int(size)))


def _shapes(random: Random, level: int) -> dict[str, Any]:
    """Sixteen labels of four colours and four shapes; eight of them, close to each other, are those of task 1."""
    colours, shapes = random.sample(tuple(COLOURS), 5), random.sample(SHAPES, 5)
    wide, high = (3, 3) if level == 1 else (2, 4)
    close = [f"{colour} {shape}" for colour in colours[:wide] for shape in shapes[:high]]
    missing = close.pop(random.randrange(len(close))) if level == 1 else f"{colours[3]} {shapes[0]}"
    rest = [f"{colour} {shape}" for colour in colours[:4] for shape in shapes[:4]]
    random.shuffle(close)
    labels = [*close, *(label for label in rest if label not in (*close, missing))]
    return {
        "world": "shapes", "labels": tuple(labels), "asked": tuple(close), "missing": missing, "outside": f"{colours[4]} {shapes[4]}",
    }  # fmt: skip


def _natural(random: Random) -> dict[str, Any]:
    """Labels of the gallery but one, which is the picture of none; four pictures of different labels."""
    shown = gallery.found()
    labels = list(shown.labels)
    random.shuffle(labels)
    outside, *rest = labels
    asked = rest[:ASKED]
    own = [place for place, (_, label) in enumerate(shown.pictures) if label in asked]
    random.shuffle(own)
    first: dict[str, int] = {}
    for place in own:
        first.setdefault(shown.pictures[place][1], place)
    return {
        "world": "natural", "labels": tuple(rest), "asked": tuple(asked), "missing": outside, "outside": outside, "folder": shown.folder,
        "files": shown.pictures, "chosen": tuple(list(first.values())[:4]),
    }  # fmt: skip


def _features(random: Random) -> tuple[int, int, float]:
    """(B, D, s) with s / sqrt(D) small enough for the formula, and large enough for its second term to be seen."""
    while True:
        B, D = random.choice([B for B in BATCHES if B >= 64]), random.choice(WIDTHS)
        s = round(2 * math.sqrt(random.uniform(0.6, 1.5) * D)) / 2
        if 0.55 <= s * s / D <= 1.5:
            return B, D, s
