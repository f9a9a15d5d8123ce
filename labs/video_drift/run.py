"""The worker's side of video-drift: draws the clips, reads them with the backend's features, and reports what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labs.figures.pixels import frame as figures_frame
from labs.video_drift import coding, eye, metrics, owned, pictures, reel, rollout, sums, tables
from labs.video_drift.params import Params
from labs.video_drift.reading import Reader
from labs.video_drift.wording import LETTERS, shuffled
from studyapp.labkit.api import BackendRef, Event, Fact, Log, Picture, Plan, Progress, RunContext

Step = Fact | Picture | Log | str  # a str is a step of progress
Job = tuple[int, Iterator[Step]]  # how many steps of progress it has, about


def warm(backend: BackendRef) -> None:
    """Import what the backend needs, and load it; a human's marks are compared with the network's where torch is installed."""
    reader = Reader(backend)
    if not reader.reads:
        return
    from labs.zoo import load

    load.warm(backend if backend.kind == "hf" else BackendRef(kind="tiny", name="tiny"))
    reader.features(reader.frames(reel.eye(0, 1)[0]))
    if backend.kind != "human":
        rollout.ready()


def run(plan: Plan, ctx: RunContext) -> Iterator[Event]:
    """Report what was asked for, cheapest first."""
    jobs = jobs_of(plan, ctx)
    total, done = sum(size for size, _ in jobs) + 1, 0
    yield Progress(done=0, say="drawing the clips")
    for size, job in jobs:
        spent = 0
        for step in job:
            if isinstance(step, str):
                spent = min(size, spent + 1)
                yield Progress(done=(done + spent) / total, say=step)
            else:
                yield step
        done += size
        yield Progress(done=done / total, say="")
    yield Progress(done=1, say="done")


def jobs_of(plan: Plan, ctx: RunContext) -> list[Job]:
    """The jobs that find the keys of this call."""
    params, reader, keys = Params.of(plan.params), Reader(plan.backend), ctx.keys(plan)
    jobs: list[Job] = []
    for id, number in eye.CLIPS.items():
        if wanted := keys & {f"picture:strip-{number}", f"break-{number}", f"picture:meter-{number}"}:
            jobs.append((2, marked(plan, ctx, reader, id, number, wanted)))
    if keys & {"beside", "picture:beside"}:
        jobs.append((4, beside(plan, ctx, reader)))
    if wanted := keys & {"labels", *(f"picture:clip-{letter}" for letter in "abcd")}:
        jobs.append((4, labels(plan, wanted)))
    if wanted := keys & {"mae", "picture:wall", "flicker-score"}:
        jobs.append((1, wall(params, wanted)))
    if "share" in keys:
        jobs.append((1, share(params)))
    if wanted := keys & {"picture:own", "own-scores", "picture:own-meter"}:
        jobs.append((2, own(params, reader, wanted)))
    if wanted := keys & tables.KEYS:
        jobs.append((tables.steps(params, wanted), tables.table(params, reader, wanted)))
    if wanted := keys & tables.GAP_KEYS:
        jobs.append((params.each, tables.gap(params, reader, wanted, ctx)))
    if wanted := keys & rollout.KEYS:
        jobs.append((rollout.STEPS, rollout.rolled(params, wanted, ctx)))
    code = [id for id in coding.CHECKERS if id in ctx.want and id in ctx.answers]
    return [*jobs, *((4, coding.checked(plan, params, reader, id, ctx)) for id in code)]


def marked(plan: Plan, ctx: RunContext, reader: Reader, id: str, number: int, wanted: frozenset[str]) -> Iterator[Step]:
    """The clip of task 1; where it breaks, by how it was made; what the features say of it, frame by frame."""
    scenes, place, _ = reel.eye(plan.seed, plan.level, number)
    if (key := f"picture:strip-{number}") in wanted:
        yield pictures.filmstrip(key, "Where does identity break?", scenes)
    if not wanted - {key}:
        return
    seen: dict[str, Any] = {"place": place}
    features = reader.features(reader.frames(scenes)) if reader.reads else None
    yield "reading frames"
    if features is not None:
        first, before = metrics.to_first(features), metrics.at_gap(features, 1)
        seen |= {"neighbours": int(before.argmin()) + 1, "first": [round(float(value), 6) for value in first]}
        seen["reads"] = reader.changes(features)
    if (key := f"break-{number}") in wanted:
        yield Fact(key=key, value=seen)
    if (key := f"picture:meter-{number}") in wanted:
        yours = mark_of(ctx, id)
        if features is None:
            yield unmetered(key, scenes, place)
        else:
            shown = [pictures.pixels(scene) for scene in scenes]
            yield pictures.film(key, "The drift meter", shown, list(first), [1.0, *before], place, yours)


def unmetered(key: str, scenes: Any, place: int) -> Picture:
    """Without features: the frames, the break framed."""
    from labs import figures

    made = pictures.filmstrip(key, "Where identity broke.", scenes)
    names = [str(n) for n in range(1, len(scenes) + 1)]
    drawn = figures.strip(key, "Where identity broke", [pictures.pixels(scene) for scene in scenes], names=names, marked={place})
    lines = tuple(f"{line}{'  <- here' if n == place else ''}" for n, line in enumerate(made.grid))
    return drawn.model_copy(update={"grid": lines, "alt": f"{made.alt} Identity breaks in frame {place + 1}."})


def mark_of(ctx: RunContext, id: str) -> int | None:
    """The place that the learner marked."""
    said = ctx.answers.get(id) or getattr(ctx.sealed.get(id), "value", None)
    return LETTERS.index(said[0]) if said else None


def beside(plan: Plan, ctx: RunContext, reader: Reader) -> Iterator[Step]:
    """You, the network and the neighbours' score on the same clips: by how many frames each was off."""
    from labs import figures

    off: dict[str, dict[str, float]] = {}
    seconds: dict[str, float] = {}
    for id, number in eye.CLIPS.items():
        scenes, place, _ = reel.eye(plan.seed, plan.level, number)
        marks: dict[str, int | None] = {"you": mark_of(ctx, id)}
        if reader.reads:
            features = reader.features(reader.frames(scenes))
            marks |= {"the network": reader.changes(features), "largest step of neighbours": int(metrics.at_gap(features, 1).argmin()) + 1}
        off[id] = {who: float(abs(mark - place)) for who, mark in marks.items() if mark is not None}
        taken = getattr(ctx.sealed.get(id), "seconds", None)
        if taken is not None:
            seconds[id] = round(taken, 1)
        yield "comparing marks"
    yield Fact(key="beside", value={"off": off, "seconds": seconds})
    rows = [
        figures.Bar(who, value, group=f"clip {number + 1}" + (f", {seconds[id]:g} s" if id in seconds else ""))
        for id, number in eye.CLIPS.items()
        for who, value in off[id].items()
    ]
    yield figures.bars("picture:beside", "Frames off: you beside the network and the metric", rows, unit="frames")


