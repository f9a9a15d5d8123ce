"""What a live run on an endpoint will ask and cost, told before its first call (LABS 3.6, the guard). Pure; imports no model."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict

from studyapp.labkit.api import BackendRef, Json, Lab, Plan

TILE, BASE_TOKENS, TILE_TOKENS = 512, 85, 170  # how OpenAI counts a picture in detail for its GPT-4o family; others count otherwise
WORDS_TOKENS = 100  # of the prompt and the reply together: a sentence and a word


class Cost(BaseModel):
    """Before a run: `calls` that the whole run needs at most, `size` of its pictures in pixels, `tokens` as an estimate; None where the
    lab does not say. So far: `made` calls, `cached` replies that cost nothing, `counted` tokens by the server's own count. The run
    stops before more than `limit` calls (None = no limit)."""

    model_config = ConfigDict(frozen=True)

    backend: str
    calls: int | None
    size: tuple[int, int] | None
    tokens: int | None
    limit: int | None = None
    made: int = 0
    cached: int = 0
    counted: int = 0

    @property
    def free(self) -> bool:
        """Whether nothing will be called."""
        return self.calls == 0

    @property
    def estimate(self) -> int:
        """The tokens, with the two digits that are all an estimate has."""
        unit = int(10 ** max(0, len(str(self.tokens or 0)) - 2))
        return math.ceil((self.tokens or 0) / unit) * unit

    def says(self) -> str:
        """In a line or two, for people."""
        many = "an unknown number of calls (the lab does not say)" if self.calls is None else f"up to {_count(self.calls, 'call')}"
        size = f" with pictures of {self.size[0]} x {self.size[1]} px" if self.size and self.calls else ""
        tokens = f", about {self.estimate:,} tokens as OpenAI counts pictures" if self.tokens else ""
        parts = [f"{self.backend}: this run makes {many}{size}{tokens}; replies that are kept from before cost none"]
        if self.made or self.cached:
            parts.append(
                f"so far {_count(self.made, 'call')}, {self.cached} kept from before, {self.counted:,} tokens by the server's count"
            )
        if self.limit is not None:
            short = " - that is fewer, so it will stop in the middle" if self.calls is not None and self.limit < self.calls else ""
            parts.append(f"it stops at {_count(self.limit, 'call')} (--max-calls, or the setting lab_max_calls){short}")
        return "; ".join(parts)

    def as_json(self) -> dict[str, Json]:
        return {**self.model_dump(mode="json"), "says": self.says()}


def is_live(backend: BackendRef) -> bool:
    """Whether a run on it calls a server."""
    return backend.kind == "openai"


def cost_of(lab: Lab, plan: Plan, limit: int | None = None, spent: Iterable[int] = (0, 0, 0)) -> Cost | None:
    """The cost of a whole run, or None for a backend that calls nobody. `spent`: calls made, replies cached, tokens counted."""
    if not is_live(plan.backend):
        return None
    calls = calls_of(lab, plan, plan.stages)
    size: Any = getattr(lab, "picture_size", lambda plan: None)(plan)
    size = (int(size[0]), int(size[1])) if size is not None else None
    tokens = None if calls is None or size is None else calls * (picture_tokens(*size) + WORDS_TOKENS)
    made, cached, counted = spent
    return Cost(
        backend=plan.backend.name, calls=calls, size=size, tokens=tokens, limit=limit, made=made, cached=cached, counted=counted
    )  # fmt: skip


def calls_of(lab: Lab, plan: Plan, stages: Iterable[int]) -> int | None:
    """Calls that these stages need at most; None where the lab does not say."""
    count = getattr(lab, "calls", None)
    return None if count is None else sum(int(count(plan, stage)) for stage in stages)


def picture_tokens(width: int, height: int) -> int:
    """Tokens of a picture by the tile rule: within 2048 x 2048, the short side at most 768, then 170 a tile of 512 and 85 for all."""
    scale = min(1.0, 2048 / max(width, height))
    scale = min(scale, 768 / min(width, height))
    tiles = math.ceil(width * scale / TILE) * math.ceil(height * scale / TILE)
    return BASE_TOKENS + TILE_TOKENS * tiles


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
