"""The endpoint judge against `transformers serve` with a tiny random model: a true exchange, a reply without sense, the default's grade."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studyapp.judges import NoVerdict, Panel
from studyapp.judges.openai import OWN_KEY, OpenAIJudge
from studyapp.judges.prompt import SYSTEM, body
from studyapp.judges.registry import parse
from studyapp.study.grading.free import Question, grade
from studyapp.workers.endpoint import Endpoint
from studyapp.workers.pool import Workers
from tests.transformers_serve import transformers_serve

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """(base address, model directory) of a running server."""
    folder = tmp_path_factory.mktemp("chat")
    with Workers() as workers:
        workers.get("the maker").submit("tests.judges.tiny:chat_model_of", {"folder": str(folder), "texts": [SYSTEM]}).wait()
    with transformers_serve(folder) as url:
        yield url, folder


def test_the_exchange_is_of_the_protocol(served: tuple[str, Path], question: Question, answer: str) -> None:
    url, folder = served
    endpoint = Endpoint(url, 300, OWN_KEY)
    reply = endpoint.exchange(body(question, answer, str(folder)) | {"max_tokens": 12})
    endpoint.close()
    assert (reply.cut, reply.refused) == (True, False)
    assert reply.tokens is not None


def test_a_model_that_talks_nonsense_is_met_by_the_default_with_a_notice(served: tuple[str, Path], question: Question, answer: str) -> None:
    url, folder = served
    spec = f"openai:{url}#{folder}"
    with Panel() as panel:
        judged = panel.grade(spec, question, answer)
    assert (judged.judge, judged.graded) == ("default", grade(question, answer))
    assert judged.notice.startswith(f"{spec}: its reply ")
    assert judged.notice.endswith("; graded by the default")


def test_a_time_limit_that_a_real_server_does_not_meet(served: tuple[str, Path], question: Question, answer: str) -> None:
    url, folder = served
    judge = OpenAIJudge(parse(f"openai:{url}#{folder}"), limit_s=0.05)
    with pytest.raises(NoVerdict, match=r"no answer within 0\.05 s"):
        judge(question, answer)
    judge.close()


def test_a_model_that_the_server_has_not_is_named(served: tuple[str, Path], question: Question, answer: str) -> None:
    url, _ = served
    with Panel() as panel:
        judged = panel.grade(f"openai:{url}x#nobody/none", question, answer)
    assert "refuses the request (404)" in judged.notice
