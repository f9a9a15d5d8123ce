"""The endpoint judge against `transformers serve` with a tiny random model: a true exchange, a reply without sense, the default's grade."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studyapp.judges import NoVerdict, Panel
from studyapp.judges.endpoint import Endpoint
from studyapp.judges.openai import OpenAIJudge
from studyapp.judges.prompt import SYSTEM, body
from studyapp.judges.registry import parse
from studyapp.study.grading.free import Question, grade
from studyapp.workers.pool import Workers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """(base address, model directory) of a running server."""
    folder = tmp_path_factory.mktemp("chat")
    with Workers() as workers:
        workers.get("the maker").submit("tests.judges.tiny:chat_model_of", {"folder": str(folder), "texts": [SYSTEM]}).wait()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "serve.txt"
    environ = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    program = str(Path(sys.executable).with_name("transformers"))
    command = [program, "serve", str(folder), "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environ)
    try:
        deadline = time.monotonic() + 300
        while not _listens(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/v1", folder
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_exchange_is_of_the_protocol(served: tuple[str, Path], question: Question, answer: str) -> None:
    url, folder = served
    endpoint = Endpoint(url, 300)
    assert _outcome(endpoint, body(question, answer, str(folder)) | {"max_tokens": 12}) == "its reply was cut off at the length limit"
    endpoint.close()


def _outcome(endpoint: Endpoint, request: dict[str, Any]) -> str:
    try:
        return endpoint.chat(request)
    except NoVerdict as error:
        return str(error)


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
