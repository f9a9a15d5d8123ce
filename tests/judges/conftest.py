"""A rubric, and a real HTTP server on loopback that speaks the chat protocol, or fails to, as a test tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from studyapp.study.grading.free import Question
from tests.judges.chat import ANSWER, QUESTION, Server


@pytest.fixture
def question() -> Question:
    return QUESTION


@pytest.fixture
def answer() -> str:
    return ANSWER


@pytest.fixture
def server() -> Iterator[Server]:
    script, over = Server(), threading.Event()

    class Chat(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            script.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            with suppress(OSError):  # the client may have left
                script.replies[min(len(script.requests), len(script.replies)) - 1](self, over)

        def log_message(self, *_: object) -> None:
            return

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            return

    http = Quiet(("127.0.0.1", 0), Chat)
    script.url = f"http://127.0.0.1:{http.server_port}/v1"
    thread = threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield script
    over.set()
    http.shutdown()
    http.server_close()
    thread.join(10)
