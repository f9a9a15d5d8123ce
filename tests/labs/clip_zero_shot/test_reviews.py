"""What comes back as a card: fresh numbers without a model, and other questions over the stored facts of a run."""

from __future__ import annotations

from typing import Any

import pytest

from labs.clip_zero_shot.lab import LAB
from studyapp.errors import BadInput
from studyapp.labkit.api import Answer, Review
from studyapp.labkit.judge import check

WORDS = [
    "a red star left of a blue circle",
    "a blue circle left of a red star",
    *(f"a pink cross left of a green square {n}" for n in range(10)),
]
STORED: dict[str, Any] = {
    "row": {"labels": ["red star", "red cross", "blue star", "pink cross"], "cosines": [0.51, 0.44, 0.38, 0.12], "scale": 17.0},
    "outside": {
        "winner": "red star", "cosine": 0.3, "cosines": [0.3, 0.2, 0.1], "labels": ["red star", "blue star", "red cross"],
        "shown": "green circle", "probabilities": [0.8, 0.15, 0.05], "usual": 0.7,
    },
    "winning": {
        "winner": "red star", "nearest": "red star", "sum": 2.3, "prompts": [8, 9], "scores": [8, 9],
        "next": "red cross", "next-cosine": 0.4,
    },
    "winner-picture": "C", "winner-label": "red star", "winner-cosine": 0.52,
    "gallery": {
        "pictures": WORDS, "pair": ["a", "b"], "second": ["c", "d"], "pixels": ["a", "c"], "margin": 0.05,
        "cosines": [[1.0 if a == b else 0.98 if {a, b} == {0, 1} else 0.5 for b in range(12)] for a in range(12)],
    },
    "where": {
        "n": 400, "teach": 1200, "width": 64, "tokens": 0.95, "tokens-narrow": 0.84, "pooled": 0.52, "pixels-narrow": 0.75,
        "untrained-tokens-narrow": 0.74, "untrained-pooled": 0.5,
    },
}  # fmt: skip


def judged(review: Review) -> set[str]:
    answers: dict[str, Answer | None] = {q.id: Answer(value=review.truth[q.id].value) for q in review.questions}
    return {verdict.outcome for verdict in check(review.plan.model_copy(update={"questions": review.questions}), review.truth, answers)}


@pytest.mark.parametrize("what", ["q2", "q6", "q8", "q11", "q12", "q14", "q15", "2", "contrastive-target", "cosine-vs-prob", "logit-scale"])
@pytest.mark.parametrize("seed", [1, 2, 987654321])
def test_a_review_needs_no_model_no_picture_and_judges_itself(what: str, seed: int) -> None:
    review = LAB.review(what, seed)
    assert review.questions
    for question in review.questions:
        assert not question.needs
        assert question.reason is None
        assert "{fact:" not in question.ask
        assert not review.truth[question.id].void
        assert [hint.step for hint in question.hints] == [1, 2, 3, 4]
    assert judged(review) == {"right"}


def test_fresh_seeds_bring_fresh_numbers() -> None:
    asks = {LAB.review("q2", seed).questions[0].ask for seed in range(20)}
    assert len(asks) == 20


def test_a_review_can_be_asked_for_a_misconception_and_refuses_what_only_a_run_decides() -> None:
    assert [question.id for question in LAB.review("softmax-no-scale", 3).questions] == ["q2"]
    assert [question.id for question in LAB.review("argmax-can-refuse", 3).questions] == ["q8"]
    for what in ("q9", "q19", "q3"):
        with pytest.raises(BadInput, match="without a model"):
            LAB.review(what, 3)


@pytest.mark.parametrize("what", ["q2", "q8", "q10", "q12", "q19"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_stored_facts_are_asked_about_in_another_way(what: str, seed: int) -> None:
    review = LAB.replay_review(what, seed, STORED)
    assert judged(review) == {"right"}
    assert "{fact:" not in review.questions[0].ask
    assert not review.questions[0].needs


def test_a_replay_keeps_the_blind_pair_among_six_pictures_told_in_words() -> None:
    for seed in range(10):
        review = LAB.replay_review("q10", seed, STORED)
        question: Any = review.questions[0]
        assert len(question.options) == 6
        right = {option.text for option in question.options if option.id in review.truth["q10"].value}
        assert right == set(WORDS[:2])


def test_a_replay_of_the_softmax_takes_another_scale() -> None:
    scales = {LAB.replay_review("q2", seed, STORED).questions[0].ask for seed in range(10)}
    assert len(scales) == 10


def test_the_bars_of_the_run_come_along_as_text() -> None:
    (picture,) = LAB.replay_review("q19", 4, STORED).pictures
    assert picture.png is None
    assert any("pooled vector" in line and "52" in line for line in picture.grid)


def test_what_the_facts_do_not_hold_is_refused() -> None:
    with pytest.raises(BadInput, match="hold nothing"):
        LAB.replay_review("q10", 1, {})
    with pytest.raises(BadInput, match="hold nothing"):
        LAB.replay_review("q9", 1, STORED)
