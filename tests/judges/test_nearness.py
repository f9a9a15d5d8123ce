"""Nearness of sentences moves an offline grade a little, and never against negation, error or a nearer false statement."""

from __future__ import annotations

import re

import pytest

from studyapp.judges.nearness import Stretch, moved, statements, stretches
from studyapp.judges.scale import LIKE, measured, sentences
from studyapp.study.grading.free import FoundPoint, Graded, KeyPoint, Question, Suspicion, verdict

NEEDED, OTHER, ANTI = "the cost is too high", "a pixel means little", "the memory is too small"
QUESTION = Question("Why?", "Because.", (KeyPoint(NEEDED, ("it is far too dear",), True), KeyPoint(OTHER)), (ANTI,))
PIECES = [Stretch("it all gets too dear", (0, 20), False, False), Stretch("and a dot says nothing", (21, 43), True, False)]
FAR = [0.0, 0.0, 0.0, 0.0]  # to the two forms of the first point, the second point, the false statement


def graded(*points: tuple[str, float], error: float = 0.05, suspicions: tuple[Suspicion, ...] = (), wrong: bool = False) -> Graded:
    found = tuple(FoundPoint(state, chance, (0, 5) if state != "missed" else None) for state, chance in points)  # type: ignore[arg-type]
    said = verdict([state == "found" for state, _ in points], QUESTION.points, wrong)
    return Graded(found, said, 0.9, suspicions, error)


def after(grade: Graded, first: list[float], second: list[float] = FAR, pieces: list[Stretch] = PIECES) -> Graded:
    return moved(QUESTION, grade, pieces, [first, second])


def states(grade: Graded) -> list[str]:
    return [point.state for point in grade.points]


UNSURE = graded(("unsure", 0.4), ("missed", 0.02))


@pytest.mark.parametrize("row", [[1.0, 0, 0, 0], [0, 1.0, 0, 0]], ids=["text", "alias"])
def test_a_point_in_doubt_is_found_where_a_piece_says_the_same_as_its_text_or_an_alias(row: list[float]) -> None:
    new = after(UNSURE, row)
    assert states(new) == ["found", "missed"]
    assert new.points[0].span == PIECES[0].span
    assert new.points[0].probability > 0.5
    assert new.verdict == "correct"
    assert new.confidence < UNSURE.confidence


@pytest.mark.parametrize(
    ("row", "piece", "grade"),
    [
        ([1.0, 0, 0, 1.0], PIECES[0], UNSURE),
        ([1.0, 0, 0, 0], Stretch("it is not too dear", (0, 20), True, False), UNSURE),
        ([1.0, 0, 0, 0], Stretch("cost dear high", (0, 20), False, True), UNSURE),
        ([1.0, 0, 0, 0], PIECES[0], graded(("unsure", 0.4), ("missed", 0.02), error=0.8)),
        ([1.0, 0, 0, 0], PIECES[0], graded(("unsure", 0.4), ("missed", 0.02), suspicions=(Suspicion(ANTI, 0.4, (2, 9)),))),
        ([0.6, 0.6, 0, 0], PIECES[0], UNSURE),
    ],
    ids=["nearer to what is false", "negated", "a list of terms", "an error", "a suspicion in the same place", "only near"],
)
def test_nothing_gets_better_where_nearness_may_deceive(row: list[float], piece: Stretch, grade: Graded) -> None:
    new = after(grade, row, pieces=[piece, PIECES[1]])
    assert states(new) == ["unsure", "missed"]
    assert new.verdict == grade.verdict


def test_a_negated_piece_says_a_negated_point() -> None:
    question = Question("Why?", "", (KeyPoint("the encoder is not trained"),))
    grade = Graded((FoundPoint("unsure", 0.4, (0, 5)),), "incorrect", 0.7, (), 0.0)
    piece = stretches("nobody ever trains it, it is never trained")[-1]
    assert piece.denies
    assert moved(question, grade, [piece], [[1.0]]).verdict == "correct"


@pytest.mark.parametrize("row", [FAR, [1.0, 1.0, 1.0, 0.0]], ids=["far", "near"])
def test_what_was_found_stays_and_what_was_clearly_missed_stays(row: list[float]) -> None:
    sure = graded(("found", 0.55), ("missed", 0.02))
    assert after(sure, row, row) == sure


def test_a_material_error_stays_one() -> None:
    wrong = graded(("found", 0.9), ("unsure", 0.45), wrong=True, error=0.3)
    assert wrong.verdict == "partial"
    assert after(wrong, [1.0, 1.0, 0, 0], [0, 0, 1.0, 0]).verdict == "partial"


def test_the_pieces_are_neighbouring_clauses_with_their_places() -> None:
    answer = "Pixels mean little, and cost explodes; so use patches. They aren't free."
    pieces = stretches(answer)
    assert {piece.text for piece in pieces} >= {"Pixels mean little", "They aren't free", "cost explodes; so use patches"} or len(
        pieces
    ) >= 6
    assert all(answer[slice(*piece.span)] == piece.text for piece in pieces)
    assert [p.denies for p in pieces if p.text == "They aren't free"] == [True]
    assert [p.bare for p in pieces if p.text == "They aren't free"] == [False]


def test_terms_side_by_side_are_bare() -> None:
    assert stretches("patches tokens attention cost")[0].bare
    assert not stretches("patches are tokens")[0].bare


def test_a_very_long_answer_has_a_bounded_number_of_pieces() -> None:
    assert 0 < len(stretches("this, that and the other. " * 1000)) <= 64
    assert stretches("") == stretches("?!") == []


def test_the_columns_are_the_points_with_their_aliases_and_then_the_false_statements() -> None:
    assert statements(QUESTION) == [NEEDED, "it is far too dear", OTHER, ANTI]


def test_the_scale_puts_unlike_sentences_at_0_and_like_ones_at_1() -> None:
    count = len(sentences())
    table = [[1.0 if i == k else 0.8 if i // 2 == k // 2 else 0.5 + 0.01 * ((i + k) % 3) for k in range(count)] for i in range(count)]
    scale = measured(table)
    assert scale.useful
    assert scale(0.8) == pytest.approx(1.0)
    assert scale(0.51) == pytest.approx(0.0, abs=0.02)


def test_a_model_to_which_everything_is_alike_is_of_no_use() -> None:
    count = len(sentences())
    assert not measured([[1.0] * count for _ in range(count)]).useful
    assert not measured([[0.0] * count for _ in range(count)]).useful


def test_the_like_sentences_of_the_scale_share_hardly_a_word() -> None:
    small = set(re.findall(r"\w+", "the a an of for is in to than with by so that had them and was were before as when its their it"))
    for one, other in LIKE:
        shared = {w.strip(".,").lower() for w in one.split()} & {w.strip(".,").lower() for w in other.split()} - small
        assert len(shared) <= 1, shared
