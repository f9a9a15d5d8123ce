"""Tasks as cards, without a model: with numbers drawn for the purpose, or over the stored facts of an earlier run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Protocol

from labs.clip_zero_shot import arithmetic, claims, traps, verdicts
from labs.clip_zero_shot.arithmetic import softmax
from labs.clip_zero_shot.params import VERSION, Params
from labs.figures import Bar, bars
from studyapp.errors import BadInput
from studyapp.labkit.api import BackendRef, Facts, Json, Option, PickQuestion, Plan, Question, Review, Truth, asked_for, filled

RUN_ONLY = {"q2": ("softmax-no-scale", "sigmoid-for-softmax", "share-of-cosines")}  # traps that the truth of a run brings
BACKEND = BackendRef(kind="tiny", name="tiny")
Shown = dict[str, Json]


class Planner(Protocol):
    """The part of the lab that is needed here."""

    def plan(self, seed: int, backend: BackendRef, level: int = 1) -> Plan: ...


def fresh(lab: Planner, what: str, seed: int) -> Review:
    """A task ("q2" or "2"), all tasks of a concept, or those that a misconception shows up in, with drawn numbers."""
    plan = lab.plan(seed, BACKEND)
    params = Params.of(plan.params)
    chosen = asked_for("clip-zero-shot", [question for question in plan.questions if question.id in DRAWN], what, RUN_ONLY)
    made = [DRAWN[question.id](plan, params) for question in chosen]
    questions = tuple(_alone(question, shown) for question, (_, shown) in zip(chosen, made, strict=True))
    truth = {question.id: found.model_copy(update={"reason": None}) for question, (found, _) in zip(chosen, made, strict=True)}
    return Review(plan=plan, questions=questions, truth=truth)


def _alone(question: Question, shown: Mapping[str, Json]) -> Question:
    """A question with its numbers filled in, without pictures and without its second tier."""
    return filled(question, dict(shown)).model_copy(update={"needs": (), "reason": None})


def _numbers(plan: Plan, params: Params) -> dict[str, Truth]:
    return verdicts.by_formula(plan.seed, params)


def _row(plan: Plan, params: Params) -> tuple[Truth, Shown]:
    """Task 2 with drawn cosines."""
    random = Random(f"clip-zero-shot/{VERSION}/{plan.seed}/review")
    while True:
        scale = round(random.uniform(8, 60), 1)
        labels = random.sample(params.asked, 4)
        best = random.uniform(0.25, 0.6)
        cosines = [round(best - random.uniform(0, 3.2) / scale, 3) for _ in labels]
        if len(set(cosines)) == 4 and 0.4 <= traps.best_share(cosines, scale) <= 0.95 and len(traps.shares(cosines, scale)) >= 3:
            return _shared(labels, cosines, scale)


def _shared(labels: Sequence[str], cosines: Sequence[float], scale: float) -> tuple[Truth, Shown]:
    told = ", ".join(f"{label} {cosine:.3f}" for label, cosine in zip(labels, cosines, strict=True))
    fact = {"labels": list(labels), "cosines": list(cosines), "scale": scale}
    return verdicts.share(fact), {"row-shown": told, "scale": scale}


def _drawn_row(plan: Plan, params: Params, high: float) -> tuple[list[float], float]:
    """Cosines of one picture with all labels, the best of them `high` on average; and a scale."""
    random = Random(f"clip-zero-shot/{VERSION}/{plan.seed}/review/{high}")
    cosines = [round(random.uniform(high - 0.3, high), 3) for _ in params.asked]
    cosines[random.randrange(len(cosines))] = round(high + 0.06, 3)
    return cosines, round(random.uniform(20, 60), 1)


def _outside(plan: Plan, params: Params) -> tuple[Truth, Shown]:
    cosines, scale = _drawn_row(plan, params, 0.2)
    best = cosines.index(max(cosines))
    shares = [round(share, 5) for share in softmax([scale * cosine for cosine in cosines])]
    fact = {"winner": params.asked[best], "cosine": cosines[best], "cosines": cosines, "probabilities": shares, "usual": 0.62}
    return verdicts.outside(plan.seed, fact), {}


def _winning(plan: Plan, params: Params) -> tuple[Truth, Shown]:
    cosines, _ = _drawn_row(plan, params, 0.5)
    best = cosines.index(max(cosines))
    rest = [cosine for place, cosine in enumerate(cosines) if place != best]
    others = [label for place, label in enumerate(params.asked) if place != best]
    fact = {
        "winner": params.asked[best],
        "nearest": params.asked[best],
        "sum": round(sum(cosines), 3),
        "prompts": [len(cosines), len(cosines) + 1],
        "scores": [len(cosines), len(cosines) + 1],
        "next": others[rest.index(max(rest))],
        "next-cosine": max(rest),
    }
    shown = {"winner-picture": "B", "winner-label": params.asked[best], "winner-cosine": cosines[best]}
    return verdicts.winning(plan.seed, fact), shown


def _goal(plan: Plan, params: Params) -> tuple[Truth, Shown]:
    """Task 11 on a drawn matrix: the loss by plain arithmetic, every cell nudged in turn."""
    random = Random(f"clip-zero-shot/{VERSION}/{plan.seed}/review/goal")
    count, k, scale = len(params.asked), params.pair - 1, 10.0
    cosines = [[random.uniform(-0.2, 0.4) + (0.3 if a == b else 0.0) for b in range(count)] for a in range(count)]
    order = random.sample(range(count), count)

    def loss(matrix: Sequence[Sequence[float]]) -> float:
        return arithmetic.loss([[scale * value for value in row] for row in matrix])

    def felt(a: int, b: int) -> bool:
        nudged = [
            [scale * (value + 0.1 * ((row, column) == (a, b))) for column, value in enumerate(line)] for row, line in enumerate(cosines)
        ]
        plain = [[scale * value for value in line] for line in cosines]
        return abs(arithmetic.of_pair(nudged, k) - arithmetic.of_pair(plain, k)) > 1e-9

    touched = {(a, b) for a in range(count) for b in range(count) if felt(a, b)}
    cross = {(k, place) for place in range(count)} | {(place, k) for place in range(count)}
    wrong = max((place for place in range(count) if place != k), key=lambda place: cosines[k][place])
    fact = {
        "loss": loss(cosines),
        "raised": loss([[value + 0.5 * ((a, b) == (k, wrong)) for b, value in enumerate(line)] for a, line in enumerate(cosines)]),
        "from-cosines": loss(cosines),
        "shifted": loss([[value + 0.1 for value in row] for row in cosines]),
        "permuted": loss([[cosines[a][b] for b in order] for a in order]),
        "touched": "cross" if touched == cross else "other",
        "pair": k + 1,
    }
    return verdicts.goal(plan.seed, fact), {}


DRAWN: Mapping[str, Callable[[Plan, Params], tuple[Truth, Shown]]] = {
    "q2": _row,
    "q6": lambda plan, params: (_numbers(plan, params)["q6"], {}),
    "q8": _outside,
    "q11": _goal,
    "q12": _winning,
    "q14": lambda plan, params: (_numbers(plan, params)["q14"], {}),
    "q15": lambda plan, params: (_numbers(plan, params)["q15"], {}),
}


def replayed(lab: Planner, what: str, seed: int, facts: Facts) -> Review:
    """Task 2 at another scale, task 10 among fewer pictures, tasks 8, 12 and 19 with their options in another order; BadInput where the
    stored facts hold no such task."""
    plan = lab.plan(seed, BACKEND)
    id = f"q{what}" if what.isdigit() else what
    make = STORED.get(id)
    if make is None or make[0] not in facts:
        raise BadInput(f"clip-zero-shot: the facts of that run hold nothing to ask {what!r} about")
    return make[1](plan, facts)


def _over(plan: Plan, question: Question, truth: Truth, shown: Mapping[str, Json], ask: str | None = None) -> Review:
    alone = _alone(question, shown)
    if ask is not None:
        alone = alone.model_copy(update={"ask": ask})
    return Review(plan=plan, questions=(alone,), truth={question.id: truth.model_copy(update={"reason": None})})


def _other_scale(plan: Plan, facts: Facts) -> Review:
    random, fact = Random(f"clip-zero-shot/{VERSION}/{plan.seed}/replay"), facts["row"]
    spread = max(fact["cosines"]) - sorted(fact["cosines"])[-2]
    scales = [round(random.uniform(0.5, 3.5) / max(spread, 0.005), 1) for _ in range(200)]
    fit = [
        s
        for s in scales
        if s <= 150 and len(traps.shares(fact["cosines"], s)) >= 3 and 0.35 <= traps.best_share(fact["cosines"], s) <= 0.97
    ]
    truth, shown = _shared(fact["labels"], fact["cosines"], (fit or [fact["scale"]])[0])
    return _over(plan, plan.question("q2"), truth, shown)


def _outside_again(plan: Plan, facts: Facts) -> Review:
    fact = facts["outside"]
    ask = (
        f"In an earlier run a picture of {fact['shown']} was given {len(fact['labels'])} labels, none of which fits it: "
        f"{', '.join(fact['labels'])}. Its cosines went through the logit scale and a softmax. What came out?"
    )
    options = claims.options(plan.seed, "outside", claims.OUTSIDE, n=len(fact["labels"]))
    question = plan.question("q8").model_copy(update={"options": options})
    return _over(plan, question, verdicts.outside(plan.seed, fact), {}, ask)


def _winner_again(plan: Plan, facts: Facts) -> Review:
    fact = facts["winning"]
    options = claims.options(plan.seed, "winning", claims.WINNING, n=fact["scores"][0])
    question = plan.question("q12").model_copy(update={"options": options})
    shown = {name: facts.get(name, "") for name in ("winner-picture", "winner-label", "winner-cosine")}
    return _over(plan, question, verdicts.winning(plan.seed, fact), shown)


def _fewer(plan: Plan, facts: Facts) -> Review:
    """The nearest pair of the run and four other pictures, told in words."""
    fact = facts["gallery"]
    random = Random(f"clip-zero-shot/{VERSION}/{plan.seed}/replay")
    pair = ["abcdefghijkl".index(name) for name in fact["pair"]]
    rest = [place for place in range(len(fact["pictures"])) if place not in pair]
    places_ = [*pair, *random.sample(rest, min(4, len(rest)))]
    random.shuffle(places_)
    names = dict(zip("abcdef", places_, strict=False))
    matrix = [[fact["cosines"][a][b] for b in places_] for a in places_]
    letters = {place: name for name, place in names.items()}
    second = max(
        ((a, b) for a in names for b in names if a < b and {names[a], names[b]} != set(pair)),
        key=lambda two: fact["cosines"][names[two[0]]][names[two[1]]],
    )
    small = {
        "pictures": [fact["pictures"][place] for place in places_],
        "cosines": matrix,
        "pair": [letters[place] for place in pair],
        "second": list(second),
        "pixels": [letters[place] for place in pair],
        "margin": fact["margin"],
    }
    question = plan.question("q10")
    assert isinstance(question, PickQuestion)
    options = tuple(Option(id=name, text=fact["pictures"][place]) for name, place in names.items())
    ask = "Six pictures of an earlier run, in words. Which two did the model put nearest to each other, by the cosine of their vectors?"
    return _over(plan, question.model_copy(update={"options": options}), verdicts.nearest(small), {}, ask)


def _bars_again(plan: Plan, facts: Facts) -> Review:
    fact = facts["where"]
    rows = [
        Bar(label, round(100 * fact[name], 1))
        for label, name in (
            ("patch tokens", "tokens-narrow"),
            ("pooled vector", "pooled"),
            ("untrained: patch tokens", "untrained-tokens-narrow"),
            ("untrained: pooled vector", "untrained-pooled"),
            ("raw pixels", "pixels-narrow"),
        )
    ]
    picture = bars(
        "picture:readouts", f"Which is left? Readouts of {fact['width']} numbers, {fact['n']} pictures", rows, "%", top=100, png=False
    )
    ask = "Linear readouts of an earlier run (a coin gets 50). Captions chose like a coin there. Where is the answer to “which is left?”"
    review = _over(plan, plan.question("q19"), verdicts.where(plan.seed, fact), {}, ask)
    return review.model_copy(update={"pictures": (picture,)})


STORED: Mapping[str, tuple[str, Callable[[Plan, Facts], Review]]] = {
    "q2": ("row", _other_scale),
    "q8": ("outside", _outside_again),
    "q10": ("gallery", _fewer),
    "q12": ("winning", _winner_again),
    "q19": ("where", _bars_again),
}
