"""One exchange with an OpenAI-compatible server: POST <url>/chat/completions, and every way in which it can fail as one line.

The key comes from the environment, goes into the header of the request, and nowhere else.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import httpx

COMMON_KEY = "OPENAI_API_KEY"
CONNECT_S = 10.0
MAX_REPLY = 1_000_000  # bytes
BUSY = frozenset({429, 503})
SHARED = 6  # characters of the key in a message are enough to drop it


class NoReply(Exception):
    """The server gave none; the text says why, in a line. `down`: it was not able to try (not there, not ready, overloaded)."""

    def __init__(self, say: str, down: bool = False) -> None:
        super().__init__(say)
        self.down = down


class Reply(NamedTuple):
    """What the model said. `refused`: by the server's filter, or in a field of its own, which `text` then holds. `cut`: at the length
    limit. `tokens`: of prompt and reply, by the server's own count."""

    text: str
    refused: bool = False
    cut: bool = False
    tokens: int | None = None


class Endpoint:
    """`exchange(body)` gives the reply, or raises NoReply. Called from any thread.

    `own_key` names the environment's variable for the key, before OPENAI_API_KEY; `limit_s` holds for one exchange with all its
    `attempts`, which are made where the server says that it is busy. Unasked, the wait doubles from one to the next by `growth`.
    """

    def __init__(self, url: str, limit_s: float, own_key: str, attempts: int = 3, growth: float = 1.0) -> None:
        self.url = url
        self.own_key = own_key
        self._limit_s = limit_s
        self._attempts = attempts
        self._growth = growth
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    def exchange(self, body: dict[str, Any]) -> Reply:
        import httpx

        key = find_key(self.url, self.own_key)
        deadline = time.monotonic() + self._limit_s
        for attempt in range(1, self._attempts + 1):
            try:
                status, headers, text = self._post(body, key, deadline)
            except httpx.TimeoutException:
                raise NoReply(f"no answer within {self._limit_s:g} s", down=True) from None
            except httpx.ConnectError as error:
                raise NoReply(f"the server cannot be reached{_why(error)}", down=True) from None
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
                raise NoReply("the connection broke off before the reply was whole", down=True) from None
            if status not in BUSY:
                break
            wait = retry_after(headers.get("retry-after"), self._growth ** (attempt - 1))
            left = deadline - time.monotonic()
            if attempt == self._attempts or wait > left:
                what = "too many requests" if status == 429 else "the server is overloaded"
                asks = f"; it asks to wait {wait:.0f} s" if wait > left else f", {attempt} times"
                raise NoReply(f"{what} ({status}){asks}", down=True)
            time.sleep(wait)
        if status != 200:
            raise NoReply(self._refused(status, key, text), down=status != 400)
        reply = _content(text)
        if key and key in reply.text:  # replies are stored, keys never
            raise NoReply("its reply repeats the key")
        return reply

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _post(self, body: dict[str, Any], key: str | None, deadline: float) -> tuple[int, httpx.Headers, bytes]:
        import httpx

        left = max(0.05, deadline - time.monotonic())
        with self._lock:
            if self._client is None:  # a proxy of the environment is for the world outside; certificates take 0.1 s to load
                secure = self.url.startswith("https:")
                self._client = httpx.Client(trust_env=not is_local(self.url), verify=secure, follow_redirects=False)
            client = self._client
        request = client.build_request(
            "POST",
            self.url + "/chat/completions",
            content=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})},
            timeout=httpx.Timeout(left, connect=min(CONNECT_S, left)),
        )
        response = client.send(request, stream=True)
        try:
            found = bytearray()
            for part in response.iter_bytes():
                found += part
                if len(found) > MAX_REPLY:
                    raise NoReply("its reply is far too long")
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("late")
            return response.status_code, response.headers, bytes(found)
        finally:
            response.close()

    def _refused(self, status: int, key: str | None, body: bytes) -> str:
        if status in (401, 403):
            if key:
                return f"the server refuses the key ({status})"
            where = f"{self.own_key} (or {COMMON_KEY}, which is sent over https or on this machine only)"
            return f"the server asks for a key ({status}): set {where}"
        if 300 <= status < 400:
            return f"the address leads elsewhere ({status}); give the one that it leads to"
        if status >= 500:
            return f"the server failed ({status})"
        said = _message(body, key)
        return f"the server refuses the request ({status})" + (f": {said}" if said else "")


def base_address(url: str, own_key: str) -> str:
    """The base address of an endpoint, without a slash at its end. Raises ValueError in words that repeat nothing of it: a key may
    stand there."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("that address cannot be read") from None
    if "@" in parts.netloc:
        raise ValueError(f"no user or password in the address; set {own_key} or {COMMON_KEY} in the environment")
    if parts.query:
        raise ValueError("no ?query in the address")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or any(c.isspace() for c in url) or not url.isprintable():
        raise ValueError("the address begins with http:// or https:// and names a host")
    return url.rstrip("/").removesuffix("/chat/completions").rstrip("/")


def find_key(url: str, own_key: str) -> str | None:
    """The key for this address, or None. The common key of another service goes out encrypted or stays on this machine."""
    for name in (own_key, COMMON_KEY):
        key = os.environ.get(name, "").strip()
        if not key or (name == COMMON_KEY and not (url.startswith("https:") or is_local(url))):
            continue
        if not re.fullmatch(r"[!-~]+", key):  # a library would put it into its error
            raise NoReply(f"the key in {name} has characters that cannot be sent")
        return key
    return None


def is_local(url: str) -> bool:
    """Whether the address is this machine."""
    from ipaddress import ip_address

    host = urlsplit(url).hostname or ""
    with contextlib.suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def retry_after(value: str | None, unsaid: float = 1.0) -> float:
    """Seconds that a Retry-After header asks for (a number, or a date); `unsaid` where it says nothing that can be read."""
    from email.utils import parsedate_to_datetime

    text = (value or "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII):
        return float(text)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        when = parsedate_to_datetime(text)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    return unsaid


def _message(body: bytes, key: str | None) -> str:
    """What the server says of a refusal, in a short line; nothing where a part of the key stands in it."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for name in ("error", "message", "detail"):
        found = found.get(name, found) if isinstance(found, dict) else found
    if not isinstance(found, str) or (key and any(key[i : i + SHARED] in found for i in range(max(1, len(key) - SHARED + 1)))):
        return ""
    line = " ".join("".join(c if c.isprintable() else " " for c in found).split())
    return line if len(line) <= 120 else line[:119] + "…"


def _content(body: bytes) -> Reply:
    """The reply of a chat completion."""
    try:
        found = json.loads(body)
        choice = found["choices"][0]
        message, finish = choice["message"], choice.get("finish_reason")
        text, refusal = message.get("content"), message.get("refusal")
        usage = found.get("usage")
        tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise NoReply("its reply is not of the OpenAI form") from None
    said = next((words for words in (refusal, text) if isinstance(words, str) and words), "")
    counted = tokens if isinstance(tokens, int) and not isinstance(tokens, bool) and tokens >= 0 else None
    return Reply(said, bool(refusal) or finish == "content_filter", finish == "length", counted)


def _why(error: Exception) -> str:
    """The operating system's reason for a failed connection, such as `connection refused`."""
    found = re.search(r"\[Errno -?\d+\] ([A-Za-z ,]+)", str(error))
    return f" ({found[1].strip().lower()})" if found else ""
