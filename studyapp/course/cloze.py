"""The blanks of a cloze text: `A ViT adds a {{[CLS]|class token}} token`; the forms after | are accepted too."""

from __future__ import annotations

import re

_BLANK = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
BLANK = "____"


def blanks(ask: str) -> list[tuple[str, ...]]:
    """For each blank its accepted forms, the shown one first; a form that is empty is left in for the loader to refuse."""
    return [tuple(form.strip() for form in match.split("|")) for match in _BLANK.findall(ask)]


def with_blanks(ask: str) -> str:
    """The text as asked."""
    return _BLANK.sub(BLANK, ask)


def with_answers(ask: str) -> str:
    """The text as revealed: the first form of each blank, in bold."""
    return _BLANK.sub(lambda match: f"**{match.group(1).split('|')[0].strip()}**", ask)
