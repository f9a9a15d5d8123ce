"""Single items without a session: show, answer, undo, search. What `next`, `show`, `answer`, `undo`, `search` print."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from studyapp.api import faces
from studyapp.api.desk import due_iso, interval_words, is_due
from studyapp.course.draws import Draw
from studyapp.course.items import Item
from studyapp.errors import BadInput
from studyapp.memory.state import Phase, Rating
from studyapp.store import schedule
from studyapp.store import search as find
from studyapp.store import settings_store as settings
from studyapp.store.apply import record
from studyapp.store.owed import owed_now
from studyapp.store.undo import undo as undo_one
from studyapp.study.decided import decisions
from studyapp.study.grading import FREE_TEXT, Judgement, Outcome, Reading
from studyapp.study.pace import time_box_s
from studyapp.study.rating import GradeInput, is_sure_miss, propose
from studyapp.study.turns import Look, Want

if TYPE_CHECKING:
    from studyapp.api.study import Study


_RATINGS = tuple(rating.word for rating in Rating)


def next_item(study: Study, section: str | None) -> dict[str, Any] | None:
    """What the schedule serves next, as `show` gives it."""
    scope = None if section is None else study.section_id(section)
    presented = study.desk.look(Want(Look.NEXT), scope, study.clock.now())
    return None if presented is None else _document(study, presented.item, presented.draw, reveal=False)


def show(study: Study, name: str, reveal: bool) -> dict[str, Any]:
    """An item as the learner would see it, with its pending draw."""
    item = study.desk.item(study.resolve(name))
    return _document(study, item, study.desk.draw(item), reveal)


def answer(
    study: Study,
    name: str,
    *,
    rating: str | None = None,
    text: str | None = None,
    value: Any = None,
    draw: str | None = None,
    confidence: int | None = None,
    seconds: float | None = None,
    accept: bool = False,
) -> dict[str, Any]:
    """One durable review. `rating` alone is the learner's own word; `text` (typed) or `value` (JSON form) is judged by the app.

    For free text nothing is written without `rating` or `accept`: `proposed` comes back with what the judge found, None where the learner
    ticks or rates alone.
    """
    item = study.desk.item(study.resolve(name))
    if rating is None and text is None and value is None:
        raise BadInput("give --rating or --answer (see studyapp help answers)")
    if rating is not None and rating not in _RATINGS:
        raise BadInput(f"there is no rating {rating!r}; there are {', '.join(_RATINGS)}")
    if confidence is not None and not 0 <= confidence <= 100:
        raise BadInput(f"confidence must be from 0 to 100, got {confidence}")
    drawn = study.desk.draw(item, draw)
    judged = None
    document: dict[str, Any] = {"item": item.key, "id": item.id, "kind": item.kind, "draw": drawn.token}
    if text is not None:
        try:
            value = faces.typed(item, drawn, text)
        except BadInput as error:
            raise BadInput(f"--answer for {item.key}: {error}") from None
    if value is not None:
        judged = _read(study, item, value, _found_by_app(item, faces.judged(item, drawn, value, study.desk.stored_run)))
        document |= _judged(judged)
    proposed = _proposal(item, judged, seconds)
    if judged is not None and judged.reading is not None:
        document["proposed"] = _proposed(judged, judged.reading, proposed)
    chosen = Rating.of(rating) if rating else proposed
    if chosen is None and accept:
        raise BadInput(f"{item.key}: there is no proposal to accept; rate it yourself with --rating again|hard|good|easy")
    free = judged is not None and (judged.outcome is Outcome.SELF or judged.reading is not None or item_form(item) in FREE_TEXT)
    if chosen is None or (free and rating is None and not accept):
        return {"proposed": proposed.word if proposed else None, **document, "event": None, "rating": None}
    return document | write_review(study, item, drawn, chosen, proposed, judged, value, confidence, seconds)


def write_review(
    study: Study,
    item: Item,
    drawn: Draw | None,
    chosen: Rating,
    proposed: Rating | None,
    judged: Judgement | None,
    value: Any,
    confidence: int | None,
    seconds: float | None,
) -> dict[str, Any]:
    """Record a review that was given outside a session; what comes back is what `answer --json` says of the schedule."""
    now = study.clock.now()
    before = study.desk.row(item.key)
    today = schedule.today(study.conn, now)
    outcome = judged.outcome.value if judged else ""
    contrast = drawn is not None and faces.CONTRAST in drawn.asks and chosen is not Rating.AGAIN and not is_due(before, now, today)
    event = record(
        study.conn,
        "drill" if contrast else "answer",
        item.key,
        {
            "rating": int(chosen),
            "draw": drawn.row() if drawn else None,
            "value": value,
            "outcome": judged.outcome.value if judged else None,
            "seconds": seconds,
            "confidence": confidence,
            "hints": 0,
            "trap": judged.trap.concept if judged and judged.trap and chosen is Rating.AGAIN else None,
            "points": {point.id: point.found for point in judged.points} if judged else {},
            "overruled": proposed is not None and chosen is not proposed and (proposed, chosen) != (Rating.GOOD, Rating.EASY),
            "early": before.phase is Phase.REVIEW and before.due_day is not None and before.due_day > today,
            "source": "cli",
            **_of_reading(judged, proposed, chosen),
            **({"pays": owed.name.lower()} if (owed := owed_now(study.conn, item.key, today)) else {}),
            **({"sure_miss": True} if is_sure_miss(outcome, chosen, confidence) else {}),
        },
        now,
    )
    study.desk.free(item.key)
    after = study.desk.row(item.key)
    hour = settings.memory_settings(study.conn).rollover_hour
    return {
        "event": event.uuid,
        "rating": chosen.word,
        "due": due_iso(after, now, hour),
        "interval_days": after.interval,
        "s": after.s,
        "d": after.d,
        "in_words": interval_words(after, now),
    }


def undo(study: Study, count: int) -> list[dict[str, Any]]:
    """Take back the last answers, newest first."""
    undone: list[dict[str, Any]] = []
    for _ in range(count):
        try:
            target = undo_one(study.conn, None, study.clock.now()).target
        except BadInput:
            if not undone:
                raise
            break
        rating = target.payload.get("rating")
        word = Rating(rating).word if rating else None
        undone.append({"event": target.uuid, "item": target.item, "kind": target.kind, "rating": word})
    return undone


def search(study: Study, query: str, limit: int) -> list[dict[str, Any]]:
    """Items by their words, best first."""
    found = []
    for hit in find.search(study.conn, query, limit):
        item = Item.from_row(hit.row)
        ask = study.desk.ask_of(hit.key)
        found.append({"item": hit.key, "id": item.id, "kind": item.kind, "section": item.section, "ask": ask, "passage": hit.passage})
    return found


def item_form(item: Item) -> str:
    """The kind that is judged: a case's `then`, else the kind itself."""
    from studyapp.course.draws import answer_part

    return answer_part(item)[0]


