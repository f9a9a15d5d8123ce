"""Wrong ways to write each code task, and the trap that must name each: the test data of the checker."""

from __future__ import annotations

from labs.clip_zero_shot.solutions import F
from studyapp.labkit.api import Mutant


def _made(call: str, cases: list[tuple[str, str, str | None]], head: str = F) -> list[Mutant]:
    return [
        Mutant(name=name, source=f"{head}def {call}:\n" + "".join(f"    {line}\n" for line in body.splitlines()), expects=expects)
        for name, body, expects in cases
    ]


UNIT = "i, t = F.normalize(images, dim=1), F.normalize(texts, dim=1)\n"
ZERO_SHOT = _made(
    "zero_shot(images, texts)",
    [
        ("bare dot products", "return (images @ texts.T).argmax(1)", "unnormalised"),
        ("only the pictures normalised", "return (F.normalize(images, dim=1) @ texts.T).argmax(1)", "unnormalised"),
        ("distance of bare features", "return torch.cdist(images, texts).argmin(1)", "distance-for-angle"),
        ("distance, pictures normalised", "return torch.cdist(F.normalize(images, dim=1), texts).argmin(1)", "distance-for-angle"),
        ("argmin", UNIT + "return (i @ t.T).argmin(1)", "farthest-label"),
        ("largest distance", UNIT + "return torch.cdist(i, t).argmax(1)", "farthest-label"),
        ("normalised over the batch", "return (F.normalize(images, dim=0) @ F.normalize(texts, dim=0).T).argmax(1)", "wrong-axis"),
        ("texts normalised over the labels", "return (F.normalize(images, dim=1) @ F.normalize(texts, dim=0).T).argmax(1)", "wrong-axis"),
        ("L1 norm", "return (images @ F.normalize(texts, p=1, dim=1).T).argmax(1)", "wrong-norm"),
        ("squared length", "return (images @ (texts / texts.square().sum(1, keepdim=True)).T).argmax(1)", "wrong-norm"),
        ("largest entry", "return (images @ (texts / texts.abs().amax(1, keepdim=True)).T).argmax(1)", "wrong-norm"),
        ("absolute cosines", UNIT + "return (i @ t.T).abs().argmax(1)", "sign-lost"),
        ("squared cosines", UNIT + "return (i @ t.T).square().argmax(1)", "sign-lost"),
        ("best picture for each label", UNIT + "return (i @ t.T).argmax(0)", "axes-order"),
        ("the cosine instead of the label", UNIT + "return (i @ t.T).max(1).values", "value-for-place"),
        ("scores", UNIT + "return i @ t.T", "scores-returned"),
        ("probabilities", UNIT + "return (i @ t.T).softmax(1)", "scores-returned"),
        ("argmax of everything", UNIT + "return (i @ t.T).argmax()", "batch-forgotten"),
        ("first picture only", UNIT + "return (i[0] @ t.T).argmax()", "batch-forgotten"),
        ("counted from 1", UNIT + "return (i @ t.T).argmax(1) + 1", "counted-from-one"),
        ("changes its input", "texts /= texts.norm(dim=1, keepdim=True)\nreturn (images @ texts.T).argmax(1)", "input-changed"),
        ("always the first label", "return torch.zeros(len(images), dtype=torch.long)", None),
    ],
)

P = "i, p = F.normalize(images, dim=1), F.normalize(prompts, dim=2)\n"
ENSEMBLE = _made(
    "ensemble(images, prompts)",
    [
        ("mean of the scores", P + "return (i @ p.transpose(1, 2)).mean(0)", "averaged-scores"),
        ("no norm after the mean", P + "return i @ p.mean(0).T", "averaged-scores"),
        ("no norm after the sum", P + "return i @ p.sum(0).T", "averaged-scores"),
        ("no norm before the mean", P + "return i @ F.normalize(prompts.mean(0), dim=1).T", "unnormalised"),
        ("no norm of prompts", P + "return i @ prompts.mean(0).T", "unnormalised"),
        ("no norm at all", "return images @ prompts.mean(0).T", "unnormalised"),
        ("pictures as they come", P + "return images @ F.normalize(p.mean(0), dim=1).T", "pictures-unnormalised"),
        ("first template", P + "return i @ p[0].T", "one-template"),
        ("last template", P + "return i @ p[-1].T", "one-template"),
        ("best template", P + "return (i @ p.transpose(1, 2)).max(0).values", "best-template"),
        ("median", P + "return i @ F.normalize(p.median(0).values, dim=1).T", "median-for-mean"),
        ("prompts normalised over labels", P + "return i @ F.normalize(F.normalize(prompts, dim=1).mean(0), dim=1).T", "wrong-axis"),
        ("prompts normalised over templates", P + "return i @ F.normalize(F.normalize(prompts, dim=0).mean(0), dim=1).T", "wrong-axis"),
        ("mean normalised over labels", P + "return i @ F.normalize(p.mean(0), dim=0).T", "wrong-axis"),
        ("mean over labels", P + "return i @ F.normalize(p.mean(1), dim=1).T", "axes-order"),
        ("a score for each template", P + "return i @ p.transpose(1, 2)", "not-averaged"),
        ("templates laid flat", P + "return i @ p.flatten(0, 1).T", "not-averaged"),
        ("labels by pictures", P + "return F.normalize(p.mean(0), dim=1) @ i.T", "axes-order"),
        ("the vectors", P + "return F.normalize(p.mean(0), dim=1)", "vectors-returned"),
        ("the labels", P + "return (i @ F.normalize(p.mean(0), dim=1).T).argmax(1)", "labels-returned"),
        ("softmax at the end", P + "return (i @ F.normalize(p.mean(0), dim=1).T).softmax(1)", "cosine-is-probability"),
        ("mean of probabilities", P + "return (i @ p.transpose(1, 2)).softmax(2).mean(0)", "cosine-is-probability"),
        (
            "changes its input",
            "prompts /= prompts.norm(dim=2, keepdim=True)\nreturn F.cosine_similarity(images[:, None], prompts.mean(0)[None], dim=2)",
            "input-changed",
        ),
    ],
)

