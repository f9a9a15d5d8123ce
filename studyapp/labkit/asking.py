"""Asking a model behind an endpoint about pictures: what a lab calls (`ctx.ask`), and how a reply is found again later.

Imported with the protocol, so it costs nothing; who really asks is ask_live.py, who looks up a recording ask_recorded.py.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

REFUSED = "{refused}"  # stands for a reply that the server's filter withheld without words
THRICE = 3
OWN_KEY = "STUDYAPP_LAB_KEY"  # the environment's variable for the key of an endpoint, before the common one
CALL_S = 120.0  # for one call, with all its attempts
TRANSCRIPT = "transcript"  # key of the fact that holds a run's exchanges
TRANSCRIPT_FILE = "transcript.jsonl"  # the same in the run's folder, a line an exchange, while the run goes on


class Asker(Protocol):
    """`ctx.ask(pictures, prompts, say)`: one picture and one prompt to a question, one reply to each, in order.

    Pictures are PNG bytes. `say` names what is asked, for the line of progress ("count, easy end"). A pair that is asked again gives
    the same reply without a call, unless `turn` (0, 1, 2) says that it is another asking of it. Replies are given as they came, cut
    at the length limit, empty, or REFUSED; what they mean is the lab's. Raises EnvironmentProblem (one line) where the server fails,
    or more calls would be needed than are allowed; what was answered by then is kept.
    """

    def __call__(self, pictures: Sequence[bytes], prompts: Sequence[str], say: str = "", turn: int = 0) -> list[str]: ...


class Exchange(NamedTuple):
    """One question with its reply, as a transcript keeps it. `picture` is the sha256 of the PNG, `size` its width and height."""

    picture: str
    size: tuple[int, int]
    prompt: str
    turn: int
    reply: str
    say: str = ""
    cut: bool = False
    tokens: int | None = None
    cached: bool = False

    @property
    def pair(self) -> tuple[str, str, int]:
        """What was asked."""
        return self.picture, self.prompt, self.turn

    def row(self) -> dict[str, Any]:
        """As JSON."""
        return {**self._asdict(), "size": list(self.size)}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Exchange:
        """From JSON. Raises ValueError for what is none."""
        try:
            found = cls(**{**row, "size": tuple(row["size"])})
        except (TypeError, KeyError, ValueError):
            raise ValueError("not an exchange of a transcript") from None
        texts = (found.picture, found.prompt, found.reply, found.say)
        if not all(isinstance(text, str) for text in texts) or not isinstance(found.turn, int):
            raise ValueError("not an exchange of a transcript")
        return found


def ask_thrice(
    ask: Asker, pictures: Sequence[bytes], prompts: Sequence[str], say: str = "", read: Callable[[str], Any] = lambda text: text.strip()
) -> list[str | None]:
    """Ask each pair three times: its first reply where all three mean the same, else None: a void item (count these, and say how many).

    `read` gives what a reply means, so that "3" and "It is 3." may be the same answer.
    """
    turns = [ask(pictures, prompts, f"{say} ({turn + 1} of {THRICE})".strip(), turn) for turn in range(THRICE)]
    return [three[0] if all(read(reply) == read(three[0]) for reply in three[1:]) else None for three in zip(*turns, strict=True)]


def unique(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """Each question once, the first time that it was answered: a resumed run writes some again."""
    found: dict[tuple[str, str, int], Exchange] = {}
    for exchange in exchanges:
        found.setdefault(exchange.pair, exchange)
    return list(found.values())


def transcript_in(folder: Path) -> list[dict[str, Any]]:
    """The exchanges that a run's folder holds, each once, as JSON rows; a line that a kill cut off is passed over."""
    try:
        lines = (folder / TRANSCRIPT_FILE).read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError):
        return []
    found = []
    for line in lines:
        with contextlib.suppress(ValueError):
            found.append(Exchange.of(json.loads(line)))
    return [exchange.row() for exchange in unique(found)]


def digest(picture: bytes) -> str:
    """Name of a picture in transcripts and in the cache."""
    return hashlib.sha256(picture).hexdigest()


def png_size(picture: bytes) -> tuple[int, int]:
    """Width and height from the header of a PNG (its specification, 11.2.2). Raises ValueError for anything else."""
    if len(picture) < 24 or picture[:8] != b"\x89PNG\r\n\x1a\n" or picture[12:16] != b"IHDR":
        raise ValueError("a picture that is asked about has to be a PNG")
    width, height = struct.unpack(">II", picture[16:24])
    return int(width), int(height)
