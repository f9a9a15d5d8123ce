"""The card that the learner has before them: what they did with it, and the rating that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from studyapp.course.draws import Draw
from studyapp.course.items import Item
from studyapp.errors import BadInput
from studyapp.memory.state import Rating, Schedule
from studyapp.study.decided import decisions
from studyapp.study.grading import Judgement, Outcome, verdict
from studyapp.study.pace import IDLE_CAP_MS, time_box_s
from studyapp.study.rating import WORKED_EXAMPLE, GradeInput, is_sure_miss, propose
from studyapp.study.turns import Graded, Presented, Turn

_KINDS = {Turn.DRILL: "drill", Turn.PRACTICE: "practice"}


@dataclass(slots=True)
class Card:
    """`spent_ms`: time with it so far; `thought_ms`: until the answer; `touched_ms`: the last moment that was counted."""

    presented: Presented
    touched_ms: int
    spent_ms: int = 0
    thought_ms: int = 0
    hints: int = 0
    value: Any = None
    confidence: int | None = None
    judgement: Judgement | None = None
    retried: bool = False
    ticked: bool = False
    lucky: bool = False
    overrule: Rating | None = None

    @property
    def key(self) -> str:
        return self.presented.item.key

    def stay(self, now_ms: int) -> int:
        """Count the time since the last moment; returns the time with this card, no more than the idle cap."""
        self.spent_ms += max(0, now_ms - self.touched_ms)
        self.touched_ms = now_ms
        return min(self.spent_ms, IDLE_CAP_MS)

    def answered(self, value: Any, confidence: int | None, judgement: Judgement, now_ms: int, retried: bool) -> None:
        """An answer; a retry keeps the confidence that the first answer was given with, unless it brings its own."""
        self.stay(now_ms)
        self.value, self.judgement, self.retried = value, judgement, retried
        self.confidence = confidence if confidence is not None else self.confidence
        self.thought_ms = min(self.spent_ms, IDLE_CAP_MS)

    def unanswered(self, now_ms: int) -> None:
        """As before the answer."""
        self.stay(now_ms)
        self.value, self.confidence, self.judgement = None, None, None
        self.retried, self.ticked, self.lucky, self.overrule = False, False, False, None

    def rejudged(self, judgement: Judgement) -> None:
        """Another judgement of the same answer, with the learner's ticks where its points are the same."""
        if self.ticked and self.judgement is not None:
            known = {point.id for point in judgement.points}
            for point in self.judgement.points:
                if point.id in known:
                    judgement = judgement.ticked(point.id, point.found)
        self.judgement = judgement

    def tick(self, point_id: str, found: bool) -> Judgement:
        """Tick or untick a point; raises BadInput for an unknown one."""
        assert self.judgement is not None
        try:
            self.judgement = self.judgement.ticked(point_id, found)
        except KeyError:
            raise BadInput(f"{self.key} has no point {point_id!r}") from None
        self.ticked = True
        return self.judgement

    def settle(self, said: bool) -> Judgement:
        """The learner's answer to the doubt of the reading: they meant it, or not. BadInput where there is none."""
        assert self.judgement is not None
        if self.judgement.reading is None or self.judgement.reading.doubt is None:
            raise BadInput(f"{self.key}: there is no misconception to answer for")
        self.judgement = self.judgement.settled(said)
        return self.judgement

    def meant(self, yes: bool) -> Judgement:
        """Whether a misspelt answer was meant as the form that it is near to: right, or else as it stands."""
        assert self.judgement is not None
        kept = self.judgement.score if isinstance(self.value, list | tuple) else 0.0  # the other blanks of a cloze, members of a list
        outcome = Outcome.RIGHT if yes else Outcome.PARTIAL if kept else Outcome.WRONG
        self.judgement = replace(self.judgement, outcome=outcome, score=1.0 if yes else kept, say="", meant=())
        self.retried = True
        return self.judgement

    def outcome(self) -> Outcome:
        """The outcome with the ticks counted in."""
        assert self.judgement is not None
        own_words = self.judgement.points and (self.ticked or self.judgement.outcome is not Outcome.SELF)
        return verdict(self.judgement.points, self.judgement.material_error) if own_words else self.judgement.outcome

    def proposal(self) -> Rating | None:
        """The rating that the grade table proposes, or the learner's own if they overruled it."""
        if self.overrule is not None:
            return self.overrule
        return self._proposed()

    def needs_key(self) -> bool:
        """Again for what was answered in the head is written by its own key only; where a judge has read the answer, the key that
        accepts what is shown does."""
        assert self.judgement is not None
        ticked_alone = bool(self.judgement.points) and self.judgement.reading is None
        return self.overrule is None and ticked_alone and self._proposed() is Rating.AGAIN

    def graded(self, rating: Rating | None) -> Graded:
        """The record for the log; None accepts the proposal. Raises BadInput where there is none to accept."""
        chosen = rating or self.proposal()
        if chosen is None:
            raise BadInput("rate it yourself: again, hard, good or easy")
        if rating is None and self.needs_key():
            raise BadInput("`again` is proposed; for your own words it takes your key: again, hard, good or easy")
        proposed = self._proposed()
        easier = (proposed, chosen) == (Rating.GOOD, Rating.EASY)  # easy is never proposed, so it is no contradiction
        overruled = proposed is not None and chosen is not proposed and not easier
        assert self.judgement is not None
        trap, reading = self.judgement.trap, self.judgement.reading
        read: dict[str, Any] = {}
        if reading is not None:
            read["reading"] = reading.for_log(tuple(point.id for point in self.judgement.points))
            disputes = decisions(self.judgement, None if self.lucky or self.hints >= WORKED_EXAMPLE else proposed, chosen)
            read |= {"disputes": [decision.row() for decision in disputes]} if disputes else {}
        kind = _KINDS.get(self.presented.turn, "answer")
        if self.presented.turn is Turn.CONTRAST and chosen is not Rating.AGAIN:
            kind = "drill"
        if self.presented.pays:
            read["pays"] = self.presented.pays
        if kind == "answer" and is_sure_miss(self.outcome(), chosen, self.confidence):
            read["sure_miss"] = True
        return Graded(
            kind=kind,
            key=self.key,
            rating=chosen,
            turn=self.presented.turn,
            payload={
                "draw": self.presented.draw.row(),
                "value": self.value,
                "outcome": self.outcome().value,
                "seconds": round(self.thought_ms / 1000, 1),
                "confidence": self.confidence,
                "hints": self.hints,
                "trap": trap.concept if trap and not (proposed is Rating.AGAIN and chosen is not Rating.AGAIN) else None,
                "points": {point.id: point.found for point in self.judgement.points},
                "overruled": overruled,
                "early": self.presented.turn is Turn.EARLY,
                **read,
            },
        )

    def due_after_again(self) -> int | None:
        """When its learning step falls due if it is rated again now; None without steps."""
        schedule = self.presented.previews.get(Rating.AGAIN)
        return schedule.due_ms if schedule else None

    def row(self) -> dict[str, Any]:
        """JSON form; item and previews are looked up again by `from_row`'s caller."""
        return {
            "key": self.key,
            "draw": self.presented.draw.row(),
            "turn": self.presented.turn.value,
            "ask_confidence": self.presented.ask_confidence,
            "section_intro": self.presented.section_intro,
            "pays": self.presented.pays,
            "touched_ms": self.touched_ms,
            "spent_ms": self.spent_ms,
            "thought_ms": self.thought_ms,
            "hints": self.hints,
            "value": self.value,
            "confidence": self.confidence,
            "judgement": self.judgement.row() if self.judgement else None,
            "retried": self.retried,
            "ticked": self.ticked,
            "lucky": self.lucky,
            "overrule": self.overrule,
        }

    @classmethod
    def from_row(cls, row: Mapping[str, Any], item: Item, draw: Draw, previews: Mapping[Rating, Schedule]) -> Card:
        return cls(
            presented=Presented(item, draw, Turn(row["turn"]), previews, row["ask_confidence"], row["section_intro"], row.get("pays")),
            touched_ms=row["touched_ms"],
            spent_ms=row["spent_ms"],
            thought_ms=row["thought_ms"],
            hints=row["hints"],
            value=row["value"],
            confidence=row["confidence"],
            judgement=Judgement.from_row(row["judgement"]) if row["judgement"] else None,
            retried=row["retried"],
            ticked=row["ticked"],
            lucky=row["lucky"],
            overrule=Rating(row["overrule"]) if row["overrule"] else None,
        )

    def _proposed(self) -> Rating | None:
        assert self.judgement is not None
        points, reading = self.judgement.points, self.judgement.reading
        if reading is not None and reading.rating is not None and not self.ticked and not self.lucky:
            return Rating(reading.rating)  # as the learner decided before on these words
        return propose(
            GradeInput(
                outcome=self.outcome(),
                hints=self.hints,
                slow=self.thought_ms > 1000 * time_box_s(self.presented.item),
                lucky=self.lucky,
                retried=self.retried,
                indispensable_missing=self.outcome() is not Outcome.SELF and any(p.indispensable and not p.found for p in points),
                points_share=sum(p.found for p in points) / len(points) if points and self.outcome() is not Outcome.SELF else 1.0,
            )
        )