def _document(study: Study, item: Item, drawn: Draw, reveal: bool) -> dict[str, Any]:
    row = study.desk.row(item.key)
    now = study.clock.now()
    document = faces.show(item, drawn, study.desk.stored_run).as_json()
    document |= {
        "course": item.course,
        "facts": list(item.facts),
        "difficulty": item.difficulty,
        "hints": [{"level": hint.level, "text": hint.text} for hint in faces.hints(item, drawn, study.desk.stored_run)],
        "phase": row.phase.name.lower(),
        "due": due_iso(row, now, settings.memory_settings(study.conn).rollover_hour),
        "intervals": {rating.word: interval_words(sched, now) for rating, sched in study.desk.previews(item.key, now).items()},
    }
    if drawn.params:
        document["params"] = dict(drawn.params)
    if reveal:
        document |= faces.reveal(item, drawn, study.desk.stored_run).as_json()
    return document


def _judged(judged: Judgement) -> dict[str, Any]:
    trap = judged.trap
    return {
        "outcome": judged.outcome.value,
        "score": judged.score,
        "trap": trap.concept if trap else None,
        "say": trap.say if trap else judged.say,
        "expected": judged.expected,
        "points": [{"id": p.id, "text": p.text, "found": p.found, "indispensable": p.indispensable} for p in judged.points],
    }


def _read(study: Study, item: Item, value: Any, judged: Judgement) -> Judgement:
    """Free text read by the judge that is set."""
    if not judged.points:
        return judged
    reader = study.reader()
    task = reader.task(item, value)
    return judged if task is None else reader.read(item, judged, task, task())


def _proposed(judged: Judgement, reading: Reading, rating: Rating | None) -> dict[str, Any]:
    """What a judge proposes for free text, in full."""
    points = zip(judged.points, reading.marks, strict=True)
    doubt = reading.doubt
    return {
        "rating": rating.word if rating else None,
        "verdict": _VERDICTS[judged.outcome],
        "confidence": reading.confidence,
        "points": [
            {
                "id": point.id,
                "text": point.text,
                "indispensable": point.indispensable,
                "state": mark.shown,
                "probability": mark.probability,
                "span": list(mark.span) if mark.span else None,
                "quote": reading.text[slice(*mark.span)] if mark.span else None,
                "as_decided_before": mark.before is not None,
            }
            for point, mark in points
        ],
        "misconceptions": [] if doubt is not None and doubt.said is False else list(reading.misconceptions),
        "material_error": reading.material_error,
        "judge": reading.judge,
        "notice": reading.notice or None,
        "as_decided_before": reading.rating is not None,
    }


_VERDICTS = {Outcome.RIGHT: "correct", Outcome.PARTIAL: "partial", Outcome.WRONG: "incorrect"}


def _of_reading(judged: Judgement | None, proposed: Rating | None, chosen: Rating) -> dict[str, Any]:
    """What the event keeps of a reading."""
    if judged is None or judged.reading is None:
        return {}
    disputes = [decision.row() for decision in decisions(judged, proposed, chosen)]
    kept = {"reading": judged.reading.for_log(tuple(point.id for point in judged.points))}
    return kept | ({"disputes": disputes} if disputes else {})


def _found_by_app(item: Item, judged: Judgement) -> Judgement:
    """A near answer has no second try on the command line: it counts as partial."""
    return replace(judged, outcome=Outcome.PARTIAL) if judged.outcome is Outcome.NEAR else judged


def _proposal(item: Item, judged: Judgement | None, seconds: float | None) -> Rating | None:
    """By the one grade table."""
    if judged is None:
        return None
    if judged.reading is not None and judged.reading.rating is not None:
        return Rating(judged.reading.rating)  # as the learner decided before on these words
    points = judged.points if judged.outcome is not Outcome.SELF else ()
    return propose(
        GradeInput(
            outcome=judged.outcome,
            slow=seconds is not None and seconds > time_box_s(item),
            indispensable_missing=any(p.indispensable and not p.found for p in points),
            points_share=sum(p.found for p in points) / len(points) if points else 1.0,
        )
    )
