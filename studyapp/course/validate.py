"""Data against a pydantic model, with errors in words an author can use: file, line, field, what to do."""

from __future__ import annotations

import difflib
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from studyapp.course.marked_yaml import DataPath, Marked
from studyapp.course.problems import Problem, field_name

M = TypeVar("M", bound=BaseModel)

_SAYINGS = {
    "missing": "is missing",
    "string_type": "must be text: put it in quotes",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be a mapping (key: value)",
    "model_type": "must be a mapping (key: value)",
    "string_too_short": "must not be empty",
    "union_tag_not_found": "needs a `kind`",
}
_BOUNDS = {
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
}


def model_from(model: type[M], marked: Marked, problems: list[Problem], root: DataPath = (), name: str = "") -> M | None:
    """The part of a file under `root` as `model`; what is wrong is added to `problems`, named `name` + the path, and gives None."""
    data = marked.data
    for part in root:
        data = data[part]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for message, path in _messages(error, model, data):
            problems.append(Problem(marked.file, marked.line(root + path), field_name(name, path), message))
        return None


def _messages(error: ValidationError, model: type[BaseModel], data: Any) -> list[tuple[str, DataPath]]:
    """One message a place (a union complains once for each of its members), and one for a key that was misspelt."""
    found: dict[DataPath, list[str]] = {}
    meant: set[DataPath] = set()
    for detail in error.errors():
        path = _real_path(detail["loc"], data)
        if detail["type"] == "missing":
            path = (*path, detail["loc"][-1])
        if detail["type"] == "extra_forbidden":
            near = _near(str(path[-1]), _keys_at(model, detail["loc"][:-1]))
            meant.update([(*path[:-1], near)] if near else [])
        found.setdefault(path, []).append(_saying(dict(detail), model))
    return [(_joined(messages), path) for path, messages in found.items() if not (path in meant and messages == [_SAYINGS["missing"]])]


def _joined(messages: list[str]) -> str:
    """Several complaints of a union about one value: "must be text or a whole number"."""
    different = list(dict.fromkeys(messages))
    musts = [message.removeprefix("must be ").partition(":")[0] for message in different if message.startswith("must be ")]
    if "a number" in musts and "a whole number" in musts:
        return _joined([message for message in different if message != _SAYINGS["int_type"]])
    return "must be " + " or ".join(musts) if len(musts) == len(different) > 1 else "; ".join(different)


def _real_path(loc: tuple[int | str, ...], data: Any) -> DataPath:
    """The part of an error's location that is in the file: without the tags of unions and the marks of dict keys."""
    path: DataPath = ()
    for part in loc:
        inside = part in data if isinstance(data, dict) else isinstance(data, list) and isinstance(part, int) and part < len(data)
        if inside:
            data = data[part]
            path = (*path, part)
    return path


def _saying(detail: dict[str, Any], model: type[BaseModel]) -> str:
    kind, context, value = detail["type"], detail.get("ctx", {}), detail.get("input")
    if kind == "float_type" and isinstance(value, str):
        return "must be a number: write it without quotes (and 0.001 for 1e-3, which YAML reads as text)"
    if kind in _SAYINGS:
        return _SAYINGS[kind]
    if kind in _BOUNDS:
        word, name = _BOUNDS[kind]
        return f"must be {word} {context[name]}"
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        return _unknown_key(str(detail["loc"][-1]), detail["loc"], model)
    if kind == "string_pattern_mismatch":
        wanted = "write it as 2026-12-24" if "d{4}" in context["pattern"] else "use letters, digits and hyphens"
        return f"{value!r} is not allowed here: {wanted}"
    if kind == "union_tag_invalid":
        return f"the kind {context['tag']!r} is not one of {context['expected_tags']}"
    if kind == "literal_error":
        return f"{value!r} is not one of {context['expected']}"
    if kind == "too_short":
        return f"needs at least {context['min_length']} entries" if context["min_length"] > 1 else "must not be empty"
    if kind == "too_long":
        return f"has more than {context['max_length']} entries"
    message: str = detail["msg"]
    return message.removeprefix("Input ")


def _unknown_key(key: str, loc: tuple[int | str, ...], model: type[BaseModel]) -> str:
    """Names the keys that this place has, or the one that was probably meant."""
    names = _keys_at(model, loc[:-1])
    near = _near(key, names)
    if near:
        return f"unknown key (did you mean `{near}`?)"
    return "unknown key" + (f" (there are {', '.join(names)})" if names else "")


def _near(key: str, names: list[str]) -> str | None:
    return next(iter(difflib.get_close_matches(key, names, n=1, cutoff=0.7)), None)


def _keys_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    here = _model_at(model, loc)
    return list(here.model_fields) if here else []


def _model_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """The model that stands at a location: through lists, optional values and tagged unions."""
    candidates: list[type[BaseModel]] = [model]
    for part in loc:
        if isinstance(part, int):
            continue
        tagged = [one for one in candidates if "kind" in one.model_fields and part in get_args(one.model_fields["kind"].annotation)]
        if tagged and part not in candidates[0].model_fields:
            candidates = tagged
            continue
        field = next((one.model_fields[part] for one in candidates if part in one.model_fields), None)
        if field is None:
            return None
        candidates = _models_in(field.annotation)
    return candidates[0] if len(candidates) == 1 else None


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]
