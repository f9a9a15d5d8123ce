"""The labs of asking_lab.py as an installed distribution, for tests of the front ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("asking_lab.py")
MODULE = "squares_lab_for_tests"
POINTS = f"[studyapp.labs]\nsquares = {MODULE}:LAB\ncurious = {MODULE}:CURIOUS\n"


@contextmanager
def installed_squares(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """`squares`, and `curious` (the same with other questions over recordings), on the path; no key in the environment."""
    info = folder / "squares_labs-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / f"{MODULE}.py").write_text(SOURCE.read_text(encoding="utf-8"), encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: squares-labs\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    (info / "RECORD").write_text("")
    monkeypatch.syspath_prepend(str(folder))
    for name in ("OPENAI_API_KEY", "STUDYAPP_LAB_KEY"):
        monkeypatch.delenv(name, raising=False)
    yield folder
    sys.modules.pop(MODULE, None)
