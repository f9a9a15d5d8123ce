"""Cards that a program adds to a learner's own files: the text of an entry, and where it goes. What was written by hand stays as it is.

Pure: texts in, texts out. A file is never dumped anew, which would lose comments, order and quotes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

import yaml

from studyapp.course.cloze import BLANK, with_blanks
from studyapp.course.text import safe_text
from studyapp.errors import BadInput

ID_LENGTH = 48
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9]+)?")
_WORDS_OF_YAML = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}  # they would be read as something else than text
_ESCAPED = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"\\\\]')
_FIELDS = ("id", "kind", "facts", "siblings", "ask", "answer", "accept", "why", "hint")


def new_id(ask: str, taken: Collection[str]) -> str:
    """A kebab-case id of the words of a cue, not among those taken (`-2`, `-3`, ...); the answers of a cloze are not in it."""
    text = unicodedata.normalize("NFKD", with_blanks(ask).replace(BLANK, " ")).encode("ascii", "ignore").decode().lower()
    name = ""
    for word in re.findall(r"[a-z0-9]+", text.replace("'", "")):
        if len(name) + 1 + len(word) > ID_LENGTH:
            break
        name += f"-{word}" if name else word
    name = name or "card"
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(other for other in numbered if other not in taken)


def card_fields(
    ask: str, answer: str = "", kind: str = "", accept: Collection[str] = (), why: str = "", hint: str = ""
) -> dict[str, Any]:  # the id is the caller's: it depends on the file
    """The fields of a card as the course format has them, made of what a learner gives. BadInput where the parts do not fit together.

    Without `kind`: short where there are accepted forms, cloze where the cue has {{blanks}} and there is no answer, else basic.
    """
    ask, answer, why, hint = (safe_text(text).strip() for text in (ask, answer, why, hint))
    forms = [form for form in (safe_text(text).strip() for text in accept) if form]
    kind = kind or ("short" if forms else "cloze" if "{{" in ask and not answer else "basic")
    if not ask:
        raise BadInput("a card needs a question (ask)")
    if kind not in ("basic", "cloze", "short"):
        raise BadInput(f"the kind {kind!r} is not one of basic, cloze, short")
    if kind == "cloze" and (answer or forms):
        raise BadInput("a cloze has its answer in the cue, as {{answer}} or {{answer|accepted form}}: leave out answer and accept")
    if kind == "basic" and forms:
        raise BadInput("accepted forms are for the kind short: a basic card has one answer")
    if kind != "cloze" and not answer and not forms:
        raise BadInput("a card needs an answer, or a question with a {{blank}}")
    fields: dict[str, Any] = {"kind": kind, "ask": ask}
    if kind == "basic":
        fields["answer"] = answer
    elif kind == "short":
        fields["accept"] = list(dict.fromkeys([*([answer] if answer else []), *forms]))
    return fields | ({"why": why} if why else {}) | ({"hint": hint} if hint else {})


def scalar(text: str) -> str:
    """A text as YAML on one line: bare where it is a plain name, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML:
        return text
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def entry(fields: Mapping[str, Any], indent: int = 2) -> str:
    """One entry of a list in block style, `- id: ...` at this indent; texts of several lines as blocks that are easy to edit."""
    names = [*(name for name in _FIELDS if name in fields), *(name for name in fields if name not in _FIELDS)]
    lines = [f"{name}: {_value(fields[name], indent + 4)}" for name in names]
    pad = " " * indent
    return "".join(f"{pad}{'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(lines))


def with_entries(text: str, key: str, entries: Collection[Mapping[str, Any]], name: str) -> str:
    """The text of a YAML file with more entries at the end of its list `key`; all else stays, to the byte.

    `name` is the file's in messages. BadInput where the file cannot be added to; then the learner has to write by hand.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text[len(mark) :]
    newline = "\r\n" if "\r\n" in body else "\n"
    cannot = BadInput(f"{name}: cannot be added to: it must be YAML with a list `{key}`; nothing was written")
    try:
        node = yaml.compose(body, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        raise cannot from None
    if not isinstance(node, yaml.MappingNode):
        raise cannot
    pairs = node.value
    index = next((number for number, (name_node, _) in enumerate(pairs) if name_node.value == key), None)
    if index is None:
        raise cannot
    found, following = pairs[index][1], pairs[index + 1][0] if index + 1 < len(pairs) else None
    if isinstance(found, yaml.SequenceNode) and found.flow_style:
        at, added = (
            found.end_mark.index - 1,
            ("," if found.value else "") + ",".join(f"{newline}  {_flow(one)}" for one in entries) + newline,
        )
    elif isinstance(found, yaml.SequenceNode) or found.value == "":
        indent = found.start_mark.column if isinstance(found, yaml.SequenceNode) else 2
        at = _end_of_list(body, following.start_mark.line if following is not None else None)
        added = "".join(entry(one, indent) for one in entries).replace("\n", newline)
        if at and not body[:at].endswith("\n"):
            added = newline + added
    else:
        raise cannot
    result = body[:at] + added + body[at:]
    if not _only_added(body, result, key, entries):
        raise cannot
    return mark + result


def without_entries(text: str, key: str, ids: Collection[str], name: str) -> str:
    """The text of a YAML file without the entries of these ids in its block list `key`; all else stays, to the byte.

    A comment above an entry stays. BadInput where they cannot be taken out: another style, or the list would be empty.
    """
    cannot = BadInput(f"{name}: these cannot be taken out: {', '.join(sorted(ids))}")
    try:
        node = yaml.compose(text.removeprefix("\ufeff"), Loader=yaml.SafeLoader)
        before = yaml.safe_load(text.removeprefix("\ufeff"))
    except (yaml.YAMLError, ValueError, RecursionError):
        raise cannot from None
    found = next((value for named, value in node.value if named.value == key), None) if isinstance(node, yaml.MappingNode) else None
    if not isinstance(found, yaml.SequenceNode) or found.flow_style or len(found.value) != len(before[key]):
        raise cannot
    lines = text.splitlines(keepends=True)
    for child, fields in reversed(list(zip(found.value, before[key], strict=True))):
        if isinstance(fields, dict) and fields.get("id") in ids:
            first, last = child.start_mark.line, child.end_mark.line
            while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
                last -= 1  # the node ends where the next one begins, and what stands between is not its own
            del lines[first : max(last, first + 1)]
    result = "".join(lines)
    kept = [one for one in before[key] if not (isinstance(one, dict) and one.get("id") in ids)]
    if not kept or yaml.safe_load(result.removeprefix("\ufeff")) != {**before, key: kept}:
        raise cannot
    return result


def new_course(id: str, title: str, sections: Collection[tuple[str, str, str]]) -> str:
    """The text of a course.yaml whose sections are (id, title, file)."""
    lines = [f"id: {scalar(id)}\n", f"title: {scalar(title)}\n", "format_version: 1\n", "sections:\n"]
    return "".join([*lines, *(entry({"id": name, "title": shown, "file": file}) for name, shown, file in sections)])


def new_section(id: str) -> str:
    """The text of a section file without any item yet."""
    return f"section: {scalar(id)}\nitems:\n"


def _escape(match: re.Match[str]) -> str:
    sign = match.group()
    return {'"': '\\"', "\\": "\\\\", "\n": "\\n"}.get(sign) or f"\\u{ord(sign):04x}"


def _value(value: Any, indent: int) -> str:
    if isinstance(value, str):
        return _block(value, indent) if _blockable(value) else scalar(value)
    return "[" + ", ".join(scalar(one) for one in value) + "]"


def _blockable(text: str) -> bool:
    """Whether a block keeps the text exactly; a tab or a space at the edge of a line would be easy to lose in an editor."""
    plain = not _ESCAPED.search(text.replace("\n", "").replace('"', "").replace("\\", ""))
    return "\n" in text and plain and text == text.strip() and not any(line != line.rstrip() for line in text.split("\n"))


def _block(text: str, indent: int) -> str:
    return "|-" + "".join(f"\n{' ' * indent}{line}" if line else "\n" for line in text.split("\n"))


def _flow(fields: Mapping[str, Any]) -> str:
    shown = (f"{name}: {scalar(value) if isinstance(value, str) else _value(value, 0)}" for name, value in fields.items())
    return "{" + ", ".join(shown) + "}"


def _end_of_list(body: str, next_line: int | None) -> int:
    """Where a block list ends: before the key that follows it and the blank and comment lines above that, else at the end of the file."""
    lines = body.splitlines(keepends=True)
    at = len(lines) if next_line is None else next_line
    while at and (not lines[at - 1].strip() or (next_line is not None and lines[at - 1].startswith("#"))):
        at -= 1
    return len("".join(lines[:at]))


def _only_added(before: str, after: str, key: str, entries: Collection[Mapping[str, Any]]) -> bool:
    """The last word on whatever style the file is written in: read back, it holds what it held, and the entries at the end."""
    try:
        old, new = yaml.safe_load(before), yaml.safe_load(after)
    except (yaml.YAMLError, ValueError):
        return False
    wanted = {**old, key: [*(old[key] or []), *({**one} for one in entries)]}
    return bool(new == wanted)
