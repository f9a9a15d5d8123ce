"""Two functions to write. The mistakes that the checker can name (checkers.py), and what each one means."""

from __future__ import annotations

from labs.noising.words import ladder
from studyapp.labkit.api import CodeQuestion, Trap

IMPORTS = ("torch", "einops", "math")

ADD_STUB = '''import torch


def add_noise(
    x0: torch.Tensor, eps: torch.Tensor, abar: torch.Tensor
) -> torch.Tensor:
    """DDPM's jump from clean pictures to noised ones.

    x0: clean pictures (B, C, H, W), values about -1 to 1.
    eps: standard Gaussian noise of the same shape.
    abar: alpha_bar of each picture's own step, (B,), in 0..1.
    Returns x_t, (B, C, H, W).
    """
    raise NotImplementedError  # TODO
'''

BACK_STUB = '''import torch


def predict_x0(
    x_t: torch.Tensor, eps: torch.Tensor, abar: torch.Tensor
) -> torch.Tensor:
    """Clean pictures from noised ones: the inverse of add_noise.

    x_t: noised pictures (B, C, H, W).
    eps: the noise in them, or a network's estimate of it.
    abar: alpha_bar of each picture's own step, (B,), above 0.
    Returns x0, (B, C, H, W).
    """
    raise NotImplementedError  # TODO
'''


def _traps(sentences: dict[str, tuple[str, str]]) -> tuple[Trap, ...]:
    return tuple(Trap(code=code, concept=concept, say=say) for code, (concept, say) in sentences.items())


COMMON = {
    "root-forgotten": ("root-forgotten", "It mixes with ᾱ and 1 − ᾱ; these are variances, and the factors are their square roots."),
    "signal-root-forgotten": ("root-forgotten", "The picture's factor is √ᾱ, not ᾱ."),
    "noise-root-forgotten": ("root-forgotten", "The noise's factor is √(1 − ᾱ), not 1 − ᾱ."),
    "swapped": ("coefficients-swapped", "The two factors are swapped: √ᾱ belongs to the picture, √(1 − ᾱ) to the noise."),
    "sum-to-one": ("coefficients-sum-to-one", "It makes the two factors add up to 1; it is their squares that do."),
    "noise-unscaled": ("noise-unscaled", "The noise comes in at full strength at every step; its factor is √(1 − ᾱ)."),
    "wrong-axis": (
        "broadcast-over-wrong-axis",
        "abar ended up along channels, rows or columns; each picture of the batch has a step of its own.",
    ),
    "one-step-for-all": ("one-step-for-all", "It uses one ᾱ for the whole batch; each picture has its own."),
    "one-picture": ("batch-forgotten", "It works only for a batch of one picture."),
    "accumulated-twice": ("accumulated-twice", "abar is accumulated already: no further product is to be taken over it."),
    "clamped": ("clamped", "It cuts values off. x_t may well leave the range of a picture, and nothing may be lost on the way."),
    "input-changed": ("input-changed", "It changes its own input in place."),
}

ADD = COMMON | {
    "only-adds": ("only-adds-noise", "The picture stays at full strength; DDPM scales it down by √ᾱ too."),
    "own-noise": ("own-noise", "It draws noise of its own; the noise to be used is given."),
    "sign": (
        "noise-sign",
        "The noise is subtracted. Its distribution would be the same, but eps is the noise in x_t, and it enters with a plus.",
    ),
    "noise-forgotten": ("noise-forgotten", "No noise comes in."),
    "signal-forgotten": ("signal-forgotten", "Nothing of the picture is left in it."),
}

BACK = COMMON | {
    "not-divided": ("division-forgotten", "The noise is taken off, but the picture stays at √ᾱ of its strength: divide by that."),
    "multiplied": ("multiplied-for-divided", "It multiplies by √ᾱ where it should divide: the picture gets weaker still."),
    "divided-first": ("divided-before-subtracting", "Only x_t is divided by √ᾱ; the noise in it has to be divided too."),
    "sign": ("noise-sign", "The noise is added once more; it has to be subtracted."),
    "noise-forgotten": ("noise-forgotten", "The noise is not taken off."),
    "mixed-again": ("noises-again", "That is add_noise once more, not its inverse."),
}


def add_noise() -> CodeQuestion:
    return CodeQuestion(
        id="q3",
        title="Write add_noise",
        ask=(
            "Write `add_noise(x0, eps, abar)`: DDPM's x_t straight from clean pictures (B, C, H, W), noise of the same shape, and "
            "one alpha_bar "
            "a picture, (B,). It is tried on batches in which B, C, H and W differ, and on some in which two of them are equal."
        ),
        entry="add_noise",
        stub=ADD_STUB,
        imports=IMPORTS,
        concept="abar-roots",
        stage=5,
        decided_by=("code:q3", "mosaic:q3"),
        traps=_traps(ADD),
        hints=ladder(
            "Which factor keeps a picture of variance 1 at variance 1 once noise is added? And along which axis does abar run?",
            "alpha_bar shares a variance of 1 between picture and noise; the factors are roots (section 10; DDPM, arXiv:2006.11239, "
            "equation 4).",
            "Give abar three more axes of length 1, then mix with its root and with the root of 1 − abar.",
            "A sibling, for sounds x (B, n) with one weight w (B,) each: w = w[:, None]; w.sqrt() * x + (1 - w).sqrt() * noise.",
        ),
        difficulty=3,
        importance=5,
        minutes=5,
    )


def predict_x0() -> CodeQuestion:
    return CodeQuestion(
        id="q10",
        title="Write its inverse",
        ask=(
            "Write `predict_x0(x_t, eps, abar)`: the clean pictures from noised ones, given their noise. It is tried on random "
            "batches, then "
            "on this run's picture at every step of this run's schedule."
        ),
        entry="predict_x0",
        stub=BACK_STUB,
        imports=IMPORTS,
        concept="noising-inverse",
        stage=5,
        decided_by=("code:q10", "mosaic:q10"),
        traps=_traps(BACK),
        hints=ladder(
            "What was done last to make x_t? Undo that first.",
            "x_t is the picture's part plus the noise's part; solve for x0 (section 10; DDPM, arXiv:2006.11239, equation 15).",
            "Subtract the noise's part, then divide what is left by the picture's factor.",
            "A sibling, in plain numbers: from y = 0.6·x + 0.8·e follows x = (y − 0.8·e) / 0.6.",
        ),
        difficulty=3,
        importance=4,
        minutes=5,
    )
