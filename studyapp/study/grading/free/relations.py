"""What the statements of a question say about words: which belong together, and which tell one point from the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from studyapp.study.grading.free.statements import Statement


class Known:
    """The pairs of a set of statements: (one, other) -> [(same sense, in this order)]."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.pairs: dict[tuple[str, str], set[tuple[bool, bool]]] = {}
        for said in statements:
            words = said.words
            for i, a in enumerate(words):
                for b in words[i + 1 : i + 7]:
                    same = a.negated == b.negated
                    self.pairs.setdefault((a.stem, b.stem), set()).add((same, True))
                    self.pairs.setdefault((b.stem, a.stem), set()).add((same, False))


def distinctness(
    groups: Sequence[Sequence[Statement]], asked: set[str], related: Callable[[str, str], tuple[float, int]]
) -> list[dict[str, float]]:
    """For each point, its words with how much they tell it from the question and from the other points (0 to 1)."""
    stems = [{w.stem for s in group for w in s.words} for group in groups]
    seen: dict[tuple[str, str], float] = {}

    def near(one: str, other: str) -> float:
        pair = (one, other) if one < other else (other, one)
        if pair not in seen:
            seen[pair] = related(*pair)[0]
        return seen[pair]

    out = []
    for index, mine in enumerate(stems):
        row = {}
        for stem in sorted(mine):
            others = sum(max((near(stem, other) for other in theirs), default=0.0) for k, theirs in enumerate(stems) if k != index)
            known = max((near(stem, other) for other in asked), default=0.0)
            row[stem] = (1 - 0.85 * known) / (1 + others)
        out.append(row)
    return out


def ordered_pairs(statements: Iterable[Statement]) -> set[tuple[str, str]]:
    """Words that stand together in one statement, in their order."""
    return {(a.stem, b.stem) for s in statements for i, a in enumerate(s.words) for b in s.words[i + 1 :]}
