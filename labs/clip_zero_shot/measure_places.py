"""Chapter 4 measured: captions that exchange two things, the fine-tuned twin, and what linear readouts find where."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from random import Random
from typing import Any

from labs.clip_zero_shot import readout, worlds
from labs.clip_zero_shot.asked import AT_ONCE, Array, Asked, Step, part, vectors
from labs.clip_zero_shot.params import VERSION
from labs.figures import Bar, bars
from labs.scenes.vocabulary import SEEN
from studyapp.labkit.api import Json, Picture

WIDTH = 64  # numbers that each readout gets
THUMB = 32
Pairs = tuple[list[Any], list[Array]]  # scenes with their captions (labs.zoo.clip_pictures.Pair), pictures


def pairs(asked: Asked, what: str, count: int) -> Generator[float, None, Pairs]:
    """Pictures of two things side by side, of combinations that the zoo's CLIP was trained on."""
    from labs.zoo.clip_pictures import pairs as drawn
    from labs.zoo.loading.shared import arrays

    if (known := asked.known(f"pairs/{what}")) is not None:
        return known  # type: ignore[no-any-return]
    random = Random(f"clip-zero-shot/{VERSION}/{asked.seed}/pairs/{what}")
    scenes: list[Any] = []
    pictures: list[Array] = []
    while len(scenes) < count:
        made, pixels = drawn(random, min(AT_ONCE, count - len(scenes)), asked.params.side, SEEN)
        scenes += made
        pictures += arrays(pixels)
        yield len(scenes) / count
    return asked.keep(f"pairs/{what}", (scenes, pictures))


def two_way(asked: Asked) -> Step:
    """Tasks 9, 16 and 17: in how many pictures the right one of two captions scores higher, for the model and for its twin."""
    _, n = worlds.counts(asked.params)
    scenes, pictures = yield from part(pairs(asked, "tried", n), 0.0, 0.3)
    models = [("this model", asked.clip), *([("fine-tuned twin", asked.twin)] if asked.params.twin else [])]
    found: dict[str, dict[str, Json]] = {}
    for number, (name, model) in enumerate(models):
        images = yield from part(vectors(asked, pictures, model), 0.3 + 0.35 * number, 0.6 + 0.35 * number)
        if number == 0:
            asked.keep("tried", images)
        found[name] = {
            "replaced": told(model, images, [(s.plain, s.replaced) for s in scenes]),
            "left-right": told(model, images, [(s.relation, s.turned) for s in scenes]),
            "binding": told(model, images, [(s.plain, s.crossed) for s in scenes]),
        }
        yield 0.62 + 0.35 * number
    own, twin = found["this model"], found.get("fine-tuned twin")
    facts: dict[str, Json | Picture] = {
        "left-right": own["left-right"],
        "binding": own["binding"],
        "picture:two-way": _two_way_bars(asked, found),
    }
    return facts | ({"left-right-twin": {**twin["left-right"], "binding": twin["binding"]["share"]}} if twin else {})


def told(model: Any, images: Array, captions: Sequence[tuple[str, str]]) -> dict[str, Json]:
    """How often the first of two captions scores higher; an exact tie counts half."""
    right, wrong = (model.text_vectors([pair[side] for pair in captions]) for side in (0, 1))
    gaps = (images * right).sum(1) - (images * wrong).sum(1)
    hits = float((gaps > 0).sum()) + 0.5 * float((gaps == 0).sum())
    return {"n": len(captions), "hits": hits, "share": round(hits / len(captions), 4)}


def _two_way_bars(asked: Asked, found: dict[str, dict[str, Json]]) -> Picture:
    names = {"replaced": "one thing replaced", "left-right": "left and right exchanged", "binding": "colours exchanged"}
    ids = {("this model", "left-right"): "q9", ("this model", "binding"): "q16", ("fine-tuned twin", "left-right"): "q17"}
    rows = [
        Bar(names[test], *_percent(fact["share"], fact["n"]), mark=asked.guess(ids.get((model, test), "")), group=model)
        for model, tests in found.items()
        for test, fact in tests.items()
    ]
    title = "The right caption against one with … (a coin gets 50)"
    return bars("picture:two-way", title, rows, "%", top=100)


