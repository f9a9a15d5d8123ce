"""Questions and grades in their JSON forms: a line of `grade --batch`, and the body of an `explain` item."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from studyapp.errors import BadInput
from studyapp.study.grading.free.contract import Graded, KeyPoint, Question

MOST_POINTS = 40
SHAPE = '{"question", "reference", "key_points", "answer"}'


def parse_line(raw: bytes) -> tuple[Question, str]:
    """A JSON line as (question, answer). Raises BadInput that says what is wrong with it."""
    try:
        row = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput("not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise BadInput(f"not JSON: {error.msg} (column {error.colno})") from None
    except (RecursionError, ValueError):  # nested beyond measure, or a number of thousands of digits
        raise BadInput("not JSON that can be read") from None
    if not isinstance(row, dict):
        raise BadInput(f"expected an object {SHAPE}, got {_kind(row)}")
    for name in ("question", "reference", "answer"):
        if name not in row:
            raise BadInput(f"{name} is missing; expected {SHAPE}")
        _text(row[name], name)
    points = row.get("key_points")
    if not isinstance(points, list) or not points:
        raise BadInput(f"key_points must be a list of at least one text or object, got {_kind(points)}")
    if len(points) > MOST_POINTS:
        raise BadInput(f"key_points: at most {MOST_POINTS}, got {len(points)}")
    anti = row.get("anti_points")
    found = tuple(_point(point, f"key_points[{i}]") for i, point in enumerate(points))
    return Question(row["question"], row["reference"], found, _texts(anti, "anti_points")), row["answer"]


def question_of(body: Mapping[str, Any], synonyms: tuple[tuple[str, ...], ...] = ()) -> Question:
    """The question of a compiled `explain` item (or of the `then` part of a case)."""
    points = tuple(KeyPoint(p["text"], tuple(p.get("aliases") or ()), bool(p.get("indispensable"))) for p in body["points"])
    return Question(body["ask"], body["reference"], points, tuple(body.get("anti") or ()), synonyms)


def as_line(graded: Graded, seconds: float) -> dict[str, Any]:
    """What `grade --batch` prints for an answer; `unsure` counts as false."""
    return {
        "points": [point.state == "found" for point in graded.points],
        "states": [point.state for point in graded.points],
        "verdict": graded.verdict,
        "confidence": graded.confidence,
        "misconceptions": [s.text for s in graded.suspicions],
        "seconds": round(seconds, 4),
    }


def _point(row: Any, where: str) -> KeyPoint:
    if isinstance(row, str):
        return KeyPoint(_text(row, where, empty=False))
    if not isinstance(row, dict):
        raise BadInput(f"{where} must be a text or an object with a text, got {_kind(row)}")
    needed = row.get("indispensable")
    if needed is not None and not isinstance(needed, bool):
        raise BadInput(f"{where}.indispensable must be true or false, got {_kind(needed)}")
    if "text" not in row:
        raise BadInput(f"{where}.text is missing")
    return KeyPoint(_text(row["text"], f"{where}.text", empty=False), _texts(row.get("aliases"), f"{where}.aliases"), bool(needed))


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise BadInput(f"{where} must be a list of texts, got {_kind(value)}")
    return tuple(_text(one, f"{where}[{i}]") for i, one in enumerate(value))


def _text(value: Any, where: str, empty: bool = True) -> str:
    if not isinstance(value, str):
        raise BadInput(f"{where} must be a text, got {_kind(value)}")
    if not empty and not value.strip():
        raise BadInput(f"{where} is empty")
    return value


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "an object"}
    return "an empty list" if value == [] else kinds.get(type(value), type(value).__name__)
