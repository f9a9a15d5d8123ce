"""Tasks 2, 3 and 4: which score sees what. The truth is the table of this very run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, permutations

from labs.video_drift import ideal, reel, sums
from labs.video_drift.params import TIED, Params
from labs.video_drift.reel import NAMES
from labs.video_drift.sums import LONGER, Scores
from labs.video_drift.wording import LETTERS, SUBJECT, features, ladder, letter, options, shuffled, telling
from studyapp.labkit.api import BackendRef, MatchQuestion, MultiQuestion, Option, OrderQuestion, Reason, Trap, Truth

ASKED = (*TIED, "identity", "vanish")  # of task 3
CATCHERS = ("flicker", "neighbours", "gap16", "moving", "step")
MOVED = {"teleport", "shuffled"}
WINNERS = {
    "frozen": ("the frozen clip, for it alone repeats every pixel", ""),
    "good": (
        "the good clip, for its small steps keep neighbours alike",
        "Small steps are still steps: each costs a little, and a frozen clip takes none.",
    ),
    "shuffled": (
        "the shuffled clip, for it shows every place equally often",
        "Out of order its steps are larger, not smaller: it loses most of the four.",
    ),
    "none": ("none: the four still tie", "They tied because the features did not see places. These do, so whatever moves loses."),
}
BASE = ("picture:clips",)


def order(params: Params, backend: BackendRef, stage: int = 1) -> OrderQuestion:
    """Task 2: five clips by the similarity of neighbours."""
    letters = dict(zip(LETTERS, params.ordered, strict=False))
    seen = {kind: ideal.names(reel.of_kind(params.seed + 1, kind, 0).frames) for kind in ("identity", "vanish")}
    worked = ", ".join(f"{NAMES[kind]} {ideal.at_gap(names, 1):.3f}" for kind, names in seen.items())
    return OrderQuestion(
        id="q2",
        title="What do neighbours see?",
        ask=(
            f"Each clip is scored by the mean cosine similarity of neighbouring frames. {features(backend)} Order these five kinds of "
            f"clip, highest score first. (Means over {params.each} clips; what lies closer than their error is right either way.)"
        ),
        options=options(letters, NAMES),
        first="highest score",
        last="lowest score",
        concept="adjacent-vs-first",
        stage=stage,
        forecast=backend.kind == "hf",
        needs=BASE,
        decided_by=("scores", "picture:table"),
        hints=ladder(
            "In how many of the steps from frame to frame does what is seen become something else?",
            "Temporal consistency asks whether frames agree with each other (section 12). Neighbours nearly agree all through a slow "
            "drift (section 13), and an object that is gone for many frames breaks just two steps.",
            "Count the steps that change what is seen: none leaves 1. A change costs (1 - similarity) / (number of steps).",
            f"A sibling, with colour and shape read without error: {worked}; frozen, good, teleport and shuffled have 1.000 each.",
        ),
        difficulty=3,
        importance=4,
        minutes=1.5,
    )


def ordered(letters: Mapping[str, str], scores: Scores, metric: str = "neighbours") -> Truth:
    """The order of this run; ties are kinds that its own spread cannot tell apart."""
    places = sums.levels(scores, metric, list(letters.values()))
    value = sorted(letters, key=lambda letter: (places[letters[letter]], letter))
    told = ", ".join(f"{NAMES[letters[letter]]} {scores['clips'][letters[letter]][metric][0]:.3f}" for letter in value)
    return Truth(
        value=value,
        scores={letter: places[kind] for letter, kind in letters.items()},
        traps=_misordered(letters, places) if metric == "neighbours" else (),
        why=f"{LONGER[metric].capitalize()} in this run: {told}.",
        evidence=("scores", "picture:table"),
    )


def _misordered(letters: Mapping[str, str], places: Mapping[str, float]) -> tuple[Trap, ...]:
    """Orders that are right but for one kind, which a misconception puts at the end."""
    beliefs = [
        (
            "identity",
            "adjacent-sees-drift",
            "Identity drift is spread over many small steps, so neighbours lose little by it; what vanishes breaks two steps altogether.",
        ),
        ("frozen", "frozen-is-bad", "A frozen clip agrees with itself perfectly: consistency alone rewards it."),
        *(
            (
                kind,
                "motion-in-consistency",
                f"In a {NAMES[kind]} clip the thing is the same in every frame; that it jumps is not seen by features of appearance.",
            )
            for kind in sorted(MOVED)
        ),
    ]
    found: list[Trap] = []
    kinds = {kind: letter for letter, kind in letters.items()}
    worst = max(places.values())
    for kind, concept, say in beliefs:
        if kind not in kinds or places[kind] == worst:
            continue
        rest = [letter for letter in letters if letters[letter] != kind]
        for row in permutations(rest):
            if all(places[letters[a]] <= places[letters[b]] for a, b in pairwise(row)):
                found.append(Trap(value=[*row, kinds[kind]], concept=concept, say=say))
    return telling("", found)


def ties(params: Params, backend: BackendRef, stage: int = 1) -> MultiQuestion:
    """Task 3: which clips tie at the top of subject consistency, and which one wins once places are seen?"""
    letters, winners = shuffled(params.seed, "ties", ASKED), shuffled(params.seed, "winner", WINNERS)
    seen = {kind: ideal.names(reel.of_kind(params.seed + 1, kind, 0).frames) for kind in ("teleport", "identity")}
    worked = ", ".join(f"{NAMES[kind]} {ideal.subject(names):.3f}" for kind, names in seen.items())
    return MultiQuestion(
        id="q3",
        title="Who wins subject consistency?",
        ask=f"{SUBJECT} {features(backend)} Which of these kinds tie at the top (within {sums.TIE})?",
        options=options(letters, NAMES),
        reason=Reason(
            ask="Now the good, the frozen, the teleporting and the shuffled clips are scored with features that also see where things are: "
            "the picture shrunk to 8 by 8. Which kind wins?",
            options=tuple(Option(id=letter, text=WINNERS[key][0], say=WINNERS[key][1]) for letter, key in winners.items()),
        ),
        concept="dynamic-degree",
        stage=stage,
        forecast=backend.kind == "hf",
        needs=BASE,
        decided_by=("scores", "where-scores", "picture:table"),
        hints=ladder(
            "Does the score know where the object is, or in which order the frames come?",
            "A frozen picture has perfect temporal consistency; consistency has to be read beside the amount of motion (section 12).",
            "The score falls only where a frame resembles its predecessor or the first frame less. In which clips does that ever happen?",
            f"A sibling, with colour and shape read without error: {worked}. Its frozen, good and shuffled clips have 1.000 too.",
        ),
        difficulty=3,
        importance=5,
        minutes=1.5,
    )


def tied(seed: int, scores: Scores, where: Mapping[str, float]) -> Truth:
    """What ties in this run, and what wins alone with features that see places."""
    letters = shuffled(seed, "ties", ASKED)
    best = sums.top(scores, "subject", ASKED)
    ahead = [kind for kind in TIED if where[kind] >= max(where.values()) - 1e-9]
    winner = ahead[0] if len(ahead) == 1 and ahead[0] in WINNERS else "none"
    right = sorted(letter(letters, kind) for kind in best)
    wrong = (
        (("good",), "frozen-is-bad", "The score does not ask for motion: whatever shows the same thing in every frame has it all."),
        (("frozen",), "only-frozen-wins", "Moving costs nothing while the features see what a thing is and not where it is."),
        (
            ("frozen", "good"),
            "motion-in-consistency",
            "Jumps and a wrong order change places, not the thing: these features do not see it.",
        ),
        (("frozen", "good", "shuffled"), "motion-in-consistency", "A jump changes the place, not the thing: these features do not see it."),
        (("frozen", "good", "teleport"), "order-in-consistency", "In another order the same frames still show the same thing."),
        (("good", "shuffled", "teleport"), "frozen-is-bad", "A frozen clip agrees with itself perfectly: that is why it is dangerous."),
        (
            ("frozen", "good", "shuffled", "teleport", "vanish"),
            "returns-unharmed",
            "While it is gone the frames show nothing, and that resembles neither the first frame nor the last one with it.",
        ),
        (
            ("frozen", "good", "identity", "shuffled", "teleport"),
            "adjacent-sees-drift",
            "Drift is nearly invisible to neighbours, but half of this score compares with the first frame.",
        ),
    )
    traps = [Trap(value=sorted(letter(letters, kind) for kind in kinds), concept=concept, say=say) for kinds, concept, say in wrong]
    told = ", ".join(f"{NAMES[kind]} {scores['clips'][kind]['subject'][0]:.3f}" for kind in ASKED)
    seen = ", ".join(f"{NAMES[kind]} {where[kind]:.4f}" for kind in TIED)
    return Truth(
        value=right,
        reason=letter(shuffled(seed, "winner", WINNERS), winner),
        traps=telling(right, traps),
        why=f"In this run: {told}. With features that see places: {seen}.",
        evidence=("scores", "where-scores", "picture:table"),
    )


def match(params: Params, backend: BackendRef, stage: int = 1) -> MatchQuestion:
    """Task 4: which metric catches which defect?"""
    left = asked(params.seed, params.motion)
    right = sorted(CATCHERS, key=lambda metric: reel.rng(params.seed, "catcher", metric).random())
    seen = ideal.names(reel.of_kind(params.seed + 1, "identity", 0).frames)
    return MatchQuestion(
        id="q4",
        title="Which metric catches it?",
        ask=(
            f"A metric catches a defect where it falls more than {sums.CATCH:g} standard deviations short of good clips (for the "
            "largest step: goes beyond them). For each kind of clip: which metric catches it most clearly?"
        ),
        left=tuple(Option(id=kind, text=NAMES[kind]) for kind in left),
        right=tuple(Option(id=metric, text=_described(metric)) for metric in right),
        concept="metric-for-defect",
        stage=stage,
        forecast=backend.kind == "hf",
        needs=BASE,
        decided_by=("scores", "curves", "picture:table", "picture:curves"),
        hints=ladder(
            "For each clip: what exactly is wrong, and which of these numbers would change if you put it right?",
            "No single number judges a video: consistency, persistence and motion are separate criteria (section 12), and drift shows "
            "against frames far away (section 13).",
            "Go through the metrics: pixels from frame to frame, features of neighbours, features 16 frames apart, how much moves, "
            "how far it jumps. Each defect leaves most of them alone.",
            f"A sibling, with colour and shape read without error: its identity drift has {ideal.at_gap(seen, 1):.3f} for neighbours "
            f"and {ideal.at_gap(seen, 16):.3f} at gap 16, where good clips have 1.000.",
        ),
        difficulty=3,
        importance=5,
        minutes=2,
    )


def asked(seed: int, motion: str) -> list[str]:
    """The four kinds of task 4 in their order."""
    return sorted(("frozen", "identity", "flicker", motion), key=lambda kind: reel.rng(seed, "caught", kind).random())


def matched(left: Sequence[str], scores: Scores, among: Sequence[str] = CATCHERS) -> Truth:
    """The metric that goes farthest for each kind; void where one is caught by none."""
    found = {kind: sums.caught_by(scores, kind, among) for kind in left}
    evidence = ("scores", "picture:table", "picture:curves")
    if missed := [NAMES[kind] for kind, metric in found.items() if metric is None]:
        say = f"In this run no metric catches {', '.join(missed)}: these features are too unsteady on good clips, so nothing is judged."
        return Truth(value=None, void=say, evidence=evidence)
    right = {kind: str(metric) for kind, metric in found.items()}
    why = "; ".join(
        f"{NAMES[kind]}: {LONGER[metric]} {scores['clips'][kind][metric][0]:.3f}, where good clips have {scores['good'][metric][0]:.3f}"
        for kind, metric in right.items()
    )
    return Truth(value=right, traps=_mismatched(right), why=why + ".", evidence=evidence)


def _mismatched(right: Mapping[str, str]) -> tuple[Trap, ...]:
    """Beliefs that go wrong on two clips at least."""
    jump = next((kind for kind in right if kind in MOVED), None)
    found = []
    if jump and "identity" in right:
        say = "Neighbours differ little in a drift, and features of appearance do not see a jump at all."
        found.append(Trap(value={**right, "identity": "neighbours", jump: "neighbours"}, concept="adjacent-sees-drift", say=say))
        say = "Whether pixels move is one question, how far the object jumps another; and drift hides in appearance, not in motion."
        found.append(Trap(value={**right, "identity": "step", jump: "moving"}, concept="amount-for-plausibility", say=say))
    if "frozen" in right and "identity" in right:
        say = "A frozen clip gets the best mark of every consistency score: only a measure of motion finds it."
        found.append(Trap(value={**right, "frozen": "neighbours", "identity": "moving"}, concept="frozen-is-bad", say=say))
    return telling(right, [trap for trap in found if sum(trap.value[kind] == metric for kind, metric in right.items()) < 0.75 * len(right)])


def _described(metric: str) -> str:
    more = {"flicker": ", (255 - MAE) / 255", "gap16": " (features)", "neighbours": " (features)", "step": " of the object's centre"}
    return LONGER[metric] + more.get(metric, "")
