"""Replies that were paid for, by the content of what was asked, in the data folder: a repeated or resumed run does not pay twice."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studyapp.workers.endpoint import Reply


class ReplyCache:
    """One small file a reply, named by the hash of url, model, prompt, picture, turn and settings. Used from several threads.

    Without a folder it remembers for as long as it lives. A file that cannot be read counts as not there; a full disk costs only the
    memory of the reply, never the run.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: dict[str, Reply] = {}

    @staticmethod
    def key(**asked: Any) -> str:
        """The hash of what is asked."""
        return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def get(self, key: str) -> Reply | None:
        if key not in self._known and (path := self._path(key)) is not None:
            with contextlib.suppress(OSError, ValueError, RecursionError):
                found = _reply(json.loads(path.read_text(encoding="utf-8")))
                if found is not None:
                    self._known[key] = found
        return self._known.get(key)

    def put(self, key: str, reply: Reply) -> None:
        self._known[key] = reply
        path = self._path(key)
        if path is None:
            return
        part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(reply._asdict()), encoding="utf-8")
            part.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def _path(self, key: str) -> Path | None:
        return None if self._folder is None else self._folder / key[:2] / f"{key}.json"


def _reply(row: object) -> Reply | None:
    if not isinstance(row, Mapping) or not isinstance(row.get("text"), str):
        return None
    tokens = row.get("tokens")
    return Reply(row["text"], bool(row.get("refused")), bool(row.get("cut")), tokens if isinstance(tokens, int) else None)
