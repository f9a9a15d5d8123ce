"""The arithmetic of probes against other ways to work it out."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from labs.vlm_probes import scores, traps
from labs.vlm_probes.scores import YesNo


@settings(max_examples=30, deadline=None)
@given(some.lists(some.tuples(some.booleans(), some.booleans()), min_size=2, max_size=40))
def test_the_error_of_pairs_is_that_of_their_means(rights: list[tuple[bool, bool]]) -> None:
    found = scores.share_of_pairs(rights)
    means = np.array(rights, dtype=float).mean(1)
    assert found.share == pytest.approx(means.mean())
    expected = means.std(ddof=1) / math.sqrt(len(means))
    assert found.error == (pytest.approx(expected) if expected > 1e-12 else pytest.approx(scores.share(round(found.right), found.n).error))
    assert scores.both(rights) == sum(map(all, rights))


def test_none_and_all_right_are_not_taken_for_certainty() -> None:
    assert scores.share(0, 20).error > 0.03
    assert scores.share(20, 20).error == pytest.approx(scores.share(0, 20).error)
    assert scores.share_of_pairs([(True, True)] * 50).error > 0


@settings(max_examples=30, deadline=None)
@given(some.lists(some.tuples(some.booleans(), some.booleans(), some.booleans(), some.booleans()), min_size=2, max_size=40))
def test_a_change_is_measured_pair_by_pair(rows: list[tuple[bool, bool, bool, bool]]) -> None:
    before, after = [(a, b) for a, b, _, _ in rows], [(c, d) for _, _, c, d in rows]
    mean, error = scores.change_of_pairs(before, after)
    change = np.array(after, dtype=float).mean(1) - np.array(before, dtype=float).mean(1)
    assert mean == pytest.approx(change.mean())
    assert error > 0
    if change.std() > 1e-12:
        assert error == pytest.approx(change.std(ddof=1) / math.sqrt(len(change)))


def test_the_scores_of_yes_and_no_by_their_definitions() -> None:
    table = YesNo(hits=38, misses=2, alarms=7, rejections=33)
    truth = np.array([1] * 40 + [0] * 40)
    said = np.array([1] * 38 + [0] * 2 + [1] * 7 + [0] * 33)
    precision, recall = truth[said == 1].mean(), said[truth == 1].mean()
    expected = {
        "yes-ratio": said.mean(),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall),
        "accuracy": (said == truth).mean(),
    }
    assert table.scores() == pytest.approx(expected)


def test_an_answer_that_is_neither_counts_against_recall_and_never_as_a_yes() -> None:
    found = YesNo(hits=5, misses=1, alarms=2, rejections=6, mute=(4, 2)).scores()
    assert found["recall"] == pytest.approx(5 / 10)
    assert found["precision"] == pytest.approx(5 / 7)
    assert found["yes-ratio"] == pytest.approx(7 / 20)
    assert found["accuracy"] == pytest.approx(11 / 20)


def test_a_model_that_never_says_yes_has_no_precision() -> None:
    found = YesNo(0, 10, 0, 10).scores()
    assert found["precision"] is None
    assert found["f1"] == 0
    assert YesNo(0, 0, 0, 0).scores()["yes-ratio"] is None


@settings(max_examples=30, deadline=None)
@given(*[some.integers(0, 60)] * 4)
def test_a_habit_alone_has_no_sensitivity_and_every_table_has_a_value(hits: int, misses: int, alarms: int, rejections: int) -> None:
    d, c = scores.signal(hits, misses, alarms, rejections)
    hit = (hits + 0.5) / (hits + misses + 1)
    alarm = (alarms + 0.5) / (alarms + rejections + 1)
    assert NormalDist().cdf(-c + d / 2) == pytest.approx(hit)
    assert NormalDist().cdf(-c - d / 2) == pytest.approx(alarm)
    assert scores.signal(0, hits, 0, hits)[0] == pytest.approx(0)
    assert scores.signal(hits, 0, hits, 0)[1] <= 0


def test_known_values_of_d_prime() -> None:
    """Hit rate .84 and false alarm rate .16 are one standard deviation to either side."""
    assert scores.signal(8400, 1600, 1600, 8400)[0] == pytest.approx(2 * NormalDist().inv_cdf(0.84), abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(some.lists(some.floats(0, 1), min_size=1, max_size=9))
def test_the_nearest_falling_curve_is_the_best_of_all_falling_ones(heights: list[float]) -> None:
    found = scores.isotonic(heights)
    assert all(a >= b - 1e-12 for a, b in pairwise(found))
    assert sum(found) == pytest.approx(sum(heights))
    cost = sum((a - b) ** 2 for a, b in zip(found, heights, strict=True))
    for shift in (0.01, -0.01):  # no falling curve near it is nearer
        for k in range(len(found)):
            other = sorted([*found[:k], found[k] + shift, *found[k + 1 :]], reverse=True)
            assert sum((a - b) ** 2 for a, b in zip(other, heights, strict=True)) >= cost - 1e-9


def test_where_a_curve_crosses_a_line() -> None:
    assert scores.crossing([0.96, 0.9, 0.7, 0.4, 0.2], 0.53) == pytest.approx(3 + 0.17 / 0.3)
    assert scores.crossing([0.9, 0.9, 0.9], 0.5) is None
    assert scores.crossing([0.4, 0.3], 0.5) == 1.0
    assert scores.crossing([1.0, 0.4, 0.6, 0.2], 0.55) == pytest.approx(1 + 0.45 / 0.5), "a rise is noise: 0.4 and 0.6 are pooled to 0.5"


def test_half_way_between_a_baseline_and_all_right() -> None:
    assert scores.above(0.75, 0.5) == 0.5
    assert scores.above(0.5, 0.5) == 0
    assert scores.above(1.0, 1.0) == 0


def test_group_accuracy_and_what_independence_would_give() -> None:
    rights = [(True, True)] * 5 + [(True, False)] * 2 + [(False, True)] + [(False, False)] * 2
    assert (traps.group_accuracy(rights), traps.question_accuracy(rights)) == (50, 65)
    assert traps.expected(rights) == pytest.approx(42.25)
    assert {trap.concept: trap.value for trap in traps.group(rights)} == {
        "group-is-mean": 65,
        "one-of-two-counts": 80,
        "group-assumed-independent": 42.25,
        "count-for-percent": 5,
    }
    assert {trap.concept: trap.value for trap in traps.independent(rights)} == {
        "group-is-mean": 65,
        "observed-for-expected": 50,
        "halved-for-pairs": 32.5,
        "one-of-two-counts": pytest.approx(87.75),
    }


def test_a_mistake_that_would_be_right_by_luck_is_no_trap() -> None:
    assert "group-is-mean" not in {trap.concept for trap in traps.group([(True, True)] * 10)}
    values = [trap.value for trap in traps.yes_scores(YesNo(20, 0, 0, 20), "precision")]
    assert all(abs(value - 100) > traps.GAP for value in values)
