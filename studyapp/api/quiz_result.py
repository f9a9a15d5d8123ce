"""The result page of a quiz: each question with its outcome, and what to revisit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studyapp.api.desk import Desk
from studyapp.api.faces import reveal
from studyapp.course.draws import draw_for
from studyapp.course.items import Item, Section
from studyapp.memory.state import Rating
from studyapp.store import quizzes

MISSED = ("wrong", "partial", "lucky")


@dataclass(frozen=True, slots=True)
class QuizRow:
    """One question of the result page."""

    item: str
    id: str
    section: str
    ask: str
    outcome: str  # right, partial, wrong, self, or open (not answered)
    rating: str | None
    missed: tuple[str, ...]  # key points that were not ticked


@dataclass(frozen=True, slots=True)
class QuizResult:
    """The result page: what was right, and what to revisit."""

    quiz: str
    kind: str
    rows: tuple[QuizRow, ...]
    answered: int
    right: int
    minutes: float
    explainer: tuple[str, ...]  # places of the companion explainer that the text names for the missed sections
    sections: tuple[tuple[str, str], ...]  # (id, title) of our own pages
    labs: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """For `quiz --json`."""
        rows = [
            {
                "id": r.id,
                "item": r.item,
                "section": r.section,
                "ask": r.ask,
                "outcome": r.outcome,
                "rating": r.rating,
                "missed": list(r.missed),
            }
            for r in self.rows
        ]
        revisit = {
            "explainer": list(self.explainer),
            "pages": [{"id": name, "title": title} for name, title in self.sections],
            "cards": [r.id for r in self.rows if r.outcome in MISSED],
            "labs": list(self.labs),
        }
        return {
            "quiz": self.quiz,
            "kind": self.kind,
            "questions": len(self.rows),
            "answered": self.answered,
            "right": self.right,
            "minutes": round(self.minutes, 1),
            "rows": rows,
            "revisit": revisit,
        }


def result_of(desk: Desk, quiz: str, kind: str, keys: list[str], minutes: float) -> QuizResult:
    """What was right and what to revisit, from what the log says of this quiz."""
    given = {answer.item: answer.payload for answer in quizzes.quiz(desk.conn, quiz).answers}
    rows = tuple(_row(desk, key, given.get(key)) for key in keys)
    missed = [desk.item(row.item) for row in rows if row.outcome in MISSED]
    sections = {f"{info.id}:{section.id}": section for info in desk.infos() for section in info.sections}
    revisit = list(dict.fromkeys(name for item in missed for name in _sections_of(item, sections)))
    return QuizResult(
        quiz=quiz,
        kind=kind,
        rows=rows,
        answered=sum(row.outcome != "open" for row in rows),
        right=sum(row.outcome == "right" for row in rows),
        minutes=minutes,
        explainer=tuple(dict.fromkeys(place for name in revisit for place in sections[name].explainer)),
        sections=tuple((sections[name].id, sections[name].title) for name in revisit),
        labs=tuple(dict.fromkeys(lab for item in missed for lab in _labs_of(item))),
    )


def _row(desk: Desk, key: str, payload: dict[str, Any] | None) -> QuizRow:
    item = desk.item(key)
    if payload is None:
        return QuizRow(key, item.id, item.section, desk.ask_of(key), "open", None, ())
    token = payload["draw"]["token"]
    rating = Rating(payload["rating"])
    outcome = payload["outcome"] or "self"
    if outcome == "self" or payload.get("overruled"):
        outcome = {Rating.AGAIN: "wrong", Rating.HARD: "partial"}.get(rating, "right")
    texts = {point: text for point, text, _ in reveal(item, draw_for(item, token), desk.stored_run).points}
    missed = tuple(texts.get(name, name) for name, found in payload.get("points", {}).items() if not found)
    return QuizRow(key, item.id, item.section, desk.ask_of(key, token), outcome, rating.word, missed)


def _sections_of(item: Item, sections: Mapping[str, Section]) -> list[str]:
    """The sections whose facts an item tests, by the facts' ids (s05-f06 is of s05), else its own."""
    named = dict.fromkeys(f"{item.course}:{fact.partition('-')[0]}" for fact in item.facts)
    found = [name for name in named if name in sections]
    return found or [name for name in (f"{item.course}:{item.section}",) if name in sections]


def _labs_of(item: Item) -> list[str]:
    labs = (item.body.get("links") or {}).get("lab") or []
    return [labs] if isinstance(labs, str) else list(labs)
