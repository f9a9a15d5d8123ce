"""What every command shares: --home, --now, --json, opening the study, printing one object."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

import click

from studyapp.commands import SCHEMA
from studyapp.errors import BadInput

if TYPE_CHECKING:
    from studyapp.api import Study

F = TypeVar("F", bound=Callable[..., Any])


def common_options(function: F) -> F:
    """--home, --now and --json on a command; the first two may stand before the command's name as well."""

    @click.option("--home", metavar="DIR", help="Data folder (also: STUDYAPP_HOME).")
    @click.option("--now", metavar="ISO", help="Set the clock, for tests and demos.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    @click.pass_context
    @functools.wraps(function)
    def wrapper(ctx: click.Context, /, home: str | None, now: str | None, as_json: bool, **options: Any) -> Any:
        outer = ctx.find_root().obj or {}
        place = Place(home or outer.get("home"), now or outer.get("now"), as_json)
        return function(place, **options)

    return wrapper  # type: ignore[return-value]  # click's decorators keep the call signature of F for click, not for callers


class Place:
    """Where and when a command works, and how it prints."""

    def __init__(self, home: str | None, now: str | None, as_json: bool = False) -> None:
        self.home = home
        self.now = now
        self.as_json = as_json

    @contextmanager
    def study(self) -> Iterator[Study]:
        """The open study, with its notes (a course that could not be read) told; closed at the end, so that nothing is left locked."""
        from studyapp.api import Study

        with Study.open(self.home, now=self.now) as study:
            for note in study.notes:
                click.echo(f"studyapp: {note}", err=True)
            yield study

    def emit(self, document: Mapping[str, Any], text: str | Callable[[], str]) -> None:
        """Print the document as JSON, or the text for people."""
        if self.as_json:
            shown = json.dumps({"schema": SCHEMA, **document}, ensure_ascii=False)
        elif isinstance(text, str):
            shown = text
        else:
            shown = text()
        click.echo(shown)


def example(line: str) -> str:
    """The epilog of a command: an example, kept as it is typed."""
    return f"\b\nExample: {line}"


def read_lines(path: str) -> Iterator[tuple[int, str]]:
    """The non-empty lines of a file, or of standard input for `-`, with their numbers; BadInput where it cannot be read."""
    try:
        with nullcontext(sys.stdin) if path == "-" else open(path, encoding="utf-8") as lines:
            yield from ((n, line) for n, line in enumerate(lines, 1) if line.strip())
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8 text") from None
    except OSError as error:
        raise BadInput(f"{path}: {os.strerror(error.errno or 0)}") from None


def read_json(path: str, what: str) -> Any:
    """One JSON document from a file or `-`; BadInput names the line of a mistake."""
    text = "".join(line for _, line in read_lines(path))
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{path}:{error.lineno}: {what} is not JSON: {error.msg}") from None


def count(number: int, thing: str) -> str:
    """ "1 card", "14 cards"."""
    return f"{number} {thing}" + ("" if number == 1 else "s")
