"""Reviews without a model: fresh instances of what has a closed form, and new questions over what an earlier run stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from labs.video_drift import eye, numbers, pictures, reel, scores, sums, truths
from labs.video_drift.params import Params, draw, mean_step
from labs.video_drift.reel import NAMES, rng
from labs.video_drift.sums import LONGER
from labs.video_drift.wording import LETTERS, shuffled
from studyapp.errors import BadInput
from studyapp.labkit.api import (
    BackendRef,
    Facts,
    MultiQuestion,
    Option,
    Picture,
    Plan,
    Question,
    Review,
    Truth,
    asked_for,
    concepts_of,
    filled,
)

AMONG = ("neighbours", "subject", "gap4", "gap8", "gap16")
BOUNDS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
FELT = ("identity", "vanish", "wobble", "lighting", "flicker")


def fresh(plan: Plan, what: str) -> Review:
    """An instance of a task, of a concept, or of a misconception, all by formula. BadInput where it has none."""
    closed = truths.closed(plan)
    own = {id: concepts_of(plan.question(id), truth) for id, truth in closed.items()}
    chosen = asked_for("video-drift", [question for question in plan.questions if question.id in closed], what, own)
    facts = {"mae": round(mean_step(Params.of(plan.params).wall), 2)}
    return Review(
        plan=plan,
        questions=tuple(filled(question, facts) for question in chosen),
        truth={question.id: closed[question.id] for question in chosen},
        pictures=tuple(picture for question in chosen for picture in text_pictures(plan, question.id)),
    )


def text_pictures(plan: Plan, id: str) -> tuple[Picture, ...]:
    """What a task shows, as text."""
    if id in eye.CLIPS:
        number = eye.CLIPS[id]
        return (
            pictures.filmstrip(
                f"picture:strip-{number}", "Where does identity break?", reel.eye(plan.seed, plan.level, number)[0], png=False
            ),
        )
    if id == "q11":
        made = reel.labelled(plan.seed, plan.level)
        letters = shuffled(plan.seed, "label", reel.LABELLED)
        return tuple(
            pictures.filmstrip(f"picture:clip-{letter}", f"Clip {letter.upper()}.", made[kind], png=False, headed=True)
            for letter, kind in letters.items()
        )
    if id == "q7":
        return (pictures.wall("picture:wall", Params.of(plan.params).wall, png=False),)
    return ()


def over(what: str, seed: int, facts: Facts) -> Review:
    """A new question over the facts of an earlier run: task 2, 3 or 4 by another metric or other kinds, task 12 with another curve or
    bound. BadInput where those facts are not there."""
    id = f"q{what}" if what.isdigit() else what
    made = {"q2": _order, "q3": _ties, "q4": _match, "q12": _half_life}
    by_concept = {"adjacent-vs-first": "q2", "metric-for-defect": "q4", "gap-curve": "q12", "dynamic-degree": "q3"}
    id = by_concept.get(id, id)
    if id not in made or not facts.get("curves" if id == "q12" else "scores"):
        raise BadInput(f"video-drift: nothing of that run serves a review of {what!r}")
    params = draw(seed)
    question, truth, shown = made[id](params, facts)
    plan = Plan(
        lab="video-drift", version=1, seed=seed, backend=BackendRef(kind="none", name="none"), params=params.row(), questions=(question,)
    )
    return Review(plan=plan, questions=(question,), truth={question.id: truth}, pictures=shown)


def _order(params: Params, facts: Facts) -> tuple[Question, Truth, tuple[Picture, ...]]:
    """The same or another metric over five kinds."""
    found, random = facts["scores"], rng(params.seed, "again", "order")
    metric = random.choice(("neighbours", "gap8", "gap16", "subject"))
    letters = dict(zip(LETTERS, params.ordered, strict=False))
    question = scores.order(params, BackendRef(kind="tiny", name="tiny")).model_copy(
        update={
            "ask": f"In an earlier run of this lab each kind of clip was scored by its {LONGER[metric]}, with features "
            "that name colour and shape wherever they are. Order these five, highest score first. (What lay closer than its error is "
            "right either way.)",
            "needs": (),
        }
    )
    return question, scores.ordered(letters, found, metric), ()


def _ties(params: Params, facts: Facts) -> tuple[Question, Truth, tuple[Picture, ...]]:
    """Which kinds tie at the top of another metric?"""
    found, random = facts["scores"], rng(params.seed, "again", "ties")
    metric = random.choice(AMONG)
    letters = shuffled(params.seed, "ties", scores.ASKED)
    kinds = sums.top(found, metric, scores.ASKED)
    asked = scores.ties(params, BackendRef(kind="tiny", name="tiny"))
    question = MultiQuestion(
        **asked.model_dump(exclude={"kind", "ask", "reason", "needs", "options"}),
        ask=f"In an earlier run each kind of clip was scored by its {LONGER[metric]}, with features that name "
        f"colour and shape wherever they are. Which of these tied at the top (within {sums.TIE})?",
        options=tuple(Option(id=letter, text=NAMES[kind]) for letter, kind in letters.items()),
    )
    value = sorted(letter for letter, kind in letters.items() if kind in kinds)
    told = ", ".join(f"{NAMES[kind]} {found['clips'][kind][metric][0]:.3f}" for kind in scores.ASKED)
    return question, Truth(value=value, why=f"{LONGER[metric].capitalize()}: {told}."), ()


def _match(params: Params, facts: Facts) -> tuple[Question, Truth, tuple[Picture, ...]]:
    """Other defects, where one metric is clearly ahead."""
    found, random = facts["scores"], rng(params.seed, "again", "match")
    kinds = [kind for kind in ("frozen", "identity", "flicker", "teleport", "shuffled", "vanish") if _clear(found, kind)]
    left = random.sample(kinds, min(4, len(kinds)))
    question = scores.match(params, BackendRef(kind="tiny", name="tiny")).model_copy(
        update={"left": tuple(Option(id=kind, text=NAMES[kind]) for kind in left), "needs": ()}
    )
    return question, scores.matched(left, found), ()


def _clear(found: Mapping[str, Any], kind: str) -> bool:
    """Whether the farthest metric is ahead of the next one by half."""
    ranked = sorted((sums.off(found, kind, metric) for metric in scores.CATCHERS), reverse=True)
    return ranked[0] > sums.CATCH and ranked[0] > 1.5 * max(ranked[1], 0.0)


def _half_life(params: Params, facts: Facts) -> tuple[Question, Truth, tuple[Picture, ...]]:
    """Another curve, another bound: the first gap below it."""
    random = rng(params.seed, "again", "curve")
    choices = [(kind, bound) for kind in FELT for bound in BOUNDS if _crosses(facts["curves"].get(kind, ()), bound)]
    if not choices:
        raise BadInput("video-drift: no curve of that run falls far enough for a review")
    kind, bound = random.choice(choices)
    curve = [round(value, 3) for value in facts["curves"][kind]]
    asked = numbers.half_life(params, BackendRef(kind="tiny", name="tiny"))
    question = asked.model_copy(
        update={
            "ask": f"The gap curve of the kind “{NAMES[kind]}” in an earlier run: the mean similarity of frames that "
            f"are a number of frames apart. At which gap is it first below {bound:g}?",
            "needs": ("picture:gap",),
        }
    )
    truth = numbers.read_off(curve, bound, sums.half_life(curve, bound))
    return question, truth, (pictures.one_curve("picture:gap", curve, bound, png=False, of=f"the kind “{NAMES[kind]}”"),)


def _crosses(curve: Sequence[float], bound: float) -> bool:
    """Whether it starts above and falls below later than at once, with room for rounding."""
    life = sums.half_life([round(value, 3) for value in curve], bound) if curve else None
    return life is not None and life > 2
