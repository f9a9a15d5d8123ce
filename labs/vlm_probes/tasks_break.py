"""Chapter 2, where it breaks: pictures that fail, the place on the dial, the cause taken away, and the name of each failure."""

from __future__ import annotations

from labs.vlm_probes.kinds import CLASSES
from labs.vlm_probes.params import Params, shuffled
from labs.vlm_probes.probes import FAMILIES, NAMES
from labs.vlm_probes.switches import WORDS
from labs.vlm_probes.tasks_first import ladder
from studyapp.labkit.api import ChoiceQuestion, Hint, MatchQuestion, MultiQuestion, NumberQuestion, Option, PickQuestion

EIGHT, FIVE = "abcdefgh", "abcde"
LISTED = "list"
NOTHING = "none"


def three_of_eight() -> PickQuestion:
    """Task 4."""
    return PickQuestion(
        id="q4",
        title="Three of these fail",
        ask=(
            "The model was asked about these eight pictures. It answered five of them rightly and three wrongly. Pick the three that it "
            "got wrong."
        ),
        options=tuple(Option(id=letter, text=f"{letter.upper()}: {{fact:eight-{letter}}}") for letter in EIGHT),
        count=3,
        concept="failure-prediction",
        stage=1,
        needs=("picture:eight", *(f"eight-{letter}" for letter in EIGHT)),
        decided_by=("eight", "picture:eight-said"),
        forecast=True,
        hints=ladder(
            "In which pictures is what matters smallest, most hidden or most numerous?",
            "Tiny detail, numbers in clutter, sides, turned or small text and hidden things: section 13 lists where to look.",
            "Rank the eight by how many pixels carry the answer; where that is many, by how many things have to be held together.",
            "A sibling: of a letter of 5 pixels, a lone circle and eight squares to count, the letter and the squares are the ones to "
            "pick.",
        ),
        difficulty=3,
        importance=3,
        minutes=1.5,
    )


def half_way() -> NumberQuestion:
    """Task 5. The probe is the first in the plan's order on which the model beats a grey picture; the run fills it in."""
    return NumberQuestion(
        id="q5",
        title="Where does it break?",
        ask=(
            "{fact:curve-ask} At which step does its share of right answers fall below half-way between what it gets with a grey picture "
            "and its own best? Steps count from 1, parts of a step are allowed; if it never falls so low, give one more than there are "
            "steps. One step either way is accepted."
        ),
        unit="",
        integer=False,
        abs_tol=1.0,
        near=1.0,
        concept="psychometric-curve",
        stage=1,
        needs=("curve-ask",),
        decided_by=("curve", "picture:curve"),
        forecast=True,
        hints=ladder(
            "What happens at the last step: is there still anything to see?",
            "Accuracy along a dial falls from a ceiling to the level of guessing, mostly within a few steps: a psychometric curve. "
            "Half-way "
            "compares probes whose guessing levels differ, which a fixed 75 % would not.",
            "Guess the share at the first and at the last step; the line lies half-way between the best and guessing.",
            "A sibling: 96, 90, 70, 40 and 20 % with 10 % for grey: half-way is (96 + 10) / 2 = 53 %, crossed between steps 3 and 4, "
            "at 3.6.",
        ),
        difficulty=3,
        importance=3,
    )


def causes(params: Params) -> dict[str, str]:
    """Key -> what it says, of the switches of task 9."""
    found = {f"{params.switch}/{family}": f"{NAMES[family].removesuffix('?')}: {WORDS[params.switch]}" for family in FAMILIES}
    return found | {LISTED: "counting: asked to list the objects first, and to count then", NOTHING: "none of them"}


# What it means to mark one of these although it did not become better.
HOPES = {
    "hidden": ("pixels-behind-the-panel", "What the panel covers is in no pixel, however many there are of them."),
    "leftright": ("pixels-for-relations", "Both objects could be seen before; a closer view adds no sense of sides."),
    LISTED: ("listing-always-helps", "Listing first moves the work into words; it helps a model that lists better than it counts."),
}


