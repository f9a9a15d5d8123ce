"""A learner's source against its checker: the report as a fact, yours beside the target as a chart. Worker side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from labs import figures
from labs.scenes.clips import clip
from labs.video_drift import reel
from labs.video_drift.checkers import MUST_BE_HIGH, MUST_BE_LOW
from labs.video_drift.params import Params
from labs.video_drift.reading import Reader
from labs.video_drift.reel import NAMES, rng, visible
from studyapp.labkit.api import BackendRef, Fact, Picture, Plan, RunContext

CHECKERS = {"q5": "check_consistency", "q6": "check_gap_curve", "q8": "check_motion"}
SEEDS, FRAMES = 20, 12
CONTRAST = 110  # steps in RGB between object and ground, so that simple ways of finding the object work
Step = Fact | Picture | str


def checked(plan: Plan, params: Params, reader: Reader, id: str, ctx: RunContext) -> Iterator[Step]:
    """Judge one source."""
    question = plan.question(id)
    assert question.kind == "code"
    assert ctx.check_code is not None
    args: dict[str, Any] = {"seed": plan.seed}
    stored = None
    if id == "q8":
        stored = ctx.workdir.resolve() / "motion.npz"
        args["clips"] = str(stored)
        yield from stored_clips(stored)
    else:
        args["features"] = drifting_features(params.seed, params.size, plan.backend.model_dump_json())
    yield "running your code"
    try:
        report = ctx.check_code(question, ctx.answers[id]["source"], f"labs.video_drift.checkers:{CHECKERS[id]}", args)
    finally:
        if stored is not None:
            stored.unlink(missing_ok=True)
    yield Fact(key=f"code:{id}", value=report.model_dump(mode="json", exclude={"yours", "target"}))
    if report.target:
        yield drawn(f"beside:{id}", question.title, report.yours, report.target)


@lru_cache(maxsize=4)
def drifting_features(seed: int, size: int, backend: str) -> list[list[float]]:
    """Features of this run's first drifting clip, in the decimals that they keep in a fact."""
    reader = Reader(BackendRef.model_validate_json(backend))
    features = reader.features(reader.frames(reel.of_kind(seed, "identity", 0, size).frames))
    return [[round(float(value), 6) for value in row] for row in features]


def stored_clips(file: Any, seeds: int = SEEDS) -> Iterator[str]:
    """The clips of task 8 as one file for the sandbox."""
    import numpy as np

    made: dict[str, list[Any]] = {}
    for seed in range(seeds):
        for kind, frames in motion_clips(seed).items():
            made.setdefault(kind, []).append(frames)
        if seed % 5 == 4:
            yield f"drawing clips of seed {seed + 1}"
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez(file, **{kind: np.stack(frames) for kind, frames in made.items()})


@lru_cache(maxsize=SEEDS)
def motion_clips(seed: int) -> dict[str, Any]:
    """The seven kinds of a seed as (T, 32, 32, 3) uint8; one object on the same ground in all of them, always visible."""
    reader, attempt = Reader(BackendRef(kind="none", name="none")), 0
    while True:
        made = {
            kind: clip(rng(seed, "motion", attempt), kind, frames=FRAMES, dial=reel.WEAK.get(kind, 1.0)).frames
            for kind in (*MUST_BE_LOW, *MUST_BE_HIGH)
        }
        if all(visible(frames, CONTRAST) for frames in made.values()):
            return {kind: reader.frames(frames) for kind, frames in made.items()}
        attempt += 1


def drawn(key: str, title: str, yours: Any, target: Any) -> Picture:
    """Bars or curves of yours with the target beside."""
    if isinstance(target, dict):
        rows = [figures.Bar(NAMES[kind], float(value), group="yours") for kind, value in (yours or {}).items()]
        rows += [figures.Bar(NAMES[kind], float(value), group="largest step of the centre") for kind, value in target.items()]
        return figures.bars(key, f"{title}: the seven clips of the first seed", _scaled(rows))
    if key.endswith("q6"):
        lines = {"target": _points(target)} | ({"yours": _points(yours)} if yours else {})
        return figures.curves(key, f"{title}: yours and the target on this run's drifting clip", lines, x="gap in frames", y="similarity")
    shown = yours or [0.0] * len(target)
    rows = [
        figures.Bar(f"case {n}", float(value), mark=float(right))
        for n, (value, right) in enumerate(zip(shown, target, strict=True), start=1)
    ]
    return figures.bars(key, f"{title}: yours on six clips of random features", rows, mark="the target")


def _points(values: Sequence[float]) -> list[tuple[float, float, float]]:
    return [(float(gap), float(value), 0.0) for gap, value in enumerate(values, start=1)]


def _scaled(rows: list[figures.Bar]) -> list[figures.Bar]:
    """Each group as shares of its largest bar: two metrics have no common unit."""
    top = {group: max((abs(row.value) for row in rows if row.group == group), default=1.0) or 1.0 for group in {row.group for row in rows}}
    return [figures.Bar(row.label, row.value / top[row.group], group=row.group) for row in rows]
