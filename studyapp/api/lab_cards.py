"""Lab cards: a lab's task as a card with fresh numbers, judged by the lab's own formulas; no model runs and no torch is imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from studyapp.api.desk import Desk
from studyapp.course.draws import Draw
from studyapp.course.items import Item
from studyapp.course.text import safe_text
from studyapp.course.view import Reveal, Shown
from studyapp.course.view import show as front
from studyapp.errors import EnvironmentProblem
from studyapp.memory.state import Rating
from studyapp.store import content
from studyapp.store.lab_runs import Stored
from studyapp.study.grading import Judgement, Outcome, Trap
from studyapp.study.hints import Hint
from studyapp.study.rating import GradeInput, propose

if TYPE_CHECKING:
    from studyapp.labkit.api import Picture, Question, Review, Verdict

_OUTCOMES = {"right": Outcome.RIGHT, "near": Outcome.NEAR, "lucky": Outcome.LUCKY, "wrong": Outcome.WRONG}
_SLOW = 2.0  # times the minutes that the lab gives a task


def item_of_task(desk: Desk, course: str, lab: str, task: int) -> str | None:
    """The key of the card that stands for a lab's task in a course, if it has one."""
    for row in content.course_items(desk.conn, course):
        if row["kind"] == "lab" and row["body"]["lab"] == lab and row["body"]["task"] == task:
            return str(row["key"])
    return None


def rating_of(verdict: Verdict, minutes: float, settled: bool = False) -> Rating | None:
    """The grade of a lab's verdict by the one grade table; None for forecasts, practice, void and skipped ones, and while a near
    answer has its free retry (`settled`: it was not taken)."""
    if not verdict.graded:
        return None
    return propose(
        GradeInput(
            outcome=_OUTCOMES[verdict.outcome],
            hints=verdict.hints,
            slow=(verdict.seconds or 0) > _SLOW * 60 * minutes,
            retried=verdict.retried or settled,
        )
    )


def lab_shown(item: Item, draw: Draw, stored: Stored) -> Shown:
    """The front of a lab card: the question of this draw's seed, in the form whose widget fits it."""
    plain = replace(front(item, draw), form="basic", lab=item.body["lab"], task=item.body["task"])
    review = review_of(item, draw, stored)
    if review is None:
        return plain
    question = review.questions[0]
    options = tuple((option.id, option.text) for option in getattr(question, "options", ()))
    pictures = "".join(_as_text(picture) for picture in review.pictures)
    return replace(
        plain,
        form=_form(question),
        ask=question.ask + pictures + _source(item, draw, stored),
        options=options if question.kind != "order" else (),
        steps=options if question.kind == "order" else (),
        choose=getattr(question, "count", 1) if question.kind == "pick" else 1,
        unit=getattr(question, "unit", None) or None,
    )


def lab_reveal(item: Item, draw: Draw, stored: Stored) -> Reveal:
    """The back of a lab card: the truth by formula, or from the stored facts."""
    review = review_of(item, draw, stored)
    why = item.body.get("why") or ""
    if review is None:
        return Reveal(answer=_reference(item), value=None, why=why)
    question = review.questions[0]
    truth = review.truth[question.id]
    says = {option.id: option.say for option in getattr(question, "options", ()) if option.say}
    return Reveal(answer=in_words(question, truth.value), value=truth.value, why=truth.why or why, says=says)


def lab_hints(item: Item, draw: Draw, stored: Stored) -> tuple[Hint, ...]:
    """The lab's own four steps."""
    review = review_of(item, draw, stored)
    return () if review is None else tuple(Hint(hint.step, hint.text) for hint in review.questions[0].hints)


