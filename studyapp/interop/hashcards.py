"""Plain-text decks in the style of hashcards (https://github.com/eudoxia0/hashcards, section "Format" of its README).

`Q:` begins a question, `A:` its answer, `C:` a text with [deletions]; lines without a mark go on with what they follow, blank ones too,
and `---` ends a card. A deck may begin with `name = "..."` between two lines `---` or `+++`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from studyapp.course.text import safe_text
from studyapp.errors import BadInput

_MARK = re.compile(r"([QAC]):\s?(.*)", re.DOTALL)
_NAME = re.compile(r"\s*name\s*=\s*(.+?)\s*$")
_FENCES = ("---", "+++")
_NO_BLANK = ("|", "{{", "}}")  # they mean something inside a blank of ours


class Deck(NamedTuple):
    """A deck: its name where the file gives one, and its cards as fields of the course format, ids included."""

    name: str | None
    items: list[dict[str, Any]]


def is_deck(text: str) -> bool:
    """Whether a text looks like a deck: some line begins with `Q:` or `C:`."""
    return any(line.startswith(("Q:", "C:")) for line in text.removeprefix("\ufeff").splitlines())


def parse_deck(text: str, source: str) -> Deck:
    """The cards in the order of the file, each once. BadInput names `source` and the line of what cannot be read.

    The id is a hash of the text, so that a card that is read again is the same card. A text with several deletions gives a card for each,
    with the others shown; those are siblings.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    name, start = _front(lines, source)
    items: dict[str, dict[str, Any]] = {}
    for parts in _cards(lines, start, source):
        made = _cloze(parts, source) if parts[0].mark == "C" else [_basic(parts, source)]
        ids = [item["id"] for item in made]
        for item in made:
            siblings = [other for other in dict.fromkeys(ids) if other != item["id"]]
            items.setdefault(item["id"], item | ({"siblings": siblings} if siblings else {}))
    if not items:
        raise BadInput(f"{source}: holds no card: a card is a line `Q: ...` and a line `A: ...`, or a line `C: ... [answer] ...`")
    return Deck(name, list(items.values()))


def is_as_read(fields: Mapping[str, Any]) -> bool:
    """Whether a card of a course file is still as a deck gave it: the id fits the text, and nothing was written beside it."""
    asked = tuple(str(fields.get(name, "")) for name in ("kind", "ask", "answer"))
    return set(fields) <= {"id", "kind", "ask", "answer", "siblings"} and fields.get("id") == _id(*asked)


class _Part(NamedTuple):
    mark: str
    line: int
    rows: list[str]

    def text(self, source: str) -> str:
        text = safe_text("\n".join(self.rows)).strip()
        if not text:
            raise BadInput(f"{source}:{self.line}: there is nothing after `{self.mark}:`")
        return text


def _front(lines: list[str], source: str) -> tuple[str | None, int]:
    """The name that the frontmatter gives, and the index of the first line after it."""
    if not lines or lines[0].strip() not in _FENCES:
        return None, 0
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == lines[0].strip()), None)
    if end is None:
        raise BadInput(f"{source}:1: the frontmatter has no closing {lines[0].strip()}")
    name = None
    for number, line in enumerate(lines[1:end], 2):
        found = _NAME.match(line)
        if found:
            name = _toml_text(found.group(1))
            if not name:
                raise BadInput(f'{source}:{number}: the name of the deck cannot be read: write name = "..."')
    return name, end + 1


def _toml_text(value: str) -> str:
    """A TOML string; without quotes the words themselves."""
    if value[0] not in "\"'":
        return safe_text(value.partition("#")[0]).strip()
    try:
        read = tomllib.loads(f"name = {value}")["name"]
    except tomllib.TOMLDecodeError:
        return ""
    return safe_text(read).strip() if isinstance(read, str) else ""


def _cards(lines: list[str], start: int, source: str) -> Iterator[list[_Part]]:
    """Each card as its parts: question and answer, or a cloze. Text outside of cards is left out, as hashcards does."""
    card: list[_Part] = []
    for number, line in enumerate(lines[start:], start + 1):
        found = _MARK.match(line)
        if found is None:
            if line.strip() == "---":
                yield from _whole(card, source)
                card = []
            elif card:
                card[-1].rows.append(line)
            continue
        mark, text = found.groups()
        if mark == "A":
            if not card or card[-1].mark != "Q":
                raise BadInput(f"{source}:{number}: an answer without a question: `A:` comes after `Q:`")
            card.append(_Part(mark, number, [text]))
        else:
            yield from _whole(card, source)
            card = [_Part(mark, number, [text])]
    yield from _whole(card, source)


def _whole(card: list[_Part], source: str) -> Iterator[list[_Part]]:
    if card and card[-1].mark == "Q":
        raise BadInput(f"{source}:{card[-1].line}: a question without an answer: write `A: ...` below it")
    if card:
        yield card


def _basic(parts: list[_Part], source: str) -> dict[str, Any]:
    ask, answer = (part.text(source) for part in parts)
    return {"id": _id("basic", ask, answer), "kind": "basic", "ask": ask, "answer": answer}


def _cloze(parts: list[_Part], source: str) -> list[dict[str, Any]]:
    """A card for each deletion. One whose text our blanks cannot hold is a basic card with a gap."""
    pieces = _pieces(parts[0].text(source), f"{source}:{parts[0].line}")
    deleted = [number for number, (_, inside) in enumerate(pieces) if inside]
    if not deleted:
        raise BadInput(f"{source}:{parts[0].line}: a cloze needs a deletion in brackets: C: ... [answer] ...")
    made = []
    for chosen in deleted:
        answer = pieces[chosen][0].strip()
        before, after = ("".join(text for text, _ in some) for some in (pieces[:chosen], pieces[chosen + 1 :]))
        if any(sign in before + answer + after for sign in _NO_BLANK):
            fields = {"kind": "basic", "ask": f"{before}____{after}", "answer": answer}
        else:
            fields = {"kind": "cloze", "ask": f"{before}{{{{{answer}}}}}{after}"}
        made.append({"id": _id(fields["kind"], fields["ask"], fields.get("answer", ""))} | fields)
    return made


def _pieces(text: str, place: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is a deletion. Brackets inside a deletion are its own, `\\[` is a bracket, images stay."""
    pieces: list[tuple[str, bool]] = []
    here, depth = "", 0
    for token in re.findall(r"\\[\[\]]|!\[[^\]]*\]\([^)]*\)|.", text, re.DOTALL):
        if token == "[":
            if depth == 0:
                pieces.append((here, False))
                here = ""
            else:
                here += token
            depth += 1
        elif token == "]":
            depth -= 1
            if depth < 0:
                raise BadInput(f"{place}: a bracket is closed that was not opened; a bracket that is no deletion is written \\]")
            if depth == 0:
                if not here.strip():
                    raise BadInput(f"{place}: a deletion is empty; a bracket that is no deletion is written \\[")
                pieces.append((here, True))
                here = ""
            else:
                here += token
        else:
            here += token[1] if token in ("\\[", "\\]") else token
    if depth:
        raise BadInput(f"{place}: a bracket is not closed; a bracket that is no deletion is written \\[")
    return [*pieces, (here, False)]


def _id(kind: str, ask: str, answer: str) -> str:
    from hashlib import sha256

    return "card-" + sha256("\0".join((kind, ask, answer)).encode("utf-8", "surrogatepass")).hexdigest()[:12]
