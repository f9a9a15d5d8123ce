"""The table of metrics by defects, the gap curves of all kinds, and the curve whose half-life is asked. Worker side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from labs.scenes.clips import Clip
from labs.video_drift import metrics, numbers, owned, pictures, reel, sums
from labs.video_drift.params import TIED, Params
from labs.video_drift.reading import Reader
from labs.video_drift.reel import NAMES
from studyapp.labkit.api import Fact, Picture, RunContext

Step = Fact | Picture | str
KEYS = frozenset({"picture:clips", "scores", "where-scores", "curves", "picture:table", "picture:curves"})
GAP_KEYS = frozenset({"half", "curve", "picture:gap", "half-life", "picture:half-life"})


def steps(params: Params, wanted: frozenset[str]) -> int:
    """How many clips are read."""
    return 1 if wanted <= {"picture:clips"} else len(NAMES) * params.each + params.good


def table(params: Params, reader: Reader, wanted: frozenset[str]) -> Iterator[Step]:
    """Score every kind, and good clips for the spread."""
    if "picture:clips" in wanted:
        shown = {kind: reel.of_kind(params.seed, kind, 0, 32).frames for kind in NAMES}
        yield pictures.clips("picture:clips", "The nine kinds of clip, six frames of each", shown)
    if not wanted - {"picture:clips"}:
        return
    rows: dict[str, list[dict[str, Any]]] = {}
    curves: dict[str, list[list[float]]] = {}
    where: dict[str, list[float]] = {}
    for kind in NAMES:
        for number in range(params.each):
            frames, features = read(reader, reel.of_kind(params.seed, kind, number, params.size))
            rows.setdefault(kind, []).append(reader.scores(frames, features))
            curves.setdefault(kind, []).append(reader.curve(features))
            if kind in TIED:
                where.setdefault(kind, []).append(metrics.subject_consistency(metrics.thumbnails(frames)))
            yield f"{NAMES[kind]}, clip {number + 1} of {params.each}"
    spread = []
    for number in range(params.good):
        frames, features = read(reader, reel.good(params.seed, number, params.size))
        spread.append(reader.scores(frames, features))
        yield f"good clips for the spread, {number + 1} of {params.good}"
    scores = {
        "clips": {kind: {metric: _mean_error([row[metric] for row in found]) for metric in sums.METRICS} for kind, found in rows.items()},
        "good": {metric: _mean_spread([row[metric] for row in spread]) for metric in sums.METRICS},
    }
    means = {kind: [round(sum(column) / len(column), 6) for column in zip(*found, strict=True)] for kind, found in curves.items()}
    own = None
    if params.own:
        frames = owned.frames(params.own)
        features = reader.features(frames)
        own, means["your clip"] = reader.scores(frames, features), reader.curve(features)
    if "scores" in wanted:
        yield Fact(key="scores", value=scores)
    if "where-scores" in wanted:
        yield Fact(key="where-scores", value={kind: round(sum(found) / len(found), 6) for kind, found in where.items()})
    if "curves" in wanted:
        yield Fact(key="curves", value=means)
    if "picture:table" in wanted:
        yield pictures.score_table("picture:table", scores, params.good, own)
    if "picture:curves" in wanted:
        yield pictures.gap_curves("picture:curves", means)


def read(reader: Reader, clip: Clip) -> tuple[Any, Any]:
    """Frames and features of a clip."""
    frames = reader.frames(clip.frames)
    return frames, reader.features(frames)


def gap(params: Params, reader: Reader, wanted: frozenset[str], ctx: RunContext) -> Iterator[Step]:
    """The gap curve of drifting clips, in the thousandths in which it is shown; half-life is read off those."""
    found = []
    for number in range(params.each):
        features = read(reader, reel.drifting(params.seed, number, params.drift, params.size))[1]
        found.append(metrics.gap_curve(features, 16))
        yield f"drifting clip {number + 1} of {params.each}"
    curve = [round(sum(column) / len(column), 3) for column in zip(*found, strict=True)]
    bound = numbers.bound_of(curve)
    if "half" in wanted:
        yield Fact(key="half", value=bound)
    if "curve" in wanted:
        yield Fact(key="curve", value=curve)
    if "picture:gap" in wanted:
        yield pictures.one_curve("picture:gap", curve, bound)
    life = sums.half_life(curve, bound)
    if "half-life" in wanted:
        yield Fact(key="half-life", value=life)
    if "picture:half-life" in wanted:
        said = ctx.answers.get("q12")
        yield pictures.one_curve("picture:half-life", curve, bound, ("your answer", float(said)) if said else None)


def _mean_error(values: Sequence[float | None]) -> list[float]:
    """Mean and standard error."""
    mean, spread = _mean_spread(values)
    return [mean, round(spread / len(values) ** 0.5, 6)]


def _mean_spread(found: Sequence[float | None]) -> list[float]:
    """Mean and sample standard deviation."""
    values = [value for value in found if value is not None]
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / max(1, len(values) - 1)
    return [round(mean, 6), round(variance**0.5, 6)]
