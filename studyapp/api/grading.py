"""Free text graded for the learner: a proposal by the judge that is set (`judge`), by the default where that one cannot.

The calls here may block for seconds: a front end makes them in a thread of its own. They do not touch the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studyapp.course.draws import answer_part
from studyapp.errors import BadInput
from studyapp.judges import DEFAULT, Judged, Panel
from studyapp.study.grading.free.batch import question_of

if TYPE_CHECKING:
    from studyapp.api.study import Study
    from studyapp.course.items import Item
    from studyapp.study.grading.free.contract import Question

__all__ = ["LIMIT_S", "Judged", "Panel", "propose", "propose_for", "warm"]

LIMIT_S = 30.0  # what a learner would wait for a verdict; then the default grades, and the judge may be ready for the next answer
Synonyms = tuple[tuple[str, ...], ...]


def propose(study: Study, item: Item, answer: str, judge: str, synonyms: Synonyms = (), limit_s: float = LIMIT_S) -> Judged:
    """Grade an answer to an `explain` item (or a case that ends in one): the grade, who gave it, and a notice where that is not `judge`.

    `judge` is a spec, such as the setting `study.preferences()["judge"]`. Blocks for at most about `limit_s` seconds. Never raises for any
    text or judge; BadInput where the item has no key points.
    """
    kind, body = answer_part(item)
    if kind != "explain":
        raise BadInput(f"{item.key} is a {kind} item; only explain items are graded as free text")
    return propose_for(study.panel(), question_of(body, synonyms), answer, judge, limit_s)


def propose_for(panel: Panel, question: Question, answer: str, judge: str, limit_s: float = LIMIT_S) -> Judged:
    """The same for any question that has key points."""
    try:
        return panel.grade(judge, question, answer, limit_s)
    except BadInput as error:  # a setting that another version wrote
        judged = panel.grade(DEFAULT, question, answer)
        return Judged(judged.graded, judged.judge, f"{error}; graded by the default")


def warm(study: Study, judge: str) -> None:
    """A free text is being asked: let the judge get ready (load its model) while the learner writes. Returns at once."""
    study.panel().warm(judge)
