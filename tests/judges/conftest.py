"""A rubric, and a real HTTP server on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from studyapp.study.grading.free import Question
from tests.chat_server import Server, chat_server
from tests.judges.chat import ANSWER, QUESTION


@pytest.fixture
def question() -> Question:
    return QUESTION


@pytest.fixture
def answer() -> str:
    return ANSWER


@pytest.fixture
def server() -> Iterator[Server]:
    with chat_server() as running:
        yield running
