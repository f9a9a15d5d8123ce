"""A small lab of every kind of question, in a module that a worker process can import."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.workers.pool import Workers
from tests.chat_server import Server, chat_server

SAMPLE = Path(__file__).with_name("sample_lab.py")
ASKING = Path(__file__).with_name("asking_lab.py")
REF = "sample_lab_for_tests:LAB"


@pytest.fixture
def lab_ref(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """ "module:attribute" of the sample lab."""
    (tmp_path / "sample_lab_for_tests.py").write_text(SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield REF
    sys.modules.pop("sample_lab_for_tests", None)


@pytest.fixture
def asking_ref(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The module of the lab that asks about pictures; its labs are LAB, CURIOUS and READER."""
    (tmp_path / "asking_lab_for_tests.py").write_text(ASKING.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("OPENAI_API_KEY", "STUDYAPP_LAB_KEY"):
        monkeypatch.delenv(name, raising=False)
    yield "asking_lab_for_tests"
    sys.modules.pop("asking_lab_for_tests", None)


@pytest.fixture
def server() -> Iterator[Server]:
    with chat_server() as running:
        yield running


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers() as made:
        yield made
