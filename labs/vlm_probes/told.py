"""What a model said to a shot and to its grey twin, and what a list of such pairs comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labs.vlm_probes.reading import VOID, Reading
from labs.vlm_probes.scores import Share, YesNo, share_of_pairs


@dataclass(frozen=True)
class Told:
    """One question asked: its shot by name, what is right, what was said to the picture and to a grey one."""

    key: str
    answer: str
    said: Reading
    grey: Reading = VOID

    @property
    def right(self) -> bool:
        return self.said.right(self.answer)

    @property
    def lucky(self) -> bool:
        """Right without having seen the picture."""
        return self.grey.right(self.answer)


Couple = tuple[Told, Told]


def sound(couples: Iterable[Couple]) -> list[Couple]:
    """Those of which neither answer is void."""
    return [couple for couple in couples if all(told.said.outcome != "void" for told in couple)]


def flat(couples: Iterable[Couple]) -> list[Told]:
    return [told for couple in couples for told in couple]


def seen(couples: Sequence[Couple]) -> Share:
    """The share right."""
    return share_of_pairs([(a.right, b.right) for a, b in couples])


def unseen(couples: Sequence[Couple]) -> Share:
    """The share right with a grey picture."""
    return share_of_pairs([(a.lucky, b.lucky) for a, b in couples])


def commonest(told: Sequence[Told]) -> tuple[str, float]:
    """(the answer given most often, its share of all answers); ("", 0) where nothing could be read."""
    said = Counter(one.said.value for one in told if one.said.outcome == "value")
    if not said:
        return "", 0.0
    most = max(said.values())
    return min(word for word, count in said.items() if count == most), most / len(told)


def yes_no(told: Sequence[Told]) -> YesNo:
    """The table of yes-or-no answers."""
    table = Counter((one.answer, one.said.value if one.said.value in ("yes", "no") else "") for one in told)
    return YesNo(
        hits=table["yes", "yes"],
        misses=table["yes", "no"],
        alarms=table["no", "yes"],
        rejections=table["no", "no"],
        mute=(table["yes", ""], table["no", ""]),
    )
