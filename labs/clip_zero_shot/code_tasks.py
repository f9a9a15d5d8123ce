"""Chapter 6: three functions to write. The mistakes that the checker can name (mistakes.py), and what each one means."""

from __future__ import annotations

from labs.clip_zero_shot.claims import ladder
from studyapp.labkit.api import CodeQuestion, Trap

IMPORTS = ("torch", "numpy", "math")

ZERO_SHOT_STUB = '''import torch
import torch.nn.functional as F


def zero_shot(
    images: torch.Tensor, texts: torch.Tensor
) -> torch.Tensor:
    """The number of the best label for each picture.

    (N, D) and (L, D) -> (N,). images holds one feature vector a
    picture, texts one a label, as the encoders give them: of any
    length. Best is the largest cosine.
    """
    raise NotImplementedError  # TODO
'''

ENSEMBLE_STUB = '''import torch
import torch.nn.functional as F


def ensemble(
    images: torch.Tensor, prompts: torch.Tensor
) -> torch.Tensor:
    """Cosines of pictures with labels told in several templates.

    (N, D) and (T, L, D) -> (N, L). prompts[t, l] is the feature
    vector of label l in template t. Each label gets one vector, the
    mean direction of its prompts; every prompt counts the same,
    however long its vector is. Features come as the encoders give
    them: of any length.
    """
    raise NotImplementedError  # TODO
'''

INFO_NCE_STUB = '''import torch
import torch.nn.functional as F


def info_nce(
    images: torch.Tensor, texts: torch.Tensor, scale: float
) -> torch.Tensor:
    """CLIP's loss of a batch: (B, D) and (B, D) -> one number.

    images[k] and texts[k] belong together. Features come as the
    encoders give them: of any length. scale multiplies the cosines.
    Both sides count the same: each picture chooses a text, each text
    a picture. It must hold at scale 100 too.
    """
    raise NotImplementedError  # TODO
'''


def _traps(sentences: dict[str, tuple[str, str]]) -> tuple[Trap, ...]:
    return tuple(Trap(code=code, concept=concept, say=say) for code, (concept, say) in sentences.items())


INPUT = {"input-changed": ("input-changed", "It changes its own input in place.")}

ZERO_SHOT = INPUT | {
    "unnormalised": (
        "unnormalised",
        "The texts were not brought to length 1: a long text vector wins by its length, not by its direction.",
    ),
    "distance": (
        "distance-for-angle",
        "That takes the smallest distance. Without normalising, distance and angle choose different labels.",
    ),
    "farthest": ("farthest-label", "That takes the least similar label: cosines grow with likeness, distances shrink."),
    "wrong-axis": ("wrong-axis", "Something was normalised along the wrong axis: each vector is a row, so its length is taken over dim=1."),
    "wrong-norm": ("wrong-norm", "Another norm was used. A cosine divides by the Euclidean length: the root of the sum of squares."),
    "sign-lost": ("sign-lost", "The sign was lost: a cosine of −0.9 is not near."),
    "per-label": ("axes-order", "That gives the best picture for each label; the best label for each picture was asked for."),
    "value-for-place": ("value-for-place", "Those are the largest cosines; the numbers of the labels were asked for."),
    "scores-returned": ("scores-returned", "Those are scores; the number of the best label was asked for."),
    "one-answer": ("batch-forgotten", "One answer came out for all pictures; one each was asked for."),
    "counted-from-one": ("counted-from-one", "The labels are counted from 0."),
}
ENSEMBLE = INPUT | {
    "averaged-scores": (
        "averaged-scores",
        (
            "That averages the templates' scores: the mean vector was not brought back to length 1, so labels whose prompts agree get "
            "larger ones."
        ),
    ),
    "raw-mean": (
        "unnormalised",
        "The prompts were averaged as they came: a long one outweighs the others. Normalise each before the mean.",
    ),
    "no-norm": ("unnormalised", "The prompts were not normalised at all, neither before the mean nor after it."),
    "pictures-unnormalised": ("pictures-unnormalised", "The pictures were not normalised, so these are no cosines."),
    "one-template": ("one-template", "Only one template was used."),
    "best-template": ("best-template", "That takes each label's best template; the mean of all was asked for."),
    "median": ("median-for-mean", "That is the median of the prompts; their mean was asked for."),
    "wrong-axis": ("wrong-axis", "Something was normalised along the wrong axis: a vector lies along the last one."),
    "labels-averaged": ("axes-order", "That averages over the labels; the templates come first: prompts is (T, L, D)."),
    "not-averaged": ("not-averaged", "There is still a score for each template; each label should have one."),
    "transposed": ("axes-order", "Rows and columns are exchanged: a row a picture, a column a label."),
    "vectors-returned": ("vectors-returned", "Those are the labels' vectors; their cosines with the pictures were asked for."),
    "labels-returned": ("labels-returned", "Those are the chosen labels; the cosines were asked for."),
    "softmaxed": ("cosine-is-probability", "Those are probabilities; cosines were asked for, before any softmax."),
}
INFO_NCE = INPUT | {
    "one-sided": (
        "one-sided-loss",
        "Only one side is there. Pictures choose among texts and texts among pictures; the loss is the mean of both.",
    ),
    "sides-added": ("sides-added", "Both sides are there but added; the loss is their mean."),
    "summed": ("sum-for-mean", "That is summed over the batch; the mean was asked for."),
    "unnormalised": ("unnormalised", "The features were not brought to length 1, so the logits are no scaled cosines."),
    "wrong-axis": ("wrong-axis", "The features were normalised along the batch; a vector's length is taken over dim=1."),
    "no-scale": ("softmax-no-scale", "The scale is missing: bare cosines differ too little for a softmax to choose by."),
    "scale-inverted": ("scale-inverted", "That divides by the scale. It is one over the temperature already, so it multiplies."),
    "scale-as-exponent": ("scale-as-exponent", "The scale was exponentiated. CLIP learns its logarithm, but here it comes ready to use."),
    "targets-ones": (
        "labels-all-ones",
        "All rows have the same target. The right text of picture k is text k: the targets are 0, 1, …, B − 1.",
    ),
    "sigmoid": ("sigmoid-for-softmax", "That judges every cell by itself with a sigmoid, as SigLIP does; here the cells of a row compete."),
    "softmax-twice": ("softmax-twice", "A softmax was taken twice: cross_entropy takes logits and has its own."),
    "positive-left-out": ("positive-left-out", "The right pair is missing from the sum below the fraction line; it counts there too."),
    "positives-only": ("positives-only", "Only the right pairs count here. Without wrong ones every vector may become the same."),
    "sign": ("sign-lost", "The sign is the wrong way round: the loss is minus a log probability."),
    "log-forgotten": ("log-forgotten", "That uses the probability itself; the loss is minus its logarithm."),
    "log-base": ("log-base", "Another logarithm was used; cross-entropy takes the natural one."),
    "one-choice": (
        "n-squared-classes",
        "The softmax runs over the whole matrix. Each row is a choice of its own, and so is each column.",
    ),
    "not-reduced": ("not-reduced", "There is a value for each pair; their mean was asked for."),
    "overflow": ("overflow", "Bare exponentials overflow at scale 100: use logsumexp, log_softmax or cross_entropy."),
}


