"""Vectors against vectors: the pair that the model takes for nearly the same, and how pictures and captions lie in one space."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

from labs.clip_zero_shot import worlds
from labs.clip_zero_shot.asked import Array, Asked, Step, pixels, rounded
from labs.clip_zero_shot.params import VERSION
from labs.clip_zero_shot.seeing import GALLERY
from labs.figures import heat, scatter, sheet
from studyapp.labkit.api import Json

ATTEMPTS, CLEAR = 12, 0.01  # galleries that are drawn at most; how far ahead the nearest pair must be


def gallery(asked: Asked) -> Step:
    """Task 10: twelve pictures and the cosines of all pairs. Drawn scenes are redrawn until the nearest pair shows the same things in
    other places and is not the pair whose pixels agree most; natural ones are eleven and the mirror image of one of them."""
    natural = asked.params.world == "natural"
    for attempt in range(1 if natural else ATTEMPTS):
        pictures, words = _natural(asked) if natural else _drawn(asked, attempt)
        found = asked.clip.image_vectors(pictures)
        matrix, pixel = rounded(found @ found.T), _pixel_pair(pictures)
        ranked = sorted(combinations(range(len(pictures)), 2), key=lambda pair: (-matrix[pair[0]][pair[1]], pair))
        first, second = ranked[:2]
        margin = matrix[first[0]][first[1]] - matrix[second[0]][second[1]]
        if natural or (_same_things(words[first[0]], words[first[1]]) and margin >= CLEAR and pixel != first):
            break
        yield (attempt + 1) / ATTEMPTS
    names = list(GALLERY[: len(pictures)])
    fact: Json = {
        "pictures": words,
        "cosines": matrix,
        "pair": [names[place] for place in first],
        "second": [names[place] for place in second],
        "pixels": [names[place] for place in pixel],
        "margin": round(margin, 4),
    }
    title = "Twelve pictures: which two are nearest for the model?"
    shown = sheet("picture:gallery", title, dict(zip(names, pictures, strict=True)), say=dict(zip(names, words, strict=True)))
    letters = [name.upper() for name in names]
    apart = [[value if a != b else 1.0 for b, value in enumerate(row)] for a, row in enumerate(matrix)]
    heading = "Cosine of each two pictures; the nearest pair is framed"
    return {
        "gallery": fact,
        "picture:gallery": shown,
        "picture:gallery-matrix": heat("picture:gallery-matrix", heading, letters, letters, apart, marked=[first, first[::-1]]),
    }


def _drawn(asked: Asked, attempt: int) -> tuple[list[Array], list[str]]:
    made = worlds.gallery(asked.params, asked.seed, attempt)
    return [pixels(scene) for scene, _ in made], [say for _, say in made]


def _natural(asked: Asked) -> tuple[list[Array], list[str]]:
    """Eleven pictures, and the least symmetric of them a second time, mirrored."""
    random = Random(f"clip-zero-shot/{VERSION}/{asked.seed}/gallery")
    places = random.sample(range(len(asked.params.files)), min(len(GALLERY) - 1, len(asked.params.files)))
    made = [(asked.file(place), asked.params.files[place][1]) for place in places]
    lop_sided = max(range(len(made)), key=lambda number: (_asymmetry(made[number][0]), -number))
    picture, word = made[lop_sided]
    made[lop_sided] = (picture, f"{word}, as it is")
    made.append((picture[:, ::-1].copy(), f"{word}, mirrored"))
    random.shuffle(made)
    return [picture for picture, _ in made], [word for _, word in made]


def _asymmetry(picture: Array) -> float:
    return float(abs(picture.astype(float) - picture[:, ::-1].astype(float)).mean())


def _same_things(first: str, second: str) -> bool:
    return sorted(first.split(" left of ")) == sorted(second.split(" left of "))


def _pixel_pair(pictures: list[Array]) -> tuple[int, int]:
    """The two pictures whose pixels differ least."""
    small = [_thumb(picture) for picture in pictures]
    return min(combinations(range(len(small)), 2), key=lambda pair: (float(abs(small[pair[0]] - small[pair[1]]).mean()), pair))


def _thumb(picture: Array, side: int = 32) -> Array:
    import numpy as np
    from PIL import Image

    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BOX)).astype(float)


def space(asked: Asked) -> Step:
    """Task 13: mean cosines of pictures with their own captions, of two pictures, of two captions; and all of them in a plane."""
    import numpy as np

    yield 0.1
    pictures, labels = asked.own()
    images, texts = asked.clip.image_vectors(pictures), asked.texts(labels)
    cross, within, words = images @ texts.T, images @ images.T, texts @ texts.T
    n = len(labels)
    off: Array = ~np.eye(n, dtype=bool)
    each = {
        "matched": np.diagonal(cross),
        "pictures": np.array([within[row][off[row]].mean() for row in range(n)]),
        "captions": np.array([words[row][off[row]].mean() for row in range(n)]),
    }
    fact: dict[str, Json] = {name: round(float(values.mean()), 4) for name, values in each.items()}
    fact["errors"] = {name: round(float(values.std(ddof=1) / n**0.5), 5) for name, values in each.items()}
    fact["wrong"] = round(float(cross[off].mean()), 4)
    yield 0.7
    flat = _plane(np.concatenate([images, texts]))
    groups = {"pictures": flat[:n], "captions": flat[n:]}
    title = "Pictures and captions in the plane that shows most of them; each picture is joined with its caption"
    return {"space": fact, "picture:space": scatter("picture:space", title, groups, joined=[("pictures", "captions")])}


def _plane(vectors: Array) -> list[tuple[float, float]]:
    """The two directions of most variance, each turned so that its largest entry is positive; rounded, so that it is always the same."""
    import numpy as np

    centred = vectors.astype(float) - vectors.astype(float).mean(0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    at: Any = centred @ directions[:2].T
    at = at * np.sign(at[np.abs(at).argmax(0), [0, 1]])
    return [(round(float(x), 3), round(float(y), 3)) for x, y in at]
