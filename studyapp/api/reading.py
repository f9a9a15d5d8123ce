"""Free text read for the learner: which answers a judge reads, and the judgement that follows from what it found.

`Reader.task` looks up what is needed; the task itself may block (a model, a server) and touches no database, so that a front end can
run it in a thread. The grader is imported when the first text is written, not before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studyapp.course.draws import answer_part
from studyapp.course.items import Item
from studyapp.store import disputes
from studyapp.study.decided import Decision, follow
from studyapp.study.grading import Doubt, Judgement, Mark, Reading

if TYPE_CHECKING:
    from studyapp.api.grading import Judged, Panel
    from studyapp.api.study import Study
    from studyapp.study.grading.free.contract import Graded, KeyPoint, Question

DEFAULT = "default"
READ = frozenset({"explain", "contrast", "true-false-repair"})  # forms whose points a judge looks for


@dataclass(frozen=True, slots=True)
class Task:
    """One answer to be read: call it, from any thread. `judge` is the one that is set; `quick`: it answers at once."""

    panel: Panel
    question: Question
    text: str
    judge: str

    @property
    def quick(self) -> bool:
        return self.judge == DEFAULT

    def __call__(self) -> Judged:
        from studyapp.api.grading import propose_for

        return propose_for(self.panel, self.question, self.text, self.judge)

    def at_once(self) -> Judged:
        """By the default, because the learner does not want to wait."""
        return Task(self.panel, self.question, self.text, DEFAULT)()


class Reader:
    """Reads the free text of a session by the judge that is set."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._warmed: set[str] = set()

    def task(self, item: Item, value: Any) -> Task | None:
        """What there is to read in an answer; None for one in the head, and for kinds without points."""
        text = text_of(item, value)
        if not text:
            return None
        return Task(self._study.panel(), question_for(item, self._synonyms(item.course)), text, self._judge())

    def read(self, item: Item, judgement: Judgement, task: Task, judged: Judged) -> Judgement:
        """The judgement with what was found; what the learner decided before on the same wording goes before it."""
        if len(judged.graded.points) != len(judgement.points):
            return judgement  # the course was edited between asking and reading
        known = [
            Decision(d.about, d.text, d.wording, d.answer, d.proposed, d.decided) for d in disputes.of_item(self._study.conn, item.key)
        ]
        reading = reading_of(judged, task.text, task.question.points)
        return judgement.with_reading(follow(reading, [point.text for point in judgement.points], known))

    def warm(self, item: Item) -> None:
        """The learner has begun to write: what reads it is loaded meanwhile, and the question prepared. Returns at once."""
        if item.key in self._warmed or item.kind == "lab" or answer_part(item)[0] not in READ:
            return
        self._warmed.add(item.key)
        import threading

        synonyms, judge = self._synonyms(item.course), self._judge()
        panel = self._study.panel() if judge != DEFAULT else None

        def load() -> None:
            from studyapp.study.grading.free.grade import grade

            question = question_for(item, synonyms)
            grade(question, question.reference)  # loads the tables, and keeps what can be worked out of the question alone
            if panel is not None:
                panel.warm(judge)

        threading.Thread(target=load, name="word tables", daemon=True).start()

    def _judge(self) -> str:
        return str(self._study.preferences()["judge"])

    def _synonyms(self, course: str) -> tuple[tuple[str, ...], ...]:
        return next((info.synonyms for info in self._study.courses() if info.id == course), ())


def text_of(item: Item, value: Any) -> str:
    """The free text of an answer in its JSON form; empty where there is none."""
    if item.kind == "lab":
        return ""
    form, body = answer_part(item)
    if form not in READ:
        return ""
    if form == "true-false-repair":
        said = isinstance(value, Mapping) and value.get("value") is False and body["truth"] is False
        value = value.get("repair") if said else None
    return value.strip() if isinstance(value, str) else ""


def question_for(item: Item, synonyms: tuple[tuple[str, ...], ...] = ()) -> Question:
    """The question of an item as a judge is asked it: the sides' points of a contrast, the correction of a false statement."""
    from studyapp.study.grading.free.batch import question_of
    from studyapp.study.grading.free.contract import KeyPoint, Question

    form, body = answer_part(item)
    if form == "contrast":
        sides = [f"{side['name']}: {text}" for side in body["sides"] for text in side["points"]]
        return Question(body["ask"], ". ".join(sides), tuple(KeyPoint(text) for text in sides), synonyms=synonyms)
    if form == "true-false-repair":
        first, *others = body["repair"]
        return Question(body["ask"], first, (KeyPoint(first, tuple(others), True),), (body["ask"],), synonyms)
    return question_of(body, synonyms)


def reading_of(judged: Judged, text: str, points: tuple[KeyPoint, ...]) -> Reading:
    """What a judge found, as the learner is shown it; one doubt at most."""
    from studyapp.study.grading.free.verdict import verdict

    graded = judged.graded
    without_error = verdict([point.state == "found" for point in graded.points], points, False)
    error = graded.verdict != without_error
    return Reading(
        text=text,
        judge=judged.judge,
        verdict=graded.verdict,
        confidence=round(graded.confidence, 4),
        marks=tuple(Mark(p.state, round(p.probability, 4), p.span) for p in graded.points),
        doubt=_doubt(graded, error),
        error=error,
        misconceptions=tuple(s.text for s in graded.suspicions),
        notice=judged.notice,
    )


def _doubt(graded: Graded, error: bool) -> Doubt | None:
    if graded.suspicions:
        worst = max(graded.suspicions, key=lambda suspicion: suspicion.probability)
        return Doubt(worst.text, worst.span)
    return Doubt("") if error else None
