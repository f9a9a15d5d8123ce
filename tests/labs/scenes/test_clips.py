"""Clips move evenly, and each defect is where the truth says, and nowhere else."""

from __future__ import annotations

import itertools
from random import Random

import pytest

from labs.scenes.clips import KINDS, Clip, clip, shown
from labs.scenes.raster import rasterise
from labs.scenes.scene import EXTENT, checked
from labs.scenes.vocabulary import HELD_OUT


def made(kind: str, seed: int = 0, **dials: object) -> Clip:
    return clip(Random(f"{kind}/{seed}"), kind, **dials)  # type: ignore[arg-type]


def places(found: Clip) -> list[tuple[float, float]]:
    return [(f["objects"][0]["x"], f["objects"][0]["y"]) for f in found.frames]


def steps(found: Clip) -> list[float]:
    at = places(found)
    return [((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 for (x1, y1), (x2, y2) in itertools.pairwise(at)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_clip_is_its_seed_and_plain_scenes(kind: str):
    assert made(kind) == made(kind)
    assert made(kind) != made(kind, 1)
    found = made(kind, frames=17, size=48)
    assert len(found.frames) == 17
    assert all(checked(frame)["size"] == 48 for frame in found.frames)
    assert all(0 <= number < 17 for number in found.truth["bad"])
    assert found.truth["kind"] == kind
    assert (found.truth["colour"], found.truth["shape"]) not in HELD_OUT


@pytest.mark.parametrize("seed", range(8))
def test_good_motion_is_even_within_the_walls_and_changes_nothing_else(seed: int):
    found = made("good", seed, frames=40)
    pace = max(steps(found))
    assert 0.024 < pace < 0.046
    assert sum(abs(step - pace) < 1e-4 for step in steps(found)) >= 30  # only at a wall it is less
    r = found.frames[0]["objects"][0]["r"]
    assert all(r * EXTENT - 1e-4 <= value <= 1 - r * EXTENT + 1e-4 for place in places(found) for value in place)
    assert len({(str(o["colour"]), o["shape"], o["r"], o["angle"]) for f in found.frames for o in f["objects"]}) == 1
    assert found.truth["bad"] == []


def test_speed_is_what_was_asked_for():
    assert max(steps(made("good", speed=0.01))) == pytest.approx(0.01, abs=1e-4)


def test_a_frozen_clip_has_one_picture():
    assert len({rasterise(frame) for frame in made("frozen").frames}) == 1


@pytest.mark.parametrize("seed", range(10))
def test_identity_breaks_at_the_frame_the_truth_names(seed: int):
    found = made("identity", seed, frames=30)
    kept = (found.truth["colour"], found.truth["shape"])
    names = [shown(f["objects"][0]) for f in found.frames]
    assert names[0] == kept
    first = found.truth["breaks"]
    assert all(name == kept for name in names[:first])
    assert names[first] != kept
    assert [number for number, name in enumerate(names) if name != kept] == found.truth["bad"]
    assert max(steps(found)) < 0.046


def test_faster_drift_breaks_identity_earlier():
    means = []
    for drift in (0.03, 0.06, 0.12, 0.3):
        breaks = [made("identity", seed, frames=60, drift=drift).truth["breaks"] for seed in range(20)]
        assert None not in breaks
        means.append(sum(breaks) / len(breaks))
    assert means == sorted(means, reverse=True)
    assert len(set(means)) == 4


def test_drift_is_gradual_between_neighbours_and_large_over_the_clip():
    def far(a: bytes, b: bytes) -> int:
        return sum(abs(p - q) for p, q in zip(a, b, strict=True))

    found = made("identity", 2, frames=30, speed=0.0)
    pictures = [rasterise(f) for f in found.frames]
    turn = next(n for n in range(1, 30) if found.frames[n]["objects"][0]["shape"] != found.truth["shape"])
    neighbours = [far(a, b) for n, (a, b) in enumerate(itertools.pairwise(pictures)) if n + 1 != turn]
    assert max(neighbours) < far(pictures[0], pictures[-1]) / 4


def test_what_vanished_comes_back_as_it_was():
    found = made("vanish", frames=24)
    begin, end = found.truth["gone"]
    assert [n for n, f in enumerate(found.frames) if not f["objects"]] == list(range(begin, end)) == found.truth["bad"]
    assert 0 < begin < end < 24
    assert found.frames[0]["objects"][0]["colour"] == found.frames[-1]["objects"][0]["colour"]


def brightness(found: Clip) -> list[float]:
    return [sum(rasterise(f)) for f in found.frames]


def test_flicker_alternates_and_lighting_sinks():
    light = brightness(made("flicker"))
    assert all(b < a * 0.9 for a, b in zip(light[::2], light[1::2], strict=False))
    sinking = brightness(made("lighting"))
    assert all(b < a for a, b in itertools.pairwise(sinking))
    assert sinking[-1] == pytest.approx(0.4 * sinking[0], rel=0.05)


def test_a_teleport_is_a_long_step_at_each_jump_only():
    for seed in range(10):
        found = made("teleport", seed)
        long = [number + 1 for number, step in enumerate(steps(found)) if step > 0.2]
        assert long == found.truth["jumps"]
        assert len(long) == 3


def test_shuffled_frames_are_those_of_a_good_clip_in_the_order_named():
    found = made("shuffled")
    order = found.truth["order"]
    assert sorted(order) == list(range(24)) != order
    back = [None] * 24
    for number, source in enumerate(order):
        back[source] = found.frames[number]  # type: ignore[call-overload]
    restored = Clip(tuple(back), {})  # type: ignore[arg-type]
    assert max(steps(restored)) < 0.046 < max(steps(found))


def test_wobble_changes_size_and_angle_only():
    found = made("wobble")
    assert len({f["objects"][0]["r"] for f in found.frames}) > 20
    assert len({(f["objects"][0]["colour"], f["objects"][0]["shape"]) for f in found.frames}) == 1
    assert max(steps(found)) < 0.046


def test_a_stronger_dial_is_a_stronger_defect():
    def spread(dial: float) -> float:
        radii = [f["objects"][0]["r"] for f in made("wobble", dial=dial).frames]
        return max(radii) - min(radii)

    assert spread(0.2) < spread(0.6) < spread(1.2)
    assert brightness(made("lighting", dial=0.3))[-1] > brightness(made("lighting", dial=1.0))[-1]
    assert len(made("teleport", dial=2.0).truth["jumps"]) > len(made("teleport", dial=0.4).truth["jumps"])


def test_an_unknown_kind_and_too_few_frames_are_refused():
    with pytest.raises(ValueError, match="a clip is none of good, frozen"):
        made("melting")
    with pytest.raises(ValueError, match="at least 8 frames"):
        made("good", frames=3)
