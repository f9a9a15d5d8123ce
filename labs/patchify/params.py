"""What a seed decides for patchify: sizes of the picture and of the model, redrawn until every instance is diagnostic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import BackendRef

VERSION = 1
PATCHES = (8, 14, 16, 32)
WIDTHS = (32, 48, 64, 96, 128, 192)
POLICIES = ("crop", "error", "pad")  # what the tiny model's processor line does with rows that are left over
RESIZABLE = {"vit", "deit", "clip", "clip_vision_model", "siglip", "siglip_vision_model", "dinov2", "dinov2_with_registers"}


@dataclass(frozen=True)
class Arch:
    """The patch side of a model: patch size p, channels C, width D, whether the projection has a bias, tokens put in front of the
    patches ([CLS], registers), and the picture size it insists on (None = any)."""

    p: int
    C: int
    D: int
    bias: bool = True
    extra: int = 1
    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class Params:
    """One instance. H = h*p + rest_h: the rest is what a whole number of patches leaves over."""

    B: int
    C: int
    H: int
    W: int
    p: int
    D: int
    bias: bool
    extra: int
    settings: tuple[tuple[int, int, int], ...]  # (H, W, p) of task 5
    odd: tuple[int, int]  # (H, W) of task 6, never a multiple of p in H
    policy: str | None  # of the tiny model; a loaded model has its own

    @property
    def h(self) -> int:
        return self.H // self.p

    @property
    def w(self) -> int:
        return self.W // self.p

    @property
    def N(self) -> int:
        """Patch tokens of one picture, without [CLS]."""
        return self.h * self.w

    @property
    def length(self) -> int:
        """Numbers in one flattened patch."""
        return self.p * self.p * self.C

    @property
    def rest(self) -> bool:
        return bool(self.H % self.p or self.W % self.p)

    def row(self) -> dict[str, Any]:
        """As stored in a plan; the policy decides an answer, so its name is private."""
        row = asdict(self) | {"settings": [list(setting) for setting in self.settings], "odd": list(self.odd)}
        row["_policy"] = row.pop("policy")
        return row

    @classmethod
    def of(cls, row: dict[str, Any]) -> Params:
        row = dict(row) | {"settings": tuple((h, w, p) for h, w, p in row["settings"]), "odd": tuple(row["odd"])}
        row["policy"] = row.pop("_policy")
        return cls(**row)


def arch_of(backend: BackendRef) -> Arch | None:
    """What a loaded model's own files say; None where the lab draws the sizes. EnvironmentProblem for a model without patches."""
    if backend.kind != "hf":
        return None
    config = backend.info.get("config", {})
    vision = config.get("vision_config") or config
    tensors: dict[str, list[int]] = backend.info.get("tensors", {})
    patch = vision.get("patch_size")
    p = patch[0] if isinstance(patch, list) else patch
    kernels = [(name, shape) for name, shape in sorted(tensors.items()) if len(shape) == 4 and shape[2] == shape[3] == p]
    if not isinstance(p, int) or not kernels:
        raise EnvironmentProblem(f"--backend {backend.name}: no patch projection found there; give a ViT-like model with a patch_size")
    name, (width, channels, _, _) = kernels[0]
    front = [
        tensor
        for tensor in tensors
        if tensor.endswith(("cls_token", "class_embedding", "distillation_token")) and "text_model" not in tensor
    ]
    extra = len(front) + int(vision.get("num_register_tokens") or 0)
    size = vision.get("image_size")
    fixed = None if vision.get("model_type") in RESIZABLE or config.get("model_type") in RESIZABLE else _pair(size)
    return Arch(p=p, C=channels, D=width, bias=name.removesuffix("weight") + "bias" in tensors, extra=extra, size=fixed)


def draw(seed: int, arch: Arch | None, level: int = 1) -> Params:
    """The instance of a seed: the first draw that tells every misconception apart (of a loaded model, with what it leaves to draw)."""
    random = Random(f"patchify/{VERSION}/{seed}" if level == 1 else f"patchify/{VERSION}/{seed}/{level}")
    while True:
        params = _once(random, arch, level)
        if arch is not None or diagnostic(params):
            return params


def diagnostic(params: Params) -> bool:
    """Whether no misconception gives a right number by luck, and no count equals a size that the question names."""
    from labs.patchify.traps import wrong_values

    named = {params.H, params.W, params.D}
    return not named & {params.N, params.length} and all(len(set(values)) == len(values) for values in wrong_values(params).values())


def _once(random: Random, arch: Arch | None, level: int) -> Params:
    if arch is None:
        policy = random.choice(POLICIES)
        arch = Arch(p=random.choice(PATCHES), C=random.choice((2, 3, 4)), D=random.choice(WIDTHS))
        largest = 24
    else:
        policy, largest = None, 14
    p = arch.p
    h, w = random.sample(range(3, largest + 1), 2)
    rest_h, rest_w = (random.randrange(1, p), random.choice((0, random.randrange(1, p)))) if random.random() < 0.5 or level > 1 else (0, 0)
    H, W = arch.size or (h * p + rest_h, w * p + rest_w)
    tall = random.randrange(3, 9)
    odd = (tall * p + random.randrange(1, p), (tall + random.randrange(1, 5)) * p)  # wider than high: a centre crop then keeps all rows
    return Params(random.randrange(2, 6), arch.C, H, W, p, arch.D, arch.bias, arch.extra, _settings(random), odd, policy)


def _settings(random: Random) -> tuple[tuple[int, int, int], ...]:
    """Four (H, W, p) whose attention costs differ by a tenth at least, and whose order by pixels is clearly another one."""
    while True:
        settings = tuple(
            (random.randrange(4, 25) * p, random.randrange(4, 25) * p, p) for p in random.sample((8, 12, 14, 16, 24, 28, 32), 4)
        )
        costs, pixels = [cost(setting) for setting in settings], [H * W for H, W, _ in settings]
        pairs = [(i, j) for i in range(4) for j in range(i)]
        if all(abs(costs[i] - costs[j]) > 0.1 * max(costs[i], costs[j]) and pixels[i] != pixels[j] for i, j in pairs):
            crossed = sum((costs[i] < costs[j]) != (pixels[i] < pixels[j]) for i, j in pairs)
            if 2 <= crossed <= 5:
                return settings


def cost(setting: Sequence[int]) -> int:
    """Pairs of tokens that one attention map holds: N squared."""
    H, W, p = setting
    return ((H // p) * (W // p)) ** 2


def _pair(size: object) -> tuple[int, int] | None:
    if isinstance(size, int):
        return size, size
    return (int(size[0]), int(size[1])) if isinstance(size, list) and len(size) == 2 else None
