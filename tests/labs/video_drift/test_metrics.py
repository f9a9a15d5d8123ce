"""The metrics against definitions written out here from the VBench paper (arXiv:2311.17982, section 3 and its supplement), and laws."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest

from labs.scenes.clips import KINDS, clip
from labs.video_drift import reel, sums
from labs.video_drift.reading import Reader
from studyapp.labkit.api import BackendRef

np = pytest.importorskip("numpy")
from labs.video_drift import metrics  # noqa: E402

CLOSE = 1e-6
READER = Reader(BackendRef(kind="none", name="none"))


def cosine(a: list[float], b: list[float]) -> float:
    """Clamped at 0 as the benchmark does with every pair."""
    dot = math.fsum(x * y for x, y in zip(a, b, strict=True))
    lengths = math.sqrt(math.fsum(x * x for x in a)) * math.sqrt(math.fsum(y * y for y in b))
    return max(0.0, dot / lengths)


def vbench_subject_consistency(frames: list[list[float]]) -> float:
    """S = 1/(T-1) * sum over t = 2..T of (<d_1 . d_t> + <d_(t-1) . d_t>) / 2, with unit features d."""
    total, count = 0.0, 0
    first = previous = None
    for d in frames:
        if previous is None:
            first = previous = d
            continue
        total += 0.5 * (cosine(first or [], d) + cosine(previous, d))
        count += 1
        previous = d
    return total / count


def vbench_flickering(video: Any) -> float:
    """S = (255 - mean over pairs of frames of the mean absolute difference) / 255."""
    pairs = []
    for t in range(len(video) - 1):
        a, b = video[t].reshape(-1).tolist(), video[t + 1].reshape(-1).tolist()
        pairs.append(math.fsum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a))
    return (255 - math.fsum(pairs) / len(pairs)) / 255


@pytest.mark.parametrize("seed", range(10))
def test_subject_consistency_is_vbenchs(seed: int) -> None:
    random = np.random.default_rng(seed)
    features = random.normal(size=(random.integers(3, 30), random.integers(2, 20))) * random.uniform(0.1, 9) + random.uniform(-1, 1)
    assert metrics.subject_consistency(features) == pytest.approx(vbench_subject_consistency(features.tolist()), abs=CLOSE)


@pytest.mark.parametrize("kind", ["good", "flicker", "frozen"])
def test_temporal_flickering_is_vbenchs(kind: str) -> None:
    frames = READER.frames(reel.of_kind(3, kind, 0).frames[:6])
    assert metrics.flickering(frames) == pytest.approx(vbench_flickering(frames), abs=CLOSE)


def test_levels_do_not_wrap_round_where_bytes_would() -> None:
    frames = np.stack([np.full((2, 2, 3), level, dtype=np.uint8) for level in (10, 250, 10)])
    assert metrics.mean_change(frames) == 240
    assert metrics.flickering(frames) == pytest.approx(15 / 255)


@pytest.mark.parametrize("seed", range(5))
def test_a_gap_curve_starts_at_neighbours_and_takes_all_pairs(seed: int) -> None:
    features = np.random.default_rng(seed).normal(size=(12, 4))
    rows = features.tolist()
    for gap, value in enumerate(metrics.gap_curve(features, 30), start=1):
        pairs = [cosine(rows[t], rows[t + gap]) for t in range(12 - gap)]
        assert value == pytest.approx(sum(pairs) / len(pairs), abs=CLOSE)
    assert len(metrics.gap_curve(features, 30)) == 11, "no farther than the clip reaches"


def test_an_empty_feature_resembles_nothing_and_breaks_nothing() -> None:
    features = np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
    assert metrics.subject_consistency(features) == pytest.approx((0 + 0 + 0 + 1) / 4)


def test_a_frozen_clip_is_perfect_on_every_consistency_score_and_still() -> None:
    frames = READER.frames(reel.of_kind(5, "frozen", 0).frames)
    features = metrics.thumbnails(frames)
    assert metrics.flickering(frames) == 1
    assert metrics.subject_consistency(features) == pytest.approx(1)
    assert metrics.gap_curve(features, 16) == pytest.approx([1.0] * 16)
    assert (metrics.moving(frames), metrics.largest_step(frames), metrics.dynamic(frames)) == (0, 0, False)


def test_the_largest_step_is_the_way_between_the_centres_of_the_scenes() -> None:
    for kind in ("good", "teleport"):
        made = clip(reel.rng(1, "steps"), kind, frames=12, size=64)
        places = [(scene["objects"][0]["x"], scene["objects"][0]["y"]) for scene in made.frames]
        right = max(math.dist(a, b) for a, b in pairwise(places))
        assert metrics.largest_step(READER.frames(made.frames)) == pytest.approx(right, abs=0.012), kind


def test_where_no_object_is_seen_there_is_no_step() -> None:
    made = reel.of_kind(2, "vanish", 0)
    frames = READER.frames(made.frames)
    begin, end = made.truth["gone"]
    assert [place is None for place in metrics.positions(frames)] == [begin <= n < end for n in range(reel.FRAMES)]
    assert metrics.largest_step(frames) < 0.06, "coming back after a gap is not a step"


def test_all_moving_kinds_count_as_dynamic_and_only_the_frozen_one_does_not() -> None:
    for number in range(3):
        for kind in KINDS:
            assert metrics.dynamic(READER.frames(reel.of_kind(4, kind, number).frames)) == (kind != "frozen"), (kind, number)


def test_thumbnails_see_where_things_are() -> None:
    frames = READER.frames(reel.of_kind(1, "good", 0).frames)
    small = metrics.thumbnails(frames)
    assert small.shape == (24, 192)
    assert small[0, :3] == pytest.approx(frames[0, :4, :4].reshape(-1, 3).mean(axis=0) / 255)
    assert metrics.subject_consistency(small) < 1


def test_the_fewest_dynamic_clips_are_those_that_bring_the_weighted_sum_ahead() -> None:
    for subject, flicker, clips in ((0.9, 0.95, 20), (0.884, 0.98, 50), (0.75, 0.85, 30)):
        count = sums.needed(subject, flicker, clips)
        assert count is not None
        assert subject + flicker + 0.5 * count / clips > 2
        assert subject + flicker + 0.5 * (count - 1) / clips <= 2 + 1e-12
    assert sums.needed(0.5, 0.5, 10) is None, "motion at half weight cannot make up for a whole point"
    assert sums.needed(0.9, 0.9, 10) == 5, "a tie at 4 of 10 is no win"


def test_half_life_is_the_first_gap_below_the_bound() -> None:
    assert sums.half_life([0.9, 0.6, 0.5, 0.4], 0.5) == 4
    assert sums.half_life([0.9, 0.8], 0.5) is None
    assert sums.extrapolated([0.9], 0.5) == 6
    assert sums.extrapolated([0.952], 0.52) == 11, "ten steps of 0.048 lead to 0.52 itself"


@pytest.mark.parametrize("seed", range(5))
def test_cosines_and_differences_agree_with_torchmetrics(seed: int) -> None:
    torch, theirs = pytest.importorskip("torch"), pytest.importorskip("torchmetrics.functional")
    features = np.random.default_rng(seed).normal(size=(12, 6)) + 0.2
    table = theirs.pairwise_cosine_similarity(torch.tensor(features), torch.tensor(features)).clamp(min=0)
    for gap, value in enumerate(metrics.gap_curve(features, 11), start=1):
        assert value == pytest.approx(float(table.diagonal(gap).mean()), abs=CLOSE)
    subject = (table.diagonal(1).mean() + table[0, 1:].mean()) / 2
    assert metrics.subject_consistency(features) == pytest.approx(float(subject), abs=CLOSE)
    frames = np.random.default_rng(seed).integers(0, 256, size=(5, 4, 6, 3)).astype(np.uint8)
    mae = theirs.mean_absolute_error(torch.tensor(frames[1:], dtype=torch.float64), torch.tensor(frames[:-1], dtype=torch.float64))
    assert metrics.flickering(frames) == pytest.approx((255 - float(mae)) / 255, abs=CLOSE)
