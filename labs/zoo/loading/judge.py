"""shapejudge: the probabilities of colour and shape of one object."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from labs.zoo.loading.shared import Array, Tensor, shipped, tensor


class Judge:
    """Reads pictures of 32 x 32; colours and shapes in the order of labs.scenes.vocabulary."""

    side = 32

    def __init__(self, name: str) -> None:
        from labs.zoo.recipes import shapejudge

        self._net: Any = shapejudge.load(shipped(name))
        self._marginals = shapejudge.marginals
        self.say = f"{name} of the zoo, a residual network"

    def read(self, pictures: Sequence[Array]) -> tuple[Array, Array]:
        """(colours (N, 8), shapes (N, 6)) of uint8 pictures 32 x 32 x 3."""
        return self.read_float(tensor(pictures))

    def read_float(self, x: Array | Tensor) -> tuple[Array, Array]:
        """The same for (N, 3, 32, 32) floats, of which a clean picture has -1..1: noised pictures go beyond."""
        import torch

        colour, shape = self._marginals(self._net, torch.as_tensor(x, dtype=torch.float32))
        return colour.numpy(), shape.numpy()


@lru_cache(maxsize=2)
def judge(noised: bool = False) -> Judge:
    """The judge that has seen clean pictures alone, or its noised twin."""
    return Judge("shapejudge-noised" if noised else "shapejudge")
