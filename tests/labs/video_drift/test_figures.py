"""Every figure that a run shows, worked out a second time from pixels and probabilities, without the lab's own formulas."""

from __future__ import annotations

import math
import statistics
import time
from itertools import pairwise
from typing import Any

import pytest

from labs.scenes.clips import KINDS
from labs.video_drift import reel, rollout
from labs.video_drift.lab import LAB
from studyapp.labkit.api import Fact, Plan, RunContext
from studyapp.labkit.backends import parse_backend

np = pytest.importorskip("numpy")
pytestmark = pytest.mark.slow
SEED = 11


@pytest.fixture(scope="module")
def plan() -> Plan:
    return LAB.plan(SEED, parse_backend("tiny"))


@pytest.fixture(scope="module")
def facts(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All facts but those of the code tasks."""
    pytest.importorskip("torch")
    found: dict[str, Any] = {}
    for stage in (0, 1, 2):
        asked = plan.of_stage(stage)
        for want, show in ((frozenset(), frozenset(k for q in asked for k in q.needs)), (frozenset(q.id for q in asked), frozenset())):
            ctx = RunContext(plan.backend, tmp_path_factory.mktemp("run"), time.monotonic() + 600, want=want, show=show)
            found |= {event.key: event.value for event in LAB.run(plan, ctx) if isinstance(event, Fact)}
    return found


def pixels(scene: Any) -> Any:
    """The canonical pixels as whole numbers."""
    from labs.scenes.raster import rasterise

    size = scene["size"]
    return np.array(list(rasterise(scene)), dtype=int).reshape(size, size, 3)


def read(frames: list[Any]) -> list[list[float]]:
    """The judge's probabilities of each frame."""
    from labs.zoo.load import judge

    colours, shapes = judge().read([frame.astype(np.uint8) for frame in frames])
    return [[float(v) for v in (*a, *b)] for a, b in zip(colours, shapes, strict=True)]


def cosine(a: list[float], b: list[float]) -> float:
    return max(0.0, sum(x * y for x, y in zip(a, b, strict=True)) / math.sqrt(sum(x * x for x in a)) / math.sqrt(sum(y * y for y in b)))


def at_gap(rows: list[list[float]], gap: int) -> float:
    return statistics.fmean(cosine(rows[n], rows[n + gap]) for n in range(len(rows) - gap))


def scored(scenes: Any) -> dict[str, float]:
    frames = [pixels(scene) for scene in scenes]
    rows = read(frames)
    changes = [abs(b - a) for a, b in pairwise(frames)]
    places = [(scene["objects"][0]["x"], scene["objects"][0]["y"]) if scene["objects"] else None for scene in scenes]
    return {
        "flicker": 1 - statistics.fmean(float(change.mean()) for change in changes) / 255,
        "neighbours": at_gap(rows, 1),
        "subject": statistics.fmean((cosine(rows[n], rows[n - 1]) + cosine(rows[n], rows[0])) / 2 for n in range(1, len(rows))),
        "gap4": at_gap(rows, 4),
        "gap8": at_gap(rows, 8),
        "gap16": at_gap(rows, 16),
        "moving": statistics.fmean(float((change.max(axis=2) > 16).mean()) for change in changes),
        "step": max((math.dist(a, b) for a, b in pairwise(places) if a and b), default=0.0),  # from the scenes, not from pixels
    }


def test_the_table_and_its_spread(plan: Plan, facts: dict[str, Any]) -> None:
    shown = facts["scores"]
    for kind in KINDS:
        rows = [scored(reel.of_kind(SEED, kind, number).frames) for number in range(plan.params["each"])]
        for metric in rows[0]:
            values = [row[metric] for row in rows]
            close = 0.02 if metric == "step" else 2e-5
            assert shown["clips"][kind][metric][0] == pytest.approx(statistics.fmean(values), abs=close), (kind, metric)
            error = statistics.stdev(values) / math.sqrt(len(values))
            assert shown["clips"][kind][metric][1] == pytest.approx(error, abs=close), (kind, metric)
    spread = [scored(reel.good(SEED, number).frames) for number in range(plan.params["good"])]
    for metric in ("flicker", "neighbours", "subject", "moving"):
        values = [row[metric] for row in spread]
        assert shown["good"][metric] == pytest.approx([statistics.fmean(values), statistics.stdev(values)], abs=2e-5)


def test_what_sees_places(facts: dict[str, Any], plan: Plan) -> None:
    for kind, value in facts["where-scores"].items():
        found = []
        for number in range(plan.params["each"]):
            rows = []
            for scene in reel.of_kind(SEED, kind, number).frames:
                field = pixels(scene)
                rows.append(
                    [float(field[4 * r : 4 * r + 4, 4 * c : 4 * c + 4, k].mean()) for r in range(8) for c in range(8) for k in range(3)]
                )
            found.append(statistics.fmean((cosine(rows[n], rows[n - 1]) + cosine(rows[n], rows[0])) / 2 for n in range(1, len(rows))))
        assert value == pytest.approx(statistics.fmean(found), abs=2e-5), kind


def test_the_curves_and_the_half_life(plan: Plan, facts: dict[str, Any]) -> None:
    for kind in ("identity", "vanish"):
        clips = [read([pixels(scene) for scene in reel.of_kind(SEED, kind, number).frames]) for number in range(plan.params["each"])]
        right = [statistics.fmean(at_gap(rows, gap) for rows in clips) for gap in range(1, 17)]
        assert facts["curves"][kind] == pytest.approx(right, abs=2e-5)
    drift = plan.params["drift"]
    clips = [read([pixels(scene) for scene in reel.drifting(SEED, number, drift).frames]) for number in range(plan.params["each"])]
    right = [statistics.fmean(at_gap(rows, gap) for rows in clips) for gap in range(1, 17)]
    assert facts["curve"] == pytest.approx(right, abs=6e-4)
    assert facts["half"] == pytest.approx((max(facts["curve"]) + min(facts["curve"])) / 2, abs=0.0051)
    gap = facts["half-life"]
    assert facts["curve"][gap - 1] < facts["half"] <= min(facts["curve"][: gap - 1])


def test_the_wall_and_the_share(plan: Plan, facts: dict[str, Any]) -> None:
    levels = plan.params["wall"]
    mae = statistics.fmean(abs(a - b) for a, b in pairwise(levels))
    assert facts["mae"] == pytest.approx(mae, abs=0.005)
    assert facts["flicker-score"] == pytest.approx(1 - mae / 255, abs=1e-6)
    subject, flicker, clips = (plan.params[name] for name in ("subject", "flicker", "clips"))
    share = (2 - subject - flicker) / 0.5
    assert facts["share"] == math.floor(round(share * clips, 6)) + 1


def test_the_break_and_the_meter(facts: dict[str, Any]) -> None:
    scenes, place, _ = reel.eye(SEED, 1)
    rows = read([pixels(scene) for scene in scenes])
    seen = facts["break-0"]
    assert seen["place"] == place
    assert seen["first"] == pytest.approx([cosine(rows[0], row) for row in rows], abs=2e-5)
    steps = [cosine(a, b) for a, b in pairwise(rows)]
    assert seen["neighbours"] == steps.index(min(steps)) + 1
    names = [(max(range(8), key=lambda n, row=row: row[n]), max(range(8, 14), key=lambda n, row=row: row[n])) for row in rows]  # type: ignore[misc]
    assert seen["reads"] == next(n for n, name in enumerate(names) if name != names[0])


def test_the_errors_of_a_roll_out(facts: dict[str, Any]) -> None:
    import torch

    from labs.zoo.loading.shared import shipped
    from labs.zoo.recipes import shapevideo

    for age, row in facts["errors"].items():
        net = shapevideo.load(shipped(f"shapevideo/{age}"))
        found = []
        for number in range(rollout.CLIPS):
            true = np.stack(rollout.true_frames(SEED, number)).astype(np.float32)
            last = list(torch.from_numpy(true[:3]).permute(0, 3, 1, 2) / 127.5 - 1)
            errors = []
            for n in range(16):
                with torch.inference_mode():
                    made = shapevideo.step(net, torch.stack(last[-3:])[None])[0].clamp(-1, 1)
                last.append(made)
                shown = ((made + 1) * 127.5).round().permute(1, 2, 0).numpy()
                errors.append(float(np.abs(shown - true[3 + n]).mean()))
            found.append(errors)
        assert row == pytest.approx([statistics.fmean(column) for column in zip(*found, strict=True)], abs=0.01), age


def test_a_roll_out_takes_one_thread_whatever_the_run_has() -> None:
    import torch

    before = torch.get_num_threads()
    made = rollout._measured(SEED)
    next(made)
    assert torch.get_num_threads() == 1
    made.close()
    assert torch.get_num_threads() == before