L = "logits = scale * F.normalize(images, dim=1) @ F.normalize(texts, dim=1).T\nown = torch.arange(len(logits))\n"
BOTH = "return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2"
INFO_NCE = _made(
    "info_nce(images, texts, scale)",
    [
        ("pictures choose only", L + "return F.cross_entropy(logits, own)", "one-sided-loss"),
        ("texts choose only", L + "return F.cross_entropy(logits.T, own)", "one-sided-loss"),
        ("rows twice", L + "return (F.cross_entropy(logits, own) + F.cross_entropy(logits, own)) / 2", "one-sided-loss"),
        ("sides added", L + "return F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)", "sides-added"),
        (
            "summed over the batch",
            L + "return (F.cross_entropy(logits, own, reduction='sum') + F.cross_entropy(logits.T, own, reduction='sum')) / 2",
            "sum-for-mean",
        ),
        ("bare features", "logits = scale * images @ texts.T\nown = torch.arange(len(logits))\n" + BOTH, "unnormalised"),
        (
            "texts as they come",
            "logits = scale * F.normalize(images, dim=1) @ texts.T\nown = torch.arange(len(logits))\n" + BOTH,
            "unnormalised",
        ),
        ("normalised over the batch", L.replace("dim=1", "dim=0") + BOTH, "wrong-axis"),
        ("scale forgotten", L.replace("scale * ", "") + BOTH, "softmax-no-scale"),
        ("divided by the scale", L.replace("scale * ", "1 / scale * ") + BOTH, "scale-inverted"),
        ("targets all ones", L + "own = torch.ones_like(own)\n" + BOTH, "labels-all-ones"),
        ("targets all zeros", L + "own = torch.zeros_like(own)\n" + BOTH, "labels-all-ones"),
        ("sigmoid of each cell", L + "return F.binary_cross_entropy_with_logits(logits, torch.eye(len(own)))", "sigmoid-for-softmax"),
        (
            "softmax before cross-entropy",
            L + "return (F.cross_entropy(logits.softmax(1), own) + F.cross_entropy(logits.softmax(0).T, own)) / 2",
            "softmax-twice",
        ),
        ("softmax once, then both sides", L + "logits = logits.softmax(1)\n" + BOTH, "softmax-twice"),
        (
            "the right pair left out below",
            L + "rest = logits.masked_fill(torch.eye(len(own)).bool(), float('-inf'))\n"
            "return ((rest.logsumexp(1) + rest.logsumexp(0)) / 2 - logits.diagonal()).mean()",
            "positive-left-out",
        ),
        ("one minus the right cosines", L + "return (1 - logits.diagonal() / scale).mean()", "positives-only"),
        ("right logits only", L + "return -logits.diagonal().mean()", "positives-only"),
        ("sign forgotten", L + "return (logits.log_softmax(1).diagonal() + logits.log_softmax(0).diagonal()).mean() / 2", "sign-lost"),
        (
            "probability for its logarithm",
            L + "return -(logits.softmax(1).diagonal() + logits.softmax(0).diagonal()).mean() / 2",
            "log-forgotten",
        ),
        (
            "one minus the probability",
            L + "return 1 - (logits.softmax(1).diagonal() + logits.softmax(0).diagonal()).mean() / 2",
            "log-forgotten",
        ),
        (
            "base 2",
            L + "return (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2 / torch.log(torch.tensor(2.0))",
            "log-base",
        ),
        (
            "softmax over all cells",
            L + "return -(logits.flatten().log_softmax(0).reshape(logits.shape).diagonal()).mean()",
            "n-squared-classes",
        ),
        (
            "a value for each pair",
            L + "return (F.cross_entropy(logits, own, reduction='none') + F.cross_entropy(logits.T, own, reduction='none')) / 2",
            "not-reduced",
        ),
        (
            "bare exponentials",
            L + "e = logits.exp()\nreturn -((e.diagonal() / e.sum(1)).log() + (e.diagonal() / e.sum(0)).log()).mean() / 2",
            "overflow",
        ),
        ("changes its input", "images /= images.norm(dim=1, keepdim=True)\n" + L + BOTH, "input-changed"),
        ("always log B", "return torch.log(torch.tensor(float(len(images))))", None),
    ],
)

ALL = {"q3": ZERO_SHOT, "q5": ENSEMBLE, "q7": INFO_NCE}
