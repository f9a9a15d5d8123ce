"""A rubric with an answer, and what a chat server on loopback may reply."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from studyapp.study.grading.free import KeyPoint, Question

QUESTION = Question(
    question="Why does a vision transformer cut an image into patches?",
    reference="A single pixel carries little meaning, and attention compares every token with every other, so a token for each pixel "
    "would be far too expensive. Patches make the sequence short.",
    points=(
        KeyPoint(
            "attention over every pixel would be far too expensive", ("the cost grows with the square of the number of tokens",), True
        ),
        KeyPoint("a single pixel carries little meaning"),
        KeyPoint("patches make the sequence short"),
    ),
    anti=("patches are cut because a GPU cannot hold the image",),
)
ANSWER = (
    "One pixel says next to nothing on its own. Attention over all of them would cost far too much, so patches keep the sequence short."
)
Handler = BaseHTTPRequestHandler
Reply = Callable[[Handler, threading.Event], None]


@dataclass
class Server:
    """`replies` are given one after another, the last one for ever; `requests` are what came: path, headers, body."""

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)

    @property
    def spec(self) -> str:
        return f"openai:{self.url}#tiny"


def send(handler: Handler, status: int, body: bytes, headers: Mapping[str, str] | None = None, length: int | None = None) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body) if length is None else length)}.items():
        handler.send_header(name, value)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()


def completion(content: Any, finish: str = "stop", **message: Any) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
    return json.dumps({"id": "1", "object": "chat.completion", "model": "tiny", "choices": [choice]}).encode()


def says(content: Any, finish: str = "stop", **message: Any) -> Reply:
    """A chat completion with this text."""
    return lambda handler, over: send(handler, 200, completion(content, finish, **message))


def status(code: int, body: Any = None, **headers: str) -> Reply:
    """An error of the protocol."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, over: send(handler, code, json.dumps(body or {}).encode(), named)


def verdicts(*quotes: str | None, false: tuple[str | None, ...] = (None,), other: str | None = None) -> str:
    """A reply of the right form: for each point the quote that is claimed, None where it is not said."""

    def rows(found: tuple[str | None, ...]) -> list[dict[str, Any]]:
        return [{"n": n, "said": quote is not None, "quote": quote or ""} for n, quote in enumerate(found, 1)]

    found = {"points": rows(quotes), "false_statements": rows(false), "other_error": {"said": other is not None, "quote": other or ""}}
    return json.dumps(found)
