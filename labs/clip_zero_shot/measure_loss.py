"""Chapter 3 and task 11 measured: CLIP's loss by torch's own cross-entropy, on random numbers and on this run's pictures."""

from __future__ import annotations

from typing import Any

from labs.clip_zero_shot import arithmetic
from labs.clip_zero_shot.asked import Asked, Step
from labs.figures import heat
from studyapp.labkit.api import Json

Tensor = Any
DRAWS, FEWEST = 16_000, 32  # rows of random features in all, batches at least
RAISED = 0.5  # by how much the nearest wrong caption's cosine is raised, to see whether the loss feels it


def symmetric(logits: Tensor) -> Tensor:
    """Mean cross-entropy over rows and over columns, the right class of each being its own number."""
    import torch

    own = torch.arange(len(logits))
    return (torch.nn.functional.cross_entropy(logits, own) + torch.nn.functional.cross_entropy(logits.T, own)) / 2


def numbers(asked: Asked) -> Step:
    """Tasks 6, 14 and 15: which cells are pushed which way, by the gradient; the loss of equal logits, and of random features."""
    import torch

    params, make = asked.params, torch.Generator().manual_seed(asked.seed % 2**31)
    logits = torch.randn(params.batch, params.batch, generator=make, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(symmetric(logits), logits)
    own = torch.arange(params.batch)
    targets = bool(torch.equal(slope.argmin(1), own) and torch.equal(slope.argmin(0), own))
    batch: Json = {"apart": int((slope > 0).sum()), "together": int((slope < 0).sum()), "targets": "own" if targets else "other"}
    yield 0.2
    equal = float(symmetric(torch.full((params.equal, params.equal), 0.25, dtype=torch.float64)))
    B, D, s = params.random
    rounds = max(FEWEST, DRAWS // B)
    losses = []
    for number in range(rounds):
        images, texts = (torch.nn.functional.normalize(torch.randn(B, D, generator=make), dim=1) for _ in range(2))
        losses.append(float(symmetric((s * images @ texts.T).double())))
        if number % 16 == 15:
            yield 0.2 + 0.8 * number / rounds
    mean = sum(losses) / rounds
    error = (sum((loss - mean) ** 2 for loss in losses) / (rounds - 1) / rounds) ** 0.5
    random: Json = {"mean": round(mean, 4), "error": round(error, 4), "batches": rounds}
    return {"batch": batch, "equal-loss": round(equal, 5), "random-loss": random}


def goal(asked: Asked) -> Step:
    """Task 11: the loss of a batch of this run's pictures, and what it feels: a shift, another order, and each cell in turn."""
    import torch

    yield 0.1
    count, k = len(asked.params.asked), asked.params.pair - 1
    pictures, labels = asked.own()
    cosines = torch.from_numpy(asked.clip.image_vectors(pictures[:count]) @ asked.texts(labels[:count]).T).double()
    scale = asked.clip.scale
    loss = float(symmetric(scale * cosines))
    order = torch.randperm(count, generator=torch.Generator().manual_seed(asked.seed % 2**31))
    yield 0.5
    leaf = cosines.clone().requires_grad_(True)
    logits, own = scale * leaf, torch.tensor([k])
    two_sided = torch.nn.functional.cross_entropy(logits[k : k + 1], own) + torch.nn.functional.cross_entropy(logits.T[k : k + 1], own)
    (slope,) = torch.autograd.grad(two_sided, leaf)
    wrong = max((place for place in range(count) if place != k), key=lambda place: float(cosines[k, place]))
    raised = cosines.clone()
    raised[k, wrong] += RAISED
    fact: Json = {
        "loss": round(loss, 5),
        "raised": round(float(symmetric(scale * raised)), 5),
        "shifted": round(float(symmetric(scale * (cosines + 0.1))), 5),
        "permuted": round(float(symmetric(scale * cosines[order][:, order])), 5),
        "from-cosines": round(arithmetic.loss((scale * cosines).tolist()), 5),
        "touched": _shape(slope != 0, k),
        "pair": k + 1,
        "scale": round(scale, 3),
    }
    cross = [(k, place) for place in range(count)] + [(place, k) for place in range(count) if place != k]
    names = [f"{number} {label}" for number, label in enumerate(labels[:count], start=1)]
    title = f"Cosines of a batch of {count} pairs, a picture a row; row {k + 1} and column {k + 1} are framed"
    values = [[round(float(value), 3) for value in row] for row in cosines]
    return {"goal": fact, "picture:batch": heat("picture:batch", title, names, [str(n) for n in range(1, count + 1)], values, marked=cross)}


def _shape(touched: Tensor, k: int) -> str:
    """What the touched cells make up."""
    rows, columns = touched.any(1), touched.any(0)
    if bool(touched.all()):
        return "all"
    inside = bool(touched[k].all()), bool(touched[:, k].all())
    count = int(touched.sum())
    if all(inside) and count == 2 * len(touched) - 1:
        return "cross"
    if inside[0] and count == len(touched):
        return "row"
    return "cell" if count == 1 and bool(rows[k] and columns[k]) else "other"
