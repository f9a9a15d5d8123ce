from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studyapp.api.run import StudyRun
from studyapp.api.study import Study
from studyapp.memory.state import Rating


def basics(*names: str, **extra: str) -> str:
    """YAML of basic items; `extra` is more of an item's fields, as in `one="siblings: [two]"`."""
    fields = {name: f", {extra[name]}" if name in extra else "" for name in names}
    return "".join(f'  - {{id: {n}, kind: basic, facts: [], ask: "{n}?", answer: "{n}", why: "w"{more}}}\n' for n, more in fields.items())


@pytest.fixture
def small(tmp_path: Path, only_course: Any, open_at: Callable[[Path], Study]) -> Callable[..., Study]:
    """Opens a home whose only course has these items; without any, the same home again, as after a restart."""
    home = tmp_path / "small"

    def open_small(*names: str, items: str = "", course: dict[str, str] | None = None, **extra: str) -> Study:
        if names or items:
            only_course(basics(*names, **extra) + items, home, **(course or {}))
        return open_at(home)

    return open_small


@pytest.fixture
def served() -> Callable[..., list[str]]:
    """Answers cards with one rating until the run ends or `most` are done; which, in order."""

    def go(run: StudyRun, rating: Rating = Rating.EASY, most: int = 1000) -> list[str]:
        found: list[str] = []
        while run.card is not None and len(found) < most:
            found.append(run.card.id)
            run.submit(None)
            run.grade(rating)
        return found

    return go
