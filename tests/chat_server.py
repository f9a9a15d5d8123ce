"""A real HTTP server on loopback that speaks the chat protocol, or fails to, as a test tells it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

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


@contextmanager
def chat_server() -> Iterator[Server]:
    """A running server; it ends with the block, and so do replies that wait for `over`."""
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
    try:
        yield script
    finally:
        over.set()
        http.shutdown()
        http.server_close()
        thread.join(10)


def send(handler: Handler, status: int, body: bytes, headers: Mapping[str, str] | None = None, length: int | None = None) -> None:
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body) if length is None else length)}.items():
        handler.send_header(name, value)
    for name, value in (headers or {}).items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()


def completion(content: Any, finish: str = "stop", tokens: int | None = None, **message: Any) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
    usage = {} if tokens is None else {"usage": {"prompt_tokens": tokens - 1, "completion_tokens": 1, "total_tokens": tokens}}
    return json.dumps({"id": "1", "object": "chat.completion", "model": "tiny", "choices": [choice], **usage}).encode()


def says(content: Any, finish: str = "stop", tokens: int | None = None, **message: Any) -> Reply:
    """A chat completion with this text."""
    return lambda handler, over: send(handler, 200, completion(content, finish, tokens, **message))


def status(code: int, body: Any = None, **headers: str) -> Reply:
    """An error of the protocol."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, over: send(handler, code, json.dumps(body or {}).encode(), named)
