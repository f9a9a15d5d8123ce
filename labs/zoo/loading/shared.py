"""What all loaders share: imports ahead, pictures to tensors, errors in one line."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import BackendRef

Array = Any  # numpy.ndarray
Tensor = Any  # torch.Tensor; torch is not imported in these modules' bodies
AT_ONCE = 64  # pictures a forward pass


def warm(backend: BackendRef) -> None:
    """Import what a backend needs."""
    needed = {"tiny": ("torch", "einops"), "hf": ("torch", "einops", "transformers")}
    for name in needed.get(backend.kind, ()):
        importlib.import_module(name)


def shipped(name: str) -> Path:
    """The directory of shipped weights ("shapeclip", "shapevideo/late"). Raises EnvironmentProblem where this copy has none."""
    from labs.zoo.registry import WEIGHTS

    folder = WEIGHTS / name
    if not folder.is_dir():
        raise EnvironmentProblem(f"the zoo has no weights of {name} here; make them with `studyapp zoo train {name.partition('/')[0]}`")
    return folder


@contextmanager
def told(backend: BackendRef) -> Iterator[None]:
    """Turn whatever transformers raises while it loads a directory into one line."""
    try:
        yield
    except EnvironmentProblem:
        raise
    except Exception as error:
        text = (str(error).strip().splitlines() or [""])[0]
        raise EnvironmentProblem(f"--backend {backend.name}: transformers cannot load it: {type(error).__name__}: {text[:200]}") from error


LOCAL: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
WEIGHTS_ONLY: dict[str, Any] = {**LOCAL, "use_safetensors": True}


def tensor(pictures: Sequence[Array]) -> Tensor:
    """Pictures of one size as (N, 3, H, W) in -1..1."""
    import numpy as np
    import torch

    return torch.from_numpy(np.stack([np.asarray(picture) for picture in pictures])).permute(0, 3, 1, 2).float() / 127.5 - 1


def arrays(pixels: Tensor) -> list[Array]:
    """Pictures (N, 3, H, W) in -1..1 as uint8 arrays."""
    import torch

    bytes_ = ((pixels.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return [picture.permute(1, 2, 0).numpy() for picture in bytes_]


def parts(items: Sequence[Any], size: int = AT_ONCE) -> Iterator[Sequence[Any]]:
    """The items in runs of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
