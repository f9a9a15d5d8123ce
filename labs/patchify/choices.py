"""Chapter 2 but for task 5: what happens to left-over rows, which reconstruction is column-major, and why patches at all."""

from __future__ import annotations

from random import Random

from labs.patchify.params import VERSION, Params
from labs.patchify.shapes import conv, ladder
from studyapp.labkit.api import BackendRef, ChoiceQuestion, ExplainQuestion, Json, Option, PickQuestion, Reason

# outcome of task 6 -> (option text, misconception of who chooses it wrongly, its sentence, reason text)
REMAINDERS = {
    "crop": (
        "They are lost: no token depends on them.",
        "rest-dropped",
        "Only a plain convolution drops what does not fill a patch; here something else happens first.",
        "A kernel with stride p is placed only where all of it fits.",
    ),
    "error": (
        "The call fails and gives no tokens at all.",
        "rest-is-an-error",
        "Only an exact split, or a model that checks its input's size, refuses; this one does neither.",
        "The first step insists on a size that fits, and this height does not.",
    ),
    "pad": (
        "They get patches of their own, filled up with zeros.",
        "rest-padded",
        "Nothing pads unless someone writes it: a convolution's padding is 0 by default.",
        "Zeros are put below until the next multiple of p is reached.",
    ),
    "resize": (
        "They are kept: the whole picture is resampled to another size.",
        "rest-resized",
        "No resampling happens on this way; the pixels stay as they are.",
        "The processor resamples to the size that the model was trained on.",
    ),
}
LINES = {
    "crop": "tokens = conv(x).flatten(2).transpose(1, 2)",
    "error": 'x = rearrange(x, "b c (h p1) (w p2) -> b (h w) (c p1 p2)", p1=p, p2=p); tokens = linear(x)',
    "pad": "x = F.pad(x, (0, -W % p, 0, -H % p)); tokens = conv(x).flatten(2).transpose(1, 2)",
}
# wrong permutation -> how it was made, in words (shown with the verdict)
RECONSTRUCTIONS = {
    "column-major": "its patches were laid down column by column",
    "transposed": "rows and columns were swapped inside each patch",
    "channels-last": "each patch vector was read as (row, column, channel) though it was written as (channel, row, column)",
    "reshaped": "the sequence was reshaped to a picture without moving any axis, so each patch was smeared into strips",
}
CLAIMS = {
    "cost": (
        "Attention compares all pairs of tokens: {fact:pixel-pairs} for pixels, {fact:patch-pairs} for patches.",
        None,
        "That is the reason: the sequence would still work, but its cost grows with the square of its length.",
    ),
    "impossible": (
        "A transformer cannot take single pixels as its tokens: a token has to be a vector with a meaning.",
        "pixels-impossible",
        "It can, and this run did just that on a small crop. It is only far too dear at full size.",
    ),
    "dictionary": (
        "Patches are looked up in a dictionary of picture words, as text tokens are, and pixels have no entry there.",
        "patch-dictionary",
        "There is no dictionary: a patch goes through a matrix product, and half-way between two patches lies a half-way vector.",
    ),
    "linear": (
        "Attention costs grow in step with the tokens: pixels would cost {fact:pixels-per-patch} times as much as patches.",
        "cost-linear",
        "There are that many times more tokens, but attention compares pairs: the cost grows with the square.",
    ),
}


def shuffled(seed: int, task: str, keys: object) -> dict[str, str]:
    """Letter -> key, in the order drawn for this seed."""
    names = sorted(keys)  # type: ignore[call-overload]
    Random(f"patchify/{VERSION}/{seed}/{task}").shuffle(names)
    return dict(zip("abcdef", names, strict=False))


def letter(seed: int, task: str, keys: object, key: str) -> str:
    """The letter under which a key is shown."""
    return next(letter for letter, name in shuffled(seed, task, keys).items() if name == key)


