"""Chapter 3, reading the scores: pairs, what independence would give, yes-or-no scores, and what a grey picture is for."""

from __future__ import annotations

from labs.vlm_probes import made_up, traps
from labs.vlm_probes.params import Params, shuffled
from labs.vlm_probes.tasks_first import ladder
from studyapp.labkit.api import ChoiceQuestion, NumberQuestion, Option, Trap

CLAIMS = {
    "habit": (
        "Only what goes beyond the grey score is owed to the pictures; the words of the question and habit were enough for the rest.",
        None,
        "That is what the grey picture is for: it shows what can be had without looking.",
    ),
    "coin": (
        "It stays far above the toss of a coin, so most of its right answers come from looking at the pictures; the grey score adds "
        "nothing.",
        "chance-is-the-floor",
        "So does the score with the grey picture, in which there is nothing to look at. Chance is the wrong floor here.",
    ),
    "zero": (
        "Nothing can be seen in a grey picture, so a score that is not near zero shows that the test, or its answer key, must be at fault.",
        "blind-is-zero",
        "Without looking one can still say what is usually right. In this set that pays, and no rule of the test is broken.",
    ),
    "traces": (
        "The encoder still finds traces of the scene in the grey picture, faint for us but enough for it: that is how it beats the coin.",
        "grey-has-traces",
        "The grey picture is the same for all questions, byte by byte, so it cannot tell one answer from another.",
    ),
}


def group_accuracy(given: tuple[Trap, ...], seed: int) -> NumberQuestion:
    """Task 6."""
    rows = made_up.rights(made_up.pairs(seed + 1))
    return NumberQuestion(
        id="q6",
        title="Group accuracy",
        ask=(
            "{fact:pairs-say} The table holds ten pairs of pictures; both pictures of a pair were asked the same question, and the right "
            "answers differ. What is the group accuracy, in percent?"
        ),
        unit="%",
        concept="group-accuracy",
        stage=2,
        needs=("pairs-say", "picture:pairs"),
        decided_by=("pairs",),
        traps=given,
        hints=ladder(
            "What would a model score that gives both pictures of every pair the same answer?",
            "Group accuracy (MMVP, NaturalBench) counts a pair only if all of its answers are right, so that habits earn nothing "
            "(section 12: grounding).",
            "Count the pairs with two right answers, divide by ten, times 100.",
            f"A sibling: {sum(a + b for a, b in rows)} of 20 answers are right ({traps.question_accuracy(rows)} %), but only "
            f"{sum(a and b for a, b in rows)} of 10 pairs in both: {traps.group_accuracy(rows)} %.",
        ),
        confidence=True,
        difficulty=2,
        importance=5,
    )


def independent(given: tuple[Trap, ...], seed: int) -> NumberQuestion:
    """Task 12: the second half of the task on groups."""
    mean = traps.question_accuracy(made_up.rights(made_up.pairs(seed + 1)))
    return NumberQuestion(
        id="q12",
        title="If the two had nothing to do with each other",
        ask=(
            "In the same ten pairs {fact:pair-share} % of the single answers are right. If each answer were right with just this chance, "
            "whatever its twin got, in how many percent of pairs would both be right?"
        ),
        unit="%",
        integer=False,
        abs_tol=0.5,
        concept="group-accuracy",
        stage=2,
        needs=("pair-share", "picture:pairs"),
        decided_by=("pairs",),
        traps=given,
        hints=ladder(
            "Two things must happen: how do their chances combine?",
            "Independent chances are multiplied. Where the counted pairs stay below that, one answer of a pair is bought with the "
            "other: the "
            "sign of an answer that does not follow the picture (section 12).",
            "p * p, in percent: (p / 100) ** 2 * 100",
            f"A sibling: {mean} % of single answers right: {mean / 100:g} × {mean / 100:g} = {mean * mean / 10_000:g}, so "
            f"{mean * mean / 100:g} %.",
        ),
        confidence=True,
        difficulty=2,
        importance=3,
    )


def yes_score(params: Params, given: tuple[Trap, ...], seed: int, also: tuple[str, ...] = ()) -> NumberQuestion:
    """Task 7. `also`: what a run shows beside the table where it asks for more."""
    other = made_up.table(seed + 1, params.metric)
    value = 100 * (other.scores()[params.metric] or 0)
    how = {
        "yes-ratio": ("(answers yes) / (all answers)", f"{other.hits + other.alarms} / {other.n}"),
        "precision": ("(true yes, said yes) / (all that said yes)", f"{other.hits} / {other.hits + other.alarms}"),
        "recall": ("(true yes, said yes) / (all that are true yes)", f"{other.hits} / {other.positives}"),
        "f1": (
            "2 * hits / (said yes + true yes), the harmonic mean of precision and recall",
            f"2 × {other.hits} / ({other.hits + other.alarms} + {other.positives})",
        ),
    }[params.metric]
    return NumberQuestion(
        id="q7",
        title=f"Read off {traps.TITLES[params.metric]}",
        ask=(
            f"{{fact:table-say}} The table counts answers by what is true and what was said, yes being the answer of interest. What is "
            f"{traps.TITLES[params.metric]}, in percent?"
        ),
        unit="%",
        integer=False,
        abs_tol=0.5,
        concept="yes-ratio",
        stage=2,
        needs=("table-say", "picture:table"),
        decided_by=("table", "signal", "picture:signal", *also),
        traps=given,
        hints=ladder(
            "Over which answers is it a share: over all, over those that say yes, or over those that are true?",
            "POPE reports accuracy, precision, recall, F1 and the yes-ratio together, since a model that always says yes has a perfect "
            "recall "
            "(section 12: hallucination rate).",
            how[0],
            f"A sibling: hits {other.hits}, misses {other.misses}, false alarms {other.alarms}, rejections {other.rejections}: {how[1]} = "
            f"{value:.1f} %.",
        ),
        confidence=True,
        difficulty=2,
        importance=4,
    )


def what_grey_says(seed: int) -> ChoiceQuestion:
    """Task 8."""
    return ChoiceQuestion(
        id="q8",
        title="What does the grey picture say?",
        ask=(
            "{fact:grey-say} The model was right in {fact:grey-seen} % of {fact:grey-n} questions. Asked the same with a plain grey "
            "picture in the place of each, it was right in {fact:grey-share} %; the toss of a coin gets {fact:grey-chance} %. What follows "
            "from these three numbers?"
        ),
        options=tuple(
            Option(id=letter, text=CLAIMS[key][0], concept=CLAIMS[key][1], say=CLAIMS[key][2])
            for letter, key in shuffled(seed, "grey", CLAIMS).items()
        ),
        concept="blind-baseline",
        stage=2,
        needs=("grey-say", "grey-seen", "grey-n", "grey-share", "grey-chance"),
        decided_by=("grey",),
        hints=ladder(
            "What does the model know when the picture is grey?",
            "A language model answers from its words alone if it has to: what is usual is usually right. This prior is the floor that a "
            "score has to be held against (section 12: grounding).",
            "Compare three numbers: with the picture, with grey, by a coin. Which difference is owed to the picture?",
            "A sibling: 93 % with pictures, 90 % with grey, 50 % by a coin: the pictures are worth 3 points, the habit 40.",
        ),
        difficulty=2,
        importance=5,
    )