def zero_shot() -> CodeQuestion:
    return CodeQuestion(
        id="q3",
        title="Write the zero-shot classifier",
        ask=(
            "Write `zero_shot(images, texts)`: features (N, D) and (L, D), of any length, to the number of the best label for each "
            "picture, "
            "(N,). Best is the largest cosine. Four lines do. The features it is tried on are made so that forgetting a step changes the "
            "answer."
        ),
        entry="zero_shot",
        stub=ZERO_SHOT_STUB,
        imports=IMPORTS,
        concept="cosine-vs-prob",
        stage=5,
        decided_by=("code:q3", "mosaic:q3"),
        traps=_traps(ZERO_SHOT),
        hints=ladder(
            "Would a text vector that is twice as long win more often, if you only took dot products?",
            "A cosine is the dot product of vectors brought to length 1 (section 3: compare with cosine similarity, take the best label).",
            "Normalise along dim=1, one matrix product with the transpose, argmax along dim=1.",
            (
                "A sibling, nearest word for one query: (W / W.norm(dim=1, keepdim=True)) @ q has the cosines up to one factor; its "
                "argmax is the word."
            ),
        ),
        difficulty=2,
        importance=5,
        minutes=5,
    )


def ensemble() -> CodeQuestion:
    return CodeQuestion(
        id="q5",
        title="Write the prompt ensemble",
        ask=(
            "Write `ensemble(images, prompts)`: features (N, D) of pictures and (T, L, D) of L labels in T templates, to the cosines (N, "
            "L) of "
            "the pictures with each label's mean prompt. Order matters: the checker knows what comes of each order."
        ),
        entry="ensemble",
        stub=ENSEMBLE_STUB,
        imports=IMPORTS,
        concept="prompt-ensemble",
        stage=5,
        decided_by=("code:q5", "mosaic:q5"),
        traps=_traps(ENSEMBLE),
        hints=ladder(
            "How long is the mean of two vectors of length 1 that point in different directions?",
            "Averaging the embeddings of many templates helps (section 3); a label's vector is the mean direction of its prompts.",
            "Normalise each prompt, take the mean over the templates, normalise again; then the pictures' cosines.",
            "A sibling, the mean of compass needles: make each of length 1, add them, and turn the sum into a direction again.",
        ),
        difficulty=3,
        importance=4,
        minutes=6,
    )


def info_nce() -> CodeQuestion:
    return CodeQuestion(
        id="q7",
        title="Write the symmetric InfoNCE loss",
        ask=(
            "Write `info_nce(images, texts, scale)`: CLIP's loss of a batch of pairs, from features of any length and the logit scale. "
            "It is "
            "tried on random features, on equal ones (you have said what comes out there), and at a scale of 100."
        ),
        entry="info_nce",
        stub=INFO_NCE_STUB,
        imports=IMPORTS,
        concept="contrastive-target",
        stage=5,
        decided_by=("code:q7", "mosaic:q7"),
        traps=_traps(INFO_NCE),
        hints=ladder(
            "Who chooses among whom in a row of the matrix, and who in a column?",
            "Symmetric cross-entropy over the matrix of scaled cosines (section 3: each picture its text, each text its picture).",
            "logits = scale × cosines; targets 0 … B − 1; the mean of cross_entropy(logits, targets) and cross_entropy(logits.T, targets)",
            (
                "A sibling with one side only, questions and answers: F.cross_entropy(scale * (q @ a.T), torch.arange(len(q))) for unit "
                "vectors."
            ),
        ),
        difficulty=4,
        importance=4,
        minutes=9,
    )