def remainder(params: Params, sibling: Params, seed: int, backend: BackendRef) -> ChoiceQuestion:
    H, W = params.odd
    options = tuple(
        Option(id=letter, text=REMAINDERS[key][0], concept=REMAINDERS[key][1], say=REMAINDERS[key][2])
        for letter, key in shuffled(seed, "remainder", REMAINDERS).items()
    )
    reasons = tuple(Option(id=letter, text=REMAINDERS[key][3]) for letter, key in shuffled(seed, "reason", REMAINDERS).items())
    if params.policy is None:
        way = f"This model takes pictures in by {_processor(backend)}. A picture of {H} × {W} pixels comes in"
    else:
        way = (
            f"With conv = {conv(params)} and a linear layer of the same weights, this model takes pictures in by "
            f"`{LINES[params.policy]}`. A picture of H = {H}, W = {W} comes in"
        )
    s = sibling
    left = s.odd[0] % s.p
    return ChoiceQuestion(
        id="q6",
        title="Rows that are left over",
        ask=f"{way}; p = {params.p} leaves {H % params.p} rows over. What happens to those last rows?",
        options=options,
        reason=Reason(ask="Why?", options=reasons),
        concept="patch-count",
        stage=1,
        decided_by=("remainder",),
        hints=ladder(
            "Which step sees the picture first, and what does it need of H?",
            "Patches have one fixed size (section 2). What does not fill a patch must be dropped, filled up, resampled, or refused; the "
            "code decides, not the theory.",
            "Check the first step: a convolution floors, an exact split needs H % p == 0, padding makes H a multiple, a resize replaces H.",
            f"A sibling: {s.odd[0]} rows with p = {s.p} leave {left}. `{LINES[s.policy or 'crop']}`: "
            f"{REMAINDERS[s.policy or 'crop'][0].lower()} "
            f"{REMAINDERS[s.policy or 'crop'][3]}",
        ),
        difficulty=3,
        importance=3,
        minutes=1.5,
    )


def reconstruction(params: Params, sibling: Params, seed: int) -> PickQuestion:
    letters = shuffled(seed, "pick", RECONSTRUCTIONS)
    sibling_letters = shuffled(seed + 1, "pick", RECONSTRUCTIONS)
    worked = "; ".join(f"{letter.upper()}: {RECONSTRUCTIONS[key]}" for letter, key in sibling_letters.items())
    return PickQuestion(
        id="q10",
        title="Find the column-major one",
        ask=(
            "A picture was cut into patches, row by row, and put together again by four wrong programs. "
            "Which reconstruction was made by a program that took the patches to be in column-major order?"
        ),
        options=tuple(Option(id=letter, text=f"reconstruction {letter.upper()}") for letter in letters),
        concept="patch-order",
        stage=1,
        needs=("picture:pick-target", *(f"picture:pick-{letter}" for letter in letters)),
        decided_by=("made-by",),
        hints=ladder(
            "In which picture is every single patch intact, and only its place is wrong?",
            "A token sequence is row-major by convention: left to right, then down. Nothing in the sequence itself says so (section 2: "
            "positions).",
            "Column-major takes patch k to row k % h, column k // h; inside the patch nothing changes.",
            f"A sibling's four pictures: {worked}.",
        ),
        difficulty=3,
        importance=3,
        minutes=1.5,
    )


def why_patches(params: Params, sibling: Params, seed: int) -> ExplainQuestion:
    options = tuple(
        Option(id=letter, text=CLAIMS[key][0], concept=CLAIMS[key][1], say=CLAIMS[key][2])
        for letter, key in shuffled(seed, "why", CLAIMS).items()
    )
    s = sibling
    return ExplainQuestion(
        id="q11",
        title="Why patches at all?",
        ask="Your picture of {fact:pixels} pixels gave {fact:tokens} patch tokens. Which sentence gives the reason why a ViT cuts patches?",
        options=options,
        concept="quadratic-cost",
        stage=1,
        needs=("pixels", "tokens", "pixel-pairs", "patch-pairs", "pixels-per-patch"),
        decided_by=("pixel-tokens",),
        hints=ladder(
            "What would go wrong first if every pixel were a token: the mathematics, or the bill?",
            "Patches keep the sequence short enough for attention (section 1).",
            "Compare (number of pixels)² with (number of patches)².",
            f"A sibling: {s.N * s.p * s.p:,} pixels would make {(s.N * s.p * s.p) ** 2:,} pairs, its {s.N:,} patches make {s.N**2:,}.",
        ),
        difficulty=2,
        importance=5,
    )


def _processor(backend: BackendRef) -> str:
    """What a loaded model's directory says of its processor, in words."""
    settings: dict[str, Json] | None = backend.info.get("preprocessor")
    if not settings:
        return "its patch embedding alone: its directory has no image processor"
    names = ("do_resize", "size", "do_center_crop", "crop_size", "do_pad")
    told = ", ".join(f"{name}={settings[name]}" for name in names if settings.get(name) is not None)
    return f"its own image processor ({told or 'with its default settings'})"
