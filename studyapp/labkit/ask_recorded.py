"""Answers from the transcript of an earlier run: the same pictures and prompts, no call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from studyapp.errors import EnvironmentProblem
from studyapp.labkit.asking import Exchange, digest, unique


class RecordedAsker:
    """An Asker (asking.py) that knows only what was asked then; `name` is the recording's, for the line where it does not."""

    def __init__(self, name: str, exchanges: Iterable[Exchange]) -> None:
        self._name = name
        self._replies = {exchange.pair: exchange.reply for exchange in unique(exchanges)}

    def __call__(self, pictures: Sequence[bytes], prompts: Sequence[str], say: str = "", turn: int = 0) -> list[str]:
        asked = [(digest(picture), prompt, turn) for picture, prompt in zip(pictures, prompts, strict=True)]
        if missing := sum(pair not in self._replies for pair in asked):
            raise EnvironmentProblem(
                f"{self._name}: its transcript has no reply to {missing} of {len(asked)} questions ({say or 'asking'}); "
                "play what was recorded, or ask a model"
            )
        return [self._replies[pair] for pair in asked]
