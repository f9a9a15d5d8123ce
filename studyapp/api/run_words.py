"""What a session does with the learner's own words: they are read by a judge, and the learner answers what only they can know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from studyapp.api.faces import judged
from studyapp.study.session import Session, State

if TYPE_CHECKING:
    from studyapp.api.desk import Desk
    from studyapp.api.grading import Judged
    from studyapp.api.reading import Reader, Task
    from studyapp.api.views import RevealView
    from studyapp.study.grading import Judgement


class RunWords:
    """The part of `StudyRun` that has to do with words."""

    desk: Desk
    session: Session
    reader: Reader | None = None  # who reads free text; without one the learner ticks alone

    @property
    def asked(self) -> tuple[str, ...]:
        """After a misspelt answer: the forms that it is near to. "Did you mean ...?" is asked, and `meant` takes the answer."""
        card = self.session.card
        return card.judgement.meant if card is not None and card.judgement is not None and self.session.state is State.RETRY else ()

    def writing(self) -> None:
        """The learner has begun to write free text: get ready to read it. Returns at once."""
        if self.reader is not None:
            self.reader.warm(self._card().presented.item)

    def reading(self, value: Any) -> Task | None:
        """What a judge is to read in this answer, None where there is nothing. Where the task is not `quick`, a front end runs it in a
        thread of its own and gives `submit` what comes of it."""
        return None if self.reader is None else self.reader.task(self._card().presented.item, value)

    def settle(self, said: bool) -> RevealView:
        """The learner's answer to a suspected misconception: whether they meant it. The proposal follows."""
        self.session.settle(said)
        return self._shown_again()

    def meant(self, yes: bool) -> RevealView:
        """The learner's answer to "did you mean ...?" after a misspelt answer: then it is right, or else counts as it stands."""
        self.session.meant(yes, self._ms())
        return self._shown_again()

    def judge(self, value: Any, read: Judged | None = None) -> Judgement:
        """The judgement of an answer to the card in play, free text read by a judge."""
        presented = self._card().presented
        judgement = judged(presented.item, presented.draw, value, self.desk.stored_run)
        task = self.reading(value) if judgement.points else None
        if task is None or self.reader is None:
            return judgement
        return self.reader.read(presented.item, judgement, task, task() if read is None else read)

    def _shown_again(self) -> RevealView:
        self._keep()
        found = self.revealed
        assert found is not None
        return found

    if TYPE_CHECKING:  # what `StudyRun` brings

        @property
        def revealed(self) -> RevealView | None: ...
        def _card(self) -> Any: ...
        def _keep(self) -> None: ...
        def _ms(self) -> int: ...