def lab_judge(item: Item, draw: Draw, value: Any, stored: Stored) -> Judgement:
    """Judge an answer to a lab card; in the head (None), and for code tasks, the learner rates."""
    from studyapp.labkit.answers import read_answer
    from studyapp.labkit.judge import verdict

    review = review_of(item, draw, stored)
    if review is None or value is None:
        return Judgement(Outcome.SELF, expected=lab_reveal(item, draw, stored).value)
    question = review.questions[0].model_copy(update={"reason": None})  # a card asks for the value alone
    found = verdict(question, review.truth[question.id], read_answer(question, value))
    if found.outcome not in _OUTCOMES:
        return Judgement(Outcome.SELF, say=found.say, expected=found.truth)
    trap = Trap(found.trap, found.say) if found.trap else None
    return Judgement(_OUTCOMES[found.outcome], found.score, trap, found.say, expected=review.truth[question.id].value)


def review_of(item: Item, draw: Draw, stored: Stored) -> Review | None:
    """The torch-free instance of a task for a draw: by formula, else over the facts of the run that the draw names. None for tasks that
    need their lab (code), where no such run is stored, and for a lab that is gone."""
    return _review(item.body["lab"], item.body["task"], draw.token, draw.asks.get("run"), stored)[0]


def in_words(question: Question, value: Any) -> str:
    """A value of a question as a card's back shows it."""
    if question.kind == "shape":
        return "(" + ", ".join(str(size) for size in value) + ")"
    if question.kind == "match":
        left, right = ({option.id: option.text for option in side} for side in (question.left, question.right))
        return "\n".join(f"- {left.get(a, a)} → {right.get(b, b)}" for a, b in value.items())
    names: dict[str, str] = {option.id: option.text for option in getattr(question, "options", ())}
    if isinstance(value, list) and names:
        return "\n".join(f"- {names.get(v, v)}" for v in value)
    return names.get(str(value), str(value))


def _source(item: Item, draw: Draw, stored: Stored) -> str:
    """Says so where a card is about what a model did in a run of the learner's own: results of backends are never mixed."""
    backend = _review(item.body["lab"], item.body["task"], draw.token, draw.asks.get("run"), stored)[1]
    return "" if backend is None else f"\n\n*From your own run on {safe_text(backend)}.*"


def _as_text(picture: Picture) -> str:
    """A picture as text, under the name that the options use ("picture:pick-a" is a)."""
    name = picture.key.rpartition(":")[2].rpartition("-")[2]
    body = "```\n" + "\n".join(picture.grid) + "\n```" if picture.grid else picture.alt
    return f"\n\n**{name})**\n{body}"


def _form(question: Question) -> str:
    return {"number": "number", "choice": "choice", "explain": "choice", "multi": "choice", "pick": "choice", "order": "order"}.get(
        question.kind, "short"
    )


@lru_cache(maxsize=16)
def _review(lab: str, task: int, token: str, run: str | None, stored: Stored) -> tuple[Review | None, str | None]:
    """The instance, and the backend of the run whose facts it is about (None where it is arithmetic)."""
    from studyapp.labkit.discover import load

    try:
        found = load(lab)
    except EnvironmentProblem:  # the lab is gone, or broken
        return None, None
    make: Callable[[str, int], Review] | None = getattr(found, "review", None)
    again: Callable[[str, int, Mapping[str, Any]], Review] | None = getattr(found, "replay_review", None)
    review = None if make is None else _made(lambda: make(str(task), int(token, 16)))
    past = stored(run) if review is None and again is not None and run is not None else None
    if again is None or past is None or past.version != found.version:
        return review, None
    review = _made(lambda: again(str(task), int(token, 16), past.facts))
    return review, None if review is None else past.backend


def _made(make: Callable[[], Review]) -> Review | None:
    """What a plug-in gives; it may fail in any way, and then the learner rates this card alone."""
    try:
        review = make()
        return review if review.questions and review.questions[0].id in review.truth else None
    except Exception:
        return None


def _reference(item: Item) -> str:
    """A code task's reference solution."""
    from studyapp.errors import StudyError
    from studyapp.labkit.discover import load

    solutions: dict[str, list[str]]
    try:
        solutions = getattr(load(item.body["lab"]), "solutions", dict)()
    except StudyError:
        return "This lab is not installed."
    sources = solutions.get(f"q{item.body['task']}") or []
    return f"```\n{sources[0].strip()}\n```" if sources else f"Open the lab: studyapp lab start {item.body['lab']}"
