"""A small lab of every kind of question, in a module that a worker process can import."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.workers.pool import Workers

SAMPLE = Path(__file__).with_name("sample_lab.py")
REF = "sample_lab_for_tests:LAB"


@pytest.fixture
def lab_ref(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """ "module:attribute" of the sample lab."""
    (tmp_path / "sample_lab_for_tests.py").write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield REF
    sys.modules.pop("sample_lab_for_tests", None)


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers() as made:
        yield made
