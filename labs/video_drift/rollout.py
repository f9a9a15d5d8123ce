"""Task 10: the zoo's next-frame model continues clips from its own frames, at three ages. Worker side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from labs.scenes.clips import clip
from labs.scenes.raster import rasterise
from labs.video_drift import numbers, pictures
from labs.video_drift.params import AGES, Params
from labs.video_drift.reel import SIDE, rng
from studyapp.errors import EnvironmentProblem
from studyapp.labkit.api import Fact, Log, Picture, RunContext

GIVEN, CLIPS = 3, 6  # true frames that it starts from; clips that an error is a mean of
KEYS = frozenset({"errors", "picture:errors", "picture:roll", *(f"error-{n}" for n in range(1, numbers.SHOWN + 1))})
STEPS = len(AGES) * CLIPS
Step = Fact | Picture | Log | str
_kept: dict[int, tuple[dict[str, list[float]], Any]] = {}  # seed -> errors and the frames that are shown: asked for twice in a run


def rolled(params: Params, wanted: frozenset[str], ctx: RunContext) -> Iterator[Step]:
    """Roll out, compare with what would have come, and report what was asked for."""
    if params.seed not in _kept:
        _kept.clear()
        _kept[params.seed] = yield from _measured(params.seed)
    errors, shown = _kept[params.seed]
    for n in range(1, numbers.SHOWN + 1):
        if (key := f"error-{n}") in wanted:
            yield Fact(key=key, value=round(errors[params.age][n - 1], 2))
    if "errors" in wanted:
        yield Fact(key="errors", value=errors)
    if "picture:errors" in wanted:
        said = ctx.answers.get("q10")
        yield pictures.errors("picture:errors", errors, params.age, None if said is None else float(said))
    if "picture:roll" in wanted:
        yield _picture(shown)


def ready() -> None:
    """Load the models ahead; where this copy has none, that is said when they are asked for."""
    from labs.zoo import load

    for age in AGES:
        try:
            load.video(age)
        except EnvironmentProblem:
            return


def _measured(seed: int) -> Any:
    """Mean absolute error in levels of each frame, by age; and the frames of the first clip."""
    import torch

    threads = torch.get_num_threads()
    # One thread, whatever the run has: sums in another order move a pixel to the next level now and then, and with it the error.
    torch.set_num_threads(1)
    try:
        return (yield from _on_one_thread(seed))
    finally:
        torch.set_num_threads(threads)


def _on_one_thread(seed: int) -> Any:
    import numpy as np

    from labs.zoo import load

    clips = [true_frames(seed, number) for number in range(CLIPS)]
    errors: dict[str, list[float]] = {}
    shown = {"true": clips[0][GIVEN:]}
    for age in AGES:
        model = load.video(age)
        found = []
        for number, frames in enumerate(clips):
            made = model.roll_out(frames[:GIVEN], numbers.ASKED)
            found.append([float(np.abs(a.astype(float) - b.astype(float)).mean()) for a, b in zip(made, frames[GIVEN:], strict=True)])
            if number == 0:
                shown[age] = made
            yield f"rolling out, {age}, clip {number + 1} of {CLIPS}"
        errors[age] = [round(sum(column) / CLIPS, 6) for column in zip(*found, strict=True)]
    return errors, shown


def true_frames(seed: int, number: int) -> list[Any]:
    """A good clip as uint8 pictures: three frames to start from and those that follow."""
    import numpy as np

    scenes = clip(rng(seed, "roll", number), "good", frames=GIVEN + numbers.ASKED, size=SIDE).frames
    return [np.frombuffer(rasterise(scene), dtype=np.uint8).reshape(SIDE, SIDE, 3) for scene in scenes]


def _picture(shown: dict[str, Any]) -> Picture:
    """What came and what should have come, every fifth frame."""
    from labs import figures

    places = (0, 5, 10, 15)
    frames = [shown[name][n] for name in shown for n in places]
    names = [f"{name} {n + 1}" for name in shown for n in places]
    made = figures.sheet(
        "picture:roll", "The true frames and the model's own, at three ages", dict(zip(names, frames, strict=True)), columns=4
    )
    return made
