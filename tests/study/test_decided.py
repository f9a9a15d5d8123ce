"""What is remembered of a decision against a judge, and on which wording it is followed."""

from __future__ import annotations

import pytest

from studyapp.memory.state import Rating
from studyapp.study.decided import Decision, decisions, follow, same_wording
from studyapp.study.grading import Doubt, Judgement, Mark, Outcome, PointState, Reading

POINTS = (PointState("p1", "pixels carry no meaning", indispensable=True), PointState("p2", "attention is quadratic"))
TEXT = "A pixel says nothing alone. Pairs cost too much."
ANTI = "Pixels are impossible."


def reading(text: str = TEXT, marks: tuple[Mark, ...] = (), doubt: Doubt | None = None, error: bool = False) -> Reading:
    marks = marks or (Mark("found", 0.9, (0, 26)), Mark("missed", 0.1))
    return Reading(text, "default", "partial", 0.8, marks, doubt, error)


def judged(found: Reading) -> Judgement:
    return Judgement(Outcome.SELF, points=POINTS).with_reading(found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The encoder is frozen.", "the encoder is frozen"),
        ("the encoder is frozen", "encoder frozen"),
        ("the encodr is frozen", "the encoder is frozen"),
        ("pre-training, then tuning", "pre training then tuning"),
        ("two tokens", "2 tokens"),
    ],
)
def test_nearly_the_same_wording(one: str, other: str) -> None:
    assert same_wording(one, other)
    assert same_wording(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the encoder is frozen", "the encoder is not frozen"),
        ("the encoder is frozen", "the decoder is frozen"),
        ("only the encoder is frozen", "the encoder is frozen"),
        ("it is trained on 2 images", "it is trained on 3 images"),
        ("the image goes to the text", "the text goes to the image"),
        ("the encoder is frozen", "the encoder"),
        ("", ""),
        ("?", "!"),
    ],
)
def test_another_wording(one: str, other: str) -> None:
    assert not same_wording(one, other)


def test_nothing_is_remembered_where_the_learner_agrees() -> None:
    assert decisions(judged(reading()), Rating.HARD, Rating.HARD) == []
    assert decisions(judged(reading()), Rating.HARD, Rating.GOOD) == []
    assert decisions(Judgement(Outcome.SELF, points=POINTS).ticked("p1", True), Rating.AGAIN, Rating.GOOD) == []


def test_a_tick_an_untick_a_denial_and_an_overruled_miss_are_remembered_with_their_wording() -> None:
    judgement = judged(reading(doubt=Doubt(ANTI, (28, 48)), error=True)).ticked("p1", False).ticked("p2", True).settled(False)
    found = decisions(judgement, Rating.AGAIN, Rating.GOOD)
    assert [(d.about, d.text, d.proposed, d.decided) for d in found] == [
        ("point", POINTS[0].text, "found", "missed"),
        ("point", POINTS[1].text, "missed", "found"),
        ("misconception", ANTI, "meant", "not meant"),
        ("rating", "", "again", "good"),
    ]
    assert [d.wording for d in found] == [TEXT[:26], TEXT, TEXT[28:48], TEXT]


def known(judgement: Judgement, proposed: Rating | None = None, chosen: Rating = Rating.GOOD) -> list[Decision]:
    return [Decision.from_row(decision.row()) for decision in decisions(judgement, proposed, chosen)]


def followed(found: Reading, before: list[Decision]) -> Reading:
    return follow(found, [point.text for point in POINTS], before)


def test_the_same_wording_later_follows_the_decision() -> None:
    before = known(judged(reading()).ticked("p1", False).ticked("p2", True))
    later = followed(reading("a pixel says nothing alone; pairs cost too much", (Mark("found", 0.9, (0, 26)), Mark("missed", 0.1))), before)
    assert [mark.before for mark in later.marks] == [False, True]
    assert [mark.shown for mark in later.marks] == ["missed", "found"]
    assert [point.found for point in judged(later).points] == [False, True]


def test_another_wording_later_does_not() -> None:
    before = known(judged(reading()).ticked("p1", False).ticked("p2", True))
    later = followed(reading("A pixel has no meaning. All pairs are compared.", (Mark("found", 0.9, (0, 22)), Mark("missed", 0.1))), before)
    assert [mark.before for mark in later.marks] == [None, None]


def test_a_granted_wording_is_granted_inside_a_longer_answer_a_denied_one_only_where_it_is_the_proof() -> None:
    granted = known(judged(reading()).ticked("p2", True))
    longer = f"First of all there is the size. {TEXT} That is all."
    assert followed(reading(longer, (Mark("missed", 0.1), Mark("missed", 0.1))), granted).marks[1].before is True
    denied = known(judged(reading()).ticked("p1", False))
    elsewhere = f"{TEXT} Raw numbers have no semantics."
    assert followed(reading(elsewhere, (Mark("found", 0.9, (49, 79)), Mark("missed", 0.1))), denied).marks[0].before is None


def test_a_denied_misconception_is_not_asked_again_and_costs_nothing() -> None:
    doubtful = reading(doubt=Doubt(ANTI, (28, 48)), error=True)
    later = followed(doubtful, known(judged(doubtful).settled(False)))
    assert later.doubt == Doubt(ANTI, (28, 48), said=False, before=True)
    assert not later.material_error
    assert followed(reading(doubt=Doubt("Another error.", (28, 48)), error=True), known(judged(doubtful).settled(False))).material_error


def test_an_overruled_rating_is_proposed_on_the_same_words() -> None:
    assert followed(reading(), known(judged(reading()), Rating.AGAIN, Rating.GOOD)).rating == Rating.GOOD
    assert followed(reading("Something else."), known(judged(reading()), Rating.AGAIN, Rating.GOOD)).rating is None


def test_the_newest_decision_counts() -> None:
    first = known(judged(reading()).ticked("p1", False))
    second = known(judged(followed(reading(), first)).ticked("p1", True))
    assert followed(reading(), [*second, *first]).marks[0].before is True


def test_a_reading_survives_as_json() -> None:
    found = reading(doubt=Doubt(ANTI, (28, 48), said=True), error=True)
    assert Reading.from_row(found.row()) == found
    judgement = judged(found)
    assert Judgement.from_row(judgement.row()) == judgement
