"""Asks an OpenAI-compatible endpoint, in a lab's worker process: each call is counted, kept, and told of at least once a second."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, NamedTuple

from studyapp.errors import EnvironmentProblem
from studyapp.labkit.asking import CALL_S, OWN_KEY, REFUSED, Exchange, digest, png_size
from studyapp.labkit.reply_cache import ReplyCache
from studyapp.workers.endpoint import Endpoint, NoReply, Reply, is_local

ATTEMPTS, GROWTH = 5, 2.0  # where the server is busy
AT_ONCE = 4  # calls on their way together; one where the server is this machine, which they would only slow down
TELL_S, LOOK_S = 0.7, 0.2
MAX_TOKENS = 512  # of a reply: a word or a short list is asked for


class Spent(NamedTuple):
    """What asking has cost so far: calls made, replies that were there already, tokens by the server's count."""

    calls: int = 0
    cached: int = 0
    tokens: int = 0


class _Question(NamedTuple):
    picture: bytes
    exchange: Exchange  # without its reply
    key: str


class LiveAsker:
    """An Asker (asking.py) for one job. `left` calls are allowed (None = any number), `transcript` is the file to which exchanges are
    added, `tell(say)` gets the line of progress and `count(spent)` the sums after each reply."""

    def __init__(
        self,
        url: str,
        model: str,
        cache: ReplyCache,
        transcript: Path,
        left: int | None,
        tell: Callable[[str], None],
        count: Callable[[Spent], None],
        limit_s: float = CALL_S,
    ) -> None:
        self._url, self._model = url, model
        self._cache = cache
        self._transcript = transcript
        self._left = left
        self._tell, self._count = tell, count
        self._endpoint = Endpoint(url, limit_s, OWN_KEY, ATTEMPTS, GROWTH)
        self._spent = Spent()
        self._told = 0.0

    def __call__(self, pictures: Sequence[bytes], prompts: Sequence[str], say: str = "", turn: int = 0) -> list[str]:
        if len(pictures) != len(prompts):
            raise ValueError(f"{len(pictures)} pictures and {len(prompts)} prompts: one of each is asked together")
        questions = [self._question(picture, prompt, say, turn) for picture, prompt in zip(pictures, prompts, strict=True)]
        missing = {question.key: question for question in questions if self._cache.get(question.key) is None}
        there = len({question.key for question in questions}) - len(missing)
        self._add(Spent(cached=there))
        try:
            self._ask(list(missing.values()), say or "asking")
        finally:
            self._keep([(question, question.key not in missing) for question in questions])
        return [_said(self._known(question.key)) for question in questions]

    def close(self) -> None:
        self._endpoint.close()

    # one batch

    def _ask(self, questions: list[_Question], say: str) -> None:
        """Call for each question, as far as calls are left; every reply is in the cache when it is here."""
        allowed = questions if self._left is None else questions[: self._left]
        if allowed:
            pool = ThreadPoolExecutor(1 if is_local(self._url) else AT_ONCE, "ask")
            try:
                self._collect([pool.submit(self._call, question) for question in allowed], say)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        if len(allowed) < len(questions):
            raise EnvironmentProblem(
                f"{self._name}: stopped at the limit of calls (--max-calls) with {len(questions) - len(allowed)} of this step's"
                f" {len(questions)} open; what was answered is kept, and the run can go on with a higher limit"
            )

    def _collect(self, open_: list[Future[Reply]], say: str) -> None:
        of, begun = len(open_), time.monotonic()
        self._line(f"{say}: {of} to ask")
        while open_:
            done, waiting = wait(open_, LOOK_S, FIRST_COMPLETED)
            failed: NoReply | None = None
            for future in done:
                error = future.exception()
                if error is not None and not isinstance(error, NoReply):
                    raise error
                failed = failed or error
                self._called(1, 0 if error else future.result().tokens or 0)
                begun = time.monotonic()
            if failed is not None:
                self._called(sum(future.running() for future in waiting))  # on their way: they may have to be paid for
                raise EnvironmentProblem(f"{self._name}: {failed}") from None
            open_ = list(waiting)
            silent = time.monotonic() - begun
            pause = f", waiting for {silent:.0f} s" if silent >= 2 else ""
            self._line(f"{say}: {of - len(open_)} of {of} answered{pause}")

    def _call(self, question: _Question) -> Reply:
        """In a thread of the pool."""
        reply = self._endpoint.exchange(request(self._model, question.picture, question.exchange.prompt))
        self._cache.put(question.key, reply)
        return reply

    # what is kept

    def _question(self, picture: bytes, prompt: str, say: str, turn: int) -> _Question:
        size, name = png_size(picture), digest(picture)
        key = ReplyCache.key(url=self._url, model=self._model, prompt=prompt, picture=name, turn=turn, max_tokens=MAX_TOKENS)
        return _Question(picture, Exchange(name, size, prompt, turn, "", say), key)

    def _keep(self, questions: list[tuple[_Question, bool]]) -> None:
        """Add what was answered to the transcript, in the order in which it was asked."""
        rows = []
        for question, cached in questions:
            if (reply := self._cache.get(question.key)) is not None:
                exchange = question.exchange._replace(reply=_said(reply), cut=reply.cut, tokens=reply.tokens, cached=cached)
                rows.append(json.dumps(exchange.row()))
        try:
            self._transcript.parent.mkdir(parents=True, exist_ok=True)
            with self._transcript.open("a", encoding="utf-8") as file:
                file.writelines(row + "\n" for row in rows)
        except OSError as error:
            problem = f"{self._transcript}: {error.strerror or error}: free some space or make the folder writable"
            raise EnvironmentProblem(problem) from None

    def _known(self, key: str) -> Reply:
        reply = self._cache.get(key)
        assert reply is not None
        return reply

    def _called(self, calls: int, tokens: int = 0) -> None:
        self._left = None if self._left is None else max(0, self._left - calls)
        self._add(Spent(calls=calls, tokens=tokens))

    def _add(self, spent: Spent) -> None:
        if any(spent):
            self._spent = Spent(*(a + b for a, b in zip(self._spent, spent, strict=True)))
            self._count(self._spent)

    def _line(self, say: str) -> None:
        """Tell it, unless the last line is still fresh."""
        if time.monotonic() - self._told >= TELL_S:
            self._told = time.monotonic()
            self._tell(say)

    @property
    def _name(self) -> str:
        return f"openai:{self._url}#{self._model}"


def request(model: str, picture: bytes, prompt: str) -> dict[str, Any]:
    """The chat completion for one picture and one prompt."""
    address = "data:image/png;base64," + base64.b64encode(picture).decode("ascii")
    content = [{"type": "image_url", "image_url": {"url": address}}, {"type": "text", "text": prompt}]
    return {
        "model": model,
        "messages": [{"role": "user", "content": content}],
        "temperature": 0,
        "max_tokens": MAX_TOKENS,
        "stream": False,
    }


def _said(reply: Reply) -> str:
    return reply.text if reply.text.strip() or not reply.refused else REFUSED
