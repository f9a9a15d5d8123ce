"""Tables of answers that no model gave, for playing without a model and for cards: drawn by the seed, so that each is told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from labs.vlm_probes import traps
from labs.vlm_probes.params import METRICS
from labs.vlm_probes.probes import MAIN, SMALL, VERSION, Cell, Shot, cells, pair
from labs.vlm_probes.scores import YesNo
from studyapp.labkit.api import Json

PAIRS = 10
PAIRS_SAY = "Answers of a made-up model to left-or-right questions."
TABLE_SAY = "Answers of a made-up model to the question whether a thing is there."
Row = tuple[str, str, str, str]  # truth and answer of the first of a pair, truth and answer of the second
FLIP = {"left": "right", "right": "left"}
# class of an answer -> (probe, which of a pair it is about)
SOURCE = {
    "count": ("count", 0),
    "side": ("leftright", 0),
    "label": ("text", 0),
    "missed": ("defect", 0),
    "claimed": ("exist", 0),
    "hidden": ("hidden", 1),
    "timid": ("hidden", 0),
    "right": ("exist", 0),
}


@lru_cache(maxsize=64)  # a plan, its truth and the sibling's hint ask for the same again
def pairs(seed: int) -> tuple[Row, ...]:
    """Ten pairs of left-or-right questions, some right in both, in one or in none."""
    random = Random(f"vlm-probes/{VERSION}/{seed}/pairs")
    while True:
        kinds = random.choices([(True, True), (True, False), (False, True), (False, False)], weights=(4, 3, 2, 2), k=PAIRS)
        told = len(traps.group(kinds)) == traps.GROUP_TRAPS and len(traps.independent(kinds)) == traps.INDEPENDENT_TRAPS
        if told and 1 < sum(a and b for a, b in kinds) < PAIRS:
            break
    rows = []
    for first, second in kinds:
        truth = random.choice(("left", "right"))
        rows.append((truth, truth if first else FLIP[truth], FLIP[truth], FLIP[truth] if second else truth))
    return tuple(rows)


def rights(rows: Sequence[Sequence[str]]) -> list[tuple[bool, bool]]:
    """Of each row, whether the first and the second answer are right."""
    return [(a == b, c == d) for a, b, c, d in rows]


@lru_cache(maxsize=64)
def table(seed: int, metric: str) -> YesNo:
    """A table of yes-or-no answers in which no other score comes near the one that is asked for."""
    random = Random(f"vlm-probes/{VERSION}/{seed}/table")
    full = min(4, len(traps.OTHERS[metric]))
    while True:
        positives, negatives = random.randrange(30, 61), random.randrange(30, 61)
        hits, alarms = random.randrange(12, positives - 2), random.randrange(2, negatives - 6)
        made = YesNo(hits, positives - hits, alarms, negatives - alarms)
        if len(traps.yes_scores(made, metric)) >= full and all(value is not None for value in made.scores().values()):
            return made


@dataclass(frozen=True)
class Dark:
    """A test set and what it was answered: with its pictures, with a grey one, and by the toss of a coin, in percent."""

    n: int
    seen: int
    grey: int
    chance: int
    word: str

    @property
    def say(self) -> str:
        return f"A made-up model answered a test set of boards, of which {self.grey} % have no burnt component."

    def fact(self) -> dict[str, Json]:
        """As the fact that decides the task."""
        return {"n": self.n, "seen": self.seen, "grey": self.grey, "chance": self.chance, "word": self.word, "pictures": 1}


def dark(seed: int) -> Dark:
    """A skewed test set: a grey picture gets most of it right, the pictures add a little."""
    random = Random(f"vlm-probes/{VERSION}/{seed}/dark")
    grey = random.randrange(70, 89)
    return Dark(random.choice((200, 300, 400)), grey + random.randrange(2, 6), grey, 50, "no")


@lru_cache(maxsize=64)
def line(seed: int, number: int, name: str) -> tuple[Cell, Shot, str]:
    """A picture, and an answer to it of this class that nobody gave."""
    random = Random(f"vlm-probes/{VERSION}/{seed}/line/{number}/{name}")
    family, side = SOURCE[name]
    cell = random.choice(cells(MAIN[family], SMALL)[:-1])
    while True:
        both = pair(cell, random.randrange(10**6))
        shot = both[side]
        if name in ("missed", "claimed"):  # which of the two shows it was drawn
            shot = next(one for one in both if one.answer == ("yes" if name == "missed" else "no"))
        said = _said(name, shot, random)
        if said is not None:
            return cell, shot, said


def _said(name: str, shot: Shot, random: Random) -> str | None:
    truth = shot.answer
    match name:
        case "right":
            return truth
        case "count":
            return str(int(truth) + random.choice((-1, 1))) if 1 < int(truth) < 9 else None
        case "side":
            return FLIP[truth]
        case "label":
            return random.choice([sign for sign in "BDEFHKMNPRSTZ" if sign != truth])
        case "missed" | "claimed":
            return "no" if truth == "yes" else "yes"
        case "timid":
            return "unknown"
        case _:
            return random.choice([colour for colour in shot.choices if colour != "unknown"])


def classes(seed: int) -> list[str]:
    """Five classes, all different, the right answer among them."""
    random = Random(f"vlm-probes/{VERSION}/{seed}/classes")
    chosen = [*random.sample([name for name in SOURCE if name != "right"], 4), "right"]
    random.shuffle(chosen)
    return chosen


assert set(METRICS) == set(traps.OTHERS)