def remove_the_cause(params: Params, seed: int) -> MultiQuestion:
    """Task 9."""
    keys, drawn = causes(params), cause_of(params, seed)
    how = {
        "crop": "each picture is drawn again as a close view of the part that its question is about",
        "double": "each picture is drawn again with twice as many pixels a side",
    }[params.switch]
    return MultiQuestion(
        id="q9",
        title="Remove the cause",
        ask=(
            f"Every probe is asked again at a hard setting with one possible cause of failure taken away: {how}; and counting is tried by "
            f"listing first. Mark all that become better by more than the noise (two standard errors)."
        ),
        options=tuple(_change(letter, key, keys[key]) for letter, key in drawn.items()),
        concept="remove-the-cause",
        stage=1,
        decided_by=("switches", "picture:switches"),
        forecast=True,
        hints=ladder(
            "Which probes fail because something is too small to be seen, and which for another reason?",
            "More pixels help where detail was lost on the way in. They bring no skill that was not trained, and nothing behind a panel "
            "(sections 7 and 13).",
            "For each probe: does the change put more pixels on what decides the answer? And does the model have the skill at all?",
            "A sibling: letters of 7 pixels become readable when the picture is cut to the label, while a hidden colour stays hidden.",
        ),
        difficulty=4,
        importance=4,
        minutes=1.5,
    )


def _change(letter: str, key: str, text: str) -> Option:
    concept, say = HOPES.get(key.rpartition("/")[2], (None, ""))
    return Option(id=letter, text=text, concept=concept, say=say)


def cause_of(params: Params, seed: int) -> dict[str, str]:
    """Letter -> key of task 9."""
    keys = [*shuffled(seed, "causes", set(causes(params)) - {NOTHING}).values(), NOTHING]
    return dict(zip("abcdefgh", keys, strict=True))


def name_the_failure(seed: int) -> MatchQuestion:
    """Task 10."""
    return MatchQuestion(
        id="q10",
        title="Name the failure",
        ask="Five pictures with what was asked and what was answered. Look at each picture and give the answer its name.",
        left=tuple(Option(id=letter, text=f"{letter.upper()}: {{fact:line-{letter}}}") for letter in FIVE),
        right=_classes(seed),
        concept="failure-classes",
        stage=1,
        needs=("picture:five", *(f"line-{letter}" for letter in FIVE)),
        decided_by=("lines",),
        hints=_class_hints(),
        difficulty=2,
        importance=5,
        minutes=1.5,
    )


def name_one_failure(seed: int, shown: str) -> ChoiceQuestion:
    """Task 10 as a card: one answer, its picture in words."""
    options = tuple(
        Option(id=letter, text=CLASSES[name][0], concept=f"called-{name}", say=f"It would be that if {CLASSES[name][1]}.")
        for letter, name in shuffled(seed, "kinds", CLASSES).items()
    )
    return ChoiceQuestion(
        id="q10",
        title="Name the failure",
        ask=shown,
        options=options,
        concept="failure-classes",
        stage=1,
        decided_by=("lines",),
        hints=_class_hints(),
        difficulty=2,
        importance=5,
        minutes=0.7,
    )


def _classes(seed: int) -> tuple[Option, ...]:
    return tuple(Option(id=letter, text=CLASSES[name][0]) for letter, name in shuffled(seed, "kinds", CLASSES).items())


def _class_hints() -> tuple[Hint, ...]:
    return ladder(
        "What does the picture itself say, before you read the answer?",
        "The list of section 13: a tiny defect called fine, a wrong count, a claim about what is hidden, left and right, misread text. "
        "Saying that a thing cannot be seen is right where it is so, and a failure where it is not.",
        "Answer the question yourself first. Equal: no failure. Otherwise: what kind of question was it, and did the answer deny what is "
        "there or assert what is not?",
        "A sibling: asked whether a component is burnt, and one is, the answer no overlooks it; with none burnt, a yes reports what is "
        "not there.",
    )
