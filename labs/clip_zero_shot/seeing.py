"""Chapters 1 and 2: which label wins, and what a score says. Questions with their hints; the truth is what the run measures."""

from __future__ import annotations

from labs.clip_zero_shot import claims
from labs.clip_zero_shot.claims import ladder, options
from labs.clip_zero_shot.params import Params
from labs.clip_zero_shot.traps import SOFTMAX_TOL
from labs.scenes.captions import article
from studyapp.labkit.api import ChoiceQuestion, ExplainQuestion, MatchQuestion, NumberQuestion, Option, OrderQuestion, PickQuestion

PICTURES = "abcd"
GALLERY = "abcdefghijkl"


def written(template: str, label: str = "…") -> str:
    """A template as it is read, with a label or a blank in it."""
    phrase = "a …" if label == "…" else article(label)
    return template.format(plain=label, phrase=phrase)


def prompts(params: Params, template: int = 0) -> list[str]:
    return [written(params.templates[template], label) for label in params.labels]


def winners(params: Params, sibling: Params, seed: int) -> MatchQuestion:
    count = len(params.chosen) if params.world == "natural" else len(PICTURES)
    scenes = (
        "" if params.world == "natural" else " One is small and stands in clutter, one shows two things, and one fits no label in full."
    )
    return MatchQuestion(
        id="q1",
        title="Which label wins?",
        ask=(
            f"The model sees each picture of the sheet and {len(params.asked)} prompts, “{written(usual(params), params.asked[0])}” and "
            "so on."
            f"{scenes} Which label does the model put first for each picture?"
        ),
        left=tuple(Option(id=id, text=f"picture {id.upper()}") for id in PICTURES[:count]),
        right=tuple(Option(id=str(number), text=label) for number, label in enumerate(params.asked, start=1)),
        concept="cosine-vs-prob",
        stage=0,
        needs=("picture:four",),
        decided_by=("cosines", "picture:similarity"),
        hints=ladder(
            "What does the model do with a picture for which two labels are right, or none?",
            "Zero-shot: one vector for the picture, one for each prompt, the largest cosine wins (glossary, section 3).",
            "There is nothing to work out here: take the label that shares most with what you see, and say how sure you are.",
            f"A sibling: with the labels {', '.join(sibling.asked[:3])} and so on, a picture of {article(sibling.missing)}, which is not "
            "among them, still gets one of them: the argmax of its cosines.",
        ),
        forecast=True,
        confidence=True,
        difficulty=2,
        importance=4,
        minutes=1.5,
    )


def usual(params: Params) -> str:
    """The template in which labels are asked but for task 4: the one that speaks as captions do."""
    return "a photo of {phrase}"


def templates(params: Params, sibling: Params, seed: int) -> OrderQuestion:
    first, second, third = (written(template) for template in sibling.templates)
    return OrderQuestion(
        id="q4",
        title="Which template names best?",
        ask=(
            f"The same pictures are named with {len(params.labels)} labels in three templates. Order the templates by the share of "
            "pictures "
            "that get their right label, best first. (What differs by less than the run's own error counts as a tie.)"
        ),
        options=tuple(Option(id=id, text=f"“{written(template)}”") for id, template in zip("abc", params.templates, strict=True)),
        first="best",
        last="worst",
        concept="prompt-ensemble",
        stage=0,
        decided_by=("templates", "picture:templates"),
        hints=ladder(
            "Which of the three looks most like the captions that the model was trained on?",
            "The text encoder was trained on captions; a bare word, or a phrase no caption uses, is a stranger to it (section 3).",
            "Likely first: the wording of captions. But the differences may be smaller than the error of the measurement.",
            f"A sibling has “{first}”, “{second}” and “{third}”: its run counts the right names under each, and calls a difference a tie "
            "when it is below two standard errors.",
        ),
        forecast=True,
        difficulty=3,
        importance=3,
    )


def outside(params: Params, sibling: Params, seed: int) -> ChoiceQuestion:
    n = len(params.asked)
    return ChoiceQuestion(
        id="q8",
        title="A picture that fits no label",
        ask=(
            f"Picture Z shows {article(params.outside)}, which is none of the {n} labels. Its cosines go through the logit scale and a "
            "softmax like any other's. What comes out?"
        ),
        options=options(seed, "outside", claims.OUTSIDE, n=n),
        concept="cosine-vs-prob",
        stage=0,
        needs=("picture:outside",),
        decided_by=("outside", "picture:outside-shares"),
        hints=ladder(
            "What does the argmax do when nothing fits?",
            "Zero-shot compares the labels it is given with each other; it knows of no others (section 3: some label always wins).",
            "Softmax shares out exactly 1, whatever the numbers; argmax takes the largest of them.",
            f"A sibling: {article(sibling.outside)} among {len(sibling.asked)} labels, such as {sibling.asked[0]}. The probabilities are "
            "exponentials divided by their sum: they add up to 1, and the largest cosine has the largest of them.",
        ),
        confidence=True,
        difficulty=2,
        importance=5,
    )


