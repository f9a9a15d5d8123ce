"""Quizzes as the log tells them."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from studyapp.errors import BadInput
from studyapp.store.db import StudyDb


class QuizAnswer(NamedTuple):
    """One answer of a quiz: `kind` is answer (it counted as a review) or practice; `payload` as in the log."""

    uuid: str
    item: str
    kind: str
    utc_ms: int
    payload: dict[str, Any]


class Quiz(NamedTuple):
    """One quiz. `details` is the payload of its start, `result` of its end ({} until then)."""

    quiz: str
    name: str | None
    started_ms: int | None
    ended_ms: int | None
    details: dict[str, Any]
    result: dict[str, Any]
    answers: tuple[QuizAnswer, ...] = ()


_COLUMNS = "quiz, name, started_ms, ended_ms, details, result"


def quizzes(conn: StudyDb, limit: int = 1000) -> list[Quiz]:
    """Quizzes, newest first, without their answers."""
    return [_from_row(row) for row in conn.execute(f"SELECT {_COLUMNS} FROM quizzes ORDER BY started_ms DESC, quiz DESC LIMIT ?", (limit,))]


def quiz(conn: StudyDb, quiz_id: str) -> Quiz:
    """One quiz with its answers in the order given; those undone are not among them. Raises BadInput for an unknown one."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM quizzes WHERE quiz = ?", (quiz_id,)).fetchone()
    if row is None:
        raise BadInput(f"no quiz {quiz_id!r}")
    answers = conn.execute("SELECT uuid, item, kind, utc_ms, payload FROM quiz_answers WHERE quiz = ? ORDER BY utc_ms, uuid", (quiz_id,))
    return _from_row(row)._replace(answers=tuple(QuizAnswer._make((*found, json.loads(payload))) for *found, payload in answers))


def _from_row(row: tuple[Any, ...]) -> Quiz:
    quiz_id, name, started_ms, ended_ms, details, result = row
    return Quiz(quiz_id, name, started_ms, ended_ms, json.loads(details or "{}"), json.loads(result or "{}"))