def _percent(share: float, n: int) -> tuple[float, float]:
    """A share and its standard error in percent."""
    return round(100 * share, 2), round(100 * (share * (1 - share) / n) ** 0.5, 2)


def readouts(asked: Asked) -> Step:
    """Tasks 18 and 19: which thing is left, read by ridge regression from pixels, patch tokens and pooled vectors, all of one width."""
    known = asked.known("readouts")
    if known is None:
        known = asked.keep("readouts", (yield from _measured(asked)))
    rows = [
        Bar("all patch tokens", *_percent(known["tokens"], known["n"]), mark=asked.guess("q18"), group="trained, in full width"),
        *(
            Bar(label, *_percent(known[name], known["n"]), group=f"{group}, {WIDTH} numbers")
            for group, label, name in (
                ("trained", "patch tokens", "tokens-narrow"),
                ("trained", "pooled vector", "pooled"),
                ("never trained", "patch tokens", "untrained-tokens-narrow"),
                ("never trained", "pooled vector", "untrained-pooled"),
                ("no encoder", "raw pixels", "pixels-narrow"),
            )
        ),
    ]
    title = "Which of the two things is left? Linear readouts (a coin gets 50)"
    return {"readouts": known, "where": known, "picture:readouts": bars("picture:readouts", title, rows, "%", top=100)}


def _measured(asked: Asked) -> Generator[float, None, dict[str, Json]]:
    teach, n = worlds.counts(asked.params)
    lessons, taught = yield from part(pairs(asked, "taught", teach), 0.0, 0.1)
    tests, tried = yield from part(pairs(asked, "tried", n), 0.1, 0.13)
    known, right = ([1.0 if scene.first_colour_left else -1.0 for scene in scenes] for scenes in (lessons, tests))
    features: dict[str, tuple[Array, ...]] = {"pixels": (_thumbs(taught), _thumbs(tried))}
    yield 0.13
    found: dict[str, Json] = {"n": n, "teach": teach, "width": WIDTH}
    for number, (prefix, model) in enumerate((("", asked.clip), ("untrained-", asked.untrained))):
        begin = 0.15 + 0.36 * number
        first = yield from part(_features(model, taught), begin, begin + 0.26)
        second = yield from part(_features(model, tried), begin + 0.26, begin + 0.34)
        features[f"{prefix}pooled"], features[f"{prefix}tokens"] = zip(first, second, strict=True)
    for number, (name, (lesson, test)) in enumerate(features.items()):
        narrow = readout.narrowed(lesson, test, WIDTH)
        label = name if name.endswith("pooled") else f"{name}-narrow"
        found[label] = round(readout.hits(*narrow, known, right) / n, 4)
        yield 0.87 + 0.02 * number
    lesson, test = features["tokens"]
    found["tokens"] = round(readout.hits(lesson, test, known, right) / n, 4)
    return found


def _features(model: Any, pictures: Sequence[Array]) -> Generator[float, None, tuple[Array, Array]]:
    """(pooled vectors (N, D), patch tokens laid flat (N, P * D))."""
    import numpy as np

    pooled, tokens = [], []
    for start in range(0, len(pictures), AT_ONCE):
        vectors, features = model.both(pictures[start : start + AT_ONCE])
        pooled.append(vectors)
        tokens.append(features.reshape(len(features), -1))
        yield min(1.0, (start + AT_ONCE) / len(pictures))
    return np.concatenate(pooled), np.concatenate(tokens)


def _thumbs(pictures: Sequence[Array]) -> Array:
    """Pixels, of large pictures the means of squares, as (N, 3072)."""
    import numpy as np

    stacked = np.stack(pictures).astype(np.float32)
    factor = max(1, stacked.shape[1] // THUMB)
    side = stacked.shape[1] // factor * factor
    blocks = stacked[:, :side, :side].reshape(len(stacked), side // factor, factor, side // factor, factor, 3)
    return blocks.mean((2, 4)).reshape(len(stacked), -1)
