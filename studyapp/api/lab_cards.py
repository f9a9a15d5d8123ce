"""Lab cards: a lab's task as a card with fresh numbers, judged by the lab's own formulas; no model runs and no torch is imported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from studyapp.api.desk import Desk
from studyapp.course.draws import Draw
from studyapp.course.items import Item
from studyapp.course.view import Reveal, Shown
from studyapp.course.view import show as front
from studyapp.memory.state import Rating
from studyapp.store import content
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


def lab_shown(item: Item, draw: Draw) -> Shown:
    """The front of a lab card: the question of this draw's seed, in the form whose widget fits it."""
    review = _review(item.body["lab"], item.body["task"], draw.token)
    if review is None:
        return replace(front(item, draw), form="basic", lab=item.body["lab"], task=item.body["task"])
    question = review.questions[0]
    options = tuple((option.id, option.text) for option in getattr(question, "options", ()))
    pictures = "".join(_as_text(picture) for picture in review.pictures)
    return replace(
        front(item, draw),
        form=_form(question),
        ask=question.ask + pictures,
        options=options if question.kind != "order" else (),
        steps=options if question.kind == "order" else (),
        choose=getattr(question, "count", 1) if question.kind == "pick" else 1,
        unit=getattr(question, "unit", None) or None,
        lab=item.body["lab"],
        task=item.body["task"],
    )


def lab_reveal(item: Item, draw: Draw) -> Reveal:
    """The back of a lab card: the truth by formula."""
    review = _review(item.body["lab"], item.body["task"], draw.token)
    why = item.body.get("why") or ""
    if review is None:
        return Reveal(answer=_reference(item), value=None, why=why)
    question = review.questions[0]
    truth = review.truth[question.id]
    names = {option.id: option.text for option in getattr(question, "options", ())}
    value = truth.value
    shown = "\n".join(f"- {names[v]}" for v in value) if isinstance(value, list) and names else names.get(str(value), str(value))
    says = {option.id: option.say for option in getattr(question, "options", ()) if option.say}
    return Reveal(answer=shown, value=value, why=truth.why or why, says=says)


def lab_hints(item: Item, draw: Draw) -> tuple[Hint, ...]:
    """The lab's own four steps."""
    review = _review(item.body["lab"], item.body["task"], draw.token)
    return () if review is None else tuple(Hint(hint.step, hint.text) for hint in review.questions[0].hints)


def lab_judge(item: Item, draw: Draw, value: Any) -> Judgement:
    """Judge an answer to a lab card; in the head (None), and for code tasks, the learner rates."""
    from studyapp.labkit.answers import read_answer
    from studyapp.labkit.judge import verdict

    review = _review(item.body["lab"], item.body["task"], draw.token)
    if review is None or value is None:
        return Judgement(Outcome.SELF, expected=lab_reveal(item, draw).value)
    question = review.questions[0]
    found = verdict(question, review.truth[question.id], read_answer(question, value))
    if found.outcome not in _OUTCOMES:
        return Judgement(Outcome.SELF, say=found.say, expected=found.truth)
    trap = Trap(found.trap, found.say) if found.trap else None
    return Judgement(_OUTCOMES[found.outcome], found.score, trap, found.say, expected=review.truth[question.id].value)


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
def _review(lab: str, task: int, token: str) -> Review | None:
    """The torch-free instance of a task for a draw; None for tasks that need their lab (code), or a lab that is gone."""
    from studyapp.labkit.discover import load

    try:
        make: Callable[[str, int], Review] | None = getattr(load(lab), "review", None)
        return None if make is None else make(str(task), int(token, 16))
    except Exception:  # a plug-in may fail in any way; then the learner rates this card alone
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
