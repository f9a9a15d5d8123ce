"""What comes back as a card: tasks by formula over made-up tables, and fresh questions over the facts of an earlier run. Torch-free."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

from labs.vlm_probes import made_up, summary, tasks_break, tasks_scores, traps, truths
from labs.vlm_probes.kinds import CLASSES
from labs.vlm_probes.params import Params, letter
from labs.vlm_probes.probes import FAMILIES, NAMES, VERSION
from labs.vlm_probes.scores import Z
from labs.vlm_probes.tasks_break import FIVE
from labs.vlm_probes.tasks_first import hardest, ladder
from studyapp.errors import BadInput
from studyapp.labkit.api import BackendRef, ChoiceQuestion, Facts, Option, Picture, Plan, Question, Review, Trap, Truth, asked_for, filled

if TYPE_CHECKING:
    from labs.vlm_probes.lab import VlmProbes

OFFLINE = ("none", "human")
CARDS = ("q6", "q12", "q7", "q8", "q10")  # tasks that have a closed form
LINE_ONLY = {"q10": tuple(f"called-{name}" for name in CLASSES)}
NONE = BackendRef(kind="none", name="none")


def known_traps(seed: int, params: Params) -> tuple[tuple[Trap, ...], tuple[Trap, ...], tuple[Trap, ...]]:
    """The misconceptions of tasks 6, 12 and 7 over the made-up tables of a seed."""
    rights = made_up.rights(made_up.pairs(seed))
    return traps.group(rights), traps.independent(rights), traps.yes_scores(made_up.table(seed, params.metric), params.metric)


def closed_form(plan: Plan) -> dict[str, Truth]:
    """Tasks 6, 7, 8, 10 and 12 from what the seed made up."""
    seed, metric = plan.seed, Params.of(plan.params).metric
    rights = made_up.rights(made_up.pairs(seed))
    made = made_up.table(seed, metric)
    names = made_up.classes(seed)
    mean = sum(a + b for a, b in rights) / (2 * len(rights))
    return {
        "q6": Truth(value=100 * sum(a and b for a, b in rights) // len(rights)),
        "q7": Truth(value=round(100 * _score(made, metric), 4)),
        "q8": Truth(value=letter(seed, "grey", tasks_scores.CLAIMS, "habit")),
        "q10": Truth(value={at: letter(seed, "kinds", CLASSES, name) for at, name in zip(FIVE, names, strict=True)}),
        "q12": Truth(value=100 * mean * mean),
    }


def _score(table: Any, metric: str) -> float:
    """A score from the four counts, by its definition."""
    said, there = table.hits + table.alarms, table.hits + table.misses
    if metric == "f1":
        precision, recall = table.hits / said, table.hits / there
        return float(2 * precision * recall / (precision + recall))
    return float({"yes-ratio": said / table.n, "precision": table.hits / said, "recall": table.hits / there}[metric])


def review(lab: VlmProbes, what: str, seed: int) -> Review:
    """Tasks that have a closed form, filled in; BadInput for one that needs its model."""
    plan = lab.plan(seed, NONE)
    chosen = [question.id for question in asked_for("vlm-probes", map(plan.question, CARDS), what, LINE_ONLY)]
    made = {id: _line_card(seed) if id == "q10" else _score_card(plan, id) for id in chosen}
    questions = tuple(question for question, _, _ in made.values())
    return Review(
        plan=plan.model_copy(update={"questions": questions}),
        questions=questions,
        truth={id: truth for id, (_, truth, _) in made.items()},
        pictures=tuple(picture for _, _, shown in made.values() for picture in shown),
    )


Card = tuple[Question, Truth, tuple[Picture, ...]]


def _score_card(plan: Plan, id: str) -> Card:
    """A task of chapter 3 over what the seed made up: question, truth, pictures in text."""
    from labs.vlm_probes import pictures

    seed, metric = plan.seed, Params.of(plan.params).metric
    facts: dict[str, Any]
    shown: tuple[Picture, ...]
    if id in ("q6", "q12"):
        rows = made_up.pairs(seed)
        facts = {"pairs-say": made_up.PAIRS_SAY, "pair-share": traps.question_accuracy(made_up.rights(rows))}
        truth, shown = truths.group(rows) if id == "q6" else truths.independent(rows), (pictures.pairs_table(rows),)
    elif id == "q7":
        made = made_up.table(seed, metric)
        facts = {"table-say": made_up.TABLE_SAY}
        truth = truths.yes_score(metric, [made.hits, made.misses, made.alarms, made.rejections, 0, 0])
        shown = (pictures.yes_table(made),)
    else:
        dark = made_up.dark(seed)
        facts = {"grey-say": dark.say, "grey-n": dark.n, "grey-seen": dark.seen, "grey-share": dark.grey, "grey-chance": dark.chance}
        truth, shown = truths.grey(plan, dark.fact()), ()
    return filled(plan.question(id), facts), truth.model_copy(update={"traps": ()}), shown


def _line_card(seed: int) -> Card:
    """One answer to be named, its picture in text and words."""
    from labs.vlm_probes import pictures

    name = Random(f"vlm-probes/{VERSION}/{seed}/card").choice(sorted(CLASSES))
    _, shot, said = made_up.line(seed, 0, name)
    drawn = pictures.contact_sheet("picture:five", "The picture", {"a": shot}, 1, png=False)
    ask = f"A model was asked: *{shot.question}* It answered: *{said}*. What is this answer?"
    question = tasks_break.name_one_failure(seed, ask)
    at = letter(seed, "kinds", CLASSES, name)
    options = tuple(
        option.model_copy(update={"concept": None, "say": f"Right is {shot.answer}: {CLASSES[name][1]}."} if option.id == at else {})
        for option in question.options
    )
    question = question.model_copy(update={"options": options})
    return question, Truth(value=at, why=f"Right is {shot.answer}, and it said {said}: {CLASSES[name][1]}."), (drawn,)


def replay_review(lab: VlmProbes, what: str, seed: int, facts: Facts) -> Review:
    """Tasks 2, 3, 5 and 9 over the facts of a run; BadInput where the run holds none for it."""
    id = f"q{what}" if what.isdigit() else what
    make: dict[str, tuple[str, Callable[[int, Any], tuple[Question, Truth]]]] = {
        "q2": ("families", _two_probes),
        "q3": ("families", _order_again),
        "q5": ("families", _another_curve),
        "q9": ("switches", _one_cause),
    }
    key, build = make.get(id, ("", None))
    if build is None or key not in facts:
        raise BadInput(f"vlm-probes has no question about task {what!r} over the facts of that run; play it in the lab")
    question, truth = build(seed, facts[key])
    plan = lab.plan(seed, NONE).model_copy(update={"questions": (question,)})
    return Review(plan=plan, questions=(question,), truth={question.id: truth})


def _two_probes(seed: int, families: Any) -> tuple[Question, Truth]:
    """Of two probes: on which was it right more often?"""
    random = Random(f"vlm-probes/{VERSION}/{seed}/two")
    pairs = [(a, b) for a in FAMILIES for b in FAMILIES if a < b]
    random.shuffle(pairs)

    def share(name: str) -> float:
        return float(families[name]["right"] / families[name]["n"])

    def apart(pair: tuple[str, str]) -> float:
        noise = Z * math.hypot(*(families[name]["error"] for name in pair))
        return abs(share(pair[0]) - share(pair[1])) - noise

    chosen = next((pair for pair in pairs if apart(pair) > 0), max(pairs, key=apart))
    names = list(chosen) if random.random() < 0.5 else [*reversed(chosen)]
    right = max(names, key=share)
    question = ChoiceQuestion(
        id="q2",
        title="Right more often",
        ask="Over the whole dial, which of these two probes did the model answer rightly more often?",
        options=tuple(Option(id=at, text=NAMES[name]) for at, name in zip("ab", names, strict=True)),
        concept=f"probe-{right}",
        forecast=True,
        hints=_short("Which of the two needs one thing to be found, and which several to be held together?"),
    )
    why = "; ".join(f"{NAMES[name]} {100 * share(name):.0f} %" for name in names) + "."
    void = None if apart(chosen) > 0 else "No two probes of that run differ by more than the noise."
    return question, Truth(value="ab"[names.index(right)], why=why, void=void)


def _order_again(seed: int, families: Any) -> tuple[Question, Truth]:
    plan = Plan(lab="vlm-probes", version=VERSION, seed=seed, backend=NONE, questions=(hardest(seed),))
    return hardest(seed), truths.hardest(plan, families, None).model_copy(update={"evidence": ()})


def _another_curve(seed: int, families: Any) -> tuple[Question, Truth]:
    """The curve of another probe of that run."""
    from labs.vlm_probes.probes import DIALS
    from labs.vlm_probes.producers import curve_ask

    skilled = [name for name in FAMILIES if families[name]["status"] == "skill"]
    if not skilled:
        raise BadInput("in that run no probe was better than with a grey picture")
    found = summary.curve(families[Random(f"vlm-probes/{VERSION}/{seed}/curve").choice(skilled)])
    plan = Plan(lab="vlm-probes", version=VERSION, seed=seed, backend=NONE, questions=())
    question = tasks_break.half_way()
    return filled(question, {"curve-ask": curve_ask(DIALS[found["dial"]], found)}), truths.curve(plan, found)


def _one_cause(seed: int, switches: Any) -> tuple[Question, Truth]:
    """Did this change help this probe?"""
    key = Random(f"vlm-probes/{VERSION}/{seed}/cause").choice(sorted(switches))
    switch, _, family = key.partition("/")
    what = {"crop": "the picture was cut to the region that matters", "double": "the picture had twice as many pixels a side"}
    how = what.get(switch, "it was asked to list the objects first")
    row = switches[key]
    better = summary.improves(row)
    question = ChoiceQuestion(
        id="q9",
        title="Did it help?",
        ask=(
            f"The probe *{NAMES[family or 'count']}* was asked again at a hard setting; this time {how}. Did the answers become better by "
            f"more than the noise?"
        ),
        options=(Option(id="a", text="yes, by more than two standard errors"), Option(id="b", text="no, not beyond the noise")),
        concept="remove-the-cause",
        forecast=True,
        hints=_short("Does this put more pixels on what decides the answer, and does the model have the skill at all?"),
    )
    change, error = 100 * row["change"], 100 * row["error"]
    return question, Truth(value="a" if better else "b", why=f"The share right changed by {change:+.1f} ± {error:.1f} points.")


def _short(nudge: str) -> Any:
    return ladder(
        nudge,
        "Section 13 of the glossary lists where vision-language models break.",
        "Compare with what a grey picture would get.",
        "A sibling: what was too small to see gains from a close view; what is hidden does not.",
    )
