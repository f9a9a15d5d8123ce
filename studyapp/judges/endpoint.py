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
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from studyapp.course.text import safe_text
from studyapp.judges.contract import NoVerdict

if TYPE_CHECKING:
    import httpx

OWN_KEY, COMMON_KEY = "STUDYAPP_JUDGE_KEY", "OPENAI_API_KEY"
ATTEMPTS = 3  # in all, where the server says that it is busy
CONNECT_S = 10.0
MAX_REPLY = 1_000_000  # bytes
BUSY = frozenset({429, 503})
SHARED = 6  # characters of the key in a message are enough to drop it


class Endpoint:
    """`chat(body)` gives the text of the reply, or raises NoVerdict. Called from any thread."""

    def __init__(self, url: str, limit_s: float) -> None:
        self.url = url
        self._limit_s = limit_s
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    def chat(self, body: dict[str, Any]) -> str:
        import httpx

        key = find_key(self.url)
        deadline = time.monotonic() + self._limit_s
        for attempt in range(1, ATTEMPTS + 1):
            try:
                status, headers, text = self._post(body, key, deadline)
            except httpx.TimeoutException:
                raise NoVerdict(f"no answer within {self._limit_s:g} s", down=True) from None
            except httpx.ConnectError as error:
                raise NoVerdict(f"the server cannot be reached{_why(error)}", down=True) from None
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
                raise NoVerdict("the connection broke off before the reply was whole", down=True) from None
            if status not in BUSY:
                break
            wait = retry_after(headers.get("retry-after"))
            left = deadline - time.monotonic()
            if attempt == ATTEMPTS or wait > left:
                what = "too many requests" if status == 429 else "the server is overloaded"
                asks = f"; it asks to wait {wait:.0f} s" if wait > left else f", {attempt} times"
                raise NoVerdict(f"{what} ({status}){asks}", down=True)
            time.sleep(wait)
        if status != 200:
            raise NoVerdict(_refused(status, key, text), down=status != 400)
        return _content(text)

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
                    raise NoVerdict("its reply is far longer than a verdict")
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("late")
            return response.status_code, response.headers, bytes(found)
        finally:
            response.close()


def find_key(url: str) -> str | None:
    """The key for this address, or None. The common key of another service goes out encrypted or stays on this machine."""
    for name in (OWN_KEY, COMMON_KEY):
        key = os.environ.get(name, "").strip()
        if not key or (name == COMMON_KEY and not (url.startswith("https:") or is_local(url))):
            continue
        if not re.fullmatch(r"[!-~]+", key):  # a library would put it into its error
            raise NoVerdict(f"the key in {name} has characters that cannot be sent")
        return key
    return None


def is_local(url: str) -> bool:
    """Whether the address is this machine."""
    host = urlsplit(url).hostname or ""
    with contextlib.suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def retry_after(value: str | None) -> float:
    """Seconds that a Retry-After header asks for (a number, or a date); 1 where it says nothing that can be read."""
    text = (value or "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII):
        return float(text)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        when = parsedate_to_datetime(text)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    return 1.0


def _refused(status: int, key: str | None, body: bytes) -> str:
    if status in (401, 403):
        if key:
            return f"the server refuses the key ({status})"
        return f"the server asks for a key ({status}): set {OWN_KEY} (or {COMMON_KEY}, which is sent over https or on this machine only)"
    if 300 <= status < 400:
        return f"the address leads elsewhere ({status}); give the one that it leads to"
    if status >= 500:
        return f"the server failed ({status})"
    said = _message(body, key)
    return f"the server refuses the request ({status})" + (f": {said}" if said else "")


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
    line = " ".join(safe_text(found).split())
    return line if len(line) <= 120 else line[:119] + "…"


def _content(body: bytes) -> str:
    """The reply's text."""
    try:
        choice = json.loads(body)["choices"][0]
        message = choice["message"]
        text, finish, refusal = message.get("content"), choice.get("finish_reason"), message.get("refusal")
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        raise NoVerdict("its reply is not of the OpenAI form") from None
    if refusal or finish == "content_filter":
        raise NoVerdict("the model refuses to judge this answer")
    if finish == "length":
        raise NoVerdict("its reply was cut off at the length limit")
    if not isinstance(text, str) or not text.strip():
        raise NoVerdict("its reply is empty")
    return text


def _why(error: Exception) -> str:
    """The operating system's reason for a failed connection, such as `connection refused`."""
    found = re.search(r"\[Errno -?\d+\] ([A-Za-z ,]+)", str(error))
    return f" ({found[1].strip().lower()})" if found else ""
