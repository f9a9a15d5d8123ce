"""The words of the picture world: shapes, colours, backgrounds, letters, and which combinations are held out of training."""

from __future__ import annotations

from random import Random

RGB = tuple[int, int, int]

SHAPES = ("circle", "square", "triangle", "diamond", "cross", "star")

# Any two differ by more than 35 in CIELAB, and each from every background (tested).
COLOURS: dict[str, RGB] = {
    "red": (205, 30, 40),
    "orange": (250, 135, 10),
    "yellow": (248, 224, 50),
    "green": (35, 155, 60),
    "cyan": (60, 210, 225),
    "blue": (25, 80, 220),
    "purple": (140, 30, 150),
    "pink": (255, 140, 195),
}
BACKGROUNDS: dict[str, RGB] = {
    "snow": (240, 240, 236),
    "silver": (192, 194, 198),
    "ash": (128, 130, 134),
    "slate": (72, 80, 90),
    "ink": (26, 28, 34),
    "sand": (206, 194, 170),
    "moss": (84, 90, 76),
}
SIZES = {"small": 0.16, "medium": 0.23, "large": 0.32}  # nominal radius as a share of the picture's side, for one object

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PLURALS = {shape: shape + ("es" if shape.endswith("s") else "s") for shape in SHAPES}

Combination = tuple[str, str]  # (colour, shape)
COMBINATIONS: tuple[Combination, ...] = tuple((colour, shape) for colour in COLOURS for shape in SHAPES)


def held_out_split(seed: int) -> frozenset[Combination]:
    """Eight of the 48 combinations: every colour is held out once, every shape once or twice, so all words stay common."""
    rng = Random(f"held-out/{seed}")
    shapes = [*SHAPES, *rng.sample(SHAPES, 2)]
    rng.shuffle(shapes)
    return frozenset(zip(COLOURS, shapes, strict=True))


HELD_OUT = held_out_split(0)  # the split of the shipped models
SEEN: tuple[Combination, ...] = tuple(pair for pair in COMBINATIONS if pair not in HELD_OUT)
# What the world shows most often where a sampler draws by popularity: the negatives a language prior says yes to.
POPULAR: tuple[Combination, ...] = SEEN[::5]
