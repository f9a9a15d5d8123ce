"""Chapters 1 and 2 measured: pictures against labels, templates against each other, and one row of cosines to work with."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

from labs.clip_zero_shot import traps, worlds
from labs.clip_zero_shot.arithmetic import softmax
from labs.clip_zero_shot.asked import Array, Asked, Step, part, pixels, rounded, vectors
from labs.clip_zero_shot.params import VERSION
from labs.clip_zero_shot.seeing import written
from labs.figures import Bar, bars, curves, heat, sheet
from studyapp.labkit.api import Json, Picture

LETTERS = "abcd"


def drawn(asked: Asked) -> Step:
    """The pictures of chapter 1; no model is needed."""
    pictures, words = asked.four()
    last, what = asked.outside()
    yield 0.5
    four = sheet(
        "picture:four",
        "Which label does the model put first?",
        dict(zip(LETTERS, pictures, strict=False)),
        say=dict(zip(LETTERS, words, strict=False)),
    )
    return {"picture:four": four, "picture:outside": sheet("picture:outside", "A picture that fits no label", {"z": last}, say={"z": what})}


def cosines(asked: Asked) -> Step:
    """Tasks 1 and 12: the pictures of task 1 against its labels."""
    labels = list(asked.params.asked)
    yield 0.1
    pictures, _ = asked.four()
    matrix = rounded(asked.clip.image_vectors(pictures) @ asked.texts(labels).T)
    names = LETTERS[: len(matrix)]
    best = [row.index(max(row)) for row in matrix]
    picture = heat(
        "picture:similarity",
        f"Cosines with the labels ({_numbered(labels)}); each row's winner is framed",
        [f"picture {name.upper()}" for name in names],
        [str(number) for number in range(1, len(labels) + 1)],
        matrix,
        marked=list(enumerate(best)),
    )
    return {"cosines": {"pictures": list(names), "labels": labels, "rows": matrix}, "picture:similarity": picture}


def _numbered(labels: list[str]) -> str:
    return ", ".join(f"{number} {label}" for number, label in enumerate(labels, start=1))


def outside(asked: Asked) -> Step:
    """Task 8: the picture of no label through scale and softmax, and how high cosines of fitting pictures are."""
    labels = list(asked.params.asked)
    yield 0.1
    texts = asked.texts(labels)
    (row,) = rounded(asked.clip.image_vectors([asked.outside()[0]]) @ texts.T)
    shares = softmax([asked.clip.scale * cosine for cosine in row])
    yield 0.5
    own, names = asked.own()
    fitting = asked.clip.image_vectors(own[: len(labels)]) @ texts.T
    usual = sum(float(fitting[place, labels.index(name)]) for place, name in enumerate(names[: len(labels)])) / len(labels)
    best = row.index(max(row))
    rows = [Bar(label, round(share, 4)) for label, share in zip(labels, shares, strict=True)]
    picture = bars("picture:outside-shares", "Picture Z: the probability of each label", rows, top=1.0)
    fact = {
        "winner": labels[best],
        "cosine": row[best],
        "cosines": row,
        "labels": labels,
        "shown": asked.params.outside,
        "probabilities": [round(share, 5) for share in shares],
        "usual": round(usual, 4),
    }
    return {"outside": fact, "picture:outside-shares": picture}


def templates(asked: Asked) -> Step:
    """Task 4: how many pictures get their right label under each template, and the error of each difference (same pictures)."""
    params = asked.params
    labels = list(params.labels)
    pictures, right = _rated(asked)
    found = yield from part(vectors(asked, pictures), 0.1, 0.9)
    hits = {}
    for id, template in zip("abc", params.templates, strict=True):
        said = (found @ asked.texts(labels, template).T).argmax(1)
        hits[id] = [int(a == b) for a, b in zip(said.tolist(), right, strict=True)]
    n = len(right)
    errors = {f"{a}{b}": round(_error([x - y for x, y in zip(hits[a], hits[b], strict=True)]), 5) for a, b in combinations("abc", 2)}
    fact = {"n": n, "labels": len(labels), "hits": {id: sum(row) for id, row in hits.items()}, "errors": errors}
    rows = [
        Bar(f"“{written(template)}”", round(100 * sum(hits[id]) / n, 2), round(100 * _error([float(hit) for hit in hits[id]]), 2))
        for id, template in zip("abc", params.templates, strict=True)
    ]
    return {"templates": fact, "picture:templates": bars("picture:templates", f"Right labels of {n} pictures", rows, "%", top=100)}


def _rated(asked: Asked) -> tuple[list[Array], list[int]]:
    """Pictures to be named and the numbers of their labels."""
    if asked.params.world == "shapes":
        scenes, numbers = asked.once("rated", lambda: worlds.rated(asked.params, asked.seed))
        return [pixels(scene) for scene in scenes], numbers
    known = [(place, label) for place, (_, label) in enumerate(asked.params.files) if label in asked.params.labels]
    return [asked.file(place) for place, _ in known], [asked.params.labels.index(label) for _, label in known]


def _error(values: list[float]) -> float:
    """The standard error of a mean."""
    n = len(values)
    mean = sum(values) / n
    return float((sum((value - mean) ** 2 for value in values) / max(1, n - 1) / n) ** 0.5)


def winning(asked: Asked) -> Step:
    """Task 12: what a winner is: the nearest of the given prompts, and the next one when it is taken off the list."""
    yield 0.1
    matrix = asked.clip.image_vectors(asked.four()[0]) @ asked.texts(asked.params.asked).T
    labels = list(asked.params.asked)
    # a picture whose cosines happen to add up to about 1 would tell less
    place = max(range(len(matrix)), key=lambda row: (abs(float(matrix[row].sum()) - 1) > 0.05, -row))
    row = [float(cosine) for cosine in matrix[place]]
    first = row.index(max(row))
    more = asked.clip.image_vectors([asked.four()[0][place]]) @ asked.texts([*labels, asked.params.missing]).T
    angles = [_angle(cosine) for cosine in row]
    rest = [cosine for number, cosine in enumerate(row) if number != first]
    fact: Json = {
        "winner": labels[first],
        "nearest": labels[angles.index(min(angles))],
        "sum": round(sum(row), 4),
        "prompts": [len(labels), len(labels) + 1],
        "scores": [len(row), int(more.shape[1])],
        "next": [label for label in labels if label != labels[first]][rest.index(max(rest))],
        "next-cosine": round(max(rest), 4),
    }
    return {
        "winner-picture": LETTERS[place].upper(),
        "winner-label": labels[first],
        "winner-cosine": round(row[first], 3),
        "winning": fact,
    }


def _angle(cosine: float) -> float:
    import math

    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def row(asked: Asked) -> Step:
    """Task 2: four cosines of one picture and the scale, such that each misconception gives another number."""
    scale = round(asked.clip.scale, 2)
    yield 0.1
    pool, _ = asked.own()
    matrix = asked.clip.image_vectors([*pool, *asked.four()[0], asked.outside()[0]]) @ asked.texts(asked.params.labels).T
    yield 0.6
    wanted = Random(f"clip-zero-shot/{VERSION}/{asked.seed}/row").uniform(0.5, 0.9)
    chosen = min(_rows(rounded(matrix), scale), key=lambda entry: (entry[0], round(abs(entry[1] - wanted), 3), entry[2], entry[3]))
    _, _, place, numbers = chosen
    numbers = tuple(sorted(numbers))  # in the order of the labels, so that the best is not always the first
    shown = [(asked.params.labels[number], round(float(matrix[place][number]), 3)) for number in numbers]
    fact = {"labels": [label for label, _ in shown], "cosines": [cosine for _, cosine in shown], "scale": scale}
    return {
        "row": fact,
        "picture:temperature": _over_scales(fact),
        "row-shown": ", ".join(f"{label} {cosine:.3f}" for label, cosine in shown),
        "scale": scale,
    }


def _over_scales(fact: Json) -> Picture:
    """What a logit scale makes of the same four cosines, from 1 to 200: from level to all or nothing."""
    scales = sorted({*(round(10 ** (step / 8), 3) for step in range(19)), fact["scale"]})
    lines: dict[str, list[tuple[float, float, float]]] = {label: [] for label in fact["labels"]}
    for scale in scales:
        shares = softmax([scale * cosine for cosine in fact["cosines"]])
        for label, share in zip(fact["labels"], shares, strict=True):
            lines[label].append((scale, round(share, 4), 0.0))
    title = "The same four cosines under other logit scales (1 / temperature)"
    marks = [("this model", fact["scale"])]
    return curves("picture:temperature", title, lines, x="logit scale", y="probability", marks=marks, log="x")


def _rows(matrix: list[list[float]], scale: float) -> list[tuple[bool, float, int, tuple[int, ...]]]:
    """Every candidate (less fit, share of the best, picture, labels): the best label of a picture with three of the next ones."""
    found: list[tuple[bool, float, int, tuple[int, ...]]] = []
    for place, cosines_ in enumerate(matrix):
        order = sorted(range(len(cosines_)), key=lambda number: -cosines_[number])[:7]
        for others in combinations(order[1:], 3):
            numbers = (order[0], *others)
            values: list[Any] = [round(cosines_[number], 3) for number in numbers]
            share = traps.best_share(values, scale)
            told = len(traps.shares(values, scale))
            found.append((not (0.4 <= share <= 0.95 and told >= 3 and len(set(values)) == 4), share, place, numbers))
    return found
