"""The misconceptions of the tasks about scores as formulas: what someone who holds one would answer for these very numbers."""

from __future__ import annotations

from collections.abc import Sequence

from labs.vlm_probes.scores import YesNo
from studyapp.labkit.api import Trap

Rights = Sequence[tuple[bool, bool]]  # of each pair: was the first right, was the second
GAP = 1.0  # points between any two values of a task that is judged within half a point
GROUP_TRAPS, INDEPENDENT_TRAPS = 4, 4


def telling(truth: float, traps: Sequence[Trap], gap: float = GAP) -> tuple[Trap, ...]:
    """Traps that differ clearly from the truth and from each other; a run's own numbers may make some of them coincide."""
    kept: list[Trap] = []
    for trap in traps:
        if all(abs(trap.value - other) > gap for other in (truth, *(k.value for k in kept))):
            kept.append(trap)
    return tuple(kept)


def group_accuracy(rights: Rights) -> int:
    """Pairs with both answers right, in percent (whole for ten pairs)."""
    return round(100 * sum(a and b for a, b in rights) / len(rights))


def question_accuracy(rights: Rights) -> int:
    """Right answers of all, in percent (whole for ten pairs)."""
    return round(100 * sum(a + b for a, b in rights) / (2 * len(rights)))


def group(rights: Rights) -> tuple[Trap, ...]:
    """Task 6: how many percent of the pairs count."""
    mean = question_accuracy(rights)
    return telling(
        group_accuracy(rights),
        (
            Trap(
                value=mean,
                concept="group-is-mean",
                say="That is the share of single answers that are right. A pair counts only if both of its answers are.",
            ),
            Trap(
                value=round(100 * sum(a or b for a, b in rights) / len(rights)),
                concept="one-of-two-counts",
                say="That counts each pair with at least one right answer. One of two is what a constant answer gets.",
            ),
            Trap(
                value=round(mean * mean / 100, 2),
                concept="group-assumed-independent",
                say="That squares the share of right answers, which holds only for answers that are independent; here you can count.",
            ),
            Trap(
                value=sum(a and b for a, b in rights),
                concept="count-for-percent",
                say="That is the number of pairs; a percentage was asked for.",
            ),
        ),
    )


def expected(rights: Rights) -> float:
    """Percent of pairs with both right, were the answers independent."""
    mean = question_accuracy(rights)
    return mean * mean / 100


def independent(rights: Rights) -> tuple[Trap, ...]:
    """Task 12: the share of pairs with both right, if right and wrong fell independently."""
    mean = question_accuracy(rights)
    return telling(
        expected(rights),
        (
            Trap(
                value=mean,
                concept="group-is-mean",
                say="That is the chance of one right answer. For a pair both have to be right, which happens less often.",
            ),
            Trap(
                value=group_accuracy(rights),
                concept="observed-for-expected",
                say="That is what was counted. Asked was what to expect if the answers of a pair had nothing to do with each other.",
            ),
            Trap(
                value=mean / 2,
                concept="halved-for-pairs",
                say="Two conditions do not halve a chance: independent chances are multiplied.",
            ),
            Trap(
                value=100 - (100 - mean) ** 2 / 100,
                concept="one-of-two-counts",
                say="That is the chance that at least one of the two is right.",
            ),
        ),
    )


TITLES = {"yes-ratio": "the yes-ratio", "precision": "the precision", "recall": "the recall", "f1": "the F1 score"}


def yes_scores(table: YesNo, metric: str) -> tuple[Trap, ...]:
    """Task 7: what someone answers who takes another score for the one that is asked for."""
    percent = {name: 100 * value for name, value in table.scores().items() if value is not None}
    negatives = table.n - table.positives
    percent["share-of-truth"] = 100 * table.positives / table.n
    if negatives:
        percent["alarm-rate"] = 100 * table.alarms / negatives
        percent["specificity"] = 100 * table.rejections / negatives
    if "precision" in percent and "recall" in percent:
        percent["mean"] = (percent["precision"] + percent["recall"]) / 2
    truth = percent.get(metric)
    if truth is None:
        return ()
    return telling(
        truth,
        [Trap(value=round(percent[name], 2), concept=concept, say=say) for name, concept, say in OTHERS[metric] if name in percent],
        1.5,
    )


_SWAPPED = "precision-recall-swapped"
_ACCURACY = ("accuracy", "accuracy-for-score", "That is the accuracy: right answers, yes or no, of all.")
OTHERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "yes-ratio": (
        ("share-of-truth", "yes-ratio-of-truth", "That is how often yes would be right. The yes-ratio is how often yes is said."),
        ("precision", "precision-for-ratio", "That is the precision: how many of the yes answers are right."),
        _ACCURACY,
        ("recall", "recall-for-ratio", "That is the recall: how many of the things that are there get a yes."),
        ("alarm-rate", "alarms-for-ratio", "That is the rate of false alarms: yes where nothing is there."),
    ),
    "precision": (
        ("recall", _SWAPPED, "That is the recall: it divides by the things that are there. Precision divides by the answers that say yes."),
        _ACCURACY,
        ("specificity", "specificity-for-precision", "That is how many of the absent things get a no."),
        ("yes-ratio", "ratio-for-precision", "That is the yes-ratio: it does not ask whether the yes is right."),
    ),
    "recall": (
        (
            "precision",
            _SWAPPED,
            "That is the precision: it divides by the answers that say yes. Recall divides by the things that are there.",
        ),
        _ACCURACY,
        ("specificity", "specificity-for-recall", "That is how many of the absent things get a no; recall is about those that are there."),
        ("yes-ratio", "ratio-for-recall", "That is the yes-ratio: it does not ask whether the thing is there."),
    ),
    "f1": (
        (
            "mean",
            "mean-for-f1",
            "That is the plain mean of precision and recall; F1 is their harmonic mean, which stays nearer the smaller one.",
        ),
        _ACCURACY,
        ("precision", "precision-for-f1", "That is the precision alone."),
        ("recall", "recall-for-f1", "That is the recall alone."),
    ),
}
