"""Chapter 4 and the first task of chapter 5: can it tell left from right, does a cure help, and where is the answer lost?"""

from __future__ import annotations

from labs.clip_zero_shot import claims
from labs.clip_zero_shot.claims import ladder, options
from labs.clip_zero_shot.params import Params
from labs.clip_zero_shot.traps import SHARE_TOL
from labs.clip_zero_shot.worlds import counts
from studyapp.labkit.api import ExplainQuestion, NumberQuestion

DRAWN = "Drawn scenes of the shape world, made for your model's size, so that the truth is exact: "


def _forecast(id: str, title: str, ask: str, concept: str, decided_by: tuple[str, ...], hints: tuple[str, str, str, str]) -> NumberQuestion:
    """A share in percent, forecast; right within two standard errors of the run."""
    return NumberQuestion(
        id=id,
        title=title,
        ask=ask,
        unit="%",
        integer=False,
        abs_tol=SHARE_TOL,
        near=1.0,
        concept=concept,
        stage=3,
        decided_by=decided_by,
        hints=ladder(*hints),
        forecast=True,
        confidence=True,
        difficulty=3,
        importance=4,
    )


def left_right(params: Params, sibling: Params, seed: int) -> NumberQuestion:
    _, n = counts(params)
    own = DRAWN if params.world == "natural" else ""
    return _forecast(
        "q9",
        "Left or right?",
        f"{own}{n} pictures of two things, one left of the other. Each is compared with two captions: “a photo of a red star left of a "
        "blue "
        "circle” and the same with the two things exchanged. In what percentage of the pictures does the right caption score higher? "
        "(A coin gets 50.)",
        "bag-of-words",
        ("left-right", "picture:two-way"),
        (
            "Which words differ between the two captions?",
            "A high similarity does not prove that positions are right: the vectors hardly keep word order (section 3).",
            "If the text vector is a bag of words, both captions get nearly the same vector, and the choice is a coin's.",
            "A sibling, published: on tests of relations and word order CLIP-like models stayed near chance, though they find single "
            "things "
            "well (ARO, arXiv:2210.01936).",
        ),
    )


def binding(params: Params, sibling: Params, seed: int) -> NumberQuestion:
    _, n = counts(params)
    return _forecast(
        "q16",
        "Which colour belongs to which shape?",
        f"The same {n} pictures, and again two captions: “a photo of a red star and a blue circle” against “a photo of a blue star and a "
        "red "
        "circle”. In what percentage does the right one score higher? (A coin gets 50.)",
        "bag-of-words",
        ("binding", "picture:two-way"),
        (
            "How many of the words does the wrong caption share with the right one?",
            "Attribute binding: which colour goes with which thing. A bag of words has lost it.",
            "Think of the order of the words as lost: what is left to tell the two apart?",
            "A sibling: “a black cat and a white dog” and “a white cat and a black dog” are the same seven words.",
        ),
    )


def cured(params: Params, sibling: Params, seed: int) -> NumberQuestion:
    return _forecast(
        "q17",
        "Do swapped captions cure it?",
        "A twin of the model was trained further with each caption's swapped form as an extra wrong caption, the cure most often proposed. "
        "In what percentage does the twin choose the right one of the two left/right captions? (A coin gets 50.)",
        "bag-of-words",
        ("left-right-twin", "picture:two-way"),
        (
            "If the picture's vector does not hold it, can a better text vector find it there?",
            "Hard negatives (NegCLIP, arXiv:2210.01936) teach the text side that order matters; the picture's single vector must hold the "
            "answer too.",
            "Two things have to change: what the captions say, and what the pooled vector keeps.",
            "A sibling: a search engine that stores only the words of a page does not answer questions of layout, however well you ask.",
        ),
    )


def read_out(params: Params, sibling: Params, seed: int) -> NumberQuestion:
    teach, n = counts(params)
    return _forecast(
        "q18",
        "Read the patch tokens instead",
        f"No captions now. A linear readout is fitted on the frozen image encoder's patch tokens of {teach:,} pictures, to say which of "
        "the two "
        f"things is left, and tried on the {n} pictures from before. What percentage does it get right? (A coin gets 50.)",
        "pooling-loses-space",
        ("readouts", "picture:readouts"),
        (
            "Does a patch token know where it stands, and what it shows?",
            "Encoder features are one vector a patch, with positions added; the pooled vector is one for the whole picture (section 4).",
            "If each token still says what lies at its place, a weighted sum over all of them can compare the sides.",
            "A sibling: from a list of seats and who sits on them anyone reads off who sits left; from the guest list alone nobody does.",
        ),
    )


def where(params: Params, sibling: Params, seed: int) -> ExplainQuestion:
    return ExplainQuestion(
        id="q19",
        title="So where was the information?",
        ask=(
            "Look at the bars: captions against the pooled vector, and linear readouts of the same width from raw pixels, patch tokens "
            "and the "
            "pooled vector, of this encoder and of one that was never trained. Where is the answer to “which is left?”"
        ),
        options=options(seed, "where", claims.WHERE),
        concept="pooling-loses-space",
        stage=4,
        needs=("picture:two-way", "picture:readouts"),
        decided_by=("where",),
        hints=ladder(
            "At which step does the bar fall to where a coin stands?",
            "Pooling makes one vector of many; what it does not keep cannot be found later, whatever is trained on top (sections 3 and 4).",
            "Compare the bars two by two: tokens with pooled vector, trained with untrained, readout with captions. A difference counts "
            "from "
            "about three standard errors on.",
            "A sibling: if the readout of the pooled vector were as good as that of the tokens, and only the captions failed, then "
            "matching "
            "with text would be where it goes wrong.",
        ),
        difficulty=3,
        importance=5,
        minutes=1.5,
    )
