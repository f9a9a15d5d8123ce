"""What a lab run reports becomes events and files: seals, facts, verdicts, its end. What was missed comes back as a card.

The calls that wait for a worker may be made from another thread than the one that opened the study: what they store goes through a
connection of their own.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studyapp.api.desk import interval_words
from studyapp.api.lab_cards import item_of_task, rating_of
from studyapp.api.views import KeptCard
from studyapp.memory.state import Rating
from studyapp.store import cards, course_cache, lab_runs
from studyapp.store.apply import record
from studyapp.store.db import StudyDb, connect
from studyapp.study.rating import is_sure_miss

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.labkit.api import Answer, Fact, Picture, Plan, Verdict


class LabRecords:
    """The sink of one run (labkit.run_state.Sink); what each call is given is durable when it returns."""

    def __init__(self, study: Study, run_id: str, plan: Plan) -> None:
        self.study = study
        self.run_id = run_id
        self.plan = plan
        self.kept: list[KeptCard] = []
        self._thread = threading.get_ident()
        self._stage = 0
        self._facts: dict[str, str] = {}
        self._pictures: list[dict[str, Any]] = []

    def sealed(self, stage: int, answers: Mapping[str, Answer | None]) -> None:
        self._stage = stage
        given = {q: None if answer is None else answer.model_dump(mode="json") for q, answer in answers.items()}
        self._record("lab_seal", {"stage": stage, "answers": given})

    def fact(self, fact: Fact) -> None:
        self._facts[fact.key] = lab_runs.put_file(self.study.home, self.run_id, json.dumps(fact.value, sort_keys=True).encode(), ".json")

    def picture(self, picture: Picture) -> None:
        """Its files are in the run's folder already; its form as text joins them."""
        files = [Path(file).name for file in picture.files]
        row: dict[str, Any] = {"key": picture.key, "files": files, "alt": picture.alt}
        if picture.grid or not files:
            row["text"] = lab_runs.put_file(self.study.home, self.run_id, json.dumps({"grid": picture.grid}).encode(), ".json")
        self._pictures.append({**row, "file": files[0] if files else row["text"]})

    def judged(self, stage: int, verdicts: Sequence[Verdict]) -> None:
        """Each verdict once: where a kill came before the run's own state was saved, the stage is judged a second time."""
        self._stage = stage
        self.flush()
        with self.db() as conn:
            before = lab_runs.run(conn, self.run_id).verdicts
            revealed = self._revealed(conn)
            for verdict in verdicts:
                if before.get(verdict.q, {}).get("rating") is None:
                    known = verdict.q in revealed  # then neither its grade nor how sure the learner was says anything
                    shown = verdict.model_copy(update={"confidence": None}) if known else verdict
                    self._verdict(conn, shown, None if known else self._rate(verdict))

    def status(self, status: str, message: str) -> None:
        if status != "open":
            self.flush()
            self._record("lab_end", {"status": status, "message": message, "stage": self._stage})

    def settle(self, verdicts: Mapping[str, Verdict]) -> None:
        """Near answers whose free retry was not taken count as they stand."""
        with self.db() as conn:
            stored = lab_runs.run(conn, self.run_id).verdicts
            revealed = self._revealed(conn)
            for q, verdict in verdicts.items():
                if q not in revealed and verdict.held and q in stored and stored[q].get("rating") is None:
                    self._verdict(conn, verdict, self._rate(verdict, settled=True))

    def practised(self, verdict: Verdict) -> None:
        """An answer after the truth was shown: never graded."""
        with self.db() as conn:
            self._verdict(conn, verdict, None)

    def recall(self, questions: Sequence[str]) -> set[str]:
        """Those of them that are graded; `kept` tells of their cards as they stand now."""
        now = self.study.clock.now()
        with self.db() as conn:
            stored = lab_runs.run(conn, self.run_id).verdicts
            graded = {q: stored[q]["rating"] for q in questions if stored.get(q, {}).get("rating") is not None}
            for q, rating in graded.items():
                card = cards.get(conn, self._card_of(conn, int(q[1:])) or "")
                if card is not None:
                    self.kept.append(KeptCard(card.item, Rating(rating).word, interval_words(card.schedule, now), q))
        return set(graded)

    def flush(self) -> None:
        """Write the facts and pictures that came since as one event; their files are on disk already."""
        if self._facts or self._pictures:
            self._record("lab_facts", {"stage": self._stage, "facts": self._facts, "pictures": self._pictures})
            self._facts, self._pictures = {}, []

    @contextmanager
    def db(self) -> Iterator[StudyDb]:
        """A connection for the calling thread."""
        if threading.get_ident() == self._thread:
            yield self.study.conn
            return
        conn = connect(self.study.home)
        try:
            yield conn
        finally:
            conn.close()

    def _record(self, kind: str, payload: Mapping[str, Any]) -> None:
        with self.db() as conn:
            record(conn, kind, None, {"run": self.run_id, **payload}, self.study.clock.now())

    def _revealed(self, conn: StudyDb) -> set[str]:
        """Questions of this very seed whose truth an earlier run has shown: answering them again is practice. A replay shows the truths
        of the backend that it was recorded on."""
        same = _shows(lab_runs.run(conn, self.run_id).details)
        earlier = [run.run for run in lab_runs.runs(conn, self.plan.lab) if run.run != self.run_id and _shows(run.details) == same]
        return {q for name in earlier for q, verdict in lab_runs.run(conn, name).verdicts.items() if verdict["outcome"] != "void"}

    def _rate(self, verdict: Verdict, settled: bool = False) -> Rating | None:
        return rating_of(verdict, self.plan.question(verdict.q).minutes, settled)

    def _verdict(self, conn: StudyDb, verdict: Verdict, rating: Rating | None) -> None:
        key = self._card_of(conn, int(verdict.q[1:]))
        rating = rating if key is not None else None
        payload = {
            "run": self.run_id,
            "q": verdict.q,
            "lab": self.plan.lab,
            "stage": self.plan.question(verdict.q).stage,
            "outcome": verdict.outcome,
            "rating": None if rating is None else int(rating),
            "value": verdict.said,
            "truth": verdict.truth,
            "trap": verdict.trap,
            "confidence": self._confidence(verdict),
            "seconds": verdict.seconds,
            "hints": verdict.hints,
            "concept": verdict.concept,
            "forecast": verdict.forecast,
            "practice": verdict.practice,
            "source": "lab",
        }
        if is_sure_miss(verdict.outcome, rating, verdict.confidence):
            payload["sure_miss"] = True
        now = self.study.clock.now()
        record(conn, "lab_verdict", key, payload, now)
        card = cards.get(conn, key) if key is not None else None
        if rating is not None and card is not None:
            self.kept.append(KeptCard(card.item, rating.word, interval_words(card.schedule, now), verdict.q))

    def _confidence(self, verdict: Verdict) -> float | None:
        """How sure the learner was, in percent; the two ends of an interval say so by their nature."""
        question = self.plan.question(verdict.q)
        if verdict.confidence is None and question.kind == "interval" and verdict.outcome in ("right", "wrong"):
            return 100 * question.level
        return verdict.confidence

    def _card_of(self, conn: StudyDb, task: int) -> str | None:
        """The card that stands for a task, in whichever course has one."""
        desk = self.study.desk_of(conn)
        found = (item_of_task(desk, course, self.plan.lab, task) for course in course_cache.cached_courses(conn))
        return next((key for key in found if key is not None), None)


def _shows(details: Mapping[str, Any]) -> tuple[Any, ...]:
    """What decides the truths of a run, from its start."""
    return (*(details.get(name) for name in ("seed", "level", "version")), details.get("origin") or details.get("backend"))
