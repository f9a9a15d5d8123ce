"""shapevideo: rolled out freely, or led by the true frames."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from labs.zoo.loading.shared import Array, arrays, shipped, tensor

CONTEXT = 3  # frames that the next one is made from


class Roller:
    """Pictures of 32 x 32. `age` is one of early, middle, late."""

    side = 32

    def __init__(self, age: str) -> None:
        from labs.zoo.recipes import shapevideo

        self._recipe: Any = shapevideo
        self._net = shapevideo.load(shipped(f"shapevideo/{age}"))
        self.say = f"shapevideo ({age}) of the zoo, a next-frame UNet"

    def roll_out(self, start: Sequence[Array], length: int) -> list[Array]:
        """`length` frames after three true ones, each made from the model's own last three."""
        made: list[Array] = arrays(self._recipe.roll_out(self._net, tensor(start)[None], length)[0])
        return made

    def teacher_forced(self, frames: Sequence[Array]) -> list[Array]:
        """Every frame from the fourth on, made from the three true ones before it: len(frames) - 3 pictures."""
        made: list[Array] = arrays(self._recipe.teacher_forced(self._net, tensor(frames)[None])[0])
        return made


@lru_cache(maxsize=3)
def video(age: str = "late") -> Roller:
    """A checkpoint of the zoo's video model."""
    return Roller(age)