def winning(params: Params, sibling: Params, seed: int) -> ExplainQuestion:
    n = len(params.asked)
    return ExplainQuestion(
        id="q12",
        title="What has a winner won?",
        ask=(
            "For picture {fact:winner-picture} the label “{fact:winner-label}” came first, with a cosine of {fact:winner-cosine}. What "
            "does that say?"
        ),
        options=options(seed, "winning", claims.WINNING, n=n),
        concept="cosine-vs-prob",
        stage=1,
        needs=("winner-picture", "winner-label", "winner-cosine", "picture:similarity"),
        decided_by=("winning",),
        hints=ladder(
            "Which two things were compared, and what would happen with a label fewer?",
            "Zero-shot: the winner is the prompt whose vector lies nearest to the picture's in the shared space (section 3).",
            "Cosine is the angle of two vectors; argmax picks the smallest angle among the prompts on the list.",
            f"A sibling: of {len(sibling.asked)} prompts “{sibling.asked[0]}” may win with a cosine of 0.4. Take it off the list, and the "
            "second becomes the winner with its own cosine unchanged.",
        ),
        difficulty=2,
        importance=5,
    )


def share(params: Params, sibling: Params, seed: int) -> NumberQuestion:
    bias = " (Its bias is the same for all labels and drops out.)" if params.siglip else ""
    return NumberQuestion(
        id="q2",
        title="From cosines to probability",
        ask=(
            "One picture of this run has these cosines with four prompts: {fact:row-shown}. The model's logit scale is {fact:scale}. Which "
            f"probability does the best of the four get from the softmax over them? A share from 0 to 1; you may type exp(…).{bias}"
        ),
        integer=False,
        abs_tol=SOFTMAX_TOL,
        concept="logit-scale",
        stage=1,
        needs=("row-shown", "scale"),
        decided_by=("row", "picture:temperature"),
        hints=ladder(
            "By how much do the logits differ once the scale has been put on?",
            "CLIP multiplies cosines by a learned logit scale, one over the temperature, before the softmax (section 3: temperature).",
            "1 / (1 + sum of exp(scale × (cosine − best))) over the other three",
            "A sibling: cosines 0.30, 0.25, 0.20 and 0.10 at scale 20 lie 1, 2 and 4 below the best: "
            "1 / (1 + e⁻¹ + e⁻² + e⁻⁴) = 1 / 1.522 = 0.657.",
        ),
        confidence=True,
        difficulty=3,
        importance=5,
        minutes=2.0,
    )


def blind(params: Params, sibling: Params, seed: int) -> PickQuestion:
    kind = "one of them is the mirror image of another" if params.world == "natural" else "all have two things on them"
    return PickQuestion(
        id="q10",
        title="Find the CLIP-blind pair",
        ask=(
            f"Twelve pictures, of which no two are the same; {kind}. Which two does the model put nearest to each other, by the cosine of "
            "their vectors, although you can tell them apart?"
        ),
        options=tuple(Option(id=id, text=f"picture {id.upper()}") for id in GALLERY),
        count=2,
        concept="bag-of-words",
        stage=1,
        needs=("picture:gallery",),
        decided_by=("gallery", "picture:gallery-matrix"),
        hints=ladder(
            "Which two pictures would get the same caption from someone who lists what is there, and not where?",
            "Pictures that differ in count, direction or place can have nearly the same CLIP vector: a CLIP-blind pair (section 3).",
            "Look for the same things in other places; pixels that agree matter less than things that agree.",
            "A sibling: a red star left of a blue circle, and a blue circle left of a red star. The same words describe both.",
        ),
        difficulty=3,
        importance=4,
        minutes=1.5,
    )


def space(params: Params, sibling: Params, seed: int) -> ChoiceQuestion:
    return ChoiceQuestion(
        id="q13",
        title="What lies close in the shared space?",
        ask=("Pictures and captions have their vectors in one space. Whose cosine is highest on average in this model?"),
        options=options(seed, "space", claims.SPACE),
        concept="modality-gap",
        stage=1,
        decided_by=("space", "picture:space"),
        hints=ladder(
            "What does the loss compare, and what does it never compare?",
            "The loss asks only that right pairs beat wrong ones; pictures and captions may still lie in separate regions, the modality "
            "gap "
            "(section 3).",
            "Three means: picture with own caption, picture with picture, caption with caption.",
            "A sibling, from the paper on the gap: in the CLIP that its authors published, two pictures have a higher cosine than a "
            "picture "
            "and its caption. A model trained otherwise may show no such gap.",
        ),
        forecast=True,
        difficulty=3,
        importance=3,
    )