def labels(plan: Plan, wanted: frozenset[str]) -> Iterator[Step]:
    """The four broken clips of task 11 and what broke in each."""
    letters, made = shuffled(plan.seed, "label", reel.LABELLED), reel.labelled(plan.seed, plan.level)
    for letter, kind in letters.items():
        if (key := f"picture:clip-{letter}") in wanted:
            yield pictures.filmstrip(key, f"Clip {letter.upper()}.", made[kind], headed=True)
        yield "clips to label"
    if "labels" in wanted:
        yield Fact(key="labels", value=letters)


def wall(params: Params, wanted: frozenset[str]) -> Iterator[Step]:
    """Task 7: the frames of the wall, measured."""
    import numpy as np

    frames = np.stack([np.full((8, 8, 3), level, dtype=np.uint8) for level in params.wall])
    if "mae" in wanted:
        yield Fact(key="mae", value=round(metrics.mean_change(frames), 2))
    if "picture:wall" in wanted:
        yield pictures.wall("picture:wall", params.wall)
    if "flicker-score" in wanted:
        yield Fact(key="flicker-score", value=round(metrics.flickering(frames), 6))


def share(params: Params) -> Iterator[Step]:
    """Task 9: by building the sets and adding up."""
    frozen = sums.weighted(1.0, 1.0, 0.0)
    counts = range(params.clips + 1)
    ahead = (count for count in counts if round(sums.weighted(params.subject, params.flicker, count / params.clips) - frozen, 9) > 0)
    yield Fact(key="share", value=next(ahead, None))


def own(params: Params, reader: Reader, wanted: frozenset[str]) -> Iterator[Step]:
    """The learner's clip: shown, then scored."""
    frames = owned.frames(params.own or {})
    picked = [n * (len(frames) - 1) // 11 for n in range(12)]
    shown = [figures_frame(frames[n]) for n in picked]
    if "picture:own" in wanted:
        from labs import figures

        yield figures.strip("picture:own", "Your clip: twelve of its frames", shown, names=[str(n + 1) for n in picked])
    if not wanted - {"picture:own"}:
        return
    features = reader.features(frames)
    yield "reading your clip"
    first, before = metrics.to_first(features), [1.0, *metrics.at_gap(features, 1)]
    found = reader.scores(frames, features) | {"dynamic": metrics.dynamic(frames), "curve": reader.curve(features)}
    if "own-scores" in wanted:
        yield Fact(key="own-scores", value=found)
    if "picture:own-meter" in wanted:
        yield pictures.film(
            "picture:own-meter", "Your clip with its drift meter", shown, [first[n] for n in picked], [before[n] for n in picked]
        )
