"""Which words an answer brings together, against those that belong together in what is true.

Seen from the answer: two neighbouring words, each of them right, may never stand together in a true statement (the right words bound to the
wrong thing), or only with the opposite sense, or in the other order.
"""

from __future__ import annotations

from studyapp.study.grading.free.align import Alignment

REACH = 4  # words of content between which a pair counts
SURE = 0.6  # nearness from which a word of the answer stands for one of ours
NAMES = (
    *("r_known", "r_turned", "r_alien", "r_swapped", "r_false"),
    *("r_known_least", "r_known_last", "r_turned_most", "r_alien_most", "r_alien_last"),
)


def pair_values(a: Alignment) -> dict[str, float]:
    """Shares of the answer's neighbouring pairs, weighted by how telling their words are; also those of its worst and last sentence."""
    tokens = a.text.tokens
    rows: list[list[float]] = []  # per sentence: known, turned, alien, swapped, false, total
    number = -1
    words: list[tuple[list[tuple[str, bool]], float, str]] = []
    for t in [*tokens, None]:
        if t is None or t.sentence != number:
            if len(words) > 1:
                rows.append(_sentence(a, words))
            words = []
            if t is None:
                break
            number = t.sentence
        if t.content:
            here = [(ours, (sense > 0) != t.negated) for ours, value, sense in a.rows[t.stem] if value >= SURE]
            if here:
                words.append((here, a.question.lexicon.idf(t.stem) * (0.5 if t.stem in a.question.asked else 1.0), t.stem))
    rows = [row for row in rows if row[5] > 0]
    if not rows:
        return dict.fromkeys(NAMES, 0.0)
    total = sum(row[5] for row in rows)
    known, turned, alien, swapped, false = (sum(row[k] for row in rows) / total for k in range(5))
    last = rows[-1]
    found = (
        known, turned, alien, swapped, false, min(r[0] / r[5] for r in rows), last[0] / last[5], max(r[1] / r[5] for r in rows),
        max(r[2] / r[5] for r in rows), last[2] / last[5],
    )  # fmt: skip
    return dict(zip(NAMES, found, strict=True))


def _sentence(a: Alignment, words: list[tuple[list[tuple[str, bool]], float, str]]) -> list[float]:
    true, wrong = a.question.true_pairs.pairs, a.question.wrong_pairs.pairs
    row = [0.0] * 6
    for i, (ours, weight, stem) in enumerate(words):
        for theirs, other_weight, other in words[i + 1 : i + 1 + REACH]:
            if stem == other:
                continue
            value = weight * other_weight
            straight = turned = swapped = false = False
            for x, p in ours:
                for y, r in theirs:
                    if x == y:
                        straight = True
                        continue
                    for same, order in true.get((x, y), ()):
                        if same == (p == r):
                            straight = True
                            swapped |= not order
                            if order:
                                swapped = False
                        else:
                            turned = True
                    false |= any(same == (p == r) for same, _ in wrong.get((x, y), ()))
            row[5] += value
            if straight:
                row[0] += value
                row[3] += value * swapped
            elif turned:
                row[1] += value
            else:
                row[2] += value
            row[4] += value * (false and not straight)
    return row
