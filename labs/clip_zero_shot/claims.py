"""Sentences to choose from, and which of them a run's facts leave standing: exactly one must, else nothing is judged.

Each table: key -> (text, misconception of who chooses it wrongly, the sentence shown with the verdict). {n}, {k} and {B} are filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from random import Random

from labs.clip_zero_shot.params import VERSION
from studyapp.labkit.api import Facts, Hint, Option, Truth

Table = Mapping[str, tuple[str, str | None, str]]

OUTSIDE: Table = {
    "wins": (
        "One label comes out first all the same, and the {n} probabilities add up to 1.",
        None,
        "So it is: argmax and softmax only compare the labels with each other, and nothing in them can say that none fits.",
    ),
    "refuses": (
        "No label is returned: the best cosine stays below the threshold for an answer.",
        "argmax-can-refuse",
        "There is no threshold. Argmax returns the largest cosine, however small it is; a refusal has to be built by the user.",
    ),
    "all-low": (
        "All {n} probabilities are low: together they stay far below 1, so nothing fits.",
        "argmax-can-refuse",
        "A softmax always adds up to 1: it shares out the same total whether the cosines are high or low.",
    ),
    "even": (
        "The {n} labels come out even, with about 1/{n} of the probability each.",
        "even-when-unsure",
        "Some label is always a little nearer, and the logit scale makes much of a small difference.",
    ),
}
WINNING: Table = {
    "nearest": (
        "Its text vector makes the smallest angle of all {n} with the picture's vector.",
        None,
        "That is all that was compared: another list of prompts may have another winner.",
    ),
    "probability": (
        "The picture shows this with a probability that the cosine tells: near 1 is nearly sure.",
        "cosine-is-probability",
        "A cosine is no probability: these {n} do not add up to 1, and a good one may be far below 1.",
    ),
    "class": (
        "Of the classes that the model was trained to tell apart, this one's output was largest.",
        "fixed-classes",
        "There are no class outputs: {n} prompts gave {n} scores, and one more prompt gave one more, without any training.",
    ),
    "writes": (
        "Asked for a few words about the picture, its text encoder came up with this label.",
        "text-tower-writes",
        "Nothing is written: the winner is one of the given prompts, and when it was taken off the list, the next one won.",
    ),
}
SPACE: Table = {
    "matched": (
        "a picture and its own caption",
        "pairs-nearest",
        "Here another kind of pair is closer on average: see the means of this run.",
    ),
    "pictures": ("two different pictures", "modality-gap", "In many large CLIPs it is so; the run says what holds for this model."),
    "captions": ("two different captions", "modality-gap", "In some models it is so; the run says what holds for this one."),
}
TARGETS: Table = {
    "own": ("The number of its own pair: 0, 1, 2, … along the diagonal.", None, "So the same vector 0 … B − 1 serves rows and columns."),
    "ones": (
        "Class 1 everywhere: right pairs have label 1, so the vector is all ones.",
        "labels-all-ones",
        "A target names which class is right. All ones would say that picture 1's caption is right for every picture.",
    ),
    "rows": (
        "For the rows 0, 1, 2, …; the columns have no target, for captions do not choose.",
        "one-sided-loss",
        "The loss is symmetric: each caption must also pick its picture, down its column.",
    ),
    "cells": (
        "A yes or no for each cell by itself: 1 on the diagonal and 0 beside it.",
        "sigmoid-for-softmax",
        "That is SigLIP's loss. CLIP's softmax lets the cells of a row, and of a column, compete.",
    ),
}
CROSSES: Table = {
    "cross": ("Row {k} and column {k}.", None, "All cells that compete with cell ({k}, {k}) are touched, and no other."),
    "cell": (
        "Cell ({k}, {k}) alone.",
        "positives-only",
        "A softmax divides by the sum over its row: the wrong cells of row and column count too.",
    ),
    "row": ("Row {k} alone.", "one-sided-loss", "The other half is missing: caption {k} chooses among the pictures, down column {k}."),
    "all": (
        "All {n} × {n} cells of the matrix.",
        "n-squared-classes",
        "The whole loss touches them all; the part of one pair sees one row and one column.",
    ),
}
GOAL: Table = {
    "choose": (
        "Each picture must pick its own caption out of the batch's, and each caption must pick its picture.",
        None,
        "Right pairs have to win, row by row and column by column; how high the cosines are in themselves does not matter.",
    ),
    "together": (
        "The cosine of every right pair is driven up to 1 for itself; what the wrong pairs score plays no part.",
        "positives-only",
        "The run raised a wrong cell and the loss rose; adding the same to all cosines left it where it was.",
    ),
    "classes": (
        "Each picture is sorted into one of a fixed list of classes, which the captions stand for in training.",
        "fixed-classes",
        "The run put the pairs in another order and the loss stayed the same: a class is only a place in the batch.",
    ),
    "writes": (
        "From the vector of a picture the text encoder learns to bring forth its caption, word after word.",
        "text-tower-writes",
        "The run worked the loss out from the matrix of cosines alone. No word is predicted anywhere.",
    ),
}
WHERE: Table = {
    "pooling": (
        "It stands in the patch tokens; turning all of them into one vector loses much of it.",
        None,
        "At the same width the readout of the patch tokens is far ahead of that of the pooled vector.",
    ),
    "wording": (
        "It is all in the pooled vector; the captions alone fail to get at what is there.",
        "captions-cure",
        "A readout trained on the pooled vector itself, without any caption, stays well behind the patch tokens.",
    ),
    "nowhere": (
        "It is nowhere in the model: the image encoder does not see which thing is on which side.",
        "encoder-sees-no-places",
        "A linear readout of its patch tokens says which is left far more often than a coin.",
    ),
    "training": (
        "Only training puts it in: the patch tokens of an untrained encoder of this size have none of it.",
        "places-are-learned",
        "The untrained encoder's patch tokens give it away as well: each still says what lies at its own place.",
    ),
}


def ladder(nudge: str, concept: str, method: str, worked: str) -> tuple[Hint, ...]:
    """The four hints of a task."""
    return tuple(Hint(step=step, text=text) for step, text in enumerate((nudge, concept, method, worked), start=1))


def shuffled(seed: int, task: str, keys: Iterable[str]) -> dict[str, str]:
    """Letter -> key, in the order drawn for this seed."""
    names = sorted(keys)
    Random(f"clip-zero-shot/{VERSION}/{seed}/{task}").shuffle(names)
    return dict(zip("abcdefghijkl", names, strict=False))


def letter(seed: int, task: str, keys: Iterable[str], key: str) -> str:
    """The letter under which a key is shown."""
    return next(letter for letter, name in shuffled(seed, task, keys).items() if name == key)


def options(seed: int, task: str, table: Table, **words: int) -> tuple[Option, ...]:
    """A table as options in the order of this seed."""

    def filled(text: str) -> str:
        for name, value in words.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    return tuple(
        Option(id=id, text=filled(table[key][0]), concept=table[key][1], say=filled(table[key][2]))
        for id, key in shuffled(seed, task, table).items()
    )


def standing(seed: int, task: str, table: Table, holds: Mapping[str, bool], why: str, evidence: tuple[str, ...]) -> Truth:
    """The one sentence that the facts leave standing; void where none does, or several."""
    left = [key for key, stands in holds.items() if stands]
    if len(left) != 1:
        what = "none of the sentences" if not left else "more than one of the sentences"
        return Truth(value=None, void=f"This run leaves {what} standing, so nothing is judged. {why}", evidence=evidence)
    return Truth(value=letter(seed, task, table, left[0]), why=why, evidence=evidence)


def of_outside(fact: Facts) -> dict[str, bool]:
    """Task 8, by the probabilities that the run found."""
    shares = fact["probabilities"]
    even = max(shares) < 1.5 / len(shares)
    low = sum(shares) < 0.5
    return {"wins": fact["winner"] is not None and not even and not low, "refuses": fact["winner"] is None, "all-low": low, "even": even}


def of_winning(fact: Facts) -> dict[str, bool]:
    """Task 12."""
    return {
        "nearest": fact["winner"] == fact["nearest"],
        "probability": abs(fact["sum"] - 1) < 0.02,
        "class": fact["prompts"] != fact["scores"],
        "writes": fact["next"] is None,
    }


def of_goal(fact: Facts) -> dict[str, bool]:
    """Task 11."""
    same = 1e-4
    return {
        "choose": fact["touched"] == "cross" and abs(fact["shifted"] - fact["loss"]) < same,
        "together": fact["touched"] == "cell",
        "classes": abs(fact["permuted"] - fact["loss"]) > same,
        "writes": abs(fact["from-cosines"] - fact["loss"]) > same,
    }


def of_where(fact: Facts) -> dict[str, bool]:
    """Task 19: what three standard errors allow to be said of the readouts."""
    tokens, pooled, untrained = (fact[name] for name in ("tokens-narrow", "pooled", "untrained-tokens-narrow"))
    n = fact["n"]
    gap = tokens - pooled > 3 * (_variance(tokens, n) + _variance(pooled, n)) ** 0.5
    seen, raw = (share - 0.5 > 3 * 0.5 / n**0.5 for share in (fact["tokens"], untrained))
    return {
        "pooling": seen and gap,
        "wording": seen and not gap and pooled - 0.5 > 3 * 0.5 / n**0.5,
        "nowhere": not seen,
        "training": seen and not raw,
    }


def _variance(share: float, n: int) -> float:
    return max(share * (1 - share), 0.25 / n) / n
