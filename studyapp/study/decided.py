"""Where the learner decided otherwise than a judge of free text: what is remembered of it, and how it is followed on the same wording.

Pure. What is remembered is part of the answer's event (`disputes`), so that undo takes it back with the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from studyapp.memory.state import Rating
from studyapp.study.grading.reading import FOUND, MISSED, Doubt, Mark, Reading
from studyapp.study.grading.result import Judgement
from studyapp.study.grading.words import Match, match, phrase

POINT, DOUBT, RATING = "point", "misconception", "rating"
MEANT, NOT_MEANT = "meant", "not meant"
MOST_WORDS = 300  # of a wording; longer ones are compared by their beginning

_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*")
_SENTENCE = re.compile(r"[.;!?\n]+")
# May be there or not without a change of meaning. No negations, no `only`, nothing with a direction.
_FILLERS = frozenset(re.findall(r"\w+", "a an the that it its this these those is are was were be so also very really then and"))


@dataclass(frozen=True, slots=True)
class Decision:
    """`about`: a point, a misconception or the rating; `text` names which. `wording` is the passage it was about, `answer` the whole."""

    about: str
    text: str
    wording: str
    answer: str
    proposed: str
    decided: str

    def row(self) -> dict[str, str]:
        """JSON form, as an entry of an event's `disputes`."""
        return asdict(self)

    @classmethod
    def from_row(cls, row: Any) -> Decision:
        return cls(**{name: str(row.get(name, "")) for name in cls.__slots__})


def decisions(judgement: Judgement, proposed: Rating | None, chosen: Rating) -> list[Decision]:
    """What the learner decided against the reading: points ticked or unticked, a doubt denied, `again` against not `again`."""
    reading = judgement.reading
    if reading is None:
        return []
    found = []
    for point, mark in zip(judgement.points, reading.marks, strict=True):
        if point.found is not (mark.shown == FOUND):
            wording = _passage(reading, mark.span)
            found.append(Decision(POINT, point.text, wording, reading.text, mark.state, FOUND if point.found else MISSED))
    doubt = reading.doubt
    if doubt is not None and doubt.said is not None and doubt.said is doubt.before:
        said = MEANT if doubt.said else NOT_MEANT  # a denial, or a denial of before that is taken back
        found.append(Decision(DOUBT, doubt.text, _passage(reading, doubt.span), reading.text, MEANT, said))
    if proposed is not None and (proposed is Rating.AGAIN) is not (chosen is Rating.AGAIN):
        found.append(Decision(RATING, "", reading.text, reading.text, proposed.word, chosen.word))
    return found


def follow(reading: Reading, points: Sequence[str], known: Sequence[Decision]) -> Reading:
    """The reading with what the learner decided before on the same or nearly the same wording; `known` has the newest first."""
    if not known:
        return reading
    marks = tuple(replace(mark, before=_before(reading, mark, text, known)) for mark, text in zip(reading.marks, points, strict=True))
    rating = next((d.decided for d in known if d.about == RATING and same_wording(reading.text, d.answer)), None)
    return replace(
        reading,
        marks=marks,
        doubt=_settled(reading, reading.doubt, known),
        rating=int(Rating.of(rating)) if rating in {r.word for r in Rating} else None,
    )


def same_wording(one: str, other: str) -> bool:
    """The same words in the same order but for typos, case, punctuation and fillers; a number, a negation, another word differs."""
    a, b = _words(one), _words(other)
    if not a or not b or abs(len(a) - len(b)) > 3 + len(a) // 5:
        return False
    if a == b:
        return True
    from rapidfuzz.distance import Levenshtein

    for step in Levenshtein.opcodes(a, b):
        ours, theirs = a[step.src_start : step.src_end], b[step.dest_start : step.dest_end]
        if step.tag == "replace":
            if len(ours) != len(theirs) or not all(_slip(x, y) or _slip(y, x) for x, y in zip(ours, theirs, strict=True)):
                return False
        elif step.tag != "equal" and not _FILLERS.issuperset([*ours, *theirs]):
            return False
    return True


def _slip(typed: str, word: str) -> bool:
    return match(phrase(typed), phrase(word))[0] <= Match.TYPO


def _before(reading: Reading, mark: Mark, text: str, known: Sequence[Decision]) -> bool | None:
    """What was decided of this point on this wording. One that was denied is denied where the same passage was read as it; one that was
    granted is granted wherever the same passage stands."""
    for decision in known:
        if decision.about != POINT or decision.text != text:
            continue
        granted = decision.decided == FOUND
        passage = mark.span is not None and same_wording(_passage(reading, mark.span), decision.wording)
        if passage or same_wording(reading.text, decision.answer):
            return granted
        if granted and any(same_wording(part, decision.wording) for part in _parts(reading.text, decision.wording)):
            return True
    return None


def _settled(reading: Reading, doubt: Doubt | None, known: Sequence[Decision]) -> Doubt | None:
    if doubt is None:
        return None
    for decision in known:
        if decision.about != DOUBT or decision.text != doubt.text:
            continue
        if same_wording(_passage(reading, doubt.span), decision.wording) or same_wording(reading.text, decision.answer):
            return replace(doubt, said=False, before=True) if decision.decided == NOT_MEANT else doubt
    return doubt


def _passage(reading: Reading, span: tuple[int, int] | None) -> str:
    return reading.text[slice(*span)] if span else reading.text


def _parts(text: str, like: str) -> Iterator[str]:
    """Runs of as many sentences of a text as `like` has."""
    sentences = [part for part in _SENTENCE.split(text) if part.strip()]
    size = max(1, len([part for part in _SENTENCE.split(like) if part.strip()]))
    yield from (" ".join(sentences[at : at + size]) for at in range(len(sentences) - size + 1))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)][:MOST_WORDS]
