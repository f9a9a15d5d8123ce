"""YAML as plain data, with the line on which every value starts.

Own walk over the composed nodes instead of a constructor: it keeps libyaml's speed, sees duplicate keys
(YAML loaders silently keep the last one) and cannot build objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from studyapp.course.problems import Problem, field_name

DataPath = tuple[str | int, ...]
_TAGS = {"map", "seq", "str", "int", "float", "bool", "null", "timestamp"}
MAX_NODES = 200_000  # an alias bomb grows past this before it fills the memory

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Marked:
    """The data of one file and, for every path into it, the line (from 1) where that value or its key stands."""

    file: str
    data: Any
    lines: Mapping[DataPath, int] = field(default_factory=dict)

    def line(self, path: DataPath) -> int:
        """The line of the nearest place that exists on the way to `path` (parts that are not in the file are skipped)."""
        found: DataPath = ()
        for part in path:
            if (*found, part) in self.lines:
                found = (*found, part)
        return self.lines.get(found, 1)


def read_yaml(path: Path, name: str, problems: list[Problem]) -> Marked | None:
    """Read one file; what is wrong is added to `problems` under `name`, and None means that nothing could be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.append(Problem(name, 1, "", f"cannot be read: {error.strerror}"))
        return None
    except UnicodeDecodeError as error:
        problems.append(Problem(name, error.object[: error.start].count(b"\n") + 1, "", "is not UTF-8 text"))
        return None
    return parse_yaml(text, name, problems)


def parse_yaml(text: str, name: str, problems: list[Problem]) -> Marked | None:
    """As `read_yaml`, for text that is already there."""
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                problems.append(Problem(name, 1, "", "the file is empty"))
                return None
            walk = _Walk(loader, name, problems)
            return Marked(name, walk.value(node, ()), walk.lines)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = " ".join(part for part in (error.context, error.problem) if part)
        problems.append(Problem(name, mark.line + 1 if mark else 1, "", f"is not valid YAML: {why}"))
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        problems.append(Problem(name, line, "", f"is not valid YAML: character {error.character!r} is not allowed"))
    except (_TooMuch, RecursionError):
        problems.append(Problem(name, 1, "", "is nested too deeply or repeats itself through aliases"))
    return None


class _TooMuch(Exception):
    pass


class _Walk:
    """Turns nodes into dicts, lists and scalars."""

    def __init__(self, loader: Any, name: str, problems: list[Problem]) -> None:
        self.loader, self.name, self.problems = loader, name, problems
        self.lines: dict[DataPath, int] = {}
        self.seen = 0

    def value(self, node: yaml.Node, path: DataPath) -> Any:
        self.seen += 1
        if self.seen > MAX_NODES or len(path) > 50:
            raise _TooMuch
        self.lines.setdefault(path, node.start_mark.line + 1)
        if not node.tag.startswith("tag:yaml.org,2002:") or node.tag.rpartition(":")[2] not in _TAGS:
            self.complain(node, path, f"the tag {node.tag} is not supported")
            return None
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        try:
            return self.loader.construct_object(node)
        except ValueError as error:  # 2026-02-31 looks like a date and is none
            self.complain(node, path, f"{node.value!r} cannot be read: {error}")
            return None

    def mapping(self, node: yaml.MappingNode, path: DataPath) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, child in node.value:
            key = self.loader.construct_object(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str):
                shown = key_node.value if isinstance(key_node, yaml.ScalarNode) else "a list or mapping"
                self.complain(key_node, path, f"the key {shown} must be text: put it in quotes")
                continue
            here = (*path, key)
            if key in result:
                self.complain(key_node, here, f"the key stands twice in one mapping (first on line {self.lines[here]})")
                continue
            self.lines[here] = key_node.start_mark.line + 1
            result[key] = self.value(child, here)
        return result

    def complain(self, node: yaml.Node, path: DataPath, message: str) -> None:
        self.problems.append(Problem(self.name, node.start_mark.line + 1, field_name("", path), message))
